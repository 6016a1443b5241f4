"""The layers are the folders: what lies below knows nothing of what lies above (docs/developers.md)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
