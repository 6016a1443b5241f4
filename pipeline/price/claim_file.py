"""Files of claim lines made the input of pricing: every line of a file once, or none of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from pipeline.errors import RefusedError, UsageError, printable, refuse
from pipeline.price.carried import Carried, carried_columns, for_report, selected
from pipeline.price.cell import (
    CODES_OF_DIGITS,
    INSTANT,
    LACKS_ONE,
    OF_FLOATS,
    WITHOUT_ZEROS,
    Cell,
    are_floats,
    lacks_two_zeros,
    lacks_zeros,
)
from pipeline.price.column_map import ColumnMap, over, profile, recognised
from pipeline.price.dates import DAY_FIRST, LOOKED_AT, US, form_of
from pipeline.price.layout import (
    REQUIRED,
    cells_of,
    check_cells,
    check_heads,
    column_names,
    further_modifiers,
    known_name,
    lines_query,
    plain_query,
    unknown_columns,
    unread,
)
from pipeline.price.long import NUMBERED, made_long
from pipeline.price.mapped import (
    cells_under,
    ends_on_another_day,
    without_formulas,
    without_missing,
)
from pipeline.price.source import (
    Source,
    Wanted,
    heads_of,
    is_whole_database,
    open_source,
    unreadable,
)
from pipeline.price.text_file import TextFile, first_fault
from pipeline.store.database import rows_of
from schemas.derive import quoted


@dataclass(frozen=True)
class Said:
    """What the user says of the lines: a profile, a map, and values that hold for all of them.

    ``results`` are the columns of the output beside which those of the input are to stand.
    """

    profile: str = ""
    column_map: ColumnMap | None = None
    assumed: Mapping[str, str] = field(default_factory=dict)
    results: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Lines:
    """What was understood of a file, whose lines are now the input.

    ``read`` has for each column of ours those of the file that it is read from, none where a value
    holds for all lines. ``rows`` is the number of rows where they hold several lines each.
    """

    source: Source
    column_map: ColumnMap | None
    is_recognised: bool
    cells: dict[str, Cell]
    read: dict[str, tuple[str, ...]]
    assumed: Mapping[str, str]
    ignored: list[str]
    carried: list[Carried]
    rows: int | None = None
    # How many lines end on another day than they begin.
    of_several_days: int = 0

    @property
    def words_on_days(self) -> str:
        """What is to be known of lines of several days; '' where there are none."""
        if not (count := self.of_several_days):
            return ""
        noun = "line ends" if count == 1 else "lines end"
        return (
            f"{count:,} {noun} on another day than the first; fees, limits of units and rules of a day "
            "are those of the first day, with all units on it"
        )

    @property
    def without_zeros(self) -> list[str]:
        """The columns whose texts lack the zero in front, which came back."""
        return [name for name, cell in self.cells.items() if cell.form == WITHOUT_ZEROS]


def read_lines(con: duckdb.DuckDBPyConnection, file: Path) -> list[str]:
    """Make a file of claim lines the input; returns the columns it ignores.

    Raises RefusedError where the file cannot be read to its end or a line would be lost, and
    UsageError where it lacks a column.
    """
    return take_lines(con, Wanted(file), Said()).ignored


def take_lines(con: duckdb.DuckDBPyConnection, wanted: Wanted, said: Said) -> Lines:
    """Make the lines of a file the input; returns what was understood of it.

    A copy of a text that is packed or not in UTF-8 goes where what does not fit into memory goes.
    """
    folder = con.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]
    if said.profile and is_whole_database(wanted):
        wanted = replace(wanted, query=profile(said.profile).query)
    source = open_source(con, wanted, Path(folder))
    try:
        return take_rows(con, source, said)
    except UsageError as error:
        if not source.unread_sheets:
            raise
        # A workbook may begin with a cover.
        others = ", ".join(f'"{x}"' for x in source.unread_sheets)
        raise UsageError(
            printable(f"{error} This is the first sheet; --sheet NAME reads another: {others}.")
        ) from None


def take_rows(
    con: duckdb.DuckDBPyConnection, source: Source, said: Said, beside: Sequence[str] = ()
) -> Lines:
    """Make opened rows the input; returns what was understood of them.

    ``beside`` are columns of the source that stand beside the input under their own names.
    """
    column_map, is_recognised = _map_of(source, said)
    if column_map is None or not column_map.readings:
        check_heads((x.name for x in source.heads), said.assumed)
    long = _long(source, column_map)
    heads = without_formulas(long.heads, _written_as_formulas(con, source, long))
    heads = without_missing(heads, column_map.missing if column_map else ())
    cells, read = cells_under(heads, column_map, said.assumed)
    used = {name for names in read.values() for name in names}
    ignored = [x.name for x in long.heads if x.name not in used]
    check_cells(cells, [x.name for x in source.heads], ignored)
    carried = carried_columns(long.heads, said.results) if said.results is not None else []
    others = ((x.name, x.sql, x.type) for x in heads if x.name not in used)
    further = further_modifiers(others, cells)
    ends = ends_on_another_day(column_map, heads)
    more = [*selected(carried), *beside, *([f"{ends} as ends_on_another_day"] if ends else [])]
    try:
        cells = _with_forms(con, cells, long.relation)
        rows = _set_source(con, source, long, {**cells, **further}, more)
    except duckdb.Error as error:
        fault = first_fault(source.text, _names(source)) if source.text else None
        raise fault or unreadable(source.name, error) from None
    _refuse_day_first(con, source, cells, read)
    if carried:
        carried = [*carried, *for_report(read, carried)]
    several = _of_several_days(con) if ends else 0
    return Lines(
        source,
        column_map,
        is_recognised,
        cells,
        read,
        said.assumed,
        ignored,
        carried,
        rows,
        several,
    )


def _of_several_days(con: duckdb.DuckDBPyConnection) -> int:
    query = "SELECT count(*) FILTER (ends_on_another_day) FROM incoming_line"
    [(count,)] = con.execute(query).fetchall()
    return int(count)


def _written_as_formulas(con: duckdb.DuckDBPyConnection, source: Source, long: Source) -> list[str]:
    """The columns that may have texts as formulas: of a text file all, if any, else by their first values."""
    texts = [x for x in long.heads if x.type == "VARCHAR"]
    if source.text or not texts:
        return [x.name for x in texts] if source.text and source.text.may_have_formulas else []
    tests = ", ".join(f"""coalesce(bool_or(contains({x.sql}, '="')), false)""" for x in texts)
    first = f"(SELECT * FROM {long.relation} LIMIT {LOOKED_AT})"
    [found] = con.execute(f"SELECT {tests} FROM {first}").fetchall()
    return [x.name for x, is_so in zip(texts, found, strict=True) if is_so]


def set_lines(
    con: duckdb.DuckDBPyConnection, source: str, line_id: str, instants: Iterable[str] = ()
) -> list[str]:
    """Make a relation of claim lines the input; returns the columns that are ignored.

    ``line_id`` is an expression that numbers its rows; ``instants`` are the columns whose
    timestamps are instants although their type does not say so.
    """
    found = {x.name: x.type for x in heads_of(con, source) if x.name != "file_row_number"}
    found |= dict.fromkeys(set(instants) & set(found), INSTANT)
    check_heads(found)
    cells = cells_of(found)
    further = further_modifiers(unread(found, cells), cells)
    _set_view(con, {**_with_forms(con, cells, source), **further}, source, line_id)
    return unknown_columns(found)


def _map_of(source: Source, said: Said) -> tuple[ColumnMap | None, bool]:
    """The map that a file is read by, and whether the file itself told which."""
    if said.profile:
        named = profile(said.profile)
        return (over(named, said.column_map) if said.column_map else named), False
    # One that leaves out what no line can do without says what is other in a file of a known kind.
    readings = said.column_map.readings if said.column_map else {}
    there = {known_name(x.name) for x in source.heads} | {*readings, *said.assumed}
    if readings and set(REQUIRED) <= there:
        return said.column_map, False
    name = recognised(x.name for x in source.heads)
    if not name:
        return said.column_map, False
    known = profile(name)
    return (over(known, said.column_map) if said.column_map else known), True


def _long(source: Source, column_map: ColumnMap | None) -> Source:
    if column_map is None or not column_map.slots:
        return source
    matches = (NUMBERED.fullmatch(x.name.strip().upper()) for x in source.heads)
    numbered = dict.fromkeys(x["name"] for x in matches if x)
    of_lines = [x for x in numbered if any(x == y.upper() for y in column_map.of_lines)]
    return made_long(source, column_map.slots, of_lines)


def _with_forms(
    con: duckdb.DuckDBPyConnection, cells: dict[str, Cell], relation: str
) -> dict[str, Cell]:
    """The cells, with the form in which days and codes are written where that is not said."""
    return {
        name: replace(cell, form=cell.form or _form_of(con, name, cell, relation))
        for name, cell in cells.items()
    }


def _form_of(con: duckdb.DuckDBPyConnection, name: str, cell: Cell, relation: str) -> str:
    """The form of a column, which its first values decide; '' where it has but one."""
    if name == "date_of_service" and (cell.is_text_of_file or cell.is_number):
        return form_of(_first_values(con, cell, relation))
    if name in CODES_OF_DIGITS and cell.is_text_of_file and not cell.is_made:
        return _form_of_codes(name, _first_values(con, cell, relation))
    if name == "service_zip_code" and cell.is_number:
        return WITHOUT_ZEROS if lacks_two_zeros(_first_values(con, cell, relation)) else ""
    return ""


def _form_of_codes(name: str, values: list[str]) -> str:
    if are_floats(values):
        return OF_FLOATS
    return WITHOUT_ZEROS if name in LACKS_ONE and lacks_zeros(name, values) else ""


def _first_values(con: duckdb.DuckDBPyConnection, cell: Cell, relation: str) -> list[str]:
    values = con.execute(
        f"SELECT value FROM (SELECT {cell.text} AS value FROM {relation}) "
        f"WHERE value <> '' LIMIT {LOOKED_AT}"
    ).fetchall()
    return [str(value) for (value,) in values]


def _set_source(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    long: Source,
    cells: dict[str, Cell],
    carried: list[str],
) -> int | None:
    """Make the lines the input; returns the number of rows where each holds several lines."""
    if long.line_id:
        _set_view(con, cells, long.relation, long.line_id, carried)
        return None
    query = lines_query(cells, long.relation, carried=carried)
    con.execute(f"CREATE OR REPLACE TABLE read_line AS {query}")
    rows = None
    if long is not source:
        [(rows,)] = con.execute(f"SELECT count(*) FROM {source.relation}").fetchall()
    if source.text:
        _refuse_lost_lines(con, source.text, _names(source), rows)
    con.execute("CREATE OR REPLACE VIEW incoming_line AS SELECT rowid AS line_id, * FROM read_line")
    return rows


def _set_view(
    con: duckdb.DuckDBPyConnection,
    cells: dict[str, Cell],
    relation: str,
    line_id: str,
    carried: Iterable[str] = (),
) -> None:
    # The lines are read several times, and texts that need not be looked at are read faster.
    [tested] = rows_of(con, plain_query(cells, relation))
    plain = {name for name, is_plain in tested.items() if is_plain}
    query = lines_query(cells, relation, line_id, plain, carried)
    con.execute(f"CREATE OR REPLACE VIEW incoming_line AS {query}")


def _names(source: Source) -> set[str]:
    """The names by which a head is known that stands among the lines."""
    return column_names() | {known_name(x.name) for x in source.heads if x.name.strip()}


def _refuse_lost_lines(
    con: duckdb.DuckDBPyConnection, file: TextFile, names: set[str], rows: int | None
) -> None:
    """Hold the records that were counted against the rows that were read."""
    codes = ", ".join(quoted(name.upper()) for name in sorted(names))
    lines, heads = con.execute(
        f"SELECT count(*), count(*) FILTER (hcpcs_code IN ({codes})) FROM read_line"
    ).fetchall()[0]
    lines = lines if rows is None else rows
    is_suspect = heads or file.is_uneven or lines != file.records
    fault = first_fault(file, names) if is_suspect else None
    if fault:
        raise fault
    if lines != file.records:
        message = f"it has {file.records:,} records and {lines:,} of them can be read"
        raise refuse(file.name, "claim_lines", message, advice="Write it again as Parquet or CSV.")


def _refuse_day_first(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    cells: dict[str, Cell],
    read: Mapping[str, tuple[str, ...]],
) -> None:
    """Raise RefusedError where days with slashes prove not to have the month first."""
    if cells["date_of_service"].form != US:
        return
    pattern = r'"(1[3-9]|2[0-9]|3[01])/(0?[1-9]|1[0-2])/[0-9]{4}'
    found = con.execute(
        "SELECT line_id, remark FROM incoming_line WHERE unreadable = 'date_of_service' "
        f"AND regexp_matches(remark, {quoted(pattern)}) ORDER BY line_id LIMIT 1"
    ).fetchall()
    if found:
        raise _day_first(source.name, found[0], read["date_of_service"])


def _day_first(name: str, found: tuple[int, str], heads: tuple[str, ...]) -> RefusedError:
    number, remark = found
    value = remark.partition('"')[2].rstrip('"')
    message = f'"{value}" in row {number + 1:,} has the day first, and dates with slashes are read with the month first'
    column = json.dumps(heads[0] if heads else "date_of_service", ensure_ascii=False)
    advice = (
        "Say so in a map (--columns FILE, in Python columns=), which is two lines: [columns] and "
        f'date_of_service = {{ column = {column}, date = "{DAY_FIRST}" }}.'
    )
    return refuse(
        name, "claim_lines", message, column="date_of_service", value=value, advice=advice
    )
