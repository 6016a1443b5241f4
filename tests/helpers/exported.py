"""Where the exports of the sample lie according to the contract, and how they are read."""

from pathlib import Path

import duckdb

from schemas.definitions import catalog, load_schedule, schedule_names

PROJECT = Path(__file__).parents[2]
PUBLIC = {table.name: table for table in catalog().public_tables if table.exported}
RELEASE_ID = "SAMPLERVU25D"

# The release of each schedule that the sample has; of ambulance fees no file was at hand to sample.
SAMPLE_RELEASES = {
    "pfs": RELEASE_ID,
    "clfs": "SAMPLECLFS25Q4",
    "mue": "SAMPLEMUE26Q2P",
    "aoc": "SAMPLEAOC26Q2",
    "ncci": "SAMPLENCCI26Q2P",
    "asc": "SAMPLEASC25Q1",
    "asp": "SAMPLEASP25Q3",
    "dmepos": "SAMPLEDMEPOS25Q1",
    "ndc": "SAMPLENDC25Q3",
    "opps": "SAMPLEOPPS25Q3",
    "opps_rule": "SAMPLEOPPS25FR",
    "hcpcs": "SAMPLEHCPCS25Q4",
    "rbcs": "SAMPLERBCS25RY",
}

# Two million rows a release would be too much text.
IN_TEXT_FORMS = [name for name in PUBLIC if name != "payment_locality"]

# What the manifest does not list: itself, and what it is checked against.
BESIDE_THE_LIST = {"manifest.json", "manifest.schema.json"}


def data_file(exports: Path, table: str, extension: str) -> Path:
    """Where a file of a table lies according to the contract."""
    above = exports if extension == "parquet" else exports / extension
    # The sample is one release of each schedule, which changed from nothing: such a table has one
    # part of no rows, and so has one of a schedule without a sample.
    has_none = table.endswith("_change") or schedule_of(table) not in SAMPLE_RELEASES
    is_whole = not PUBLIC[table].per_release or has_none
    return above / table / f"{'data' if is_whole else sample_release_of(table)}.{extension}"


def schedule_of(table: str) -> str:
    """The schedule that declares a table, the Physician Fee Schedule where it is common."""
    return next(name for name in schedule_names() if table in load_schedule(name).tables)


def sample_release_of(table: str) -> str:
    """The release of the sample that a table has rows of."""
    return SAMPLE_RELEASES[schedule_of(table)]


def folder_of(con: duckdb.DuckDBPyConnection) -> Path:
    """The folder of the warehouse whose database a connection has open."""
    [path] = con.sql("select path from duckdb_databases() where path is not null").fetchall()
    return Path(path[0]).parent


def relative_files(folder: Path) -> set[str]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def csv_rows(reader, path: Path, table: str) -> list[tuple]:
    """The rows of a CSV export, in which "" is a text and nothing at all is NULL."""
    types = {column.name: column.type for column in PUBLIC[table].columns}
    return reader.execute(
        f"from read_csv('{path}', header = true, allow_quoted_nulls = false, columns = {types})"
    ).fetchall()
