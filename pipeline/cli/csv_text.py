"""Rows as CSV in which NULL and an empty text stay apart, as in the exported files."""

import re
from collections.abc import Iterable

QUOTED = re.compile('[,"\r\n]')


def csv_text(names: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A line of names and a line for each row: nothing stands for NULL, ``""`` for an empty text.

    NULL in the only column is ``""`` too, because programs skip a line of nothing.
    """
    lines: list[list[object]] = [[*names], *([*row] for row in rows)]
    return "".join(_line(line) + "\n" for line in lines)


def _line(cells: list[object]) -> str:
    return '""' if cells == [None] else ",".join(map(_cell, cells))


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    is_quoted = value == "" or QUOTED.search(text)
    return '"' + text.replace('"', '""') + '"' if is_quoted else text
