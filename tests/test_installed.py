"""The program as a package: a wheel, installed where no checkout is, does what a checkout does."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.whole

PROJECT = Path(__file__).parent.parent
PACKAGES = ("pipeline", "schemas")
OF_A_CHECKOUT = "pipeline/sample/builder/"


def files_of(folder: Path) -> set[str]:
    """The files of the packages, but for what Python compiles."""
    return {
        path.relative_to(folder).as_posix()
        for name in PACKAGES
        for path in (folder / name).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def call(*command: str | Path, cwd: Path, code: int = 0) -> str:
    """What a command prints, run with nothing of this checkout in its environment."""
    environment = {
        name: x for name, x in os.environ.items() if not name.startswith(("PYTHON", "PFS"))
    }
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this checkout, built in a copy because building leaves files behind."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(PROJECT / name, source)
    pip = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation")
    call(*pip, "--wheel-dir", out, source, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """An environment with the wheel; what it depends on is that of this environment."""
    folder = tmp_path_factory.mktemp("environment")
    call(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index")
    call(*pip, wheel, cwd=folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    # A path file within a folder that a path file names counts no more: not the editable checkout.
    here = [path for path in sys.path if Path(path).name == "site-packages"]
    (packages / "dependencies.pth").write_text("\n".join(here))
    where = call(
        python,
        "-c",
        "import pipeline, schemas; print(pipeline.__file__, schemas.__file__)",
        cwd=folder,
    )
    assert where.split() == [str(packages / name / "__init__.py") for name in PACKAGES]
    return packages


def test_the_wheel_holds_every_file_of_the_packages(wheel):
    expected = {name for name in files_of(PROJECT) if not name.startswith(OF_A_CHECKOUT)}
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if name.startswith(PACKAGES)}
    assert found == expected


@pytest.mark.slow
def test_an_installed_program_works_in_any_folder_and_writes_into_no_package(installed, tmp_path):
    pfs = installed.parents[2] / "bin" / "pfs"
    before = {name: (installed / name).stat().st_mtime_ns for name in files_of(installed)}
    call(pfs, "refresh", cwd=tmp_path, code=2)
    (tmp_path / "raw").mkdir()
    assert "published build" in call(pfs, "refresh", "--site", cwd=tmp_path)
    assert "What Medicare allows" in call(pfs, "describe", "payment_national", cwd=tmp_path)
    assert "229.88" in call(pfs, "show", "99291", "--zip", "94110", cwd=tmp_path)
    assert "229.88" in call(
        pfs, "price", "99291", "--zip", "94110", "--pos", "21", "--on", "2025-10-02", cwd=tmp_path
    )
    call(pfs, "site", cwd=tmp_path)
    assert (tmp_path / "warehouse" / "site" / "index.html").is_file()
    assert "nothing new" in call(pfs, "refresh", cwd=tmp_path)
    assert before == {name: (installed / name).stat().st_mtime_ns for name in files_of(installed)}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["raw", "warehouse"]


@pytest.mark.parametrize("is_editable", [True, False])
def test_make_mends_a_checkout_that_another_installation_hides(is_editable, tmp_path):
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    packages = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (tmp_path / ".venv" / ".base").touch()
    if is_editable:
        (packages / "__editable__.cms_fee_schedules-0.1.0.pth").touch()
    said = call("make", "--dry-run", "--file", PROJECT / "Makefile", "refresh", cwd=tmp_path)
    assert ("--editable ." in said) == (not is_editable)
