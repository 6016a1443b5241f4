"""A named SELECT of a plan: an engine runs the steps of a plan one after the other."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One SELECT; a table is computed once and kept, a view wherever it is read.

    ``words`` are its columns of few distinct texts, which an engine may keep as numbers.
    ``frees`` are the tables that nothing reads once it is there: they would fill the memory.
    """

    name: str
    query: str
    is_table: bool = True
    words: tuple[str, ...] = ()
    frees: tuple[str, ...] = ()
