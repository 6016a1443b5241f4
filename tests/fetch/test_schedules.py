"""Fetching of every schedule: CMS's pages, the names that its zips had, and what lies in them."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import NotThereError, UsageError
from pipeline.fetch import fetch_latest_if_allowed
from pipeline.fetch.licence import write_answer
from pipeline.fetch.listing import Link, target_of
from pipeline.fetch.run import fetch, listings, schedule_of
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import HCPCS_BUNDLE, LAB_BUNDLE, MUE_BUNDLE
from pipeline.schedules.due import missing_by_schedule
from tests.fetch.cms_server import Server, file, page
from tests.fetch.place import only_failure, run
from tests.helpers.places import NOT_THERE, REAL_FILES

FILES = "/files/zip"
OLD = "/Medicare/Medicare-Fee-for-Service-Payment/X/Downloads"

# What was posted under which name, with slashes where CMS has them.
ADDRESSES = {
    "clfs": [
        (f"{OLD}/18CLAB.zip", "CLFS18Q1"),
        (f"{OLD}/18CLABQ2.zip", "CLFS18Q2"),
        (f"{FILES}/25CLABQ3v2.zip", "CLFS25Q3"),
        (f"{FILES}/26clabq2.zip", "CLFS26Q2"),
    ],
    "asp": [
        (f"{OLD}/2018-Oct-ASP-Pricing-File.zip", "ASP18Q4"),
        (f"{FILES}/july-2020-asp-pricing-file-updated-06012020.zip", "ASP20Q3"),
        (f"{FILES}/january-2025-asp-pricing-file-12/19/24-final-file.zip", "ASP25Q1"),
        (f"{FILES}/october-2025-asp-pricing-final-file.zip", "ASP25Q4"),
        (f"{FILES}/april-2026-medicare-part-b-payment-limit-files-03-30-2026-final-file.zip", "ASP26Q2"),
        (f"{FILES}/october-2025-asp-noc-pricing-file.zip", ""),
        (f"{FILES}/april-2025-asp-ndc-hcpcs-crosswalk.zip", ""),
    ],
    "ndc": [
        (f"{FILES}/april-2025-asp-ndc-hcpcs-crosswalk.zip", "NDC25Q2"),
        (f"{FILES}/october-2026-ndc-hcpcs-crosswalk-final.zip", "NDC26Q4"),
        (f"{FILES}/april-2025-asp-pricing-file.zip", ""),
    ],
    "opps": [
        (f"{FILES}/january-2025-opps-addendum-b.zip", "OPPS25Q1"),
        (f"{FILES}/cy-2026-april-opps-addendum-b.zip", "OPPS26Q2"),
        (f"{FILES}/cy-2026-april-opps-addendum.zip", ""),
        (f"{FILES}/july-2025-opps-addendum-a.zip", ""),
        (f"{FILES}/cy2026-nfrm-addendum-b.zip", ""),
    ],
    "asc": [
        (f"{OLD}/2018-Jan-ASC-Addenda-V2.zip", "ASC18Q1"),
        (f"{OLD}/2019-10-15-ASC-Addenda-Corrections.zip", "ASC19Q4"),
        (f"{FILES}/2022-july-asc-addenda.zip", "ASC22Q3"),
        (f"{FILES}/march-9-2024-asc-approved-hcpcs-code-and-payment-rates.zip", "ASC24Q1"),
        (f"{FILES}/october-2024-asc-approved-hcpcs-code-and-payment-rates-updated-09/24/2024.zip", "ASC24Q4"),
        (f"{FILES}/2026-nfrm-addendum-aa-bb-dd1-dd2-ee-ff.zip", "ASC26Q1"),
    ],
    "dmepos": [
        (f"{OLD}/dme18-a.zip", "DMEPOS18Q1"),
        (f"{OLD}/dme18-ifc.zip", "DMEPOS18Q3"),
        (f"{FILES}/dme-21ar.zip", "DMEPOS21Q1"),
        (f"{FILES}/dme22c-posted-061722.zip", "DMEPOS22Q3"),
        (f"{FILES}/dme22-r.zip", "DMEPOS22Q4"),
        (f"{FILES}/dme23-updated-12192022.zip", "DMEPOS23Q1"),
        (f"{FILES}/dme25-c-updated-06/30/2025.zip", "DMEPOS25Q3"),
        (f"{FILES}/dme26-b.zip", "DMEPOS26Q2"),
        (f"{FILES}/medicare-ncci-2026-q2-dme-supplier-services-mue-table.zip", ""),
    ],
    "mue": [
        (f"{FILES}/medicare-ncci-2026-q2-practitioner-services-mue-table.zip", "MUE26Q2P"),
        (f"{FILES}/medicare-ncci-2026q2-facility-outpatient-hospital-services-mue-table.zip", "MUE26Q2H"),
        (f"{FILES}/medicare-ncci-2026-q2-dme-supplier-services-mue-table.zip", "MUE26Q2S"),
        (f"{FILES}/medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f1.zip", ""),
    ],
    "ncci": [
        (f"{FILES}/medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f1.zip", "NCCI26Q2P"),
        (f"{FILES}/medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f4.zip", "NCCI26Q2P"),
        (f"{FILES}/medicare-ncci-2026q4-hospital-ptp-edits-ccioph-v323r1-f2.zip", "NCCI26Q4H"),
        (f"{FILES}/medicare-ncci-2026q2-practitioner-quarterly-additions-deletions-revisions-ptp.zip", ""),
        (f"{FILES}/medicaid-ncci-2026-q3-ptp-edits-practitioner-services.zip", ""),
    ],
    "aoc": [
        (f"{FILES}/add-code-edits-medicare-effective-07012026.zip", "AOC26Q3"),
        (f"{FILES}/add-code-edits-medicare-effective-01-01-2027.zip", "AOC27Q1"),
        (f"{FILES}/add-code-edits-medicaid-effective-07012026.zip", ""),
        (f"{FILES}/medicare-ncci-2026-q2-dme-supplier-services-mue-table.zip", ""),
    ],
    "hcpcs": [
        (f"{FILES}/october-2025-alpha-numeric-hcpcs-file.zip", "HCPCS25Q4"),
        (f"{FILES}/july-2026-alpha-numeric-hcpcs-file-updated-06/17/2026.zip", "HCPCS26Q3"),
        (f"{OLD}/2019-Alpha-Numeric-HCPCS-File.zip", "HCPCS19Q1"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("schedule", "address", "release"),
    [(name, *one) for name, addresses in ADDRESSES.items() for one in addresses],
)
def test_the_names_of_zips_say_schedule_and_quarter(schedule, address, release) -> None:
    target = target_of(Link(f"https://www.cms.gov{address}", "Download"), listings()[schedule])
    assert target.release == release
    if release:
        assert target.file_name == address.partition("/zip/")[2].replace("/", "_").lower() or (
            target.file_name == address.rpartition("/")[2].lower()
        )


def test_every_schedule_that_is_posted_each_quarter_has_a_listing_and_a_name_of_its_own() -> None:
    assert set(listings()) == {"pfs", *ADDRESSES}
    for schedule, addresses in ADDRESSES.items():
        for _, release in addresses:
            assert not release or schedule_of(release) == schedule
            assert not release or listings()[schedule].name_of(release.lower()) == release
    assert (schedule_of("RVU25D"), schedule_of("XYZ25Q1")) == ("pfs", "")


@pytest.mark.real
@pytest.mark.skipif(not REAL_FILES.is_dir(), reason=NOT_THERE)
def test_the_names_that_a_public_loader_lists_are_understood() -> None:
    """A list of CMS's zips with their periods, 2018 to 2026: the same quarters come out."""
    with (REAL_FILES / "schedule_zips.tsv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["period"] >= "2018"]
    told = []
    for row in rows:
        if row["schedule"] not in ADDRESSES:
            continue
        target = target_of(
            Link(row["url_as_built_by_a_public_loader"], ""), listings()[row["schedule"]]
        )
        period = row["period"].partition("_")[0]
        told.append((target.release, f"{row['schedule'].upper()}{period[2:]}"))
    assert len(told) == 138
    assert [one for one in told if one[0] != one[1]] == []


# ---------------------------------------------------------------- against a server in CMS's place


def zip_of_folder(folder: Path) -> bytes:
    """A zip with the text forms of a sample, which does not call itself one."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(folder.iterdir()):
            if path.suffix in (".csv", ".txt"):
                data = path.read_bytes().replace(b"SAMPLE, not a CMS file", b"A notice")
                archive.writestr(path.name.replace("_sample", ""), data)
    return content.getvalue()


def mue_zip(setting: str, day: str) -> bytes:
    """The sample's edits under the names of a setting and quarter, as CSV."""
    text = (MUE_BUNDLE / "MCR_MUE_PractitionerServices_Eff_04-01-2026_sample.csv").read_text(
        "cp1252"
    )
    text = text.replace("SAMPLE, not a CMS file.", "copyright 2025 American Medical Association.")
    text = text.replace("Practitioner Services MUE", f"{setting} Services MUE")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        name = f"MCR_MUE_{setting.replace(' ', '')}Services_Eff_{day}.csv"
        archive.writestr(name, text.encode("cp1252"))
    return content.getvalue()


MUE_TABLES = {
    "practitioner": "Practitioner",
    "facility-outpatient-hospital": "Outpatient Hospital",
    "dme-supplier": "DME Supplier",
}


@pytest.fixture
def posted(server: Server) -> Server:
    """CMS with pages of three schedules: a page for each quarter, and zips on the page itself."""
    clfs, mue, hcpcs = (listings()[name].path for name in ("clfs", "mue", "hcpcs"))
    rows = "".join(
        f'<a href="{clfs}/{name}">{name.upper()}</a>' for name in ("25clabq4", "25clabq3v2")
    )
    server.answers[clfs] = page(rows + '<a href="/files/document/25clabq4.pdf">25CLABQ4</a>')
    lab = "/apps/ama/license.asp?file=/files/zip/25clabq4.zip"
    server.answers[f"{clfs}/25clabq4"] = page(f'<a href="{lab}">25CLABQ4 (ZIP)</a>')
    server.answers["/files/zip/25clabq4.zip"] = file(zip_of_folder(LAB_BUNDLE))
    tables = {
        f"/files/zip/medicare-ncci-2026-{quarter}-{name}-services-mue-table.zip": mue_zip(
            setting, day
        )
        for quarter, day in (("q2", "04-01-2026"), ("q3", "07-01-2026"))
        for name, setting in MUE_TABLES.items()
    }
    server.answers[mue] = page(
        "".join(f'<a href="/apps/ama/license.asp?file={x}">MUE table</a>' for x in tables)
    )
    server.answers |= {address: file(data) for address, data in tables.items()}
    codes = "/files/zip/october-2025-alpha-numeric-hcpcs-file.zip"
    server.answers[hcpcs] = page(
        f'<a href="{codes}">October 2025 Alpha-Numeric HCPCS File (ZIP)</a>'
    )
    server.answers[codes] = file(zip_of_folder(HCPCS_BUNDLE))
    return server  # fmt: skip


def test_the_latest_of_a_schedule_is_fetched_through_its_page_and_the_licence_page(
    place, posted
) -> None:
    assert run(place, schedule="clfs").new_files == ["25clabq4.zip"]
    path = listings()["clfs"].path
    assert posted.paths() == [path, f"{path}/25clabq4", "/files/zip/25clabq4.zip"]
    assert [one.outcome for one in run(place, schedule="clfs").fetched] == ["unchanged"]
    assert run(place, schedule="hcpcs").new_files == ["october-2025-alpha-numeric-hcpcs-file.zip"]


def test_the_latest_edits_are_three_zips_and_one_can_be_named(place, posted) -> None:
    latest = run(place, schedule="mue")
    assert sorted(one.release for one in latest.fetched) == ["MUE26Q3H", "MUE26Q3P", "MUE26Q3S"]
    assert len(latest.new_files) == 3
    assert [one.release for one in run(place, "mue26q2s", schedule="mue").fetched] == ["MUE26Q2S"]
    with pytest.raises(NotThereError, match="CMS lists no release MUE25Q1P"):
        run(place, "MUE25Q1P", schedule="mue")


@pytest.mark.slow
def test_what_was_fetched_is_loaded_and_the_quarter_that_is_missing_is_asked_for(
    place, posted, quick_manners
) -> None:
    for setting in ("Practitioner", "DME Supplier"):
        path = place.raw / f"{setting[:3]}.zip"
        path.write_bytes(mue_zip(setting, "04-01-2026"))
    options = Options(raw=place.raw, warehouse=place.warehouse, today=date(2026, 7, 1))
    report = Report(quiet=True)
    assert refresh(options, report).releases == ["MUE26Q2P", "MUE26Q2S"]
    held = [
        {"schedule": "mue", "release_id": f"MUE26Q2{x}", "effective_from": "2026-04-01", "effective_to": "2026-06-30"}
        for x in "PS"
    ]  # fmt: skip
    missing = missing_by_schedule(held, date(2026, 7, 1))["mue"]
    assert missing.sentence.endswith("fetch --schedule mue")
    assert missing.release_ids == ("MUE26Q3P", "MUE26Q3S")
    # The next refresh asks the page of what the warehouse holds, and of the Physician Fee Schedule.
    new = refresh(replace(options, fetch=True, fetch_from=posted.base), report)
    assert new.releases == ["MUE26Q2P", "MUE26Q2S", "MUE26Q3H", "MUE26Q3P", "MUE26Q3S"]
    assert posted.paths(listings()["mue"].path) and not posted.paths("alpha-numeric")


def test_a_page_that_cannot_be_read_keeps_no_other_from_being_asked(
    place, posted, quick_manners
) -> None:
    posted.answers[listings()["clfs"].path] = page("<p>We moved.</p>")
    report = Report(quiet=True)
    wanted = (place.raw, place.warehouse, report, posted.base, {"clfs", "mue"})
    new = fetch_latest_if_allowed(*wanted)
    assert len(new) == 4 and "rvu25d.zip" in new
    assert report.reminders[-1].startswith("not all was fetched: ")
    # It is asked again by the next refresh, as where it is the only one.
    posted.requests.clear()
    assert fetch_latest_if_allowed(*wanted) == []
    assert report.reminders[-1].startswith("nothing was fetched: ")
    assert posted.paths(listings()["clfs"].path)


def test_a_zip_that_holds_another_quarter_or_setting_is_refused(place, posted) -> None:
    path = "/files/zip/medicare-ncci-2026-q3-practitioner-services-mue-table.zip"
    for data, other in (
        (mue_zip("Practitioner", "04-01-2026"), "MUE26Q2P"),
        (mue_zip("DME Supplier", "07-01-2026"), "MUE26Q3S"),
    ):
        posted.answers[path] = file(data)
        failure = only_failure(run(place, "MUE26Q3P", schedule="mue"))
        assert f"gave the release of {other} instead" in str(failure)


def test_a_zip_that_holds_the_quarter_beside_another_is_taken(place, posted) -> None:
    both = io.BytesIO(mue_zip("Practitioner", "04-01-2026"))
    with zipfile.ZipFile(both, "a") as archive:
        other = zipfile.ZipFile(io.BytesIO(mue_zip("Practitioner", "07-01-2026")))
        for name in other.namelist():
            archive.writestr(name, other.read(name))
    path = "/files/zip/medicare-ncci-2026-q3-practitioner-services-mue-table.zip"
    posted.answers[path] = file(both.getvalue())
    assert len(run(place, "MUE26Q3P", schedule="mue").new_files) == 1


def test_a_schedule_without_a_page_is_said_to_have_none(place) -> None:
    with pytest.raises(UsageError, match="Nothing is fetched for opps_rule"):
        fetch(replace(place, schedule="opps_rule"), Report(quiet=True))


def said(capsys, monkeypatch, *words: str) -> str:
    monkeypatch.setattr("sys.argv", ["fees", "fetch", *words])
    main()
    return capsys.readouterr().out


def test_the_command_takes_schedules_and_releases_of_several(
    place, posted, quick_manners, capsys, monkeypatch
) -> None:
    write_answer(place.warehouse / "state", "accepted")
    where = ("--raw", str(place.raw), "--warehouse", str(place.warehouse), "--from", posted.base)
    several = ("--schedule", "clfs", "--schedule", "mue")
    assert "dry run" in said(capsys, monkeypatch, *several, "--dry-run", *where)
    assert "4 new of 4 asked for" in said(capsys, monkeypatch, *several, *where)
    assert "2 new of 2 asked for" in said(capsys, monkeypatch, "RVU25D", "MUE26Q2P", *where)
    asked = len(posted.requests)
    for words, sentence in {
        ("RVU25D", "--schedule", "mue"): "whose names say the schedule",
        ("--schedule", "clfs", "--schedule", "muo"): "Nothing is fetched for muo",
    }.items():
        monkeypatch.setattr("sys.argv", ["fees", "fetch", *words, *where])
        with pytest.raises(SystemExit):
            main()
        assert sentence in capsys.readouterr().err
    assert len(posted.requests) == asked
