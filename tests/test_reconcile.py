"""CMS's own amounts beside ours: which release a file is of, and why amounts of it differ."""

import re
import shutil
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.release.reconcile import agreement, is_of_forms
from pipeline.report import Report
from pipeline.schedules.pfs.reconcile import compare
from pipeline.schedules.pfs.reconcile.explain import explain
from pipeline.store import database
from tests.helpers import bundles
from tests.helpers.places import REAL_FILES

YEAR = 2024
OURS, EARLIER = Decimal("33.2875"), Decimal("32.7442")
PLACES = [f"10112 {number:02}" for number in range(12)]
CODES = [f"7{number:04}" for number in range(12)]


def cents(amount: Decimal) -> Decimal:
    """Rounded half up, as a fee is."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def explained(cms) -> tuple[str, str]:
    """Verdict and message where ``cms`` gives CMS's amount of a code in a place.

    It takes the place in the lists of code and place, and the amounts by our factor and by the
    earlier one. A service of code n has 1 + n RVUs.
    """
    con = database.connect(1)
    con.execute("CREATE TABLE conversion_factor AS SELECT 'pfs' AS program, DATE '2024-01-01' AS effective_from, "
                f"unnest([{OURS}, {EARLIER}]) AS conversion_factor")  # fmt: skip
    con.execute("CREATE TABLE cap (record_key VARCHAR, rvu DECIMAL(6, 2), cms DECIMAL(9, 2))")
    for n, code in enumerate(CODES):
        for m, place in enumerate(PLACES):
            amount = cms(n, m, cents((n + 1) * OURS), cents((n + 1) * EARLIER))
            con.execute("INSERT INTO cap VALUES (?, ?, ?)", [f"{code} TC {place}", n + 1, amount])

    def amounts(factor: str) -> str:
        return (
            "SELECT record_key, 'facility_price' AS column_name, cms AS other_value, "
            f"round(rvu * {factor}, 2)::DECIMAL(9, 2) AS our_value FROM cap"
        )

    reconciled = compare(con, "pfs", "RVU24C", "OPPSCAP", "OPPSCAP_Jul.csv", amounts(str(OURS)))
    explain(con, reconciled, YEAR, amounts)
    return reconciled.summary["verdict"], reconciled.summary["message"]


def test_what_agrees_and_differs_adds_up_to_what_was_compared():
    row = {"matched_count": 31, "compared_count": 40, "different_count": 7, "known_count": 2}
    assert agreement(row) == "31 of 40 values agree, 7 differ, 2 differ for a known reason"
    row = {"matched_count": 40, "compared_count": 40, "different_count": 0, "known_count": 0}
    assert agreement(row) == "40 of 40 values agree"


def test_equal_amounts_need_no_explanation():
    assert explained(lambda n, m, ours, earlier: ours) == ("equal", "")


def test_a_file_computed_with_another_factor_is_stale():
    expected = "CMS computed these amounts with the factor 32.7442."
    assert explained(lambda n, m, ours, earlier: earlier) == ("stale", expected)


def test_a_factor_that_explains_a_share_is_named_with_the_localities_of_the_rest():
    """As RVU24C's OPPSCAP, whose localities with a floor follow from no factor."""
    found = explained(lambda n, m, ours, earlier: earlier - (m in (3, 7)))
    assert found == (
        "stale",
        "CMS computed 120 of the 144 amounts that differ with the factor 32.7442. The other 24 are "
        "of 2 of 12 localities, which had other indices: 10112-03, 10112-07.",
    )


def test_localities_that_explain_all_are_named():
    """As RVU23D's OPPSCAP: the indices of Puerto Rico and the Virgin Islands changed within the year."""
    found = explained(lambda n, m, ours, earlier: ours + (m in (0, 1)))
    expected = "They are of 2 of 12 localities, which had other indices: 10112-00, 10112-01."
    assert found == ("stale", expected)


def test_codes_that_differ_everywhere_are_named_and_say_not_whose_fault_it_is():
    """As 78429-TC and 78430-TC of RVU20C; a damaged value of ours would look the same."""
    found = explained(lambda n, m, ours, earlier: ours + (n in (4, 5)))
    assert found == ("differs", "They are of 70004-TC, 70005-TC, in 12 of 12 localities.")


def test_amounts_that_nothing_explains_are_stale_where_they_differ_by_little():
    """As RVU21A's OPPSCAP: 0.993 to 1.065."""
    found = explained(lambda n, m, ours, earlier: cents(ours * Decimal("0.95")))
    assert found == (
        "stale",
        "They are of 12 localities, and no factor of 2023 or 2024 gives them: "
        "ours are 1.052 to 1.053 of CMS's.",
    )


def test_amounts_that_nothing_explains_differ_where_they_are_far_off():
    far = explained(lambda n, m, ours, earlier: ours * 2)
    assert far[0] == "differs" and far[1].endswith("ours are 0.500 to 0.500 of CMS's.")


def compared(warehouse) -> list[tuple]:
    """What came of the payment files of a warehouse."""
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        return con.sql(
            "SELECT release_id, comparison, matched_count, different_count, verdict, message "
            "FROM reconciliation WHERE comparison LIKE 'PF%' ORDER BY ALL"
        ).fetchall()


def add_payment_file(raw, name: str, change=lambda text: text) -> None:
    text = (bundles.SAMPLE / "PFREV4.txt").read_text("cp1252")
    (raw / name).write_text(change(text), "cp1252")


@pytest.mark.slow
def test_a_payment_file_finds_its_release_by_agreement(tmp_path, add_release):
    """Whatever digit stands in its name; from July to October the work of 50688 changed."""
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    add_release(raw, "rvu25c", "July")
    [pprrvu] = (raw / "rvu25c").glob("PPRRVU*")
    for position, value in ((bundles.WORK, "1.30"), (bundles.NF_TOTAL, "2.45"), (bundles.F_TOTAL, "2.45")):  # fmt: skip
        bundles.edit_cell(pprrvu, "50688,,", position, value)
    add_release(raw, "rvu25d", "October")
    add_payment_file(raw, "PFREV1.txt")
    add_payment_file(raw, "PFREV25A.txt", lambda text: without(text, "50688"))
    add_payment_file(raw, "PFREV3.txt", lambda text: re.sub(r'"0000(\d)', r'"0009\1', text))
    add_payment_file(raw, "PFREV4.txt", lambda text: text.replace('"2025"', '"2024"'))
    report = Report(quiet=True)
    refresh(Options(raw=raw, warehouse=warehouse), report)
    assert [row[:2] + row[4:] for row in compared(warehouse)] == [
        ("RVU25D", "PFREV1.txt", "equal", ""),
        ("RVU25D", "PFREV25A.txt", "equal", "It agrees alike with RVU25C, RVU25D."),
        ("RVU25D", "PFREV3.txt", "agrees_with_none", "It agrees with no release of 2025 that is loaded; most with RVU25D."),
    ]  # fmt: skip
    assert any("PFREV4.txt belongs to no release" in warning for warning in report.warnings)
    assert any("PFREV3.txt: " in x and "(agrees_with_none)" in x for x in report.warnings)


def without(text: str, code: str) -> str:
    """A payment file without the records of a code."""
    return "".join(x for x in text.splitlines(keepends=True) if f'"{code}"' not in x)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not REAL_FILES.is_dir(), reason="CMS's files are not there")
def test_the_payment_file_of_cms_under_another_digit_is_of_its_release(tmp_path):
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    raw.mkdir()
    (raw / "rvu25d").mkdir()
    for path in (REAL_FILES / "rvu25d").glob("*.csv"):
        shutil.copy(path, raw / "rvu25d")
    shutil.copy(REAL_FILES / "pfrev25d" / "PFREV4.txt", raw / "PFREV2.txt")
    refresh(Options(raw=raw, warehouse=warehouse), Report(quiet=True))
    [(release_id, _, matched, differing, verdict, _)] = compared(warehouse)
    assert (release_id, matched, differing, verdict) == ("RVU25D", 1_526, 0, "equal")


@pytest.mark.parametrize(
    ("comparison", "is_forms"),
    [
        ("pprrvu csv = txt", True),
        ("opps_rule_addendum_a txt = xlsx", True),
        ("drug_limit csv = xls", True),
        ("Addendum B = Addendum A", False),
        ("ASC weight x factor = rate (AA)", False),
        ("OPPSCAP", False),
    ],
)
def test_two_forms_of_a_file_are_told_from_other_comparisons(comparison, is_forms):
    assert is_of_forms(comparison) == is_forms
