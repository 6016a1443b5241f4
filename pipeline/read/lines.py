"""Which lines of a file are data: every line of it is accounted for here."""

import re
from dataclasses import dataclass, field

import polars as pl

from pipeline.errors import refuse
from pipeline.read.grid import BLANKS, head_texts
from pipeline.read.header import Match, match_header
from pipeline.read.layout import Layout, LayoutColumn
from pipeline.read.melt import melted_rows
from schemas.definitions import Column, Table

# A line with nothing but words in one cell is a note; one word alone may be a cut record, unless a
# colon says that it heads others ("Notes:").
NOTE = r"\S\s+\S|^\s*[A-Za-z]+:\s*$"

# No record of CMS has so many lines: a cell with more is what a stray quote swallowed.
MOST_LINES_OF_A_RECORD = 20

NO_DATA = "the file has no data line"

# What a field of a number holds, in the fixed-width form.
NUMBER_FIELD = r"^\s*-?[0-9]*\.?[0-9]+\s*$"


@dataclass
class LineAccount:
    """How many lines of a file became what; ``total`` must equal the sum of the rest.

    A record or notice of several lines is counted by its first; the others are ``continuation``.
    ``repeated`` says of each ``duplicate`` which line it is and which record it repeats, ``restored``
    of each column in how many cells zeros in front were put back.
    """

    total: int
    header: int = 0
    notice: int = 0
    blank: int = 0
    duplicate: int = 0
    continuation: int = 0
    quarantined: int = 0
    loaded: int = 0
    repeated: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()

    @property
    def balances(self) -> bool:
        """Whether every line is accounted for exactly once."""
        parts = (
            self.header,
            self.notice,
            self.blank,
            self.duplicate,
            self.continuation,
            self.quarantined,
            self.loaded,
        )
        return self.total == sum(parts)


@dataclass
class DataLines:
    """The data of a file, the texts of the lines above it, and the account so far.

    ``texts`` has one column per role that the file has, stripped, and ``source_line``; of a wide
    table several rows have the same. ``extra`` are the words above columns that have no role and
    are not loaded, ``sheet`` is the one of a workbook.
    """

    layout: Layout
    texts: pl.DataFrame
    head: list[str]
    account: LineAccount = field(repr=False)
    extra: tuple[str, ...] = ()
    sheet: str = ""


def sort_table_lines(grid: pl.DataFrame, layouts: tuple[Layout, ...], file: str) -> DataLines:
    """Find the head of a CSV or workbook and sort its lines into records and the rest.

    Raises RefusedError where no layout fits, and for a line that is no record and no note.
    """
    match = match_header(grid, layouts, file)
    layout = match.layout
    at = match.positions
    account = _account(grid, match.end)
    if layout.has_head:
        _refuse_records_above_head(grid[: match.end], match, file)
    is_head = _is_head_again(grid, match, account)
    below = grid[match.end :]
    if not layout.line_feeds:
        _refuse_records_of_several_lines(below, is_head, file)
    below = below.filter(~is_head)
    if layout.line_feeds:
        _account_for_continuations(below, match, file, account)
    is_note = _is_note_of_table(below, match)
    body, blank_before = _without_asides(below, is_note, file, account)
    cells = _of_width(body, match.width, file)
    names = {place: _name_in_rows(name, place, match) for name, place in at.items()}
    names |= {place: str(place) for place in match.melted}
    texts = cells.select(
        "source_line", **{name: pl.col(str(place)) for place, name in names.items()}
    )
    for column in (x for x in layout.columns if x.counts):
        texts = _where_it_counts(texts, column, names[at[column.name]])
    if layout.runs_on or layout.kind_of_line:
        texts, blank_before = _with_what_follows(texts, layout, account, file)
    head = head_texts(grid[: match.end])
    lines = _data_lines(layout, texts, blank_before, head, account, match.extra)
    for column in (x for x in layout.columns if x.lost and x.name in lines.texts.columns):
        lines.texts = _with_zeros(lines.texts, column, account)
    if layout.melt:
        lines.texts = melted_rows(lines.texts, layout.melt, match.melted)
    return lines


def _with_zeros(texts: pl.DataFrame, column: LayoutColumn, account: LineAccount) -> pl.DataFrame:
    """The cells of a column with the zeros in front that a spreadsheet took, or as they are.

    It takes them all and leaves the rest as it is: where another number has its zero, or another
    value not its length, a short one lacks something else.
    """
    cells = texts[column.name]
    is_short = cells.str.contains(f"^(?:{column.lost})$")
    others = cells.filter(~is_short & (cells != ""))
    kept_zeros = others.str.contains("^0[0-9]*$").any()
    if not is_short.any() or kept_zeros or (others.str.len_chars() != column.length).any():
        return texts
    account.restored += (f"{column.name} in {is_short.sum():,} cells",)
    return texts.with_columns(cells.str.zfill(column.length).zip_with(is_short, cells))


def _name_in_rows(name: str, place: int, match: Match) -> str:
    """What a column is called until it becomes rows: by its place, where it is to become some."""
    return str(place) if place in match.melted else name


def _where_it_counts(texts: pl.DataFrame, column: LayoutColumn, name: str) -> pl.DataFrame:
    """The cells of a column, and what stands for those of records in which they mean something else."""
    counts = column.counts
    if counts is None:
        return texts
    is_meant = pl.col(counts.column).str.strip_chars(BLANKS) == counts.value
    return texts.with_columns(
        pl.when(is_meant).then(pl.col(name)).otherwise(pl.lit(counts.otherwise)).alias(name)
    )


def sort_fixed_lines(
    grid: pl.DataFrame, layouts: tuple[Layout, ...], tables: dict[str, Table], file: str
) -> DataLines:
    """Cut the lines of a fixed-width file into cells and sort them into records and the rest.

    Raises RefusedError for a record of another length or with text where no field lies.
    """
    candidates = [layout for layout in layouts if layout.txt]
    if len(candidates) != 1:
        names = ", ".join(layout.name for layout in layouts)
        message = f"no single fixed-width layout is declared for this file (declared: {names})"
        raise refuse(file, "layout", message)
    layout = candidates[0]
    is_like_record = _is_like_record(layout, tables[layout.table])
    begins = grid.select(is_like_record).to_series()
    if not begins.any():
        raise refuse(file, "no_data", "no line has the shape of a record")
    header_ends = begins.arg_max() or 0
    account = _account(grid, header_ends)
    is_note = ~is_like_record & pl.col("0").str.contains(NOTE)
    body, blank_before = _without_asides(grid[header_ends:], is_note, file, account)
    texts = _cut(body, layout, file)
    if layout.kind_of_line:
        texts, blank_before = _with_what_follows(texts, layout, account, file)
    return _data_lines(layout, texts, blank_before, head_texts(grid[:header_ends]), account, ())


def _refuse_records_above_head(head: pl.DataFrame, match: Match, file: str) -> None:
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


def _refuse_records_of_several_lines(body: pl.DataFrame, is_head: pl.Series, file: str) -> None:
    """Below the header a record is a line: a stray quote would swallow all up to the next one."""
    follows = pl.col("source_line").shift(-1)
    is_longer = (follows - pl.col("source_line") > 1) & ~is_head
    longer = body.select("source_line", follows=follows).filter(is_longer)
    if len(longer):
        line, following = longer.row(0)
        message = f"a quoted cell runs on to line {following - 1}"
        raise refuse(file, "csv", message, line=line)


def _account_for_continuations(
    body: pl.DataFrame, match: Match, file: str, account: LineAccount
) -> None:
    """Count the lines that go on with a record; one that is a record of its own was swallowed."""
    counts = body.select(
        "source_line",
        count=pl.sum_horizontal(pl.nth(range(1, body.width)).str.count_matches("\n")),
        text=pl.concat_str(pl.nth(range(1, body.width)), ignore_nulls=True, separator="\0"),
    ).filter(pl.col("count") > 0)
    key = match.layout.key_columns[0]
    before = r"[^\n]*?[,\t]" if match.positions[key.name] else ""
    swallowed = re.compile(rf'\n{before}"?(?:{key.key})"?[,\t]')
    for line, count, text in counts.iter_rows():
        if count >= MOST_LINES_OF_A_RECORD or swallowed.search(text):
            message = f"a quoted cell runs on to line {line + count}"
            raise refuse(file, "csv", message, line=line)
    account.continuation = int(counts["count"].sum())
    account.total += account.continuation


def _account(grid: pl.DataFrame, header_ends: int) -> LineAccount:
    """The account of lines, which in a header may be more than its records."""
    header = grid["source_line"][header_ends] - 1 if header_ends < len(grid) else header_ends
    return LineAccount(total=len(grid) - header_ends + header, header=header)


# ---------------------------------------------------------------- what is not data


def _without_asides(
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


def _is_note_of_table(below: pl.DataFrame, match: Match) -> pl.Series:
    """Whether a line has nothing but one cell, and that is no key but words.

    In another cell than the first they have letters, so that no broken number is one. Where records
    run on over lines without a key, words in another cell are those of the record above.
    """
    asides = _without_keys(below, match)
    cells = [x.str.strip_chars(BLANKS) for x in _cells(asides)]
    is_lone = pl.sum_horizontal(x != "" for x in cells) == 1
    text = pl.concat_str(cells)
    is_elsewhere = pl.lit(not match.layout.runs_on) & text.str.contains("[A-Za-z]{2}")
    is_words = text.str.contains(NOTE) & ((cells[0] != "") | is_elsewhere)
    keys = pl.any_horizontal(_fit_keys(below, match))
    notes = asides.filter(is_lone & is_words & ~keys)
    return below["source_line"].is_in(notes["source_line"].implode())


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


def _is_head_again(grid: pl.DataFrame, match: Match, account: LineAccount) -> pl.Series:
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


def _is_like_record(layout: Layout, table: Table) -> pl.Expr:
    """Whether a line has the keys of a record, or what else only a record has: a number in every
    field of a number; where a layout has none, the days that every record has; else any one key.

    So a record with a damaged key is no note, and is refused.
    """
    keys = [
        _field(column).str.strip_chars(BLANKS).str.contains(f"^(?:{column.key})$")
        for column in layout.key_columns
    ]
    needed = [x for x in layout.columns if x.txt and x.name and x.is_needed]
    decimals = [x for x in needed if table.column(x.name).is_decimal]
    days = [x for x in needed if _is_day(table.column(x.name)) and x.date.isalpha()]
    numbers = [_field(column).str.contains(NUMBER_FIELD) for column in decimals or days]
    return pl.all_horizontal(keys) | (
        pl.all_horizontal(numbers) if numbers else pl.any_horizontal(keys)
    )


def _is_day(column: Column) -> bool:
    """Whether a column has a day in every record."""
    return column.type == "DATE" and not column.nullable


def _field(column: LayoutColumn) -> pl.Expr:
    begin, end = column.txt or (1, 0)
    return pl.col("0").str.slice(begin - 1, end - begin + 1)


def _of_width(body: pl.DataFrame, width: int, file: str) -> pl.DataFrame:
    """The cells of a table; a record with a cell too few or too many refuses the file."""
    wanted, surplus = body.columns[1 : width + 1], body.columns[width + 1 :]
    too_few = pl.col(wanted[-1]).is_null()
    too_many = (
        pl.any_horizontal(pl.col(surplus).fill_null("").str.strip_chars() != "")
        if surplus
        else False
    )
    wrong = body.filter(too_few | too_many)
    if len(wrong) or len(wanted) < width:
        record = (wrong if len(wrong) else body).row(0)
        cells = sum(cell is not None for cell in record[1:])
        message = f"the line has {cells} cells where {width} are expected"
        raise refuse(file, "cell_count", message, line=record[0])
    return body.select("source_line", *wanted)


def _cut(body: pl.DataFrame, layout: Layout, file: str) -> pl.DataFrame:
    """Cut fixed-width records into the layout's fields."""
    line = pl.col("0")
    length = layout.txt.record_length if layout.txt else None
    if length:
        # Editors add or trim blanks at the end of a line; anything else is another record.
        body = body.with_columns(line.str.strip_chars_end(" ").str.pad_end(length))
        wrong = body.filter(line.str.len_chars() != length)
        if len(wrong):
            message = f"the record has {len(wrong['0'][0])} characters where {length} are expected"
            raise refuse(file, "record_length", message, line=wrong["source_line"][0])
    gaps, reached = [], 0
    for column in (x for x in layout.columns if x.txt):
        begin, end = column.txt or (0, 0)
        if begin - 1 > reached:
            gaps.append(line.str.slice(reached, begin - 1 - reached))
        reached = end
    gaps.append(line.str.slice(reached))
    between = body.select("source_line", pl.concat_str(gaps).str.strip_chars().alias("text"))
    stray = between.filter(pl.col("text") != "")
    if len(stray):
        message = f'"{stray["text"][0]}" stands where no field lies'
        raise refuse(file, "position", message, line=stray["source_line"][0])
    fields = {
        column.name: _field(column) for column in layout.columns if column.txt and column.name
    }
    return body.select("source_line", **fields)


def _with_what_follows(
    texts: pl.DataFrame, layout: Layout, account: LineAccount, file: str
) -> tuple[pl.DataFrame, pl.Series]:
    """Records of several lines: the words of the further ones go on in the same columns.

    Those have no key, or the key of the record above them and a value of ``kind_of_line``. Lines of
    words like ``notice`` go on with nothing.
    """
    texts = texts.with_columns(pl.exclude("source_line").str.strip_chars(BLANKS))
    if layout.notice:
        is_notice = pl.any_horizontal(pl.exclude("source_line").str.contains(layout.notice))
        account.notice += int(texts.select(is_notice).to_series().sum())
        texts = texts.filter(~is_notice)
        if texts.is_empty():
            raise refuse(file, "no_data", NO_DATA)
    kind, keys = layout.kind_of_line, [x.name for x in layout.key_columns]
    if kind:
        begins = ~texts[kind.name].str.contains(f"^(?:{kind.goes_on})$")
    else:
        begins = texts.select(pl.any_horizontal(pl.col(keys) != "")).to_series()
    _refuse_lone_lines(texts, begins, keys if kind else [], file)
    repeated = [*keys, kind.name] if kind else []
    joined = pl.exclude("source_line", *repeated)
    records = (
        texts.with_columns(record=begins.cum_sum())
        .group_by("record", maintain_order=True)
        .agg(
            pl.col("source_line", *repeated).first(),
            joined.filter(joined != "").str.join(" "),
        )
        .drop("record")
    )
    account.continuation += len(texts) - len(records)
    return records, pl.repeat(False, len(records), eager=True)


def _refuse_lone_lines(texts: pl.DataFrame, begins: pl.Series, keys: list[str], file: str) -> None:
    """A line goes on with the record above it, whose key it may repeat."""
    other = [pl.col(key) != pl.col(key).shift(1) for key in keys]
    lone = texts.select(~begins & pl.any_horizontal(pl.lit(False), *other)).to_series()
    lone = lone.fill_null(not begins[0])
    lone[0] = not begins[0]
    if lone.any():
        message = "the line goes on with a record, and none of its key stands above it"
        raise refuse(file, "key", message, line=texts.filter(lone)["source_line"][0])


# ---------------------------------------------------------------- data


def _data_lines(
    layout: Layout,
    cells: pl.DataFrame,
    blank_before: pl.Series,
    head: list[str],
    account: LineAccount,
    extra: tuple[str, ...],
) -> DataLines:
    read_past = [x.name for x in layout.columns if not x.loaded]
    texts = cells.select(pl.exclude("source_line", *read_past), "source_line").with_columns(
        pl.exclude("source_line").str.strip_chars(" \t\xa0")
    )
    if layout.line_feeds:
        in_one_line = pl.exclude("source_line").str.replace_all(r"\s*\n\s*", " ")
        texts = texts.with_columns(in_one_line)
    if layout.fill_down:
        block = blank_before.cum_sum().alias("block")
        filled = (
            pl.col(layout.fill_down).replace("", None).forward_fill().over("block").fill_null("")
        )
        texts = texts.with_columns(block).with_columns(filled).drop("block")
    if layout.repeats_records:
        unique = texts.unique(subset=pl.exclude("source_line"), keep="first", maintain_order=True)
        account.repeated = _repeated(texts, unique, layout)
        account.duplicate = len(account.repeated)
        texts = unique
    return DataLines(layout, texts, head, account, extra)


def _repeated(texts: pl.DataFrame, unique: pl.DataFrame, layout: Layout) -> tuple[str, ...]:
    """The lines that say what one above them says, each with the key of its record."""
    again = texts.join(unique, on="source_line", how="anti", maintain_order="left")
    keys = pl.concat_str([x.name for x in layout.key_columns], separator=" ")
    lines = again.select("source_line", keys.str.strip_chars()).iter_rows()
    return tuple(f"line {line} repeats {key}" for line, key in lines)
