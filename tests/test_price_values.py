"""Values in files of claim lines: understood as what they mean, or refused, and never taken for none.

Every amount is that of the sample, which has CMS's figures of October 2025.
"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.errors import UsageError
from pipeline.price import duckdb_engine
from pipeline.schedules.pfs.declared import schedule
from schemas.definitions import read_reference
from tests.helpers import claim_files
from tests.helpers.claim_lines import FIRST_HOUR, HEADS, amounts, text

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def con(sample_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb_engine.pricer(sample_warehouse / "fee_schedule.duckdb", threads=1) as opened:
        yield opened


# ---------------------------------------------------------------- values


UNDERSTOOD = {
    "units": {"1": "229.88", " 1 ": "229.88", "1.0": "229.88", "01": "229.88", "2.": "459.76"},
    "date_of_service": {"2025-10-02 00:00:00": "229.88", "2025-10-02T00:00:00Z": "229.88"},
    "hcpcs_code": {"g0508": "code_unknown", " 99291": "229.88"},
    "modifier_1": {"25": "229.88", " XU ": "229.88", "xs": "229.88", "76.0": "229.88",
                   "26 ": "component_not_separate", "tc": "component_not_separate", "Tc": "component_not_separate"},
    "claim_line_number": {"7": "229.88", "7.0": "229.88"},
    "service_zip_code": {"94110-1234": "229.88", "941101234": "229.88", "94110-": "zip_unknown", "9411-01234": "zip_unknown"},
    "place_of_service": {"21": "229.88", "2": "229.88", " 2 ": "229.88", "A": "place_of_service_unknown"},
}  # fmt: skip
NOT_UNDERSTOOD = {
    "units": ["1.5", "2.60", "1e2", "1e1", "0x10", "1_0", "one", "1,0", "+1", "--1", "1 1", "٣", "99999999999"],
    "date_of_service": ["2025-13-02", "2025-10-02 12:00:00+05", "10/02/2025", "20251002", "45932", "2025-10-2", "2025-11-31"],
    "modifier_1": ["26TC", "26/TC", "-26", "026", "2 6", "ZZ", "ZZZ", "XX", "2", "TC.0.0", "26.5", "26 ,TC", "nan", "&"],
    "claim_line_number": ["A", "1.5", "1e0"],
}  # fmt: skip


def written(said: list[dict[str, str]]) -> str:
    """First hours, each a claim of its own, with what is said of it in place of what is ordinary."""
    lines = [
        dict(zip(HEADS, (f"C{n}", *FIRST_HOUR[1:]), strict=True)) | dict.fromkeys(WHO, "") | one
        for n, one in enumerate(said)
    ]
    return text(*(tuple(x.values()) for x in lines), heads=tuple(lines[0]))


WHO = ("patient_id", "provider_id", "billing_provider_id")


def test_what_is_unambiguous_is_read_as_what_it_means(priced, tmp_path):
    expected = [(column, x, y) for column, said in UNDERSTOOD.items() for x, y in said.items()]
    file = tmp_path / "lines.csv"
    file.write_text(written([{column: value} for column, value, _ in expected]))
    found = amounts(priced(file))
    assert [(*x[:2], y) for x, y in zip(expected, found, strict=True)] == expected


def test_a_value_that_is_not_understood_is_never_taken_for_none(priced, tmp_path):
    values = [(column, value) for column, values in NOT_UNDERSTOOD.items() for value in values]
    file = tmp_path / "lines.csv"
    file.write_text(written([{column: f'"{x}"'} for column, x in values]), encoding="utf-8")
    lines = priced(file)
    assert amounts(lines) == [f'{column} "{value}"' for column, value in values]
    assert {line["price_status"] for line in lines} == {"refused"}


def test_a_word_for_nothing_and_lost_digits_tell_no_one_from_another(priced, tmp_path):
    values = ["NULL", "nan", "<NA>", "#N/A", "None", "1.23457E+15", "1.5e+20", "N7", "1234567890", "A+B", ""]  # fmt: skip
    columns = ["claim_id", *WHO]
    file = tmp_path / "lines.csv"
    file.write_text(written([{column: value} for column in columns for value in values]))
    expected = [
        said
        for column in columns
        for said in [*[f'{column} "{value}"' for value in values[:7]], *["229.88"] * 4]
    ]
    assert amounts(priced(file)) == expected


def test_a_float_that_is_no_number_is_missing_and_one_too_long_is_refused(priced, tmp_path):
    frame = pl.DataFrame(
        [FIRST_HOUR] * 4, schema=dict.fromkeys(HEADS, pl.String), orient="row"
    ).with_columns(
        pl.Series("patient_id", [float("nan"), 7.0, 2.0**53, None]),
        pl.Series("charge", [float("nan"), 125.0, 125.0, None]),
    )
    file = tmp_path / "lines.parquet"
    frame.write_parquet(file)
    found = amounts(priced(file))
    assert found == ["229.88", "125.00", 'patient_id "9007199254740992.0"', "229.88"]


@pytest.mark.parametrize(
    ("numbers", "read_as"),
    [
        ([907, 94110], ["00907", "94110"]),
        ([907, 941101234], ["00907", "941101234"]),
        ([907, 902], ["907", "902"]),
        ([1742, 17421234], ["01742", "017421234"]),
    ],
)
def test_three_digits_of_a_number_are_a_zip_code_beside_whole_ones_only(
    con, tmp_path, numbers, read_as
):
    file = tmp_path / "lines.parquet"
    lines = pl.DataFrame([FIRST_HOUR] * 2, schema=dict.fromkeys(HEADS, pl.String), orient="row")
    lines.with_columns(pl.Series("service_zip_code", numbers)).write_parquet(file)
    found = claim_files.reading(con, tmp_path)(file)
    assert [line["service_zip_code"] for line in found] == read_as


def test_charges_and_flags_are_read_exactly(priced, tmp_path):
    file = tmp_path / "lines.csv"
    heads = (*HEADS, "charge", "is_participating", "provider_kind")
    said = {
        ("125.00", "true", "physician"): "125.00", ("125", "Y", "NPP"): "125.00", ("5.5000", "no", ""): "5.50",
        ("125.005", "", ""): 'charge "125.005"', ("5$", "", ""): 'charge "5$"', ("1e2", "", ""): 'charge "1e2"',
        ("125.00", "1.0", ""): "125.00", ("1_0", "", ""): 'charge "1_0"', ("", "maybe", ""): 'is_participating "maybe"', ("", "2", ""): 'is_participating "2"',
    }  # fmt: skip
    file.write_text(text(*[(n, *FIRST_HOUR[1:], *x) for n, x in enumerate(said)], heads=heads))
    assert amounts(priced(file)) == list(said.values())


def test_amounts_as_people_write_them_are_read_and_what_may_be_a_european_decimal_is_not(
    priced, tmp_path
):
    file = tmp_path / "lines.csv"
    said = {
        "$125.00": "125.00", '"$1,125.00"': "229.88", '"1,000,125.00"': "229.88", "$75": "75.00",
        '"1,234"': 'charge "1,234"', '"125,00"': 'charge "125,00"', '"1.250,00"': 'charge "1.250,00"',
        '"12,50.00"': 'charge "12,50.00"', '"1250,000.00"': 'charge "1250,000.00"',
    }  # fmt: skip
    file.write_text(
        text(*[(n, *FIRST_HOUR[1:], x) for n, x in enumerate(said)], heads=(*HEADS, "charge"))
    )
    assert amounts(priced(file)) == list(said.values())


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("modifier_1", [26.0, None], ["26", ""]),
        ("modifier_1", ["26 ", None], ["26", ""]),
        ("modifier_1", [26, None], ["26", ""]),
        # Units and charges are never rounded.
        ("units", [1.0, 1.5, 2.5, float("inf")], ["1", 'units "1.5"', 'units "2.5"', 'units "inf"']),
        ("charge", [125.1, 125.005, 1e300, -1.0], ["125.10", 'charge "125.005"', 'charge "1e+300"', "-1.00"]),
        # What the arithmetic of floats left is no part of a number.
        ("charge", [3 * 1.1, 1.1 - 0.2, 125.00001, 1e8 / 3], ["3.30", "0.90", 'charge "125.00001"', 'charge "33333333.333333332"']),
        ("charge", ["3.3000000000000003", "0.9000000000000001", "125.0000100000", "33.33333333333333"],
         ["3.30", "0.90", 'charge "125.0000100000"', 'charge "33.33333333333333"']),
        ("units", [2.9999999999999996, 3.0], ["3", "3"]),
        ("hcpcs_code", ["99291.0", "99291", "450.0", "99291.5"], ["99291", "99291", "450", "99291.5"]),
    ],
)  # fmt: skip
def test_columns_of_numbers_and_of_texts_with_blanks(con, tmp_path, column, values, expected):
    table = tmp_path / "lines.parquet"
    frame = pl.DataFrame([FIRST_HOUR] * len(values), schema=list(HEADS), orient="row")
    frame.with_columns(pl.Series(column, values)).write_parquet(table)
    assert claim_files.column(claim_files.reading(con, tmp_path)(table), column) == expected


def test_what_columns_of_numbers_say_is_what_is_priced(priced, tmp_path):
    table = tmp_path / "lines.parquet"
    frame = pl.DataFrame([FIRST_HOUR] * 6, schema=list(HEADS), orient="row")
    frame.with_columns(
        pl.Series("claim_id", range(6)),
        pl.Series("modifier_1", [26.0, 26.5, 260.0, None, None, None]),
        pl.Series("units", [1.0, 1.0, 1.0, 1.0, 1.5, 1.0]),
        pl.Series("charge", [None, None, None, 125.1, 125.1, -1.0]),
    ).write_parquet(table)
    assert amounts(priced(table)) == [
        "component_not_separate", 'modifier_1 "26.5"', 'modifier_1 "260"', "125.10", 'units "1.5"',
        "charge_out_of_range",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_day_is_that_of_the_value_and_not_of_the_machine(priced, tmp_path, monkeypatch):
    table = tmp_path / "lines.parquet"
    frame = pl.DataFrame([FIRST_HOUR], schema=list(HEADS), orient="row")
    new_york = datetime(2025, 10, 1, tzinfo=timezone(-timedelta(hours=4)))
    said = {
        datetime(2025, 10, 1, tzinfo=UTC): "229.88",
        new_york: 'date_of_service "2025-10-01 04:00:00+00"',
        datetime(2025, 10, 1, 23, 59): "229.88",
        date(2025, 10, 1): "229.88",
    }
    for zone in ("America/Los_Angeles", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        for value, expected in said.items():
            frame.with_columns(pl.lit(value).alias("date_of_service")).write_parquet(table)
            assert amounts(priced(table)) == [expected], (zone, value)
    monkeypatch.delenv("TZ")
    time.tzset()


def test_lists_and_bytes_are_no_values(priced, tmp_path):
    table = tmp_path / "lines.parquet"
    frame = pl.DataFrame([FIRST_HOUR], schema=list(HEADS), orient="row")
    for value in (pl.Series("modifier_1", [["26"]]), pl.Series("modifier_1", [b"26"])):
        frame.with_columns(value).write_parquet(table)
        with pytest.raises(UsageError, match="modifier_1 of the file of claim lines is of type"):
            priced(table)


def test_lines_without_a_claim_id_are_each_alone(priced, tmp_path):
    """Two strangers' surgeries: neither halves the other."""
    surgery = ("1", "2025-10-02", "27447", "", "1", "21", "94110")
    file = tmp_path / "lines.csv"
    file.write_text(text(("", *surgery), ("  ", *surgery), ("A", *surgery), ("A", *surgery)))
    first, second, *claim = [float(x) for x in amounts(priced(file))]
    assert first == second == max(claim)
    assert min(claim) < first


# ---------------------------------------------------------------- the list of modifiers


def test_every_modifier_that_changes_a_price_is_listed_as_applied_and_none_else():
    listed = read_reference(schedule().reference_file("modifier"))
    effects = read_reference(schedule().reference_file("modifier_effect"))
    applied = {row["claim_modifier"] for row in listed if row["amount_effect"] == "applied"}
    assert applied == {row["claim_modifier"] for row in effects}
    assert len({row["claim_modifier"] for row in listed}) == len(listed) > 400
    assert {"LC", "LD", "RC", "E1", "FA", "TA", "XU", "76", "A9"} <= {
        row["claim_modifier"] for row in listed
    }
    assert not {"ZZ", "XX", "00", ""} & {row["claim_modifier"] for row in listed}
