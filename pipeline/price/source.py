"""A file or table of claim lines in any form that people have it in, opened for DuckDB to read.

Nothing is understood here yet: every column stands as it is, under a name that SQL can trust.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipeline.errors import RefusedError, UsageError, refuse
from pipeline.price.cell import INSTANT
from pipeline.price.text_file import DELIMITERS, TextFile, open_text
from pipeline.store.database import csv_text, literal_path, parquet
from schemas.derive import identifier, quoted

if TYPE_CHECKING:
    import polars as pl
    from fastexcel import ExcelReader

TEXTS = (".csv", ".tsv", ".txt")
PACKED = {".gz": "gzip", ".zst": "zstd"}
WORKBOOKS = (".xlsx", ".xlsm")
DATABASES = (".duckdb", ".ddb")
ADVICE = "Write it again as Parquet or CSV."
# Names of databases that the pricer has itself.
TAKEN = ("memory", "system", "temp", "fee_schedule")


@dataclass(frozen=True)
class Head:
    """A column as the file names it, as SQL calls it, and its type in DuckDB."""

    name: str
    sql: str
    type: str


@dataclass(frozen=True)
class Source:
    """Rows to be read: ``relation`` stands behind FROM, ``line_id`` numbers its rows from 0.

    Without ``line_id`` the rows have numbers only in the table that they are read into. ``text``
    is there where the rows come from a text file. ``unread_sheets`` are those that Excel shows
    beside the first one, where none was named.
    """

    name: str
    form: str
    relation: str
    heads: tuple[Head, ...]
    line_id: str = ""
    text: TextFile | None = None
    unread_sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """Where the lines are: a file, and in it a sheet, a table or what a query gives."""

    file: Path
    sheet: str = ""
    table: str = ""
    query: str = ""


# What to say of a file in none of the forms.
FORMS = (
    "CSV or other text (.csv, .tsv, .txt, also packed as .gz or .zst), .parquet, .xlsx or .duckdb"
)


def is_file_of_lines(name: str) -> bool:
    """Whether a name is that of a file in one of the forms that are read."""
    path = Path(name.lower())
    plain = path.with_suffix("") if path.suffix in PACKED else path
    return plain.suffix in TEXTS or path.suffix in (".parquet", *WORKBOOKS, *DATABASES)


def is_whole_database(wanted: Wanted) -> bool:
    """Whether a database is named, and no table or query in it."""
    return wanted.file.suffix.lower() in DATABASES and not (wanted.table or wanted.query)


def open_source(con: duckdb.DuckDBPyConnection, wanted: Wanted, folder: Path) -> Source:
    """Open what is wanted; ``folder`` takes copies where the file cannot be read as it stands.

    Raises RefusedError where it cannot be read, UsageError where a sheet or table is not there.
    """
    suffix = wanted.file.suffix.lower()
    _refuse_other_parts(wanted, suffix)
    if suffix in DATABASES or wanted.query or wanted.table:
        return _open_database(con, wanted)
    if suffix in WORKBOOKS:
        return _open_workbook(con, wanted)
    if suffix == ".parquet":
        return _open_parquet(con, wanted.file)
    return _open_text(wanted.file, folder)


def _refuse_other_parts(wanted: Wanted, suffix: str) -> None:
    if wanted.sheet and suffix not in WORKBOOKS:
        raise UsageError(f"{wanted.file} has no sheets; --sheet is for a workbook (.xlsx).")
    if wanted.query and wanted.table:
        raise UsageError("Say --query or --table, not both.")
    is_other = is_file_of_lines(wanted.file.name) and suffix not in DATABASES
    if (wanted.query or wanted.table) and is_other:
        raise UsageError(
            f"{wanted.file} has no tables; --query and --table are for a DuckDB database."
        )


# ---------------------------------------------------------------- text


def _open_text(file: Path, folder: Path) -> Source:
    packed = file.suffix.lower() if file.suffix.lower() in PACKED else ""
    path = _unpacked(file, packed, folder) if packed else file
    text = open_text(path, folder)
    names = [f"c{place}" for place in range(1, len(text.heads) + 1)]
    heads = tuple(Head(head, name, "VARCHAR") for head, name in zip(text.heads, names, strict=True))
    form = f"text in {text.encoding}, divided by {DELIMITERS[text.delimiter]}"
    if packed:
        form += f", packed as {packed[1:]}"
    return Source(file.name, form, csv_text(text.path, names, text.delimiter), heads, text=text)


def _unpacked(file: Path, packed: str, folder: Path) -> Path:
    """A copy without compression: the bytes are looked at several times before DuckDB reads them."""
    import pyarrow

    # Under its own name, by which messages call it.
    path = folder / "unpacked" / file.name
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as plain:
        try:
            data = pyarrow.input_stream(str(file), compression=PACKED[packed])
            for block in iter(lambda: data.read(1 << 20), b""):
                plain.write(block)
        except OSError as error:
            if error.errno:
                raise
            message = f"it cannot be unpacked ({error})"
            raise refuse(file.name, "claim_lines", message, advice="Pack it again.") from None
    return path


# ---------------------------------------------------------------- Parquet


def _open_parquet(con: duckdb.DuckDBPyConnection, file: Path) -> Source:
    try:
        written = _written_in_parquet(con, file)
        line_id = _numbered_by("file_row_number", (name for name, _ in written))
        relation = parquet([file], f", {line_id} = true" if line_id else "")
        heads = tuple(x for x in heads_of(con, relation) if x.name != line_id)
    except duckdb.Error as error:
        raise unreadable(file.name, error) from None
    # DuckDB takes these for clocks, but who writes them (Spark) means instants.
    instants = {name for name, kind in written if kind == "INT96"}
    heads = tuple(replace(x, type=INSTANT) if x.name in instants else x for x in heads)
    # DuckDB renames the second of one name.
    if len(written) == len(heads):
        heads = tuple(replace(x, name=name) for x, (name, _) in zip(heads, written, strict=True))
    return Source(file.name, "Parquet", relation, heads, line_id)


def _written_in_parquet(con: duckdb.DuckDBPyConnection, file: Path) -> list[tuple[str, str]]:
    """The columns with their physical types as written: DuckDB renames the second of one name."""
    query = (
        f"SELECT name, type, coalesce(num_children, 0) FROM parquet_schema({literal_path(file)})"
    )
    rows = con.execute(query).fetchall()
    columns, place = [], 1
    while place < len(rows):
        columns.append(rows[place][:2])
        # What a nested column consists of follows it and is none of its own.
        unfinished = 1
        while unfinished:
            unfinished += rows[place][2] - 1
            place += 1
    return columns


def heads_of(con: duckdb.DuckDBPyConnection, relation: str) -> tuple[Head, ...]:
    """The columns of a relation."""
    found = con.sql(f"FROM {relation} LIMIT 0")
    pairs = zip(found.columns, map(str, found.types), strict=True)
    return tuple(Head(name, identifier(name), kind) for name, kind in pairs)


# ---------------------------------------------------------------- workbooks


def _open_workbook(con: duckdb.DuckDBPyConnection, wanted: Wanted) -> Source:
    """The rows of a sheet; one that Excel does not show is read only if it is named."""
    from pipeline.read.workbook import lost_cell, shown_sheets

    name, data = wanted.file.name, wanted.file.read_bytes()
    try:
        shown = shown_sheets(data, name)
        sheet = wanted.sheet or (shown[0] if shown else "")
        lost = lost_cell(data, name, sheet)
    except RefusedError as error:
        # Its advice is for CMS's workbooks.
        raise refuse(name, "claim_lines", error.findings[0].message, advice=ADVICE) from None
    if lost:
        # It would be read as a blank one: a modifier as none, a line as one of no claim.
        advice = "Open the workbook in Excel, give each row its own value and save it."
        raise refuse(name, "claim_lines", f'{lost} in sheet "{sheet}"', advice=advice)
    frame, names = _sheet(wanted.file, sheet)
    con.register("sheet_frame", frame)
    con.execute("CREATE OR REPLACE TABLE source_line AS FROM sheet_frame")
    con.unregister("sheet_frame")
    found = heads_of(con, "source_line")
    heads = tuple(replace(x, name=name) for x, name in zip(found, names, strict=True))
    others = () if wanted.sheet else tuple(shown[1:])
    form = f'workbook, sheet "{sheet}"'
    return Source(name, form, "source_line", heads, "rowid", unread_sheets=others)


def _sheet(file: Path, sheet: str):
    """The cells of a sheet below its first row, and what stands in that row."""
    import fastexcel
    import polars as pl

    # It warns of every column without a value, as of modifiers that no line has.
    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    try:
        book = fastexcel.read_excel(file)
        if sheet not in book.sheet_names:
            listed = ", ".join(f'"{x}"' for x in book.sheet_names)
            raise UsageError(f'{file.name} has no sheet "{sheet}"; it has {listed}.')
        head = book.load_sheet(sheet, header_row=None, n_rows=1, dtypes="string").to_polars()
        first = _first_row(book, sheet)
        body = book.load_sheet(sheet, header_row=None, skip_rows=first + 1, schema_sample_rows=None)
        frame = body.to_polars()
    except fastexcel.FastExcelError as error:
        raise unreadable(file.name, error) from None
    # A cell like #N/A would be read as a blank one: a modifier as none.
    _, lost = body.to_arrow_with_errors()
    if lost and lost.errors:
        place = lost.errors[0].position[0] + 1
        message = f"a cell cannot be read ({lost.errors[0].detail})"
        raise refuse(
            file.name, "claim_lines", message, line=place, advice="Mend or empty the cell."
        )
    if not head.width or head.width < frame.width:
        message = "the first row of the sheet has no names for all columns"
        raise refuse(file.name, "claim_lines", message, line=1, advice="Name every column.")
    names = [str(x or "").strip() for x in head.row(0)]
    # A sheet has one kind of number, and 1001 in it is no 1001.0.
    frame = frame.with_columns(
        _whole(frame[name]) for name, x in frame.schema.items() if x == pl.Float64
    )
    # A row without any cell is none, as an empty line of a text is none.
    frame = frame.filter(~pl.all_horizontal(pl.all().is_null())) if frame.width else frame
    return frame.rename(dict(zip(frame.columns, _safe(frame.width), strict=True))), names[
        : frame.width
    ]


# As many rows may be empty above the names of the columns.
MOST_EMPTY_ROWS = 100
# A float has all whole numbers below it.
WHOLE_BELOW = 2**53


def _first_row(book: "ExcelReader", sheet: str) -> int:
    """The number of the first row that has a cell, from 0; the library skips empty ones for a head alone."""
    rows = book.load_sheet(
        sheet, header_row=None, skip_rows=0, n_rows=MOST_EMPTY_ROWS, dtypes="string"
    ).to_polars()
    return next((n for n, row in enumerate(rows.iter_rows()) if any(x is not None for x in row)), 0)


def _whole(numbers: "pl.Series") -> "pl.Series":
    """Numbers as whole ones where all are."""
    is_whole = (numbers.is_null() | ((numbers % 1 == 0) & (numbers.abs() < WHOLE_BELOW))).all()
    return numbers.cast(int) if is_whole else numbers


def _safe(count: int) -> list[str]:
    return [f"c{place}" for place in range(1, count + 1)]


# ---------------------------------------------------------------- databases


def _open_database(con: duckdb.DuckDBPyConnection, wanted: Wanted) -> Source:
    """What a table or a query of a DuckDB database gives; the database is opened read-only."""
    catalog, is_new = _attached(con, wanted.file)
    query, what = wanted.query, "query"
    if not query:
        table = wanted.table or _only_table(con, catalog, wanted.file)
        query, what = f"FROM {'.'.join(map(identifier, table.split('.')))}", f'table "{table}"'
    try:
        statements = con.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("--query takes one SELECT.")
        con.execute(f"USE {identifier(catalog)}")
        try:
            con.execute(
                f"CREATE OR REPLACE TABLE memory.main.source_line AS\n{statements[0].query}"
            )
        finally:
            con.execute("USE memory")
    except duckdb.Error as error:
        sentence = " ".join(str(error).partition("\n\nLINE ")[0].split())
        raise UsageError(f"{wanted.file.name}: the {what} was refused: {sentence}") from None
    if is_new:
        con.execute(f"DETACH {identifier(catalog)}")
    heads = heads_of(con, "source_line")
    line_id = _numbered_by("rowid", (x.name for x in heads))
    return Source(wanted.file.name, f"DuckDB, {what}", "source_line", heads, line_id)


def _numbered_by(number: str, names: Iterable[str]) -> str:
    """What DuckDB numbers rows by; '' where a column is called so, for then it has the column's values."""
    return "" if number in {name.lower() for name in names} else number


def _attached(con: duckdb.DuckDBPyConnection, file: Path) -> tuple[str, bool]:
    """The name under which a database is read, its own where that is free, and whether it is new."""
    known = con.execute("SELECT database_name, path FROM duckdb_databases()").fetchall()
    for name, path in known:
        if path and Path(path).resolve() == file.resolve():
            return str(name), False
    catalog = "claims" if file.stem.lower() in TAKEN else file.stem
    try:
        con.execute(f"ATTACH {quoted(str(file.absolute()))} AS {identifier(catalog)} (READ_ONLY)")
    except duckdb.Error as error:
        raise unreadable(file.name, error) from None
    return catalog, True


def _only_table(con: duckdb.DuckDBPyConnection, catalog: str, file: Path) -> str:
    query = f"SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = {quoted(catalog)}"
    tables = [f"{schema}.{name}" for schema, name in con.execute(query).fetchall()]
    if len(tables) == 1:
        return tables[0]
    listed = ", ".join(sorted(x.removeprefix("main.") for x in tables)) or "none"
    raise UsageError(
        f"Say which table of {file.name} has the lines: --table NAME, or --query. It has: {listed}."
    )


def unreadable(name: str, error: Exception) -> RefusedError:
    """The refusal of a file that a library cannot read."""
    message = f"it cannot be read as claim lines ({str(error).splitlines()[0]})"
    return refuse(name, "claim_lines", message, advice=ADVICE)
