"""What is particular to one kind of file that lies beside releases."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.read.bundle import Member
from pipeline.read.file import FileRead
from pipeline.store.shelf import Artefact


@dataclass(frozen=True)
class CompanionKind:
    """A kind of file that lies beside releases.

    ``table`` is the public table that it becomes, '' where it is only compared with. ``frame``
    makes the rows of that table of those that were accepted; ``build``, for files that are too
    large to be read whole, does everything. ``folders`` hold the SQL of it.
    """

    table: str = ""
    frame: Callable[[FileRead, pl.DataFrame], pl.DataFrame] | None = None
    build: Callable[[Member, str, Artefact, int], Artefact] | None = None
    folders: tuple[Path, ...] = ()

    @property
    def modules(self) -> list[str]:
        """The modules that read it."""
        return sorted({function.__module__ for function in (self.frame, self.build) if function})
