"""What changed between CMS's real releases: the same files as in ``test_real_files.py``."""

import duckdb
import pytest

pytestmark = pytest.mark.real


def rows(real: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    return real.sql(sql).fetchall()


def test_the_efficiency_adjustment_of_2026_is_found(real) -> None:
    """Work x 0.975, rounded half up, for all that is not time-based (pfs-rules 3.6)."""
    adjusted = "work_rvu_after = round(work_rvu_before * 0.975::DECIMAL(4,3), 2)"
    sql = (
        "SELECT count(*), count(DISTINCT hcpcs_code) FROM rvu_change "
        f"WHERE release_id = 'RVU26C' AND work_rvu_after <> work_rvu_before AND {adjusted}"
    )
    assert rows(real, sql) == [(7_414, 6_683)]


def test_the_change_of_92950_from_25d_to_26c_is_split(real) -> None:
    """In a facility: (4.00 + 1.03 + 0.40) x 32.3465 = 175.64, (3.90 + 0.76 + 0.44) x 33.4009 =
    170.34. The totals 5.43 and 5.10 differ by -0.33, which at the mean of both factors is
    -10.848321; the factors differ by 1.0544, which at the mean of both totals is 5.551416."""
    sql = (
        "SELECT work_rvu_before, work_rvu_after, facility_payment_before, facility_payment_after, "
        "facility_payment_change, facility_due_to_rvu, facility_due_to_gpci, "
        "facility_due_to_conversion_factor, facility_due_to_rounding "
        "FROM rvu_change WHERE release_id = 'RVU26C' AND hcpcs_code = '92950'"
    )
    figures = "4.00 3.90 175.64 170.34 -5.30 -10.848321 0.000000 5.551416 -0.003095"
    assert [[str(cell) for cell in row] for row in rows(real, sql)] == [figures.split()]


def test_every_split_is_the_mean_of_the_two_orders(real) -> None:
    """Nationally no index changes, so that RVUs and factor come in two orders only."""
    sql = """
        SELECT count(*), count(*) FILTER (
            abs(facility_due_to_rvu - (after.total - before.total) * (after.factor + before.factor) / 2) > 0.000001
            OR abs(facility_due_to_conversion_factor - (after.factor - before.factor) * (after.total + before.total) / 2) > 0.000001
        )
        FROM rvu_change
        JOIN (SELECT release_id, hcpcs_code, modifier, facility_total_rvu::DOUBLE AS total, conversion_factor::DOUBLE AS factor, opps_mp_rvu + facility_opps_pe_rvu AS opps FROM rvu JOIN payment_national USING (release_id, hcpcs_code, modifier) WHERE is_default_class) AS after
          USING (release_id, hcpcs_code, modifier)
        JOIN (SELECT release_id AS previous_release_id, hcpcs_code, modifier, facility_total_rvu::DOUBLE AS total, conversion_factor::DOUBLE AS factor, opps_mp_rvu + facility_opps_pe_rvu AS opps FROM rvu JOIN payment_national USING (release_id, hcpcs_code, modifier) WHERE is_default_class) AS before
          USING (previous_release_id, hcpcs_code, modifier)
        WHERE facility_due_to_rvu IS NOT NULL AND before.opps = 0 AND after.opps = 0
    """
    [(compared, differing)] = rows(real, sql)
    assert compared > 15_000
    assert differing == 0


def test_the_summary_tells_the_largest_movers(real_warehouse) -> None:
    text = (real_warehouse / "exports" / "current" / "changes.md").read_text()
    assert text.startswith("# From RVU25D to RVU26C")
    assert "The conversion factor went from 32.3465 to 33.4009 (+3.26%)." in text
    assert "## Largest falls in a facility" in text


def test_work_from_which_only_the_cap_is_computed_is_compared_too(real) -> None:
    """Work of the 26 row, where the whole is carrier-priced (pfs-rules 3.2)."""
    named = "list_contains(string_split(changed_values, ','), '{}')"
    sql = f"""
        SELECT count(*) FROM rvu_change
        WHERE release_id = 'RVU26C' AND {named.format("opps_work_rvu")} AND NOT {named.format("work_rvu")}
    """
    found = rows(
        real,
        """
        SELECT count(*) FROM rvu AS before JOIN rvu AS after USING (hcpcs_code, modifier)
        WHERE before.release_id = 'RVU25D' AND after.release_id = 'RVU26C'
          AND before.opps_work_rvu <> after.opps_work_rvu AND before.work_rvu = after.work_rvu
        """,
    )
    assert rows(real, sql) == found == [(98,)]
