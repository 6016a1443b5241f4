"""Companions: CMS files that lie beside releases, each read into an artefact of its own."""

import re
from pathlib import Path

import polars as pl

from pipeline import database
from pipeline.artefact import Artefact, finish_artefact
from pipeline.bundle import Member
from pipeline.errors import refuse
from pipeline.pfs.identify import file_kinds, schedule
from pipeline.pfs.source_files import quarantine_rows, source_file_row
from pipeline.read.file import FileRead, read_file
from pipeline.read.layout import layouts_for, load_layouts
from pipeline.validate import validate

YEAR = re.compile(r"20\d\d")

# The kinds that become public tables; the others are only compared with.
PUBLIC_TABLES = {
    "zip5": "zip_locality",
    "zip9": "zip9_locality",
    "anesthesia_base_unit": "anesthesia_base_unit",
}

# CMS's ZIP files divide two states; everywhere else they use postal abbreviations.
DIVIDED_STATES = {"EK": "KS", "WK": "KS", "EM": "MO", "WM": "MO"}


def build_companion(member: Member, kind: str, folder: Path, key: str, threads: int) -> Artefact:
    """Read and validate one companion and write its rows below ``folder``.

    A line that cannot be read is set aside; raises RefusedError where the file as a whole
    cannot be read.
    """
    layouts = layouts_for(load_layouts(schedule().folder / "layouts"), kind, None, member.label)
    read = read_file(member.data, member.label, layouts, schedule().tables)
    quarantine = file_kinds()[kind].on_refused_row == "quarantine"
    validated = validate(read, schedule(), quarantine)
    artefact = Artefact(member.base_name, key, folder)
    con = database.connect(threads)
    declared = schedule().tables
    con.execute("CREATE SCHEMA stage")
    database.insert_rows(
        con, declared["source_file"], [source_file_row(read, member, kind, "", True)]
    )
    database.insert_rows(con, declared["quarantine"], quarantine_rows([validated], ""))
    table = declared[PUBLIC_TABLES.get(kind, read.layout.table)]
    database.insert_frame(con, table, _public_frame(read, validated.frame, kind))
    for name in ("source_file", "quarantine"):
        database.write_parquet(con, declared[name], artefact.table_path(name))
    database.write_parquet(con, table, artefact.table_path(kind))
    con.close()
    finish_artefact(artefact, schedule())
    return artefact


def _public_frame(read: FileRead, accepted: pl.DataFrame, kind: str) -> pl.DataFrame:
    if kind in ("zip5", "zip9"):
        return _zip_locality(read, accepted)
    if kind == "anesthesia_base_unit":
        return _anesthesia_base_unit(read, accepted)
    return accepted


def _zip_locality(read: FileRead, accepted: pl.DataFrame) -> pl.DataFrame:
    """Each row is for the quarter that its YYYYQ names."""
    year = pl.col("year_quarter").str.head(4).cast(pl.Int32)
    first_month = pl.col("year_quarter").str.tail(1).cast(pl.Int32) * 3 - 2
    begins = pl.date(year, first_month, 1)
    return accepted.with_columns(
        begins.alias("effective_from"),
        begins.dt.offset_by("2mo").dt.month_end().alias("effective_to"),
        pl.col("cms_state_code").replace(DIVIDED_STATES).alias("state"),
        pl.lit(read.file).alias("source_file"),
    )


def _anesthesia_base_unit(read: FileRead, accepted: pl.DataFrame) -> pl.DataFrame:
    """The year stands in the header (``2022 BASE UNIT``) and nowhere else."""
    year = next((match for line in read.head if (match := YEAR.search(line))), None)
    if year is None:
        raise refuse(read.file, "identity", "the header names no year", line=1)
    return accepted.with_columns(
        pl.lit(int(year[0]), dtype=pl.Int16).alias("calendar_year"),
        pl.lit(read.file).alias("source_file"),
    )
