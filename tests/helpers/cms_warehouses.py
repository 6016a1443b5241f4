"""Warehouses of CMS's own files, each built once for all processes that test side by side.

Tests read them and never change them. Where CMS's files are not there, the tests skip.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers.places import NOT_THERE, REAL_FILES
from tests.helpers.warehouses import connected

# Five releases of three years, and what lies beside them.
REAL_INPUTS = (
    "rvu22a", "rvu25a-updated-01_10_2025.zip", "rvu25b", "rvu25d", "rvu26c",
    "anesthesia", "pfrev25d", "utilization", "zip5_2025q4",
)  # fmt: skip

# All schedules of January 2025, and what CMS has published of each besides.
OF_JANUARY = (
    "asp", "asc", "opps", "clfs", "dmepos", "hcpcs", "rvu25a-updated-01_10_2025.zip", "rvu25d",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the warehouse of all of CMS's real files takes long."""
    for item in items:
        if "real_warehouse" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")


@pytest.fixture(scope="session")
def real_warehouse(built_once) -> Path:
    """The folder of a warehouse of ``REAL_INPUTS``."""

    def build(folder: Path) -> None:
        outcome = build_of(folder, REAL_INPUTS)
        assert outcome.releases == ["RVU22A", "RVU25A", "RVU25B", "RVU25D", "RVU26C"]

    return warehouse_of(built_once, "real", build)


@pytest.fixture(scope="module")
def real(real_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to its database."""
    yield from connected(real_warehouse)


@pytest.fixture(scope="session")
def january_warehouse(built_once) -> Path:
    """The folder of a warehouse of ``OF_JANUARY``."""
    return warehouse_of(built_once, "january", lambda folder: build_of(folder, OF_JANUARY))


@pytest.fixture(scope="module")
def january(january_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to its database."""
    yield from connected(january_warehouse)


def warehouse_of(built_once: Callable[..., Path], name: str, build: Callable) -> Path:
    """The warehouse in a folder that is built once."""
    if not REAL_FILES.is_dir():
        pytest.skip(NOT_THERE)
    return built_once(name, build) / "warehouse"


def build_of(folder: Path, inputs: tuple[str, ...]) -> Outcome:
    """Build the warehouse of some of CMS's files."""
    raw = folder / "raw"
    raw.mkdir()
    for name in inputs:
        (raw / name).symlink_to(REAL_FILES / name)
    return refresh(Options(raw, folder / "warehouse", threads=2), Report(quiet=True))
