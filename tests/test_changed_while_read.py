"""A file that changes between its hash and its reading: nothing stands under a hash but its bytes.

Such a file is refused, nothing is kept of the other bytes, and once it is whole again the next
refresh reads it as it is.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from test_utilization import PROVIDER_FILE, text

from pipeline.errors import RefusedError
from pipeline.refresh import build
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.store.shelf import sha256_of
from tests.helpers import bundles
from tests.helpers.marks import LONG

pytestmark = pytest.mark.slow

PE_OF_ALABAMA = "SELECT pe_gpci FROM locality WHERE release_id = 'RVU25D' AND mac = '10112'"
LABEL = "SELECT description FROM rvu WHERE release_id = 'RVU25D' AND hcpcs_code = '92950'"
ZIP_CODE = "SELECT locality_number FROM zip_locality WHERE zip_code = '35056'"
SERVICES = "SELECT service_count::INTEGER FROM specialty_volume"


def release(raw: Path, forms: tuple[str, ...] = ("csv",)) -> Path:
    return bundles.as_release(bundles.copy_sample(raw / "october", forms))


def csv_of_a_release(raw: Path, is_other: bool) -> None:
    folder = release(raw)
    if is_other:
        bundles.edit_cell(folder / "GPCI2025.csv", "10112,AL", 5, "0.868")


def zip_of_a_release(raw: Path, is_other: bool) -> None:
    csv_of_a_release(raw, is_other)
    bundles.zip_folder(raw / "october", raw / "october.zip")


def workbook_of_a_release(raw: Path, is_other: bool) -> None:
    folder = release(raw, ("xlsx",))
    if is_other:
        [path] = folder.glob("PPRRVU*")
        bundles.replace_in_workbook(path, "Heart and breathing restart, CPR", "Another label")


def companion(raw: Path, is_other: bool) -> None:
    lines = (bundles.SAMPLE / "ZIP5_OCT2025.txt").read_text()
    other = lines.replace("AL350561011200", "AL350561011201") if is_other else lines
    (raw / "ZIP5_OCT2025.txt").write_text(other)


def stream(raw: Path, is_other: bool) -> None:
    line = {"Tot_Srvcs": "31" if is_other else "30"}
    (raw / PROVIDER_FILE).write_text(text("by_provider", line))


CASES = [
    (csv_of_a_release, PE_OF_ALABAMA, "0.869"),
    (companion, ZIP_CODE, "00"),
]
MORE_CASES = [
    (zip_of_a_release, PE_OF_ALABAMA, "0.869"),
    (workbook_of_a_release, LABEL, "Heart and breathing restart, CPR"),
    (stream, SERVICES, "30"),
]
CASES += [pytest.param(*case, marks=LONG) for case in MORE_CASES]


@pytest.mark.parametrize(("write", "query", "right"), CASES)
def test_what_was_read_stands_under_its_own_hash(
    tmp_path: Path, monkeypatch, write: Callable[[Path, bool], None], query: str, right: str
):
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    bundles.as_release(bundles.copy_sample(raw / "january"), 2025, "January", "01/02/2025")
    write(raw, False)
    options, make = Options(raw=raw, warehouse=warehouse), build.make_artefacts

    def meanwhile(*inputs):
        shutil.rmtree(raw / "october", ignore_errors=True)
        write(raw, True)
        return make(*inputs)

    # Of a zip that is written anew its old list of files is read, which leads elsewhere.
    refusal = pytest.raises(RefusedError, match=r"changed while it was read|Bad CRC-32")
    with monkeypatch.context() as patched, refusal:
        patched.setattr(build, "make_artefacts", meanwhile)
        refresh(options, Report(quiet=True))
    shutil.rmtree(raw / "october", ignore_errors=True)
    write(raw, False)
    for verify in (False, True):
        refresh(replace(options, verify=verify), Report(quiet=True))
        with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
            assert [str(value) for (value,) in con.sql(query).fetchall()] == [right]
            known = con.sql("SELECT source_file, sha256 FROM source_file").fetchall()
        for file, sha256 in known:
            if (raw / file).is_file():
                assert sha256_of(raw / file) == sha256
