"""CMS's companions beside the releases: each is compared with the one that it agrees with best.

What a companion is called says nothing of its release: the digit in the name of a payment file
may be a quarter or the first of a year (pfs-rules 10.5).
"""

from duckdb import DuckDBPyConnection

from pipeline.release.reconcile import Reconciled, compare
from pipeline.release.warehouse_inputs import Companion
from pipeline.schedules.pfs.declared import NAME
from pipeline.schedules.pfs.reconcile import HERE
from pipeline.schedules.pfs.reconcile.explain import explain
from pipeline.schedules.pfs.tables import payable_rows_query, payment
from pipeline.store.database import parquet, rows_of
from pipeline.store.parts import append
from pipeline.store.sql import compose
from schemas.definitions import catalog
from schemas.derive import quoted

# A file of a release gives all its amounts but for a few; by chance few are equal.
AGREES_FROM = 0.5


def reconcile_pfrev(con, companion: str, comparison: str, source_file: str) -> Reconciled | None:
    """Compare a payment file with the releases of its year in ``con``; None if nothing meets."""

    def amounts(conversion_factor: str) -> str:
        rows = compose(
            HERE / "pfrev_rows.sql",
            payable_rows=payable_rows_query(),
            pfrev=companion,
            conversion_factor=f"SELECT {conversion_factor}",
        )
        return compose(HERE / "pfrev.sql", amounts=payment(rows))

    best = _best(con, amounts("payable.conversion_factor"))
    if best is None:
        return None

    def of_best(conversion_factor: str) -> str:
        return _of(best, amounts(conversion_factor))

    factor_class = best["conversion_factor_class"]
    name = comparison if factor_class == "all" else f"{comparison} {factor_class}"
    query = of_best("payable.conversion_factor")
    reconciled = compare(con, NAME, best["release_id"], name, source_file, query)
    explain(con, reconciled, best["calendar_year"], of_best)
    return _judged(reconciled, best, f"no release of {best['calendar_year']}")


def reconcile_anesthesia_factor(
    con, companion: str, comparison: str, source_file: str
) -> Reconciled | None:
    """Compare CMS's workbook of anesthesia factors, which names no year, with all releases."""
    amounts = compose(HERE / "anesthesia_factor.sql", companion=companion)
    best = _best(con, amounts)
    if best is None:
        return None
    reconciled = compare(con, NAME, best["release_id"], comparison, source_file, _of(best, amounts))
    return _judged(reconciled, best, "no release")


def _best(con, amounts: str) -> dict | None:
    """The release and class with the most equal amounts."""
    found = rows_of(con, compose(HERE / "agreement.sql", compared=amounts) + " LIMIT 1")
    return found[0] if found else None


def _of(best: dict, amounts: str) -> str:
    named = (best["release_id"], best["conversion_factor_class"])
    return (
        f"SELECT * FROM ({amounts}) "
        f"WHERE release_id = {quoted(named[0])} AND conversion_factor_class = {quoted(named[1])}"
    )


def _judged(reconciled: Reconciled, best: dict, none: str) -> Reconciled:
    """What agrees with no release says nothing of the one that it differs least from."""
    summary = reconciled.summary
    agrees = summary["matched_count"] >= AGREES_FROM * summary["compared_count"]
    if agrees or summary["verdict"] == "stale":
        if best["alike"] != best["release_id"]:
            words = f"It agrees alike with {best['alike']}."
            summary["message"] = f"{summary['message']} {words}".strip()
        return reconciled
    message = f"It agrees with {none} that is loaded; most with {best['release_id']}."
    return Reconciled(summary | {"verdict": "agrees_with_none", "message": message}, [])


RECONCILE = {"pfrev": reconcile_pfrev, "anesthesia_factor": reconcile_anesthesia_factor}


def reconcile_companions(con: DuckDBPyConnection, companions: list[Companion]) -> None:
    """Compare CMS's payment files and workbooks with the releases that they belong to."""
    compared = [one for one in companions if one.kind in RECONCILE and not one.is_unread]
    names = [_base_name(one) for one in compared]
    for one, name in zip(compared, names, strict=True):
        source, repeated = one.source_file
        comparison = name if names.count(name) == 1 else source
        rows = f"FROM {parquet([one.artefact.table_path(one.kind)])}"
        _insert(con, RECONCILE[one.kind](con, rows, comparison, source), repeated)


def _base_name(companion: Companion) -> str:
    return companion.source_file[0].rpartition("/")[2]


def _insert(con: DuckDBPyConnection, reconciled: Reconciled | None, repeated: int) -> None:
    if reconciled is None:
        return
    declared = catalog().tables
    if repeated:
        words = f"{repeated:,} records stand twice in the file and are compared once."
        reconciled.summary["message"] = f"{reconciled.summary['message']} {words}".strip()
    append(con, declared["reconciliation"], [reconciled.summary])
    append(con, declared["reconciliation_difference"], reconciled.differences)
