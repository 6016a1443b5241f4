"""A command writes where it is told to, and replaces nothing but what it wrote or what is named."""

import stat
import sys

import pytest

from pipeline.cli import main
from pipeline.store.files import read_sums, write_sums
from pipeline.store.shelf import sha256_of

pytestmark = pytest.mark.slow


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["fees", *arguments])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code)
    return 0


@pytest.fixture
def call(monkeypatch, sample_warehouse):
    """A function that calls a command for the sample warehouse; returns the exit code."""

    def call(*arguments: str) -> int:
        return called(monkeypatch, *arguments, "--warehouse", str(sample_warehouse))

    return call


# ---------------------------------------------------------------- pages


def test_a_site_is_renewed_and_what_others_put_beside_it_stays(tmp_path, call, capsys):
    """A folder in git that others have a CNAME and notes in, which is first used without pages."""
    pages = tmp_path / "pages"
    others = {".git/HEAD": "ref", "CNAME": "fees.example.org", "data/mine.js": "x", "my.html": "y"}
    for name, text in others.items():
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_text(text)
    assert call("site", "--out", str(pages)) == 0
    written = read_sums(pages / "pfs-site.sha256")
    assert "index.html" in written and not written.keys() & others.keys()
    # Former pages that are no longer written go, unless somebody has changed them since.
    (pages / "old").mkdir()
    for name in ("old/page.html", "old.html", "changed.html", "../outside.html"):
        (pages / name).write_text("old")
    old = sha256_of(pages / "old.html")
    former = dict.fromkeys(("old/page.html", "old.html", "../outside.html"), old)
    write_sums(pages / "pfs-site.sha256", written | former | {"changed.html": "0" * 64})
    assert call("site", "--out", str(pages)) == 0
    assert read_sums(pages / "pfs-site.sha256") == written
    assert {name: sha256_of(pages / name) for name in written} == written
    # Pages that were there already are as writable as new ones.
    assert all((pages / name).stat().st_mode & stat.S_IWUSR for name in written)
    there = {x.relative_to(pages).as_posix() for x in pages.rglob("*") if x.is_file()}
    assert there == written.keys() | others.keys() | {"pfs-site.sha256", "changed.html"}
    assert {name: (pages / name).read_text() for name in others} == others
    assert (tmp_path / "outside.html").read_text() == "old"


@pytest.mark.parametrize("name", ["critical-care.html", "data", "data/site.js"])
def test_a_file_of_others_in_the_way_of_a_page_is_told(tmp_path, call, capsys, name):
    folder = tmp_path / "thesis"
    for path in (folder / name, folder / "chapter1.tex"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    assert call("site", "--out", str(folder)) == 2
    assert f"{folder / name} is there and is no file of a site" in capsys.readouterr().err
    there = {x.relative_to(folder).as_posix(): x.read_text() for x in folder.rglob("*.*")}
    assert {"chapter1.tex": "mine"}.items() <= there.items() and len(there) <= 2


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize(
    "command",
    [
        ["export", "--csv", "rvu", "--out"],
        ["site", "--out"],
    ],
)
@pytest.mark.parametrize("place", ["fee_schedule.duckdb", "exports", "state", "builds/x", ""])
def test_nothing_is_written_into_the_warehouse(
    tmp_path, call, capsys, sample_warehouse, command, place
):
    before = sha256_of(sample_warehouse / "fee_schedule.duckdb")
    link = tmp_path / "link"
    link.symlink_to(sample_warehouse / place)
    names = {x.name for x in sample_warehouse.iterdir()}
    for target in (sample_warehouse / place, link):
        assert call(*command, str(target)) == 2
        said = capsys.readouterr().err
        assert "lies in the warehouse" in said or "is a file" in said
    assert sha256_of(sample_warehouse / "fee_schedule.duckdb") == before
    assert {x.name for x in sample_warehouse.iterdir()} == names


def test_a_symlink_and_a_mode_stay_what_they_are(tmp_path, call):
    kept, link = tmp_path / "kept" / "table.csv", tmp_path / "link.csv"
    kept.parent.mkdir()
    kept.write_text("old")
    kept.chmod(0o600)
    link.symlink_to(kept)
    mine = tmp_path / "kept" / ".table.csv.new"
    mine.write_text("mine")
    assert call("export", "--csv", "build", "--out", str(link)) == 0
    assert link.is_symlink() and kept.read_text().startswith("build_id,")
    assert oct(kept.stat().st_mode & 0o777) == "0o600"
    assert mine.read_text() == "mine"
    assert sorted(x.name for x in kept.parent.iterdir()) == [".table.csv.new", "table.csv"]


def test_a_circle_of_symlinks_is_a_sentence(tmp_path, call, capsys):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert call("export", "--csv", "build", "--out", str(tmp_path / "a")) == 2
    assert "leads nowhere" in capsys.readouterr().err
