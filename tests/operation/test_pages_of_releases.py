"""What the pages have of a release is made once, and the site is what it would be if all were made anew."""

import io
from pathlib import Path

import pytest

from pipeline.publish.swap import SITE_LISTING
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers import bundles
from tests.helpers.site_files import text_of
from tests.test_clfs_warehouse import lab_file

pytestmark = pytest.mark.whole


def site_of(place: Path, warehouse: str = "warehouse", site: bool = True) -> dict[str, str]:
    """Refresh, and give each file of the pages with its hash; of those of the exports none where there are none."""
    folder = place / warehouse
    refresh(Options(raw=place / "raw", warehouse=folder, site=site), Report(stream=io.StringIO()))
    listing = folder / "exports" / "current" / SITE_LISTING
    if not listing.exists():
        return {}
    lines = listing.read_text().splitlines()
    return {path: sha256 for sha256, path in (line.split("  ") for line in lines)}


def made(place: Path, stage: str = "pages") -> dict[str, int]:
    """What is kept of the pages of each release, or of each volume of codes, and when it was made."""
    found = (place / "warehouse" / "artefacts").glob(f"*-{stage}-*/artefact.json")
    return {path.parent.name.partition("-")[0]: path.stat().st_mtime_ns for path in found}


@pytest.fixture
def quarters(tmp_path, add_release) -> Path:
    """April and July, with their pages and no other schedule; in July work fell."""
    for name, month in (("rvu25b", "April"), ("rvu25c", "July")):
        add_release(tmp_path / "raw", name, month)
    change(tmp_path / "raw" / "rvu25c", "4.50")
    site_of(tmp_path)
    return tmp_path


def change(release: Path, work: str) -> None:
    """Give 92950 another work RVU, with the totals that follow."""
    [pprrvu] = release.glob("PPRRVU*")
    totals = {"4.50": ("10.09", "5.93"), "5.00": ("10.59", "6.43")}[work]
    for position, value in zip(
        (bundles.WORK, bundles.NF_TOTAL, bundles.F_TOTAL), (work, *totals), strict=True
    ):
        bundles.edit_cell(pprrvu, "92950,,", position, value)


@pytest.mark.slow
def test_a_later_release_leaves_what_the_others_have(quarters, add_release):
    before = made(quarters)
    add_release(quarters / "raw", "rvu25d", "October")
    [pprrvu] = (quarters / "raw" / "rvu25d").glob("PPRRVU*")
    bundles.drop_line(pprrvu, "99213,,")
    site = site_of(quarters)
    now = made(quarters)
    assert before.keys() == {"RVU25B", "RVU25C"}
    assert now.keys() == {*before, "RVU25D"}
    assert {name: now[name] for name in before} == before
    assert site == site_of(quarters, "from nothing")
    # Ambulances have fees by the release itself, where no other schedule is loaded.
    data = quarters / "warehouse" / "exports" / "current" / "site" / "data"
    assert any('"A0425"' in text_of(path) for path in (data / "fee").iterdir())
    assert "ambulance" in text_of(data / "fees.js")


@pytest.mark.slow
def test_a_volume_of_codes_stays_what_it_was_until_one_of_its_years_has_a_release_more(quarters):
    before_2025 = quarters / "raw" / "rvu24d"
    bundles.as_release(bundles.copy_sample(before_2025), 2024, "October", "09/13/2024")
    for path in before_2025.iterdir():
        if not path.name.startswith("PPRRVU"):
            path.unlink()
        else:
            bundles.replace_text(path, "32.3465", "33.2875", -1)
    site_of(quarters)
    before = made(quarters, "volume")
    bundles.as_release(bundles.copy_sample(quarters / "raw" / "rvu25d"))
    site = site_of(quarters)
    now = made(quarters, "volume")
    assert before.keys() == now.keys() == {"2020", "2025"}
    assert (now["2020"] == before["2020"], now["2025"] == before["2025"]) == (True, False)
    assert site == site_of(quarters, "from nothing")


@pytest.mark.slow
def test_what_another_schedule_says_beside_a_release_is_part_of_it(quarters):
    lab_file(quarters / "raw" / "lab q3", "CLFS 2025 Q3V1", "36415,,20250101,N,00009.09")
    site_of(quarters)
    before = made(quarters)
    lab_file(quarters / "raw" / "lab q4", "CLFS 2025 Q4V1", "36415,,20250101,N,00009.34")
    assert site_of(quarters)
    # The fees of October are beside neither.
    assert made(quarters) == before
    lab_file(quarters / "raw" / "lab q2", "CLFS 2025 Q2V1", "36415,,20250101,N,00008.57")
    site = site_of(quarters)
    assert all(made(quarters)[name] != before[name] for name in before)
    assert site == site_of(quarters, "from nothing")


@pytest.mark.slow
def test_an_earlier_release_makes_the_later_ones_anew(quarters, add_release):
    before = made(quarters)
    add_release(quarters / "raw", "rvu25a", "January")
    change(quarters / "raw" / "rvu25a", "5.00")
    site = site_of(quarters)
    assert all(made(quarters)[name] != before[name] for name in before)
    assert site == site_of(quarters, "from nothing")
    # A build without the pages keeps nothing of them.
    add_release(quarters / "raw", "rvu25d", "October")
    assert site_of(quarters, site=False) == made(quarters) == {}
