"""The lines of a file that are none of its records: heads, heads that come again, notes and blank lines."""

import polars as pl

from pipeline.errors import refuse
from pipeline.read.grid import BLANKS
from pipeline.read.header import Match, damaged_key
from pipeline.read.layout import Layout, LayoutColumn
from pipeline.read.line_account import LineAccount
from schemas.definitions import Column, Table

# A line with nothing but words in one cell is a note; one word alone may be a cut record, unless a
# colon says that it heads others ("Notes:").
NOTE = r"\S\s+\S|^\s*[A-Za-z]+:\s*$"

# What stands before a footnote: "1", "(a)", "**".
MARK = r"^\(?([0-9]{1,2}|[a-z]|[^A-Za-z0-9]{1,3})[).]?$"

# A line of sums below the records says so in its first cell, which no code does, but the description
# of a record that has it first may.
SUM = r"^(?i:(grand |sub)?totals?)\b"

NO_DATA = "the file has no data line"

# What a field of a number holds, in the fixed-width form.
NUMBER_FIELD = r"^\s*-?[0-9]*\.?[0-9]+\s*$"

# The same with its point, which CMS writes in fixed width unless a layout says that it is implied: what
# has none may be the year of a head.
POINTED_FIELD = r"^\s*-?[0-9]*\.[0-9]+\s*$"

# By so many characters a record may have been moved: a mark of a quotation, a tab, a few that were cut.
MOST_MOVED = 8


def refuse_records_above_head(head: pl.DataFrame, match: Match, file: str) -> None:
    """A table that was sorted has its head among the records, and those above it would be lost.

    A word of a head may have the shape of a code, but no digit.
    """
    digits = pl.any_horizontal(
        pl.nth(match.positions[x.name] + 1).str.contains("[0-9]") for x in match.layout.key_columns
    )
    is_record = pl.all_horizontal(_fit_keys(head, match)) & digits
    above = head.filter(is_record)
    if len(above):
        message = "the line has the keys of a record and stands above the head"
        advice = "Get the file again, or put its head above all of its records."
        raise refuse(file, "header", message, line=above["source_line"][0], advice=advice)


def refuse_records_in_head(head: pl.DataFrame, match: Match, file: str) -> None:
    """A line below the words of a head that has a key or a number is a record with a damaged key.

    It would be taken for one more line of the head, and lost.
    """
    keys = [match.positions[x.name] for x in match.layout.key_columns]
    others = {*match.positions.values(), *match.melted} - {*keys}
    values = [
        x & _cell(place).str.contains("[0-9]")
        for x, place in zip(_fit_keys(head, match), keys, strict=True)
    ]
    values += [_cell(place).str.contains(NUMBER_FIELD) for place in sorted(others)]
    records = head[match.named :].filter(pl.any_horizontal(values))
    if len(records):
        line, *row = records.row(0)
        raise damaged_key(row, match.layout, match.positions, file, line)


def without_asides(
    body: pl.DataFrame, is_note: pl.Expr | pl.Series, file: str, account: LineAccount
) -> tuple[pl.DataFrame, pl.Series]:
    """The records without blank lines and notes, and whether a blank line preceded each."""
    first = pl.nth(1).str.strip_chars(BLANKS)
    is_blank = (first == "") & _are_blank(body.width) if body.width > 2 else first == ""
    marked = body.select(is_blank.alias("blank"), is_note.alias("note"))
    account.blank = int(marked["blank"].sum())
    account.notice = int((marked["note"] & ~marked["blank"]).sum())
    is_data = ~(marked["blank"] | marked["note"])
    if not is_data.any():
        raise refuse(file, "no_data", NO_DATA)
    blank_before = marked["blank"].shift(1, fill_value=True)
    return body.filter(is_data), blank_before.filter(is_data)


def _are_blank(width: int) -> pl.Expr:
    """Whether all cells but the first hold nothing."""
    return pl.all_horizontal(pl.nth(range(2, width)).fill_null("").str.strip_chars(BLANKS) == "")


def is_note_of_table(below: pl.DataFrame, match: Match) -> pl.Series:
    """Whether a line has nothing but one cell, and that is no key but words, or is one of sums.

    A mark in the first cell may stand before the words. In another cell than the first they have
    letters, so that no broken number is one. Where records run on over lines without a key, words in
    another cell are those of the record above.
    """
    asides = _without_keys(below, match)
    cells = [x.str.strip_chars(BLANKS) for x in _cells(asides)]
    cells[0] = pl.when(cells[0].str.contains(MARK)).then(pl.lit("")).otherwise(cells[0])
    is_lone = pl.sum_horizontal(x != "" for x in cells) == 1
    text = pl.concat_str(cells)
    is_elsewhere = pl.lit(not match.layout.runs_on) & text.str.contains("[A-Za-z]{2}")
    is_words = text.str.contains(NOTE) & ((cells[0] != "") | is_elsewhere)
    keys = pl.any_horizontal(_fit_keys(below, match))
    notes = asides.filter(is_lone & is_words & ~keys)
    sums = _sums(below if _begins_with_key(match) else asides)
    lines = pl.concat([notes["source_line"], sums["source_line"]])
    return below["source_line"].is_in(lines.implode())


def _begins_with_key(match: Match) -> bool:
    return any(match.positions[x.name] == 0 for x in match.layout.key_columns)


def _sums(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.filter(_cells(lines)[0].str.strip_chars(BLANKS).str.contains(SUM))


def _cell(place: int) -> pl.Expr:
    return pl.nth(place + 1).fill_null("")


def _cells(grid: pl.DataFrame) -> list[pl.Expr]:
    return [pl.col(name).fill_null("") for name in grid.columns[1:]]


def _fit_keys(grid: pl.DataFrame, match: Match) -> list[pl.Expr]:
    """Whether each key of a line has the shape of one; a grid may be too narrow to have its cell."""
    cells = dict(enumerate(_cells(grid)))
    keys = [(x.key, match.positions[x.name]) for x in match.layout.key_columns]
    return [
        cells.get(place, pl.lit("")).str.strip_chars(BLANKS).str.contains(f"^(?:{key})$")
        for key, place in keys
    ]


def _without_keys(grid: pl.DataFrame, match: Match) -> pl.DataFrame:
    """The few lines that lack a key: only they may be anything but a record."""
    return grid.filter(~pl.all_horizontal(_fit_keys(grid, match)))


def is_head_again(grid: pl.DataFrame, match: Match, account: LineAccount) -> pl.Series:
    """Whether a line below a head says again what a line of it says, and its place in the account.

    So it is where tables were put together, or each page has its head.
    """
    head, below = grid[: match.end], grid[match.end :]
    text = pl.concat_str([x.str.strip_chars(BLANKS) for x in _cells(grid)], separator="\0")
    said = head.select(text.alias("text")).filter(pl.col("text").str.contains(r"[^\x00]"))
    again = _without_keys(below, match).filter(text.is_in(said["text"].implode()))
    is_again = below["source_line"].is_in(again["source_line"].implode())
    lines = (below["source_line"].shift(-1) - below["source_line"]).fill_null(1).filter(is_again)
    account.header += int(lines.sum())
    account.total += int(lines.sum()) - len(again)
    return is_again


def is_like_record(layout: Layout, table: Table) -> pl.Expr:
    """Whether a line has the keys of a record, or what else only a record has: a number in every
    field of a number; where a layout has none, the days that every record has; else any one key.

    So a record with a damaged key is no note, and is refused.
    """
    numbers = _numbers_fit(layout, table)
    return keyed_line(layout) | (
        pl.all_horizontal(numbers) if numbers else pl.any_horizontal(_keys_fit(layout))
    )


def keyed_line(layout: Layout) -> pl.Expr:
    """Whether a line in fixed width has all keys of a record."""
    return pl.all_horizontal(_keys_fit(layout))


def refuse_moved_records(others: pl.DataFrame, layout: Layout, table: Table, file: str) -> None:
    """A record that gained or lost characters at its begin would be taken for a note, and lost.

    ``others`` are the lines that are no records as they stand. Words may happen to have one key
    or one number somewhere, and never several in their fields.
    """
    several = [x for x in (_keys_fit(layout), _numbers_fit(layout, table)) if len(x) > 1]
    for by in (x for x in range(-MOST_MOVED, MOST_MOVED + 1) if x and several):
        text = pl.concat_str(pl.lit(" " * -by), pl.col("0").str.slice(max(by, 0)))
        back = others.with_columns(text.alias("0"))
        moved = back.filter(pl.any_horizontal([pl.all_horizontal(x) for x in several]))
        if len(moved):
            message = f"the record stands {abs(by)} characters too far to the {'right' if by > 0 else 'left'}"
            raise refuse(file, "position", message, line=moved["source_line"][0])


def _keys_fit(layout: Layout) -> list[pl.Expr]:
    """Whether each key of a line in fixed width has the shape of one."""
    return [
        field_of(column).str.strip_chars(BLANKS).str.contains(f"^(?:{column.key})$")
        for column in layout.key_columns
    ]


def _numbers_fit(layout: Layout, table: Table) -> list[pl.Expr]:
    """Whether each field of a number holds one; where a layout has none, of the days that all have."""
    needed = [x for x in layout.columns if x.txt and x.name and x.is_needed]
    decimals = [x for x in needed if table.column(x.name).is_decimal]
    days = [x for x in needed if _is_day(table.column(x.name)) and x.date.isalpha()]
    return [
        field_of(x).str.contains(
            POINTED_FIELD if decimals and not x.txt_implied_decimals else NUMBER_FIELD
        )
        for x in decimals or days
    ]


def _is_day(column: Column) -> bool:
    """Whether a column has a day in every record."""
    return column.type == "DATE" and not column.nullable


def field_of(column: LayoutColumn) -> pl.Expr:
    """The characters of a field in the lines of a fixed-width file."""
    begin, end = column.txt or (1, 0)
    return pl.col("0").str.slice(begin - 1, end - begin + 1)
