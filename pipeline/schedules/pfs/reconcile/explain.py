"""Why amounts of CMS differ from ours: another factor, some localities, some codes, or none of these."""

from collections.abc import Callable
from decimal import Decimal

FEW = 10
# The ratio of ours to CMS's where a file is merely out of date (pfs-rules 10.2).
STALE = (Decimal("0.9"), Decimal("1.1"))


def explain(con, reconciled, calendar_year: int, amounts: Callable[[str], str]) -> None:
    """Say in ``reconciled`` what explains the amounts that differ, and whether CMS's file is stale.

    It is where they follow from another factor of the year or the year before, where they lie in
    some localities only, or where nearly all differ by little. ``amounts`` gives the comparison
    computed with a factor.
    """
    differences = reconciled.differences
    if not differences:
        return
    summary = reconciled.summary
    factor, left = _best_factor(con, calendar_year, amounts)
    if factor and not left:
        summary["verdict"] = "stale"
        summary["message"] = f"CMS computed these amounts with the factor {factor}."
        return
    words = []
    if factor and 2 * len(left) <= len(differences):
        summary["verdict"] = "stale"
        words = [
            f"CMS computed {len(differences) - len(left):,} of the {len(differences):,} amounts "
            f"that differ with the factor {factor}."
        ]
    else:
        left = [row["record_key"] for row in differences]
    words.append(_of_what_is_left(con, reconciled, left, calendar_year))
    summary["message"] = " ".join(words)


def _best_factor(
    con, calendar_year: int, amounts: Callable[[str], str]
) -> tuple[Decimal | None, list[str]]:
    """The known factor that leaves the fewest amounts unexplained, and what these are of."""
    factors = con.execute(
        "SELECT DISTINCT conversion_factor FROM conversion_factor WHERE program = 'pfs' "
        "AND conversion_factor IS NOT NULL "
        f"AND year(effective_from) BETWEEN {calendar_year - 1} AND {calendar_year} ORDER BY ALL"
    ).fetchall()
    tried = [(factor, _differing(con, amounts(str(factor)))) for (factor,) in factors]
    return min(tried, key=lambda one: len(one[1]), default=(None, []))


def _differing(con, query: str) -> list[str]:
    rows = con.execute(
        f"SELECT record_key FROM ({query}) WHERE our_value IS DISTINCT FROM other_value"
    )
    return [row[0] for row in rows.fetchall()]


def _of_what_is_left(con, reconciled, left: list[str], calendar_year: int) -> str:
    """A sentence on the amounts that no factor explains."""
    places, codes = (sorted({part(key) for key in left}) for part in (_place, _code))
    [(compared,)] = con.execute(
        "SELECT count(DISTINCT regexp_extract(record_key, '[^ ]+ [^ ]+$')) FROM compared"
    ).fetchall()
    all_of_them = len(left) == len(reconciled.differences)
    subject = "They are" if all_of_them else f"The other {len(left):,} are"
    if 2 * len(places) <= compared:
        reconciled.summary["verdict"] = "stale"
        return f"{subject} of {len(places)} of {compared} localities, which had other indices: {_named(places)}."
    if len(codes) <= FEW:
        return f"{subject} of {_named(codes)}, in {len(places)} of {compared} localities."
    return _of_all(reconciled, subject, len(places), calendar_year)


def _of_all(reconciled, subject: str, places: int, calendar_year: int) -> str:
    ratios = sorted(
        Decimal(row["our_value"]) / Decimal(row["other_value"])
        for row in reconciled.differences
        if row["our_value"] and Decimal(row["other_value"])
    )
    summary = reconciled.summary
    far = sum(not STALE[0] <= ratio <= STALE[1] for ratio in ratios)
    if ratios and 100 * far <= len(ratios) and 2 * len(ratios) > summary["compared_count"]:
        summary["verdict"] = "stale"
    between = f": ours are {ratios[0]:.3f} to {ratios[-1]:.3f} of CMS's" if ratios else ""
    return (
        f"{subject} of {places} localities, and no factor of {calendar_year - 1} or {calendar_year} "
        f"gives them{between}."
    )


def _place(key: str) -> str:
    return "-".join(key.split(" ")[-2:])


def _code(key: str) -> str:
    return "-".join(key.split(" ")[:-2])


def _named(names: list[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more
