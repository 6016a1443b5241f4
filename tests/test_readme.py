"""Everything that the README and the pages in docs/ print is what their commands print."""

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
PAGES = {
    str(path.relative_to(PROJECT)): path.read_text("utf-8")
    for folder in (".", "docs", "examples")
    for path in sorted((PROJECT / folder).glob("*.md"))
}
CONTEXT = click.Context(fees)
COMMANDS = {name: fees.get_command(CONTEXT, name) for name in fees.list_commands(CONTEXT)}


def console_examples() -> list:
    """Every command of a console block (``$ ...``, until its quotes close) with its output."""
    examples = []
    for page, text in PAGES.items():
        for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
            for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                lines = example.splitlines()
                end = next(
                    n for n in range(1, len(lines) + 1) if "\n".join(lines[:n]).count('"') % 2 == 0
                )
                command, printed = "\n".join(lines[:end]), "\n".join(lines[end:])
                examples.append(pytest.param(command, printed, id=f"{page}-{len(examples)}"))
    return examples


@pytest.fixture(scope="module")
def place(sample_warehouse, tmp_path_factory) -> Path:
    """A folder in which ``warehouse`` is the sample's."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "warehouse").symlink_to(sample_warehouse)
    return folder


@pytest.mark.parametrize(("command", "printed"), console_examples())
def test_console_example_prints_what_its_page_says(command, printed, place):
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


def test_pages_with_console_examples_are_run():
    pages = {name for name, text in PAGES.items() if "```console" in text}
    assert {"README.md", "docs/warehouse.md", "docs/claims.md"} <= pages


def test_every_command_and_option_is_on_the_page_of_commands():
    page = PAGES["docs/commands.md"]
    for name, command in COMMANDS.items():
        assert f"`fees {name}" in page
        row = next(line for line in page.splitlines() if line.startswith(f"| `fees {name}"))
        for parameter in command.params:
            for option in parameter.opts:
                shared = option in ("--warehouse", "--raw", "--json")
                assert not option.startswith("--") or shared or option in row, (name, option)


def test_every_command_that_a_page_calls_exists():
    for page, text in PAGES.items():
        called = set(re.findall(r"(?:`|^\$ |^    )(?:fees|pfs) ([a-z][a-z-]*)", text, re.MULTILINE))
        assert called <= set(COMMANDS), page


def test_every_command_explains_itself():
    for name, command in COMMANDS.items():
        assert command.help and command.help.strip().endswith("."), name
        for parameter in command.params:
            if hasattr(parameter, "help"):
                assert parameter.help, (name, parameter.name)


def test_the_exit_codes_of_the_page_are_those_of_the_errors_and_of_the_help():
    described = (PROJECT / "pipeline" / "errors.py").read_text("utf-8")
    codes = re.findall(r"^(\d+)  +\S", described.split('"""')[1], re.MULTILINE)
    page = re.findall(r"^\| (\d+) \|", PAGES["docs/commands.md"], re.MULTILINE)
    assert page == codes
    assert set(codes) <= set(re.findall(r"\d+", fees.epilog or ""))


def test_every_make_target_of_a_page_exists():
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    for page, text in PAGES.items():
        called = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE))
        assert called <= targets, page


def test_the_readme_names_the_test_command_that_ci_runs():
    runs = (PROJECT / ".ci" / "run").read_text("utf-8").splitlines()
    assert "make test" in runs
    assert "\nmake test\n" in README


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def test_every_link_of_a_page_leads_somewhere():
    for page, text in PAGES.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            path, _, anchor = target.partition("#")
            found = (PROJECT / page).parent / path if path else PROJECT / page
            assert found.exists(), (page, target)
            assert not anchor or anchor in anchors(found.read_text("utf-8")), (page, target)


def test_every_path_that_a_page_names_is_there():
    places = ("pipeline", "schemas", "tests", "docs", "examples", ".ci")
    for page, text in PAGES.items():
        if page == "CHANGELOG.md":
            continue  # It names what was once there.
        for named in re.findall(rf"`((?:{'|'.join(map(re.escape, places))})/[^`<*\s]*)`", text):
            assert (PROJECT / named).exists(), (page, named)


def test_every_page_is_linked_from_the_readme():
    for page in PAGES:
        assert page in ("README.md", "examples/claim_lines.md") or f"]({page})" in README, page


def test_make_help_lists_every_target():
    if shutil.which("make") is None:
        pytest.fail("make is missing")
    listed = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    for target in phony[1].split():
        assert re.search(rf"^{target}\s", listed, re.MULTILINE), target


def test_no_page_has_a_placeholder():
    for page, text in PAGES.items():
        assert re.findall(r"\b(?:BENCH_\w+|TODO|FIXME)\b", text) == [], page
