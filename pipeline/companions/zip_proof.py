"""What the values of a ZIP file prove of its columns; nothing else tells a shifted column from a sound one.

The file is in the order of states, so that a column that is shifted by a row is wrong at the border of
every state: there a contractor, a locality or a ZIP code stands in a state that has no other such. CMS's
files have no such place among 42,956 ZIP codes (October 2025 and January 2026).
"""

import polars as pl

from pipeline.errors import refuse

# Fewer rows prove nothing.
FEWEST_ROWS = 5_000

# So many strangers may be new ones, and no file with a shifted column has as few.
MOST_STRANGERS = 5

# Seven areas of three digits span states.
MOST_AREAS_OF_TWO_STATES = 20


def prove_zips(frame: pl.DataFrame, file: str) -> None:
    """Raise RefusedError where the rows of ``frame`` cannot be those of one quarter's file."""
    quarters = sorted(frame["year_quarter"].unique())
    if len(quarters) > 1:
        message = f"its rows are of more than one quarter: {' and '.join(quarters[:3])}"
        raise refuse(file, "period", message)
    if len(frame) < FEWEST_ROWS:
        return
    found = _strangers(frame, "cms_state_code", "mac") + _strangers(frame, "mac", "locality_number")
    if len(found) > MOST_STRANGERS:
        message = f"{found[0]}, and {len(found) - 1} more are like that: a column is shifted"
        raise refuse(file, "places", message)
    areas = frame.group_by(pl.col("zip_code").str.head(3).alias("area")).agg(
        pl.col("cms_state_code").str.replace("^[EW]([KM])$", "$1").n_unique().alias("states")
    )
    mixed = areas.filter(pl.col("states") > 1)["area"].sort()
    if len(mixed) > MOST_AREAS_OF_TWO_STATES:
        message = f"the ZIP codes of {len(mixed)} areas ({', '.join(mixed[:3])}, ...) lie in more than one state"
        raise refuse(file, "places", message)


def _strangers(frame: pl.DataFrame, of: str, column: str) -> list[str]:
    """The values of a column that stand once beside a value of another that has many rows."""
    pairs = frame.group_by(of, column).agg(pl.len().alias("count"))
    rare = pairs.with_columns(pl.col("count").sum().over(of).alias("all")).filter(
        (pl.col("count") == 1) & (pl.col("all") >= 50)
    )
    named = [
        f"{column} {value} stands once beside {of} {key}"
        for key, value in rare.select(of, column).rows()
    ]
    return sorted(named)
