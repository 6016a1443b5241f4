"""The payment formula and the limiting charge, each written once, as parts of SQL (pfs-rules 3.1)."""

from functools import cache

from pipeline.schedules.pfs.declared import schedule
from schemas.definitions import read_reference


def exact(work: str, pe: str, mp: str, total: str = "12, 5") -> str:
    """An amount in dollars before rounding, of three columns or expressions of RVUs.

    Beside them stand the indices of a place (``work_gpci``, ``pe_gpci``, ``mp_gpci``) and a
    ``conversion_factor``. RVUs have 2 decimals, indices 3 and factors 4: the sum is exact in
    ``total`` digits, and the product too.
    """
    weighed = f"{work} * work_gpci + {pe} * pe_gpci + {mp} * mp_gpci"
    return f"cast({weighed} as decimal({total})) * conversion_factor"


def fee(work: str, pe: str, mp: str, total: str = "12, 5") -> str:
    """The exact amount rounded half up to cents, which is its only rounding."""
    return cents(exact(work, pe, mp, total))


def cents(amount: str, digits: str = "12, 2") -> str:
    """An amount rounded half up to cents."""
    return f"cast(round({amount}, 2) as decimal({digits}))"


def limiting_charge(amount: str, digits: str = "12, 2") -> str:
    """The most that a provider who does not participate may charge: 115% of the 95% of an amount."""
    return cents(f"{amount} * {factor_of_rule('limiting_charge')}", digits)


def factor_of_rule(rule: str) -> str:
    """The factor of a row of ``pricing_rule`` as an SQL literal of the type of all factors."""
    return f"cast({factor_of(rule)} as decimal(6, 4))"


def factor_of(rule: str) -> str:
    """The factor of a row of ``pricing_rule``, a decimal as it is written there."""
    return _factors()[rule]


@cache
def _factors() -> dict[str, str]:
    rows = read_reference(schedule().reference_file("pricing_rule"))
    return {row["rule"]: row["factor"] for row in rows}
