"""What changed between two releases, and the split of a payment's change, as small tables."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schedules.pfs import tables
from pipeline.schedules.pfs.change import (
    payment_locality_change_query,
    rvu_change_query,
    rvu_columns,
)
from pipeline.schedules.pfs.change.summary import _codes
from pipeline.schedules.pfs.declared import schedule
from pipeline.store import database
from tests.helpers.small import ORDINARY, answer

pytestmark = pytest.mark.whole

PAIR = "SELECT 'B' AS release_id, 'A' AS previous_release_id"
INDICES = ("work_gpci", "pe_gpci", "mp_gpci")


def pair_of(before: list[dict], after: list[dict], gpcis: tuple = (), factors=("32", "33")):
    """A database with two releases in miniature, A and B; each row names a code and its values."""
    con = database.connect(1)
    declared = schedule().tables["rvu"].columns
    con.execute(f"CREATE TABLE rvu ({', '.join(f'{x.name} {x.type}' for x in declared)})")
    con.execute("CREATE TABLE release_factor (release_id VARCHAR, conversion_factor DECIMAL(6,4))")
    for release_id, rows, factor in (("A", before, factors[0]), ("B", after, factors[1])):
        con.execute("INSERT INTO release_factor VALUES (?, ?)", [release_id, factor])
        for row in rows:
            work = row.get("work_rvu", "0")
            full = {"opps_work_rvu": work, "paid_work_rvu": work} | ORDINARY | row
            full["release_id"] = release_id
            values = [full.get(x.name, "" if x.type == "VARCHAR" else "0") for x in declared]
            con.execute(f"INSERT INTO rvu VALUES ({', '.join('?' * len(values))})", values)
    con.execute("CREATE TABLE locality (release_id VARCHAR, mac VARCHAR, locality_number VARCHAR, "
                "work_gpci DECIMAL(5,3), pe_gpci DECIMAL(5,3), mp_gpci DECIMAL(5,3))")  # fmt: skip
    for release_id, indices in zip(("A", "B"), gpcis, strict=False):
        con.execute(
            "INSERT INTO locality VALUES (?, '01112', '05', ?, ?, ?)", [release_id, *indices]
        )
    con.execute(
        "CREATE TABLE payment_national AS "
        + tables.payment(
            "SELECT *, 'all' AS conversion_factor_class, true AS is_default_class, "
            "CASE WHEN status_code IN ('A', 'R', 'T') THEN 'priced' ELSE 'not_covered' END "
            "AS national_price_status, 1::DECIMAL(5,3) AS work_gpci, 1::DECIMAL(5,3) AS pe_gpci, "
            "1::DECIMAL(5,3) AS mp_gpci FROM rvu JOIN release_factor USING (release_id)"
        )
    )
    return con


def code(hcpcs_code: str, work: str = "1.00", pe: str = "1.00", **others: str) -> dict:
    """A service with malpractice 0.10 and one practice expense for both settings."""
    return {
        "hcpcs_code": hcpcs_code,
        "work_rvu": work,
        "nonfacility_pe_rvu": pe,
        "facility_pe_rvu": pe,
        "mp_rvu": "0.10",
        **others,
    }


def changes(con, columns: str) -> list[str]:
    """Some columns of ``rvu_change``, each row as one text."""
    query = f"SELECT {columns} FROM ({rvu_change_query(PAIR)}) ORDER BY hcpcs_code, modifier"
    return [" ".join(row.values()) for row in answer(con, query)]


def test_each_code_that_differs_has_a_row_that_says_how():
    before = [
        code("G0001"),
        code("G0002"),
        code("G0003"),
        code("G0004"),
        code("G0005", status_code="N"),
        code("G0006", status_code="N", global_days="000"),
    ]
    after = [
        code("G0002", work="1.10"),
        code("G0003", status_code="X"),
        code("G0004"),
        code("G0005", status_code="N"),
        code("G0006", status_code="N", global_days="010", description="other words"),
        code("G0007"),
    ]
    columns = "hcpcs_code, change_kind, status_code_before, status_code_after, changed_indicators"
    assert changes(pair_of(before, after), columns) == [
        "G0001 removed A  ",
        "G0002 revalued A A ",
        "G0003 status_changed A X ",
        "G0004 factor_only A A ",
        "G0006 indicators_only N N description,global_days",
        "G0007 added  A ",
    ]


def test_every_column_of_rvu_is_compared_or_left_out_with_a_reason():
    """One code per column, which differs in that column alone: status N, so that no payment does."""
    rvu, change = schedule().tables["rvu"], schedule().tables["rvu_change"]
    names = [x.name for x in rvu.columns if x.name not in rvu.key]
    other = {"VARCHAR": ("a", "b"), "BOOLEAN": ("false", "true")}
    before, after = ([], [])
    for number, name in enumerate(names):
        for side, rows in enumerate((before, after)):
            value = other.get(rvu.column(name).type, ("1", "2"))[side]
            same = {"hcpcs_code": f"G{number:04}", "status_code": "N"}
            rows.append(same | {"opps_work_rvu": "0", "paid_work_rvu": "0"} | {name: value})
    columns = "hcpcs_code, changed_values, changed_indicators, change_kind"
    found = {}
    for line in changes(pair_of(before, after), columns):
        code, values, indicators, kind = line.split(" ")
        found[names[int(code[1:])]] = (values, indicators, kind)
    expected = {x.name: ("", x.name, "indicators_only") for x in rvu_columns()}
    expected |= {name: (name, "", "revalued") for name in expected if name.endswith("_rvu")}
    expected["status_code"] = ("", "", "status_changed")
    expected["description"] = ("", "description", "description_only")
    assert found == expected
    assert {name for name, _ in change.leaves_out} == {*names} - {*expected}
    assert all(reason in change.comment for _, reason in change.leaves_out)


def test_a_payment_change_is_null_unless_both_releases_pay():
    con = pair_of([code("G0001"), code("G0003")], [code("G0002"), code("G0003", status_code="X")])
    columns = "hcpcs_code, facility_payment_before, facility_payment_after, facility_payment_change, facility_due_to_rvu"  # fmt: skip
    assert changes(con, columns) == [
        "G0001 67.20 NULL NULL NULL",
        "G0002 NULL 69.30 NULL NULL",
        "G0003 67.20 NULL NULL NULL",
    ]


def test_where_only_the_factor_changed_all_of_it_is_due_to_that():
    """24A and 24AR: the RVUs are the same, 32.7442 became 33.2875."""
    con = pair_of([code("G0001")], [code("G0001")], factors=("32.7442", "33.2875"))
    columns = (
        "change_kind, facility_payment_before, facility_payment_after, facility_payment_change, "
        "facility_due_to_rvu, facility_due_to_gpci, facility_due_to_conversion_factor, "
        "facility_due_to_rounding"
    )
    # 2.10 x 0.5433 = 1.14093.
    assert changes(con, columns) == [
        "factor_only 68.76 69.90 1.14 0.000000 0.000000 1.140930 -0.000930"
    ]


def test_rvus_and_factor_share_what_both_did_together():
    """From 1.00 x 30 to 2.00 x 40: 30 and 10 alone, and 10 more together, half to each."""
    con = pair_of(
        [code("G0001", "1.00", "0.00", mp_rvu="0.00")],
        [code("G0001", "2.00", "0.00", mp_rvu="0.00")],
        factors=("30", "40"),
    )
    columns = "facility_payment_change, facility_due_to_rvu, facility_due_to_conversion_factor"
    assert changes(con, columns) == ["50.00 35.000000 15.000000"]


def test_a_locality_change_names_the_indices_too():
    gpcis = (("1.000", "1.000", "1.000"), ("1.100", "1.000", "1.000"))
    con = pair_of([code("G0001")], [code("G0001")], gpcis, factors=("30", "30"))
    con.execute("CREATE TABLE release AS SELECT 'pfs' AS schedule, * FROM (VALUES ('A', DATE '2024-01-01', true), "
                "('B', DATE '2025-01-01', true)) AS t (release_id, effective_from, is_current)")  # fmt: skip
    query = (
        "SELECT mac, locality_number, facility_payment_change, facility_due_to_rvu, "
        "facility_due_to_gpci, facility_due_to_conversion_factor "
        f"FROM ({payment_locality_change_query()})"
    )
    found = [" ".join(row.values()) for row in answer(con, query)]
    assert found == ["01112 05 3.00 0.000000 3.000000 0.000000"]


# ---------------------------------------------------------------- a second implementation


def paid(values: dict, indices: tuple, factor: str, setting: str) -> Fraction:
    """The exact payment, in plain fractions: the fee, or the OPPS amount where that is lower."""
    pe, opps_pe = f"{setting}_pe_rvu", f"{setting}_opps_pe_rvu"

    def amount(*names: str) -> Fraction:
        weighted = zip(names, indices, strict=True)
        return sum(
            (Fraction(values.get(name, "0")) * Fraction(index) for name, index in weighted),
            Fraction(),
        ) * Fraction(factor)

    fee = amount("work_rvu", pe, "mp_rvu")
    opps = Fraction(values.get(opps_pe, "0")) + Fraction(values.get("opps_mp_rvu", "0"))
    return min(fee, amount("work_rvu", opps_pe, "opps_mp_rvu")) if opps else fee


def split(before: tuple, after: tuple, setting: str) -> list[Decimal]:
    """The mean, over the six orders of three causes, of what each changes when it comes."""
    parts = [Fraction()] * 3
    for order in permutations(range(3)):
        now = list(before)
        for cause in order:
            was = paid(*now, setting)
            now[cause] = after[cause]
            parts[cause] += (paid(*now, setting) - was) / 6
    millionths = [round_half_away(part * 1_000_000) for part in parts]
    return [Decimal(part).scaleb(-6) for part in millionths]


def round_half_away(value: Fraction) -> int:
    sign = -1 if value < 0 else 1
    return sign * ((2 * abs(value.numerator) + value.denominator) // (2 * value.denominator))


def cents(value: Fraction) -> Decimal:
    return Decimal(round_half_away(value * 100)).scaleb(-2)


rvus = st.decimals("0", "99.99", places=2).map(str)
gpci = st.decimals("0.5", "2", places=3).map(str)
factor = st.decimals("20", "40", places=4).map(str)
opps = st.sampled_from(["0", "0.40", "7.00"])


@st.composite
def sides(draw) -> tuple:
    """One release: a code's values, the indices of a place, a factor."""
    values = code("G0001", draw(rvus), draw(rvus), nonfacility_opps_pe_rvu=draw(opps))
    values["facility_opps_pe_rvu"] = values["nonfacility_opps_pe_rvu"]
    values["opps_mp_rvu"] = draw(opps)
    values["mp_rvu"] = draw(rvus)
    return values, (draw(gpci), draw(gpci), draw(gpci)), draw(factor)


@pytest.mark.slow
@settings(max_examples=40)
@given(sides(), sides())
def test_the_split_is_that_of_a_second_implementation(before, after):
    con = pair_of([before[0]], [after[0]], (before[1], after[1]), (before[2], after[2]))
    con.execute("CREATE TABLE release AS SELECT 'pfs' AS schedule, * FROM (VALUES ('A', DATE '2024-01-01', true), "
                "('B', DATE '2025-01-01', true)) AS t (release_id, effective_from, is_current)")  # fmt: skip
    [row] = answer(con, payment_locality_change_query())
    for setting in ("nonfacility", "facility"):
        parts = split(before, after, setting)
        change = cents(paid(*after, setting)) - cents(paid(*before, setting))
        names = ("rvu", "gpci", "conversion_factor", "rounding")
        found = [Decimal(row[f"{setting}_due_to_{name}"]) for name in names]
        assert found == [*parts, change - sum(parts)]
        assert sum(found) == Decimal(row[f"{setting}_payment_change"]) == change


def test_the_second_implementation_rounds_as_the_first():
    assert cents(Fraction("0.005")) == Decimal("0.005").quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_codes_added_and_their_rows_with_a_modifier_are_counted_apart():
    with database.connect(1) as con:
        con.execute(
            "CREATE TABLE compared_pair AS FROM (VALUES ('11111', '', 'added'), ('11111', '26', 'added'), "
            "('22222', '', 'revalued'), ('22222', '26', 'added')) AS t (hcpcs_code, modifier, change_kind)"
        )
        heading, *_ = _codes(con, "added")
    assert heading == "## Codes added: 1; of 1 more code only rows with a modifier"


def test_changes_are_from_the_release_before(two_releases):
    """The first release that a warehouse holds changed from nothing."""
    found = two_releases.sql("SELECT DISTINCT release_id, previous_release_id FROM rvu_change")
    assert found.fetchall() == [("RVU25D", "RVU25C")]
    query = "SELECT hcpcs_code, change_kind FROM rvu_change"
    assert two_releases.sql(query).fetchall() == [("92950", "revalued")]
