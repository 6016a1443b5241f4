"""What the tests of operation share: a refresh without words, the command, and what changed."""

import duckdb

from pipeline.cli import main
from pipeline.publish.swap import Warehouse
from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.refresh import refresh, rollback
from pipeline.report import Report
from pipeline.sample import SAMPLE_BUNDLE
from pipeline.store.shelf import sha256_of


def run(options: Options) -> Outcome:
    """One refresh without words."""
    return refresh(options, Report(quiet=True))


def run_pfs(monkeypatch, command: str, options: Options, *arguments: str) -> int:
    """Run the command as a user does; returns the exit code."""
    places = ["--raw", str(options.raw), "--warehouse", str(options.warehouse)]
    monkeypatch.setattr("sys.argv", ["fees", command, *arguments, *places])
    try:
        main()
    except SystemExit as done:
        return int(done.code)
    return 0


def snapshot(options: Options) -> dict[str, tuple]:
    """Every file of the warehouse outside of state/: time, size and bytes, or where it leads."""
    found = {}
    for path in sorted(options.warehouse.rglob("*")):
        name = path.relative_to(options.warehouse)
        if path.is_symlink():
            found[str(name)] = (path.lstat().st_mtime_ns, str(path.readlink()))
        elif path.is_file() and name.parts[0] != "state":
            stat = path.stat()
            found[str(name)] = (stat.st_mtime_ns, stat.st_size, sha256_of(path))
    return found


def add_zips(options: Options, quarter: str, changed: dict[str, str] | None = None) -> None:
    """Put the ZIP codes of another quarter beside the sample, so that a new build is due.

    A ZIP file of the user takes the place of the sample's, so that one comes along. ``changed``
    are texts of the other quarter that are others.
    """
    zips = (SAMPLE_BUNDLE / "ZIP5_OCT2025.txt").read_text()
    (options.raw / "ZIP5_OCT2025.txt").write_text(zips)
    other = zips.replace("20254", quarter)
    for before, after in (changed or {}).items():
        assert before in other
        other = other.replace(before, after)
    (options.raw / f"ZIP5_{quarter}.txt").write_text(other)


def published(options: Options) -> str:
    """The build in force, or '' where database and exports disagree."""
    return Warehouse(options.warehouse).published_build_id()


def back(options: Options) -> Outcome:
    """One rollback without words."""
    return rollback(Warehouse(options.warehouse), Report(quiet=True))


def again(options: Options, **changed) -> Outcome:
    """One refresh with other options."""
    return run(Options(**(vars(options) | changed)))


def quarters(options: Options) -> int:
    """How many quarters of ZIP codes the published database holds."""
    with duckdb.connect(str(options.warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        query = "select count(distinct effective_from) from zip_locality"
        return con.sql(query).fetchall()[0][0]
