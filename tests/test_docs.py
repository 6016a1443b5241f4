"""Every worked query gives what its page prints, and every notebook runs from top to bottom."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.worked import PAGE, WORKED

DOCS = Path(__file__).parent.parent / "docs"
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.py"))


def printed_by(database: Path, query: str) -> list[str]:
    """What the client prints for a query, as a table in Markdown."""
    client = Path(sys.executable).with_name("duckdb")
    ran = subprocess.run(
        [client, "-readonly", "-markdown", str(database), "-c", query],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip().splitlines()


def test_every_query_of_the_page_has_a_heading_words_and_a_table():
    assert len(WORKED) == PAGE.count("```sql") == PAGE.count("\n## ") > 5


@pytest.mark.parametrize(
    ("query", "printed"),
    [pytest.param(one.query, one.printed, id=one.title) for one in WORKED],
)
def test_worked_query_gives_what_the_page_prints(sample_warehouse, query, printed):
    found = printed_by(sample_warehouse / "fee_schedule.duckdb", query)
    assert found == printed.strip().splitlines()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_on_the_sample_and_prints_after_every_step(sample_warehouse, notebook):
    ran = subprocess.run(
        [sys.executable, str(notebook), str(sample_warehouse)], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.splitlines()) > 3


def test_notebook_takes_another_code(sample_warehouse):
    """99291 is in another section, so that its population is another one too."""
    notebook = DOCS / "notebooks" / "code_and_peers.py"
    ran = subprocess.run(
        [sys.executable, str(notebook), str(sample_warehouse), "99291"],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert "> 99291  4.50" in ran.stdout


def test_there_are_notebooks_and_each_begins_with_its_purpose_and_how_to_run_it():
    assert len(NOTEBOOKS) >= 3
    for path in NOTEBOOKS:
        head = path.read_text("utf-8").split("# %%\n")[0]
        assert head.startswith("# %% [markdown]\n# # ")
        assert f"python docs/notebooks/{path.name} [warehouse]" in head
