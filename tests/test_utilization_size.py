"""Utilization files in zips, and larger than memory."""

import os
import shutil
import zipfile
from decimal import Decimal
from functools import partial

import duckdb
import pytest

from pipeline.companions.utilization import build_utilization
from pipeline.errors import RefusedError
from pipeline.read.bundle import Member
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.store import database
from pipeline.store.shelf import Shelf
from tests.helpers.utilization_files import PROVIDER_FILE, text


@pytest.mark.slow
def test_a_zip_is_read_like_the_file_in_it(tmp_path, small_warehouse):
    raw = tmp_path / "raw"
    raw.mkdir()
    shutil.copytree(small_warehouse, tmp_path / "warehouse", symlinks=True)
    with zipfile.ZipFile(raw / "utilization.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PROVIDER_FILE, text("by_provider", {}).encode("cp1252"))
    refresh(Options(raw=raw, warehouse=tmp_path / "warehouse"), Report(quiet=True))
    database = tmp_path / "warehouse" / "fee_schedule.duckdb"
    with duckdb.connect(str(database), read_only=True) as con:
        found = con.sql("select hcpcs_code, source_file from specialty_volume").fetchall()
    assert found == [("99291", f"utilization.zip/{PROVIDER_FILE}")]


def test_a_file_of_one_line_is_not_read_into_memory(tmp_path, peak_memory):
    path = tmp_path / PROVIDER_FILE
    path.touch()
    os.truncate(path, 300_000_000)
    kind = "utilization_by_provider"
    shelf = Shelf(tmp_path / "artefacts")
    with peak_memory(50_000_000), pytest.raises(RefusedError, match=path.name):
        build_utilization(
            Member("", path.name, path), kind, shelf.start("x", "companion", "x", {}), 1
        )


@pytest.mark.slow
def test_a_file_may_be_larger_than_memory(tmp_path, monkeypatch):
    """82 MB of lines in 60 MB of memory: what is kept are sums, and keys that spill to disk."""
    path = tmp_path / PROVIDER_FILE
    header, line = text("by_provider", {"Rndrng_NPI": "NPI"}).splitlines(keepends=True)
    with path.open("w", encoding="cp1252", newline="") as file:
        file.write(header)
        for number in range(500_000):
            file.write(line.replace("NPI", f"1{number:09}", 1))
    member = Member("", path.name, path)
    artefact = Shelf(tmp_path / "artefacts").start(path.name, "companion", "", {})
    monkeypatch.setattr(database, "connect", partial(database.connect, memory_limit="60MB"))

    build_utilization(member, "utilization_by_provider", artefact, threads=2)

    assert path.stat().st_size > 80_000_000
    # The bytes of the file were never read as a whole.
    assert "data" not in vars(member)
    frame = database.read_table(artefact.table_path("utilization_by_provider"))
    assert frame.select("provider_count", "service_count").rows() == [
        (500_000, Decimal("15000000.0000"))
    ]
    # Nothing but the artefact is left of what was spilled.
    assert sorted(x.name for x in artefact.folder.iterdir()) == [
        "artefact.json",
        "exports",
        "tables",
    ]
