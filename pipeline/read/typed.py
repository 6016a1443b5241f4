"""Texts into typed columns, exactly: nothing is rounded, guessed or silently made null."""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from pipeline.errors import Finding
from pipeline.read.layout import DATE_FORMS, ISO, LayoutColumn
from pipeline.read.lines import DataLines
from pipeline.read.workbook import WORKBOOKS
from schemas.definitions import Column, Table
from schemas.polars_types import INTEGERS, polars_type

# What stands in a cell in the place of a number: words before any digit, or no digit at all.
WORDS = "^[^0-9]*[A-Za-z]{2}|^[^0-9]*$"

# What a number has that was damaged, or has its unit beside it, and no words have.
DECIMALS = "[0-9][.,][0-9]"

# What no mark is, and another column or an answer to its question may hold.
NO_MARK = r"(?i)^(no?|f|false|\$?-?[0-9,]*\.?[0-9]+)$"


@dataclass
class TypedRows:
    """The rows that could be read, and what was wrong with the others."""

    frame: pl.DataFrame
    refused: list[Finding]


def type_rows(lines: DataLines, table: Table, form: str) -> TypedRows:
    """Type every cell of the data lines, read in ``form``, after the columns of ``table``.

    A line with a cell that is no value of its column's type is refused as a whole, with one
    finding per such cell.
    """
    texts = _with_words_apart(lines)
    refused: list[Finding] = []
    typed = []
    bad_line = pl.repeat(False, len(texts), eager=True)
    for column in table.columns:
        if column.name == "source_line":
            continue
        source = next(x for x in lines.layout.columns if x.name == column.name)
        if column.name in texts.columns:
            raw = texts[column.name]
        else:
            raw = pl.repeat(source.absent or "", len(texts), eager=True).alias(column.name)
        stands_for_none = raw.is_in(source.none)
        raw = raw.set(stands_for_none, "")
        well_formed, value, expected = _rule(raw, column, source, form)
        if column.nullable:
            may_be_blank = source.blank or column.name not in texts.columns
            is_none = (raw == "") if may_be_blank else stands_for_none
            well_formed, value = well_formed | is_none, value.set(is_none, None)
        if not well_formed.all():
            bad_line = bad_line | ~well_formed
            refused += _findings(texts, raw, well_formed, column, expected)
            value = value.set(~well_formed, None)
        typed.append(_cast(value, column).alias(column.name))
    if lines.layout.melt:
        # A record that became several rows is refused with all of them.
        bad_line = texts["source_line"].is_in([finding.line for finding in refused])
    frame = pl.DataFrame([*typed, texts["source_line"]]).filter(~bad_line)
    return TypedRows(frame.select(table.column_names), sorted(refused, key=lambda x: x.line or 0))


def _with_words_apart(lines: DataLines) -> pl.DataFrame:
    """The texts with the words that stand in the place of numbers in columns of their own."""
    texts = lines.texts
    for column in (x for x in lines.layout.columns if x.words_to and x.name in texts.columns):
        cells = texts[column.name]
        is_words = cells.str.contains(WORDS) & ~cells.str.contains(DECIMALS)
        words = cells.set(~is_words | cells.is_in(column.none), "")
        before = texts[column.words_to] + " " if column.words_to in texts.columns else ""
        joined = (before + words).str.strip_chars().alias(column.words_to)
        texts = texts.with_columns(cells.set(words != "", ""), joined)
    return texts


def _rule(
    raw: pl.Series, column: Column, source: LayoutColumn, form: str
) -> tuple[pl.Series, pl.Series, str]:
    """Which cells are well formed, the text to cast, and what is expected in words."""
    if source.shape and form not in WORKBOOKS:
        well_formed, text, expected = _rule(raw, column, replace(source, shape=""), form)
        is_shaped = _is_shaped(_without_marks(raw, column), source.shape, form)
        expected = f"{expected}, written like {_like(source.shape)},"
        return well_formed & is_shaped, text, expected
    if column.flag:
        if source.any_mark:
            is_mark = (raw != column.unflag) & ~raw.str.contains(NO_MARK)
            raw = raw.set(is_mark, column.flag)
        known = [column.flag, column.unflag]
        text = raw.replace_strict(known, ["true", "false"], default="")
        return raw.is_in(known), text, " or ".join(f'"{value}"' for value in known)
    if column.is_decimal:
        return _decimal_rule(raw, column, source, form)
    if column.type in INTEGERS:
        return _whole_number_rule(raw, column)
    if column.type == "DATE":
        return _date_rule(raw, source)
    text = raw.str.zfill(source.pad) if source.pad else raw
    pattern = rf"^[0-9]{{1,{source.pad}}}$" if source.pad else ""
    well_formed = raw.str.contains(pattern) if pattern else pl.repeat(True, len(raw), eager=True)
    return well_formed, text, f"up to {source.pad} digits"


def _like(shape: str) -> str:
    """What a number of that shape looks like, for people: 0.000 for any digits and three behind the point."""
    zeros = re.sub(r"\[0-9\]\{([0-9]+)\}", lambda found: "0" * int(found[1]), shape)
    return zeros.replace("[0-9]+", "0").replace("\\.", ".")


def _is_shaped(text: pl.Series, shape: str, form: str) -> pl.Series:
    """Which cells are written as CMS writes them, or all as a spreadsheet saves them as CSV.

    That leaves out zeros behind, everywhere: one cell that ends in a zero of the shape shows that
    the others have theirs, too.
    """
    is_shaped = text.str.contains(f"^(?:{shape})$")
    if form != "csv" or (is_shaped & text.str.ends_with("0")).any():
        return is_shaped
    return is_shaped | text.str.contains(r"^[0-9]+(\.[0-9]*[1-9])?$")


def _whole_number_rule(raw: pl.Series, column: Column) -> tuple[pl.Series, pl.Series, str]:
    text = _without_marks(raw, column).str.replace(r"^([0-9]+)\.0*$", "${1}")
    dtype = INTEGERS[column.type]
    # What is too large for the type becomes null here, and only here.
    fits = text.str.to_integer(dtype=dtype, strict=False).is_not_null()
    expected = f"a whole number of at most {pl.select(dtype.max()).item():,}"
    return text.str.contains(r"^[0-9]+$") & fits, text, expected


def _date_rule(raw: pl.Series, source: LayoutColumn) -> tuple[pl.Series, pl.Series, str]:
    """Days as texts of ISO's form; a workbook gives its own days so, with midnight behind."""
    day = raw.str.strip_suffix(" 00:00:00")
    text = pl.repeat("", len(raw), eager=True)
    for form in (source.date, ISO):
        pattern, directives = DATE_FORMS[form]
        found = day.set(~day.str.contains(f"^{pattern}$"), None).str.to_date(
            directives, strict=False
        )
        text = found.dt.to_string("iso").zip_with(found.is_not_null(), text)
    return text != "", text, f"a day in the form {source.date}"


def _without_marks(raw: pl.Series, column: Column) -> pl.Series:
    """Numbers without commas between thousands, and amounts without their dollar sign.

    In a column of anything but dollars that sign says that it is another one. Thousands begin with
    no zero: 0,346 is what less than one looks like where the decimal sign is a comma.
    """
    number = raw.str.replace(r"^\$\s*", "") if column.unit.startswith("US dollars") else raw
    if not number.str.contains(",", literal=True).any():
        return number
    has_thousands = number.str.contains(r"^-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?$")
    return number.str.replace_all(",", "", literal=True).zip_with(has_thousands, number)


def _rounded(raw: pl.Series, column: Column) -> pl.Series:
    """Numbers of a workbook half-up to the decimals of their column, as its cells show them."""
    _, scale = column.decimal_places
    longer = raw.filter(raw.str.contains(rf"^-?[0-9]*\.[0-9]{{{scale + 1},}}$")).unique().to_list()
    step = Decimal(1).scaleb(-scale)
    shown = [f"{Decimal(text).quantize(step, ROUND_HALF_UP):f}" for text in longer]
    return raw.replace(longer, shown)


def _decimal_rule(
    raw: pl.Series, column: Column, source: LayoutColumn, form: str
) -> tuple[pl.Series, pl.Series, str]:
    precision, scale = column.decimal_places
    expected = (
        f"a number with at most {precision - scale} digits before the point and {scale} after"
    )
    if form == "txt" and source.txt_implied_decimals:
        places = source.txt_implied_decimals
        padded = raw.str.zfill(places + 1)
        text = padded.str.head(-places) + "." + padded.str.tail(places)
        return raw.str.contains(r"^[0-9]+$"), text, "digits only (the decimal point is implied)"
    # Surplus digits may only be zeros: Polars would round them away without a word.
    pattern = (
        rf"^-?0*([0-9]{{1,{precision - scale}}}(\.[0-9]{{0,{scale}}}0*)?|\.[0-9]{{1,{scale}}}0*)$"
    )
    text = _without_marks(raw, column)
    if source.percent:
        text, expected = _percent(text), f"a percentage: {expected}"
    if source.rounded and form in WORKBOOKS:
        text = _rounded(text, column)
    return text.str.contains(pattern), text, expected


def _percent(raw: pl.Series) -> pl.Series:
    """Percentages without their sign; numbers without one are fractions, as workbooks keep 20%, but
    percentages where most of them are above 1."""
    long = raw.str.replace(r"^(-?)(?:([0-9]+)\.?|([0-9]*)\.([0-9]+))$", "${1}${2}${3}.${4}00")
    hundredfold = long.str.replace(r"^(-?[0-9]*)\.([0-9]{2})", "${1}${2}.")
    signed = raw.str.ends_with("%")
    # Only which of the two they are is asked of floats, and no value is made of one.
    unsigned = raw.filter(~signed).cast(pl.Float64, strict=False).abs()
    middle = unsigned.filter(unsigned > 0).median()
    signed = signed | (isinstance(middle, float) and middle > 1)
    return raw.str.strip_suffix("%").str.strip_chars_end().zip_with(signed, hundredfold)


def _cast(text: pl.Series, column: Column) -> pl.Series:
    if column.type == "VARCHAR":
        return text
    if column.type == "BOOLEAN":
        return text == "true"
    if column.type == "DATE":
        return text.str.to_date(DATE_FORMS[ISO][1])
    return text.cast(polars_type(column), strict=True)


def _findings(
    texts: pl.DataFrame, raw: pl.Series, well_formed: pl.Series, column: Column, expected: str
) -> list[Finding]:
    wrong = texts.select("source_line", raw.alias("value")).filter(~well_formed)
    return [
        Finding(
            rule=f"type of {column.name}",
            message=f'{column.name} is "{value}" where {expected} is expected',
            line=line,
            column=column.name,
            value=value,
        )
        for line, value in wrong.iter_rows()
    ]
