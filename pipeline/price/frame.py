"""Claim lines in a Polars frame, priced: ``price(frame, warehouse)``."""

from collections.abc import Collection
from pathlib import Path

import polars as pl

from pipeline.command import command
from pipeline.errors import NotThereError, UsageError
from pipeline.price import duckdb_engine as engine
from pipeline.price.layout import NUMBERED_MODIFIER, check_heads, column_names, known_name
from pipeline.price.plan import RESULT, TRACE, USUAL, Terms, priced_line
from pipeline.publish.swap import Warehouse


def price(
    frame: pl.DataFrame | pl.LazyFrame,
    warehouse: str | Path,
    *,
    with_trace: bool = False,
    memory: str = "800MB",
    threads: int | None = None,
    terms: Terms = USUAL,
    without: Collection[str] = (),
) -> pl.DataFrame:
    """Price claim lines under Medicare: one row out for each row in, in the order given.

    ``frame`` has the columns of ``price.claim_line`` (DICTIONARY.md) under their names in any letter
    case; those that may be missing may be left out. ``warehouse`` is the folder of a published
    warehouse. The result has ``plan.RESULT``: ``allowed_amount`` in US dollars as a decimal of two
    places, NULL with a ``reason`` where a line has no price; with ``with_trace`` also ``plan.TRACE``,
    every figure that the price follows from; then the columns of ``frame`` that pricing does not
    read, unchanged. ``memory`` is what DuckDB keeps to, as in "4GB"; ``terms`` say
    how the run goes from allowed to paid (deductible, sequestration). ``without`` names edits
    that are not to be applied (``ncci``, ``mue``, ``global``, ``g2211``).

    Raises UsageError where a column is missing, twice, or called as one of the result, or an edit
    is none, and NotThereError where there is no warehouse or another version of the program made it.
    """
    lines = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
    check_heads(lines.columns)
    read = [name for name in lines.columns if known_name(name) in column_names()]
    others = lines.drop(read)
    given = RESULT + TRACE if with_trace else RESULT
    for name in others.columns:
        if name.lower() in given:
            raise UsageError(
                f"The frame has a column {name}, which the result has, too: rename it."
            )
    database = Warehouse(Path(warehouse)).database
    if not database.exists():
        raise NotThereError(
            f"There is no warehouse in {warehouse}; make one with: {command('refresh')}"
        )
    # Further modifiers are not read, but one that is filled refuses its line.
    looked_at = [*read, *(x for x in others.columns if NUMBERED_MODIFIER.fullmatch(known_name(x)))]
    priced = _priced(
        lines.select(_texts(lines.select(looked_at))),
        database,
        with_trace,
        memory,
        threads,
        terms,
        without,
    )
    return priced.hstack(others.rechunk())


def _priced(
    lines: pl.DataFrame,
    database: Path,
    with_trace: bool,
    memory: str,
    threads: int | None,
    terms: Terms,
    without: Collection[str],
) -> pl.DataFrame:
    with engine.pricer(database, threads, memory) as con:
        con.register("given_frame", lines)
        con.execute("CREATE TABLE written_line AS FROM given_frame")
        engine.set_lines(con, "written_line", "rowid")
        terms = engine.met_terms(con, terms)
        engine.price(con, with_trace, terms=terms, without=without)
        priced = con.sql(priced_line(with_trace, ("line_id",), terms)).pl()
    return priced.select(_texts(priced)).sort("line_id").drop("line_id")


def _texts(frame: pl.DataFrame) -> list[pl.Expr]:
    """The columns of a frame, those of few distinct texts and of numbers that Arrow has not as texts."""
    return [
        pl.col(name).cast(pl.String)
        if kind in (pl.Categorical, pl.Enum, pl.Int128)
        else pl.col(name)
        for name, kind in frame.schema.items()
    ]
