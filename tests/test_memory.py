"""Too little memory is a sentence with exit code 12, whoever notices it, and never a traceback."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import NotThereError, RefusedError, TooLittleMemoryError, UsageError
from pipeline.memory import memory_watched, needed_by_build, refuse_little_memory
from pipeline.read.grid import read_csv
from tests.helpers import bundles

pytestmark = pytest.mark.whole

PFS = "from pipeline.cli import main; main()"
PRICE = ("price", "99291", "--on", "2025-10-15", "--mac", "01112", "--locality", "05")


def pfs(warehouse: Path, megabytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    limit = megabytes * 1_000_000
    return subprocess.run(
        [sys.executable, "-c", PFS, *arguments, "--warehouse", str(warehouse)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )


@pytest.mark.parametrize(
    ("megabytes", "arguments"),
    [
        (500, ("show", "99291")),
        (1500, PRICE),
        # DuckDB says it itself.
        (1500, ("query", "select list(a) from (from payment_locality, range(1000)) a")),
    ],
)  # fmt: skip
def test_a_question_without_memory(sample_warehouse, megabytes, arguments):
    done = pfs(sample_warehouse, megabytes, *arguments)
    assert done.returncode == 12
    assert done.stdout == ""
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith("error: ")
    assert "ulimit -v" in sentence


def test_a_question_of_little_memory_is_answered(sample_warehouse):
    assert pfs(sample_warehouse, 1500, "show", "99291").returncode == 0


def test_a_refresh_without_memory_is_noted_and_changes_nothing(tmp_path):
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    bundles.as_release(bundles.copy_sample(raw / "october"))
    done = pfs(warehouse, 1500, "refresh", "--no-fetch", "--raw", str(raw))
    assert done.returncode == 12
    [sentence] = done.stderr.splitlines()
    assert "This needs 2,400 MB of address space, and the limit is 1,500 MB" in sentence
    [run] = (warehouse / "state" / "runs.jsonl").read_text().splitlines()
    assert (json.loads(run)["exit_code"], f"error: {json.loads(run)['message']}") == (12, sentence)
    assert not (warehouse / "fee_schedule.duckdb").exists()


@pytest.mark.parametrize("written", ["0", "two"])
def test_a_number_of_threads_that_is_none_is_not_handed_to_polars(tmp_path, written):
    """Polars reads it when it is imported, so nothing that a refresh begins with imports it."""
    program = """
import os, sys
import pipeline.cli.refresh as command
assert "polars" not in sys.modules
command.run_refresh = lambda options, report: sys.exit(os.environ["POLARS_MAX_THREADS"] != "3")
command.refresh(["--threads", "3", "--no-fetch"])
"""
    environment = os.environ | {"POLARS_MAX_THREADS": written}
    subprocess.run([sys.executable, "-c", program], env=environment, cwd=tmp_path, check=True)


class PanicException(BaseException):
    """What Polars raises where its Rust code gives up."""


def refused_for(error: Exception, sentence: str) -> Exception:
    """A refusal that was made of another error, as commands make one."""
    try:
        try:
            raise error
        except type(error):
            raise UsageError(sentence) from None
    except UsageError as made:
        return made


SHORTAGES = {
    "Python": MemoryError(),
    "no thread": RuntimeError("can't start new thread"),
    "the system": OSError(12, "Cannot allocate memory"),
    "Polars": PanicException("ThreadPoolBuildError { kind: IOError(Os { code: 11 }) }"),
    "DuckDB": duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate"),
    "DuckDB behind a refusal": refused_for(duckdb.OutOfMemoryException("Out of Memory Error"), "no"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHORTAGES)
def test_whoever_notices_it(name):
    with pytest.raises(TooLittleMemoryError, match="There is too little memory"), memory_watched():
        raise SHORTAGES[name]


@pytest.mark.parametrize(
    "error", [ValueError("no"), refused_for(KeyError("x"), "no"), NotThereError("no"), KeyboardInterrupt()]
)  # fmt: skip
def test_other_errors_stay_what_they_are(error):
    with pytest.raises(type(error)) as caught, memory_watched():
        raise error
    assert caught.value is error


def test_each_thread_takes_memory_of_its_own():
    assert needed_by_build(3) - needed_by_build(1) == 2 * (needed_by_build(2) - needed_by_build(1))
    refuse_little_memory(1)


# ---------------------------------------------------------------- text files that are made to do harm

HARMFUL_TEXTS = {
    "a million columns": (b"1" + b",2" * 1_000_000, "the line has 1,000,001 cells", 1),
    "one line with a million": (b"1,2\n" * 9 + b"," * 1_000_000 + b"\n1,2\n" * 99, "1,000,001", 10),
    "a record over many lines": (b'"a\n",' + b'"",' * 300 + b'"\n",' + b'"",' * 300 + b"\n3\n", "cells", 1),
    "lines without end": (b"\n" * 12_000_001, "more than 12,000,000 lines", None),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMFUL_TEXTS)
def test_a_text_that_is_made_to_do_harm_is_refused_within_bounds(name, peak_memory):
    data, words, line = HARMFUL_TEXTS[name]
    with peak_memory(150_000_000), pytest.raises(RefusedError, match=words) as caught:
        read_csv(data, "PPRRVU25.csv")
    assert caught.value.findings[0].line == line


def test_whoever_only_knows_the_schedules_loads_no_pandera():
    """It takes half a second and as much memory again, and only a file that is read is validated."""
    program = "import sys, pipeline.schedules.all; sys.exit('pandera' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
