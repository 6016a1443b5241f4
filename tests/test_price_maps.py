"""Files of claim lines in the columns of others: by a map, by values said for all, in other forms."""

import json
import re

import duckdb
import polars as pl
import pytest
import xlsxwriter
from click.testing import CliRunner

from pipeline.cli.price import price
from pipeline.errors import RefusedError, UsageError
from pipeline.price.dry_run import ABSENT
from pipeline.price.layout import REQUIRED, column_names
from tests.helpers.claim_files import HERS, column, written
from tests.helpers.claim_lines import FIRST_HOUR, HEADS, first_hours, text

pytestmark = pytest.mark.whole

MAP = """
[columns]
claim_id = "claimno"
claim_line_number = "LN"
date_of_service = "DOS"
hcpcs_code = "CPT"
modifiers = { column = "Mods" }
units = "Qty"
place_of_service = { column = "POS", values = { office = "11", er = "23" } }
service_zip_code = "Zip"
provider_kind = { value = "npp" }
"""


def test_a_map_says_which_column_is_which(read, tmp_path):
    lines = [
        ("A", "1", "10/15/2025", "99213", mods, "1", place, "94110")
        for mods, place in [("25;XU", "Office"), ("26TC", "ER"), ("", "moon"), ("2559761", "er"), ("T C", "")]
    ]  # fmt: skip
    found = read(written(tmp_path, *lines), MAP)
    assert [str(x["date_of_service"]) for x in found] == ["2025-10-15"] * 5
    assert [(x["modifier_1"], x["modifier_2"]) for x in found[:3]] == [("25", "XU"), ("26", "TC"), ("", "")]  # fmt: skip
    assert [x["remark"] for x in found] == ["", "", 'place_of_service "moon"', 'modifier_1 "2559761"', 'modifier_1 "T C"']  # fmt: skip
    assert [x["place_of_service"] for x in found[:2]] == ["11", "23"]
    assert {x["provider_kind"] for x in found} == {"npp"}


READINGS = {
    'charge = { column = "X", times = 0.01 }': (["12550", "1", "x", "1.2E+05"], ["125.50", "0.01", 'charge "x"', 'charge "1.2E+05"']),
    'charge = ["X", "Qty"]': (["", "5"], ["1.00", "5.00"]),
    'anesthesia_minutes = { column = "X", times = 15 }': (["4", "1.5"], ["60", 'anesthesia_minutes "1.5"']),
    'anesthesia_minutes = { column = "X", pattern = "^([0-9]+) ?min$" }': (["60 min", "1 h"], ["60", 'anesthesia_minutes "1 h"']),
    'is_participating = { column = "X", values = { Y = true }, otherwise = false }': (["y", "N", ""], ["True", "False", "True"]),
    'provider_specialty = { column = "X", values = { FP = "08" }, otherwise = "*" }': (["fp", "50"], ["08", "50"]),
    'patient_id = { column = "X", values = { NULL = "" }, otherwise = "*" }': (["NULL", "P"], ["", "P"]),
    'patient_id = { column = "X", blank = "nobody" }': (["", "P"], ["nobody", "P"]),
}  # fmt: skip


@pytest.mark.parametrize("reading", READINGS)
def test_what_a_map_may_say_of_a_column(read, tmp_path, reading):
    values, meant = READINGS[reading]
    lines = [("A", "1", "2025-10-15", "99213", "", "1", "11", "94110", x) for x in values]
    toml = MAP.replace(', values = { office = "11", er = "23" }', "") + reading
    found = read(written(tmp_path, *lines, heads=(*HERS, "X")), toml)
    given = [x.replace('anesthesia_minutes "1.5"', "22") for x in column(found, reading.split(" ")[0])]  # fmt: skip
    meant = [x.replace('anesthesia_minutes "1.5"', "22") for x in meant]
    assert given == meant


def test_words_for_no_value_are_blanks_of_every_column_where_a_map_says_so(read, tmp_path):
    heads = (*HEADS, "modifier_5", "charge", "anesthesia_minutes", "is_assigned", "patient_id")
    line = (
        "A",
        "1",
        "2025-10-02",
        "99291",
        "NA",
        "1",
        "21",
        "94110",
        "na",
        ".",
        "NA",
        " NA ",
        "NA",
    )
    file = written(tmp_path, line, heads=heads)
    names = ("modifier_1", "charge", "anesthesia_minutes", "is_assigned", "patient_id")
    [found] = read(file)
    assert found["remark"] == 'charge "."'
    for toml in ('missing = ["NA", "."]', 'missing = ["na", "."]\n[columns]\nunits = "units"'):
        [found] = read(file, toml)
        assert [found[x] for x in names] == ["", None, None, None, ""]
        assert found["remark"] == ""
    # A map that says no more leaves a file of a known kind known.
    heads = ("CLM_ID", "LINE_NUM", "LINE_1ST_EXPNS_DT", "HCPCS_CD", "LINE_SRVC_CNT", "LINE_PLACE_OF_SRVC_CD", "LINE_SBMTD_CHRG_AMT")  # fmt: skip
    ccw = written(tmp_path, ("1", "1", "01-Oct-2025", "99213", "1", "11", "."), heads=heads)
    [found] = read(ccw, 'missing = ["."]')
    assert (found["hcpcs_code"], found["charge"]) == ("99213", None)


MISTAKES = {
    "[columns]\nunits = 1": "units is 1; write a column of the file",
    '[columns]\nunit = "Qty"': 'columns has "unit", which is not known; did you mean units',
    '[colums]\nunits = "Qty"': 'it has "colums", which is not known; did you mean columns',
    '[columns]\nunits = { column = "Qty", datum = "x" }': 'units has "datum", which is not known',
    '[columns]\nmodifiers = { value = "26" }': "modifiers is read from columns; one that is the same",
    '[columns]\nunits = { column = "Qty", when = { column = "BASIS", is = "UN", instead = "1" } }': "instead of when of units is a table",
    '[columns]\nunits = { column = "Qty", value = "1" }': "units needs one of column, columns and value",
    '[columns]\nunits = { value = "1", blank = "1" }': "takes nothing beside it",
    "[columns]\nunits = [1]": "units has a column that is no name",
    '[columns]\nmodifiers = ["a", "b", "c", "d", "e"]': "modifiers has 5 columns; a line has four at most",
    '[columns]\nmodifiers = {column = "a"}\nmodifier_1 = "b"': "say modifiers or modifier_1 to modifier_4, not both",
    '[columns]\nunits = { column = "Qty", pattern = "(" }': "pattern of units is no regular expression",
    '[columns]\nunits = { column = "Qty", pattern = "x" }': "needs parentheses",
    '[columns]\nunits = { column = "Qty", date = "MM/DD/YYYY" }': "units is no date",
    '[columns]\ndate_of_service = { column = "DOS", date = "YY" }': 'date = "YY" is not known; write one of YYYY-MM-DD',
    '[columns]\nunits = { column = "Qty", until = "DOS" }': "units is no date; leave until out",
    '[columns]\ndate_of_service = { column = "DOS", until = 1 }': "until of date_of_service is a column",
    MAP.replace('"DOS"', '{ column = "DOS", until = "To" }'): 'date_of_service is read from "To", which the file does not have',
    '[columns]\nunits = { column = "Qty", times = "x" }': "times of units is no number",
    '[columns]\nunits = { column = "Qty", when = { column = "B" } }': "when of units needs a column and its words",
    '[columns]\nunits = { column = "Qty", values = "x" }': "values of units is a table",
    'missing = "NA"': 'missing is a list of words; write missing = ["NA"]',
    "units = ": "is no TOML",
    "": "maps no column",
    'profile = "mine"': 'There is no profile "mine"; there are 837p, ccw, omop, synpuf',
    MAP.replace('"Qty"', '"Quantity"'): 'units is read from "Quantity", which the file does not have',
    MAP.replace('"Zip"', '"Zipp"'): "did you mean Zip",
    MAP.replace('units = "Qty"\n', ""): "no column units; it has: ClaimNo",
    MAP.replace('modifiers = { column = "Mods" }\n', ""): '[columns] and modifiers = "mods"',
}  # fmt: skip


@pytest.mark.parametrize("toml", MISTAKES)
def test_a_mistake_in_a_map_is_one_sentence(read, tmp_path, toml):
    file = written(tmp_path, ("A", "1", "2025-10-15", "99213", "", "1", "11", "94110"))
    (tmp_path / "map.toml").write_text(toml)
    with pytest.raises(UsageError) as error:
        read(file, toml or "# nothing")
    assert MISTAKES[toml] in str(error.value)
    assert "\n" not in str(error.value)


def test_a_column_that_a_map_reads_stands_once(read, tmp_path):
    line = ("A", "1", "2025-10-15", "99213", "26", "1", "11", "94110")
    for twice in ("Mods", "Zip", "mods "):
        file = written(tmp_path, (*line, ""), heads=(*HERS, twice))
        with pytest.raises(UsageError, match=f"the column {twice.strip().lower()} more than once"):
            read(file, MAP)
    # What is not read may be called alike.
    assert len(read(written(tmp_path, (*line, "", ""), heads=(*HERS, "x", "x")), MAP)) == 1


# ---------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("values", "days"),
    [
        (["20251015", "20251016", "10/15/2025"], ["2025-10-15", "2025-10-16", '"10/15/2025"']),
        (["10/15/2025", "1/5/2025", "2025-10-15", "10/15/25"], ["2025-10-15", "2025-01-05", '"2025-10-15"', '"10/15/25"']),
        (["15-Oct-2025", "16OCT2025", "15-Oct-25", "31-Nov-2025"], ["2025-10-15", "2025-10-16", '"15-Oct-25"', '"31-Nov-2025"']),
        (["10/15/2025 12:00:00 AM", "10/15/2025 0:00", "10/15/2025 10:30"], ["2025-10-15", "2025-10-15", '"10/15/2025 10:30"']),
        # As SAS and programs that know floats only write them.
        (["15OCT2025:00:00:00", "16OCT2025:00:00:00.000", "15OCT2025:08:30:00"], ["2025-10-15", "2025-10-16", '"15OCT2025:08:30:00"']),
        (["20251015.0", "20251016", "20251015.5"], ["2025-10-15", "2025-10-16", '"20251015.5"']),
        (["10/15/25", "10/16/25"], ['"10/15/25"', '"10/16/25"']),
        (["20251015-20251015", "20251015-20251017", "2025101"], ["2025-10-15", '"20251015-20251017"', '"2025101"']),
    ],
)  # fmt: skip
def test_days_of_a_column_have_one_form(read, tmp_path, values, days):
    file = written(tmp_path, *[(*FIRST_HOUR[:2], x, *FIRST_HOUR[3:]) for x in values], heads=HEADS)
    found = [x.removeprefix("date_of_service ") for x in column(read(file), "date_of_service")]
    assert found == days


def test_lines_of_several_days_are_priced_as_of_the_first_and_counted(sample_warehouse, tmp_path):
    ends = ["10/02/2025", "10/04/2025", "", "01/02/2026", "10/02/2025"]
    lines = [(*FIRST_HOUR[:2], "10/02/2025", *FIRST_HOUR[3:], x) for x in ends]
    file, map_file = tmp_path / "lines.csv", tmp_path / "map.toml"
    file.write_text(text(*lines, heads=(*HEADS, "To")))
    map_file.write_text('[columns]\ndate_of_service = { column = "date_of_service", until = "to" }')
    words = [str(file), "--warehouse", str(sample_warehouse), "--columns", str(map_file)]
    said = CliRunner().invoke(price, [*words, "--dry-run"], catch_exceptions=False).output
    assert "date_of_service          date_of_service, To (MM/DD/YYYY): 2025-10-02" in said
    assert "2 lines end on another day than the first" in said
    words += ["--out", str(tmp_path / "priced.csv")]
    done = CliRunner().invoke(price, words, catch_exceptions=False)
    assert "note: 2 lines end on another day than the first" in done.stderr
    found = json.loads(CliRunner().invoke(price, [*words, "--json"]).output)
    assert (found["lines_of_several_days"], found["total"]["line_count"]) == (2, 5)
    assert found["ignored_columns"] == []


def test_days_that_prove_to_have_the_day_first_are_refused_until_a_map_says_so(read, tmp_path):
    days = ["03/04/2025", "15/10/2025"]
    file = written(tmp_path, *[(*FIRST_HOUR[:2], x, *FIRST_HOUR[3:]) for x in days], heads=HEADS)
    with pytest.raises(RefusedError, match='"15/10/2025" in row 2 has the day first') as error:
        read(file)
    advice = 'date_of_service = { column = "date_of_service", date = "DD/MM/YYYY" }'
    assert advice in str(error.value)
    found = read(file, f"[columns]\n{advice}")
    assert column(found, "date_of_service") == ["2025-04-03", "2025-10-15"]


# ---------------------------------------------------------------- other forms of files


CODES = ("place_of_service", "service_zip_code", "service_mac", "service_locality_number")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # A spreadsheet took the zeros; three digits of a ZIP code may be a ZIP code made coarser.
        ([("2", "1742", "1112", "5"), ("11", "94110", "10112", "A")], [("02", "01742", "01112", "05"), ("11", "94110", "10112", "A")]),
        ([(" 2", "17421234", "", ""), ("11", "174", "112", "")], [("02", "017421234", "", ""), ("11", "174", "112", "")]),
        # Somewhere the column has a zero, so that a digit is missing elsewhere.
        ([("2", "1742", "1112", "5"), ("02", "01742", "01112", "05")], [("2", "1742", "1112", "5"), ("02", "01742", "01112", "05")]),
        # Floats, as pandas writes a column of numbers of which one is missing.
        ([("2.0", "1742.0", "1112.0", "5.0"), ("11.0", "941101234.0", "10112.0", ""), ("A", "11.5", "112.0", "")],
         [("02", "01742", "01112", "05"), ("11", "941101234", "10112", ""), ("A", "11.5", "00112", "")]),
    ],
)  # fmt: skip
def test_zeros_that_a_column_of_texts_lost_come_back_and_no_other_digit(
    read, tmp_path, written, meant
):
    file = tmp_path / "lines.csv"
    heads = (*HEADS[:6], *CODES)
    file.write_text(text(*((*FIRST_HOUR[:6], *codes) for codes in written), heads=heads))
    assert [tuple(line[name] for name in CODES) for line in read(file)] == meant
    frame = pl.DataFrame([(*FIRST_HOUR[:6], *x) for x in written], schema=list(heads), orient="row")
    frame.write_parquet(tmp_path / "lines.parquet")
    found = read(tmp_path / "lines.parquet")
    assert [tuple(line[name] for name in CODES) for line in found] == meant


def test_a_table_or_a_query_of_a_database_is_read_and_the_database_is_not_changed(read, tmp_path):
    file = tmp_path / "ours.duckdb"
    with duckdb.connect(str(file)) as other:
        frame = pl.DataFrame([FIRST_HOUR] * 2, schema=list(HEADS), orient="row")
        other.register("frame", frame)
        other.execute("CREATE TABLE line AS FROM frame; CREATE TABLE more AS FROM frame")
    before = file.read_bytes()
    assert len(read(file, wanted={"table": "line"})) == 2
    query = "select * replace ('B' as claim_id) from line limit 1 -- the first"
    assert column(read(file, wanted={"query": query}), "claim_id") == ["B"]
    for wanted, said in [
        ({}, "Say which table of ours.duckdb has the lines: --table NAME, or --query. It has: line, more"),
        ({"query": "drop table line"}, "--query takes one SELECT"),
        ({"query": "select 1; select 2"}, "--query takes one SELECT"),
        ({"query": "select x from line"}, "the query was refused"),
        ({"table": "lines"}, 'the table "lines" was refused'),
    ]:  # fmt: skip
        with pytest.raises(UsageError) as error:
            read(file, wanted=wanted)
        assert said in str(error.value)
    assert file.read_bytes() == before


def test_columns_called_as_duckdb_numbers_rows_number_none(pricer, read, tmp_path):
    """Neither are lines of which no column is a text a case of their own, nor a sheet without any."""
    values = "select 7 as rowid, 7 as file_row_number, 7 as slot, number as claim_id, 1 as claim_line_number, '2025-10-02'::date as date_of_service, '99291'::enum('99291') as hcpcs_code, 1 as units, 21 as place_of_service, 94110 as service_zip_code from range(3) lines(number)"
    ours, table = tmp_path / "numbered.duckdb", tmp_path / "lines.parquet"
    with duckdb.connect(str(ours)) as other:
        other.execute(f"CREATE TABLE line AS {values}; COPY line TO '{table}'")
    for file in (ours, table):
        assert [x["claim_id"] for x in read(file)] == ["0", "1", "2"]
        numbers = pricer.sql("SELECT line_id FROM incoming_line ORDER BY line_id").fetchall()
        assert numbers == [(0,), (1,), (2,)]
    sheet = tmp_path / "lines.xlsx"
    with xlsxwriter.Workbook(sheet) as book:
        book.add_worksheet().write_row(0, 0, HEADS)
    assert read(sheet) == []


def test_of_a_packed_file_that_is_cut_or_ragged_the_cause_is_said(read, tmp_path):
    import pyarrow as pa

    good, bad = text(FIRST_HOUR, FIRST_HOUR), text(FIRST_HOUR, FIRST_HOUR[:-1])
    for end, codec in ((".gz", "gzip"), (".zst", "zstd")):
        file = tmp_path / f"lines.tsv{end}"
        file.write_bytes(pa.compress(good.encode().replace(b",", b"\t"), codec, asbytes=True))
        assert len(read(file)) == 2
        file.write_bytes(file.read_bytes()[:-4])
        with pytest.raises(RefusedError, match=f"lines.tsv{end}: it cannot be unpacked"):
            read(file)
        file.write_bytes(pa.compress(bad.encode(), codec, asbytes=True))
        with pytest.raises(RefusedError, match=f"lines.tsv{end}, line 3: the line has 7 cells"):
            read(file)


def test_a_dry_run_has_words_for_every_column_that_a_file_may_lack():
    modifiers = {f"modifier_{place}" for place in (2, 3, 4)}
    assert set(ABSENT) == column_names() - set(REQUIRED) - modifiers


def test_lines_that_nobody_numbered_are_read_as_the_advice_says(read, tmp_path):
    file = written(tmp_path, ("A", *FIRST_HOUR[2:]), heads=("claim_id", *HEADS[2:]))
    with pytest.raises(UsageError) as error:
        read(file)
    advice = re.search(r"claim_line_number = \{.*?\}", str(error.value))
    assert advice
    found = read(file, f"[columns]\n{advice[0]}")
    assert [(x["claim_line_number"], x["remark"]) for x in found] == [(1, "")]


def test_a_value_for_all_lines_does_not_hide_a_column(read, tmp_path):
    file = written(tmp_path, FIRST_HOUR, heads=HEADS)
    with pytest.raises(UsageError, match="lines have their own units"):
        read(file, assumed={"units": "1"})
    assert column(read(file, assumed={"provider_kind": "npp"}), "provider_kind") == ["npp"]


# ---------------------------------------------------------------- the whole command


def test_every_column_of_the_input_stands_in_the_output_as_it_was(sample_warehouse, tmp_path):
    heads = (*HEADS, "Reason", "note", "NOTE", "", "plan's", "line_id")
    # No column of the input, whatever its name is, changes the order.
    lines = [(*FIRST_HOUR[:3], code, *FIRST_HOUR[4:], x, "007", ' "a"', "1e5", " z ", n) for code, x, n in (("99291", "own", "3"), (" 99291", "", "2"), ("ZZZZZ", "0.10", "1"))]  # fmt: skip
    given, out = tmp_path / "lines.csv", tmp_path / "prices.tsv.gz"
    given.write_text(text(*[[f'"{str(x).replace(chr(34), chr(34) * 2)}"' for x in line] for line in lines], heads=heads))  # fmt: skip
    words = [str(given), "--out", str(out), "--provider", "npp", "--warehouse", str(sample_warehouse)]  # fmt: skip
    said = CliRunner().invoke(price, words, catch_exceptions=False)
    assert "Reason is input_Reason" in said.stderr and "NOTE is NOTE_2" in said.stderr
    assert "taken for all lines: provider_kind npp" in said.stderr
    frame = pl.read_csv(out, separator="\t", infer_schema=False).fill_null("")
    named = [*HEADS, "input_Reason", "note", "NOTE_2", "column_12", "plan's", "line_id"]
    assert frame.columns[:14] == named
    assert frame.select(named).rows() == lines
    assert frame["price_status"].to_list() == ["priced", "priced", "refused"]


def test_a_dry_run_says_what_is_understood_and_writes_nothing(sample_warehouse, tmp_path):
    file = tmp_path / "lines.csv"
    heads = (*HEADS[:-1], "extra")
    file.write_text(text(('"A\nB"', *FIRST_HOUR[1:]), (*FIRST_HOUR[:5], "1.5", "21", ""), heads=heads))  # fmt: skip
    words = [str(file), "--dry-run", "--warehouse", str(sample_warehouse)]
    said = CliRunner().invoke(price, words, catch_exceptions=False).output
    assert "text in utf-8, divided by commas; 2 lines. Nothing was written." in said
    assert "date_of_service          date_of_service (YYYY-MM-DD): 2025-10-02" in said
    assert "service_zip_code         no line has a place, and so none has a price" in said
    assert "columns that are not read: extra" in said
    assert "is_assigned              every claim is taken as assigned" in said
    assert "looked up when the lines are priced, not here" in said
    assert said.endswith('not understood: 1\n  line 4: units "1.5"\n')
    found = json.loads(CliRunner().invoke(price, [*words, "--json"]).output)
    assert found["refused"] == [{"line": 4, "value": 'units "1.5"'}]
    assert found["line_count"] == 2
    assert [x.name for x in tmp_path.iterdir()] == ["lines.csv"]


def test_lines_refused_for_a_word_for_no_value_say_how_a_map_makes_it_blank(
    sample_warehouse, tmp_path
):
    heads = (*HEADS, "charge")
    # Databases write a backslash and N, and TOML has no sign of a backslash alone.
    lines = [(*FIRST_HOUR, "NA"), (*FIRST_HOUR, r"\N"), (*FIRST_HOUR[:4], "nan", *FIRST_HOUR[5:], ""), (*FIRST_HOUR, "x")]  # fmt: skip
    file, map_file = tmp_path / "lines.csv", tmp_path / "map.toml"
    file.write_text(text(*lines, heads=heads))
    words = [str(file), "--warehouse", str(sample_warehouse)]
    said = CliRunner().invoke(price, [*words, "--dry-run"], catch_exceptions=False).output
    assert said.endswith('missing = ["NA", "\\\\N"]\n')
    words += ["--out", str(tmp_path / "priced.csv")]
    said = CliRunner().invoke(price, words, catch_exceptions=False).stderr
    assert "3 lines: refused for a word that may stand for no value" in said
    [advice] = [x.rpartition(": ")[2] for x in said.splitlines() if "missing = " in x]
    map_file.write_text(advice)
    found = json.loads(CliRunner().invoke(price, [*words, "--columns", str(map_file), "--json"]).output)  # fmt: skip
    assert [x["line_count"] for x in found["summary"]] == [3, 1]
    assert "word_for_no_value" not in [x["note"] for x in found["notes"]]


def test_lines_refused_for_a_time_of_day_say_how_a_map_leaves_it_out(sample_warehouse, tmp_path):
    """A time with its zone may be of another day where the service was done, so that such a line stays refused."""
    file, map_file = tmp_path / "lines.csv", tmp_path / "map.toml"
    days = ["2025-10-02", "2025-10-02 14:30:00", "2025-10-02T08:05", "2025-10-02 2:30 PM", "2025-10-02T23:30:00-08:00"]  # fmt: skip
    file.write_text(text(*first_hours(date_of_service=days)))
    words = [str(file), "--warehouse", str(sample_warehouse), "--out", str(tmp_path / "priced.csv")]
    said = CliRunner().invoke(price, words, catch_exceptions=False).stderr
    assert "3 lines: refused for a time of day beside the date" in said
    advice = said.partition("which is two lines: [columns] and ")[2].partition(", with the column")[
        0
    ]
    map_file.write_text(f"[columns]\n{advice}\n")
    found = json.loads(CliRunner().invoke(price, [*words, "--columns", str(map_file), "--json"]).output)  # fmt: skip
    assert [x["line_count"] for x in found["summary"]] == [4, 1]
