"""Wide tables into long ones: columns whose heads are values become rows."""

from itertools import pairwise

import polars as pl

from pipeline.read.layout import Melt

# The place of a column, as the name that the grid has for it.
PLACE = "place"


def melted_columns(
    cells: list[str], melt: Melt | None
) -> tuple[dict[int, tuple[str, ...]], list[str]]:
    """The places of the columns that become rows, with what their words say, and faults in words.

    Every column between the first and the last of them must be one, and no two may say the same:
    a column whose words are not understood is a loss of all its amounts.
    """
    if melt is None:
        return {}, []
    melted = _said(cells, melt)
    if not melted:
        return {}, [f"no column is headed like those that become rows ({melt.words})"]
    faults = [
        f'column {place + 1} ("{cells[place]}") stands among those that become rows'
        for one, another in pairwise(melted)
        for place in range(one + 1, another)
    ]
    seen: dict[tuple[str, ...], int] = {}
    for place, said in melted.items():
        if seen.setdefault(said, place) != place:
            numbers = f"{seen[said] + 1} and {place + 1}"
            faults.append(f"the columns {numbers} are both headed {' '.join(said)}")
    return melted, faults


def melted_fields(names: list[str], melt: Melt | None) -> dict[int, tuple[str, ...]]:
    """The places of the fields that become rows, in a form without a head, by their names."""
    if melt is None:
        return {}
    return _said(names, melt)


def _said(heads: list[str], melt: Melt) -> dict[int, tuple[str, ...]]:
    return {place: said for place, head in enumerate(heads) if (said := melt.said(head))}


def melted_rows(
    texts: pl.DataFrame, melt: Melt, melted: dict[int, tuple[str, ...]]
) -> pl.DataFrame:
    """One row per record and column of ``melted``, in the order in which they stand in the file.

    ``texts`` has those columns under their places, as the grid names them.
    """
    *said, value = melt.names
    places = [str(place) for place in melted]
    words = pl.DataFrame(
        [(str(place), *row) for place, row in melted.items()],
        schema=[PLACE, *said],
        orient="row",
    )
    index = [name for name in texts.columns if name not in places]
    rows = texts.unpivot(places, index=index, variable_name=PLACE, value_name=value)
    # One column lies below the other; a stable sort gives each record back its row in turn.
    rows = rows.join(words, on=PLACE, maintain_order="left").drop(PLACE)
    return rows.sort("source_line", maintain_order=True)
