"""The run history: one line for each run that did or failed something, and its exit code."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pipeline.refresh.build as build_module
from pipeline import __version__
from pipeline.cli import main
from pipeline.errors import MissingReleaseError, RefusedError
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.store.state import RUNS_KEPT, State
from tests.helpers import bundles
from tests.helpers.damaged_file import CPR, PPRRVU
from tests.helpers.exported import SAMPLE_RELEASES
from tests.operation.place import add_zips, published, run, run_pfs
from tests.soak.judge import leftovers

pytestmark = pytest.mark.whole


def history(options: Options) -> list[dict]:
    return State(options.warehouse / "state").runs()


def test_a_published_build_is_a_line_with_all_that_matters(place):
    add_zips(place, "20261")
    before = len(history(place))
    build_id = run(place).build_id
    assert len(history(place)) == before + 1
    line = history(place)[-1]
    assert line.pop("at").endswith("+00:00")
    assert 0 < line.pop("seconds") < 60
    assert line == {
        "outcome": "published",
        "exit_code": 0,
        "build_id": build_id,
        "releases": [SAMPLE_RELEASES["pfs"]],
        "built": ["ZIP5_20261.txt", "ZIP5_OCT2025.txt"],
        "fetched": [],
        "warnings": 0,
        "message": "",
        "version": __version__,
    }


def test_a_run_that_did_nothing_and_a_wrong_call_are_no_lines(place, monkeypatch):
    before = history(place)
    run(place)
    assert run_pfs(monkeypatch, "refresh", place, "--rollback", "--verify") == 2
    assert history(place) == before


def test_a_refused_input_is_a_line_with_its_sentence(place):
    (place.raw / "rvu26d.zip").write_text("no zip")
    with pytest.raises(RefusedError) as caught:
        run(place)
    line = history(place)[-1]
    assert (line["outcome"], line["exit_code"]) == ("failed", 3)
    assert line["message"] == str(caught.value)


def test_a_fault_of_the_program_is_a_line(place, monkeypatch):
    def fault(*_, **__):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(build_module, "assemble", fault)
    add_zips(place, "20261")
    with pytest.raises(ZeroDivisionError):
        run(place)
    line = history(place)[-1]
    assert (line["outcome"], line["exit_code"]) == ("failed", 1)
    assert line["message"] == "ZeroDivisionError: division by zero"


# ---------------------------------------------------------------- published with warnings


def test_a_build_with_warnings_about_its_data_exits_with_11_and_programs_are_told(
    tmp_path, add_release, monkeypatch, capsys
):
    place = Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    add_release(place.raw)
    (place.raw / "rvu25d" / "GPCI2025.csv").unlink()
    assert run_pfs(monkeypatch, "refresh", place, "--no-fetch", "--json") == 11
    told = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["exit_code"]) == ("published", 11)
    assert any("RVU25D lacks" in warning for warning in told["warnings"])
    assert published(place)
    line = history(place)[-1]
    assert (line["outcome"], line["exit_code"]) == ("published", 11)
    assert line["warnings"] > 0
    assert run_pfs(monkeypatch, "refresh", place, "--no-fetch") == 0


@pytest.mark.slow
def test_warnings_of_the_build_before_are_counted_and_those_of_what_is_read_are_told(
    tmp_path, add_release, monkeypatch, capsys
):
    place = Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    for name, month in (("rvu25c", "July"), ("rvu25d", "October")):
        add_release(place.raw, name, month)
        (place.raw / name / "GPCI2025.csv").unlink()
        if name == "rvu25c":
            file = place.raw / name / PPRRVU
            bundles.edit_cell(file, CPR, bundles.SUPERVISION, "7Z")
        assert run_pfs(monkeypatch, "refresh", place, "--no-fetch") == 11
    told = capsys.readouterr().err.splitlines()
    assert [sum(f"{x} lacks" in line for line in told) for x in ("RVU25C", "RVU25D")] == [1, 1]
    [counted] = [line for line in told if "as in the build before" in line]
    assert counted.endswith(f"; to see them: fees status --warehouse {place.warehouse}")
    # The lines that were set aside of the first release are none of what the second build found.
    assert sum("lines set aside" in line for line in told) == 1
    first, second = (line["warnings"] for line in history(place)[-2:])
    assert second > first > 0
    monkeypatch.setattr("sys.argv", ["fees", "status", "--warehouse", str(place.warehouse)])
    main()
    assert capsys.readouterr().out.count("lacks gpci") == 2


@pytest.mark.slow
def test_the_sample_is_no_warning_about_the_data(tmp_path, monkeypatch, capsys):
    (tmp_path / "raw").mkdir()
    place = Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    assert run_pfs(monkeypatch, "refresh", place, "--no-fetch") == 0
    assert "warning: this warehouse is built from the embedded SAMPLE" in capsys.readouterr().err


@pytest.mark.slow
def test_make_takes_warnings_for_success_and_failures_for_failures(tmp_path, add_release):
    project = Path(__file__).parent.parent.parent
    add_release(tmp_path / "raw")
    (tmp_path / "raw" / "rvu25d" / "GPCI2025.csv").unlink()
    command = [
        "make", "-s", "refresh", f"RAW={tmp_path / 'raw'}", f"WAREHOUSE={tmp_path / 'warehouse'}",
    ]  # fmt: skip
    assert subprocess.run(command, cwd=project, capture_output=True).returncode == 0
    (tmp_path / "raw" / "rvu26d.zip").write_text("no zip")
    failed = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert failed.returncode == 2
    assert "Error 13" in failed.stderr


# ---------------------------------------------------------------- interrupted


# The command, with a build that takes for ever; "deaf" stands for a statement of DuckDB that is
# called off and waits for ever, as 1 of 60 COPYs did.
SLOW = """
import time
import duckdb
import pipeline.refresh.build
def assemble(*_):
    print("begun", flush=True)
    {wait}
pipeline.refresh.build.assemble = assemble
from pipeline.cli import main
main()
"""
WAITS = {
    "python": "time.sleep(60)",
    "duckdb": "while True: duckdb.sql('select sum(range) from range(50_000_000)').fetchall()",
    "deaf": """
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass
""",
}
# Each of the waits and each of the signals once.
ENDED = [
    ("python", signal.SIGHUP),
    ("duckdb", signal.SIGTERM),
    ("deaf", signal.SIGINT),
]


@pytest.mark.slow
@pytest.mark.usefixtures("hangup_is_heard")
@pytest.mark.parametrize(
    ("wait", "sent"), [ENDED[0], *(pytest.param(*x, marks=pytest.mark.long) for x in ENDED[1:])]
)
def test_a_run_that_a_scheduler_ends_is_noted_as_interrupted(place, wait, sent):
    first = published(place)
    add_zips(place, "20261")
    program = SLOW.format(wait=WAITS[wait])
    arguments = ["refresh", "--raw", str(place.raw), "--warehouse", str(place.warehouse)]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.2)
    process.send_signal(sent)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.endswith("interrupted: nothing half-done is in force; run the command again\n")
    assert "Traceback" not in said
    line = history(place)[-1]
    assert (line["outcome"], line["exit_code"]) == ("interrupted", 130)
    assert not (place.warehouse / "state" / "refresh.holder.json").exists()
    assert leftovers(place.warehouse) == []
    assert published(place) == first
    assert run(place).outcome == "published"


# ---------------------------------------------------------------- the file


def test_the_history_does_not_grow_without_end(tmp_path):
    state = State(tmp_path)
    for number in range(2 * RUNS_KEPT):
        state.record_run("published", number=number)
    assert len(state.runs()) == 2 * RUNS_KEPT
    state.record_run("published", number=2 * RUNS_KEPT)
    numbers = [one["number"] for one in state.runs()]
    assert numbers == list(range(RUNS_KEPT + 1, 2 * RUNS_KEPT + 1))
    assert list(tmp_path.iterdir()) == [tmp_path / "runs.jsonl"]


def test_a_torn_line_costs_no_other_line(tmp_path):
    state = State(tmp_path)
    state.record_run("published")
    with (tmp_path / "runs.jsonl").open("a") as file:
        file.write('{"at": "2026-')
    state.record_run("failed")
    assert [one["outcome"] for one in state.runs()] == ["published", "failed"]


def test_a_failure_that_cannot_be_noted_is_told_all_the_same(place, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(State, "record_run", full)
    (place.raw / "rvu26d.zip").write_text("no zip")
    with pytest.raises(RefusedError):
        run(place)


@pytest.mark.slow
def test_what_is_missing_is_noted_for_a_library_too(real_place):
    (real_place.raw / "rvu25d" / "GPCI2025.csv").unlink()
    with pytest.raises(MissingReleaseError):
        refresh(real_place, Report(quiet=True))
    assert history(real_place)[-1]["exit_code"] == 4
