"""Companions: CMS files that lie beside releases, each read into an artefact of its own."""

from pipeline.companions.kind import CompanionKind, function_named
from pipeline.errors import ChangedError, RefusedError
from pipeline.read.account import quarantine_rows, schedule_of, source_file_row, unread_file_row
from pipeline.read.bundle import Member
from pipeline.read.file import read_file
from pipeline.read.layout import layouts_for
from pipeline.read.sort import COMMON_FILES, file_kinds
from pipeline.read.unproven import Unread
from pipeline.read.validate import validate
from pipeline.store import database
from pipeline.store.fingerprint import (
    Definitions,
    definitions_in,
    definitions_of,
    definitions_of_layouts,
    hash_of_code,
    told_once,
)
from pipeline.store.shelf import Artefact, Shelf, finish_artefact
from schemas.definitions import catalog

STAGE = "companion"


def definitions_for(declared: CompanionKind) -> Definitions:
    """What reading a companion of that kind depends on, besides its bytes."""

    def definitions(facts: dict) -> dict[str, str]:
        kind = file_kinds()[facts["kind"]]
        names = {layout.table for layout in kind.layouts} | {"source_file", "quarantine"}
        names |= {declared.table} - {""}
        return (
            {"code": hash_of_code("pipeline.release.companion", *declared.modules)}
            | definitions_in(COMMON_FILES, kind.files_toml, *declared.folders)
            | definitions_of_layouts(kind.layouts)
            | definitions_of([catalog().tables[name] for name in sorted(names)])
        )

    return told_once(definitions, "kind")


def make_companion(
    member: Member, kind: str, declared: CompanionKind, shelf: Shelf, made_from: str, threads: int
) -> Artefact:
    """The artefact of one companion; one that cannot be read has its reason in it and no row."""
    definitions = definitions_for(declared)
    try:
        facts = {"kind": kind}
        artefact = shelf.start(member.label, STAGE, made_from, definitions(facts))
        artefact.facts = facts
        if declared.build:
            built: Artefact = function_named(declared.build)(member, kind, artefact, threads)
            return built
        return _build(member, kind, declared, artefact, threads)
    except ChangedError:
        raise
    except RefusedError as error:
        facts = {"kind": kind, "unread": str(error)}
        artefact = shelf.start(member.label, STAGE, made_from, definitions(facts))
        artefact.facts = facts
        table = catalog().tables["source_file"]
        with database.connect(1) as con:
            row = unread_file_row(Unread(kind, member, str(error)), "")
            database.insert_rows(con, table, [row])
            database.write_parquet(con, table, artefact.table_path("source_file"))
        finish_artefact(artefact)
        return artefact


def _build(
    member: Member, kind: str, declared: CompanionKind, artefact: Artefact, threads: int
) -> Artefact:
    """Read and validate one companion and write its rows into an artefact.

    A line that cannot be read is set aside; raises RefusedError where the file as a whole
    cannot be read.
    """
    extension = member.extension
    layouts = layouts_for(tuple(file_kinds()[kind].layouts), kind, extension, member.label)
    read = read_file(member.data, member.label, layouts, catalog().tables)
    validated = validate(read, catalog(), file_kinds()[kind].on_refused_row == "quarantine")
    rows = validated.frame
    if declared.frame:
        rows = function_named(declared.frame)(read, rows)
    tables = catalog().tables
    aside = quarantine_rows([validated], schedule_of(kind), "")
    with database.connect(threads) as con:
        con.execute("CREATE SCHEMA stage")
        account = [source_file_row(read, member, kind, "", True)]
        database.insert_rows(con, tables["source_file"], account)
        database.insert_rows(con, tables["quarantine"], aside)
        table = tables[declared.table or read.layout.table]
        database.insert_frame(con, table, rows)
        for name in ("source_file", "quarantine"):
            database.write_parquet(con, tables[name], artefact.table_path(name))
        database.write_parquet(con, table, artefact.table_path(kind))
    finish_artefact(artefact)
    return artefact
