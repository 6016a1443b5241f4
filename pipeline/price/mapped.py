"""The cells of a file under a map: which expression over its columns each column of ours is."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from pipeline.errors import UsageError, printable
from pipeline.price.cell import AMOUNT, Cell, is_written_amount, plain_amount, plain_cell
from pipeline.price.column_map import MODIFIERS, PLACES, SAME, ColumnMap, Reading, When
from pipeline.price.layout import known_name, read_columns, refuse_repeated
from pipeline.price.source import Head
from schemas.definitions import Column
from schemas.derive import quoted

# Up to four modifiers in one text, whatever stands between them.
SEVERAL = r"^[^A-Za-z0-9]*([A-Za-z0-9]{2}[^A-Za-z0-9]*){0,4}\z"
# Words of programs for no value at all, which split into what looks like modifiers.
NO_MODIFIERS = "NULL|NONE"
# A text as a formula of Excel.
FORMULA_OF_TEXT = r'^[ \t]*="([^"]*)"[ \t]*\z'
# A number that is multiplied, of as many places as are reckoned with.
PLAIN_NUMBER = r"^-?[0-9]+([.][0-9]{0,4}0*)?\z"


def cells_under(
    heads: tuple[Head, ...], column_map: ColumnMap | None, assumed: Mapping[str, str]
) -> tuple[dict[str, Cell], dict[str, tuple[str, ...]]]:
    """The cells of a file, and of each column of ours the columns of the file that it is read from.

    A column of the file that has a name of ours is that one, unless the map says otherwise.
    ``assumed`` are values for all lines. Raises UsageError where the map names a column that the
    file lacks or has twice, and where a value is assumed of a column that it has.
    """
    found = {known_name(head.name): head for head in heads}
    declared = {column.name: column for column in read_columns()}
    readings = _readings(column_map, found)
    cells: dict[str, Cell] = {}
    read: dict[str, tuple[str, ...]] = {}
    own = {
        name: found[name]
        for name in declared
        if name in found and name not in readings and not (name in PLACES and MODIFIERS in readings)
    }
    for name, head in own.items():
        cells[name] = plain_cell(declared[name], head.name, head.sql, head.type)
        read[name] = (head.name,)
    for name, reading in readings.items():
        for part, cell in _cells(name, reading, found, declared):
            cells[part], read[part] = cell, _names(reading, found)
    for name, value in assumed.items():
        if name in cells:
            where = ", ".join(read[name]) or "the map"
            raise UsageError(
                f"The lines have their own {name} ({where}); leave the option out that says one for all."
            )
        cells[name], read[name] = _constant(declared[name], value), ()
    used = {known_name(x) for names in read.values() for x in names}
    refuse_repeated((head.name for head in heads), used)
    # In the order in which the columns are declared, so that a message names the first.
    return {name: cells[name] for name in declared if name in cells}, read


def without_formulas(heads: Iterable[Head], written_so: Collection[str]) -> tuple[Head, ...]:
    """The columns of a file, of those ``written_so`` the texts themselves: 00123 of ="00123".

    Users of Excel write a text as a formula, that no number is made of it.
    """
    return tuple(
        replace(
            x,
            sql=f"case when contains({x.sql}, '=\"') "
            f"then regexp_replace({x.sql}, {quoted(FORMULA_OF_TEXT)}, '\\1') else {x.sql} end",
        )
        if x.name in written_so
        else x
        for x in heads
    )


def without_missing(heads: Iterable[Head], words: Iterable[str]) -> tuple[Head, ...]:
    """The columns of a file with texts that are NULL where they say one of the words for no value."""
    listed = ", ".join(quoted(word.strip().upper()) for word in words)
    if not listed:
        return tuple(heads)
    return tuple(
        replace(x, sql=f"case when upper(trim({x.sql})) not in ({listed}) then {x.sql} end")
        if x.type == "VARCHAR"
        else x
        for x in heads
    )


def _readings(column_map: ColumnMap | None, found: Mapping[str, Head]) -> dict[str, Reading]:
    """The readings of a map whose columns the file has; a profile names more than any file has."""
    if column_map is None:
        return {}
    readings = {}
    for name, reading in column_map.readings.items():
        there = tuple(x for x in reading.columns if known_name(x) in found)
        if reading.is_optional and reading.value is None and not there:
            continue
        if not reading.is_optional and (missing := set(reading.columns) - set(there)):
            _refuse_missing(column_map, name, sorted(missing)[0], found)
        if reading.when and known_name(reading.when.column) not in found:
            if not reading.is_optional:
                _refuse_missing(column_map, name, reading.when.column, found)
            # A column that counts for one basis alone is none where no basis is said.
            if "" not in reading.when.words:
                continue
            reading = replace(reading, when=None)
        if reading.until and known_name(reading.until) not in found:
            if not reading.is_optional:
                _refuse_missing(column_map, name, reading.until, found)
            reading = replace(reading, until="")
        readings[name] = replace(reading, columns=there)
    return readings


def _refuse_missing(
    column_map: ColumnMap, name: str, column: str, found: Mapping[str, Head]
) -> None:
    near = get_close_matches(known_name(column), found, 1, 0.5)
    names = ", ".join(head.name for head in found.values())
    what = f"did you mean {found[near[0]].name}?" if near else f"it has {names}."
    raise UsageError(
        printable(
            f'{column_map.name}: {name} is read from "{column}", which the file does not have; {what}'
        )
    )


def _names(reading: Reading, found: Mapping[str, Head]) -> tuple[str, ...]:
    other = (reading.when.column if reading.when else "", reading.until)
    named = (found[known_name(x)].name for x in (*reading.columns, *filter(None, other)))
    return tuple(dict.fromkeys(named))


def ends_on_another_day(column_map: ColumnMap | None, heads: Iterable[Head]) -> str:
    """The condition that the last day of a line is there and is another; '' where no column has it."""
    texts = {known_name(x.name): f"nullif(trim(cast({x.sql} as varchar)), '')" for x in heads}
    reading = column_map.readings.get("date_of_service") if column_map else None
    if not reading or known_name(reading.until) not in texts:
        return ""
    first = ", ".join(texts[known_name(x)] for x in reading.columns if known_name(x) in texts)
    return f"coalesce(coalesce({first}) <> {texts[known_name(reading.until)]}, false)"


def _cells(
    name: str, reading: Reading, found: Mapping[str, Head], declared: Mapping[str, Column]
) -> list[tuple[str, Cell]]:
    if reading.value is not None:
        return [(name, _constant(declared[name], reading.value))]
    heads = [found[known_name(x)] for x in reading.columns]
    if reading.is_plain and name != MODIFIERS:
        [head] = heads
        return [
            (
                name,
                replace(
                    plain_cell(declared[name], head.name, head.sql, head.type), form=reading.date
                ),
            )
        ]
    column = declared["modifier_1" if name == MODIFIERS else name]
    text, refused, shown = _expression(column, reading, heads, found)
    if name != MODIFIERS:
        return [(name, Cell(column, text, "VARCHAR", refused, shown, reading.date, is_made=True))]
    wrong = f"not regexp_matches(coalesce({text}, ''), {quoted(SEVERAL)})"
    # NULL would be the modifiers NU and LL.
    wrong += f" or regexp_matches(upper(coalesce({text}, '')), {quoted(NO_MODIFIERS)})"
    refused = " or ".join(x for x in (refused, wrong) if x)
    return [
        (part, Cell(declared[part], f"regexp_extract_all({text}, '[A-Za-z0-9]{{2}}')[{place}]", "VARCHAR",
                    refused if place == 1 else "", shown if place == 1 else "", is_made=True))
        for place, part in enumerate(PLACES, 1)
    ]  # fmt: skip


def _constant(column: Column, value: str) -> Cell:
    return Cell(column, quoted(value), "VARCHAR", is_made=True)


def _expression(
    column: Column, reading: Reading, heads: list[Head], found: Mapping[str, Head]
) -> tuple[str, str, str]:
    """The text of a value, when it is refused, and the text that a message shows."""
    texts = [plain_cell(column, x.name, x.sql, x.type).text for x in heads]
    filled = ", ".join(f"nullif({x}, '')" for x in texts)
    text = texts[0] if len(texts) == 1 else f"coalesce({filled})"
    shown, tests = text, []
    if reading.when:
        text, test, shown = _under(text, reading.when, found)
        tests.append(test)
    if reading.pattern:
        tests.append(
            f"coalesce({text}, '') <> '' and not regexp_matches({text}, {quoted(reading.pattern)})"
        )
        text = _within_parentheses(text, reading.pattern)
    if reading.values:
        known = ", ".join(map(quoted, reading.values))
        if reading.otherwise is None:
            tests.append(f"coalesce({text}, '') <> '' and {_word(text)} not in ({known})")
        text = _meant(text, reading)
    if reading.times:
        # What a cast accepts beside plain digits (1.23E+05) has lost others.
        is_plain, plain = f"regexp_matches({text}, {quoted(PLAIN_NUMBER)})", text
        if column.type == AMOUNT:
            is_plain, plain = f"({is_plain} or {is_written_amount(text)})", plain_amount(text)
        number = f"try_cast({plain} as decimal(18, 4))"
        tests.append(f"coalesce({text}, '') <> '' and not ({number} is not null and {is_plain})")
        text = f"cast({number} * cast({reading.times} as decimal(8, 4)) as varchar)"
    if reading.blank is not None:
        text = f"coalesce(nullif({text}, ''), {quoted(reading.blank)})"
    return text, " or ".join(tests), shown


def _within_parentheses(text: str, pattern: str) -> str:
    """What a pattern puts in parentheses; of several, those of the alternative that fits."""
    groups = range(1, re.compile(pattern).groups + 1)
    found = (f"regexp_extract({text}, {quoted(pattern)}, {group})" for group in groups)
    return " || ".join(found)


def _word(text: str) -> str:
    """A value as it is looked up: programs that know floats only write 50.0 where 50 is meant."""
    return f"regexp_replace(upper({text}), '^([0-9]+)[.]0+$', '\\1')"


def _meant(text: str, reading: Reading) -> str:
    """What the words of a value mean; a blank one means nothing unless it is among them."""
    word = _word(text)
    cases = [f"when {word} = {quoted(x)} then {quoted(y)}" for x, y in reading.values.items() if x]
    blank = quoted(reading.values.get("", ""))
    other = {None: "null", SAME: text}.get(reading.otherwise, quoted(reading.otherwise or ""))
    return f"case when coalesce({text}, '') = '' then {blank} {' '.join(cases)} else {other} end"


def _under(text: str, when: When, found: Mapping[str, Head]) -> tuple[str, str, str]:
    """A value that counts where another column has certain words, and what is said of others."""
    head = found[known_name(when.column)]
    word = f"upper(coalesce(trim(cast({head.sql} as varchar)), ''))"
    mine = ", ".join(map(quoted, when.words))
    known = ", ".join(map(quoted, (*when.words, *when.instead)))
    others = " ".join(
        f"when {word} = {quoted(x)} then {quoted(y)}" for x, y in when.instead.items()
    )
    value = f"case when {word} in ({mine}) then {text} {others} end"
    return value, f"{word} not in ({known})", f"concat_ws(' ', {text}, {word})"
