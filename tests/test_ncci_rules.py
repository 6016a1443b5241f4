"""Procedure-to-procedure edits, by small tables: which release a file is, how it is read, what breaks a rule."""

from datetime import date, datetime

import duckdb
import pytest
import xlsxwriter

from pipeline.errors import RefusedError
from pipeline.read.file import FileRead, read_file
from pipeline.read.sort import file_kinds
from pipeline.read.validate import validate
from pipeline.schedules.ncci.change import ncci_pair_change_query
from pipeline.schedules.ncci.definition import NCCI, ncci_pair_query
from pipeline.schedules.ncci.identity import identify
from pipeline.schedules.ncci.periods import missing_release
from pipeline.store import database
from pipeline.store.sql import load_checks
from schemas.definitions import catalog
from tests.helpers.ncci_files import HEAD, NOTICE, TITLE, edits, name_of, text_of, write_workbook
from tests.helpers.staged import staged

# ---------------------------------------------------------------- which release


@pytest.mark.parametrize(
    ("bundle", "file", "release_id", "posting"),
    [
        ("", "ccipra-v301r0-f1.TXT", "NCCI24Q2P", 0),
        ("medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip", "ccipra-v322r0-f1.txt", "NCCI26Q3P", 0),
        ("2026q4-hospital", "CCIOPH-V323R1-F4.xlsx", "NCCI26Q4H", 1),
    ],
)  # fmt: skip
def test_the_version_is_the_quarter_and_r_numbers_the_postings(bundle, file, release_id, posting):
    found = identify([NOTICE, TITLE], bundle, file)
    assert (found.release_id, found.version) == (release_id, posting)
    assert found.series == {"P": "practitioner", "H": "outpatient_hospital"}[release_id[-1]]


@pytest.mark.parametrize(
    ("head", "bundle", "file", "words"),
    [
        (TITLE, "", "ccipra-v324r0-f1.TXT", "which version"),
        (TITLE, "", "edits-v322r0-f1.TXT", "for whom the edits are"),
        (TITLE, "ncci-2026q2", "ccipra-v322r0-f1.TXT", "names another quarter"),
        (TITLE, "hospital", "ccipra-v322r0-f1.TXT", "its folder or zip speaks of hospitals"),
        ("Hospital PTP Edits", "", "ccipra-v322r0-f1.TXT", "its head speaks of hospitals"),
    ],
)
def test_names_that_contradict_one_another_are_refused(head, bundle, file, words):
    with pytest.raises(RefusedError, match=words):
        identify([head], bundle, file)


def test_a_missing_quarter_is_asked_for_by_setting():
    held = [
        {"release_id": "NCCI26Q3P", "effective_from": "2026-07-01", "effective_to": "2026-09-30"}
    ]
    assert missing_release(held, date(2026, 9, 30)) is None
    assert missing_release(held, date(2026, 10, 1)).release_ids == ("NCCI26Q4P",)


# ---------------------------------------------------------------- how a file is read

ROWS = edits("""
    13121  13120  19960101  19960101  9
    13121  13120  19960101  *         0  *
    20610  99213  20130701  20261231  1
""")
READ = [
    ("13121", "13120", False, date(1996, 1, 1), date(1996, 1, 1), "9"),
    ("13121", "13120", True, date(1996, 1, 1), None, "0"),
    ("20610", "99213", False, date(2013, 7, 1), date(2026, 12, 31), "1"),
]


def read(data: bytes, file: str = "ccipra-v322r0-f1.TXT") -> FileRead:
    found = read_file(data, file, tuple(file_kinds()["ncci_1"].layouts), catalog().tables)
    assert found.account.balances
    validate(found, NCCI.declared, quarantine_rows=False)
    return found


ONE_LINE = [tuple(" ".join(filter(None, words)) for words in zip(*HEAD, strict=True))]
OTHERWISE = [
    ("Column", "Column", "* In existence prior to 1996", "Effective Date", "", "Modifier", "PTP Edit"),
    ("1", "2", "", "", "Deletion Date *=no data", "0=not allowed 9=not applicable", "Rationale"),
]  # fmt: skip
TEXTS = {
    "as CMS writes it": text_of(ROWS),
    "without the lines above its head": text_of(ROWS, title=False),
    "with a head of one line": text_of(ROWS, head=ONE_LINE),
    "with a head of two lines": text_of(ROWS, head=OTHERWISE),
    "with other line ends": text_of(ROWS).replace("\r\n", "\n"),
    "with blanks behind cells": text_of([[f"{cell} " for cell in row] for row in ROWS]),
    "with a blank line at the end": text_of(ROWS) + "\r\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_file_is_read_whatever_stands_above_its_rows(text):
    assert read(text.encode("cp1252")).frame.drop("rationale", "source_line").rows() == READ


@pytest.mark.parametrize("days", ["numbers", "days"])
def test_a_workbook_says_the_same_with_days_as_numbers_or_as_days(tmp_path, days):
    path = tmp_path / name_of(1, form="xlsx")
    if days == "numbers":
        write_workbook(tmp_path, 1, ROWS)
    else:
        with xlsxwriter.Workbook(path, {"default_date_format": "mm/dd/yyyy"}) as workbook:
            sheet = workbook.add_worksheet()
            for number, row in enumerate([*HEAD, *ROWS]):
                for place, cell in enumerate(row):
                    is_day = len(cell) == 8 and cell.isdigit()
                    sheet.write(
                        number, place, datetime.strptime(cell, "%Y%m%d") if is_day else cell
                    )
    assert read(path.read_bytes(), path.name).frame.drop("rationale", "source_line").rows() == READ


TEXT = text_of(ROWS)
DAMAGES = {
    "a row that is there twice": (TEXT + TEXT.splitlines(keepends=True)[-1], "occurs more than once"),
    "a code in small letters": (TEXT.replace("20610", "2061a"), 'column1 is "2061a"'),
    "a line that is cut off": (TEXT[:-60], "the line has [1-6] cells where 7"),
    "both days exchanged": (text_of([(*x[:3], x[4], x[3], *x[5:]) for x in ROWS]), 'effective_from is "\\*"'),
    "mark and last day exchanged": (text_of([(*x[:2], x[4], x[3], x[2], *x[5:]) for x in ROWS]), "before_1996 is"),
    "days written as others do": (text_of(edits("20610 99213 07/01/2013 * 1")), 'line 7: .*effective_from is "07/01/2013"'),
    "another indicator": (text_of(edits("20610 99213 20130701 * 2")), 'modifier_indicator is "2"'),
    "a day that is none": (TEXT.replace("20130701", "20130732"), 'effective_from is "20130732"'),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), DAMAGES.values(), ids=DAMAGES)
def test_what_is_no_edit_refuses_the_file(text, words):
    with pytest.raises(RefusedError, match=words):
        read(text.encode("cp1252"))


# ---------------------------------------------------------------- what breaks a rule

SOUND = """
    part  column1  column2  from      until     indicator
    1     12001    36410    19980401  20031231  1
    1     12001    36410    20040101  *         0
    2     20610    99213    20130701  *         1
    3     45385    45380    19970101  19970101  9
    3     45385    45380    19970101  *         1
    4     G0438    G0439    20110101  *         0
"""


def release(text: str, unread: str = "") -> duckdb.DuckDBPyConnection:
    """A release of the third quarter of 2026 whose files f1 to f4 have those edits."""
    lines = [line.split() for line in text.strip().splitlines()[1:] if line]
    rows = [
        {
            "column1": one,
            "column2": other,
            "before_1996": False,
            "effective_from": day(begins),
            "effective_to": None if ends == "*" else day(ends),
            "modifier_indicator": indicator,
            "rationale": "Made",
            # The thousands say which file the line is of.
            "source_line": 1000 * int(part) + number,
        }
        for number, (part, one, other, begins, ends, indicator) in enumerate(lines, start=7)
    ]
    con = staged(
        NCCI.declared, {"ncci_1": rows}, release_id="NCCI26Q3P", series="practitioner",
        main_file="f1", effective_from=date(2026, 7, 1),
    )  # fmt: skip
    con.execute(
        "CREATE VIEW stage.ncci AS SELECT 'ncci_' || source_line // 1000 AS file_kind, 'f' AS source_file, * FROM stage.ncci_1"
    )
    con.execute(
        "CREATE TABLE stage.unread_file AS SELECT 'ncci_3' AS file_kind, 'f3' AS file, ? AS reason",
        [unread],
    )
    if not unread:
        con.execute("TRUNCATE stage.unread_file")
    con.execute(f"CREATE TABLE ncci_pair AS {ncci_pair_query()}")
    return con


def day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def test_an_edit_taken_back_from_its_first_day_was_never_in_force():
    query = "SELECT column1, modifier_indicator, edit_status FROM ncci_pair ORDER BY source_line"
    assert release(SOUND).sql(query).fetchall() == [
        ("12001", "1", "deleted"), ("12001", "0", "in_force"), ("20610", "1", "in_force"),
        ("45385", "9", "never_in_force"), ("45385", "1", "in_force"), ("G0438", "0", "in_force"),
    ]  # fmt: skip


TOUCHING = SOUND.replace("20031231  1", "20040101  1")

# The name of a check, a release that breaks it, and how its findings begin.
BROKEN = [
    ("every_file_of_the_table_is_there", SOUND.replace("    2     20610", "    1     20610"), "file f2 of the table is missing"),
    ("every_file_of_the_table_is_there", SOUND.replace("    4     G0438", "    4     90438"), "file f5 of the table is missing"),
    ("every_file_of_the_table_is_there", SOUND.replace("20610 ", "00610 "), "file f2 begins with 00610, before 12001, with which f1 ends"),
    ("files_are_four", SOUND.replace("    4     G0438", "    3     G0438"), "the table has 3 files"),
    ("files_are_four", SOUND + "".join(f"\n4 G0438 G{x} 20110101 * 0" for x in range(1000, 1004)), "file f1 has 2 edits, and the longest 5"),
    ("one_edit_of_a_pair_is_in_force", SOUND.replace("20031231  1", "20260701  1"), "12001 and 36410 have 2 edits in force on 2026-07-01"),
    ("edits_of_a_pair_do_not_overlap", TOUCHING, "12001 and 36410: the edit from 1998-04-01 is in force until 2004-01-01, and another begins on 2004-01-01"),
    ("no_pair_is_in_force_both_ways", SOUND + "\n4 99213 20610 20200101 * 1", "20610 denies 99213, and 99213 denies 20610"),
    ("no_code_is_a_pair_with_itself", SOUND + "\n4 G0438 G0438 20200101 * 1", "G0438 is a pair with itself"),
    ("indicator_9_is_of_deleted_edits", SOUND.replace("*         0", "*         9"), "12001 and 36410 have indicator 9, and no last day"),
    ("edits_taken_back_were_never_in_force", SOUND.replace("19970101  9", "19971231  9"), "45385 and 45380 have indicator 9, and days from 1997-01-01 to 1997-12-31"),
    ("days_are_in_order", SOUND.replace("20031231", "19970101"), "12001 and 36410: the edit ends on 1997-01-01, before it begins on 1998-04-01"),
    ("last_days_are_near", SOUND.replace("20031231", "99991231"), "12001 and 36410: the last day is 9999-12-31"),
    ("newest_edits_begin_with_the_quarter", SOUND.replace("20130701", "20261001"), "the newest edit begins on 2026-10-01, after the quarter from 2026-07-01"),
]  # fmt: skip
CHECKS = {check.name: check for check in load_checks(NCCI.release_checks)}


@pytest.mark.parametrize(("name", "text", "words"), BROKEN)
def test_a_check_finds_what_breaks_its_rule(name: str, text: str, words: str) -> None:
    findings = [row[2] for row in release(text).sql(CHECKS[name].query).fetchall()]
    assert any(x.startswith(words) for x in findings), findings


def test_every_check_is_broken_by_a_release_and_by_no_sound_one() -> None:
    assert {name for name, *_ in BROKEN} == CHECKS.keys()
    sound = release(SOUND)
    assert [name for name, x in CHECKS.items() if sound.sql(x.query).fetchall()] == []


def test_a_file_that_could_not_be_read_is_missing_with_its_reason() -> None:
    con = release(SOUND.replace("    3     45385", "    2     45385"), unread="line 9 is cut off")
    [(_, _, finding)] = con.sql(CHECKS["every_file_of_the_table_is_there"].query).fetchall()
    assert finding.startswith(
        "file f3 of the table is missing (it was not read: line 9 is cut off)"
    )


# ---------------------------------------------------------------- what changed


def test_what_changed_is_told_by_pair_and_first_day() -> None:
    with database.connect(1) as con:
        con.execute("""
            CREATE TABLE ncci_pair AS
            SELECT 'practitioner' AS setting, 'r' AS rationale, false AS before_1996, *
            FROM (VALUES
                ('A', 'G0001', DATE '2000-01-01', NULL, '1'), ('B', 'G0001', DATE '2000-01-01', NULL, '1'),
                ('A', 'G0002', DATE '2000-01-01', NULL, '1'), ('B', 'G0002', DATE '2000-01-01', DATE '2026-06-30', '1'),
                ('B', 'G0002', DATE '2026-07-01', NULL, '0'),
                ('A', 'G0003', DATE '2000-01-01', NULL, '1'), ('B', 'G0003', DATE '2000-01-01', DATE '2000-01-01', '9'),
                ('A', 'G0004', DATE '2000-01-01', NULL, '1'), ('B', 'G0004', DATE '2000-01-01', NULL, '0'),
                ('A', 'G0005', DATE '2000-01-01', NULL, '1'),
                ('A', 'G0006', DATE '2000-01-01', DATE '2001-12-31', '1'), ('B', 'G0006', DATE '2000-01-01', DATE '2002-12-31', '1'),
                ('A', 'G0007', DATE '2000-01-01', DATE '2000-01-01', '9'), ('A', 'G0007', DATE '2000-01-01', NULL, '0'),
                ('B', 'G0007', DATE '2000-01-01', DATE '2000-01-01', '9'), ('B', 'G0007', DATE '2000-01-01', DATE '2026-06-30', '0')
            ) AS t(release_id, column2, effective_from, effective_to, modifier_indicator)
            CROSS JOIN (SELECT 'G1111' AS column1)
        """)
        query = ncci_pair_change_query("(SELECT 'B' AS release_id, 'A' AS previous_release_id)")
        found = con.sql(
            f"SELECT column2, effective_from::VARCHAR, change_kind, modifier_indicator_before, modifier_indicator_after FROM ({query}) ORDER BY ALL"
        ).fetchall()
    assert found == [
        ("G0002", "2000-01-01", "deleted", "1", "1"),
        ("G0002", "2026-07-01", "added", "", "0"),
        ("G0003", "2000-01-01", "deleted", "1", "9"),
        ("G0004", "2000-01-01", "indicator_changed", "1", "0"),
        ("G0005", "2000-01-01", "vanished", "1", ""),
        ("G0006", "2000-01-01", "changed", "1", "1"),
        ("G0007", "2000-01-01", "deleted", "0", "0"),
    ]


@pytest.mark.parametrize(("vanished", "count"), [(1, 0), (2, 1)])
def test_edits_that_vanish_by_the_hundred_are_found(vanished, count) -> None:
    with database.connect(1) as con:
        con.execute(
            f"CREATE TABLE ncci_pair_change AS SELECT 'B' AS release_id, 'A' AS previous_release_id, 'vanished' AS change_kind FROM range({vanished})"
        )
        con.execute(
            "CREATE TABLE source_file AS SELECT 'B' AS release_id, 'B' AS posting_id, 'ncci_1' AS file_kind, true AS is_loaded, 100 AS loaded_count"
        )
        con.execute(
            "CREATE TABLE release AS SELECT 'B' AS release_id, 'B' AS posting_id, true AS is_current"
        )
        [check] = load_checks(NCCI.warehouse_checks)
        assert len(con.sql(check.query).fetchall()) == count
