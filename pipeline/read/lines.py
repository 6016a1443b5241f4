"""Which lines of a file are data: every line of it is accounted for here."""

from dataclasses import dataclass, field

import polars as pl

from pipeline.errors import refuse
from pipeline.read.asides import (
    NOTE,
    field_of,
    is_head_again,
    is_like_record,
    is_note_of_table,
    keyed_line,
    refuse_moved_records,
    refuse_records_above_head,
    refuse_records_in_head,
    without_asides,
)
from pipeline.read.grid import BLANKS, head_texts
from pipeline.read.header import Match, match_header
from pipeline.read.layout import Layout, LayoutColumn
from pipeline.read.line_account import LineAccount, account_of
from pipeline.read.melt import melted_rows
from pipeline.read.several_lines import (
    account_for_continuations,
    refuse_records_of_several_lines,
    with_what_follows,
)
from schemas.definitions import Table


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
    account = account_of(grid, match.end)
    if layout.has_head:
        refuse_records_above_head(grid[: match.end], match, file)
        refuse_records_in_head(grid[: match.end], match, file)
    is_head = is_head_again(grid, match, account)
    below = grid[match.end :]
    if not layout.line_feeds:
        refuse_records_of_several_lines(below, is_head, file)
    below = below.filter(~is_head)
    if layout.line_feeds:
        account_for_continuations(below, match, file, account)
    is_note = is_note_of_table(below, match)
    body, blank_before = without_asides(below, is_note, file, account)
    cells = _of_width(body, match.width, file)
    names = {place: _name_in_rows(name, place, match) for name, place in at.items()}
    names |= {place: str(place) for place in match.melted}
    texts = cells.select(
        "source_line", **{name: pl.col(str(place)) for place, name in names.items()}
    )
    for column in (x for x in layout.columns if x.counts):
        texts = _where_it_counts(texts, column, names[at[column.name]])
    if layout.runs_on or layout.kind_of_line:
        texts, blank_before = with_what_follows(texts, layout, account, file)
    head = head_texts(grid[: match.end])
    extra = _extra(cells, match)
    lines = _data_lines(layout, texts, blank_before, head, account, extra)
    for column in (x for x in layout.columns if x.lost and x.name in lines.texts.columns):
        lines.texts = _with_zeros(lines.texts, column, account)
    if layout.melt:
        lines.texts = melted_rows(lines.texts, layout.melt, match.melted)
    return lines


def _extra(cells: pl.DataFrame, match: Match) -> tuple[str, ...]:
    """The words above columns without a role; one without words is told of where it has values."""
    return tuple(
        words or f"column {place + 1}, which has no head"
        for place, words in match.extra.items()
        if words or (cells[str(place)].fill_null("").str.strip_chars(BLANKS) != "").any()
    )


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
    layout = _layout_of_lines(grid, [layout for layout in layouts if layout.txt], file)
    is_record = is_like_record(layout, tables[layout.table])
    begins = grid.select(is_record).to_series()
    if not begins.any():
        raise refuse(file, "no_data", "no line has the shape of a record")
    refuse_moved_records(grid.filter(~is_record), layout, tables[layout.table], file)
    header_ends = begins.arg_max() or 0
    account = account_of(grid, header_ends)
    is_note = ~is_record & pl.col("0").str.contains(NOTE)
    body, blank_before = without_asides(grid[header_ends:], is_note, file, account)
    texts = _cut(body, layout, file)
    if layout.kind_of_line:
        texts, blank_before = with_what_follows(texts, layout, account, file)
    return _data_lines(layout, texts, blank_before, head_texts(grid[:header_ends]), account, ())


def _layout_of_lines(grid: pl.DataFrame, layouts: list[Layout], file: str) -> Layout:
    """The fixed-width layout whose keys the most lines have: CMS has moved its fields."""
    if not layouts:
        raise refuse(file, "layout", "no fixed-width layout is declared for this file")
    if len(layouts) == 1:
        return layouts[0]
    counts = grid.select(keyed_line(x).sum().alias(x.name) for x in layouts)
    return max(layouts, key=lambda layout: counts[layout.name][0])


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
        column.name: field_of(column) for column in layout.columns if column.txt and column.name
    }
    return body.select("source_line", **fields)


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
