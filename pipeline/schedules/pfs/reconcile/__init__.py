"""CMS's own amounts beside ours: how many agree, and whether CMS's file is out of date."""

from dataclasses import dataclass
from pathlib import Path

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

    reconciled = _reconcile(
        con, release_id, "OPPSCAP", source_file, amounts("payable.conversion_factor")
    )
    _mark_if_stale(con, reconciled, calendar_year, amounts)
    return reconciled


def reconcile_anes(con, release_id: str, source_file: str) -> Reconciled | None:
    """Recompute the anesthesia factors of the release in ``con``; None where no shares are known."""
    reconciled = _reconcile(
        con, release_id, "ANES from indices", source_file, compose(HERE / "anes.sql")
    )
    return reconciled if reconciled.summary["compared_count"] else None


def reconcile_pfrev(
    con, release_id: str, factor_class: str, companion: str, source_file: str, calendar_year: int
) -> Reconciled | None:
    """Compare a payment file with a release of the warehouse in ``con``; None if nothing meets."""

    def amounts(conversion_factor: str) -> str:
        rows = compose(
            HERE / "pfrev_rows.sql",
            payable_rows=f"{payable_rows_query()} WHERE release_id = '{release_id}'",
            pfrev=companion,
            **{
                "class": f"SELECT '{factor_class}'",
                "conversion_factor": f"SELECT {conversion_factor}",
            },
        )
        return compose(HERE / "pfrev.sql", amounts=payment(rows))

    name = source_file.rpartition("/")[2]
    reconciled = _reconcile(
        con, release_id, name, source_file, amounts("payable.conversion_factor")
    )
    if not reconciled.summary["compared_count"]:
        return None
    _mark_if_stale(con, reconciled, calendar_year, amounts)
    return reconciled


def reconcile_anesthesia_factor(
    con, release_id: str, companion: str, source_file: str
) -> Reconciled | None:
    """Compare CMS's workbook of anesthesia factors with a release of the warehouse."""
    query = compose(
        HERE / "anesthesia_factor.sql", companion=companion, release_id=f"SELECT '{release_id}'"
    )
    name = source_file.rpartition("/")[2]
    reconciled = _reconcile(con, release_id, name, source_file, query)
    return reconciled if reconciled.summary["compared_count"] else None


def _reconcile(con, release_id: str, comparison: str, source_file: str, query: str) -> Reconciled:
    con.execute(f"CREATE OR REPLACE TEMP TABLE compared AS {query}")
    compared = con.sql("SELECT count(*) FROM compared").fetchall()[0][0]
    differences = rows_of(
        con,
        "SELECT record_key, column_name, coalesce(our_value::VARCHAR, '') AS our_value, "
        "other_value::VARCHAR AS other_value, '' AS known_reason FROM compared "
        "WHERE our_value IS DISTINCT FROM other_value ORDER BY ALL",
    )
    return summarise(release_id, comparison, source_file, compared, differences)


def _mark_if_stale(con, reconciled: Reconciled, calendar_year: int, amounts) -> None:
    """CMS's amounts may follow from another factor of the year or of the year before."""
    if not reconciled.differences:
        return
    factors = con.sql(
        "SELECT DISTINCT conversion_factor FROM conversion_factor WHERE program = 'pfs' "
        "AND conversion_factor IS NOT NULL "
        f"AND year(effective_from) BETWEEN {calendar_year - 1} AND {calendar_year} ORDER BY ALL"
    ).fetchall()
    for (factor,) in factors:
        differing = con.sql(
            f"SELECT count(*) FROM ({amounts(str(factor))}) WHERE our_value IS DISTINCT FROM other_value"
        ).fetchall()[0][0]
        if not differing:
            reconciled.summary["verdict"] = "stale"
            reconciled.summary["message"] = f"CMS computed these amounts with the factor {factor}."
            return
