"""Days as claim files write them. A column has one form; which one, its first values decide."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.derive import quoted

ISO = "YYYY-MM-DD"
US = "MM/DD/YYYY"
DAY_FIRST = "DD/MM/YYYY"

# As many values decide the form of a column.
LOOKED_AT = 1000


@dataclass(frozen=True)
class Form:
    """How days are written: what they look like, and how DuckDB reads them."""

    looks: re.Pattern
    reads: tuple[str, ...]


# A time is none where it is midnight, however it is written.
_TIME = r"([ :](0?0:00(:00([.]0+)?)?|12:00(:00)? ?AM))?"
_TIMES = ("", " %H:%M:%S", " %H:%M:%S.%g", " %H:%M", " %I:%M:%S %p", " %I:%M %p")
# SAS writes a point in time as 15OCT2025:00:00:00.
_SAS_TIMES = (":%H:%M:%S", ":%H:%M:%S.%g", ":%H:%M")
_MONTHS = "(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"

FORMS = {
    ISO: Form(re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?"), ()),
    "YYYYMMDD": Form(re.compile(r"(19|20)[0-9]{6}(-(19|20)[0-9]{6}|[.]0)?"), ("%Y%m%d",)),
    US: Form(
        re.compile(rf"[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}}{_TIME}"),
        tuple("%m/%d/%Y" + time for time in _TIMES),
    ),
    DAY_FIRST: Form(re.compile(r"(?!)"), tuple("%d/%m/%Y" + time for time in _TIMES)),
    "DD-Mon-YYYY": Form(
        re.compile(rf"[0-9]{{1,2}}[- ]?{_MONTHS}[- ]?[0-9]{{4}}{_TIME}", re.IGNORECASE),
        tuple(
            form + time
            for time in (*_TIMES, *_SAS_TIMES)
            for form in ("%d-%b-%Y", "%d%b%Y", "%d %b %Y")
        ),
    ),
}


def form_of(values: Iterable[str]) -> str:
    """The form that most of the values have, '' where none has one that is known."""
    counts = Counter(form for value in values if (form := _form(value.strip())))
    return max(counts, key=lambda form: counts[form], default="")


def _form(value: str) -> str:
    return next((name for name, form in FORMS.items() if form.looks.fullmatch(value)), "")


def day_expression(text: str, form: str) -> str:
    """The day that a text of a form other than ISO means; NULL where it means none."""
    if form == "YYYYMMDD":
        # A range of one day, as 837P has it.
        is_one = (
            f"length({text}) = 17 and substring({text}, 1, 9) = substring({text}, 10, 8) || '-'"
        )
        # A program that knows floats only writes a number of them.
        eight = f"regexp_full_match({text}, '[0-9]{{8}}([.]0)?')"
        text = f"case when {eight} or {is_one} then substring({text}, 1, 8) end"
    reads = ", ".join(map(quoted, FORMS[form].reads))
    moment = f"try_strptime({text}, [{reads}])"
    # Only midnight is no time, and a year of two digits is none of four.
    is_day = f"{moment} = date_trunc('day', {moment}) and year({moment}) between 1900 and 2199"
    return f"case when {is_day} then cast({moment} as date) end"
