"""The profile of every code of a real release, against CMS's own lines read by other means."""

import csv
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from pipeline.schedules.pfs.sentences import english_query, sentences
from tests.helpers.warehouses import connected

DATA = Path(__file__).parents[2] / "shared" / "data"
PPRRVU = DATA / "rvu25d" / "PPRRVU2025_Oct.csv"
NEWER = DATA / "rvu26c" / "PPRRVU2026_Jul_nonQPP.csv"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not PPRRVU.exists(), reason="CMS's real files are not beside the project"),
]

# Cells of the 31-column file (pfs-rules 1.3).
CODE, MODIFIER, STATUS, WORK, NF_PE, NF_NA, F_PE, F_NA, MP = 0, 1, 3, 5, 6, 7, 8, 9, 10
NF_TOTAL, F_TOTAL, GLOBAL = 11, 12, 14
FACTOR = Decimal("32.3465")


@pytest.fixture(scope="module")
def database(real_warehouse):
    """The warehouse of all of CMS's real files."""
    yield from connected(real_warehouse)


@pytest.fixture(scope="module")
def lines() -> dict[str, list[str]]:
    """The line of the file that stands for each code: without modifier, or else with 26."""
    with PPRRVU.open(encoding="cp1252", newline="") as file:
        rows = [row for row in csv.reader(file) if re.fullmatch(r"[A-Z0-9]{5}", row[0])]
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row[CODE], row[MODIFIER].strip())):
        if row[CODE] != "HCPCS":
            found.setdefault(row[CODE], row)
    return found


@pytest.fixture(scope="module")
def said(database) -> dict[str, dict[str, str]]:
    """All sentences of RVU25D by code and name."""
    found: dict[str, dict[str, str]] = {}
    rows = database.sql(
        "select hcpcs_code, sentence_name, sentence "
        f"from ({english_query()}) where release_id = 'RVU25D'"
    ).fetchall()
    for code, name, sentence in rows:
        found.setdefault(code, {})[name] = sentence
    return found


def test_every_code_of_the_file_has_one_profile(database, lines):
    codes = database.sql("select hcpcs_code from code_profile where release_id = 'RVU25D'")
    assert sorted(row[0] for row in codes.fetchall()) == sorted(lines)
    assert len(lines) == 16_852


def test_rvus_and_payments_are_those_of_the_line_that_stands_for_the_code(database, lines):
    rows = database.sql(
        "select hcpcs_code, work_rvu, nonfacility_total_rvu, facility_total_rvu, "
        "nonfacility_payment, facility_payment, opps_cap_applies, price_status "
        "from code_profile where release_id = 'RVU25D'"
    ).fetchall()
    for code, work, office, facility, nf_payment, f_payment, capped, status in rows:
        line = lines[code]
        assert (work, office, facility) == tuple(
            Decimal(line[cell]) for cell in (WORK, NF_TOTAL, F_TOTAL)
        ), code
        is_priced = line[STATUS] in "ART" and office + facility > 0
        assert (status == "priced") == is_priced, code
        if is_priced and not capped:
            assert (nf_payment, f_payment) == (dollars(office), dollars(facility)), code


def dollars(total: Decimal) -> Decimal:
    """The national amount of a total."""
    return (total * FACTOR).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("topic", "least", "most"),
    [("value", 1, 2), ("payment", 1, 4), ("global", 0, 3), ("comparison", 1, 3)],
)
def test_every_code_is_told_what_there_is_to_tell(said, lines, topic, least, most):
    topics = {rule.name: rule.topic for rule in sentences()}
    for code in lines:
        number = sum(topics[name] == topic for name in said[code])
        assert least <= number <= most, (code, topic, list(said[code]))


@pytest.mark.parametrize(
    ("alternatives", "exactly_one_for"),
    [
        (
            ("total_in_facility", "total_in_office", "total_by_setting", "total_in_any_setting"),
            lambda line: Decimal(line[NF_TOTAL]) + Decimal(line[F_TOTAL]) > 0,
        ),
        (("no_rvus",), lambda line: Decimal(line[NF_TOTAL]) + Decimal(line[F_TOTAL]) == 0),
        (
            (
                *("payment_by_setting", "payment_in_any_setting"),
                *("payment_in_facility", "payment_in_office"),
            ),
            lambda line: line[STATUS] in "ART" and Decimal(line[F_TOTAL]) > 0,
        ),
        (("limiting_charge", "limiting_charge_by_setting"),
         lambda line: line[STATUS] in "ART" and Decimal(line[F_TOTAL]) > 0),
        (("no_payment_carrier",), lambda line: line[STATUS] == "C"
         or (line[STATUS] == "R" and Decimal(line[F_TOTAL]) == 0)),
        (("no_payment_bundled",), lambda line: line[STATUS] == "B"),
        (("no_payment_anesthesia",), lambda line: line[STATUS] == "J"),
        (("no_payment_other_benefit",), lambda line: line[STATUS] in "EX"),
        (("no_payment_use_another_code",), lambda line: line[STATUS] == "I"),
        (("no_payment_reporting_only",), lambda line: line[STATUS] == "M"),
        (("no_payment_not_covered",), lambda line: line[STATUS] == "N"),
        (("global_000",), lambda line: line[GLOBAL] == "000"),
        (("global_010",), lambda line: line[GLOBAL] == "010"),
        (("global_090",), lambda line: line[GLOBAL] == "090"),
        (("global_mmm",), lambda line: line[GLOBAL] == "MMM"),
        (("global_yyy",), lambda line: line[GLOBAL] == "YYY"),
        (("global_zzz",), lambda line: line[GLOBAL] == "ZZZ"),
        (("listed_with_26_only",), lambda line: line[MODIFIER].strip() == "26"),
    ],
    ids=lambda part: part[0] if isinstance(part, tuple) else "",
)  # fmt: skip
def test_a_sentence_holds_exactly_for_the_codes_of_its_rule(
    said, lines, alternatives, exactly_one_for
):
    for code, line in lines.items():
        number = sum(name in said[code] for name in alternatives)
        assert number == bool(exactly_one_for(line)), (code, alternatives, line[3:15])


def test_no_total_in_any_sentence_is_the_work_alone(said, lines):
    """The error of public code pages: calling the work RVU the total."""
    totals = re.compile(r"total is ([\d.]+) RVUs")
    for code, line in lines.items():
        for name in (
            "total_in_facility",
            "total_in_office",
            "total_by_setting",
            "total_in_any_setting",
        ):
            sentence = said[code].get(name)
            if sentence:
                told = Decimal(totals.search(sentence)[1])
                cell = F_TOTAL if name == "total_in_facility" else NF_TOTAL
                assert told == Decimal(line[cell]), code
                only_work = Decimal(line[NF_PE]) + Decimal(line[F_PE]) + Decimal(line[MP]) == 0
                assert only_work or told != Decimal(line[WORK]), code


def test_no_sentence_is_left_with_a_gap(said):
    for code, sentences_of_code in said.items():
        for sentence in sentences_of_code.values():
            assert "{" not in sentence and "NULL" not in sentence and "  " not in sentence, code
            assert "0.00 times" not in sentence and "()" not in sentence, (code, sentence)


def test_lowest_median_and_highest_are_those_of_the_localities(database):
    found = database.sql("""
        select count(*)
        from code_profile as profile
        join (
          select hcpcs_code, modifier, min(nonfacility_payment) as low_nf, max(nonfacility_payment) as high_nf,
            quantile_disc(nonfacility_payment, 0.5) as mid_nf, min(facility_payment) as low_f,
            max(facility_payment) as high_f, quantile_disc(facility_payment, 0.5) as mid_f
          from payment_locality where release_id = 'RVU25D' and price_status = 'priced' group by all
        ) as places using (hcpcs_code, modifier)
        where release_id = 'RVU25D' and locality_count = 109
          and (low_nf, mid_nf, high_nf) = (lowest_nonfacility_payment, median_nonfacility_payment, highest_nonfacility_payment)
          and (low_f, mid_f, high_f) = (lowest_facility_payment, median_facility_payment, highest_facility_payment)
    """).fetchall()
    priced = database.sql(
        "select count(*) from code_profile where release_id = 'RVU25D' and price_status = 'priced'"
    ).fetchall()
    assert found == priced
    assert priced[0][0] > 7_000


def test_the_named_place_pays_the_named_amount(database):
    for rank in ("lowest", "median", "highest"):
        for setting in ("nonfacility", "facility"):
            wrong = database.sql(f"""
                select count(*) from code_profile as profile
                join payment_locality as place
                  on place.release_id = 'RVU25D' and place.hcpcs_code = profile.hcpcs_code
                  and place.modifier = profile.modifier
                  and place.mac || '-' || place.locality_number = {rank}_{setting}_locality
                where profile.release_id = 'RVU25D'
                  and place.{setting}_payment <> {rank}_{setting}_payment
            """).fetchall()
            assert wrong == [(0,)], (rank, setting)


def test_92950_in_2026_has_the_figures_that_public_pages_get_wrong(database):
    """pfs-rules 5.2 and 6.4: 3.90 is its work, not its total; a visit on the day is not paid."""
    [row] = database.sql("""
        select work_rvu, nonfacility_total_rvu, facility_total_rvu, nonfacility_payment, facility_payment,
          percentile, ratio_to_median, median_work_rvu, max_work_rvu, max_hcpcs_code, peer_count, global_days
        from code_profile where release_id = 'RVU26C' and hcpcs_code = '92950'
    """).fetchall()
    assert [str(cell) for cell in row] == [
        *("3.90", "11.35", "5.10", "379.10", "170.34"),
        *("88.6297", "5.0000", "0.7800", "23.92", "90951", "686", "000"),
    ]
    sentence = database.sql(
        "select sentence from code_sentence where hcpcs_code = '92950' "
        "and release_id = 'RVU26C' and sentence_name = 'global_000'"
    ).fetchall()[0][0]
    assert sentence.endswith("A visit on that day is generally not paid separately.")


def test_history_of_92950_and_33952_shows_the_efficiency_adjustment(database):
    rows = database.sql("""
        select hcpcs_code, release_id, work_rvu, change_from_previous from code_history
        where hcpcs_code in ('33952', '92950', '99291') and release_id in ('RVU22A', 'RVU25D', 'RVU26C')
        order by all
    """).fetchall()
    assert [(code, release, str(work), change) for code, release, work, change in rows] == [
        ("33952", "RVU22A", "8.15", "first_loaded"),
        ("33952", "RVU25D", "8.15", "unchanged"),
        ("33952", "RVU26C", "7.95", "revalued"),
        ("92950", "RVU22A", "4.00", "first_loaded"),
        ("92950", "RVU25D", "4.00", "unchanged"),
        ("92950", "RVU26C", "3.90", "revalued"),
        ("99291", "RVU22A", "4.50", "first_loaded"),
        ("99291", "RVU25D", "4.50", "unchanged"),
        ("99291", "RVU26C", "4.50", "revalued"),
    ]


def test_a_code_that_is_gone_says_since_which_release(database):
    with PPRRVU.open(encoding="cp1252") as old, NEWER.open(encoding="cp1252") as new:
        before, after = ({line[:5] for line in file} for file in (old, new))
    gone = database.sql(
        "select hcpcs_code from code_history where vanished_release_id = 'RVU26C'"
    ).fetchall()
    codes = {code for code in before - after if re.fullmatch(r"[A-Z0-9]{5}", code)}
    assert {row[0] for row in gone} == codes
    assert len(codes) > 50


def test_the_causes_of_every_changed_payment_add_up_to_the_change(database):
    """History takes them from rvu_change; the change is that of the payments of the history."""
    [[changed, wrong]] = database.sql("""
        select count(*), count(*) filter (
          after.facility_payment - before.facility_payment <> after.facility_payment_change
          or after.facility_payment_change <> after.facility_due_to_rvu + after.facility_due_to_gpci
            + after.facility_due_to_conversion_factor + after.facility_due_to_rounding)
        from code_history as after
        join code_history as before on before.hcpcs_code = after.hcpcs_code and before.release_id = 'RVU25D'
        where after.release_id = 'RVU26C' and before.price_status = 'priced' and after.price_status = 'priced'
          and before.facility_payment <> after.facility_payment
    """).fetchall()
    assert wrong == 0
    assert changed > 7_000


def test_every_indicator_of_every_code_has_a_meaning(database):
    """Ten of them: status, global period, and eight of what may be billed with the code."""
    rows = database.sql(
        "select release_id, count(*), count(distinct hcpcs_code), min(meaning) from code_indicator group by all"
    ).fetchall()
    assert {row[0] for row in rows} == {"RVU22A", "RVU25A", "RVU25B", "RVU25D", "RVU26C"}
    for _, count, codes, meaning in rows:
        assert count == 10 * codes
        assert meaning
