"""Exports of one build after another: links, the same bytes again, who reads them."""

import datetime
import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.cli import main
from pipeline.publish import export
from pipeline.publish.swap import Warehouse
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import SAMPLE_BUNDLE
from pipeline.store.shelf import sha256_of
from tests.helpers.exported import (
    PROJECT,
    PUBLIC,
    RELEASE_ID,
    csv_rows,
    data_file,
    relative_files,
)

pytestmark = pytest.mark.whole

# ---------------------------------------------------------------- several builds


@pytest.fixture(scope="module")
def two_builds(tmp_path_factory, built_sample) -> tuple[Path, Path]:
    """The exports of a build of the sample, and of one with another ZIP file beside it."""
    raw, warehouse = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("two") / "warehouse"
    # cp keeps the links between artefacts and exports.
    subprocess.run(["cp", "-a", built_sample, warehouse], check=True)
    options = Options(raw=raw, warehouse=warehouse)
    first = Warehouse(warehouse).published_build_id()
    zips = (SAMPLE_BUNDLE / "ZIP5_OCT2025.txt").read_text()
    # A ZIP file of the user takes the place of the sample's; two are needed for two quarters.
    (raw / "ZIP5_OCT2025.txt").write_text(zips)
    (raw / "ZIP5_JAN2026.txt").write_text(zips.replace("20254", "20261"))
    second = refresh(options, Report(quiet=True)).build_id
    return warehouse / "exports" / first, warehouse / "exports" / second


def test_files_of_an_unchanged_release_are_hard_links(two_builds):
    before, after = two_builds
    assert before != after
    of_release = [path for path in relative_files(before) if "RVU25D." in path]
    assert of_release
    for path in of_release:
        assert (before / path).stat().st_ino == (after / path).stat().st_ino, path


def test_changed_table_is_a_file_of_its_own(two_builds):
    before, after = (build / "zip_locality" / "data.parquet" for build in two_builds)
    assert before.stat().st_ino != after.stat().st_ino
    rows = [
        duckdb.sql(f"select count(*) from '{path}'").fetchall()[0][0] for path in (before, after)
    ]
    assert rows[1] == 2 * rows[0] > 0


def test_manifest_says_what_changed_since_the_build_before(two_builds):
    before, after = two_builds
    manifests = [json.loads((build / "manifest.json").read_text()) for build in two_builds]
    changes = manifests[1]["changes"]
    assert changes["previous_build_id"] == before.name
    assert (changes["releases_added"], changes["releases_removed"]) == ([], [])
    differing = {
        entry["path"]
        for entry in manifests[1]["files"]
        if sha256_of(before / entry["path"]) != sha256_of(after / entry["path"])
    }
    assert set(changes["files_changed"]) == differing
    assert "zip_locality/data.parquet" in differing
    assert manifests[0]["changes"]["previous_build_id"] == ""


@pytest.mark.slow
def test_exports_are_the_same_bytes_with_any_number_of_threads(
    exports, manifest, tmp_path, small_exports, monkeypatch
):
    # The warehouse of the session was built with one thread; this one is built anew with four,
    # and every file of it is written.
    monkeypatch.setattr(export, "_write_whole_table", small_exports)
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    raw.mkdir()
    expected = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    refresh(Options(raw=raw, warehouse=warehouse, threads=4), Report(quiet=True))
    again = (warehouse / "exports" / "current").resolve()
    assert {path: sha256_of(again / path) for path in expected} == expected


def test_parquet_holds_no_place_and_no_clock(built_sample, exports, manifest, reader):
    forbidden = [str(built_sample), str(PROJECT), datetime.date.today().isoformat()]
    for entry in manifest["files"]:
        if entry["format"] == "parquet" and entry["table"] != "build":
            path = exports / entry["path"]
            # Pages are compressed, so the values are searched beside the bytes.
            found = path.read_bytes().decode("latin-1")
            names = [
                column.name for column in PUBLIC[entry["table"]].columns if column.type == "VARCHAR"
            ]
            texts = reader.sql(
                f"select distinct unnest([{', '.join(names)}]) from '{path}'"
            ).fetchall()
            found += "\n".join(row[0] for row in texts if row[0])
            assert [x for x in (*forbidden, manifest["build_id"]) if x in found] == [], entry[
                "path"
            ]


def test_no_column_is_a_point_in_time():
    types = {column.type for table in PUBLIC.values() for column in table.columns}
    assert [name for name in types if name.startswith("TIME")] == []


# ---------------------------------------------------------------- fees export


def run_pfs(monkeypatch, *arguments: str) -> None:
    """Run the command as a user does."""
    monkeypatch.setattr("sys.argv", ["fees", *arguments])
    main()


def test_payment_locality_can_be_written_as_csv_on_request(
    sample_warehouse, exports, reader, tmp_path, monkeypatch
):
    target = tmp_path / "payments.csv"
    arguments = [
        "--release",
        RELEASE_ID,
        "--out",
        str(target),
        "--warehouse",
        str(sample_warehouse),
    ]
    run_pfs(monkeypatch, "export", "--csv", "payment_locality", *arguments)
    parquet = data_file(exports, "payment_locality", "parquet")
    assert (
        csv_rows(reader, target, "payment_locality") == reader.sql(f"from '{parquet}'").fetchall()
    )
    assert [path.name for path in tmp_path.iterdir()] == ["payments.csv"]


@pytest.mark.parametrize("table", ["rvu", "release"])
def test_csv_on_request_is_the_exported_csv(
    sample_warehouse, exports, tmp_path, monkeypatch, table
):
    target = tmp_path / "table.csv"
    run_pfs(
        monkeypatch,
        *("export", "--csv", table, "--out", str(target), "--warehouse", str(sample_warehouse)),
    )
    assert target.read_bytes() == data_file(exports, table, "csv").read_bytes()


def test_a_table_on_request_may_be_named_in_any_letter_case(
    sample_warehouse, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    run_pfs(monkeypatch, "export", "--csv", "RELEASE", "--warehouse", str(sample_warehouse))
    assert [path.name for path in tmp_path.iterdir()] == ["release.csv"]


def test_a_folder_that_is_not_there_is_a_sentence_and_an_exit_code(
    sample_warehouse, tmp_path, monkeypatch
):
    target = tmp_path / "not_there" / "table.csv"
    arguments = ["--out", str(target), "--warehouse", str(sample_warehouse)]
    with pytest.raises(SystemExit) as done:
        run_pfs(monkeypatch, "export", "--csv", "release", *arguments)
    assert done.value.code == 2


# ---------------------------------------------------------------- the example


def run_example(exports: Path) -> subprocess.CompletedProcess:
    """Run the reader's example as a program of its own."""
    command = [sys.executable, str(PROJECT / "examples" / "read_exports.py"), str(exports)]
    return subprocess.run(command, capture_output=True, text=True)


def test_example_reads_the_exports(sample_warehouse, manifest):
    done = run_example(sample_warehouse / "exports")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].endswith(f"of build {manifest['build_id']} are whole; {RELEASE_ID}:")
    assert len(lines) == 6


def test_example_refuses_a_changed_file(sample_warehouse, exports, tmp_path):
    shutil.copytree(exports, tmp_path / "b1")
    (tmp_path / "current").symlink_to("b1")
    changed = tmp_path / "b1" / "csv" / "price_status" / "data.csv"
    changed.chmod(0o644)
    changed.write_text("price_status\n")
    done = run_example(tmp_path)
    assert done.returncode == 1
    assert "csv/price_status/data.csv is not the file" in done.stderr
