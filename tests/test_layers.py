"""The layers are the folders: what lies below knows nothing of what lies above (docs/developers.md)."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from schemas.definitions import schedule_names
from tests.helpers.places import PROJECT

LINT = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess:
    """What the contract of layers says of the program that lies in a folder."""
    return subprocess.run(
        [LINT, "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


def test_the_contract_of_layers_names_every_schedule() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]
    [one_list] = [x for x in contracts["contracts"] if x["id"] == "one-list"]
    named = {f"pipeline.schedules.{name}" for name in schedule_names()}
    assert set(one_list["forbidden_modules"]) == named


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "breach", "sentence"),
    [
        (
            "release/files.py",
            "from pipeline.schedules.pfs.declared import schedule",
            "pipeline.release is not allowed to import pipeline.schedules",
        ),
        (
            "refresh/status.py",
            "from pipeline.schedules.pfs.periods import missing_release",
            "pipeline.refresh is not allowed to import pipeline.schedules.pfs",
        ),
        (
            "store/shelf.py",
            "from pipeline.publish.swap import Warehouse",
            "pipeline.store is not allowed to import pipeline.publish",
        ),
    ],
)
def test_a_layer_that_knows_what_lies_above_fails_with_a_sentence(
    tmp_path, module, breach, sentence
):
    for name in ("pipeline", "schemas"):
        shutil.copytree(
            PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copyfile(PROJECT / "pyproject.toml", tmp_path / "pyproject.toml")
    path = tmp_path / "pipeline" / module
    path.write_text(f"{path.read_text()}\n\n{breach}  # made up\n")
    found = lint(tmp_path)
    assert found.returncode == 1
    assert sentence in found.stdout
