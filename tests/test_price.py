"""Pricing as a whole: against a second pricer, against CMS's amounts, and whatever the order."""

import csv
import io
import random
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandera.errors
import polars as pl
import pytest

from pipeline.errors import UsageError
from pipeline.price import duckdb_engine
from pipeline.price.layout import REQUIRED, columns, incoming_query
from pipeline.price.paid import plan as paid
from pipeline.price.trace import trace_of
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.price.rules import rules
from schemas.definitions import read_reference
from schemas.models import model_of
from tests.helpers import price_lines, price_oracle, small_price
from tests.helpers.marks import cases
from tests.helpers.places import REAL_FILES
from tests.helpers.price_edits import with_edits
from tests.helpers.price_lines import ORDINARY, priced

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def database(sample_warehouse: Path) -> Path:
    return sample_warehouse / "fee_schedule.duckdb"


@pytest.fixture(scope="module")
def database_with_edits(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_edits(sample_warehouse, tmp_path_factory.mktemp("edits"))


@pytest.fixture(scope="module")
def real_database(real_warehouse: Path) -> Path:
    return real_warehouse / "fee_schedule.duckdb"


def result(line: dict) -> tuple:
    return line["allowed_amount"], line["price_status"], line["reason"]


def compare_with_oracle(database: Path, seed: int) -> list[tuple]:
    """The prices of random lines, after each was found equal to the second pricer's."""
    with duckdb.connect(str(database), read_only=True) as con:
        lines = price_lines.drawn_lines(con, 3000, seed)
        theirs = price_oracle.Pricer(price_oracle.read_tables(con)).price(lines)
    found = priced(database, lines, with_trace=True)
    ours = [result(line) for line in found]
    # What a therapy assistant is allowed depends on the deductible, and is compared with what is paid.
    own = [line["assistant_factor"] != 1 and bool(line["deductible_amount"]) for line in found]
    different = [
        (line, our, their)
        for line, our, their, is_own in zip(lines, ours, theirs, own, strict=True)
        if our != their and not is_own
    ]
    assert different == []
    of_paid = [tuple(line[name] for name in ("allowed_amount", *paid.RESULT)) for line in found]
    their_paid = price_oracle.paid(lines, found)
    assert [p for p in zip(lines, of_paid, their_paid, strict=True) if p[1] != p[2]] == []
    assert [line for line in found if not names_what_the_trace_tells(line)] == []
    return ours


def names_what_the_trace_tells(line: dict) -> bool:
    """Whether ``rules`` are those of the trace, which says of further units only what they are paid."""
    named = line["rules"].split(", ")
    if line["reason"]:
        return named == [line["reason"]]
    kinds = {row["rule"]: row["kind"] for row in rules()}
    decides = ("amount", "unit_factor", "line_factor", "own_amount")
    told = [
        x.rule for x in trace_of(line) if kinds[x.rule] in decides and x.rule != "limiting_charge"
    ]
    more = [rule for rule in named if rule not in told]
    # Of nothing that is left by the family, half is nothing too.
    is_more = line["units"] > 1 or "endoscopy_family" in told
    of_units = ("multiple_surgery", "endoscopy_family") if is_more else ()
    return [x for x in named if x in told] == told and set(more) <= set(of_units)


@pytest.mark.parametrize("seed", cases(range(3), [1, 2]))
def test_a_second_pricer_agrees_on_every_amount_and_reason(database_with_edits, seed):
    ours = compare_with_oracle(database_with_edits, seed)
    assert sum(amount is not None for amount, *_ in ours) > 500
    reasons = {reason for *_, reason in ours}
    assert len(reasons) > 25
    assert {"ncci_pair", "mue", "global_visit", "global_procedure"} <= reasons


@pytest.mark.real
@pytest.mark.parametrize(
    "seed", [100, *(pytest.param(n, marks=pytest.mark.long) for n in (101, 102, 103))]
)
def test_a_second_pricer_agrees_on_real_releases(real_database, seed):
    compare_with_oracle(real_database, seed)


@pytest.mark.slow
@pytest.mark.long
def test_the_order_of_the_lines_changes_nothing(database):
    with duckdb.connect(str(database), read_only=True) as con:
        lines = price_lines.drawn_lines(con, 2000, seed=7)
    shuffled = lines.copy()
    random.Random(1).shuffle(shuffled)

    def by_line(some: list[dict]) -> dict:
        found = {}
        for given, line in zip(some, priced(database, some, with_trace=True), strict=True):
            found[given["claim_line_number"]] = line
        return found

    assert by_line(shuffled) == by_line(lines)


def test_every_line_comes_out_once_and_in_its_place(database, tmp_path):
    with duckdb.connect(str(database), read_only=True) as con:
        lines = price_lines.drawn_lines(con, 3000, seed=8)
    given, out = tmp_path / "lines.parquet", tmp_path / "prices.parquet"
    # The same lines twice: equal lines are two services.
    frame = pl.concat([price_lines.frame(lines)] * 2)
    frame.write_parquet(given)
    with duckdb_engine.pricer(database) as con:
        duckdb_engine.read_lines(con, given)
        assert duckdb_engine.write(con, duckdb_engine.price(con, with_trace=False), out) == 6000
    keys = ["claim_id", "claim_line_number"]
    assert pl.read_parquet(out).select(keys).equals(frame.select(keys))


def test_a_line_has_an_amount_exactly_when_it_is_priced(database):
    with duckdb.connect(str(database), read_only=True) as con:
        lines = price_lines.drawn_lines(con, 2000, seed=9)
    for amount, status, reason in map(result, priced(database, lines)):
        assert (amount is not None) == (status == "priced") == (reason == "")


# ---------------------------------------------------------------- CMS's own amounts


def oppscap(release: str) -> list[list[str]]:
    """The rows of CMS's OPPSCAP csv of a release."""
    if release == "RVU25A":
        with zipfile.ZipFile(REAL_FILES / "rvu25a-updated-01_10_2025.zip") as bundle:
            name = next(x for x in bundle.namelist() if "OPPSCAP" in x and x.endswith(".csv"))
            text = bundle.read(name).decode("cp1252")
    else:
        text = next((REAL_FILES / release.lower()).glob("OPPSCAP*.csv")).read_text("cp1252")
    return [row for row in csv.reader(io.StringIO(text)) if len(row[0]) == 5 and row[0] != "HCPCS"]


def asked(code: str, modifier: str, mac: str, locality: str, day: str, place: str) -> dict:
    # CMS repeats six localities of 01182 under 01112, which no GPCI file has (pfs-rules 3.2).
    repeated = mac == "01112" and locality in ("17", "18", "71", "72", "73", "74")
    where = {"service_mac": "01182" if repeated else mac, "service_locality_number": locality}
    return (
        ORDINARY
        | where
        | {
            "claim_line_number": 1,
            "hcpcs_code": code,
            "modifier_1": modifier,
            "date_of_service": pl.Series([day]).str.to_date()[0],
            "place_of_service": place,
            "patient_id": "",
        }
    )


@pytest.mark.real
@pytest.mark.parametrize(
    ("release", "day"),
    [
        pytest.param("RVU25A", "2025-02-01", marks=pytest.mark.long),
        pytest.param("RVU25B", "2025-05-01", marks=pytest.mark.long),
        ("RVU25D", "2025-11-01"),
    ],
)
def test_every_amount_of_oppscap_is_reproduced(real_database, release, day):
    rows = oppscap(release)
    lines, amounts = [], []
    for code, modifier, _, mac, locality, facility, nonfacility, *_ in rows:
        # A facility that is no hospital, where the technical part is paid for.
        for place, amount in (("24", facility), ("11", nonfacility)):
            key = (mac.strip().zfill(5), locality.strip().zfill(2))
            line = asked(code, modifier.strip(), *key, day, place)
            lines.append(line | {"claim_id": str(len(lines))})
            amounts.append(Decimal(amount.strip()))
    ours = priced(real_database, lines, with_trace=True)
    # Of what the carrier prices it is the ceiling.
    found = [x["allowed_amount"] if x["reason"] == "" else x["opps_amount"] for x in ours]
    assert {x["reason"] for x in ours} == {"", "carrier_priced"}
    assert len(found) == 32_200
    assert found == amounts


@pytest.mark.real
def test_every_amount_of_pfrev_is_reproduced(real_database):
    text = (REAL_FILES / "pfrev25d" / "PFREV4.txt").read_text("cp1252")
    # Every record stands twice, and a blank modifier is one blank or two.
    records = {
        tuple(cell.strip() for cell in row) for row in csv.reader(io.StringIO(text)) if len(row) > 6
    }
    lines, amounts = [], []
    for _, mac, locality, code, modifier, nonfacility, facility, *_ in sorted(records):
        for place, amount in (("11", nonfacility), ("24", facility)):
            line = asked(code, modifier.strip(), mac, locality, "2025-10-02", place)
            lines.append(line | {"claim_id": str(len(lines))})
            amounts.append(Decimal(amount.strip()))
    assert [x["allowed_amount"] for x in priced(real_database, lines)] == amounts
    assert len(amounts) == 1_526


# Amounts of two services of one day in San Francisco, 15 October 2025 (pfs-rules 11): reduced
# first and capped then; a whole test as the sum of its parts.
ON_ONE_DAY = {
    "70496-TC 70498-TC": "251.96 136.08",
    "75635-TC 71275-TC": "251.82 137.69",
    "93976-TC 93926-TC": "150.06 122.54",
    "78452 93015": "559.05 78.18",
    "93306 93000": "248.84 15.19",
    "66984-55:30": "42.96",
    "49000-78 44950-78": "681.00 564.50",
    "01996-AA": "67.11",
    "71046-26": "11.56",
}


@pytest.mark.real
def test_amounts_that_others_worked_out_are_reproduced(real_database):
    lines = [
        line
        for billed in ON_ONE_DAY
        for line in small_price.lines(billed, billed, date_of_service=date(2025, 10, 15))
    ]
    found: dict[str, list[str]] = {}
    for line in priced(real_database, lines):
        found.setdefault(line["claim_id"], []).append(small_price.allowed(line))
    assert {billed: " ".join(amounts) for billed, amounts in found.items()} == ON_ONE_DAY


# ---------------------------------------------------------------- files of claim lines


def test_a_csv_file_is_read_as_text_and_what_cannot_be_read_is_refused(database, tmp_path):
    given, out = tmp_path / "lines.csv", tmp_path / "prices.csv"
    given.write_text(
        "claim_id,claim_line_number,date_of_service,hcpcs_code,units,place_of_service,service_zip_code,charge,patient\n"
        "A,1,2025-10-02,99291, 1 ,21,94110,,x\n"
        "A,2,2025-13-02,99291,1,21,94110,,x\n"
        "A,3,2025-10-02,99291,one,21,94110,,x\n"
        "A,4,2025-10-02,99291,1,21,94110,5$,x\n"
        "A,5,2025-10-02,99291,1,21,94110,5,x\n"
    )
    with duckdb_engine.pricer(database) as con:
        assert duckdb_engine.read_lines(con, given) == ["patient"]
        duckdb_engine.write(con, duckdb_engine.price(con, with_trace=False), out)
    assert out.read_text() == (
        "claim_id,claim_line_number,allowed_amount,price_status,reason,not_understood,notes,schedule,rules,is_provisional,"
        "limiting_charge,denied_by,deductible_amount,coinsurance_amount,medicare_payment,sequestration_amount,patient_responsibility\n"
        'A,1,229.88,priced,"","","",pfs,fee,false,,"",0.00,45.98,180.22,3.68,45.98\n'
        'A,2,,refused,unreadable_value,"date_of_service ""2025-13-02""","","",unreadable_value,true,,"",,,,,\n'
        'A,3,,refused,unreadable_value,"units ""one""","","",unreadable_value,true,,"",,,,,\n'
        'A,4,,refused,unreadable_value,"charge ""5$""","","",unreadable_value,true,,"",,,,,\n'
        'A,5,5.00,priced,"","","",pfs,"fee, charge",false,,"",0.00,1.00,3.92,0.08,1.00\n'
    )


def test_lines_that_take_no_map_are_refused_without_advice_of_one():
    """A frame of Spark has our names or none: there is neither an option nor an argument for a map."""
    without = dict.fromkeys(("claim_id", "claim_line_number", "hcpcs_code"), "VARCHAR")
    with pytest.raises(
        UsageError, match=r"no column date_of_service, units.*withColumn"
    ) as missing:
        incoming_query(without, "t", "1")
    other = dict.fromkeys((*REQUIRED, "mod1"), "VARCHAR")
    with pytest.raises(UsageError, match="Name the columns modifier_1 to modifier_4") as modifiers:
        incoming_query(other, "t", "1")
    for refused in (missing, modifiers):
        assert "columns=" not in str(refused.value)
        assert "--" not in str(refused.value)


@pytest.mark.slow
def test_texts_that_stand_as_they_are_read_are_priced_as_those_that_do_not(database):
    """A column without blanks, NULLs and small letters is not looked at again; the amounts agree."""
    visit = ORDINARY | {"service_zip_code": "94110", "place_of_service": "21"}
    plain = [visit | {"claim_line_number": n, "hcpcs_code": code} for n, code in enumerate(("99291", "99292"), 1)]  # fmt: skip
    odd = visit | {"claim_line_number": 3, "hcpcs_code": "\u00a099291\u00a0", "service_mac": None}
    odd |= {"provider_kind": " Physician", "modifier_1": " ", "place_of_service": "21 "}
    *same, cleaned = priced(database, [*plain, odd])
    assert same == priced(database, plain)
    assert result(cleaned) == result(same[0])


def test_null_and_blank_texts_are_the_same(database):
    line = ORDINARY | {"claim_line_number": 1, "hcpcs_code": "99291", "service_zip_code": "94110"}
    line |= {"place_of_service": "21"}
    nothing = dict.fromkeys(
        ("modifier_1", "modifier_2", "service_mac", "patient_id", "provider_kind")
    )
    assert priced(database, [line]) == priced(database, [line | nothing])


def test_what_the_model_of_a_claim_line_objects_to_is_refused_and_stays(database):
    with duckdb.connect(str(database), read_only=True) as con:
        lines = price_lines.drawn_lines(con, 3000, seed=10)
    objected = set()
    try:
        model_of(schedule(), "price.claim_line").validate(price_lines.frame(lines), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        objected = set(errors.failure_cases["index"].drop_nulls())
    ours = [result(line) for line in priced(database, lines)]
    assert len(objected) > 50
    assert {ours[index][1] for index in objected} == {"refused"}
    unreadable = (
        "date_missing",
        "units_out_of_range",
        "charge_out_of_range",
        "provider_kind_unknown",
    )
    # How many units are too many depends on who pays.
    known = {n for n, line in enumerate(lines) if line["units"] and 0 < line["units"] <= 999_999}
    refused = {n for n, line in enumerate(ours) if line[2] in unreadable}
    assert {n for n in refused if n not in known or ours[n][2] != unreadable[1]} <= objected


# ---------------------------------------------------------------- the rules as data


def test_steps_are_unique_and_provisional_exactly_where_something_is_not_confirmed():
    steps = [int(row["step"]) for row in rules()]
    assert steps == sorted(set(steps))
    for row in rules():
        assert row["is_provisional"] == "true" or row["evidence"] != "E", row["rule"]


def test_every_gate_of_the_rules_is_met_by_a_test():
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_price*.py"))
    tests += "".join(path.read_text() for path in Path(price_oracle.__file__).parent.glob("*.py"))
    for row in rules():
        if row["kind"].endswith("gate"):
            assert f'"{row["rule"]}"' in tests or row["rule"] in tests, row["rule"]


def test_every_column_of_a_trace_that_a_rule_names_is_there():
    from pipeline.price.plan import RESULT, TRACE

    for row in rules():
        assert not row["trace_column"] or row["trace_column"] in (*TRACE, *RESULT)


def test_the_places_of_service_are_unique_and_cited():
    rows = read_reference(schedule().reference_file("place_of_service"))
    assert len({row["place_of_service"] for row in rows}) == len(rows) == 52
    assert all(row["source"] and row["setting"] in ("facility", "nonfacility") for row in rows)
    assert all(bool(row["setting_from"]) == bool(row["setting_before"]) for row in rows)


def test_the_page_on_claim_lines_lists_the_columns_as_they_are_defined():
    page = (Path(__file__).parent.parent / "examples" / "claim_lines.md").read_text("utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    assert len(rows) == len(columns())
    for row, column in zip(rows, columns(), strict=True):
        assert row.startswith(f"| `{column.name}` | {column.type} | ")
        assert row.endswith(f" | {column.comment} |")
        assert (row.split(" | ")[2] == "yes") == (column.name in REQUIRED)
