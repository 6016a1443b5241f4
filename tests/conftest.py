"""What several test files share: warehouses and exports, built once per session, and a made-up release."""

import csv
import gc
import json
import os
import re
import shutil
import signal
import subprocess
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import groupby, zip_longest
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from filelock import FileLock
from hypothesis import settings

from pipeline.cli import main
from pipeline.cli.price import price
from pipeline.price import duckdb_engine as engine
from pipeline.publish import export
from pipeline.publish.proof import note_seen
from pipeline.publish.swap import Warehouse
from pipeline.refresh import inputs
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import SAMPLE_BUNDLE
from pipeline.store import fingerprint
from tests.helpers import bundles, small_price
from tests.helpers.claim_files import reading
from tests.helpers.places import NOT_THERE, REAL_FILES
from tests.helpers.spark_settings import SPARK_FOR_FEW_LINES

# The warehouses of CMS's own files.
pytest_plugins = ("tests.helpers.cms_warehouses",)

# Where Linux keeps files in memory, and how much room there has to be for the tests.
IN_MEMORY = Path("/dev/shm")
ROOM = 8 * 10**9


def pytest_configure() -> None:
    """Let tests write into memory, where there is room for it, and programs that they write may run.

    They make and remove files by the hundred thousand. A disk (ext4) that looks for a free place
    among the many that have just become free takes a fifth of all their time.
    """
    if not IN_MEMORY.is_dir() or shutil.disk_usage(IN_MEMORY).free < ROOM:
        return
    if not os.statvfs(IN_MEMORY).f_flag & os.ST_NOEXEC and os.access(IN_MEMORY, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take the files in turn from the first and from the second half of them.

    Neighbors need the same warehouses, and processes that test side by side would wait for one
    another while those are built.
    """
    files = [list(found) for _, found in groupby(items, key=lambda item: item.path)]
    half = (len(files) + 1) // 2
    turns = zip_longest(files[:half], files[half:], fillvalue=())
    items[:] = [item for turn in turns for file in turn for item in file]


# The same examples on every run: a red build must not be luck.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A function that has a folder built, once for all processes that test side by side.

    Whoever comes first builds it with ``build(folder)``. Tests read it and never change it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def built(name: str, build: Callable[[Path], object]) -> Path:
        folder = shared / name
        with FileLock(f"{folder}.lock"):
            if not (folder / "built").exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                build(folder)
                (folder / "built").touch()
        return folder

    return built


@pytest.fixture(scope="session", autouse=True)
def caches(built_once):
    """The user's folder for caches, of these tests alone and one for all processes: what is kept in
    it, as the database that every build begins with, is made once.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(built_once("caches", lambda folder: None)))
        yield


@pytest.fixture(scope="session", autouse=True)
def small_exports():
    """The exported files of a small table are written once: the same rows are the same bytes.

    Most tables of a build that a test makes are curated or empty, and writing them in three
    forms takes a quarter of a refresh. The value is what writes them in truth.
    """
    made, kept = export._write_whole_table, {}

    def write(con, folder, table, query):
        is_empty = query.endswith(" LIMIT 0")
        few = [] if is_empty else con.sql(f"FROM ({query}) LIMIT {MOST_KEPT_ROWS}").fetchall()
        if len(few) == MOST_KEPT_ROWS:
            return made(con, folder, table, query)
        same = repr((table, query, few))
        if same not in kept:
            entries = made(con, folder, table, query)
            kept[same] = [(entry, (folder / entry["path"]).read_bytes()) for entry in entries]
        for entry, data in kept[same]:
            path = folder / entry["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_bytes(data)
                path.chmod(0o444)
        return [dict(entry) for entry, _ in kept[same]]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "_write_whole_table", write)
        yield made


MOST_KEPT_ROWS = 500


@pytest.fixture(scope="session", autouse=True)
def program_hashed_once():
    """The program does not change while it is tested, so a process hashes its thousand files once."""
    once = cache(fingerprint.fingerprint)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.refresh.refresh.fingerprint", once)
        patch.setattr("pipeline.refresh.status.fingerprint", once)
        patch.setattr(fingerprint, "hash_of_file", cache(fingerprint.hash_of_file))
        yield


@pytest.fixture(scope="session")
def built_sample(built_once) -> Path:
    """The folder of a warehouse built from the sample, once for all processes. It is only copied."""

    def build(folder: Path) -> None:
        (folder / "raw").mkdir()
        refresh(Options(raw=folder / "raw", warehouse=folder / "warehouse"), Report(quiet=True))

    return built_once("sample", build) / "warehouse"


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory, built_sample: Path) -> Path:
    """The folder of a warehouse built from the sample. Tests read it and never change it.

    Each process has a copy of its own, because commands that lock a warehouse are tried on it.
    """
    warehouse = tmp_path_factory.mktemp("own_sample") / "warehouse"
    # cp keeps the links between artefacts and exports.
    subprocess.run(["cp", "-a", built_sample, warehouse], check=True)
    note_seen(Warehouse(warehouse))
    return warehouse


@pytest.fixture(scope="module")
def small_sample(sample_warehouse):
    """In the tests of a file the sample is that of the Physician Fee Schedule alone, to save time.

    The warehouse of the whole sample, which serves all tests of a process, is made before.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "SAMPLE_BUNDLES", (SAMPLE_BUNDLE,))
        yield


@pytest.fixture(scope="module")
def small_warehouse(small_sample, built_once) -> Path:
    """The folder of a warehouse of that sample. Tests copy it and never change it.

    A refresh on top of a copy takes a third of the time that one from nothing takes.
    """

    def build(folder: Path) -> None:
        (folder / "raw").mkdir()
        refresh(Options(raw=folder / "raw", warehouse=folder / "warehouse"), Report(quiet=True))

    return built_once("small", build) / "warehouse"


@pytest.fixture(scope="session")
def sample_database(sample_warehouse: Path):
    """The database of the sample warehouse, opened once because opening it takes a while."""
    path = sample_warehouse / "fee_schedule.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture
def con(sample_database: duckdb.DuckDBPyConnection):
    """A read-only connection of one's own to the database of the sample warehouse."""
    with sample_database.cursor() as connection:
        yield connection


@pytest.fixture(scope="session")
def exports(sample_warehouse: Path) -> Path:
    """The exports in force of the sample warehouse."""
    return (sample_warehouse / "exports" / "current").resolve(strict=True)


@pytest.fixture(scope="session")
def manifest(exports: Path) -> dict:
    """Their manifest."""
    return json.loads((exports / "manifest.json").read_text())


@pytest.fixture
def reader():
    """A DuckDB connection without a database, as a downstream program has it."""
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture(scope="session")
def add_release() -> Callable[..., None]:
    """A function that puts a release into a raw folder that does not call itself a sample.

    It has the figures of the sample in CSV form; ``month`` decides which release it is, ``name``
    is its folder, and ``files`` are those that it has.
    """

    def add(raw: Path, name: str = "rvu25d", month: str = "October", files: str = "*.csv") -> None:
        folder = raw / name
        folder.mkdir(parents=True)
        for path in SAMPLE_BUNDLE.glob(files):
            data = re.sub(rb" - SAMPLE[^\"]*not a CMS file", b"", path.read_bytes())
            data = data.replace(b"October Release", f"{month} Release".encode())
            # Of the true posting it is known how many rows it has.
            data = data.replace(b"RELEASED 09/11/2025", b"RELEASED 09/12/2025")
            (folder / path.name).write_bytes(data)

    return add


@pytest.fixture(scope="session")
def two_releases(built_once, add_release):
    """A connection to a warehouse that holds two releases that are no sample.

    From July to October the work of 92950 fell from 4.50 to 4.00.
    """

    def build(folder: Path) -> None:
        raw = folder / "raw"
        add_release(raw, "rvu25c", "July")
        [pprrvu] = (raw / "rvu25c").glob("PPRRVU*")
        for position, value in (
            (bundles.WORK, "4.50"),
            (bundles.NF_TOTAL, "10.09"),
            (bundles.F_TOTAL, "5.93"),
        ):
            bundles.edit_cell(pprrvu, "92950,,", position, value)
        add_release(raw, "rvu25d", "October")
        refresh(Options(raw, folder / "warehouse"), Report(quiet=True))

    database = built_once("two_releases", build) / "warehouse" / "fee_schedule.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def schedule_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the tables that pricing reads, of the schedule in miniature. Tests never change it."""
    file = tmp_path_factory.mktemp("small_price") / "schedule.duckdb"
    small_price.write_schedule(file)
    return file


@pytest.fixture(scope="module")
def pricer(sample_warehouse: Path):
    """A connection that prices by the sample warehouse."""
    with engine.pricer(sample_warehouse / "fee_schedule.duckdb", threads=1) as opened:
        yield opened


@pytest.fixture
def read(pricer: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[..., list[dict]]:
    """A function that gives the lines of a claim file as they are understood, without their price."""
    return reading(pricer, tmp_path)


@pytest.fixture
def priced(sample_warehouse: Path, tmp_path: Path):
    """Price a file and return its lines as dictionaries of texts."""

    def call(file: Path) -> list[dict[str, str]]:
        out = tmp_path / "out" / "prices.csv"
        out.parent.mkdir(exist_ok=True)
        words = [str(file), "--out", str(out), "--warehouse", str(sample_warehouse)]
        CliRunner().invoke(price, words, catch_exceptions=False)
        with out.open(newline="") as lines:
            return list(csv.DictReader(lines))

    return call


@pytest.fixture
def run_price(sample_warehouse: Path) -> Callable[..., str]:
    """A function that runs ``fees price`` on the sample warehouse, and returns what it prints."""

    def call(*words: str) -> str:
        command = [*words, "--warehouse", str(sample_warehouse)]
        return CliRunner().invoke(price, command, catch_exceptions=False).output

    return call


@pytest.fixture
def printed(monkeypatch, capsys) -> Callable[..., str]:
    """A function that runs a command on a warehouse as a user does, and returns what it prints."""

    def call(warehouse: Path, *words: str) -> str:
        monkeypatch.setattr("sys.argv", ["fees", *words, "--warehouse", str(warehouse)])
        main()
        return capsys.readouterr().out

    return call


if not REAL_FILES.is_dir():
    # A skip tells its reason only to those who ask (-rs); a warning tells everybody.
    warnings.warn(pytest.PytestWarning(NOT_THERE), stacklevel=1)


@pytest.fixture
def hangup_is_heard():
    """What runs under nohup does not hear SIGHUP, and neither does what it starts."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture(scope="session")
def spark():
    """A session of Apache Spark on this machine; where it or Java is missing the test is skipped."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Java is missing; install it with: apt-get install openjdk-17-jre-headless")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        pytest.skip("the extra spark is not installed; run: make spark")
    session = SparkSession.builder.master("local[2]").config(map=SPARK_FOR_FEW_LINES).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def pytest_sessionfinish() -> None:
    """A refresh switches garbage collection off for its process, which here is that of the tests."""
    gc.enable()
    gc.collect()


@pytest.fixture
def peak_memory():
    """A context that fails where Python takes more than so many bytes within it."""

    @contextmanager
    def bounded(most: int) -> Iterator[None]:
        tracemalloc.start()
        try:
            yield
            assert tracemalloc.get_traced_memory()[1] < most
        finally:
            tracemalloc.stop()

    return bounded
