"""CMS's pages and addresses, in every shape that was seen, read tolerantly."""

import gzip
from datetime import date

import pytest

from pipeline.fetch.errors import FetchError
from pipeline.pfs.listing import (
    LISTING_PATH,
    Link,
    age_key,
    links_of,
    posting_of,
    read_listing,
    release_name,
)
from tests.fetch.cms_server import page
from tests.fetch.place import ZIP, only_failure, run


def test_links_to_other_sites_do_not_count(place, server):
    server.list_releases(
        "RVU25D", more='<a href="https://mirror.invalid/files/zip/rvu99a.zip">RVU99A</a>'
    )
    assert run(place, every=True).new_files == ["rvu25d.zip"]


def test_a_compressed_page_is_read(place, server):
    text = f'<a href="{ZIP}">RVU25D</a>'.encode()
    server.answers[LISTING_PATH] = lambda handler: handler.reply(
        200, {"Content-Encoding": "gzip"}, gzip.compress(text)
    )
    assert run(place).new_files == ["rvu25d.zip"]


def test_a_listing_without_releases_is_a_failure(place, server):
    server.answers[LISTING_PATH] = page("<p>We moved.</p>")
    with pytest.raises(FetchError, match="lists no release that this program understands"):
        run(place)


def test_a_release_page_without_its_zip_is_a_failure(place, server):
    server.answers[f"{LISTING_PATH}/rvu25d"] = page(f'<a href="{ZIP[:-5]}c.zip">RVU25C</a>')
    assert "shows no zip of RVU25D (yet)" in str(only_failure(run(place)))


OLD = "/Medicare/Medicare-Fee-for-Service-Payment/PhysicianFeeSched/Downloads"

ADDRESSES = [
    # address, release, name in the raw folder, day that CMS names
    (f"{OLD}/rvu03_a.zip", "RVU03A", "rvu03_a.zip", None),
    (f"{OLD}/rvu05a_r.zip", "RVU05AR", "rvu05a_r.zip", None),
    (f"{OLD}/rvu05_e.zip", "RVU05E", "rvu05_e.zip", None),
    (f"{OLD}/PRREV05D.zip", "PRREV05D", "prrev05d.zip", None),
    (f"{OLD}/rvu06ar2.zip", "RVU06AR2", "rvu06ar2.zip", None),
    (f"{OLD}/rvu07a4.zip", "RVU07A4", "rvu07a4.zip", None),
    (f"{OLD}/rvu08ab.zip", "RVU08AB", "rvu08ab.zip", None),
    (f"{OLD}/rvu10ar1.zip", "RVU10AR1", "rvu10ar1.zip", None),
    (f"{OLD}/rvu10c_pct22.zip", "RVU10C_PCT22", "rvu10c_pct22.zip", None),
    (f"{OLD}/rvu11b_2.zip", "RVU11B_2", "rvu11b_2.zip", None),
    (f"{OLD}/rvu12m.zip", "RVU12M", "rvu12m.zip", None),
    (f"{OLD}/rvu12b-.zip", "RVU12B", "rvu12b-.zip", None),
    (f"{OLD}/RVU13A.ZIP", "RVU13A", "rvu13a.zip", None),
    (f"{OLD}/rvu18c1.zip", "RVU18C1", "rvu18c1.zip", None),
    ("/files/zip/rvu20a-updated-01312020.zip", "RVU20A", "rvu20a-updated-01312020.zip", date(2020, 1, 31)),
    ("/files/zip/rvu23a-updated-01/31/2023.zip", "RVU23A", "rvu23a-updated-01_31_2023.zip", date(2023, 1, 31)),
    ("/files/zip/rvu23a-updated-01%2F31%2F2023.zip", "RVU23A", "rvu23a-updated-01_31_2023.zip", date(2023, 1, 31)),
    ("/files/zip/rvu24ar.zip", "RVU24AR", "rvu24ar.zip", None),
    ("/files/zip/rvu25d-0.zip", "RVU25D", "rvu25d-0.zip", None),
    ("/files/zip/rvu26a-updated-12-29-2025.zip", "RVU26A", "rvu26a-updated-12-29-2025.zip", date(2025, 12, 29)),
    ("/files/zip/rvu26a-updated-99-99-2025.zip", "RVU26A", "rvu26a-updated-99-99-2025.zip", None),
    ("/license/ama?file=/files/zip/rvu26d.zip&x=1", "RVU26D", "rvu26d.zip", None),
    ("/files/zip/rvu25a/../../etc/x.zip", "RVU25A", "rvu25a_.._.._etc_x.zip", None),
]  # fmt: skip


@pytest.mark.parametrize(("address", "release", "name", "updated_on"), ADDRESSES)
def test_the_addresses_of_zips(address, release, name, updated_on):
    posting = posting_of(Link(f"https://www.cms.gov{address}", "January"))
    assert posting is not None
    assert (posting.release, posting.file_name, posting.updated_on) == (release, name, updated_on)
    assert posting.url.endswith(address)


def test_the_text_of_a_link_serves_where_the_address_says_nothing():
    link = Link("https://www.cms.gov/files/zip/january-release.zip", "RVU25A - Updated 01/10/2025")
    posting = posting_of(link)
    assert posting is not None
    assert (posting.release, posting.updated_on) == ("RVU25A", date(2025, 1, 10))
    assert posting.file_name == "rvu25a.zip"


@pytest.mark.parametrize(
    "address",
    [
        "/files/zip/cy-2026-pfs-final-rule-addenda.zip",
        "/files/document/rvu25d.pdf",
        "/files/zip/dme25.zip",
        f"{LISTING_PATH}/rvu25d",
    ],
)
def test_other_addresses_are_no_zips_of_a_release(address):
    assert posting_of(Link(f"https://www.cms.gov{address}", "Download")) is None


def test_names_of_releases():
    assert release_name("RVU25A - Updated 01/10/2025") == "RVU25A"
    assert release_name("pfs-relative-value-files") == ""
    assert release_name("rvu2025") == ""
    order = [
        "RVU99A",
        "RVU26C",
        "RVU25D",
        "RVU25B",
        "RVU24AR",
        "RVU24A",
        "RVU12B",
        "RVU12M",
        "RVU12AR",
    ]
    assert [*reversed(order)] == sorted(order, key=age_key)


def test_a_listing_in_several_shapes():
    text = """
      <a href="/medicare/x/rvu25d">RVU25D</a> <a href='rvu25d#top'>again</a>
      <a href="/medicare/payment/y/node/123">RVU25C</a> <a href="/files/document/rvu25b.pdf">RVU25B</a>
      <a href="javascript:void(0)">RVU25A</a> <a>RVU24A</a> <a href="">none</a>
      <a href="https://www.cms.gov/files/zip/rvu24d.zip">old</a>"""
    listed = read_listing(links_of(text, "https://www.cms.gov/medicare/x/"))
    assert {name: (len(x.pages), len(x.postings)) for name, x in listed.items()} == {
        "RVU25D": (1, 0),
        "RVU25C": (1, 0),
        "RVU24D": (0, 1),
    }
