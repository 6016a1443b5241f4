"""Files of claim lines as programs write them: read right, or refused with the line and the cause.

Every amount is that of the sample, which has CMS's figures of October 2025.
"""

import csv
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from pipeline.cli.price import price
from pipeline.errors import RefusedError, UsageError
from pipeline.schedules.pfs.declared import schedule
from schemas.definitions import read_reference
from tests.helpers.claim_fuzz import claims

HEADS = (
    "claim_id", "claim_line_number", "date_of_service", "hcpcs_code", "modifier_1", "units", "place_of_service",
    "service_zip_code",
)  # fmt: skip
VISIT, CHEST, CHEST_READING = "104.48", "33.36", "11.56"
FIRST_HOUR = ("A", "1", "2025-10-02", "99291", "", "1", "21", "94110")


@pytest.fixture
def priced(sample_warehouse: Path, tmp_path: Path):
    """Price a file and return its lines as dictionaries of texts."""

    def call(file: Path) -> list[dict[str, str]]:
        out = tmp_path / "out" / "prices.csv"
        out.parent.mkdir(exist_ok=True)
        words = [str(file), "--out", str(out), "--warehouse", str(sample_warehouse)]
        CliRunner().invoke(price, words, catch_exceptions=False)
        with out.open(newline="") as lines:
            return list(csv.DictReader(lines))

    return call


def text(*lines: tuple | list, heads: tuple = HEADS, delimiter: str = ",") -> str:
    return "".join(delimiter.join(map(str, line)) + "\n" for line in [heads, *lines])


def amounts(lines: list[dict[str, str]]) -> list[str]:
    """The amount of each line, or what of it was not understood, or why it has no price."""
    return [x["allowed_amount"] or x["not_understood"] or x["reason"] for x in lines]


def first_hours(**said: list) -> list[list]:
    """First hours of critical care in a hospital (229.88), which differ in one column."""
    [(column, values)] = said.items()
    place = HEADS.index(column)
    return [
        [f"{n}", *FIRST_HOUR[1:place], value, *FIRST_HOUR[place + 1 :]]
        if place
        else [value, *FIRST_HOUR[1:]]
        for n, value in enumerate(values)
    ]


# ---------------------------------------------------------------- the dialect


@pytest.mark.parametrize(
    "claim_ids",
    [["#1", "2", "#3"], ["1"] * 3 + ["#4"] + ["5"] * 16, ["O'Neill", "'x", "y'"], ["//1", "--2"]],
)
def test_no_sign_makes_a_line_a_comment_and_no_apostrophe_a_quotation(priced, tmp_path, claim_ids):
    file = tmp_path / "lines.csv"
    file.write_text(text(*first_hours(claim_id=claim_ids)))
    lines = priced(file)
    assert [line["claim_id"] for line in lines] == claim_ids
    assert set(amounts(lines)) == {"229.88"}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_head_line_alone_decides_the_delimiter(priced, tmp_path, delimiter):
    file = tmp_path / "lines.csv"
    other = "a|b;c,d" if delimiter == "\t" else "a\tb"
    cell = f'"{other}{delimiter}"'
    file.write_text(text(*first_hours(claim_id=[cell] * 3), delimiter=delimiter))
    lines = priced(file)
    assert [line["claim_id"] for line in lines] == [other + delimiter] * 3
    assert amounts(lines) == ["229.88"] * 3


def test_the_first_quotation_mark_may_stand_far_below(priced, tmp_path):
    file = tmp_path / "lines.csv"
    chest = ["c", "1", "2025-10-02", "99291", "", "1", "21", "94110"]
    late = [*chest[:5], '"1"', '"21"', '"94110"']
    file.write_text(text(*[chest] * 30_000, late))
    lines = priced(file)
    assert len(lines) == 30_001
    assert lines[-1]["allowed_amount"] == lines[0]["allowed_amount"] == "229.88"


JOINED = {
    "with_another_head": (text(FIRST_HOUR, FIRST_HOUR) + text((*FIRST_HOUR, "9"), heads=(*HEADS, "charge")), 4),
    "with_the_same_head": (text(FIRST_HOUR) * 2, 3),
    "with_another_delimiter": (text(FIRST_HOUR) + text(FIRST_HOUR, delimiter=";"), 3),
    "with_quoted_heads": (text(FIRST_HOUR) + text(heads=tuple(f'"{x}"' for x in HEADS)), 3),
    "in_another_order": (text(FIRST_HOUR) + text(FIRST_HOUR[::-1], heads=HEADS[::-1]), 3),
    "after_a_value_of_two_lines": (text(("A\nB", *FIRST_HOUR[1:])).replace("A\nB", '"A\nB"') + text(), 4),
}  # fmt: skip


@pytest.mark.parametrize("name", JOINED)
def test_two_files_joined_into_one_are_refused_with_the_line(priced, tmp_path, name):
    written, line = JOINED[name]
    file = tmp_path / "lines.csv"
    file.write_text(written)
    with pytest.raises(RefusedError, match=rf"line {line}: column names stand among the lines"):
        priced(file)


BROKEN = {
    "too_few_cells": (text(FIRST_HOUR, FIRST_HOUR[:-1]), "line 3: the line has 7 cells where the head has 8"),
    "too_many_cells": (text(FIRST_HOUR, (*FIRST_HOUR, "x")), "line 3: the line has 9 cells where the head has 8"),
    "a_quotation_without_end": (text(('"A', *FIRST_HOUR[1:]), FIRST_HOUR), "line 3: a quotation mark"),
    "text_after_a_quotation": (text(FIRST_HOUR, ('"A"b', *FIRST_HOUR[1:])), "line 3: a quotation mark"),
    "a_character_nul": (text(FIRST_HOUR, ("A\0", *FIRST_HOUR[1:])), "line 3: it holds a character NUL"),
    "a_value_of_megabytes": (text(FIRST_HOUR, ("A" * 2_500_000, *FIRST_HOUR[1:])), "line 3: a value has more than 131,072 characters"),
    "a_quoted_value_without_bound": (text(FIRST_HOUR, ('"' + "A" * 200_000 + '"', *FIRST_HOUR[1:])), "line 3: a value has more than 131,072 characters"),
    "no_delimiter": ("claim_id\nA\n", "line 1: the names of the columns are not divided"),
    "no_head": ("\n" + text(FIRST_HOUR), "line 1: the first line is empty"),
    "nothing": ("", "it is empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_the_line_and_the_cause(priced, tmp_path, name):
    written, said = BROKEN[name]
    file = tmp_path / "lines.csv"
    file.write_text(written)
    with pytest.raises(RefusedError, match=said):
        priced(file)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "mixed"])
def test_every_kind_of_line_end_and_empty_lines(priced, tmp_path, ends):
    file = tmp_path / "lines.csv"
    written = text(*first_hours(claim_id=["1", "2", "3"])) + "\n\n"
    some = ("\r\n", 2) if ends == "mixed" else (ends, -1)
    file.write_bytes(written.replace("\n", *some).encode())
    assert amounts(priced(file)) == ["229.88"] * 3


# ---------------------------------------------------------------- encodings and heads


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""), ("utf-16-le", b"\xff\xfe"),
     ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b"")],
)  # fmt: skip
def test_every_encoding_that_programs_write(priced, tmp_path, encoding, mark):
    file = tmp_path / "lines.csv"
    file.write_bytes(mark + text(*first_hours(claim_id=["Peña 1", "é"])).encode(encoding))
    lines = priced(file)
    assert [line["claim_id"] for line in lines] == ["Peña 1", "é"]
    assert amounts(lines) == ["229.88", "229.88"]


def test_a_byte_that_is_no_text_is_refused_with_its_line(priced, tmp_path):
    file = tmp_path / "lines.csv"
    file.write_bytes(text(FIRST_HOUR, FIRST_HOUR).encode().replace(b"\nA", b"\nA\x81", 1))
    with pytest.raises(RefusedError, match="line 2: a character is neither UTF-8 nor Windows-1252"):
        priced(file)


def test_heads_in_any_case_with_blanks_around_them(priced, tmp_path):
    heads = tuple(f" {head.upper()} " for head in HEADS)
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    file.write_text(text(FIRST_HOUR, heads=heads))
    pl.DataFrame([FIRST_HOUR], schema=list(heads), orient="row").write_parquet(table)
    assert amounts(priced(file)) == amounts(priced(table)) == ["229.88"]


def test_a_column_that_stands_twice_is_refused(priced, tmp_path):
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    file.write_text(text((*FIRST_HOUR, "3"), heads=(*HEADS, "Units")))
    pl.DataFrame([(*FIRST_HOUR, "3")], schema=[*HEADS, "Units"], orient="row").write_parquet(table)
    for one in (file, table):
        with pytest.raises(UsageError, match="the column units more than once"):
            priced(one)


@pytest.mark.parametrize("head", ["modifier", "Mod1", "HCPCS Modifier", "mods", "modifier_cd_1"])
def test_modifiers_under_another_name_do_not_count_as_none(priced, tmp_path, head):
    """The professional part alone (26) is a quarter of the whole amount."""
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    heads = tuple(head if one == "modifier_1" else one for one in HEADS)
    assert head in heads
    file.write_text(text(FIRST_HOUR, heads=heads))
    pl.DataFrame([FIRST_HOUR], schema=list(heads), orient="row").write_parquet(table)
    for one in (file, table):
        with pytest.raises(UsageError, match=f"a column {head.lower()}, which is not read"):
            priced(one)


def test_modifiers_beside_those_that_are_read_are_ignored_as_any_column(priced, tmp_path):
    file = tmp_path / "lines.csv"
    file.write_text(text((*FIRST_HOUR, "x"), heads=(*HEADS, "modifier")))
    assert amounts(priced(file)) == ["229.88"]


def test_a_head_is_never_run_as_sql(priced, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sql = "x\") FROM (SELECT 'a' AS x); COPY (SELECT 42 AS n) TO 'written_by_a_head.csv'; --"
    names = [sql, 'remark "internal"', "it's", "$units", "{units}", "%s"]
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([[*names, *HEADS], [*names, *FIRST_HOUR]])
    pl.DataFrame([[*names, *FIRST_HOUR]], schema=[*names, *HEADS], orient="row").write_parquet(
        table
    )
    assert amounts(priced(file)) == amounts(priced(table)) == ["229.88"]
    assert not (tmp_path / "written_by_a_head.csv").exists()


@pytest.mark.parametrize("folder", ["units=5", "year=2025/month=10", "a*", "claims[1]", "it's"])
def test_a_path_is_no_pattern_and_no_data(priced, tmp_path, folder):
    place = tmp_path / folder
    place.mkdir(parents=True)
    (tmp_path / "claims1").mkdir()
    neighbour = text(("ANOTHER PATIENT", *FIRST_HOUR[1:]))
    for name in ("claims1/claims1.csv", "claims1/claims[1].csv", f"{folder}/claims1.csv"):
        (tmp_path / name).write_text(neighbour)
    file, table = place / "claims[1].csv", place / "claims[1].parquet"
    file.write_text(text(FIRST_HOUR))
    pl.DataFrame([FIRST_HOUR], schema=list(HEADS), orient="row").write_parquet(table)
    for one in (file, table):
        lines = priced(one)
        assert [line["claim_id"] for line in lines] == ["A"]
        assert amounts(lines) == ["229.88"]


# ---------------------------------------------------------------- values


UNDERSTOOD = {
    "units": {"1": "229.88", " 1 ": "229.88", "1.0": "229.88", "01": "229.88", "2.": "459.76"},
    "date_of_service": {"2025-10-02 00:00:00": "229.88", "2025-10-02T00:00:00Z": "229.88"},
    "hcpcs_code": {"g0508": "code_unknown", " 99291": "229.88"},
    "modifier_1": {"25": "229.88", " XU ": "229.88", "xs": "229.88", "76.0": "229.88"},
    "claim_line_number": {"7": "229.88", "7.0": "229.88"},
}
NOT_UNDERSTOOD = {
    "units": ["1.5", "2.60", "1e2", "1e1", "0x10", "1_0", "one", "1,0", "+1", "--1", "1 1", "٣", "99999999999"],
    "date_of_service": ["10/02/2025", "2025-13-02", "20251002", "2025-10-02 12:00:00+05", "45932", "2025-10-2"],
    "modifier_1": ["26TC", "26/TC", "-26", "026", "2 6", "ZZ", "ZZZ", "XX", "2", "TC.0.0", "26.5", "26 ,TC", "nan", "&"],
    "claim_line_number": ["A", "1.5", "1e0"],
}  # fmt: skip


@pytest.mark.parametrize("column", UNDERSTOOD)
def test_what_is_unambiguous_is_read_as_what_it_means(priced, tmp_path, column):
    file = tmp_path / "lines.csv"
    file.write_text(text(*first_hours(**{column: list(UNDERSTOOD[column])})))
    assert amounts(priced(file)) == list(UNDERSTOOD[column].values())


@pytest.mark.parametrize("column", NOT_UNDERSTOOD)
def test_a_value_that_is_not_understood_is_never_taken_for_none(priced, tmp_path, column):
    values = NOT_UNDERSTOOD[column]
    quoted = [f'"{value}"' for value in values]
    file = tmp_path / "lines.csv"
    file.write_text(text(*first_hours(**{column: quoted})), encoding="utf-8")
    lines = priced(file)
    assert amounts(lines) == [f'{column} "{value}"' for value in values]
    assert {line["price_status"] for line in lines} == {"refused"}


def test_charges_and_flags_are_read_exactly(priced, tmp_path):
    file = tmp_path / "lines.csv"
    heads = (*HEADS, "charge", "is_participating", "provider_kind")
    said = {
        ("125.00", "true", "physician"): "125.00", ("125", "Y", "NPP"): "125.00", ("5.5000", "no", ""): "5.50",
        ("125.005", "", ""): 'charge "125.005"', ("$5", "", ""): 'charge "$5"', ("1e2", "", ""): 'charge "1e2"',
        ("1_0", "", ""): 'charge "1_0"', ("", "maybe", ""): 'is_participating "maybe"', ("", "2", ""): 'is_participating "2"',
    }  # fmt: skip
    file.write_text(text(*[(n, *FIRST_HOUR[1:], *x) for n, x in enumerate(said)], heads=heads))
    assert amounts(priced(file)) == list(said.values())


def test_modifiers_in_columns_of_numbers_and_with_blanks(priced, tmp_path):
    table = tmp_path / "lines.parquet"
    found = {}
    for values in ([26.0, None], ["26 ", None], [26, None], ["tc", "Tc"], [26.5, 260.0]):
        frame = pl.DataFrame([FIRST_HOUR] * 2, schema=list(HEADS), orient="row")
        frame.with_columns(pl.Series("modifier_1", values)).write_parquet(table)
        found[str(values)] = amounts(priced(table))
    none = "component_not_separate"
    assert found == {
        "[26.0, None]": [none, "229.88"],
        "['26 ', None]": [none, "229.88"],
        "[26, None]": [none, "229.88"],
        "['tc', 'Tc']": [none, none],
        "[26.5, 260.0]": ['modifier_1 "26.5"', 'modifier_1 "260"'],
    }


def test_units_and_charges_in_columns_of_floats_are_never_rounded(priced, tmp_path):
    table = tmp_path / "lines.parquet"
    frame = pl.DataFrame([FIRST_HOUR] * 4, schema=list(HEADS), orient="row")
    units, charges = [1.0, 1.5, 2.5, float("inf")], [125.1, 125.005, 1e300, -1.0]
    frame.with_columns(pl.Series("units", units)).write_parquet(table)
    assert amounts(priced(table)) == ["229.88", 'units "1.5"', 'units "2.5"', 'units "inf"']
    frame.with_columns(pl.Series("charge", charges)).write_parquet(table)
    assert amounts(priced(table)) == [
        "125.10",
        'charge "125.005"',
        'charge "1e+300"',
        "charge_out_of_range",
    ]


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


# ---------------------------------------------------------------- the target


@pytest.fixture
def command(sample_warehouse: Path, tmp_path: Path):
    file = tmp_path / "lines.csv"
    file.write_text(text(FIRST_HOUR))

    def run(out: Path) -> None:
        words = [str(file), "--out", str(out), "--warehouse", str(sample_warehouse)]
        CliRunner().invoke(price, words, catch_exceptions=False)

    return run


def test_a_symlink_stays_and_what_it_leads_to_is_written_with_its_mode(command, tmp_path):
    (tmp_path / "private").mkdir()
    real, link = tmp_path / "private" / "real.csv", tmp_path / "prices.csv"
    real.write_text("old")
    real.chmod(0o600)
    link.symlink_to(real)
    command(link)
    assert link.is_symlink()
    assert "229.88" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "private").iterdir()) == ["real.csv"]


def test_a_new_file_has_the_mode_that_the_user_gives_to_new_files(command, tmp_path):
    before = os.umask(0o027)
    try:
        command(tmp_path / "prices.csv")
    finally:
        os.umask(before)
    assert (tmp_path / "prices.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("how", ["symlink_to", "hardlink_to"])
def test_the_file_to_be_priced_is_no_target_by_any_name(command, tmp_path, how):
    link = tmp_path / "prices.csv"
    getattr(link, how)(tmp_path / "lines.csv")
    with pytest.raises(UsageError, match="it is the file to be priced"):
        command(link)
    assert (tmp_path / "lines.csv").read_text() == text(FIRST_HOUR)


def test_no_folder_no_device_and_nothing_of_the_warehouse_is_a_target(
    command, tmp_path, sample_warehouse
):
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for out in ("folder.csv", "pipe.csv"):
        with pytest.raises(UsageError, match="a folder or a device"):
            command(tmp_path / out)
    with pytest.raises(UsageError, match="it lies in the warehouse"):
        command(sample_warehouse / "prices.csv")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_no_claim_line_behind(sample_warehouse, tmp_path, number):
    spill, table = tmp_path / "spill", tmp_path / "lines.parquet"
    spill.mkdir()
    with duckdb.connect() as con:
        lines = "SELECT 'A' || range AS claim_id, 1 AS claim_line_number, DATE '2025-10-02' AS date_of_service, '27447' AS hcpcs_code, 1 AS units, '21' AS place_of_service, '94110' AS service_zip_code FROM range(3000000)"
        con.execute(f"COPY ({lines}) TO '{table}'")
    out = tmp_path / "prices.csv"
    words = [
        "price",
        str(table),
        "--out",
        str(out),
        "--warehouse",
        str(sample_warehouse),
        "--memory",
        "300MB",
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *words],
        env=os.environ | {"TMPDIR": str(spill)}, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 30
    while not list(tmp_path.glob(".pfs-price-*")) and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.5)
    process.send_signal(number)
    assert process.wait(30) == 130
    assert list(spill.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lines.parquet", "spill"]


def test_of_any_file_every_line_comes_out_or_the_file_is_refused(sample_warehouse, tmp_path):
    """A few of the five thousand of ``make soak SOAK=claims``."""
    outcomes, faults = claims(sample_warehouse / "fee_schedule.duckdb", tmp_path, count=120)
    assert faults == []
    assert outcomes["priced, a line for each"] > 60
    assert sum(n for what, n in outcomes.items() if what.startswith("refused (")) > 15
    assert outcomes["values refused"] > 200
