"""Miles of ambulances on claim lines, which have tenths: 12.4 are 13 units, of which 0.6 was not driven.

Every other service is counted in whole units, and the steps that price millions of lines work on
whole numbers. So ``units`` are the miles begun, and ``mile_not_driven`` is what they exceed the miles
by: 0 for all other codes. Only the ambulances' own schedule and limits of units ask for it.
"""

from pipeline.price.cell import FLOATS, WHOLE_NUMBERS, Cell
from pipeline.schedules.ambulance.declared import mile_codes
from schemas.derive import quoted

# Miles up to 999,999.9, and nothing less than whole ones.
MILES = "decimal(7, 1)"
WHOLE = "cast(0 as decimal(2, 1))"

# A text with one decimal that is not zero. X12 leaves the zero of 0.4 out.
TENTHS = r"^[0-9]{0,6}[.][1-9]0*\z"

# What to do about another number of miles.
ADVICE = "miles have one decimal: round up to the next tenth, and from 100 miles on to a whole one"


def is_of_miles(code: str) -> str:
    """The condition that an expression is a code that is counted in miles."""
    return f"{code} in ({', '.join(map(quoted, mile_codes()))})"


def has_tenths(code: str, units: Cell) -> str:
    """The condition, never NULL, that the units of a line are miles with one decimal.

    '' where no line can have one, for the column of the file is of whole numbers.
    """
    if units.type in WHOLE_NUMBERS:
        return ""
    tests = [is_of_miles(code), *([f"not ({units.refused})"] if units.refused else [])]
    return " and ".join([*tests, f"coalesce({_is_written_with_one(units)}, false)"])


def _is_written_with_one(units: Cell) -> str:
    if not units.is_number:
        return f"regexp_matches({units.text}, {quoted(TENTHS)})"
    miles = _miles(units)
    # A decimal and a float are compared as floats of the same width.
    back = f"cast({miles} as {units.type})" if units.type in FLOATS else miles
    return f"{units.source} > 0 and {back} = {units.source} and {miles} <> ceil({miles})"


def miles_begun(units: Cell) -> str:
    """The miles that were begun, of units that have tenths."""
    return f"cast(ceil({_miles(units)}) as integer)"


def not_driven(units: Cell) -> str:
    """What of the last mile was not driven, of units that have tenths."""
    return f"cast(ceil({_miles(units)}) - {_miles(units)} as decimal(2, 1))"


def as_written() -> str:
    """The units of a line that was read, as a text, with the tenths where it has them."""
    with_tenths = "cast(cast(units - mile_not_driven as decimal(11, 1)) as varchar)"
    return f"case when mile_not_driven > 0 then {with_tenths} else cast(units as varchar) end"


def _miles(units: Cell) -> str:
    return f"try_cast({units.source if units.is_number else units.text} as {MILES})"
