"""What became of a mutant: every value that it publishes is the true one, or something tells.

The truth is what the bundle publishes that nothing was done to. A value may be withheld (its
file or its line is left out, with a reason), it may differ and be told by name, or it is one
of the kinds of which nothing in a bundle tells (``UNDETECTABLE``). Anything else is a fault.
"""

import atexit
import gc
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb

from pipeline.errors import PipelineError
from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers.releases_files import locality_key
from tests.soak.mutation.difference import ROW, Difference, computed_otherwise, differences
from tests.soak.mutation.invariants import decoded, table_of, violations
from tests.soak.mutation.mutant import BUNDLE, GPCI, PPRRVU, Files, Mutant, good

REFUSED, LEFT_OUT, SET_ASIDE = "refused", "without a file", "lines set aside"
FLAGGED, HARMLESS = "told by name", "equal values"
UNSEEN, FAULT = "undetectable", "FAULT"

RELEASE = "RVU25D"

# Positions of columns of PPRRVU and GPCI beside their names in the warehouse.
RVU_TEXTS = {"hcpcs_code": 0, "modifier": 1, "description": 2, "status_code": 3, "global_days": 14}
RVU_NUMBERS = {
    "work_rvu": 5, "nonfacility_pe_rvu": 6, "facility_pe_rvu": 8, "mp_rvu": 10,
    "preoperative_share": 15, "intraoperative_share": 16, "postoperative_share": 17,
    "nonfacility_opps_pe_rvu": 28, "facility_opps_pe_rvu": 29, "opps_mp_rvu": 30,
}  # fmt: skip
INDICES = {"work_gpci": 4, "pe_gpci": 5, "mp_gpci": 6}

# Of these nothing in a bundle with one form of each file tells, in a row or two.
UNDETECTABLE = {
    "release": {"posting_id", "released_on", "known_from"},
    "rvu": {
        ROW, "description", "status_code", "modifier",
        "work_rvu", "paid_work_rvu", "nonfacility_pe_rvu", "facility_pe_rvu", "mp_rvu",
        "nonfacility_total_rvu", "facility_total_rvu", "nonfacility_na", "facility_na",
        "opps_work_rvu", "nonfacility_opps_pe_rvu", "facility_opps_pe_rvu", "opps_mp_rvu",
        "preoperative_share", "intraoperative_share", "postoperative_share",
        "pctc_indicator", "global_days", "multiple_procedure_indicator", "bilateral_indicator",
        "assistant_surgeon_indicator", "co_surgeon_indicator", "team_surgeon_indicator",
        "endoscopic_base_code", "supervision_indicator", "imaging_family_indicator",
    },
    "locality": {"state", "locality_name", "fee_schedule_area", "counties"},
}  # fmt: skip
# More rows than these are no single value that somebody changed: values must prove a column.
FEW = 4


@dataclass(frozen=True)
class Verdict:
    """The outcome of a mutant and the sentence that tells it, or what is wrong with it.

    ``undetected`` are the columns, as ``table.column``, of the values that nothing told.
    """

    outcome: str
    words: str
    undetected: tuple[str, ...] = ()


def judge(mutant: Mutant, folder: Path) -> Verdict:
    """Refresh from a mutant into an empty warehouse below ``folder``, and judge what came of it."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        verdict = _loaded_or_refused(mutant, folder)
    except AssertionError as error:
        return Verdict(FAULT, str(error))
    except Exception as error:  # Whatever else it raises a user would see as a traceback.
        return Verdict(FAULT, f"a traceback: {error!r}")
    finally:
        gc.enable()
    allowed = {
        "loads": {HARMLESS},
        "seen": {REFUSED, LEFT_OUT, SET_ASIDE, FLAGGED},
        "exact": {REFUSED, LEFT_OUT, HARMLESS},
    }
    if verdict.outcome not in allowed.get(mutant.expect, {verdict.outcome}):
        return Verdict(FAULT, f"{verdict.outcome} where {mutant.expect} is due: {verdict.words}")
    return verdict


def _loaded_or_refused(mutant: Mutant, folder: Path) -> Verdict:
    report, database = Report(quiet=True), folder / "warehouse" / "fee_schedule.duckdb"
    try:
        outcome = _refresh(mutant.files, folder, report)
    except PipelineError as error:
        assert error.exit_code == 3, f"exit code {error.exit_code}: {error}"
        assert not database.exists(), "refused, and yet published"
        return _refused(str(error), mutant)
    with duckdb.connect() as con:
        truth = _truth(mutant.base, without_bundle=bool(outcome.refused))
        con.execute(f"ATTACH '{truth}' AS truth (READ_ONLY)")
        con.execute(f"ATTACH '{database}' AS mutant (READ_ONLY)")
        con.execute("USE mutant")
        if not outcome.refused:
            return _loaded(con, mutant, report)
        # What is published without the bundle is what it would be if it had never been there.
        others = [*differences(con), *computed_otherwise(con)]
        assert not others, f"refused, and others differ: {others[:3]}"
        return _refused(" ".join(outcome.refused), mutant)


def _refresh(files: Files, folder: Path, report: Report) -> Outcome:
    for path, data in files.items():
        (folder / "raw" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "raw" / path).write_bytes(data)
    return refresh(Options(folder / "raw", folder / "warehouse"), report)


@cache
def _truth(base: str, without_bundle: bool) -> Path:
    """The database of the good files of a base, with the bundle of the mutants or without."""
    folder = Path(tempfile.mkdtemp(prefix="truth-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    files = {
        path: data
        for path, data in good(base).items()
        if not (without_bundle and path.startswith(f"{BUNDLE}/"))
    }
    _refresh(files, folder, Report(quiet=True))
    return folder / "warehouse" / "fee_schedule.duckdb"


def _refused(words: str, mutant: Mutant) -> Verdict:
    names = {part for path in mutant.files for part in (path, path.rpartition("/")[2])}
    names |= {path.partition("/")[0] for path in mutant.files}
    assert any(name in words for name in names), f"it names no file: {words}"
    assert words == " ".join(words.splitlines()) and words.isprintable(), f"no sentence: {words!r}"
    return Verdict(REFUSED, words)


def _loaded(con: duckdb.DuckDBPyConnection, mutant: Mutant, report: Report) -> Verdict:
    _lines_are_accounted_for(con, mutant.files)
    unread = _texts(con, "SELECT unread_reason FROM source_file WHERE read_status = 'unread'")
    missing = _texts(con, "SELECT missing_files FROM release WHERE missing_files <> ''")
    set_aside = _texts(con, "SELECT DISTINCT line_number::VARCHAR FROM quarantine")
    assert all("(rule: " in reason for reason in unread), f"unread without a reason: {unread}"
    found = differences(con)
    others = [one for one in found if not _has_its_reason(one, found, missing, set_aside)]
    _is_computed_from(con, found, is_withheld=bool(missing))
    _says_what_the_file_says(con, mutant.files, {one.table for one in others})
    findings = _findings(con)
    untold = [one for one in others if not _is_told(one, findings)]
    words = "; ".join([*map(str, (untold or others)[:3]), *report.warnings])
    if untold:
        return _undetected(untold, mutant, report, words)
    if others:
        return Verdict(FLAGGED, words)
    if unread or missing:
        return Verdict(LEFT_OUT, words)
    if set_aside:
        return Verdict(SET_ASIDE, words)
    return Verdict(FLAGGED if report.warnings else HARMLESS, words or "the same tables")


def _has_its_reason(
    one: Difference, found: list[Difference], missing: list[str], set_aside: list[str]
) -> bool:
    """Whether a value is withheld with its file, which the release lacks, or a row set aside."""
    if one.column == ROW:
        lost = [x for x in found if x.column == ROW and x.value is None]
        return one.value is None and len(lost) <= len(set_aside)
    return one.is_withheld and one.table == "locality" and bool(missing)


def _is_told(one: Difference, findings: list[str]) -> bool:
    """Whether a finding names the code or the locality of a value that differs."""
    names = (one.key[1],) if one.table == "rvu" else one.key[1:]
    return bool(names) and any(all(name in text for name in names) for text in findings)


def _findings(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What checks, comparisons with CMS's amounts and the quarantine say, and not of the truth."""
    checks = (
        "SELECT finding FROM {0}.check_finding JOIN {0}.check_result "
        "USING (check_name, release_id) WHERE severity <> 'note' "
        "UNION ALL SELECT record_key FROM {0}.reconciliation_difference "
        "UNION ALL SELECT message FROM {0}.quarantine"
    )
    return _texts(con, f"({checks.format('mutant')}) EXCEPT ({checks.format('truth')})")


def _is_computed_from(
    con: duckdb.DuckDBPyConnection, found: list[Difference], is_withheld: bool
) -> None:
    """Amounts differ only where what they are computed from does; ranks where any value does."""
    codes = {one.key[1] for one in found if one.table == "rvu"}
    places = {one.key[1:] for one in found if one.table == "locality"}
    for table, row in computed_otherwise(con):
        of_place = (row.get("mac"), row.get("locality_number"))
        follows = row["hcpcs_code"] in codes or of_place in places or ("rank" in table and codes)
        assert follows or (is_withheld and not row["said"]), f"{table} differs: {row}"


def _texts(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return [text for (text,) in con.sql(query).fetchall()]


def _undetected(untold: list[Difference], mutant: Mutant, report: Report, words: str) -> Verdict:
    """The verdict on values that differ and that nothing tells of; AssertionError where it must."""
    for one in untold:
        assert one.column in UNDETECTABLE.get(one.table, ()), f"published without a word: {one}"
    rows = {(one.table, one.key) for one in untold}
    assert len(rows) <= FEW, f"published without a word, {len(rows)} rows: {words}"
    seen = [] if report.warnings else violations(mutant.files)
    assert not seen, f"loaded without a word, although: {seen[:3]}"
    columns = tuple(sorted({f"{one.table}.{one.column}" for one in untold}))
    return Verdict(UNSEEN, words, columns)


def _lines_are_accounted_for(con: duckdb.DuckDBPyConnection, files: Files) -> None:
    query = (
        "SELECT source_file, line_count, loaded_count + quarantined_count + header_count + "
        "notice_count + blank_count + duplicate_count + continuation_count FROM source_file WHERE read_status <> 'unread'"
    )
    for name, count, accounted in con.sql(query).fetchall():
        assert count == accounted, f"{name}: {count} lines, {accounted} accounted for"
        if name in files and name.endswith((".csv", ".txt")):
            text = decoded(files[name])
            there = len(re.findall(r"\r\n|\r|\n", text)) + (not text.endswith(("\r", "\n")))
            assert count == there, f"{name}: {there} lines, {count} counted"


def _says_what_the_file_says(
    con: duckdb.DuckDBPyConnection, files: Files, tables: set[str]
) -> None:
    """Where a table is not the true one every row has what stands in its line, cell by cell."""
    if "rvu" in tables and PPRRVU in files:
        lines = table_of(files[PPRRVU])
        names = (*RVU_TEXTS, *RVU_NUMBERS)
        for line, *values in _rows(con, "rvu", ("source_line", *names)):
            _same(f"{PPRRVU}, line {line}", names, values, lines[line - 1], RVU_TEXTS | RVU_NUMBERS)
    if "locality" in tables and GPCI in files:
        rows = [row for row in table_of(files[GPCI]) if row and row[0].strip().isdigit()]
        places = {locality_key(row[0], row[2]): row for row in rows}
        for mac, number, *values in _rows(con, "locality", ("mac", "locality_number", *INDICES)):
            if any(value is not None for value in values):
                _same(f"{GPCI}, {mac}-{number}", INDICES, values, places[mac, number], INDICES)


def _rows(con: duckdb.DuckDBPyConnection, table: str, names: Iterable[str]) -> list[tuple]:
    return con.sql(
        f"SELECT {', '.join(names)} FROM {table} WHERE release_id = '{RELEASE}'"
    ).fetchall()


def _same(
    where: str, names: Iterable[str], values: list, row: list[str], positions: dict[str, int]
) -> None:
    for name, value in zip(names, values, strict=True):
        cell = row[positions[name]].strip()
        same = Decimal(cell) == value if isinstance(value, Decimal) else cell == value.strip()
        assert same, f"{where}: {name} is {value}, but {cell} in the file"
