"""Claims of facilities (UB-04, 837I), which other payment systems pay: told by their columns."""

import re
from collections.abc import Iterable

from pipeline.errors import UsageError, printable

# What claims of facilities have and those of practitioners and suppliers have not, as files call it.
WORD = "[ _-]?"
COLUMNS = re.compile(
    f"(clm{WORD}|claim{WORD}|line{WORD})?rev(enue)?{WORD}(cntr|center|code|cd)({WORD}(code|cd))?"
    f"|(clm{WORD}|claim{WORD})?(type{WORD}of{WORD}bill|bill{WORD}type|tob)({WORD}(code|cd))?"
    f"|clm{WORD}(fac{WORD}type|srvc{WORD}clsfctn{WORD}type){WORD}cd"
    f"|(clm{WORD})?(ms{WORD})?drg({WORD}(code|cd))?"
)

# The columns by which a file says it of each line.
SAID = ("revenue_code", "bill_type")


def refuse_facility_claims(named: Iterable[str]) -> None:
    """Raise UsageError where columns say that the lines are a facility's, and none says which are.

    ``named`` are the heads of the file in small letters.
    """
    names = set(named)
    found = sorted(name for name in names if COLUMNS.fullmatch(name))
    if found and not names & set(SAID):
        raise UsageError(
            f"The file has a column {printable(found[0])}, which claims of facilities have (UB-04, 837I). "
            "They are paid by other systems and are not priced here, only claims of practitioners and "
            "suppliers (CMS-1500, 837P). If the file has both, name the column revenue_code or "
            "bill_type: lines where it is blank are priced, and the others are refused."
        )
