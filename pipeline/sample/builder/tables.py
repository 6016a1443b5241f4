"""Read the three tables of figures that the sample is made from."""

import csv
from pathlib import Path
from typing import NamedTuple

Row = dict[str, str]


class Tables(NamedTuple):
    """The three tables as rows of text by column name, in the order of their files.

    ``figures`` has one row per code and modifier, with RVUs and indicators as in CMS's file of
    relative values; ``localities`` has one row per payment locality, with its indices, its
    anesthesia conversion factor in dollars and its counties; ``zips`` has one row per ZIP code.
    """

    figures: list[Row]
    localities: list[Row]
    zips: list[Row]

    @classmethod
    def read(cls, folder: Path) -> "Tables":
        """Read ``figures.csv``, ``localities.csv`` and ``zips.csv`` from a folder."""
        return cls(*(read_table(folder / f"{name}.csv") for name in cls._fields))


def read_table(path: Path) -> list[Row]:
    """Read a CSV table with a header line."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def locality_key(row: Row) -> tuple[str, str]:
    """Return contractor and locality number, which identify a locality and order amounts."""
    return row["mac"], row["locality_number"]
