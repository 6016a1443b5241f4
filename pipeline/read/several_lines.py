"""Records of several lines: cells with line ends in them, and lines that go on with the record above."""

import re

import polars as pl

from pipeline.errors import refuse
from pipeline.read.asides import NO_DATA
from pipeline.read.grid import BLANKS
from pipeline.read.header import Match
from pipeline.read.layout import Layout
from pipeline.read.line_account import LineAccount

# No record of CMS has so many lines: a cell with more is what a stray quote swallowed.
MOST_LINES_OF_A_RECORD = 20


def refuse_records_of_several_lines(body: pl.DataFrame, is_head: pl.Series, file: str) -> None:
    """Below the header a record is a line: a stray quote would swallow all up to the next one."""
    follows = pl.col("source_line").shift(-1)
    is_longer = (follows - pl.col("source_line") > 1) & ~is_head
    longer = body.select("source_line", follows=follows).filter(is_longer)
    if len(longer):
        line, following = longer.row(0)
        message = f"a quoted cell runs on to line {following - 1}"
        raise refuse(file, "csv", message, line=line)


def account_for_continuations(
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


def with_what_follows(
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
