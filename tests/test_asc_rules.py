"""The fees of surgical centers, by small tables: what a release pays, and what changed."""

from datetime import date
from decimal import Decimal
from functools import cache

import duckdb
import pytest

from pipeline.schedules.asc import tables
from pipeline.schedules.asc.change import asc_fee_change_query
from pipeline.schedules.asc.definition import ASC
from pipeline.schedules.asc.reconcile import COMPARED
from pipeline.schedules.asc.reconcile import HERE as RECONCILE
from pipeline.store import database
from pipeline.store.sql import compose, load_checks
from tests.helpers.staged import staged

# ---------------------------------------------------------------- small addenda

ASC_AA = """
    code   flag  discount  pi  weight    rate
    45378  -     Y         A2  8.9164    489.47
    G0105  **    Y         A2  8.9164    489.47
    22551  -     Y         J8  165.2067  9069.02
    10021  -     Y         P3  -         59.52
    31231  *     Y         P2  1.9025    104.44
    12001  -     N         N1  -         -
"""
ASC_BB = """
    code   flag  expires  pi  weight  rate    copay
    70450  -     -        Z2  1.033   56.71   -
    J1885  ***   -        K2  -       0.75    -
    J0558  -     *        K2  -       17.37   2.90
    A9579  -     -        N1  -       -       -
    C1601  -     *        J7  -       -       -
    C9804  ***   -        L6  -       -       -
    90739  **    -        F4  -       -       -
    A9608  -     -        K5  -       -       -
"""
ASC_EE = """
    code
    33533
    44950
"""
ASC_FF = """
    code   flag  pi  apc   apc_share  standard  share  amount
    45378  -     A2  5311  0.13       911.77    0.15   0.73
    G0105  **    A2  5311  0.13       911.77    0.07   0.34
    22551  -     J8  5115  47.28      12356.39  42.56  5258.88
    10021  -     P3  5052  0.04       399.36    0.03   0.02
    31231  *     P2  5151  0.00       194.55    0.00   0.00
    12001  -     N1  -     -          -         -      -
"""
ASC_DD1 = "pi text\n" + "\n".join(
    f"{x} words" for x in ("A2", "F4", "J7", "J8", "K2", "K5", "L6", "N1", "P2", "P3", "Z2")
)
COLUMNS = {
    "code": "hcpcs_code", "flag": "asc_flag", "discount": "multiple_procedure_discount", "pi": "payment_indicator",
    "weight": "payment_weight", "rate": "payment_rate", "expires": "pass_through_expires", "copay": "ira_copayment",
    "apc_share": "apc_device_offset_percent", "standard": "standard_rate", "share": "device_offset_percent",
    "amount": "device_amount", "text": "indicator_text", "words": "amount_words",
}  # fmt: skip
SOUND = {"asc_aa": ASC_AA, "asc_bb": ASC_BB, "asc_ee": ASC_EE, "asc_ff": ASC_FF, "asc_dd1": ASC_DD1}


def release(files: dict[str, str], quarters: tuple = ()) -> duckdb.DuckDBPyConnection:
    """A release of January 2025 with those addenda, which names further quarters by kind of file."""
    kinds = ("asc_aa", "asc_bb", "asc_ee", "asc_ff", "asc_dd1", "asc_dd2")
    con = staged(
        ASC.declared, {kind: rows_of(kind, files.get(kind, "")) for kind in kinds}, release_id="ASC25Q1",
        calendar_year=2025, effective_from=date(2025, 1, 1), is_sample=False, main_file="asc_aa.csv",
    )  # fmt: skip
    con.execute("CREATE TABLE stage.loaded_file (file_kind VARCHAR, file VARCHAR, head VARCHAR)")
    for kind in kinds:
        con.execute("INSERT INTO stage.loaded_file VALUES (?, ?, '')", [kind, f"{kind}.csv"])
    tables.stage_curated(con)
    tables.stage_factors(con)
    con.execute("CREATE TABLE stage.asc_quarter (file_kind VARCHAR, year INTEGER, quarter INTEGER)")
    for row in (("asc_aa", 2025, 1), *quarters):
        con.execute("INSERT INTO stage.asc_quarter VALUES (?, ?, ?)", row)
    return con


@cache
def sound() -> duckdb.DuckDBPyConnection:
    """The sound release, which nobody changes for good."""
    return release(SOUND)


def found_by(name: str, files: dict[str, str]) -> list[tuple]:
    """What a check finds where the sound release has these addenda instead."""
    con = sound()
    con.execute("BEGIN")
    try:
        for kind, text in files.items():
            con.execute(f"DROP TABLE stage.{kind}")
            database.insert_rows(con, ASC.declared.tables[f"stage.{kind}"], rows_of(kind, text))
        con.execute("DROP TABLE release_factor; DROP TABLE release_ratio")
        tables.stage_factors(con)
        return con.sql(CHECKS[name].query).fetchall()
    finally:
        con.execute("ROLLBACK")


def rows_of(kind: str, text: str) -> list[dict]:
    above, *lines = [line.split() for line in text.strip().splitlines()] or [[]]
    names = [COLUMNS.get(name, name) for name in above]
    return [
        {
            column.name: _value(column, dict(zip(names, line, strict=True)), number)
            for column in ASC.declared.tables[f"stage.{kind}"].columns
        }
        for number, line in enumerate(lines, start=5)
    ]


def _value(column, row: dict, line: int):
    if column.name == "source_line":
        return line
    text = row.get(column.name, "-")
    if column.type == "BOOLEAN":
        return text == column.flag
    if column.is_decimal:
        return None if text == "-" else Decimal(text)
    return "" if text == "-" else text


def fees(con: duckdb.DuckDBPyConnection, what: str) -> list[tuple]:
    return con.sql(f"SELECT {what} FROM ({tables.asc_fee_query()}) ORDER BY ALL").fetchall()


# ---------------------------------------------------------------- what is paid


def test_the_payment_indicator_says_whether_there_is_an_amount_and_why_not() -> None:
    found = {code: row for code, *row in fees(sound(), "hcpcs_code, price_status, payment_rate")}
    assert found["45378"] == ["priced", Decimal("489.47")]
    assert found["10021"] == ["priced", Decimal("59.52")]
    assert {code: status for code, (status, rate) in found.items() if rate is None} == {
        "12001": "packaged", "A9579": "packaged", "C1601": "contractor_priced", "C9804": "special_payment",
        "90739": "reasonable_cost", "A9608": "no_pricing_data",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("J9999 - - X9 - 5.00 -", "unknown_payment_indicator"),
        ("J9999 - - K2 - - -", "no_fee_published"),
        ("J9999 - - N1 - 5.00 -", "packaged"),
    ],
)
def test_a_rate_counts_only_where_the_indicator_is_known_to_be_paid(row: str, status: str) -> None:
    con = release(SOUND | {"asc_bb": f"{ASC_BB.rstrip()}\n{row}"})
    found = fees(con, "hcpcs_code, price_status, payment_rate")
    assert ("J9999", status, None) in found


def test_marks_are_typed_and_device_amounts_stand_beside_procedures_only() -> None:
    con = sound()
    names = "coinsurance_waived, office_based_is_temporary, is_non_opioid, pass_through_expires"
    assert [row for row in fees(con, f"hcpcs_code, {names}") if any(row[1:])] == [
        ("31231", False, True, False, False),
        ("90739", True, False, False, False),
        ("C1601", False, False, False, True),
        ("C9804", False, False, True, False),
        ("G0105", True, False, False, False),
        ("J0558", False, False, False, True),
        ("J1885", False, False, True, False),
    ]
    devices = {code: row for code, *row in fees(con, "hcpcs_code, apc, device_amount")}
    assert devices["22551"] == ["5115", Decimal("5258.88")]
    assert (devices["12001"], devices["70450"]) == (["", None], ["", None])
    discounts = "addendum, multiple_procedure_discount"
    assert [*dict.fromkeys(fees(con, discounts))] == [("AA", False), ("AA", True), ("BB", None)]


def test_the_factor_follows_from_the_weights() -> None:
    con = sound()
    names = "derived_factor, weight_count, matched_weight_count, curated_factor"
    [found] = con.sql(f"SELECT {names} FROM release_factor").fetchall()
    assert found == (Decimal("54.895"), 4, 4, Decimal("54.895"))


def test_the_addenda_confirm_one_another() -> None:
    con = sound()
    for words, (name, _) in COMPARED.items():
        rows = (
            con.sql(compose(RECONCILE / f"{name}.sql")).project("our_value, other_value").fetchall()
        )
        assert rows and all(ours == other for ours, other in rows), words


# ---------------------------------------------------------------- checks

MORE = {kind: text.rstrip() + "\n" for kind, text in SOUND.items()}


def also(kind: str, *rows: str) -> dict[str, str]:
    """The sound addenda, one of them with further rows."""
    return {kind: MORE[kind] + "\n".join(rows)}


def instead(kind: str, old: str, new: str) -> dict[str, str]:
    assert old in SOUND[kind]
    return {kind: SOUND[kind].replace(old, new)}


# The name of a check, the smallest change that breaks it, and the file that it is in.
BROKEN = {
    "addenda_are_disjoint": (also("asc_ee", "70450"), "asc_ee"),
    "offsets_are_of_the_same_codes": (instead("asc_ff", "10021  -     P3", "10021  -     P2"), "asc_ff"),
    "one_factor_makes_the_rates_of_aa": (instead("asc_aa", "104.44", "104.45"), "asc_aa"),
    "one_factor_makes_the_rates_of_bb": (instead("asc_bb", "1.033   56.71", "1.034   56.71"), "asc_bb"),
    "weights_follow_from_standard_rates": (instead("asc_ff", "194.55", "194.59"), "asc_ff"),
    "device_portions_are_shares": (instead("asc_ff", "42.56", "42.58"), "asc_ff"),
    "device_intensive_rates_add_up": (instead("asc_ff", "5258.88", "5259.00"), "asc_ff"),
    "an_apc_has_one_device_offset": (also("asc_ff", "45380 - A2 5311 0.14 1179.07 0.21 1.33"), "asc_ff"),
    "amounts_of_aa_fit_their_indicators": (instead("asc_aa", "P3  -         59.52", "P3  -         -"), "asc_aa"),
    "amounts_of_bb_fit_their_indicators": (also("asc_bb", "J9999 - - N1 - 5.00 -"), "asc_bb"),
    "payment_indicators_are_known": (also("asc_bb", "J9999 - - X9 - 5.00 -"), "asc_bb"),
    "indicators_have_their_words": ({"asc_dd1": ASC_DD1.replace("Z2 words", "Z3 words")}, "asc_dd1"),
    "descriptions_agree_with_offsets": (
        {"asc_aa": "code description\n45378 scope", "asc_ff": "code description\n45378 stent"},
        "asc_aa",
    ),
    "copayments_are_of_drugs": (instead("asc_bb", "2.90", "3.48"), "asc_bb"),
    "packaged_procedures_have_no_discount": (instead("asc_aa", "N         N1", "Y         N1"), "asc_aa"),
    "marks_fit_their_indicators": (instead("asc_aa", "45378  -", "45378  *"), "asc_aa"),
    "codes_of_offsets_are_covered": (instead("asc_aa", "    12001  -     N         N1  -         -\n", ""), "asc_aa"),
    "no_rate_is_zero": (instead("asc_aa", "59.52", "0.00"), "asc_aa"),
    "marks_and_copayments_of_bb_are_there": (instead("asc_bb", "90739  **", "90739  -"), "asc_bb"),
    "amounts_are_numbers": ({"asc_bb": "code pi words\nJ9999 K2 Pending"}, "asc_bb"),
}  # fmt: skip
CHECKS = {check.name: check for check in load_checks(ASC.release_checks)}
BROKEN["indicators_agree_with_offsets"] = (BROKEN["offsets_are_of_the_same_codes"][0], "asc_aa")
# These are about the release as a whole.
APART = {"addenda_name_one_quarter", "the_factor_is_the_published_one"}


def test_each_check_has_its_broken_release() -> None:
    assert BROKEN.keys() | APART == CHECKS.keys()
    con = sound()
    assert {name: con.sql(x.query).fetchall() for name, x in CHECKS.items()} == {
        name: [] for name in CHECKS
    }


def test_a_rate_that_is_missing_is_one_of_its_row_alone() -> None:
    missing = instead("asc_aa", "104.44", "-")
    assert found_by("one_factor_makes_the_rates_of_aa", missing) == []
    assert len(found_by("amounts_of_aa_fit_their_indicators", missing)) == 1


@pytest.mark.parametrize("name", BROKEN)
def test_check_finds_what_breaks_its_rule(name: str) -> None:
    change, kind = BROKEN[name]
    assert {row[0] for row in found_by(name, change)} == {kind}


def test_a_column_of_adjusted_copayments_that_is_lost_is_missed_beside_drugs() -> None:
    lost = instead("asc_bb", "17.37   2.90", "17.37   -")
    [(*_, finding)] = found_by("marks_and_copayments_of_bb_are_there", lost)
    assert finding.startswith("none of 2 drugs with a rate")


def aa_and_ff(of_aa: range, of_ff: range) -> dict[str, str]:
    """The two addenda with those codes."""
    aa = [f"{code} - N N1 - -" for code in of_aa]
    ff = [f"{code} - N1 - - - - -" for code in of_ff]
    heads = [ASC_AA.strip().splitlines()[0], ASC_FF.strip().splitlines()[0]]
    return {"asc_aa": "\n".join([heads[0], *aa]), "asc_ff": "\n".join([heads[1], *ff])}


@pytest.mark.parametrize(
    ("of_aa", "of_ff", "is_cut"),
    [
        (range(10_100, 10_150), range(10_100, 10_200), True),
        # A handful is the fault of FF, and so are codes that it alone has beside a lack of others.
        (range(10_105, 10_200), range(10_100, 10_200), False),
        (range(10_150, 10_250), range(10_100, 10_200), False),
        (range(10_100, 10_200), range(10_100, 10_150), False),
    ],
)
def test_an_addendum_aa_that_lacks_many_codes_of_ff_was_cut_short(of_aa, of_ff, is_cut) -> None:
    query = CHECKS["codes_of_offsets_are_covered"].query
    found = release(aa_and_ff(of_aa, of_ff)).sql(query).fetchall()
    assert [row[0] for row in found] == (["asc_aa"] if is_cut else [])
    assert all("50 of the 100 codes of Addendum FF are missing here" in row[2] for row in found)


def test_an_addendum_of_another_quarter_is_found() -> None:
    found = release(SOUND, (("asc_ff", 2025, 2),)).sql(CHECKS["addenda_name_one_quarter"].query)
    assert [row[0] for row in found.fetchall()] == ["asc_ff"]


def test_another_factor_than_the_published_one_is_found() -> None:
    small = (
        "code flag discount pi weight rate\n45378 - Y A2 10.0000 500.00\n43239 - Y A2 20.5 1025.00"
    )
    [found] = (
        release({"asc_aa": small}).sql(CHECKS["the_factor_is_the_published_one"].query).fetchall()
    )
    assert found[2] == "the weights have the factor 50.000, and 54.895 is published"


@pytest.mark.parametrize(
    ("kind", "column", "name"),
    [
        ("asc_aa", "weight", "one_factor_makes_the_rates_of_aa"),
        ("asc_aa", "rate", "one_factor_makes_the_rates_of_aa"),
        ("asc_aa", "pi", "amounts_of_aa_fit_their_indicators"),
        ("asc_aa", "discount", "packaged_procedures_have_no_discount"),
        ("asc_bb", "pi", "amounts_of_bb_fit_their_indicators"),
        ("asc_bb", "rate", "amounts_of_bb_fit_their_indicators"),
        ("asc_bb", "copay", "copayments_are_of_drugs"),
        ("asc_aa", "code", "indicators_agree_with_offsets"),
        ("asc_aa", "flag", "indicators_agree_with_offsets"),
        ("asc_bb", "expires", "marks_fit_their_indicators"),
        ("asc_ff", "pi", "offsets_are_of_the_same_codes"),
        ("asc_ff", "flag", "offsets_are_of_the_same_codes"),
        ("asc_ff", "standard", "weights_follow_from_standard_rates"),
        ("asc_ff", "share", "device_portions_are_shares"),
        ("asc_ff", "amount", "device_portions_are_shares"),
        ("asc_ff", "apc", "an_apc_has_one_device_offset"),
        ("asc_bb", "rate=copay", "amounts_of_bb_fit_their_indicators"),
        ("asc_ff", "standard=amount", "weights_follow_from_standard_rates"),
        ("asc_ff", "share=apc_share", "device_portions_are_shares"),
    ],
)
def test_a_column_that_is_shifted_by_a_row_or_stands_for_another_is_found(
    kind: str, column: str, name: str
) -> None:
    names, *rows = [line.split() for line in SOUND[kind].strip().splitlines()]
    if "=" in column:
        one, other = map(names.index, column.split("="))
        for row in rows:
            row[one], row[other] = row[other], row[one]
    else:
        place = names.index(column)
        cells = [row[place] for row in rows]
        for row, cell in zip(rows, [cells[-1], *cells], strict=False):
            row[place] = cell
    text = "\n".join(" ".join(row) for row in [names, *rows])
    found = found_by(name, {kind: text})
    assert CHECKS[name].severity_in(2025, len(found), len(rows)) == "error"
    assert kind in {row[0] for row in found}


# ---------------------------------------------------------------- what changed


def test_a_change_has_its_kind_and_its_causes() -> None:
    con = database.connect(1)
    before = sound().sql(f"FROM ({tables.asc_fee_query()})").pl()
    later = SOUND | {
        "asc_aa": ASC_AA.replace("489.47\n    G0105", "490.00\n    G0105").replace("1.9025    104.44", "2.0000    110.00")
        .replace("    12001  -     N         N1  -         -\n", "").replace("10021  -     Y         P3", "10021  -     Y         P2"),
        "asc_bb": ASC_BB.replace("0.75", "0.80").replace("C1601  -     *", "C1601  -     -") + "A2028 - - N1 - - -\n",
    }  # fmt: skip
    after = (
        release(later)
        .sql(f"SELECT * REPLACE ('ASC25Q2' AS release_id) FROM ({tables.asc_fee_query()})")
        .pl()
    )
    con.register("earlier", before)
    con.register("later", after)
    con.execute("CREATE TABLE asc_fee AS FROM earlier UNION ALL FROM later")
    con.execute(
        "CREATE TABLE schedule_factor AS FROM (VALUES ('ASC25Q1', 54.895), ('ASC25Q2', 55.000)) AS t(release_id, derived_factor)"
    )
    pair = "SELECT 'ASC25Q2' AS release_id, 'ASC25Q1' AS previous_release_id"
    query = f"SELECT hcpcs_code, change_kind, causes, payment_rate_change FROM ({asc_fee_change_query(pair)}) ORDER BY 1"
    assert con.sql(query).fetchall() == [
        ("10021", "reclassified", "payment_indicator", Decimal("0.00")),
        ("12001", "removed", "", None),
        ("31231", "repriced", "payment_weight,factor", Decimal("5.56")),
        ("45378", "repriced", "factor", Decimal("0.53")),
        ("A2028", "added", "", None),
        ("C1601", "details_only", "pass_through_expires", None),
        ("J1885", "repriced", "rate", Decimal("0.05")),
    ]
