"""CMS's own amounts beside ours: how many agree, and whether CMS's file is out of date."""

from pathlib import Path

from pipeline.release.reconcile import Reconciled, compare
from pipeline.schedules.pfs import formula
from pipeline.schedules.pfs.declared import NAME
from pipeline.schedules.pfs.reconcile.explain import explain
from pipeline.schedules.pfs.tables import payable_rows_query, payment
from pipeline.store.sql import compose, compose_with

HERE = Path(__file__).parent


def reconcile_oppscap(con, release_id: str, source_file: str, calendar_year: int) -> Reconciled:
    """Compare OPPSCAP of the release in ``con`` with the payments computed from its RVUs."""

    def amounts(conversion_factor: str) -> str:
        payable = payable_rows_query()
        path = HERE / "oppscap_rows.sql"
        rows = compose(path, payable_rows=payable, conversion_factor=f"SELECT {conversion_factor}")
        return compose(HERE / "oppscap.sql", amounts=payment(rows))

    reconciled = compare(
        con, NAME, release_id, "OPPSCAP", source_file, amounts("payable.conversion_factor")
    )
    explain(con, reconciled, calendar_year, amounts)
    return reconciled


def reconcile_anes(con, release_id: str, source_file: str) -> Reconciled | None:
    """Recompute the anesthesia factors of the release in ``con``; None where no shares are known."""
    of_shares = formula.exact("work_share", "pe_share", "mp_share", "10, 6")
    factor = {"factor_of_shares": formula.cents(of_shares, "9, 2")}
    query = compose_with(HERE / "anes.sql", factor)
    reconciled = compare(con, NAME, release_id, "ANES from indices", source_file, query)
    return reconciled if reconciled.summary["compared_count"] else None
