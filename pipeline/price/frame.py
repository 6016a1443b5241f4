"""Claim lines in a Polars frame, priced: ``price(frame, warehouse)``."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipeline.command import command
from pipeline.errors import NotThereError, UsageError, exists, printable, require_kind
from pipeline.price import duckdb_engine as engine
from pipeline.price.carried import OF_THE_LINE
from pipeline.price.claim_file import Lines, Said, take_rows
from pipeline.price.column_map import ColumnMap, made_map, read_map
from pipeline.price.layout import check_heads, column_names, is_modifier, known_name
from pipeline.price.plan import USUAL, Terms, priced_line, require_said, results
from pipeline.price.source import Source, heads_of
from pipeline.publish.swap import Warehouse


def price(
    frame: pl.DataFrame | pl.LazyFrame,
    warehouse: str | Path,
    *,
    columns: Mapping[str, Any] | str | Path | None = None,
    profile: str = "",
    with_trace: bool = False,
    memory: str | None = None,
    threads: int | None = None,
    terms: Terms = USUAL,
    without: Collection[str] = (),
) -> pl.DataFrame:
    """Price claim lines under Medicare: one row out for each line, in the order given.

    ``frame`` has the columns of ``price.claim_line`` (DICTIONARY.md) under their names in any letter
    case; those that may be missing may be left out. A frame with other columns takes ``columns``,
    the file of a map or what stands below ``[columns]`` in one, or the name of a ``profile``
    (``ccw``, ``synpuf``, ``omop``, ``837p``), whose rows may hold several lines each; a map beside
    a profile changes it. ``warehouse`` is the folder of a published warehouse.

    The result has ``plan.RESULT``: ``allowed_amount`` in US dollars as a decimal of two places, NULL
    with a ``reason`` where a line has no price; with ``with_trace`` also ``plan.TRACE``, every figure
    that the price follows from; then the columns of ``frame`` unchanged: those that pricing does not
    read, and under a map or profile all but a claim id and line number that the result has.
    ``memory`` is what DuckDB keeps to, as in "4GB" (800MB where it is not said); ``terms`` say how the run goes from allowed to
    paid (deductible, sequestration). ``without`` names edits that are not to be applied (``ncci``,
    ``mue``, ``global``, ``g2211``).

    Raises UsageError where an argument is of another kind, a column is missing, twice, or called as
    one of the result, the map says what cannot be, or an edit is none, and NotThereError where there is no warehouse or another
    version of the program made it.
    """
    lines = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
    if not isinstance(lines, pl.DataFrame):
        raise UsageError(
            f"The claim lines are a Polars frame, not {type(frame).__name__}; "
            "polars.from_pandas and polars.DataFrame make one."
        )
    require_kind("warehouse", warehouse, (str, Path), "the folder of a warehouse, as text or path")
    require_kind("profile", profile, str, 'the name of a profile, such as "ccw"')
    require_kind("memory", memory, (str, type(None)), 'an amount of memory, such as "3GB"')
    require_said(with_trace, terms, without)
    database = Warehouse(Path(warehouse)).database
    said = Said(profile, _map_of(columns)) if profile or columns is not None else None
    if said is None:
        check_heads(lines.columns)
    if not exists(database):
        raise NotThereError(
            f"There is no warehouse in {warehouse}; make one with: {command('refresh')}"
        )
    with engine.pricer(database, threads, memory) as con:
        kept = _kept(lines, _take(con, lines, said), said, results(with_trace))
        terms = engine.met_terms(con, terms)
        engine.price(con, with_trace, terms=terms, without=without, few=engine.FEW_LINES)
        priced = con.sql(priced_line(with_trace, ("line_id", ROW), terms)).pl()
    priced = priced.select(_texts(priced)).sort("line_id")
    # Of no columns there are no rows to be taken.
    others = lines.select(kept)[priced[ROW]].rechunk() if kept else pl.DataFrame()
    return priced.drop("line_id", ROW).hstack(others)


# Zones that computers keep.
OF_COMPUTERS = ("UTC", "Etc/UTC", "GMT", "Z", "+00:00")
# The number of the row of the frame that a line comes from.
ROW = "row_of_frame"


def _map_of(columns: Mapping[str, Any] | str | Path | None) -> ColumnMap | None:
    if columns is None:
        return None
    if isinstance(columns, str | Path):
        return read_map(Path(columns))
    return made_map("columns", {"columns": columns})


def _kept(
    lines: pl.DataFrame, understood: Lines, said: Said | None, results: Collection[str]
) -> list[str]:
    """The columns of the frame that stand behind the results."""
    read = {name for names in understood.read.values() for name in names}
    if said:
        read = {name for name in read if known_name(name) in OF_THE_LINE}
    kept = [name for name in lines.columns if name not in read]
    for name in kept:
        if name.lower() in results:
            raise UsageError(
                f"The frame has a column {name}, which the result has, too: rename it."
            )
    return kept


def _take(con: duckdb.DuckDBPyConnection, lines: pl.DataFrame, said: Said | None) -> Lines:
    """Make the rows of a frame the input; each line knows its row."""
    for name in lines.columns:
        if known_name(name) == ROW:
            raise UsageError(f"The frame has a column {name}, which pricing uses: rename it.")
    looked_at = [name for name, kind in lines.schema.items() if _is_looked_at(name, kind, said)]
    for name in looked_at:
        if lines.schema[name] == pl.Object:
            raise UsageError(
                f"The column {printable(name)} of the frame holds objects of Python: "
                "make texts, numbers or dates of them."
            )
    read = lines.select(looked_at)
    rows = read.with_columns(_by_the_clock(read)).select(_texts(read)).with_row_index(ROW)
    con.register("given_frame", rows)
    con.execute("CREATE TABLE written_line AS FROM given_frame")
    source = Source("the frame", "frame", "written_line", heads_of(con, "written_line"), "rowid")
    return take_rows(con, source, said or Said(), [ROW])


def _is_looked_at(name: str, kind: pl.DataType, said: Said | None) -> bool:
    if said:
        # Of a column of lists that is to be read the reader says that it has no plain values.
        return not (kind.is_nested() or kind == pl.Object) or known_name(name) in _named(said)
    # Further modifiers are not read, but one that is filled refuses its line.
    return known_name(name) in column_names() or is_modifier(known_name(name))


def _named(said: Said) -> set[str]:
    """The columns that a map names."""
    readings = said.column_map.readings.values() if said.column_map else ()
    return {known_name(name) for reading in readings for name in reading.columns}


def _by_the_clock(frame: pl.DataFrame) -> list[pl.Expr]:
    """The points in time of a frame that has their zone, as clocks there show them.

    Of UTC nobody knows whether it is the zone of the day or that of the computer.
    """
    return [
        pl.col(name).dt.replace_time_zone(None)
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.Datetime) and kind.time_zone not in (None, *OF_COMPUTERS)
    ]


def _texts(frame: pl.DataFrame) -> list[pl.Expr]:
    """The columns of a frame, those of few distinct texts and of numbers that Arrow has not as texts."""
    return [
        pl.col(name).cast(pl.String)
        if kind in (pl.Categorical, pl.Enum, pl.Int128)
        else pl.col(name)
        for name, kind in frame.schema.items()
    ]
