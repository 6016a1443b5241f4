"""Companions that say what another one says: CMS ships ZIP5 as text and as workbook in one zip."""

from functools import cached_property
from itertools import groupby

import duckdb

from pipeline.release.files import FORM_CHOICE
from pipeline.release.warehouse_inputs import Companion
from pipeline.store import database

# Where a row stands says nothing of a place or a code. What is added up stands in no line.
WHERE_IT_STANDS = ("source_file", "source_line")


class _File:
    """One companion: how it ranks among others of its kind, and its rows."""

    def __init__(self, companion: Companion) -> None:
        path = companion.artefact.table_path("source_file")
        self.row = database.read_table(path).row(0, named=True)
        self.companion = companion
        form = self.row["form"]
        rank = FORM_CHOICE.index(form) if form in FORM_CHOICE else len(FORM_CHOICE)
        self.rank = (companion.kind, rank, self.row["source_file"])

    @cached_property
    def rows(self) -> str:
        """A SELECT of what it says."""
        path = self.companion.artefact.table_path(self.companion.kind)
        return (
            f"SELECT COLUMNS(lambda x: x NOT IN {WHERE_IT_STANDS}) FROM {database.parquet([path])}"
        )

    def says_what(self, other: "_File", con: duckdb.DuckDBPyConnection) -> bool:
        """Whether the other file has the same bytes or, in another form, the same rows."""
        if self.row["sha256"] == other.row["sha256"]:
            return True
        if self.row["form"] == other.row["form"]:
            return False
        if self.row["loaded_count"] != other.row["loaded_count"]:
            return False
        return not con.execute(f"({self.rows}) EXCEPT ({other.rows}) LIMIT 1").fetchall()


def copies_among(companions: list[Companion]) -> set[str]:
    """The keys of the artefacts whose file repeats another of its kind, which is loaded instead."""
    files = [_File(one) for one in companions if one.declared.table and not one.is_unread]
    copies = set()
    with database.in_memory() as con:
        for _, of_kind in groupby(sorted(files, key=lambda file: file.rank), lambda x: x.rank[0]):
            kept: list[_File] = []
            for file in of_kind:
                if any(file.says_what(other, con) for other in kept):
                    copies.add(file.companion.artefact.key)
                else:
                    kept.append(file)
    return copies
