"""What is gone or refused replaces nothing of what is published; only the sample gives way."""

import json
import shutil

import duckdb
import pytest

from pipeline.errors import MissingReleaseError
from pipeline.publish.swap import Warehouse
from pipeline.refresh.options import Options
from pipeline.store.shelf import sha256_of
from schemas.definitions import catalog
from tests.helpers.exported import SAMPLE_RELEASES
from tests.operation.place import add_zips, published, run, run_pfs, snapshot

pytestmark = pytest.mark.whole


def test_two_zip_files_of_one_quarter_replace_nothing(place, monkeypatch, capsys):
    before = published(place), sha256_of(Warehouse(place.warehouse).database)
    # Another file of the quarter that the sample has, with a ZIP code in another place.
    add_zips(place, "20254", {"9411001112": "9411001182"})
    assert run_pfs(monkeypatch, "refresh", place) == 3
    assert "is for the same period" in capsys.readouterr().err
    assert (published(place), sha256_of(Warehouse(place.warehouse).database)) == before


@pytest.mark.slow
def test_a_refused_assembly_leaves_nothing_beside_the_published(place, monkeypatch):
    add_zips(place, "20254", {"9411001112": "9411001182"})
    assert run_pfs(monkeypatch, "refresh", place) == 3
    assert not Warehouse(place.warehouse).new_database.exists()


def test_a_raw_folder_that_became_empty_replaces_nothing(real_place, monkeypatch, capsys):
    shutil.rmtree(real_place.raw / "rvu25d")
    before = snapshot(real_place)
    with pytest.raises(MissingReleaseError, match="RVU25D"):
        run(real_place)
    assert run_pfs(monkeypatch, "refresh", real_place) == 4
    assert "holds RVU25D, but" in capsys.readouterr().err
    assert snapshot(real_place) == before


@pytest.mark.slow
def test_another_release_does_not_replace_one_that_is_gone(
    real_place, add_release, monkeypatch, capsys
):
    shutil.rmtree(real_place.raw / "rvu25d")
    add_release(real_place.raw, "rvu25c", "July")
    warehouse = Warehouse(real_place.warehouse)
    before = (published(real_place), sha256_of(warehouse.database), warehouse.manifest())
    assert run_pfs(monkeypatch, "refresh", real_place) == 4
    assert "holds RVU25D, but" in capsys.readouterr().err
    after = (published(real_place), sha256_of(warehouse.database), warehouse.manifest())
    assert after == before


@pytest.mark.slow
def test_forget_removes_a_release_on_purpose(real_place, add_release, monkeypatch):
    add_release(real_place.raw, "rvu25c", "July")
    run(real_place)
    shutil.rmtree(real_place.raw / "rvu25d")
    assert run_pfs(monkeypatch, "forget", real_place, "RVU25D") == 0
    manifest = Warehouse(real_place.warehouse).manifest()
    assert [release["release_id"] for release in manifest["releases"]] == ["RVU25C"]
    assert manifest["releases"][0]["is_latest"]
    assert manifest["changes"]["releases_removed"] == ["RVU25D@2025-09-12"]
    assert run(real_place).outcome == "nothing_new"


def test_forget_refuses_a_release_that_is_still_there_or_not_held(real_place, monkeypatch, capsys):
    before = snapshot(real_place)
    assert run_pfs(monkeypatch, "forget", real_place, "RVU25D") == 2
    assert "still lies in" in capsys.readouterr().err
    assert snapshot(real_place) == before
    assert run_pfs(monkeypatch, "forget", real_place, "RVU24A") == 6
    assert "holds no RVU24A (it holds: RVU25D, RVU25D/anes," in capsys.readouterr().err


@pytest.mark.slow
def test_a_real_release_displaces_the_sample_entirely(tmp_path, sample_warehouse, add_release):
    place = Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    shutil.copytree(sample_warehouse, place.warehouse, symlinks=True)
    add_release(place.raw)
    outcome = run(place)
    assert (outcome.outcome, outcome.is_sample, outcome.releases) == (
        "published",
        False,
        ["RVU25D"],
    )
    with duckdb.connect(str(place.warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        for table in [public.name for public in catalog().public_tables]:
            query = f"select count(*) from {table} as row where row::varchar ilike '%sample/%'"
            assert con.sql(query).fetchall() == [(0,)], table
            query = f"select count(*) from {table} as row where regexp_matches(row::varchar, 'SAMPLE[A-Z]+[0-9]')"
            assert con.sql(query).fetchall() == [(0,)], table
        # The ZIP codes came with the sample, so they go with it.
        assert con.sql("select count(*) from zip_locality").fetchall() == [(0,)]
    exports = (place.warehouse / "exports" / "current").resolve()
    assert list(exports.rglob("*SAMPLE*")) == []
    manifest = json.loads((exports / "manifest.json").read_text())
    removed = manifest["changes"]["releases_removed"]
    assert [x.partition("@")[0] for x in removed] == sorted(SAMPLE_RELEASES.values())
    assert "SAMPLE" not in manifest["notice"]
