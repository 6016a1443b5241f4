"""What became of a mutant: refused, set aside, flagged, harmless, or a value that changed unseen."""

import gc
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb

from pipeline.errors import PipelineError
from pipeline.options import Options
from pipeline.refresh import refresh
from pipeline.report import Report
from tests.releases_files import locality_key
from tests.soak.mutation.invariants import table_of, violations
from tests.soak.mutation.mutant import GPCI, PPRRVU, Files, Mutant, good

REFUSED, SET_ASIDE, FLAGGED = "refused", "set aside", "flagged"
HARMLESS, UNSEEN, FAULT = "equal values", "undetectable", "FAULT"

# What a release says; the other tables follow from these and are compared with them.
TABLES = ("rvu", "locality", "payment_national", "work_rvu_rank", "payment_rank", "release")
WHERE_FROM = ("source_file", "source_line", "content_sha256", "bundle", "title")

# Positions of columns of PPRRVU and GPCI beside their names in the warehouse.
RVU_TEXTS = {"hcpcs_code": 0, "modifier": 1, "description": 2, "status_code": 3, "global_days": 14}
RVU_NUMBERS = {
    "work_rvu": 5, "nonfacility_pe_rvu": 6, "facility_pe_rvu": 8, "mp_rvu": 10,
    "preoperative_share": 15, "intraoperative_share": 16, "postoperative_share": 17,
    "nonfacility_opps_pe_rvu": 28, "facility_opps_pe_rvu": 29, "opps_mp_rvu": 30,
}  # fmt: skip
INDICES = {"work_gpci": 4, "pe_gpci": 5, "mp_gpci": 6}


@dataclass(frozen=True)
class Verdict:
    """The outcome of a mutant and the sentence that tells it, or what is wrong with it."""

    outcome: str
    words: str


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
    if mutant.expect == "seen" and verdict.outcome in (HARMLESS, UNSEEN):
        return Verdict(FAULT, f"it must be seen, and is loaded: {verdict.outcome}")
    if mutant.expect == "loads" and verdict.outcome != HARMLESS:
        return Verdict(FAULT, f"it must load with equal values: {verdict.words}")
    return verdict


def _loaded_or_refused(mutant: Mutant, folder: Path) -> Verdict:
    raw, warehouse = folder / "raw", folder / "warehouse"
    raw.mkdir(parents=True)
    for path, data in mutant.files.items():
        (raw / path).parent.mkdir(parents=True, exist_ok=True)
        (raw / path).write_bytes(data)
    report = Report(quiet=True)
    try:
        refresh(Options(raw, warehouse), report)
    except PipelineError as error:
        return _refused(error, mutant, warehouse)
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        return _loaded(con, mutant, report)


def _refused(error: PipelineError, mutant: Mutant, warehouse: Path) -> Verdict:
    words = str(error)
    names = {part for path in mutant.files for part in (path, path.rpartition("/")[2])}
    names |= {path.partition("/")[0] for path in mutant.files}
    assert error.exit_code == 3, f"exit code {error.exit_code}: {words}"
    assert any(name in words for name in names), f"it names no file: {words}"
    assert words == " ".join(words.splitlines()) and words.isprintable(), f"no sentence: {words!r}"
    assert not (warehouse / "fee_schedule.duckdb").exists(), "refused, and yet published"
    return Verdict(REFUSED, words)


def _loaded(con: duckdb.DuckDBPyConnection, mutant: Mutant, report: Report) -> Verdict:
    _lines_are_accounted_for(con, mutant.files)
    _says_what_the_file_says(con, mutant.files)
    set_aside = con.sql("SELECT count(*) FROM quarantine").fetchall()[0][0]
    if set_aside:
        return Verdict(SET_ASIDE, f"{set_aside} lines: {report.warnings}")
    if report.warnings:
        return Verdict(FLAGGED, "; ".join(report.warnings))
    if contents(con) == _good_contents(mutant.forms):
        return Verdict(HARMLESS, "the same tables")
    seen = violations(mutant.files)
    assert not seen, f"loaded without a word, although: {seen[:3]}"
    return Verdict(UNSEEN, "loaded without a word")


def _lines_are_accounted_for(con: duckdb.DuckDBPyConnection, files: Files) -> None:
    query = (
        "SELECT source_file, line_count, loaded_count + quarantined_count + header_count + "
        "notice_count + blank_count + duplicate_count FROM source_file"
    )
    for name, count, accounted in con.sql(query).fetchall():
        assert count == accounted, f"{name}: {count} lines, {accounted} accounted for"
        if name in files and name.endswith((".csv", ".txt")):
            data = files[name].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            there = data.count(b"\n") + (not data.endswith(b"\n"))
            assert count == there, f"{name}: {there} lines, {count} counted"


def _says_what_the_file_says(con: duckdb.DuckDBPyConnection, files: Files) -> None:
    """Every row of rvu and locality has what stands in its line of the file, cell by cell."""
    if PPRRVU in files:
        lines = table_of(files[PPRRVU])
        names = (*RVU_TEXTS, *RVU_NUMBERS)
        for line, *values in _rows(con, "rvu", ("source_line", *names)):
            _same(f"{PPRRVU}, line {line}", names, values, lines[line - 1], RVU_TEXTS | RVU_NUMBERS)
    if GPCI in files:
        rows = [row for row in table_of(files[GPCI]) if row and row[0].strip().isdigit()]
        places = {locality_key(row[0], row[2]): row for row in rows}
        for mac, number, *values in _rows(con, "locality", ("mac", "locality_number", *INDICES)):
            if any(value is not None for value in values):
                _same(f"{GPCI}, {mac}-{number}", INDICES, values, places[mac, number], INDICES)


def _rows(con: duckdb.DuckDBPyConnection, table: str, names: Iterable[str]) -> list[tuple]:
    return con.sql(f"SELECT {', '.join(names)} FROM {table}").fetchall()


def _same(
    where: str, names: Iterable[str], values: list, row: list[str], positions: dict[str, int]
) -> None:
    for name, value in zip(names, values, strict=True):
        cell = row[positions[name]].strip()
        same = Decimal(cell) == value if isinstance(value, Decimal) else cell == value.strip()
        assert same, f"{where}: {name} is {value}, but {cell} in the file"


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, tuple]:
    """The number of rows and a hash of what each table says, without where it came from."""
    found = {}
    for table in TABLES:
        columns = [
            name
            for (name,) in con.sql(
                f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{table}' "
                "AND schema_name = 'main'"
            ).fetchall()
            if name not in WHERE_FROM
        ]
        row = f"SELECT {', '.join(columns)} FROM {table}"
        query = f"SELECT count(*), bit_xor(hash(row)) FROM ({row}) AS row"
        found[table] = con.sql(query).fetchall()[0]
    return found


@cache
def _good_contents(forms: tuple[str, ...]) -> dict[str, tuple]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, data in good(forms).items():
            (folder / "raw" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "raw" / path).write_bytes(data)
        refresh(Options(folder / "raw", folder / "warehouse"), Report(quiet=True))
        with duckdb.connect(str(folder / "warehouse" / "fee_schedule.duckdb")) as con:
            return contents(con)
