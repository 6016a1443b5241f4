"""A place to operate in."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.publish.proof import note_seen
from pipeline.publish.swap import Warehouse
from pipeline.refresh.options import Options
from tests.operation.place import add_zips, run


@pytest.fixture(scope="module", autouse=True)
def of_the_small_sample(small_sample):
    """In all of these tests the sample is the small one."""


@pytest.fixture
def place(tmp_path, small_warehouse) -> Options:
    """An empty raw folder and a warehouse of that sample of one's own."""
    (tmp_path / "raw").mkdir()
    shutil.copytree(small_warehouse, tmp_path / "warehouse", symlinks=True)
    options = Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    # Otherwise the refresh would read every byte of the copy.
    note_seen(Warehouse(options.warehouse))
    run(options)
    return options


@pytest.fixture(scope="session")
def real_template(built_once, add_release) -> Path:
    """A folder with a raw folder that holds one release that is no sample, and its warehouse."""

    def build(folder: Path) -> None:
        add_release(folder / "raw")
        run(Options(raw=folder / "raw", warehouse=folder / "warehouse"))

    return built_once("real_place", build)


@pytest.fixture
def real_place(tmp_path, real_template) -> Options:
    """The same of one's own."""
    shutil.copytree(real_template, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")


@pytest.fixture(scope="module")
def three_builds_template(built_once, small_warehouse) -> tuple[Path, list[str]]:
    """A warehouse that was published three times: ZIP codes of one, two and three quarters."""

    def build(folder: Path) -> None:
        (folder / "raw").mkdir()
        options = Options(raw=folder / "raw", warehouse=folder / "warehouse")
        shutil.copytree(small_warehouse, options.warehouse, symlinks=True)
        builds = [run(options).build_id]
        for quarter in ("20261", "20262"):
            add_zips(options, quarter)
            builds.append(run(options).build_id)
        (folder / "builds.json").write_text(json.dumps(builds))

    folder = built_once("three_builds", build)
    return folder, json.loads((folder / "builds.json").read_text())


@pytest.fixture
def three_builds(tmp_path, three_builds_template):
    """The same of one's own, and the builds in their order."""
    folder, builds = three_builds_template
    # As a file manager copies it: every file a file of its own, with its time.
    shutil.copytree(folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    options = Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    note_seen(Warehouse(options.warehouse))
    assert run(options).outcome == "nothing_new"
    return options, builds
