"""Which lines of a file are data: every line of it is accounted for here."""

from dataclasses import dataclass, field

import polars as pl

from pipeline.errors import refuse
from pipeline.read.grid import BLANKS, head_texts
from pipeline.read.header import fixed_header_ends, match_header
from pipeline.read.layout import Layout


@dataclass
class LineAccount:
    """How many lines of a file became what; ``total`` must equal the sum of the rest."""

    total: int
    header: int = 0
    notice: int = 0
    blank: int = 0
    duplicate: int = 0
    quarantined: int = 0
    loaded: int = 0

    @property
    def balances(self) -> bool:
        """Whether every line is accounted for exactly once."""
        parts = (
            self.header,
            self.notice,
            self.blank,
            self.duplicate,
            self.quarantined,
            self.loaded,
        )
        return self.total == sum(parts)


@dataclass
class DataLines:
    """The data of a file, the texts of the lines above it, and the account so far.

    ``texts`` has one column per named column of the layout, stripped, and ``source_line``.
    """

    layout: Layout
    texts: pl.DataFrame
    head: list[str]
    account: LineAccount = field(repr=False)


def sort_table_lines(grid: pl.DataFrame, layouts: tuple[Layout, ...], file: str) -> DataLines:
    """Find the header of a CSV or workbook and sort its lines into data and the rest.

    Exactly one layout must match; RefusedError names the first header cell that differs, or
    the first line with a wrong number of cells.
    """
    layout, header_ends = match_header(grid, layouts, file)
    account = _account(grid, header_ends)
    _refuse_records_of_several_lines(grid[header_ends:], file)
    body, blank_before = _without_asides(grid[header_ends:], layout, file, account)
    cells = _of_width(body, len(layout.columns), file)
    return _data_lines(layout, cells, blank_before, head_texts(grid[:header_ends]), account)


def sort_fixed_lines(grid: pl.DataFrame, layouts: tuple[Layout, ...], file: str) -> DataLines:
    """Cut the lines of a fixed-width file into cells and sort them into data and the rest.

    Raises RefusedError for a record of another length or with text where no field lies.
    """
    candidates = [layout for layout in layouts if layout.txt]
    if len(candidates) != 1:
        names = ", ".join(layout.name for layout in layouts)
        message = f"no single fixed-width layout is declared for this file (declared: {names})"
        raise refuse(file, "layout", message)
    layout = candidates[0]
    header_ends = fixed_header_ends(grid, layout, file)
    account = _account(grid, header_ends)
    body, blank_before = _without_asides(grid[header_ends:], layout, file, account)
    cells = _cut(body, layout, file)
    return _data_lines(layout, cells, blank_before, head_texts(grid[:header_ends]), account)


def _refuse_records_of_several_lines(body: pl.DataFrame, file: str) -> None:
    """Below the header a record is a line: a stray quote would swallow all up to the next one."""
    follows = pl.col("source_line").shift(-1)
    longer = body.select("source_line", follows=follows).filter(follows - pl.col("source_line") > 1)
    if len(longer):
        line, following = longer.row(0)
        message = f"a quoted cell runs on to line {following - 1}"
        raise refuse(file, "csv", message, line=line)


def _account(grid: pl.DataFrame, header_ends: int) -> LineAccount:
    """The account of lines, which in a header may be more than its records."""
    header = grid["source_line"][header_ends] - 1 if header_ends < len(grid) else header_ends
    return LineAccount(total=len(grid) - header_ends + header, header=header)


# ---------------------------------------------------------------- what is not data


def _without_asides(
    body: pl.DataFrame, layout: Layout, file: str, account: LineAccount
) -> tuple[pl.DataFrame, pl.Series]:
    """The records without blank lines and notices, and whether a blank line preceded each."""
    first = pl.nth(1).str.strip_chars(BLANKS)
    others_blank = pl.all_horizontal(
        pl.nth(range(2, body.width)).fill_null("").str.strip_chars() == ""
    )
    is_blank = (first == "") & others_blank if body.width > 2 else first == ""
    marked = body.select(is_blank.alias("blank"), _is_notice(layout, body.width).alias("notice"))
    account.blank = int(marked["blank"].sum())
    account.notice = int(marked["notice"].sum())
    is_data = ~(marked["blank"] | marked["notice"])
    if not is_data.any():
        raise refuse(file, "no_data", "the file has no data line")
    blank_before = marked["blank"].shift(1, fill_value=True)
    return body.filter(is_data), blank_before.filter(is_data)


def _is_notice(layout: Layout, width: int) -> pl.Expr:
    if not layout.notices:
        return pl.repeat(False, pl.len())
    pattern = "^(" + "|".join(layout.notices) + ")$"
    alone = pl.nth(1).str.strip_chars().str.contains(pattern)
    if width == 2:
        return alone
    rest = pl.nth(range(2, width)).fill_null("").str.strip_chars()
    return alone & pl.all_horizontal(rest == "")


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
    fields, gaps, reached = [], [], 0
    for index, column in enumerate(layout.columns):
        begin, end = column.txt or (0, 0)
        if begin - 1 > reached:
            gaps.append(line.str.slice(reached, begin - 1 - reached))
        fields.append(line.str.slice(begin - 1, end - begin + 1).alias(str(index)))
        reached = end
    gaps.append(line.str.slice(reached))
    between = body.select("source_line", pl.concat_str(gaps).str.strip_chars().alias("text"))
    stray = between.filter(pl.col("text") != "")
    if len(stray):
        message = f'"{stray["text"][0]}" stands where no field lies'
        raise refuse(file, "position", message, line=stray["source_line"][0])
    return body.select("source_line", *fields)


# ---------------------------------------------------------------- data


def _data_lines(
    layout: Layout,
    cells: pl.DataFrame,
    blank_before: pl.Series,
    head: list[str],
    account: LineAccount,
) -> DataLines:
    texts = cells.select(
        *(
            pl.nth(index).str.strip_chars(" \t\xa0").alias(column.name)
            for index, column in enumerate(layout.columns, start=1)
            if column.name and column.loaded
        ),
        "source_line",
    )
    if layout.fill_down:
        block = blank_before.cum_sum().alias("block")
        filled = (
            pl.col(layout.fill_down).replace("", None).forward_fill().over("block").fill_null("")
        )
        texts = texts.with_columns(block).with_columns(filled).drop("block")
    if layout.repeats_records:
        unique = texts.unique(subset=pl.exclude("source_line"), keep="first", maintain_order=True)
        account.duplicate = len(texts) - len(unique)
        texts = unique
    return DataLines(layout, texts, head, account)
