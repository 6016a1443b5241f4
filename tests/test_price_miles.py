"""Miles of ambulances in tenths: how files, frames and commands say them. What they are paid: test_price_own.py.

Of other years than 2026 no factor is known, so that miles of the sample have no amount, but a reason.
"""

import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import sqlglot
import xlsxwriter
from click.testing import CliRunner

from pipeline.cli.price import price
from pipeline.cli.show import show
from pipeline.errors import UsageError
from pipeline.price.layout import incoming_query
from pipeline.price.miles import ADVICE
from pipeline.schedules.ambulance.declared import mile_codes
from tests.helpers.claim_files import HERS, written
from tests.helpers.claim_lines import HEADS, text

pytestmark = pytest.mark.whole

# Code and units as they are written, and what is read.
SAID = [
    ("A0425", "12.4", "12.4"),
    ("A0435", "0.4", "0.4"),
    ("a0436", "17", "17.0"),
    ("A0425", "99.9", "99.9"),
    ("A0425", "12.45", f'units "12.45" ({ADVICE})'),
    ("A0425", "-0.4", f'units "-0.4" ({ADVICE})'),
    ("A0429", "12.4", 'units "12.4"'),
    ("97110", "1.5", 'units "1.5"'),
    ("97110", "3", "3.0"),
]
LINES = [
    ("A", str(n), "2025-10-02", code, "", units, "41", "94110")
    for n, (code, units, _) in enumerate(SAID)
]
READ = [meant for *_, meant in SAID]


def miles(lines: list[dict]) -> list[str]:
    """Of each line the units with their tenths, or what of them was not understood."""
    return [x["remark"] or str(x["units"] - x["mile_not_driven"]) for x in lines]


def test_the_codes_of_miles_are_those_of_the_ambulance_schedule():
    assert mile_codes() == ("A0425", "A0435", "A0436")


@pytest.mark.parametrize("kind", [pl.String, pl.Float64, pl.Float32, pl.Decimal(11, 2)])
def test_tenths_of_a_mile_are_read_from_columns_of_every_type(read, tmp_path, kind):
    file = tmp_path / "lines.parquet"
    frame = pl.DataFrame(LINES, schema=list(HEADS), orient="row")
    frame.with_columns(pl.col("units").cast(kind)).write_parquet(file)
    found = [x.replace('.40"', '.4"').replace('.50"', '.5"') for x in miles(read(file))]
    assert found == READ


def test_tenths_of_a_mile_are_read_from_text_and_workbooks(read, tmp_path):
    file = tmp_path / "lines.csv"
    file.write_text(text(*LINES))
    assert miles(read(file)) == READ
    book = xlsxwriter.Workbook(tmp_path / "lines.xlsx")
    sheet = book.add_worksheet()
    for row, line in enumerate([HEADS, *LINES]):
        for place, cell in enumerate(line):
            is_number = row and HEADS[place] == "units"
            sheet.write(row, place, float(cell) if is_number else cell)
    book.close()
    assert miles(read(tmp_path / "lines.xlsx")) == READ


def test_whole_miles_of_a_column_of_whole_numbers_are_units_as_ever(read, tmp_path):
    file = tmp_path / "lines.parquet"
    frame = pl.DataFrame(LINES[2:3], schema=list(HEADS), orient="row")
    frame.with_columns(pl.col("units").cast(pl.Int32)).write_parquet(file)
    assert miles(read(file)) == ["17.0"]


def test_a_map_may_count_tenths_and_a_profile_has_the_decimals_of_its_kind(read, tmp_path):
    tenths = 'units = { column = "Qty", times = 0.1 }'
    names = dict(zip(HEADS, HERS, strict=True))
    toml = "[columns]\n" + "\n".join(f'{x} = "{y}"' for x, y in names.items() if x != "units")
    lines = [(*LINES[0][:5], units, *LINES[0][6:]) for units in ("124", "4", "12.5", "170")]
    found = miles(read(written(tmp_path, *lines), f"{toml}\n{tenths}"))
    assert found == ["12.4", "0.4", f'units "12.5" ({ADVICE})', "17.0"]

    ccw = ("CLM_ID", "LINE_NUM", "LINE_1ST_EXPNS_DT", "HCPCS_CD", "HCPCS_1ST_MDFR_CD", "LINE_SRVC_CNT", "LINE_PLACE_OF_SRVC_CD", "PRVDR_ZIP")  # fmt: skip
    lines = [(*LINES[0][:5], units, *LINES[0][6:]) for units in ("12.400", "12.450")]
    found = miles(read(written(tmp_path, *lines, heads=ccw)))
    assert found == ["12.4", f'units "12.450" ({ADVICE})']

    # X12 has no zero before a decimal point.
    x12 = ("CLM01", "LX01", "DTP03", "SV101", "SV103", "SV104", "SV105", "N403")
    lines = [("A", "1", "20251002", "HC:A0425:RH", basis, units, "41", "94110") for basis, units in (("UN", ".4"), ("UN", "12.4"), ("F2", "12.4"))]  # fmt: skip
    *found, refused = miles(read(written(tmp_path, *lines, heads=x12)))
    assert found == ["0.4", "12.4"]
    assert refused.startswith("units ")


def test_miles_said_for_all_lines_are_no_units_of_other_codes(read, tmp_path):
    heads = tuple(x for x in HEADS if x != "units")
    lines = [(*line[:5], *line[6:]) for line in (LINES[0], LINES[6])]
    found = read(written(tmp_path, *lines, heads=heads), assumed={"units": "12.4"})
    assert miles(found) == ["12.4", 'units "12.4"']


def test_a_dry_run_shows_miles_as_they_are(sample_warehouse, tmp_path):
    file = written(tmp_path, LINES[0], heads=HEADS)
    words = [str(file), "--dry-run", "--warehouse", str(sample_warehouse)]
    said = CliRunner().invoke(price, words, catch_exceptions=False).output
    assert "  units                    units: 12.4\n" in said


def test_lines_of_whole_numbers_alone_are_not_looked_at_for_miles():
    found = dict.fromkeys(HEADS, "VARCHAR")
    assert "'A0425'" in incoming_query(found, "lines")
    assert "'A0425'" not in incoming_query(found | {"units": "INTEGER"}, "lines")
    # Spark reads the same.
    for kind in ("VARCHAR", "DOUBLE", "FLOAT", "DECIMAL(11,3)"):
        query = incoming_query(found | {"units": kind}, "lines")
        [spark] = sqlglot.transpile(query, read="duckdb", write="spark")
        assert sqlglot.parse_one(spark, read="spark").sql("spark") == spark


# ---------------------------------------------------------------- commands

PLACE = ["--on", "2025-10-02", "--zip", "94110"]


@pytest.fixture
def run(sample_warehouse: Path):
    def call(command, *words: str) -> str:
        said = [*words, "--warehouse", str(sample_warehouse)]
        return CliRunner().invoke(command, said, catch_exceptions=False).output

    return call


def test_the_commands_take_miles_with_a_decimal(run):
    assert run(price, "A0425", *PLACE, "--units", "12.4").startswith(
        "A0425, 12.4 units: no price: refused\n"
    )
    both = run(price, "97110:2", "A0425-RH:0.4", *PLACE, "--json")
    reasons = [line["reason"] for line in json.loads(both)["lines"]]
    assert reasons == ["", "no_factor"]
    # Of a year the factor by ground may be known and the one by air not.
    assert "the factor of such ambulance fees (by ground or by air)" in run(price, "A0431", *PLACE)
    assert "12.4 units" in run(show, "A0425", "--zip", "94110", "--units", "12.4")
    rows = json.loads(run(show, "A0425", "--units", "12.4", "--json"))["fee"]
    assert {Decimal(str(row["units"])) for row in rows} == {Decimal("12.4")}


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        (price, ["A0425:12.45", *PLACE], f'"12.45" is no number of units; {ADVICE}.'),
        (price, ["A0429:12.4", *PLACE], '"12.4" is no number of units; write a whole one.'),
        (price, ["A0429", "A0425", *PLACE, "--units", "12.4"], "write a whole one"),
        (price, ["A0425:", *PLACE], '"" is no number of units'),
        (show, ["99213", "--units", "1.5"], '"1.5" is no number of units; write a whole one.'),
        (show, ["A0425", "--units", "0.0"], "Of no units nothing is paid"),
        (show, ["A0425", "--units", "1e2"], '"1e2" is no number of units'),
    ],
)
def test_what_is_no_number_of_miles_or_units_is_one_sentence(run, command, words, said):
    with pytest.raises(UsageError) as error:
        run(command, *words)
    assert said in str(error.value)
