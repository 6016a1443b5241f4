"""Every page opens with less than 200 KB and without a fault of accessibility, at real size too."""

import pytest

from tests.browser.place import PAGES

MOST_BYTES = 200_000

# Russian has the heaviest words, and the releases before 2026 have amounts in every locality.
REAL_PAGES = (
    *PAGES, "code.html#92950@RVU25D", "code.html#33952@RVU25D&lang=ru", "code.html#99291&lang=ar",
    "compare.html#92950,33952,99291&lang=ru", "changes.html#&lang=ru", "changes.html#@RVU25D",
    "section.html#Surgery@RVU25D", "section.html#Surgery&lang=ru", "critical-care.html#&lang=ru",
    "critical-care.html#@RVU25D&lang=ar", "code.html#45378@RVU25A", "code.html#70450@RVU25B",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_less_than_200_kilobytes(reader, address):
    reader.open(address)
    assert weight_of(reader) < MOST_BYTES, reader.loaded_bytes()


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_no_fault_of_accessibility(reader, address):
    reader.open(address)
    assert reader.faults_of_accessibility() == []


@pytest.mark.parametrize("address", ["code.html#92950&lang=ar", "index.html#&lang=zh"])
def test_axe_finds_no_fault_on_a_phone_in_the_dark(phone_reader, address):
    phone_reader.open(address)
    assert phone_reader.faults_of_accessibility() == []


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.parametrize("address", REAL_PAGES)
def test_a_page_of_cms_s_files_loads_less_than_200_kilobytes(real_reader, address):
    real_reader.open(address)
    assert weight_of(real_reader) < MOST_BYTES, real_reader.loaded_bytes()


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.parametrize("address", REAL_PAGES)
def test_axe_finds_no_fault_in_a_page_of_cms_s_files(real_reader, address):
    real_reader.open(address)
    assert real_reader.faults_of_accessibility() == []


def weight_of(reader) -> int:
    """What a page loads in all at opening, in bytes."""
    loaded = reader.loaded_bytes()
    assert len(loaded) > 15
    return sum(loaded.values())
