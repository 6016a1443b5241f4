"""What a warehouse is assembled from: postings, changes and companions, each an artefact."""

from dataclasses import dataclass

from pipeline.companions.kind import CompanionKind
from pipeline.release.history import Posting
from pipeline.store import database
from pipeline.store.shelf import Artefact


@dataclass
class Companion:
    """A companion's artefact with its kind, and what is particular to that."""

    kind: str
    declared: CompanionKind
    artefact: Artefact

    @property
    def is_unread(self) -> bool:
        """Whether the file could not be read, so that the artefact has no row of it."""
        return "unread" in self.artefact.facts

    @property
    def source_file(self) -> tuple[str, int]:
        """The name of its file and how many of the file's records repeat others."""
        row = database.read_table(self.artefact.table_path("source_file")).row(0, named=True)
        return row["source_file"], row["duplicate_count"]


@dataclass
class WarehouseInputs:
    """Everything that a warehouse is assembled from; ``changes`` by table and later release."""

    postings: list[Posting]
    periods: list[dict]
    changes: dict[tuple[str, str], Artefact]
    companions: list[Companion]

    @property
    def artefacts(self) -> list[Artefact]:
        """All artefacts."""
        of_postings = [x for posting in self.postings for x in (posting.read, posting.model)]
        return [*of_postings, *self.changes.values(), *(one.artefact for one in self.companions)]
