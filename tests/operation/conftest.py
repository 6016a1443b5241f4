"""A place to operate in."""

import shutil
from pathlib import Path

import pytest

from pipeline.options import Options
from tests.operation.place import run


@pytest.fixture
def place(tmp_path, sample_warehouse) -> Options:
    """An empty raw folder and a warehouse of the sample of one's own."""
    (tmp_path / "raw").mkdir()
    shutil.copytree(sample_warehouse, tmp_path / "warehouse", symlinks=True)
    options = Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    run(options)
    return options


@pytest.fixture(scope="module")
def real_template(tmp_path_factory, add_release) -> Path:
    """A folder with a raw folder that holds one release that is no sample, and its warehouse."""
    folder = tmp_path_factory.mktemp("real")
    add_release(folder / "raw")
    run(Options(raw=folder / "raw", warehouse=folder / "warehouse"))
    return folder


@pytest.fixture
def real_place(tmp_path, real_template) -> Options:
    """The same of one's own."""
    shutil.copytree(real_template, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
