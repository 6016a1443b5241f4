"""Claim lines as users have them, brought into the declared layout.

Nothing is dropped here, and nothing is rounded or guessed: a value counts only as what it is
without doubt. One that is not understood leaves NULL in its column, the column's name in
``unreadable`` and both in ``remark``, so that the line is priced as refused.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pipeline.errors import UsageError, printable
from pipeline.price.facility import refuse_facility_claims
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.price.curated import kind_spellings
from schemas.definitions import Column
from schemas.derive import identifier, quoted

REQUIRED = (
    "claim_id", "claim_line_number", "date_of_service", "hcpcs_code", "units", "place_of_service",
)  # fmt: skip

# What a column that is left out, or a value that is left blank, stands for.
DEFAULTS = {"provider_kind": "'physician'", "is_participating": "true", "is_apm_qualified": "false"}

# Whether a text is a value of a type, whole: what a cast accepts beside it (1e2, 0x10, 1_0) is
# no way to write units, and what it rounds (1.5) is another value.
TEXTS = {
    "INTEGER": r"^-?[0-9]{1,9}([.]0*)?\z",
    "DECIMAL(12,2)": r"^-?[0-9]{1,10}([.][0-9]{0,2}0*)?\z",
    "DECIMAL(12,3)": r"^-?[0-9]{1,9}([.][0-9]{0,3}0*)?\z",
    # A time is none where it is midnight, and its zone none where that is UTC.
    "DATE": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00(:00([.]0+)?)?(Z|[+]00(:?00)?)?)?\z",
    "BOOLEAN": r"^(true|t|yes|y|1|false|f|no|n|0)\z",
}
NUMBERS = ("INTEGER", "DECIMAL(12,2)", "DECIMAL(12,3)")
TRUE_TEXTS = "('true', 't', 'yes', 'y', '1')"

# How a text reads whose small and capital letters mean the same.
LETTERS = {"hcpcs_code": "upper", "provider_kind": "lower", "ndc_code": "upper"}

WHOLE_NUMBERS = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
)  # fmt: skip
# A point in time, which is a day only together with a zone that no file says.
INSTANT = "TIMESTAMP WITH TIME ZONE"
FLOATS = ("FLOAT", "DOUBLE")
NO_SINGLE_VALUE = ("[", "STRUCT", "MAP", "UNION", "BLOB", "BINARY", "ARRAY", "VARIANT")

# As much of a value as a message shows.
SHOWN = 40


def columns() -> tuple[Column, ...]:
    """The columns of a file of claim lines."""
    return schedule().tables["price.claim_line"].columns


def column_names() -> set[str]:
    """The names that a column of a file of claim lines may have, in small letters."""
    return {column.name for column in columns()}


# What other programs call a column of modifiers.
MODIFIERS = re.compile(
    r"((hcpcs|cpt|procedure|proc|line)[ _-]?)?mod(ifier)?s?[ _-]?(cd|code)?[ _-]?[0-9]?"
)


def known_name(head: str) -> str:
    """The column that a head names, whatever its case and the blanks around it."""
    return head.strip().lower()


def unknown_columns(found: Mapping[str, str]) -> list[str]:
    """The columns of a file that pricing does not read."""
    return [head for head in found if known_name(head) not in column_names()]


def check_heads(heads: Iterable[str]) -> None:
    """Raise UsageError where a column that no line can do without is missing, or one is twice."""
    heads = list(heads)
    named = Counter(map(known_name, heads))
    refuse_facility_claims(named)
    missing = [name for name in REQUIRED if name not in named]
    if missing:
        listed = printable(", ".join(heads))
        raise UsageError(
            f"The file of claim lines has no column {', '.join(missing)}; it has: {listed}."
        )
    repeated = [name for name, count in named.items() if count > 1 and name in column_names()]
    if repeated:
        raise UsageError(f"The file of claim lines has the column {repeated[0]} more than once.")
    _refuse_other_modifiers(named)


def _refuse_other_modifiers(named: Iterable[str]) -> None:
    """Raise UsageError where modifiers stand under another name only: none would be read."""
    known = {f"modifier_{place}" for place in (1, 2, 3, 4)}
    others = [printable(name) for name in named if MODIFIERS.fullmatch(name)]
    if others and not known & set(named):
        raise UsageError(
            f"The file of claim lines has its modifiers in a column {others[0]}, which is not read, "
            "and without them other amounts are right. Name the columns modifier_1 to modifier_4, "
            "one modifier each."
        )


@dataclass(frozen=True)
class _Cell:
    """The cell of one column: what it is to be, and what the file has it as."""

    column: Column
    source: str
    type: str

    @property
    def is_number(self) -> bool:
        return self.type in (*WHOLE_NUMBERS, *FLOATS) or self.type.startswith("DECIMAL")

    @property
    def is_text_of_file(self) -> bool:
        return self.type == "VARCHAR"

    @property
    def text(self) -> str:
        """The value as text without blanks around it; 26.0 of a column of floats is 26."""
        if self.is_number and self.type not in WHOLE_NUMBERS:
            whole = f"try_cast({self.source} as bigint)"
            as_it_is = f"cast({self.source} as varchar)"
            return f"case when {whole} = {self.source} then cast({whole} as varchar) else {as_it_is} end"
        return f"trim({self.source if self.is_text_of_file else f'cast({self.source} as varchar)'})"


def plain_query(found: Mapping[str, str], source: str) -> str:
    """A SELECT of one row: of each column of texts whether every value stands as it is read.

    The texts of a plain column have no blank, none is missing, and letters are of the case that
    they are read in.
    """
    tests = []
    for name, cell in _cells(found).items():
        if cell.is_text_of_file and cell.column.type == "VARCHAR":
            other = [f"contains({cell.source}, ' ')"]
            other += [f"{cell.source} = ''"] if name in DEFAULTS else []
            if name in LETTERS:
                other.append(f"{cell.source} <> {LETTERS[name]}({cell.source})")
            if name == "provider_kind":
                words = [word for spelled in kind_spellings().values() for word in spelled]
                other.append(f"{cell.source} in ({', '.join(map(quoted, words))})")
            whole = f"count({cell.source}) = count(*)"
            tests.append(f"{whole} and not bool_or({' or '.join(other)}) as {name}")
    return f"select {', '.join(tests) or 'true as nothing'}\nfrom {source}"


def incoming_query(
    found: Mapping[str, str], source: str, line_id: str = "", plain: Collection[str] = ()
) -> str:
    """The SELECT of ``incoming_line`` over ``source``, which has the columns and types ``found``.

    ``line_id`` is an expression that numbers the lines, ``plain`` are columns whose texts are
    taken as they stand. Raises UsageError where a column that no line can do without is missing,
    where two have one name, and where one holds lists or bytes.
    """
    check_heads(found)
    cells = _cells(found)
    selected = [f"{line_id} as line_id"] if line_id else []
    selected += [
        f"{cells[x.name].source if x.name in plain else _value(x, cells.get(x.name))} as {x.name}"
        for x in columns()
    ]
    tested = [(cell, test) for cell in cells.values() if (test := _not_understood(cell))]
    selected.append(_first(tested, lambda cell: quoted(cell.column.name)) + " as unreadable")
    selected.append(_first(tested, _remark) + " as remark")
    listed = ",\n  ".join(selected)
    return f"select\n  {listed}\nfrom {source}"


def _cells(found: Mapping[str, str]) -> dict[str, _Cell]:
    declared = {column.name: column for column in columns()}
    heads = [head for head in found if known_name(head) in declared]
    for head in heads:
        if any(part in found[head].upper() for part in NO_SINGLE_VALUE):
            raise UsageError(
                f"The column {head} of the file of claim lines is of type {found[head]}; "
                "write one plain value a line."
            )
    return {
        name: _Cell(declared[name], identifier(head), found[head])
        for head in heads
        for name in [known_name(head)]
    }


def _value(column: Column, cell: _Cell | None) -> str:
    """The expression of a column's value: NULL where it is not understood."""
    default = DEFAULTS.get(column.name, "''" if column.type == "VARCHAR" else "")
    if cell is None:
        return default or f"cast(null as {column.type})"
    if column.type == "VARCHAR":
        text = cell.text
        if column.name in LETTERS:
            text = f"{LETTERS[column.name]}({text})"
        if column.name == "provider_kind":
            text = _kind_meant(text)
        return f"coalesce(nullif({text}, ''), {default})"
    value = _typed(cell)
    return f"coalesce({value}, {default})" if default else value


def _kind_meant(text: str) -> str:
    """The kind of provider that other words mean; what means none stays, to be refused."""
    cases = (
        f"when {text} in ({', '.join(map(quoted, words))}) then {quoted(kind)}"
        for kind, words in kind_spellings().items()
    )
    return f"case {' '.join(cases)} else {text} end"


def _typed(cell: _Cell) -> str:
    """The value of a column that is no text, where it is understood."""
    wanted, source = cell.column.type, cell.source
    if cell.type == wanted:
        return source
    if wanted == "DATE" and cell.type.startswith("TIMESTAMP"):
        return _if_understood(cell, f"cast({source} as date)")
    if cell.is_number and wanted in NUMBERS:
        return _if_understood(cell, f"try_cast({source} as {wanted})")
    text = cell.text
    meant = {
        # Over a decimal, because engines differ in whether the text 5.0 is a whole number.
        "INTEGER": f"try_cast(try_cast({text} as decimal(12, 2)) as integer)",
        "DATE": f"try_cast(substring({text}, 1, 10) as date)",
        "BOOLEAN": f"lower({text}) in {TRUE_TEXTS}",
    }.get(wanted, f"try_cast({text} as {wanted})")
    return _if_understood(cell, meant)


def _if_understood(cell: _Cell, value: str) -> str:
    test = _not_understood(cell)
    return f"case when not ({test}) and not ({_blank(cell)}) then {value} end" if test else value


def _blank(cell: _Cell) -> str:
    return f"coalesce({cell.text}, '') = ''" if cell.is_text_of_file else f"{cell.source} is null"


def _not_understood(cell: _Cell) -> str:
    """The condition, never NULL, that a value is there and is none of its column; '' for never."""
    wanted, source, text = cell.column.type, cell.source, cell.text
    if wanted in ("VARCHAR", cell.type):
        return ""
    if wanted == "DATE" and cell.type.startswith("TIMESTAMP"):
        # An instant is a day by itself at midnight only: which zone it was meant in is not said.
        midnight = f"substring(cast({source} as varchar), 12, 9) in ('00:00:00', '00:00:00+')"
        has_zone = cell.type == INSTANT
        return f"{source} is not null and not ({midnight})" if has_zone else ""
    if cell.is_number and wanted in NUMBERS:
        meant = f"try_cast({source} as {wanted})"
        # A decimal and a float are compared as floats of the same width.
        back = f"cast({meant} as {cell.type})" if cell.type in FLOATS else meant
        return f"{source} is not null and coalesce({back} <> {source}, true)"
    written = f"lower({text})" if wanted == "BOOLEAN" else text
    understood = f"regexp_matches({written}, {quoted(TEXTS[wanted])})"
    if wanted == "DATE":
        understood += f" and try_cast(substring({text}, 1, 10) as date) is not null"
    return f"not ({_blank(cell)}) and not ({understood})"


def _first(tested: list[tuple[_Cell, str]], said) -> str:
    if not tested:
        return "''"
    return (
        "case "
        + " ".join(f"when {test} then {said(cell)}" for cell, test in tested)
        + " else '' end"
    )


def _remark(cell: _Cell) -> str:
    """The column and the value, as in: units "1.5"."""
    shown = f"substring(trim(cast({cell.source} as varchar)), 1, {SHOWN})"
    named = quoted(f'{cell.column.name} "')
    return f"{named} || {shown} || '\"'"
