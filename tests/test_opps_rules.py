"""Hospital outpatient departments, by small tables: what they are paid, and what changed."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from pipeline.schedules import opps_addenda as addenda
from pipeline.schedules.opps.change import opps_code_change_query
from pipeline.schedules.opps.definition import OPPS, opps_code_query
from pipeline.schedules.opps_rule.definition import OPPS_RULE
from pipeline.store import database
from pipeline.store.sql import load_checks
from schemas.definitions import Table, read_reference
from tests.helpers.staged import staged

# ---------------------------------------------------------------- small releases

CODES = """
    code   si  apc   weight    rate       national  minimum  ira     adjusted  expires  note
    45378  T   5311  10.2245   911.71     -         182.35   -       -         -        -
    27447  J1  5115  144.2970  12866.82   -         2573.37  -       1676.00   -        cap
    G0008  S   5691  0.5174    46.14      0.00      0.00     -       -         -        -
    73721  Q3  5523  2.7108    241.72     60.00     48.35    -       -         -        -
    J0585  K   0902  -         6.502      -         1.31     -       1.31      -        -
    A9506  G   9494  -         328.60     -         0.00     -       0.00      *        -
    J9380  K   9490  -         100.00     -         20.00    12.500  12.50     -        -
    85025  Q4  -     -         -          -         -        -       -         -        -
    33405  C   -     -         -          -         -        -       -         -        -
    99213  B   -     -         -          -         -        -       -         -        -
"""
CAP = "Copayments capped at inpatient deductible of $1,676.00."
APCS = """
    apc   si  weight    rate      minimum
    5311  T   10.2245   911.71    182.35
    5115  J1  144.2970  12866.82  2573.37
    0902  K   -         6.502     1.31
"""
NAMES = {
    "code": "hcpcs_code",
    "si": "status_indicator",
    "weight": "relative_weight",
    "rate": "payment_rate",
    "national": "national_copayment",
    "minimum": "minimum_copayment",
    "ira": "ira_coinsurance_percent",
    "adjusted": "adjusted_copayment",
    "expires": "pass_through_expires",
    "words": "amount_words",
    "rank": "assignment_rank",
    "percent": "offset_percent",
    "amount": "offset_amount",
}


def rows_of(table: Table, text: str) -> list[dict]:
    """The rows of a stage table from a small one; what that leaves out is nothing."""
    heading, *lines = [line.split() for line in text.splitlines() if line.strip()] or [[]]
    rows = []
    for number, line in enumerate(lines, start=6):
        given = {NAMES.get(x, x): y for x, y in zip(heading, line, strict=True)}
        row = {x.name: _value(x, given.get(x.name, "-")) for x in table.columns}
        rows.append(row | {"source_line": number})
    return rows


def _value(column, text: str):
    if column.type == "BOOLEAN":
        return text != "-"
    if text == "-":
        return "" if column.type == "VARCHAR" else None if column.nullable else Decimal(0)
    if column.type == "VARCHAR":
        return CAP if text == "cap" else text
    return int(text) if column.type == "INTEGER" else Decimal(text)


def release(codes: str = CODES, apcs: str = "", schedule=OPPS, year: int = 2025, **others: str):
    """A release of the first quarter whose addenda have those rows."""
    texts = {"b": codes, "a": apcs} | others
    rows = {
        name.removeprefix("stage."): rows_of(table, texts.get(name.rpartition("_")[2], ""))
        for name, table in schedule.declared.tables.items()
        if name.startswith("stage.opps")
    }
    con = staged(
        schedule.declared, rows, release_id="OPPS25Q1", calendar_year=year,
        effective_from=date(year, 1, 1), is_sample=False, main_file="B.csv",
    )  # fmt: skip
    addenda.stage_addenda(con, schedule.name)
    con.execute(f"CREATE TABLE schedule_factor AS {addenda.factor_query(schedule.name)}")
    return con


def test_what_is_paid_follows_from_the_status_indicator() -> None:
    more = """
        50600  C   -     116.7583  10411.22  -  2082.24  - - - -
        G0463  J2  5012  -         -         -  -        - - - -
        X0001  K2  -     -         7.00      -  1.40     - - - -
    """
    con = release(f"{CODES.rstrip()}\n{more.strip()}")
    names = "hcpcs_code, price_status, payment_rate, minimum_copayment"
    found = {
        row[0]: row[1:] for row in con.sql(f"SELECT {names} FROM ({opps_code_query()})").fetchall()
    }
    assert found == {
        "45378": ("priced", Decimal("911.71"), Decimal("182.35")),
        "27447": ("priced_comprehensive", Decimal("12866.82"), Decimal("2573.37")),
        "G0008": ("priced", Decimal("46.14"), Decimal(0)),
        "73721": ("priced_if_not_packaged", Decimal("241.72"), Decimal("48.35")),
        "J0585": ("priced", Decimal("6.502"), Decimal("1.31")),
        "A9506": ("priced", Decimal("328.60"), Decimal(0)),
        "J9380": ("priced", Decimal(100), Decimal(20)),
        "85025": ("paid_under_another_schedule", None, None),
        "33405": ("inpatient_only", None, None),
        "99213": ("use_another_code", None, None),
        # A rate under a status that has none, none under one that has, and a status of which nothing is known.
        "50600": ("inpatient_only", None, None),
        "G0463": ("no_fee_published", None, None),
        "X0001": ("unknown_status_indicator", None, None),
    }


def test_every_status_indicator_has_one_meaning_and_its_source() -> None:
    rows = read_reference(addenda.STATUS_PRICE)
    assert len({row["status_indicator"] for row in rows}) == len(rows) == 28
    known = OPPS.declared.tables["opps_code"].column("price_status").domain
    priced = ("priced", "priced_comprehensive", "priced_if_not_packaged")
    for row in rows:
        assert row["price_status"] in known and len(row["source"]) > 20 and row["evidence"] == "P"
        assert (row["has_rate"] == "true") == (row["price_status"] in priced)


# ---------------------------------------------------------------- checks

HEAD = "code si apc weight rate national minimum ira adjusted expires note\n"

# The name of a check, and the smallest Addendum B (or other addenda) in which it finds something.
BROKEN = {
    "one_factor_gives_all_rates": {"codes": f"{CODES.rstrip()}\n10060 T 5051 2.2284 198.71 - 39.75 - - - -"},
    "amounts_are_numbers": {"codes": "code si words\n10060 T Pending"},
    "weights_are_there": {"codes": f"{HEAD}J0585 K 0902 - 6.502 - 1.31 - 1.31 - -"},
    "factor_is_the_known_one": {"codes": f"{HEAD}27447 J1 5115 144.2970 12000.00 - 2400.00 - - - -"},
    "rates_stand_under_their_status": {"codes": f"{HEAD}50600 C - 116.7583 10411.22 - 2082.25 - - - -"},
    "status_indicators_are_known": {"codes": f"{HEAD}10060 Z9 - - - - - - - - -"},
    "codes_of_an_apc_have_its_rate": {
        "codes": f"{HEAD}10060 T 5051 2.2284 198.70 - 39.74 - - - -\n"
        "10061 T 5051 2.2284 198.70 - 39.74 - - - -\n45378 T 5051 10.2245 911.71 - 182.35 - - - -"
    },
    "minimum_copayment_is_a_fifth": {"codes": f"{HEAD}45378 T 5311 10.2245 911.71 - 182.34 - - - -"},
    "rates_have_their_apc": {"codes": f"{HEAD}45378 T - 10.2245 911.71 - 182.35 - - - -"},
    "some_copayments_are_national": {"codes": f"{HEAD}45378 T 5311 10.2245 911.71 - 182.35 - - - -"},
    "some_copayments_are_adjusted": {"codes": f"{HEAD}45378 T 5311 10.2245 911.71 - 182.35 - - - -"},
    "few_copayments_are_waived": {"codes": f"{HEAD}45378 T 5311 10.2245 911.71 - 0 - - - -"},
    "adjusted_copayment_has_its_cause": {"codes": f"{HEAD}45378 T 5311 10.2245 911.71 - 182.35 - 182.35 - -"},
    "adjusted_copayment_follows": {"codes": f"{HEAD}J9380 K 9490 - 100.00 - 20.00 12.500 20.00 - -"},
    "caps_are_not_stale": {"codes": f"{HEAD}0410T J1 5222 92.8123 8275.98 - 1655.20 - 1676.00 - cap"},
    "pass_through_is_of_drugs_and_devices": {"codes": f"{HEAD}45378 T 5311 10.2245 911.71 - 182.35 - - * -"},
    "national_copayment_is_above_the_minimum": {
        "codes": f"{HEAD}45378 T 5311 10.2245 911.71 182.34 182.35 - - - -"
    },
    "rates_are_those_of_their_apc": {"codes": CODES, "apcs": "apc si weight rate\n5311 T 10.2245 911.70"},
    "copayments_are_those_of_their_apc": {
        "codes": CODES, "apcs": "apc si weight rate minimum\n5691 S 0.5174 46.14 9.23",
    },
    "inpatient_only_list_is_status_c": {"e": "code si\n45378 C"},
    "every_status_indicator_has_a_meaning": {"d1": "si\nT"},
    "ranks_are_one_to_the_last": {"j": "code si apc rank\n27447 J1 5115 2"},
    "ranked_codes_are_comprehensive": {"j": "code si apc rank\n45378 T 5310 1"},
    "device_offsets_follow": {"p": "code si apc rate percent amount\n27447 J1 5115 12866.82 44.35 5706.44"},
}  # fmt: skip
SOUND = {
    "e": "code si\n33405 C",
    "d1": "si\nT\nJ1\nS\nQ3\nK\nG\nQ4\nC\nB",
    "j": "code si apc rank\n27447 J1 5115 1",
    "p": "code si apc rate percent amount\n27447 J1 5115 12866.82 44.35 5706.43",
}
OF_RULE = {check.name: check for check in load_checks(OPPS_RULE.release_checks)}
CHECKS = {check.name: check for check in load_checks(addenda.CHECKS)} | OF_RULE


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_what_breaks_its_rule_and_nothing_else(name: str) -> None:
    schedule = OPPS_RULE if name in OF_RULE else OPPS
    query = CHECKS[name].query
    sound = release(apcs=APCS, schedule=schedule, **(SOUND if name in OF_RULE else {}))
    assert sound.sql(query).fetchall() == []
    found = release(schedule=schedule, **BROKEN[name]).sql(query).fetchall()
    assert found and all(text for _, _, text in found)


def test_a_quarter_before_2023_has_no_adjusted_copayment() -> None:
    codes = [line.split() for line in CODES.split("\n") if line.strip()]
    without = "\n".join(" ".join(line[:7] + line[9:]) for line in codes)
    with release(without, year=2022) as con:
        assert con.sql(CHECKS["some_copayments_are_adjusted"].query).fetchall() == []
    with release(without) as con:
        # Since 2024 every file has some.
        assert len(con.sql(CHECKS["some_copayments_are_adjusted"].query).fetchall()) == 1
        assert con.sql(CHECKS["adjusted_copayment_has_its_cause"].query).fetchall() == []
        # A fifth of the rate is more than the cap that its note names.
        [(_, _, finding)] = con.sql(CHECKS["caps_are_not_stale"].query).fetchall()
        assert finding.startswith("27447: ")


def test_a_column_of_adjusted_copayments_that_is_lost_is_missed_beside_its_percentages() -> None:
    codes = [line.split() for line in CODES.split("\n") if line.strip()]
    lost = "\n".join(" ".join(line[:8] + line[9:]) for line in codes)
    with release(lost) as con:
        found = con.sql(CHECKS["adjusted_copayment_has_its_cause"].query).fetchall()
    assert {finding[:5] for *_, finding in found} == {"27447", "J0585", "A9506", "J9380"}


def test_a_rate_that_is_missing_is_one_of_its_row_alone() -> None:
    """It has no price, and nothing is said of the factor of the others."""
    missing = f"{CODES.rstrip()}\n10060 T 5051 2.2284 - - - - - - -"
    with release(missing) as con:
        assert con.sql(CHECKS["one_factor_gives_all_rates"].query).fetchall() == []
        assert len(con.sql(CHECKS["rates_stand_under_their_status"].query).fetchall()) == 1
        query = f"SELECT price_status FROM ({opps_code_query()}) WHERE hcpcs_code = '10060'"
        assert con.sql(query).fetchall() == [("no_fee_published",)]


def test_a_rate_that_is_priced_and_one_that_is_not_are_held_against_the_status() -> None:
    [check] = load_checks(OPPS.warehouse_checks)
    with database.connect(1) as con:
        con.execute(
            "CREATE TABLE opps_code AS FROM (VALUES ('Q1', 'A', 'priced', 1.0), ('Q1', 'B', 'packaged', NULL), "
            "('Q1', 'C', 'priced', NULL), ('Q1', 'D', 'packaged', 1.0)) "
            "AS t(release_id, hcpcs_code, price_status, payment_rate)"
        )
        assert [row[1][0] for row in con.sql(check.query).fetchall()] == ["C", "D"]


# ---------------------------------------------------------------- what changed

BEFORE = f"""{HEAD}
    45378  T   5311  10.0000  891.69   -  178.34  -  -     -  -
    45380  T   5312  13.2230  1179.08  -  235.82  -  -     -  -
    11719  Q1  5733  0.6661   59.40    -  11.88   -  -     -  -
    J0585  K   0902  -        6.406    -  1.29    -  1.29  -  -
    C9999  G   9494  -        5.00     -  1.00    -  1.00  -  -
    A9506  G   9495  -        5.00     -  1.00    -  1.00  *  -
    33405  C   -     -        -        -  -       -  -     -  -
    33406  C   -     -        -        -  -       -  -     -  -
"""
AFTER = f"""{HEAD}
    45378  T   5311  10.2245  911.71   -  182.35  -  -     -  -
    45380  T   5312  13.2230  1179.08  -  235.82  -  -     -  -
    11719  S   5733  0.6661   59.40    -  11.88   -  -     -  -
    J0585  K   0902  -        6.502    -  1.31    -  1.31  -  -
    J9999  G   9494  -        5.00     -  1.00    -  1.00  -  -
    A9506  G   9495  -        5.00     -  1.00    -  1.00  -  note
    33405  T   5311  10.2245  911.71   -  182.35  -  -     -  -
    33406  C   -     -        -        -  -       -  -     -  note
"""


def test_a_change_has_its_kind_and_its_causes() -> None:
    with database.connect(1) as con:
        _two_releases(con, BEFORE, AFTER)
        assert _changes(con) == [
            ("11719", "reclassified", "status_indicator", "", Decimal(0)),
            ("33405", "repriced", "status_indicator,apc,weight,copayment", "", None),
            ("33406", "details_only", "", "note", None),
            ("45378", "repriced", "weight,copayment", "", Decimal("20.02")),
            ("A9506", "details_only", "pass_through", "note", Decimal(0)),
            ("C9999", "removed", "", "", None),
            ("J0585", "repriced", "drug_rate,copayment", "", Decimal("0.096")),
            ("J9999", "added", "", "", None),
        ]


def test_another_factor_is_a_cause_of_every_weight() -> None:
    with database.connect(1) as con:
        before = f"{HEAD}45378 T 5311 10.2245 911.71 - 182.35 - - - -\n27447 J1 5115 144.2970 12866.82 - 2573.37 - - - -"
        after = f"{HEAD}45378 T 5311 10.2245 920.21 - 184.05 - - - -\n27447 J1 5115 144.2970 12986.73 - 2597.35 - - - -"
        _two_releases(con, before, after)
        assert [row[1:3] for row in _changes(con)] == [("repriced", "factor,copayment")] * 2


def _two_releases(con: duckdb.DuckDBPyConnection, *texts: str) -> None:
    for number, text in enumerate(texts):
        made = release(text)
        for name, query in (
            ("opps_code", opps_code_query()),
            ("schedule_factor", "FROM schedule_factor"),
        ):
            frame = made.sql(f"SELECT * REPLACE ('R{number}' AS release_id) FROM ({query})").pl()
            con.register("made", frame)
            con.execute(
                f"{'INSERT INTO' if number else 'CREATE TABLE'} {name} {'' if number else 'AS'} FROM made"
            )


def _changes(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    pair = "SELECT 'R1' AS release_id, 'R0' AS previous_release_id"
    names = "hcpcs_code, change_kind, causes, changed_texts, payment_rate_change"
    return con.sql(f"SELECT {names} FROM ({opps_code_change_query(pair)}) ORDER BY 1").fetchall()
