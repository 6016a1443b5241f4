"""Everything that the README prints is what its commands print."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pipeline.cli import fees

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text("utf-8")
CONTEXT = click.Context(fees)
COMMANDS = {name: fees.get_command(CONTEXT, name) for name in fees.list_commands(CONTEXT)}


def console_examples() -> list[tuple[str, str]]:
    """Every command of a console block (``$ ...``, until its quotes close) with its output."""
    examples = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = example.splitlines()
            end = next(
                n for n in range(1, len(lines) + 1) if "\n".join(lines[:n]).count('"') % 2 == 0
            )
            examples.append(("\n".join(lines[:end]), "\n".join(lines[end:])))
    return examples


@pytest.fixture(scope="module")
def place(sample_warehouse, tmp_path_factory) -> Path:
    """A folder in which ``warehouse`` is the sample's."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "warehouse").symlink_to(sample_warehouse)
    return folder


@pytest.mark.parametrize(("command", "printed"), console_examples())
def test_console_example_prints_what_the_readme_says(command, printed, place):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        command,
        shell=True,
        cwd=place,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip().splitlines() == printed.strip().splitlines()


def test_every_command_and_option_is_in_the_readme():
    for name, command in COMMANDS.items():
        assert f"`pfs {name}" in README
        row = next(line for line in README.splitlines() if line.startswith(f"| `pfs {name}"))
        for parameter in command.params:
            for option in parameter.opts:
                shared = option in ("--warehouse", "--raw", "--json")
                assert not option.startswith("--") or shared or option in row, (name, option)


def test_every_command_explains_itself():
    for name, command in COMMANDS.items():
        assert command.help and command.help.strip().endswith("."), name
        for parameter in command.params:
            if hasattr(parameter, "help"):
                assert parameter.help, (name, parameter.name)


def test_every_make_target_in_the_readme_exists():
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", README)) - {"and"} <= targets


def test_every_link_of_the_readme_leads_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (PROJECT / target).exists(), target


def test_make_help_lists_every_target():
    if shutil.which("make") is None:
        pytest.fail("make is missing")
    listed = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    for target in phony[1].split():
        assert re.search(rf"^{target}\s", listed, re.MULTILINE), target


def test_the_readme_has_no_placeholder():
    assert re.findall(r"\b(?:BENCH_\w+|TODO|FIXME)\b", README) == []
