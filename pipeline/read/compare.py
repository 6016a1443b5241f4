"""Two forms of one file compared cell by cell, by value."""

from dataclasses import dataclass

import polars as pl

from pipeline.errors import Finding, RefusedError
from pipeline.read.file import FileRead
from schemas.definitions import Table

# What text forms have instead of curly quotes, dashes and the like.
LOST_MARKS = ("?", "\ufffd")

NO_DIFFERENCE = pl.DataFrame(
    schema=dict.fromkeys(("record_key", "column_name", "our_value", "other_value"), pl.String)
)


@dataclass
class FormComparison:
    """How the other form of a file compares with the loaded one.

    ``differences`` has the columns ``record_key``, ``column_name``, ``our_value`` and
    ``other_value``: free texts, and cells that CMS is known to leave blank in a form, because any
    other difference refuses the release.
    """

    loaded: FileRead
    other: FileRead
    compared: int
    differences: pl.DataFrame

    @property
    def name(self) -> str:
        """The comparison in a few words: ``pprrvu csv = txt``."""
        return f"{self.loaded.layout.kind} {self.loaded.form} = {self.other.form}"


def compare_forms(loaded: FileRead, other: FileRead, table: Table) -> FormComparison:
    """Compare two forms of a file over the key of ``table``.

    A key that only one form has, or a difference in anything but free text and known gaps, raises
    RefusedError: then neither form can be trusted.
    """
    if other.refused:
        raise RefusedError(other.file, other.refused)
    if loaded.refused:
        raise RefusedError(loaded.file, loaded.refused)
    only = {"source_line"} | _columns_of_one_form(loaded, other)
    compared = _cell_count(loaded, [x for x in table.column_names if x not in only])
    if loaded.frame.drop(only).equals(other.frame.drop(only)):
        return FormComparison(loaded, other, compared, NO_DIFFERENCE)
    key = list(table.key)
    _refuse_lone_keys(loaded, other, key)
    _refuse_lone_keys(other, loaded, key)
    columns = [x.name for x in table.columns if x.name not in (*key, *only)]
    both = loaded.frame.join(
        other.frame, on=key, how="inner", suffix=":other", maintain_order="left"
    )
    differing = [_differences(both, key, column) for column in columns]
    for column, rows in zip(columns, differing, strict=True):
        values = rows.filter(~_are_gaps(column, loaded, other))
        if len(values) and not table.column(column).free_text:
            raise RefusedError(other.file, _findings(values, column, loaded, other))
    return FormComparison(loaded, other, compared, pl.concat(differing).drop("source_line"))


def _cell_count(read: FileRead, columns: list[str]) -> int:
    """How many cells of its file the rows of ``columns`` have: of a wide table a row has one of its
    own, and shares those beside it with the other rows of its record. Words in the place of a number
    have no cell besides its own."""
    words = {column.words_to for column in read.layout.columns}
    columns = [name for name in columns if name not in words]
    melt = read.layout.melt
    if melt is None:
        return len(read.frame) * len(columns)
    shared = [name for name in columns if name not in melt.names]
    return len(read.frame) + read.frame["source_line"].n_unique() * len(shared)


def differs_in_typography(one: str, another: str) -> bool:
    """Whether two texts differ only where one has ? or U+FFFD for a mark that its form cannot write,
    or in kinds of blanks."""
    pairs = [pair for pair in zip(one, another, strict=False) if pair[0] != pair[1]]
    return len(one) == len(another) and all(map(_is_mark, pairs))


def _is_mark(pair: tuple[str, str]) -> bool:
    lost = pair[0] in LOST_MARKS or pair[1] in LOST_MARKS
    return set(pair) == {" ", "\xa0"} or (lost and not "".join(pair).isascii())


def _columns_of_one_form(*files: FileRead) -> set[str]:
    """The columns that CMS leaves out of the form of one of the files."""
    return {
        column.name
        for file in files
        for column in file.layout.columns
        if column.forms and file.form not in column.forms
    }


def _are_gaps(column: str, loaded: FileRead, other: FileRead) -> pl.Expr:
    """Whether the cell that differs is blank in a form in which CMS leaves such cells blank."""
    declared = next(x for x in loaded.layout.columns if x.name == column)
    gaps = [
        pl.col(value) == ""
        for value, file in (("our_value", loaded), ("other_value", other))
        if file.form in declared.gaps
    ]
    return pl.any_horizontal(pl.lit(False), *gaps)


def _differences(both: pl.DataFrame, key: list[str], column: str) -> pl.DataFrame:
    other = pl.col(f"{column}:other")
    return both.filter(pl.col(column).ne_missing(other)).select(
        pl.concat_str(key, separator=" ").str.strip_chars().alias("record_key"),
        pl.lit(column).alias("column_name"),
        pl.col(column).cast(pl.String).fill_null("").alias("our_value"),
        other.cast(pl.String).fill_null("").alias("other_value"),
        pl.col("source_line:other").alias("source_line"),
    )


def _refuse_lone_keys(one: FileRead, another: FileRead, key: list[str]) -> None:
    lone = one.frame.join(another.frame, on=key, how="anti", maintain_order="left")
    if not len(lone):
        return
    findings = [
        Finding(
            rule="forms agree",
            message=f"the record {' '.join(str(row[name]) for name in key).strip()} is missing in "
            f"{another.file.rpartition('/')[2]}",
            line=row["source_line"],
        )
        for row in lone.iter_rows(named=True)
    ]
    raise RefusedError(one.file, findings)


def _findings(rows: pl.DataFrame, column: str, loaded: FileRead, other: FileRead) -> list[Finding]:
    return [
        Finding(
            rule="forms agree",
            message=f'{column} of {row["record_key"]} is "{row["other_value"]}", but '
            f'"{row["our_value"]}" in {loaded.file.rpartition("/")[2]}',
            line=row["source_line"],
            column=column,
            value=row["other_value"],
        )
        for row in rows.iter_rows(named=True)
    ]
