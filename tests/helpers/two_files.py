"""A published warehouse of the two files that decide every price, and what a refresh of it says.

The other files of a release would only make each test slower.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.publish.proof import note_seen
from pipeline.publish.swap import Warehouse
from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.recorded_run import exit_code_of
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers import bundles
from tests.helpers.damaged_file import PPRRVU
from tests.helpers.damages import BUNDLE, GPCI
from tests.helpers.warehouses import asked

# Those of a folder that begin as PPRRVU and GPCI do.
TWO_FILES = "[PG]P*.csv"


def run(raw: Path, warehouse: Path, **options) -> Outcome:
    """What came of a refresh."""
    return refresh(Options(raw=raw, warehouse=warehouse, **options), Report(quiet=True))


def told(raw: Path, warehouse: Path, **options) -> tuple[int, str]:
    """The exit code of a refresh, and the sentences of what it refused or left unread."""
    report = Report(quiet=True)
    try:
        outcome = refresh(Options(raw=raw, warehouse=warehouse, **options), report)
    except PipelineError as error:
        return error.exit_code, str(error)
    return exit_code_of(outcome, report), " ".join([*outcome.refused, *report.warnings])


def work_rvu(warehouse: Path, code: str) -> str:
    """The work RVU of a code without modifier."""
    query = f"SELECT work_rvu::VARCHAR FROM rvu WHERE hcpcs_code = '{code}' AND modifier = ''"
    return asked(warehouse, query)[0][0]


def published_of_two_files(built_once: Callable[..., Path]) -> Path:
    """A folder with ``raw``, which holds one good release, and the ``warehouse`` made of it."""

    def build(place: Path) -> None:
        folder = bundles.as_release(bundles.copy_sample(place / "raw" / BUNDLE))
        for path in folder.iterdir():
            if path.name not in (PPRRVU, GPCI):
                path.unlink()
        assert run(place / "raw", place / "warehouse").releases == ["RVU25D"]

    return built_once("two_files", build)


def copy_of(published: Path, target: Path) -> Path:
    """A copy of a published place that a test may damage."""
    for name in ("raw", "warehouse"):
        shutil.copytree(published / name, target / name, symlinks=True)
    # Otherwise the first refresh would read every byte of the copy.
    note_seen(Warehouse(target / "warehouse"))
    return target
