"""CMS's utilization files, which are too large for memory: read as a stream and added up.

The file by Provider and Service has some ten million lines. DuckDB reads it and spills what does
not fit; of every line only the columns that the layout names are looked at, so that no name,
address or descriptor enters the warehouse.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipeline.companions.kinds import KINDS
from pipeline.errors import Finding, RefusedError, refuse
from pipeline.read.account import quarantine_rows, source_file_row
from pipeline.read.bundle import Member, extension_of
from pipeline.read.file import FileRead
from pipeline.read.grid import is_wide, read_separated
from pipeline.read.header import Match, match_header
from pipeline.read.layout import layouts_for
from pipeline.read.line_account import LineAccount
from pipeline.read.separated import SEPARATED
from pipeline.read.sort import file_kinds
from pipeline.read.validate import MOST_SET_ASIDE, Validated, cut_off
from pipeline.store import database
from pipeline.store.shelf import Artefact, finish_artefact
from pipeline.store.sql import compose
from schemas.definitions import Column, Table, catalog
from schemas.derive import quoted

HERE = Path(__file__).parent

# MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv is of 2023; ..._by_Provider_and_Service_2022.csv of 2022,
# Medicare_Provider_Util_Payment_PUF_CY2012.txt of 2012.
YEAR = re.compile(r"_DY?(?P<short>\d\d)_|_(?:CY)?(?P<long>20\d\d)(?!\d)", re.IGNORECASE)

CSV_LINE = re.compile(r"Line: (\d+)")

# CMS's header has less than a thousand characters; a file need not have a second line.
LONGEST_HEAD = 1 << 16

# The "provider" of the copyright record of the file of 2012.
COPYRIGHT_NPI = "0000000001"

# The head is the first line; a copyright record and records of the data follow.
HEAD_LINES = 5

# More findings than these say nothing new about a file that is refused.
MOST_FINDINGS = 1000


@dataclass
class _Source:
    """One utilization file on disk: how its head was understood, and the definition of its lines.

    ``open_end`` is the number of the last line where it has no line end, else 0.
    """

    path: Path
    label: str
    match: Match
    year: int
    open_end: int = 0

    @property
    def lines(self) -> Table:
        """The definition of a line."""
        return catalog().tables[self.match.layout.table]

    @property
    def form(self) -> str:
        """How lines are divided: ``csv``, or ``tsv`` for the tab-separated file of 2012."""
        return self.match.layout.form_of(extension_of(self.label))

    def select(self, columns: str) -> str:
        """A SELECT over the cells of every line, each under the name of its column."""
        by_place = {place: name for name, place in self.match.positions.items()}
        names = [by_place.get(place, f"not_loaded_{place}") for place in range(self.match.width)]
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
        tabs, commas = (
            "delim = '\t', quote = '', escape = ''",
            "delim = ',', quote = '\"', escape = '\"'",
        )
        dialect = tabs if self.form == "tsv" else commas
        return (
            f"SELECT {columns} FROM read_csv({database.literal_path(self.path)}, header = true, "
            f"auto_detect = false, buffer_size = 4194304, {dialect}, comment = '', "
            f"strict_mode = true, hive_partitioning = false, null_padding = {self.form == 'tsv'}, "
            f"columns = {{{types}}})"
        )

    @property
    def is_notice(self) -> str:
        """The condition that a line is the copyright record, which the file of 2012 has first."""
        return f"coalesce(npi, '') = {quoted(COPYRIGHT_NPI)}" if self.form == "tsv" else "false"


def build_utilization(member: Member, kind: str, artefact: Artefact, threads: int) -> Artefact:
    """Add up one utilization file and write what comes of it into an artefact.

    A line with a cell that is no value of its column is set aside. Raises RefusedError where the
    name has no year, the header is of no declared layout, records are broken, too many lines
    would be set aside, or a key occurs twice.
    """
    folder = artefact.folder
    con = database.connect(threads)
    con.execute(f"SET temp_directory = {quoted(str(folder / 'spill'))}")
    with _on_disk(member, folder) as path:
        source = _open(path, member, kind)
        table = catalog().tables[KINDS[kind].table]
        account = _add_up(con, source, table)
        set_aside = _set_aside(con, source, account)
        _refuse_repeated_key(con, source)
    read = FileRead(
        source.label,
        extension_of(source.label),
        source.match.layout,
        pl.DataFrame(),
        [],
        account,
        set_aside,
    )
    _write(con, artefact, read, member, kind)
    con.close()
    shutil.rmtree(folder / "spill", ignore_errors=True)
    finish_artefact(artefact)
    return artefact


@contextmanager
def _on_disk(member: Member, folder: Path) -> Iterator[Path]:
    """A copy of the file: it is read more than once, and must have the same bytes each time."""
    copy = folder / "unpacked.csv"
    member.copy_to(copy)
    try:
        yield copy
    finally:
        copy.unlink()


def _open(path: Path, member: Member, kind: str) -> _Source:
    named = YEAR.search(member.base_name)
    if not named:
        message = "the name of the file has no year, and nothing in it says of which year it is"
        advice = "Give it the name that it has on data.cms.gov."
        raise refuse(member.label, "identity", message, advice=advice)
    year = int(named["long"] or f"20{named['short']}")
    extension = member.extension
    layouts = layouts_for(tuple(file_kinds()[kind].layouts), kind, extension, member.label)
    with path.open("rb") as file:
        first = b"".join(file.readline(LONGEST_HEAD) for _ in range(HEAD_LINES))
    if is_wide(first):
        message = "the file is written in UTF-16, and one of its kind may be too large to rewrite"
        raise refuse(member.label, "encoding", message, advice="Save it as UTF-8.")
    grid = read_separated(first, member.label, SEPARATED[layouts[0].form_of(extension)])
    return _Source(path, member.label, match_header(grid, layouts, member.label), year)


def _add_up(con: duckdb.DuckDBPyConnection, source: _Source, table: Table) -> LineAccount:
    """Create ``added_up``, one row per key and soundness, and account for every line."""
    typed = ", ".join(f"{_value(column)} AS {column.name}" for column in source.lines.columns)
    sound = " AND ".join(_is_sound(column) for column in source.lines.columns)
    this_file = f"SELECT {source.year} AS calendar_year, {quoted(source.label)} AS source_file"
    query = compose(
        HERE / f"{table.name}.sql",
        lines=f"{source.select(f'{typed}, {sound} AS is_sound')} WHERE NOT {source.is_notice}",
        this_file=this_file,
    )
    account = _count_lines(source)
    try:
        con.execute(f"CREATE TABLE added_up AS {query}")
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        raise _broken_record(source, str(error)) from None
    records, loaded = con.execute(
        "SELECT coalesce(sum(line_count), 0), coalesce(sum(line_count) FILTER (is_sound), 0) "
        "FROM added_up"
    ).fetchall()[0]
    if not records:
        raise refuse(source.label, "no_data", "the file has no data line")
    account.loaded, account.quarantined = int(loaded), int(records - loaded)
    if not account.balances:
        message = f"the file has {account.total:,} lines, but {records:,} records below the header"
        raise refuse(source.label, "csv", f"{message}: a quoted cell runs on over a line end")
    names = ", ".join(table.column_names)
    database.insert_query(con, table, f"SELECT {names} FROM added_up WHERE is_sound")
    return account


def _broken_record(source: _Source, error: str) -> RefusedError:
    line = CSV_LINE.search(error)
    number = int(line[1]) if line else None
    if "utf-8" in error.lower():
        message = "a byte of it is no character of UTF-8, in which CMS writes files of this kind"
        return refuse(source.label, "encoding", message, line=number)
    if number and number == source.open_end:
        return cut_off(source.label, number)
    message = f"not a readable CSV record with {source.match.width} cells"
    return refuse(source.label, "cell_count", message, line=number)


def _value(column: Column) -> str:
    text = f'trim("{column.name}")'
    return text if column.type == "VARCHAR" else f"try_cast({text} AS {column.type})"


def _is_sound(column: Column) -> str:
    """The condition that a cell is a value of its column, never NULL."""
    text = f"coalesce(trim(\"{column.name}\"), '')"
    if column.type == "VARCHAR":
        if column.domain:
            return f"{text} IN ({', '.join(map(quoted, column.domain))})"
        return f"regexp_full_match({text}, {quoted(column.pattern or '.+')})"
    digits = r"\d+" if not column.is_decimal else r"\d+(\.\d+)?"
    fits = f"try_cast({text} AS {column.type}) IS NOT NULL"
    number = f"(regexp_full_match({text}, {quoted(digits)}) AND {fits})"
    return f"({text} = '' OR {number})" if column.nullable else number


def _count_lines(source: _Source) -> LineAccount:
    """The account of lines but for the records; RefusedError where the last one breaks off.

    Of text with tabs DuckDB takes the cells that a record lacks for blank ones.
    """
    account = LineAccount(total=0, header=1)
    copyright_record = f"{COPYRIGHT_NPI}\t".encode()
    line = b""
    with source.path.open("rb") as file:
        for line in file:
            account.total += 1
            account.notice += source.form == "tsv" and line.startswith(copyright_record)
            account.blank += not line.strip()
    source.open_end = 0 if line.endswith((b"\n", b"\r")) else account.total
    if source.open_end and source.form == "tsv" and line.count(b"\t") < source.match.width - 1:
        raise cut_off(source.label, source.open_end)
    return account


def _set_aside(
    con: duckdb.DuckDBPyConnection, source: _Source, account: LineAccount
) -> list[Finding]:
    """What is wrong with the lines that were not added up; RefusedError where they are many."""
    if not account.quarantined:
        return []
    columns = source.lines.columns
    cells = ", ".join(f"coalesce(\"{column.name}\", '')" for column in columns)
    sound = ", ".join(_is_sound(column) for column in columns)
    con.execute("SET threads = 1")
    numbered = (
        f"1 + row_number() OVER () AS line, [{cells}] AS cells, "
        f"list_transform([{sound}], lambda x: x OR {source.is_notice}) AS sound"
    )
    rows = con.execute(
        f"SELECT line, cells, sound FROM ({source.select(numbered)}) "
        f"WHERE list_contains(sound, false) ORDER BY line LIMIT {MOST_FINDINGS}"
    ).fetchall()
    findings = [
        Finding(
            rule=f"type of {column.name}",
            message=f'{column.name} is "{cell}", which is no value of it',
            line=line,
            column=column.name,
            value=cell,
        )
        for line, values, flags in rows
        for column, cell, flag in zip(columns, values, flags, strict=True)
        if not flag
    ]
    if source.open_end in {finding.line for finding in findings}:
        raise cut_off(source.label, source.open_end)
    if account.quarantined > max(3, MOST_SET_ASIDE * account.total):
        raise RefusedError(source.label, findings)
    return findings


def _refuse_repeated_key(con: duckdb.DuckDBPyConnection, source: _Source) -> None:
    key = ", ".join(source.lines.key)
    repeated = con.execute(
        f"{source.select(key)} GROUP BY ALL HAVING count(*) > 1 LIMIT 1"
    ).fetchall()
    if repeated:
        names = ", ".join(
            f'{name} "{value}"' for name, value in zip(source.lines.key, repeated[0], strict=True)
        )
        raise refuse(source.label, "key", f"the key {names} occurs more than once")


def _write(
    con: duckdb.DuckDBPyConnection, artefact: Artefact, read: FileRead, member: Member, kind: str
) -> None:
    declared = catalog().tables
    database.insert_rows(
        con, declared["source_file"], [source_file_row(read, member, kind, "", True)]
    )
    aside = quarantine_rows([Validated(read.file, read.frame, read.refused)], "", "")
    database.insert_rows(con, declared["quarantine"], aside)
    for name in ("source_file", "quarantine"):
        database.write_parquet(con, declared[name], artefact.table_path(name))
    database.write_parquet(con, declared[KINDS[kind].table], artefact.table_path(kind))
