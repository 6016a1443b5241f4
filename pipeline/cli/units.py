"""Units as they are written on the command line: whole numbers, and of miles of ambulances also tenths."""

import re
from decimal import Decimal

from pipeline.errors import UsageError
from pipeline.price.miles import ADVICE
from pipeline.schedules.ambulance.declared import mile_codes


def units_of(code: str, written: str) -> int | Decimal:
    """The units of a code. Raises UsageError where they are neither a whole number nor miles with a tenth.

    What Python takes for a number beside digits (1_0) is none.
    """
    is_of_miles = code in mile_codes()
    if re.fullmatch("[0-9]{1,6}([.]0*)?", written):
        return int(Decimal(written))
    if is_of_miles and re.fullmatch("[0-9]{0,2}[.][1-9]0*", written):
        return Decimal(written).normalize()
    what = ADVICE if is_of_miles else "write a whole one"
    raise UsageError(f'"{written}" is no number of units; {what}.')
