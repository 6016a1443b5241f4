"""Rows that hold several claim lines, made long: a row for each line."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.errors import UsageError
from pipeline.price.source import Head, Source
from schemas.derive import quoted

NUMBERED = re.compile(r"(?P<name>.+)_(?P<place>[0-9]{1,2})")
# The column that a row of several lines does not have: which of them this one is.
PLACE = "line of the row"


def made_long(source: Source, slots: int, of_lines: Sequence[str]) -> Source:
    """The source with a row for each of the ``slots`` lines of a row, in their order.

    ``of_lines`` are columns of a line: of each there are as many, ending in _1, _2 and so on. A line
    of which all are blank or zero is none. Raises UsageError where one of them is missing.
    """
    found = {head.name.strip().upper(): head for head in source.heads}
    parts = {
        name: [found.get(f"{name}_{place}") for place in range(1, slots + 1)] for name in of_lines
    }
    there = {name: heads for name, heads in parts.items() if any(heads)}
    for name, heads in there.items():
        if missing := [place for place, head in enumerate(heads, 1) if head is None]:
            raise UsageError(f"The file of claim lines has {name}_1 and no {name}_{missing[0]}.")
    taken = {head.sql for heads in there.values() for head in heads if head}
    row = [head for head in source.heads if head.sql not in taken]
    names = {name: f"s{place}" for place, name in enumerate(there, 1)}
    types = {name: _type(heads) for name, heads in there.items()}
    lines = ", ".join(
        _line(place, [(names[x], heads[place - 1], types[x]) for x, heads in there.items()])
        for place in range(1, slots + 1)
    )
    rows = ", ".join([*(head.sql for head in row), *([source.line_id] if source.line_id else [])])
    relation = f"(SELECT {rows}, unnest([{lines}]) AS slot FROM {source.relation})"
    filled = " OR ".join(_is_filled(f"slot.{x}") for x in names.values())
    made = (
        *row,
        *(Head(x, f"slot.{names[x]}", types[x]) for x in there),
        Head(PLACE, "slot.place", "INTEGER"),
    )
    relation = f"(FROM {relation} WHERE {filled})"
    return replace(
        source,
        relation=relation,
        heads=made,
        line_id="",
        form=f"{source.form}, {slots} lines a row",
    )


def _type(heads: Sequence[Head | None]) -> str:
    kinds = {head.type for head in heads if head}
    return kinds.pop() if len(kinds) == 1 else "VARCHAR"


def _line(place: int, cells: list[tuple[str, Head | None, str]]) -> str:
    values = (f"{quoted(x)}: cast({head.sql} as {kind})" for x, head, kind in cells if head)
    return f"{{'place': {place}, {', '.join(values)}}}"


def _is_filled(cell: str) -> str:
    text = f"trim(cast({cell} as varchar))"
    return f"coalesce(not regexp_full_match({text}, '0*([.]0*)?'), false)"
