"""CMS's pages and addresses, in every shape that was seen, read tolerantly."""

import pytest

from pipeline.fetch.errors import FetchError
from pipeline.fetch.listing import Link, links_of, target_of, targets
from pipeline.schedules.pfs.listing import LISTING, age_key, release_name
from tests.fetch.cms_server import LISTING_PATH, file, page, redirect, zip_of
from tests.fetch.place import DATA, ZIP, only_failure, run


@pytest.mark.parametrize(
    "href",
    [
        ZIP,
        f" {ZIP}",
        f" /apps/ama/license.asp?file={ZIP}",
        f"/license/ama?file={ZIP}",
        f"/license/ama?file={ZIP}&amp;x=1#top",
        "/license/ama?file=%2Ffiles%2Fzip%2Frvu25d.zip",
        f"/apps/ama/license.asp?file=http://127.0.0.1:{{port}}{ZIP}",
    ],
)
def test_a_link_leads_through_the_licence_page_or_not(place, server, href):
    server.offer("RVU25D", ZIP, file(DATA), href=href.format(port=server.server_address[1]))
    assert run(place).new_files == ["rvu25d.zip"]
    assert server.paths() == [LISTING_PATH, f"{LISTING_PATH}/rvu25d", ZIP]


def test_a_slash_in_the_name_of_a_file_behind_the_licence_page(place, server):
    path = "/files/zip/rvu25d-updated-09/12/2025.zip"
    server.offer("RVU25D", path, file(DATA))
    assert run(place).new_files == ["rvu25d-updated-09_12_2025.zip"]
    assert server.paths("zip") == [path]


def test_a_licence_page_cannot_lead_to_another_site(place, server):
    server.offer("RVU25D", ZIP, file(DATA), href="/license/ama?file=https://x.invalid/rvu25d.zip")
    assert "shows no zip of RVU25D (yet)" in str(only_failure(run(place)))


def test_links_to_other_sites_do_not_count(place, server):
    server.list_releases(
        "RVU25D", more='<a href="https://mirror.invalid/files/zip/rvu99a.zip">RVU99A</a>'
    )
    assert run(place, every=True).new_files == ["rvu25d.zip"]


def test_a_listing_of_several_pages_is_read_to_its_end(place, server):
    pager = "".join(f'<a href="?page={number}">{number + 1}</a>' for number in (0, 1, 2))
    server.list_releases("RVU24D", "RVU24C", more=pager)
    server.list_releases("RVU24B", more=pager, page_number=1)
    server.list_releases("RVU25D", more=pager + '<a href="?page=3">next</a>', page_number=2)
    server.list_releases("RVU24A", more='<a href="?page=2">back</a>', page_number=3)
    assert run(place).new_files == ["rvu25d.zip"]
    listing = [LISTING_PATH, *(f"{LISTING_PATH}?page={number}" for number in (1, 2, 3))]
    assert server.paths()[:4] == listing
    server.offer("RVU24A", "/files/zip/rvu24a.zip", file(zip_of("24A")))
    assert run(place, "RVU24A").new_files == ["rvu24a.zip"]


def test_a_listing_that_has_moved_is_read_to_its_end_where_it_is_now(place, server):
    server.list_releases("RVU24D", more='<a href="?page=1">2</a>')
    server.list_releases("RVU25D", page_number=1)
    for number in ("", "?page=1"):
        server.answers[f"/Moved/{number}"] = server.answers[LISTING_PATH + number]
    server.answers[LISTING_PATH] = redirect("/Moved/")
    assert run(place).new_files == ["rvu25d.zip"]


def test_a_listing_without_end_is_left(place, server):
    for number in range(60):
        more = f'<a href="?page={number + 1}">next</a>'
        server.list_releases("RVU25D", more=more, page_number=number)
    assert run(place).new_files == ["rvu25d.zip"]
    # A slow server may be asked twice for a page.
    assert len(set(server.paths())) == 50 + 2


def test_a_listing_without_releases_is_a_failure(place, server):
    server.answers[LISTING_PATH] = page("<p>We moved.</p>")
    with pytest.raises(FetchError, match="lists no release that this program understands"):
        run(place)


def test_a_release_page_without_its_zip_is_a_failure(place, server):
    server.answers[f"{LISTING_PATH}/rvu25d"] = page(f'<a href="{ZIP[:-5]}c.zip">RVU25C</a>')
    assert "shows no zip of RVU25D (yet)" in str(only_failure(run(place)))


OLD = "/Medicare/Medicare-Fee-for-Service-Payment/PhysicianFeeSched/Downloads"

ADDRESSES = [
    # address, release, name in the raw folder
    (f"{OLD}/rvu03_a.zip", "RVU03A", "rvu03_a.zip"),
    (f"{OLD}/rvu05a_r.zip", "RVU05AR", "rvu05a_r.zip"),
    (f"{OLD}/rvu05_e.zip", "RVU05E", "rvu05_e.zip"),
    (f"{OLD}/PRREV05D.zip", "PRREV05D", "prrev05d.zip"),
    (f"{OLD}/rvu06ar2.zip", "RVU06AR2", "rvu06ar2.zip"),
    (f"{OLD}/rvu07a4.zip", "RVU07A4", "rvu07a4.zip"),
    (f"{OLD}/rvu08ab.zip", "RVU08AB", "rvu08ab.zip"),
    (f"{OLD}/rvu10ar1.zip", "RVU10AR1", "rvu10ar1.zip"),
    (f"{OLD}/rvu10c_pct22.zip", "RVU10C_PCT22", "rvu10c_pct22.zip"),
    (f"{OLD}/rvu11b_2.zip", "RVU11B_2", "rvu11b_2.zip"),
    (f"{OLD}/rvu12m.zip", "RVU12M", "rvu12m.zip"),
    (f"{OLD}/rvu12b-.zip", "RVU12B", "rvu12b-.zip"),
    (f"{OLD}/RVU13A.ZIP", "RVU13A", "rvu13a.zip"),
    (f"{OLD}/rvu18c1.zip", "RVU18C1", "rvu18c1.zip"),
    ("/files/zip/rvu20a-updated-01312020.zip", "RVU20A", "rvu20a-updated-01312020.zip"),
    ("/files/zip/rvu23a-updated-01/31/2023.zip", "RVU23A", "rvu23a-updated-01_31_2023.zip"),
    ("/files/zip/rvu23a-updated-01%2F31%2F2023.zip", "RVU23A", "rvu23a-updated-01_31_2023.zip"),
    ("/files/zip/rvu24ar.zip", "RVU24AR", "rvu24ar.zip"),
    ("/files/zip/rvu25d-0.zip", "RVU25D", "rvu25d-0.zip"),
    ("/files/zip/rvu26a-updated-12-29-2025.zip", "RVU26A", "rvu26a-updated-12-29-2025.zip"),
    ("/files/zip/rvu26a-updated-99-99-2025.zip", "RVU26A", "rvu26a-updated-99-99-2025.zip"),
    ("/files/zip/rvu25a/../../etc/x.zip", "RVU25A", "rvu25a_.._.._etc_x.zip"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "release", "name"), ADDRESSES)
def test_the_addresses_of_zips(address, release, name):
    target = target_of(Link(f"https://www.cms.gov{address}", "January"), LISTING)
    assert (target.release, target.file_name) == (release, name)


def test_the_text_of_a_link_serves_where_the_address_says_nothing():
    link = Link("https://www.cms.gov/files/zip/january-release.zip", "RVU25A - Updated 01/10/2025")
    target = target_of(link, LISTING)
    assert (target.release, target.file_name) == ("RVU25A", "rvu25a.zip")


@pytest.mark.parametrize(
    "address",
    [
        "/files/zip/cy-2026-pfs-final-rule-addenda.zip",
        "/files/document/rvu25d.pdf",
        "/files/zip/dme25.zip",
    ],
)
def test_other_addresses_are_no_zips_of_a_release(address):
    assert target_of(Link(f"https://www.cms.gov{address}", "Download"), LISTING).release == ""


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
      <a>RVU24A</a> <a href="">none</a>
      <a href="https://www.cms.gov/files/zip/rvu24d.zip">old</a>"""
    listed = targets(links_of(text, "https://www.cms.gov/medicare/x/"), LISTING)
    assert {name: [x.file_name for x in found.values()] for name, found in listed.items()} == {
        "RVU25D": [""],
        "RVU25C": [""],
        "RVU24D": ["rvu24d.zip"],
    }
