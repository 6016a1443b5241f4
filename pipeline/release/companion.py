"""Companions: CMS files that lie beside releases, each read into an artefact of its own."""

import re

import polars as pl

from pipeline.companions import utilization
from pipeline.companions.zip_proof import prove_zips
from pipeline.errors import ChangedError, RefusedError, refuse
from pipeline.read.account import quarantine_rows, source_file_row, unread_file_row
from pipeline.read.bundle import Member
from pipeline.read.file import FileRead, read_file
from pipeline.read.layout import layouts_for, load_layouts
from pipeline.read.unproven import Unread
from pipeline.read.validate import validate
from pipeline.schedules.pfs.identify import file_kinds, schedule
from pipeline.store import database
from pipeline.store.fingerprint import (
    definitions_in,
    definitions_of,
    definitions_of_layouts,
    hash_of_code,
)
from pipeline.store.shelf import Artefact, Shelf, finish_artefact

YEAR = re.compile(r"20\d\d")

# The kinds that become public tables; the others are only compared with.
PUBLIC_TABLES = {
    "zip5": "zip_locality",
    "zip9": "zip9_locality",
    "anesthesia_base_unit": "anesthesia_base_unit",
    **utilization.PUBLIC_TABLES,
}

# CMS's ZIP files divide two states; everywhere else they use postal abbreviations.
DIVIDED_STATES = {"EK": "KS", "WK": "KS", "EM": "MO", "WM": "MO"}


STAGE = "companion"


def definitions(facts: dict) -> dict[str, str]:
    """What reading a companion of that kind depends on, besides its bytes."""
    kind = facts["kind"]
    folder, declared = schedule().folder, schedule().tables
    queries = [utilization.HERE] if kind in utilization.PUBLIC_TABLES else []
    layouts = [layout for layout in load_layouts(folder / "layouts") if layout.kind == kind]
    names = {layout.table for layout in layouts} | {"source_file", "quarantine"}
    if kind in PUBLIC_TABLES:
        names.add(PUBLIC_TABLES[kind])
    return (
        {"code": hash_of_code()}
        | definitions_in(folder / "files.toml", *queries)
        | definitions_of_layouts(layouts)
        | definitions_of([declared[name] for name in sorted(names)])
    )


def make_companion(
    member: Member, kind: str, shelf: Shelf, made_from: str, threads: int
) -> Artefact:
    """The artefact of one companion; one that cannot be read has its reason in it and no row."""
    try:
        return build_companion(member, kind, shelf, made_from, threads)
    except ChangedError:
        raise
    except RefusedError as error:
        facts = {"kind": kind, "unread": str(error)}
        artefact = shelf.start(member.label, STAGE, made_from, definitions(facts))
        artefact.facts = facts
        table = schedule().tables["source_file"]
        with database.connect(1) as con:
            row = unread_file_row(Unread(kind, member, str(error)), "")
            database.insert_rows(con, table, [row])
            database.write_parquet(con, table, artefact.table_path("source_file"))
        finish_artefact(artefact)
        return artefact


def build_companion(
    member: Member, kind: str, shelf: Shelf, made_from: str, threads: int
) -> Artefact:
    """Read and validate one companion and write its rows into an artefact.

    A line that cannot be read is set aside; raises RefusedError where the file as a whole
    cannot be read.
    """
    facts = {"kind": kind}
    artefact = shelf.start(member.label, STAGE, made_from, definitions(facts))
    artefact.facts = facts
    if kind in utilization.PUBLIC_TABLES:
        return utilization.build_utilization(member, kind, artefact, threads)
    extension = member.base_name.rpartition(".")[2].lower()
    layouts = layouts_for(
        load_layouts(schedule().folder / "layouts"), kind, extension, member.label
    )
    read = read_file(member.data, member.label, layouts, schedule().tables)
    quarantine = file_kinds()[kind].on_refused_row == "quarantine"
    validated = validate(read, schedule(), quarantine)
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
    finish_artefact(artefact)
    return artefact


def _public_frame(read: FileRead, accepted: pl.DataFrame, kind: str) -> pl.DataFrame:
    if kind in ("zip5", "zip9"):
        prove_zips(accepted, read.file)
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
