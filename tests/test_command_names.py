"""The command has two names, and what it prints uses the one that the user typed."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from pipeline.command import NAMES, advising_for, command, skip_option


def run(name: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The installed command by one of its names."""
    called = [Path(sys.executable).with_name(name), *arguments]
    return subprocess.run(called, cwd=cwd, capture_output=True, text=True)


@pytest.mark.parametrize("name", NAMES)
def test_usage_version_and_advice_use_the_name_that_was_typed(name, tmp_path):
    assert run(name, "--version", cwd=tmp_path).stdout.startswith(f"{name}, version ")
    assert run(name, "show", cwd=tmp_path).stderr.startswith(f"Usage: {name} show ")
    found = run(name, "show", "99291", cwd=tmp_path)
    assert (found.returncode, found.stdout) == (6, "")
    assert found.stderr.endswith(f"; make one with: {name} refresh\n")


def test_licence_may_be_spelled_as_in_the_united_states(tmp_path):
    shown = run("fees", "license", "--show", cwd=tmp_path)
    assert shown.returncode == 0
    assert shown.stdout == run("fees", "licence", "--show", cwd=tmp_path).stdout


def test_a_program_that_calls_the_pipeline_is_told_the_first_name(monkeypatch):
    for typed in ("", "-c", "/usr/bin/python3", "notebook.py"):
        monkeypatch.setattr("sys.argv", [typed])
        assert command("refresh") == "fees refresh"


@pytest.mark.parametrize(
    ("typed", "words", "advice"),
    [
        ("fees status --warehouse /w", "refresh", "fees refresh --warehouse /w"),
        ("pfs refresh --raw=r --warehouse=w", "forget A", "pfs forget A --raw r --warehouse w"),
        ("fees refresh --raw r --warehouse w", "licence", "fees licence --warehouse w"),
        ("fees refresh --raw raw --warehouse warehouse", "refresh", "fees refresh"),
        ("fees show X --warehouse w", "describe", "fees describe"),
        ("fees show X --warehouse v --warehouse=w", "refresh", "fees refresh --warehouse w"),
    ],
)
def test_advice_is_for_the_folders_that_were_named(monkeypatch, typed, words, advice):
    monkeypatch.setattr("sys.argv", typed.split())
    assert command(words) == advice


def test_advice_is_for_the_folders_that_the_environment_or_the_warehouse_names(
    monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["fees", "status"])
    for raw, advice in (("raw", "fees refresh"), ("cms", f"fees refresh --raw {tmp_path}/cms")):
        with advising_for(partial(str, tmp_path / raw)):
            # A folder that is gone helps nobody.
            assert command("refresh") == "fees refresh"
            assert command("show X") == "fees show X"
        (tmp_path / raw).mkdir()
        with advising_for(partial(str, tmp_path / raw)):
            assert command("refresh") == advice
    monkeypatch.setenv("PFS_WAREHOUSE", "/srv/my warehouse")
    assert command("refresh") == "fees refresh --warehouse '/srv/my warehouse'"
    monkeypatch.setattr("sys.argv", ["fees", "status", "--warehouse", "warehouse"])
    assert command("refresh") == "fees refresh --warehouse warehouse"


def test_a_file_to_leave_out_is_named_as_a_shell_takes_it():
    assert skip_option("GPCI2025.csv") == "--skip GPCI2025.csv"
    assert skip_option("July 2025 Web Addendum B.csv") == "--skip 'July 2025 Web Addendum B.csv'"
    assert skip_option("GPCI2025 (1).csv") == "--skip 'GPCI2025 (1).csv'"
