"""NCCI's edits in a warehouse: pairs of two settings and two quarters, add-on codes, units; what is asked."""

import json
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.schedules.all import schedule_named
from pipeline.schedules.ncci.ask import Asked, pairs_without_edit
from tests.helpers import aoc_files
from tests.helpers.ncci_files import edits, text_of, write_text, write_workbook
from tests.helpers.warehouses import connected, refreshed
from tests.test_mue_warehouse import POLICY, mue_csv

pytestmark = pytest.mark.whole

PARTS = {
    1: "12001 36410 19980401 * 1\n20610 99213 20130701 * 1",
    2: "45380 45378 19960101 * 0 *\n45385 45380 19970101 19970101 9\n45385 45380 19970101 * 1",
    3: "93000 36410 20050101 20091231 1\n93000 36410 20100101 * 1",
    4: "99291 36410 20130701 * 1\nG0438 G0439 20110101 * 0",
}
NEXT = PARTS | {
    1: "12001 36410 19980401 20260930 1\n12001 36410 20261001 * 0\n20610 99213 20130701 * 1",
}


def write_set(folder: Path, parts: dict[int, str], **named: str) -> None:
    for part, text in parts.items():
        write_text(folder, part, edits(text), **named)


def broken_sets(raw: Path) -> dict[str, str]:
    """Sets of files that are no table, each in a folder of its own, with what is said of it."""
    without = {2: "f2 of the table is missing", 4: "file f4 of the table is missing"}
    for part, version in zip(without, ("v310r0", "v311r0"), strict=True):
        write_set(raw / f"without{part}", {k: v for k, v in PARTS.items() if k != part}, version=version)  # fmt: skip
    write_set(raw / "exchanged", PARTS | {2: PARTS[3], 3: PARTS[2]}, version="v312r0")
    write_set(raw / "cut", PARTS, version="v313r0")
    cut = raw / "cut" / "ccipra-v313r0-f3.TXT"
    cut.write_bytes(cut.read_bytes()[: -len("20100101\t*\t1\t") - 46])
    write_set(raw / "other", {k: v for k, v in PARTS.items() if k != 3}, version="v300r0")
    write_text(raw / "other", 3, edits(PARTS[3]), setting="oph", version="v300r0")
    write_set(raw / "both_ways", PARTS | {4: PARTS[4] + "\nG0439 G0438 20200101 * 1"}, version="v302r0")  # fmt: skip
    return {
        "without2": without[2],
        "without4": without[4],
        "exchanged": "begins with 45380, before 93000",
        "cut": "file f3 of the table is missing (it was not read:",
        "other": "file f3 of the table is missing",
        "ccioph-v300r0-f3": "without which there is no release",
        "both_ways": "G0438 denies G0439, and G0439 denies G0438",
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Practitioners in a zip per file and with a workbook, the next quarter in a folder, hospitals, units."""
    place = tmp_path_factory.mktemp("ncci")
    raw = place / "raw"
    raw.mkdir()
    for part, text in PARTS.items():
        zipped = raw / f"medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f{part}.zip"
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr(f"ccipra-v322r0-f{part}.TXT", text_of(edits(text)))
    write_set(raw / "hospital", PARTS | {1: "20610 J1100 20000101 * 1"}, setting="oph")
    mue_csv(raw / "units", "PractitionerServices", "07-01-2026", f"99291 1 {POLICY}")
    mue_csv(raw / "units", "OutpatientHospitalServices", "07-01-2026", f"99291 2 {POLICY}")
    rows = aoc_files.pairs(
        "1 99292 - 99291 - 2013091 -\n2 0054T - CCCCC - 2013091 -\n3 69990 - 61304 - 2016001 -"
    )
    aoc_files.write_text(raw / "aoc", rows)
    aoc_files.write_workbook(raw / "aoc", rows)
    said = broken_sets(raw)
    before = refreshed(place, date(2026, 8, 1))
    assert "NCCI26Q3P" in before.releases
    write_set(raw / "next", NEXT, version="v323r0")
    write_workbook(raw / "next", 2, edits(NEXT[2]), version="v323r0")
    # What the database had of the release before goes with the refresh that brings the next one.
    return place, said, refreshed(place, date(2026, 11, 2))


@pytest.fixture(scope="module")
def warehouse(built) -> Path:
    return built[0] / "warehouse"


@pytest.fixture(scope="module")
def con(warehouse):
    yield from connected(warehouse)


# ---------------------------------------------------------------- what is held


def test_files_in_zips_of_their_own_are_one_table_and_the_latest_release_has_all_of_history(
    built, con
) -> None:
    assert built[2].releases == [
        "AOC26Q3", "MUE26Q3H", "MUE26Q3P", "NCCI26Q3H", "NCCI26Q3P", "NCCI26Q4P",
    ]  # fmt: skip
    held = "FROM ncci_pair SELECT release_id, count(*) GROUP BY ALL ORDER BY ALL"
    assert con.sql(held).fetchall() == [("NCCI26Q3H", 8), ("NCCI26Q4P", 10)]
    known = "SELECT posting_id, is_current, is_latest, effective_to::VARCHAR FROM release WHERE schedule = 'ncci' ORDER BY 1"
    assert con.sql(known).fetchall() == [
        ("NCCI26Q3H@V0", True, True, "2026-09-30"),
        ("NCCI26Q3P@V0", True, False, "2026-09-30"),
        ("NCCI26Q4P@V0", True, True, "2026-12-31"),
    ]
    changed = (
        "FROM ncci_pair_change SELECT column1, effective_from::VARCHAR, change_kind ORDER BY ALL"
    )
    assert con.sql(changed).fetchall() == [
        ("12001", "1998-04-01", "deleted"),
        ("12001", "2026-10-01", "added"),
    ]
    forms = "SELECT comparison, compared_count = matched_count FROM reconciliation ORDER BY ALL"
    assert con.sql(forms).fetchall() == [("aoc txt = xlsx", True), ("ncci_1 txt = xlsx", True)]


def test_a_set_of_files_that_is_no_table_is_refused_with_its_reason(built) -> None:
    _, said, outcome = built
    assert len(outcome.refused) == len(said)
    for name, words in said.items():
        assert any(name in x and words in x for x in outcome.refused), (name, outcome.refused)


def test_exports_hold_what_the_warehouse_holds(built) -> None:
    current = built[0] / "warehouse" / "exports" / "current"
    parts = sorted(path.name for path in (current / "ncci_pair").iterdir())
    assert parts == ["NCCI26Q3H.parquet", "NCCI26Q4P.parquet"]


def test_examples_run(con) -> None:
    for schedule in ("ncci", "aoc"):
        for table in schedule_named(schedule).declared.tables.values():
            for example in table.examples:
                if table.name.startswith(("ncci", "add_on")):
                    assert con.sql(example).fetchall()


# ---------------------------------------------------------------- what is asked


def answer(printed, warehouse: Path, *words: str) -> dict:
    return json.loads(printed(warehouse, "edits", *words, "--json"))


@pytest.mark.parametrize(
    ("words", "pairs"),
    [
        (("99213", "20610", "--on", "2026-11-02"), [("20610", "99213", "1")]),
        (("20610", "99213", "--on", "2013-06-30"), []),
        (("12001", "36410", "--on", "2026-09-30"), [("12001", "36410", "1")]),
        (("12001", "36410", "--on", "2026-10-01"), [("12001", "36410", "0")]),
        # Taken back from its first day: only the other edit of that day was ever in force.
        (("45385", "45380", "--on", "1997-01-01"), [("45385", "45380", "1")]),
        (("93000", "36410", "--on", "2010-01-01"), [("93000", "36410", "1")]),
        (("20610", "99213", "--setting", "hospital", "--on", "2026-08-01"), []),
        (("20610", "J1100", "--setting", "hospital", "--on", "2026-08-01"), [("20610", "J1100", "1")]),
    ],
)  # fmt: skip
def test_an_edit_is_found_in_either_direction_on_its_days(printed, warehouse, words, pairs) -> None:
    found = answer(printed, warehouse, *words)
    assert [(x["code"], x["other_code"], x["indicator"]) for x in found["pairs"]] == pairs
    assert (found["pairs_without_edit"] == []) == bool(pairs)


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        (("99292", "99291"), "primary_present"),
        (("99292", "99213"), "primary_missing"),
        (("0054T", "99213"), "contractor_defines_primary"),
        (("69990", "99213"), "contractor_may_accept_others"),
    ],
)
def test_an_add_on_code_says_whether_its_primary_is_among_the_codes(
    printed, warehouse, codes, status
) -> None:
    [row] = answer(printed, warehouse, *codes, "--on", "2026-08-01")["add_ons"]
    assert (row["code"], row["status"]) == (codes[0], status)


def test_units_are_those_of_the_setting_and_day(printed, warehouse) -> None:
    for words, units in ((("--setting", "hospital"), 2), ((), 1)):
        found = answer(printed, warehouse, "99291", "99213", "--on", "2026-08-01", *words)
        assert [(x["code"], x["units"]) for x in found["units"]] == [("99291", units)]


def test_what_is_not_loaded_is_said_and_never_taken_for_no_edit(printed, warehouse) -> None:
    words = ("99291", "36410", "--on", "2026-11-02")
    found = answer(printed, warehouse, *words)
    assert found["units"] is None
    text = printed(warehouse, "edits", *words)
    assert "99291  36410   1: an NCCI modifier gets both paid" in text and " 59 91 XE" in text
    assert "Not loaded: Medically Unlikely Edits of this setting and day" in text
    assert "The day is after AOC26Q3, the last add-on code edits that are loaded" in text
    late = printed(warehouse, "edits", "45380", "G0438", "--on", "2027-02-01")
    assert "45380 and G0438: no edit" in late and "The day is after NCCI26Q4P" in late


def test_a_code_that_nothing_has_is_said_to_be_unknown(printed, warehouse) -> None:
    words = ("20610", "2061O", "--on", "2026-11-02")
    assert answer(printed, warehouse, *words)["unknown_codes"] == ["2061O"]
    assert "2061O: nothing that is loaded has this code" in printed(warehouse, "edits", *words)


def test_pairs_of_a_setting_without_its_table_are_not_said_to_have_no_edit() -> None:
    asked_for = Asked(("99291", "36410"), date(2026, 8, 1), "practitioner")
    gap = {"edit_kind": "pair", "status": "not_loaded"}
    assert pairs_without_edit(asked_for, {"pair": [], "gaps": [gap]}) is None
    assert pairs_without_edit(asked_for, {"pair": [], "gaps": []}) == [("99291", "36410")]


def test_one_code_has_its_partners_a_few_or_all(printed, warehouse) -> None:
    found = answer(printed, warehouse, "36410", "--on", "2026-11-02", "--limit", "2")
    assert (found["partner_count"], len(found["partners"])) == (3, 2)
    assert "1 more; list them with --all" in printed(warehouse, "edits", "36410", "--limit", "2")
    assert "more" not in printed(warehouse, "edits", "36410", "--all").partition("NCCI")[0]


@pytest.mark.parametrize(("words", "code"), [(("9921",), 2), (("99213", "--setting", "dme"), 2)])
def test_what_is_asked_wrongly_is_said_to_be(printed, warehouse, words, code, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        printed(warehouse, "edits", *words)
    assert ended.value.code == code


def test_a_warehouse_without_edits_has_no_answer(printed, con, tmp_path, warehouse) -> None:
    with pytest.raises(SystemExit) as ended:
        printed(tmp_path, "edits", "99213", "20610")
    assert ended.value.code == 6


def test_the_macro_takes_codes_as_they_are_written(con) -> None:
    query = "SELECT edit_kind, code FROM ncci_edits(['g0438', ' g0439 '], DATE '2026-08-01', 'practitioner')"
    assert ("pair", "G0438") in con.sql(query).fetchall()


def test_the_macro_says_of_no_unknown_setting_that_nothing_is_loaded(con) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="a setting is practitioner"):
        con.sql("FROM ncci_edits(['99291'], DATE '2026-08-01', 'hospital')").fetchall()


def test_the_macro_gives_analysts_the_same(con) -> None:
    query = "SELECT edit_kind, code, other_code, status FROM ncci_edits(['99291', '36410', '99292'], DATE '2026-08-01', 'practitioner')"
    assert con.sql(query).fetchall() == [
        ("add_on", "99292", "99291", "primary_present"),
        ("pair", "99291", "36410", "modifier_allowed"),
        ("units", "99291", "", "limited"),
    ]
