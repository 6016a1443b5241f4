"""The manners of text whose cells are separated, by the names that layouts call them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Separated:
    """How cells stand in a line: what is between them, and whether a quotation mark encloses one."""

    separator: str
    is_quoted: bool


# What may stand between cells, in words for people.
BETWEEN_CELLS = {",": "commas", "\t": "tabs", ";": "semicolons", "~": "tildes"}

# Where nothing is quoted, a quotation mark is a character like any other.
SEPARATED = {
    "csv": Separated(",", True),
    "tsv": Separated("\t", False),
    "quoted_tsv": Separated("\t", True),
    "tilde": Separated("~", False),
}
