"""The code browser as part of the exports: asked for by ``--site``, published with all else."""

import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import jsonschema
import pytest

from pipeline.fetch.licence import write_answer
from pipeline.publish.swap import SITE_LISTING, Warehouse, read_manifest
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh as run_refresh
from pipeline.report import Report
from pipeline.site import build
from pipeline.site.build import write_site
from pipeline.store.shelf import sha256_of
from tests.helpers.site_files import text_of
from tests.operation.place import add_zips, again, back, published, run, snapshot

pytestmark = pytest.mark.whole

LISTED = Path(SITE_LISTING)


@pytest.fixture(scope="module")
def quarters(tmp_path_factory, add_release) -> Path:
    """The releases of July and October with the site, and that of April, which is due."""
    place = tmp_path_factory.mktemp("quarters")
    add_release(place / "raw", "rvu25c", "July")
    add_release(place / "raw", "rvu25d", "October")
    refresh(place)
    add_release(place / "raw", "rvu25b", "April")
    return place


@pytest.fixture
def due(quarters, tmp_path) -> Path:
    """The same of one's own."""
    shutil.copytree(quarters, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path


def refresh(place: Path, warehouse: str = "warehouse") -> Path:
    """Refresh with the site, and keep what is said; returns the exports in force."""
    words = io.StringIO()
    options = Options(raw=place / "raw", warehouse=place / warehouse, site=True)
    run_refresh(options, Report(stream=words))
    (place / "told").write_text(words.getvalue())
    return (place / warehouse / "exports" / "current").resolve()


def written(place: Path) -> tuple[int, int]:
    """How many data files the last refresh said it wrote, and how many were as before."""
    [line] = [x for x in (place / "told").read_text().splitlines() if x.startswith("site: ")]
    new, same = re.findall(r"\d[\d,]*", line)
    return int(new.replace(",", "")), int(same.replace(",", ""))


def same_files(site: Path, former: Path) -> set[str]:
    """The files of a site that are those of the former one, which nobody wrote again."""
    return {path for path in hashes(site) if _is_same(site / path, former / path)}


def _is_same(path: Path, former: Path) -> bool:
    return former.exists() and path.samefile(former)


def hashes(site: Path) -> dict[str, str]:
    """Every file of a site with its hash."""
    return {
        path.relative_to(site).as_posix(): sha256_of(path)
        for path in site.rglob("*")
        if path.is_file()
    }


# ---------------------------------------------------------------- what is published


def test_the_site_lies_in_the_exports_and_each_of_its_files_is_listed(quarters):
    exports = (quarters / "warehouse" / "exports" / "current").resolve()
    site = exports / LISTED.parent
    lines = (exports / LISTED).read_text().splitlines()
    listed = dict(reversed(line.split("  ")) for line in lines)
    assert listed == {path: x for path, x in hashes(site).items() if path != LISTED.name}
    assert {"index.html", "data/RVU25C/release.js", "data/RVU25D/release.js"} <= listed.keys()


def test_the_manifest_lists_the_list_and_keeps_its_schema(quarters):
    exports = quarters / "warehouse" / "exports" / "current"
    manifest = read_manifest(exports)
    jsonschema.validate(manifest, json.loads((exports / "manifest.schema.json").read_text()))
    [entry] = [x for x in manifest["files"] if x["path"].startswith("site/")]
    assert (entry["path"], entry["format"]) == (SITE_LISTING, "sha256")
    assert entry["sha256"] == sha256_of(exports / LISTED)
    assert "" not in manifest["tables"]


@pytest.mark.slow
def test_the_site_in_the_exports_holds_no_licensed_text_whatever_the_licence(
    due, add_release, tmp_path_factory
):
    warehouse = Warehouse(due / "warehouse")
    write_answer(warehouse.state, "accepted")
    site = refresh(due) / LISTED.parent
    with duckdb.connect(str(warehouse.database), read_only=True) as con:
        [(licensed,)] = con.sql(
            "select description from rvu where hcpcs_code = '33952' and release_id = 'RVU25D' "
            "and description_status = 'cms'"
        ).fetchall()
        own = tmp_path_factory.mktemp("own") / "site"
        write_site(con, own, with_licensed_text=True, only=())

    def holds(folder: Path) -> bool:
        return any(licensed in text_of(path) for path in folder.rglob("*.js"))

    assert holds(own)
    assert not holds(site)


# ---------------------------------------------------------------- when it is made


@pytest.mark.slow
@pytest.mark.long
def test_with_no_new_bytes_the_site_is_made_once(place):
    without = published(place)
    assert again(place, site=True, dry_run=True).outcome == "would_publish"
    outcome = again(place, site=True)
    assert (outcome.outcome, outcome.built) == ("published", [])
    assert outcome.build_id == published(place) != without
    before = snapshot(place)
    for asked in ({"site": True}, {"site": True, "verify": True}, {}, {"verify": True}):
        assert again(place, **asked).outcome == "nothing_new", asked
        assert snapshot(place) == before, asked


@pytest.mark.slow
def test_without_the_flag_a_new_build_has_no_site(place):
    again(place, site=True)
    add_zips(place, "20261")
    run(place)
    assert not (place.warehouse / "exports" / "current" / "site").exists()


@pytest.mark.long
@pytest.mark.slow
def test_other_pages_are_another_build(place, monkeypatch):
    first = again(place, site=True).build_id
    monkeypatch.setattr("pipeline.refresh.build.definitions_of_site", lambda: "other pages")
    monkeypatch.setattr("pipeline.refresh.refresh.fingerprint", lambda: "other pages")
    assert again(place, site=True).build_id not in ("", first)


@pytest.mark.slow
def test_rollback_returns_to_the_exports_without_the_site_and_is_held(place):
    without = published(place)
    again(place, site=True)
    assert back(place).build_id == without == published(place)
    assert not (place.warehouse / "exports" / "current" / "site").exists()
    assert again(place, site=True).outcome == "held"
    again(place, site=True, forward=True)
    assert (place.warehouse / "exports" / "current" / LISTED).exists()


# ---------------------------------------------------------------- what did not change


@pytest.mark.long
@pytest.mark.slow
def test_only_data_files_that_say_something_else_are_written_again(due):
    former = (due / "warehouse" / "exports" / "current").resolve() / "site"
    site = refresh(due) / "site"
    before, now = hashes(former), hashes(site)
    data = {path for path in now if path.startswith("data/")}
    assert same_files(site, former) == {path for path in data if before.get(path) == now[path]}
    assert {"data/RVU25D/search.js", "data/care.js", "data/lang/ar.js"} <= same_files(site, former)
    # April says what July says, so that the states and amounts of July are as they were.
    assert {"data/states/RVU25C.js", "data/amounts/RVU25C.js"} <= same_files(site, former)
    assert written(due) == (
        len(data - same_files(site, former)),
        len(data & same_files(site, former)),
    )
    assert now == hashes(refresh(due, "from nothing") / "site")


@pytest.mark.slow
def test_where_one_label_changes_only_the_words_are_written_again(due, monkeypatch):
    former = (due / "warehouse" / "exports" / "current").resolve() / "site"
    shutil.rmtree(due / "raw" / "rvu25b")
    monkeypatch.setattr("pipeline.refresh.build.definitions_of_site", lambda: "another label")
    monkeypatch.setattr("pipeline.refresh.refresh.fingerprint", lambda: "another label")
    catalogue = build.catalogue
    monkeypatch.setattr(
        build,
        "catalogue",
        lambda language: (
            replace(
                catalogue(language),
                messages=catalogue(language).messages | {"page.title": ("Fees",)},
            )
            if language == "en"
            else catalogue(language)
        ),
    )
    site = refresh(due) / "site"
    assert site != former
    assert written(due)[0] == 2
    assert {path for path in hashes(site) if path.startswith("data/")} - same_files(
        site, former
    ) == {
        "data/site.js",
        "data/lang/en.js",
    }


@pytest.mark.long
@pytest.mark.slow
def test_a_file_that_was_damaged_is_not_taken_over(due):
    former = (due / "warehouse" / "exports" / "current").resolve() / "site"
    damaged = former / "data" / "RVU25D" / "search.js"
    damaged.chmod(0o644)
    whole = damaged.read_text()
    damaged.write_text(whole[:-9] + ("B" if whole[-9] == "A" else "A") + whole[-8:])
    assert damaged.read_text() != whole
    site = refresh(due) / "site"
    assert (site / "data" / "RVU25D" / "search.js").read_text() == whole
