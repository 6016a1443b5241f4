"""Rules of pricing that depend on the day: what changes within a release, and files of another time."""

import shutil
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from pipeline.price import trace
from pipeline.price.trace import trace_of
from tests.helpers import small_price
from tests.helpers.price_claims import at
from tests.helpers.price_lines import ORDINARY, priced

pytestmark = pytest.mark.whole


def test_an_older_zip9_file_tells_only_what_the_zip5_file_of_the_day_leaves_to_it(
    schedule_file, tmp_path
):
    """CMS moves ZIP codes between localities: nine digits of another time are older than five of the day."""
    older = tmp_path / "schedule.duckdb"
    shutil.copyfile(schedule_file, older)
    lines = [
        line
        for number, digits in enumerate(("941100001", "949990001"))
        for line in small_price.lines(str(number), "V1000", service_zip_code=digits, service_mac="")
    ]

    def answers() -> list[tuple[str, str]]:
        return [(small_price.allowed(x), x["notes"]) for x in priced(older, lines)]

    with duckdb.connect(str(older)) as con:
        con.execute(
            "INSERT INTO zip9_locality SELECT * REPLACE ('94110' AS zip_code) FROM zip9_locality"
        )
    assert answers() == [("110.00", ""), ("110.00", "")]
    with duckdb.connect(str(older)) as con:
        con.execute(
            "UPDATE zip9_locality SET effective_from = DATE '2024-01-01', effective_to = DATE '2024-03-31'"
        )
    assert answers() == [("100.00", ""), ("110.00", "zip_file_of_another_time")]


# From 15 February 2025, in the midst of the release: surgery is reduced to a quarter, fees have
# another factor, and place 10 is an office.
DATED = """
    UPDATE multiple_procedure_factor SET effective_to = DATE '2025-02-14' WHERE effective_to = DATE '9999-12-31';
    INSERT INTO multiple_procedure_factor
        SELECT multiple_procedure_indicator, part, 0.25, DATE '2025-02-15', DATE '9999-12-31', evidence, source
        FROM multiple_procedure_factor
        WHERE multiple_procedure_indicator IN ('2', '5') AND effective_to = DATE '2025-02-14';
    INSERT INTO conversion_factor VALUES ('pfs', 'all', DATE '2025-02-15', NULL, 11.0000, '', '');
    INSERT INTO conversion_factor VALUES ('anesthesia', 'all', DATE '2025-03-01', NULL, 11.0000, '', '');
    UPDATE place_of_service SET setting_from = DATE '2025-02-15' WHERE place_of_service = '10';
"""


DAYS = {
    "before": date(2025, 2, 14),
    "on": date(2025, 2, 15),
    "anesthesia": date(2025, 3, 1),
}


def test_what_changes_within_a_release_counts_from_its_own_day(schedule_file, tmp_path):
    dated = tmp_path / "schedule.duckdb"
    shutil.copyfile(schedule_file, dated)
    with duckdb.connect(str(dated)) as con:
        con.execute(DATED)
    billed = [
        ("S1000 S2000 V1000 T1000:2", "11", {}),
        ("V1000", "10", {}),
        ("K1000 K2000", "11", {}),
        ("A1000", "11", {"anesthesia_minutes": 90}),
    ]
    lines = [
        line
        for name, day in DAYS.items()
        for number, (codes, place, said) in enumerate(billed)
        for line in small_price.lines(
            f"{name}{number}", codes, date_of_service=day, place_of_service=place, **said
        )
    ]
    found: dict[str, list[str]] = {}
    for line, answer in zip(lines, priced(dated, lines), strict=True):
        found.setdefault(line["claim_id"][:-1], []).append(small_price.allowed(answer))
    assert found["before"] == [
        *("1000.00", "300.00", "100.00", "140.00"),
        "80.00",
        *("80.00", "45.00"),
        "220.00",
    ]
    # 660 x 0.25; the second unit of therapy (4 + 4 x 0.25) x 11; no factor for the tests any more.
    later = [
        *("1100.00", "165.00", "110.00", "143.00"),
        "110.00",
        *("88.00", "reduction_unknown"),
    ]
    assert found["on"] == [*later, "220.00"]
    assert found["anesthesia"] == [*later, "anesthesia_factor_missing"]


def test_base_units_of_another_year_are_used_and_the_year_is_named(schedule_file, tmp_path):
    earlier = tmp_path / "schedule.duckdb"
    shutil.copyfile(schedule_file, earlier)
    with duckdb.connect(str(earlier)) as con:
        con.execute("UPDATE anesthesia_base_unit SET calendar_year = 2022")
    said = {
        "date_of_service": date(2025, 2, 1),
        "service_mac": "01112",
        "service_locality_number": "05",
    }
    line = (
        ORDINARY
        | said
        | {
            "claim_line_number": 1,
            "hcpcs_code": "A1000",
            "modifier_1": "AA",
            "anesthesia_minutes": 90,
        }
    )
    [found] = priced(earlier, [line], with_trace=True)
    assert found["allowed_amount"] == Decimal("220.00")
    last = trace_of(line | found)[-1]
    assert (last.rule, last.words) == ("base_units_of_another_year", "base units of 2022")
    assert last.is_provisional


# The release has two classes, as from 2026. Its ANES has the factor of those who qualify at 05 only.
TWO_CLASSES = """
    UPDATE payment_national SET conversion_factor_class = 'nonqp';
    INSERT INTO payment_national
        SELECT * REPLACE ('qp' AS conversion_factor_class, false AS is_default_class, 10.5 AS conversion_factor)
        FROM payment_national;
"""


@pytest.mark.parametrize(
    ("place", "has_qp_file", "billed", "wanted"),
    [
        ("05", True, "V1000", "105.00"),
        ("05", True, "A1000-AA", "221.10"),
        ("09", True, "A1000-AA", "anesthesia_factor_missing"),
        ("05", False, "V1000", "conversion_factor_missing"),
        ("05", False, "A1000-AA", "221.10"),
    ],
)
def test_those_who_qualify_are_paid_by_no_factor_of_others(
    schedule_file, tmp_path, place, has_qp_file, billed, wanted
):
    """From 2026 each class has its own factor, and anesthesia has its own beside that of the schedule."""
    classes = tmp_path / "schedule.duckdb"
    shutil.copyfile(schedule_file, classes)
    with duckdb.connect(str(classes)) as con:
        con.execute(TWO_CLASSES)
        if not has_qp_file:
            con.execute("DELETE FROM payment_national WHERE conversion_factor_class = 'qp'")
    said = {"anesthesia_minutes": 90, "is_apm_qualified": True, "service_locality_number": place}
    lines = small_price.lines("1", billed, **said)
    assert [small_price.allowed(line) for line in priced(classes, lines)] == [wanted]


def test_anesthesia_is_priced_by_its_factors_where_the_indices_are_missing(schedule_file, tmp_path):
    """A locality's factor in ANES is all that the amount takes from the place; a fee takes the indices."""
    without = tmp_path / "without_gpci.duckdb"
    shutil.copyfile(schedule_file, without)
    with duckdb.connect(str(without)) as con:
        con.execute("UPDATE locality SET work_gpci = NULL, pe_gpci = NULL, mp_gpci = NULL")
    lines = [
        line
        for number, billed in enumerate(("A1000-AA", "V1000"))
        for line in small_price.lines(str(number), billed, anesthesia_minutes=90)
    ]
    found = priced(without, lines, with_trace=True)
    assert [small_price.allowed(line) for line in found] == ["220.00", "gpci_missing"]
    assert trace_of(lines[0] | found[0])[-1].amount == Decimal("220.00")


def test_an_unknown_zip_code_is_told_from_no_file_of_zip_codes(schedule_file, tmp_path):
    without = tmp_path / "without_zip5.duckdb"
    shutil.copyfile(schedule_file, without)
    with duckdb.connect(str(without)) as con:
        con.execute("DELETE FROM zip_locality")
    [line] = small_price.lines("1", "V1000", **at("94111", "", "", "").said)
    for database, words in ((schedule_file, trace.NOT_IN_ZIP5), (without, trace.NO_ZIP5)):
        [found] = priced(database, [line], with_trace=True)
        assert found["reason"] == "zip_unknown"
        assert trace_of(line | found)[-1].words.startswith(words)
