"""What is printed: no text of a file steers a terminal, JSON is JSON, and a stream may be closed."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.errors import printable
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import SAMPLE_BUNDLES
from pipeline.terminal import as_json
from tests.helpers import bundles
from tests.helpers.marks import cases

pytestmark = pytest.mark.whole

# Escape sequences, C1 controls, marks of direction, and a line of its own.
STEERING = "\x1b]0;title\x07\x1b[31m\x9b2J\u202e\u2066\u200f\nerror: forged"


def unseen(text: str) -> list[str]:
    """The characters of what was printed that steer a terminal."""
    return [x for line in text.split("\n") for x in line if not x.isprintable()]


# ---------------------------------------------------------------- texts of files are data


@pytest.fixture(scope="module")
def steered(tmp_path_factory, add_release) -> Path:
    """A warehouse of two releases in which descriptions and names would steer a terminal."""
    raw, warehouse = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("warehouse")
    for name, month in (("rvu25c", "July"), ("rvu25d", "October")):
        add_release(raw, name, month)
        [path] = (raw / name).glob("PPRRVU*.csv")
        # Written as UTF-8, in which all of these have a place.
        text = path.read_bytes().decode("cp1252")
        label = bundles.cells_of(next(x for x in text.splitlines() if x.startswith("99291,")))[2]
        path.write_bytes(text.replace(label, STEERING.partition("\n")[0]).encode())
    [path] = (raw / "rvu25d").glob("GPCI*.csv")
    bundles.edit_cell(path, "01112,CA,05", 3, "=1+1\x1b[31m")
    refresh(Options(raw=raw, warehouse=warehouse), Report(quiet=True))
    return warehouse


def run(monkeypatch, capsys, *arguments: str) -> str:
    """Run the command as a user does; returns all that it printed."""
    monkeypatch.setattr("sys.argv", ["fees", *arguments])
    with suppress(SystemExit):
        main()
    printed = capsys.readouterr()
    return printed.out + printed.err


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("show", "99291", "--locality", "01112-05"), r"\x1b]0;title\x07\x1b[31m\x9b2J\u202e"),
        (("query", "select description from rvu where hcpcs_code = '99291'"), r"\x1b[31m"),
        (("query", "select * from locality where locality_number = '05'"), r"=1+1\x1b[31m"),
        (("query", 'select 1 as "\x1b[31m"'), r"\x1b[31m"),
        (("query", "select '\x1b[31m'::integer"), r"\x1b[31m"),
        (("diff", "RVU25C", "RVU25D", "--code", "99291"), "99291"),
        (
            ("price", "99291", "--on", "2025-10-02", "--mac", "01112", "--locality", "05"),
            r"\x1b[31m",
        ),
        (("show", "\x1b[31m"), r"\x1b[31m"),
        (("\x1b[31m",), r"\x1b[31m"),
        (("status",), "RVU25D"),
    ],
    ids=lambda part: part[0] if isinstance(part, tuple) else "",
)
def test_no_text_steers_the_terminal(steered, monkeypatch, capsys, arguments, shown):
    monkeypatch.setenv("PFS_WAREHOUSE", str(steered))
    printed = run(monkeypatch, capsys, *arguments)
    assert shown in printed
    assert unseen(printed) == []


def test_a_name_out_of_a_file_is_one_line(capsys):
    words = Report()
    words.step("read", STEERING)
    words.warn(STEERING)
    printed = capsys.readouterr().err
    assert unseen(printed) == []
    assert len(printed.splitlines()) == 2


@given(st.text())
def test_what_is_printable_stays_and_stays_printable(text):
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown
    assert shown == text or not text.isprintable()


def test_texts_that_are_no_plain_words_are_warned_of(steered):
    with duckdb.connect(str(steered / "fee_schedule.duckdb"), read_only=True) as con:
        found = con.sql(
            "select release_id, finding_count, first_finding from check_result "
            "where check_name = 'texts_are_plain' order by all"
        ).fetchall()
    assert found == [
        ("RVU25C", 1, "the description of 99291 holds a character that is not seen"),
        ("RVU25D", 2, "the locality name of 01112-05 begins like the formula of a spreadsheet"),
    ]


def test_exports_hold_the_texts_as_they_are(steered, reader):
    """They are data for programs: no sign is put before a text to please a spreadsheet."""
    path = steered / "exports" / "current" / "csv" / "locality" / "RVU25D.csv"
    names = reader.sql(f"select locality_name from read_csv('{path}', all_varchar = true)")
    assert ("=1+1\x1b[31m",) in names.fetchall()


# ---------------------------------------------------------------- JSON is JSON


def strictly(text: str):
    """The value of a JSON text, which has no Infinity and no NaN."""

    def refuse(constant: str):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_float=Decimal, parse_constant=refuse)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("4.50"), "4.50"),
        (Decimal("12345678901234567890.0123456789"), "12345678901234567890.0123456789"),
        (float("inf"), '"Infinity"'),
        (float("-inf"), '"-Infinity"'),
        (float("nan"), '"NaN"'),
        (date(2025, 10, 1), '"2025-10-01"'),
        (datetime(2025, 10, 1, 8, 30, tzinfo=UTC), '"2025-10-01T08:30:00+00:00"'),
        (b"\x00\xff", '"00ff"'),
        (True, "true"),
        (None, "null"),
    ],
)
def test_json_has_every_value_exactly(value, written):
    assert as_json(value) == written


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.decimals()
        | st.text()
        | st.dates(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    )
)
def test_json_of_any_value_can_be_read(value):
    text = as_json(value)
    strictly(text)
    assert text.isascii()


def test_query_prints_json_for_what_json_has_no_word_for(sample_warehouse, monkeypatch, capsys):
    sql = (
        "select 1 as a, 2 as a, 3 as a_1, 1e400::double as x, map {date '2025-01-01': 0.10} as m, "
        "timestamptz '2025-10-01 00:00:00+00' = now() as n"
    )
    printed = run(monkeypatch, capsys, "query", sql, "--json", "--warehouse", str(sample_warehouse))
    [row] = strictly(printed)
    assert row == {
        "a": 1,
        "a_1": 2,
        "a_1_1": 3,
        "x": "Infinity",
        "m": {"2025-01-01": Decimal("0.10")},
        "n": False,
    }


def test_query_prints_a_timestamp_with_its_zone(sample_warehouse, monkeypatch, capsys):
    printed = run(
        monkeypatch,
        capsys,
        "query",
        "select now() as n",
        "--json",
        "--warehouse",
        str(sample_warehouse),
    )
    [row] = strictly(printed)
    assert datetime.fromisoformat(row["n"]).utcoffset() is not None


def test_query_prints_csv_in_which_null_and_an_empty_text_stay_apart(
    sample_warehouse, monkeypatch, capsys
):
    sql = """select '' as a, null as b, 'x "y", z' as c, 1.50 as d"""
    where = ("--format", "csv", "--warehouse", str(sample_warehouse))
    printed = run(monkeypatch, capsys, "query", sql, *where)
    assert printed == 'a,b,c,d\n"",,"x ""y"", z",1.50\n'
    # A line of nothing would be skipped by whoever reads it.
    assert run(monkeypatch, capsys, "query", "select null as a", *where) == 'a\n""\n'


# ---------------------------------------------------------------- streams

# Each command: what it prints is the answer, and where that is lost the command failed.
ANSWERS = {
    "help": ("--help",),
    "query": ("query", "select * from rvu"),
    "query-csv": ("query", "select * from rvu", "--format", "csv"),
    "query-json": ("query", "select * from rvu", "--json"),
    "show": ("show", "99291"),
    "show-json": ("show", "99291", "--json"),
    "describe": ("describe",),
    "describe-table": ("describe", "rvu"),
    "status": ("status",),
    "status-json": ("status", "--json"),
    "price": ("price", "99291", "--on", "2025-10-02", "--zip", "94110"),
    "critical-care": ("critical-care", "--minutes", "80", "--on", "2025-10-02"),
    "layout": ("layout", "list"),
    "licence": ("licence", "--show"),
}


@pytest.fixture
def command(sample_warehouse, monkeypatch, capfd):
    """A function that runs a command with a stream in place of standard output.

    It returns the exit code and what stood on standard error.
    """

    def run(stdout, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("PFS_WAREHOUSE", str(sample_warehouse))
        monkeypatch.setattr("sys.argv", ["fees", *arguments])
        monkeypatch.setattr("sys.stdout", stdout)
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        return code, capfd.readouterr().err

    return run


FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


@needs_full
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_cannot_be_printed_is_a_sentence_about_the_stream(command, name):
    with FULL.open("w") as full:
        code, said = command(full, *ANSWERS[name])
    assert (code, said) == (
        14,
        "error: Standard output cannot be written: No space left on device.\n",
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_a_reader_that_has_enough_is_no_error(command, name):
    reading, writing = os.pipe()
    os.close(reading)
    # Click's help is not flushed before the test closes the pipe.
    with suppress(BrokenPipeError), os.fdopen(writing, "w") as pipe:
        assert command(pipe, *ANSWERS[name]) == (0, "")


@needs_full
def test_what_was_done_stands_where_nobody_hears_of_it(command, tmp_path):
    target = tmp_path / "release.csv"
    with FULL.open("w") as full:
        code, said = command(full, "export", "--csv", "release", "--out", str(target))
    assert (code, said) == (
        0,
        "warning: Standard output cannot be written: No space left on device.\n",
    )
    assert len(target.read_text().splitlines()) == 1 + len(SAMPLE_BUNDLES)


@pytest.mark.slow
@needs_full
@pytest.mark.parametrize(
    "streams", cases([">/dev/full 2>/dev/full", ">&- 2>&- <&-", "2>&1 | head -1"], [">&- 2>&- <&-"])
)
def test_a_refresh_is_published_whatever_becomes_of_its_words(tmp_path, streams):
    (tmp_path / "raw").mkdir()
    program = f"{sys.executable} -c 'from pipeline.cli import main; main()'"
    script = f"set -o pipefail; {program} refresh --no-fetch --raw {tmp_path}/raw --warehouse {tmp_path}/w {streams}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "w" / "fee_schedule.duckdb").is_file()
    [noted] = (tmp_path / "w" / "state" / "runs.jsonl").read_text().splitlines()
    assert json.loads(noted)["outcome"] == "published"
