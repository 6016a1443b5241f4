"""Cells of a sheet of any size whose values are not in it: a library reads them as blank ones."""

import re
from collections.abc import Iterator
from typing import IO

from pipeline.read.sheet import PREFIX

# As much of a sheet is looked at together; no cell is longer than what two blocks share.
BLOCK, SHARED = 1 << 20, 1 << 16


def _element(name: bytes, within: bytes) -> bytes:
    return (
        rb"<" + PREFIX + name + rb"(?:\s[^<>]*)?(?:/>|(?<!/)>" + within + rb"</" + PREFIX + name + rb"\s*>)"
    )  # fmt: skip


# A cell with a formula and without a value, of which the reference and the type stand in its first group.
# A formula that gives an empty text says so by its type.
FORMULA = re.compile(
    rb"<" + PREFIX + rb"c(\s[^<>]*)>\s*" + _element(rb"f", rb"[^<]*") + rb"\s*"
    rb"(?:" + _element(rb"v", rb"\s*") + rb"\s*)?</" + PREFIX + rb"c\s*>"
)  # fmt: skip
MERGED = re.compile(rb"<" + PREFIX + rb'mergeCell\s[^<>]*?ref="([A-Z]+)([0-9]+):[A-Z]+([0-9]+)"')
PLACE = re.compile(rb'\sr="([A-Z]+[0-9]+)"')
IS_TEXT = re.compile(rb'\st="str"')


def first_lost_cell(xml: IO[bytes]) -> str:
    """What is said of the first of them, '' where there is none."""
    for block in _blocks(xml):
        # Most blocks have neither, which is seen at once.
        if (b"<f" in block or b":f" in block) and (cell := _formula(block)):
            return f"{cell} holds a formula whose value was not saved"
        if b"mergeCell" in block and (cells := _merged(block)):
            return f"{cells} are merged, and have one value for all these rows"
    return ""


def _formula(block: bytes) -> str:
    for cell in FORMULA.finditer(block):
        if not IS_TEXT.search(cell[1]):
            place = PLACE.search(cell[1])
            return f"cell {place[1].decode()}" if place else "a cell"
    return ""


def _merged(block: bytes) -> str:
    for column, first, last in MERGED.findall(block):
        if first != last:
            name = column.decode()
            return f"the cells {name}{first.decode()} to {name}{last.decode()}"
    return ""


def _blocks(xml: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := xml.read(BLOCK):
        yield rest + block
        rest = (rest + block)[-SHARED:]
