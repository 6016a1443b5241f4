"""One cell of a file of claim lines as SQL: what it is to be, what the file has, and when it is not understood.

Nothing is rounded or guessed: a value counts only as what it is without doubt.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.errors import UsageError
from pipeline.price.dates import ISO, day_expression
from pipeline.schedules.pfs.price.curated import kind_spellings
from schemas.definitions import Column
from schemas.derive import quoted

# What a column that is left out, or a value that is left blank, stands for.
DEFAULTS = {"provider_kind": "'physician'", "is_participating": "true", "is_apm_qualified": "false"}

# Amounts as people write them: a dollar sign, and commas before each three digits where cents follow.
# Without cents 1,234 may be a European decimal, so that a comma there is not understood.
WRITTEN_AMOUNT = r"^-?[$]?([0-9]{1,10}([.][0-9]{0,2}0*)?|[0-9]{1,3}(,[0-9]{3}){1,3}[.][0-9]{2})\z"
AMOUNT = "DECIMAL(12,2)"

# Whether a text is a value of a type, whole: what a cast accepts beside it (1e2, 0x10, 1_0) is
# no way to write units, and what it rounds (1.5) is another value.
TEXTS = {
    "INTEGER": r"^-?[0-9]{1,9}([.]0*)?\z",
    AMOUNT: WRITTEN_AMOUNT,
    "DECIMAL(12,3)": r"^-?[0-9]{1,9}([.][0-9]{0,3}0*)?\z",
    # A time is none where it is midnight, and its zone none where that is UTC.
    "DATE": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00(:00([.]0+)?)?(Z|[+]00(:?00)?)?)?\z",
    "BOOLEAN": r"^(true|t|yes|y|1([.]0)?|false|f|no|n|0([.]0)?)\z",
}
NUMBERS = ("INTEGER", AMOUNT, "DECIMAL(12,3)")
TRUE_TEXTS = "('true', 't', 'yes', 'y', '1', '1.0')"

# How a text reads whose small and capital letters mean the same.
LETTERS = {"hcpcs_code": "upper", "provider_kind": "lower", "ndc_code": "upper"}

WHOLE_NUMBERS = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
)  # fmt: skip
# A point in time, which is a day only together with a zone that no file says.
INSTANT = "TIMESTAMP WITH TIME ZONE"
FLOATS = ("FLOAT", "DOUBLE")
NO_SINGLE_VALUE = ("[", "STRUCT", "MAP", "UNION", "BLOB", "BINARY", "ARRAY", "VARIANT")

# What says which lines are of one claim, patient, provider or specialty.
IDENTITIES = ("claim_id", "patient_id", "provider_id", "billing_provider_id", "provider_specialty")
# What may stand around an identity beside blanks: a tab keeps a spreadsheet from making a number of it.
AROUND = "\t\r\n"
# What programs write where there is no value, or where a formula failed.
NO_VALUE = (
    "NULL", "(NULL)", "NAN", "NA", "N/A", "<NA>", "NONE", "\\N", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#DIV/0!",
)  # fmt: skip
# A spreadsheet shows numbers of many digits so, and keeps no more of them in a text file.
EXPONENT = r"^[0-9]([.][0-9]+)?[eE][+][0-9]+$"
# How a text begins that Excel was told as a formula, in a column where such were not looked for.
FORMULA = '="'
# From here on a float does not have every whole number.
BEYOND_FLOATS = 2**53

# As much of a value as a message shows.
SHOWN = 40

# Codes of digits whose zeros a column of numbers cannot hold, by their number of digits.
DIGITS = {"place_of_service": 2, "service_mac": 5, "service_locality_number": 2}

# How long a text of such a code is that lacks one zero. A shorter one may be something else, as the
# three digits are by which ZIP codes are made coarser.
LACKS_ONE = {name: (digits - 1,) for name, digits in DIGITS.items()} | {"service_zip_code": (4, 8)}

# The form of a column of such texts that a spreadsheet saved as numbers.
WITHOUT_ZEROS = "leading zero restored"
# The form of a column of codes that a program wrote as floats, as pandas does where one is missing: 94110.0.
OF_FLOATS = "numbers with a decimal point"
# A code in that form.
FLOAT_OF_DIGITS = "[0-9]+[.]0+"
# The codes that may be written so.
CODES_OF_DIGITS = (*LACKS_ONE, "hcpcs_code")

# Arithmetic with floats leaves a remainder beyond these decimals: 3 x 1.1 is 3.3000000000000003.
EXACT_DECIMALS = 9
# A number as programs write one that has such a remainder.
WITH_REMAINDER = r"^-?[0-9]{1,9}[.][0-9]{10,}\z"


@dataclass(frozen=True)
class Cell:
    """The cell of one column: what it is to be, and what the file has it as.

    ``source`` is the expression of its value and ``type`` the type of that; ``refused`` is a
    condition, never NULL, under which the value is not understood beside those of its type, and
    ``shown`` the expression of the value that a message then shows. A text of a day is written
    in ``form``, '' for ISO, and one of a code may lack its zero (``WITHOUT_ZEROS``) or be written
    as a float (``OF_FLOATS``). A made value is more than a column of the file as it stands.
    """

    column: Column
    source: str
    type: str
    refused: str = ""
    shown: str = ""
    form: str = ""
    is_made: bool = False

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
            text = f"case when {whole} = {self.source} then cast({whole} as varchar) else {as_it_is} end"
            return _with_zeros(self, text)
        if self.is_number:
            return _with_zeros(self, f"cast({self.source} as varchar)")
        if self.is_text_of_file and self.form == WITHOUT_ZEROS:
            return _with_one_zero(self.column.name, f"trim({self.source})")
        if self.is_text_of_file and self.form == OF_FLOATS:
            return _of_float(self, f"trim({self.source})")
        if self.is_text_of_file and self.column.type in NUMBERS:
            return _without_remainder(f"trim({self.source})")
        if self.is_text_of_file and self.column.name in IDENTITIES:
            return _identity(self.source)
        return f"trim({self.source if self.is_text_of_file else f'cast({self.source} as varchar)'})"


def plain_cell(column: Column, head: str, source: str, kind: str) -> Cell:
    """The cell of a column of ours that is one of the file as it stands.

    A float that is no number is how pandas and R keep a value that is missing, and what its
    arithmetic left is no part of a number.
    """
    if any(part in kind.upper() for part in NO_SINGLE_VALUE):
        raise UsageError(
            f"The column {head} of the file of claim lines is of type {kind}; "
            "write one plain value a line."
        )
    if kind in FLOATS:
        is_rounded = kind == "DOUBLE" and column.type in NUMBERS
        number = f"round({source}, {EXACT_DECIMALS})" if is_rounded else source
        source = f"case when not isnan({source}) then {number} end"
    cell = Cell(column, source, kind)
    if column.name == "hcpcs_code" and cell.is_number:
        # A column of numbers has lost the zeros of 00100, and 450 may be a revenue code.
        return replace(cell, refused=f"coalesce(length({cell.text}) < 5, false)", shown=cell.text)
    return cell


def _with_zeros(cell: Cell, text: str) -> str:
    """A code out of a column of numbers with the zeros before it, where its length says how many."""
    name = cell.column.name
    if name in DIGITS:
        digits = DIGITS[name]
        return (
            f"case when length({text}) < {digits} then lpad({text}, {digits}, '0') else {text} end"
        )
    if name == "service_zip_code":
        short, long = ("3, 4", "7, 8") if cell.form == WITHOUT_ZEROS else ("4", "8")
        return (
            f"case when length({text}) in ({short}) then lpad({text}, 5, '0') "
            f"when length({text}) in ({long}) then lpad({text}, 9, '0') else {text} end"
        )
    return text


def _of_float(cell: Cell, text: str) -> str:
    """A code that was written as a float, as it would be out of a column of numbers."""
    is_float = f"regexp_full_match({text}, {quoted(FLOAT_OF_DIGITS)})"
    whole = _with_zeros(cell, f"regexp_extract({text}, '^[0-9]+')")
    return f"case when {is_float} then {whole} else {text} end"


def _identity(text: str) -> str:
    """What tells one from another, without what is no part of it: signs around it, and the decimals of a float.

    1234567893.0 is 1234567893. A tab makes an unknown value of any other; of these it would make another one.
    """
    # Hardly any value has either, and to look for them costs little beside taking them off.
    has_signs = " or ".join(f"contains({text}, {quoted(x)})" for x in AROUND)
    bare = f"case when {has_signs} then trim({text}, {quoted(' ' + AROUND)}) else trim({text}) end"
    whole = f"coalesce(nullif(regexp_extract({bare}, '^([0-9]+)[.]0$', 1), ''), {bare})"
    return f"case when contains({text}, '.0') then {whole} else {bare} end"


def _without_remainder(text: str) -> str:
    """A number without what the arithmetic of floats left; it has ten decimals at least, so that others cost nothing."""
    is_long = f"length({text}) > 11 and regexp_matches({text}, {quoted(WITH_REMAINDER)})"
    number = f"round(cast({text} as double), {EXACT_DECIMALS})"
    return f"case when {is_long} then cast({number} as varchar) else {text} end"


def lacks_two_zeros(values: Iterable[str]) -> bool:
    """Whether numbers of three digits are whole ZIP codes (00907), for others beside them are whole.

    Where all have three, they may be what is left of ZIP codes that were made coarser.
    """
    lengths = {len(value) for value in values}
    return bool(lengths & {3, 7} and lengths & {5, 9})


def are_floats(values: Iterable[str]) -> bool:
    """Whether codes of a column are written as floats: a program that writes one so writes all so."""
    return any(re.fullmatch(FLOAT_OF_DIGITS, value.strip()) for value in values)


def lacks_zeros(name: str, values: Iterable[str]) -> bool:
    """Whether texts of a column lack the zero in front: some are one digit short, and none begins with one."""
    texts = [value.strip() for value in values]
    short = any(len(x) in LACKS_ONE[name] and x.isascii() and x.isdigit() for x in texts)
    return short and not any(x.startswith("0") for x in texts)


def _with_one_zero(name: str, text: str) -> str:
    lengths = ", ".join(map(str, LACKS_ONE[name]))
    is_short = f"length({text}) in ({lengths}) and regexp_matches({text}, '^[0-9]+$')"
    return f"case when {is_short} then '0' || {text} else {text} end"


def value_of(column: Column, cell: Cell | None) -> str:
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
        if column.name == "service_zip_code":
            text = _nine_digits(text)
        return f"coalesce(nullif({text}, ''), {default})"
    value = _typed(cell)
    return f"coalesce({value}, {default})" if default else value


def _nine_digits(text: str) -> str:
    """A ZIP code of nine digits without its hyphen."""
    has_hyphen = f"length({text}) = 10 and substring({text}, 6, 1) = '-'"
    return f"case when {has_hyphen} then replace({text}, '-', '') else {text} end"


def _kind_meant(text: str) -> str:
    """The kind of provider that other words mean; what means none stays, to be refused."""
    cases = (
        f"when {text} in ({', '.join(map(quoted, words))}) then {quoted(kind)}"
        for kind, words in kind_spellings().items()
    )
    return f"case {' '.join(cases)} else {text} end"


def _typed(cell: Cell) -> str:
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
        "DATE": _day(cell),
        "BOOLEAN": f"lower({text}) in {TRUE_TEXTS}",
        AMOUNT: amount_of(text),
    }.get(wanted, f"try_cast({text} as {wanted})")
    return _if_understood(cell, meant)


def is_written_amount(text: str) -> str:
    """The condition that a text is an amount as people write them."""
    return f"regexp_matches({text}, {quoted(WRITTEN_AMOUNT)})"


def plain_amount(text: str) -> str:
    """Such an amount without its dollar sign and the commas between its thousands."""
    return f"replace(replace({text}, '$', ''), ',', '')"


def amount_written(text: str) -> Decimal | None:
    """The same amount in Python; None for a text that is none."""
    if not re.fullmatch(WRITTEN_AMOUNT.removesuffix(r"\z"), text):
        return None
    return Decimal(text.replace("$", "").replace(",", ""))


def amount_of(text: str) -> str:
    """The value of such an amount."""
    return f"try_cast({plain_amount(text)} as {AMOUNT})"


def _day(cell: Cell) -> str:
    if cell.form in ("", ISO):
        return f"try_cast(substring({cell.text}, 1, 10) as date)"
    return day_expression(cell.text, cell.form)


def _if_understood(cell: Cell, value: str) -> str:
    test = not_understood(cell)
    return f"case when not ({test}) and not ({_blank(cell)}) then {value} end" if test else value


def _blank(cell: Cell) -> str:
    return f"coalesce({cell.text}, '') = ''" if cell.is_text_of_file else f"{cell.source} is null"


def not_understood(cell: Cell) -> str:
    """The condition, never NULL, that a value is there and is none of its column; '' for never."""
    return " or ".join(x for x in (cell.refused, _no_identity(cell), _not_of_type(cell)) if x)


def _no_identity(cell: Cell) -> str:
    """The condition that what should tell one from another stands for none, or has lost its digits.

    Lines of several patients would be held against each other as those of one. '' for a column
    that tells nothing apart, and for whole numbers.
    """
    if cell.column.name not in IDENTITIES or cell.type in WHOLE_NUMBERS:
        return ""
    if cell.type in FLOATS:
        return f"coalesce(abs({cell.source}) >= {BEYOND_FLOATS}, false)"
    return f"coalesce({is_no_identity(cell.text)}, false)"


def is_no_identity(text: str) -> str:
    """The same condition of a text; nearly all are too long to be looked up."""
    words = ", ".join(map(quoted, NO_VALUE))
    return (
        f"length({text}) < 8 and upper({text}) in ({words}) "
        f"or contains({text}, '+') and regexp_matches({text}, {quoted(EXPONENT)}) "
        f"or starts_with({text}, {quoted(FORMULA)})"
    )


def _not_of_type(cell: Cell) -> str:
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
    if wanted == "DATE" and cell.form not in ("", ISO):
        return f"not ({_blank(cell)}) and {_day(cell)} is null"
    written = f"lower({text})" if wanted == "BOOLEAN" else text
    understood = f"regexp_matches({written}, {quoted(TEXTS[wanted])})"
    if wanted == "DATE":
        understood += f" and try_cast(substring({text}, 1, 10) as date) is not null"
    return f"not ({_blank(cell)}) and not ({understood})"


def remark_of(cell: Cell) -> str:
    """The column and the value, as in: units "1.5"."""
    value = cell.shown or f"cast({cell.source} as varchar)"
    shown = f"substring(coalesce(trim({value}), ''), 1, {SHOWN})"
    named = quoted(f'{cell.column.name} "')
    return f"{named} || {shown} || '\"'"
