"""CMS's own amounts beside ours: how many agree, and whether CMS's file is out of date."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.schedules.pfs.reconcile.explain import explain
from pipeline.schedules.pfs.tables import payable_rows_query, payment
from pipeline.store.database import rows_of
from pipeline.store.sql import compose

HERE = Path(__file__).parent


@dataclass
class Reconciled:
    """One comparison: its row of ``reconciliation`` and those of ``reconciliation_difference``."""

    summary: dict
    differences: list[dict]


def summarise(
    release_id: str, comparison: str, source_file: str, compared: int, differences: list[dict]
) -> Reconciled:
    """Count a comparison whose differences are given with ``known_reason`` ('' if unknown)."""
    known = sum(1 for row in differences if row["known_reason"])
    unknown = len(differences) - known
    verdict = "differs" if unknown else "known_differences" if known else "equal"
    summary = {
        "release_id": release_id,
        "comparison": comparison,
        "source_file": source_file,
        "compared_count": compared,
        "matched_count": compared - len(differences),
        "known_count": known,
        "different_count": unknown,
        "verdict": verdict,
        "message": "",
    }
    named = {"release_id": release_id, "comparison": comparison}
    return Reconciled(summary, [named | row for row in differences])


def reconcile_oppscap(con, release_id: str, source_file: str, calendar_year: int) -> Reconciled:
    """Compare OPPSCAP of the release in ``con`` with the payments computed from its RVUs."""

    def amounts(conversion_factor: str) -> str:
        payable = payable_rows_query()
        path = HERE / "oppscap_rows.sql"
        rows = compose(path, payable_rows=payable, conversion_factor=f"SELECT {conversion_factor}")
        return compose(HERE / "oppscap.sql", amounts=payment(rows))

    reconciled = compare(
        con, release_id, "OPPSCAP", source_file, amounts("payable.conversion_factor")
    )
    explain(con, reconciled, calendar_year, amounts)
    return reconciled


def reconcile_anes(con, release_id: str, source_file: str) -> Reconciled | None:
    """Recompute the anesthesia factors of the release in ``con``; None where no shares are known."""
    reconciled = compare(
        con, release_id, "ANES from indices", source_file, compose(HERE / "anes.sql")
    )
    return reconciled if reconciled.summary["compared_count"] else None


def compare(con, release_id: str, comparison: str, source_file: str, query: str) -> Reconciled:
    """Compare the ``our_value`` with the ``other_value`` of each row of a query."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE compared AS {query}")
    compared = con.sql("SELECT count(*) FROM compared").fetchall()[0][0]
    differences = rows_of(
        con,
        "SELECT record_key, column_name, coalesce(our_value::VARCHAR, '') AS our_value, "
        "other_value::VARCHAR AS other_value, '' AS known_reason FROM compared "
        "WHERE our_value IS DISTINCT FROM other_value ORDER BY ALL",
    )
    return summarise(release_id, comparison, source_file, compared, differences)
