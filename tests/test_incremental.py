"""A release is read once; what depends on a definition is made again, and nothing else."""

import ast
import io
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.refresh import refresh
from pipeline.release import change as release_change
from pipeline.release import companion, warehouse
from pipeline.release import model as release_model
from pipeline.release import read as release_read
from pipeline.report import Report
from pipeline.schedules.all import SCHEDULES, companion_kinds
from pipeline.store import fingerprint
from pipeline.store.fingerprint import PIPELINE
from schemas.definitions import SCHEMAS
from tests.helpers import bundles

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def template(tmp_path_factory, add_release) -> Path:
    """A place with the releases of July and October, the second with all companions."""
    place = tmp_path_factory.mktemp("incremental")
    add_release(place / "raw", "rvu25c", "July")
    add_release(place / "raw", "rvu25d", "October")
    for name in bundles.COMPANIONS:
        shutil.copyfile(bundles.SAMPLE / name, place / "raw" / name)
    run(place)
    return place


@pytest.fixture
def place(template, tmp_path) -> Path:
    """The same of one's own."""
    shutil.copytree(template, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path


def run(place: Path, verify: bool = False) -> tuple[Outcome, list[str]]:
    """Refresh; returns the outcome and what was read and computed."""
    words = io.StringIO()
    options = Options(raw=place / "raw", warehouse=place / "warehouse", verify=verify)
    outcome = refresh(options, Report(stream=words))
    steps = [line.split(": ") for line in words.getvalue().splitlines()]
    return outcome, sorted(" ".join(x[:2]) for x in steps if x[0] in ("read", "compute"))


@pytest.fixture
def change(monkeypatch):
    """A function that makes a definition file, or a layout, seem to be another one."""
    true_hash, true_layout_hash = fingerprint.hash_of_file, fingerprint.hash_of_layout

    def pretend(ending: str) -> None:
        def other_hash(path: Path) -> str:
            return "another" if str(path).endswith(ending) else true_hash(path)

        def other_layout_hash(layout) -> str:
            return "another" if layout.name == ending else true_layout_hash(layout)

        monkeypatch.setattr(fingerprint, "hash_of_file", other_hash)
        monkeypatch.setattr(fingerprint, "hash_of_layout", other_layout_hash)
        monkeypatch.setattr("pipeline.refresh.refresh.fingerprint", lambda: f"changed {ending}")

    return pretend


def contents(place: Path) -> dict[str, list[tuple]]:
    """Every row of every table, whatever their order."""
    path = place / "warehouse" / "fee_schedule.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        query = "SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL"
        names = [f"{schema}.{table}" for schema, table in con.sql(query).fetchall()]
        return {name: con.sql(f"FROM {name} ORDER BY ALL").fetchall() for name in names}


# ---------------------------------------------------------------- what is made again


@pytest.mark.slow
def test_only_the_added_release_is_read(place, add_release):
    add_release(place / "raw", "rvu25b", "April")
    outcome, made = run(place)
    assert made == ["read RVU25B"]
    assert outcome.releases == ["RVU25B", "RVU25C", "RVU25D"]


@pytest.mark.slow
def test_a_bundle_that_says_what_another_one_says_is_not_read_again(place, add_release):
    """The same files with other line ends, as a download by another program has them."""
    shutil.copytree(place / "raw" / "rvu25d", place / "raw" / "october")
    for path in (place / "raw" / "october").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    assert run(place)[1] == ["read RVU25D"]
    add_release(place / "raw", "rvu25b", "April")
    assert run(place)[1] == ["read RVU25B"]


@pytest.mark.slow
def test_a_changed_model_computes_again_what_was_read(place, change):
    change("model/section_rank.sql")
    assert run(place)[1] == ["compute RVU25C", "compute RVU25D"]


@pytest.mark.slow
def test_a_changed_layout_reads_only_the_files_that_it_is_for(place, change):
    """What they say is the same, so that nothing is computed again."""
    change("zip9")
    assert run(place)[1] == []
    change("zip5")
    assert run(place)[1] == ["read ZIP5_OCT2025.txt"]


@pytest.mark.slow
def test_a_changed_layout_of_a_release_computes_again_only_what_came_out_otherwise(place, change):
    change("oppscap")
    before = sorted(x.name for x in (place / "warehouse" / "artefacts").glob("*-model-*"))
    assert run(place)[1] == ["read RVU25C", "read RVU25D"]
    assert sorted(x.name for x in (place / "warehouse" / "artefacts").glob("*-model-*")) == before


@pytest.mark.slow
def test_a_changed_view_only_assembles(place, change):
    change("view/code_indicator.sql")
    outcome, made = run(place)
    assert (outcome.outcome, made) == ("published", [])


@pytest.mark.slow
def test_a_changed_comparison_only_compares_again(place, change):
    change("change/rvu_change.sql")
    outcome, made = run(place)
    assert (outcome.outcome, made) == ("published", [])


# ---------------------------------------------------------------- the same as from nothing


@pytest.mark.slow
def test_an_added_release_gives_the_same_warehouse_as_all_at_once(place, add_release):
    add_release(place / "raw", "rvu25b", "April")
    run(place)
    grown = contents(place)
    shutil.rmtree(place / "warehouse")
    run(place)
    assert contents(place).keys() == grown.keys()
    for name, rows in contents(place).items():
        assert rows == grown[name], name


@pytest.mark.slow
def test_a_re_posting_takes_the_place_of_the_one_before(place, add_release):
    """Its rows leave main for superseded, as if both had been there from the start."""
    add_release(place / "raw", "rvu25d-updated-11-20-2025", "October")
    [pprrvu] = (place / "raw" / "rvu25d-updated-11-20-2025").glob("PPRRVU*")
    bundles.replace_text(pprrvu, "Heart and breathing", "Heart or breathing")
    assert run(place)[1] == ["read RVU25D"]
    grown = contents(place)
    assert len(grown["superseded.rvu"]) == len(
        [row for row in grown["main.rvu"] if row[0] == "RVU25D"]
    )
    shutil.rmtree(place / "warehouse")
    run(place)
    for name, rows in contents(place).items():
        assert rows == grown[name], name


@pytest.mark.slow
def test_a_forgotten_release_leaves_nothing_behind(place):
    shutil.rmtree(place / "raw" / "rvu25c")
    options = Options(raw=place / "raw", warehouse=place / "warehouse", forget=("RVU25C",))
    refresh(options, Report(quiet=True))
    shrunk = contents(place)
    shutil.rmtree(place / "warehouse")
    run(place)
    for name, rows in contents(place).items():
        assert rows == shrunk[name], name


@pytest.mark.slow
def test_a_damaged_database_is_not_copied_on(place, add_release):
    database = place / "warehouse" / "fee_schedule.duckdb"
    database.chmod(0o644)
    data = bytearray(database.read_bytes())
    # Somewhere in the data, where opening the file does not look.
    data[len(data) // 2] ^= 0xFF
    database.write_bytes(data)
    add_release(place / "raw", "rvu25b", "April")
    run(place)
    grown = contents(place)
    shutil.rmtree(place / "warehouse")
    run(place)
    for name, rows in contents(place).items():
        assert rows == grown[name], name


# ---------------------------------------------------------------- two bundles of one posting


def test_a_zip_and_its_unpacked_folder_are_one_posting(place):
    folder = place / "raw" / "rvu25d"
    copy = shutil.copytree(folder, place / "raw" / "again")
    bundles.zip_folder(copy, place / "raw" / "rvu25d.zip")
    outcome, made = run(place)
    assert outcome.releases == ["RVU25C", "RVU25D"]
    assert made in ([], ["read RVU25D"])
    assert len({row[1] for row in contents(place)["main.release"]}) == 2


def test_whatever_a_table_follows_from_is_among_what_its_stage_is_made_after(monkeypatch):
    """Every SELECT and curated table, but for those that only a question to the warehouse needs."""
    known, true_hash = set(), fingerprint.hash_of_file

    def noted_hash(path: Path) -> str:
        known.add(path)
        return true_hash(path)

    monkeypatch.setattr(fingerprint, "hash_of_file", noted_hash)
    for schedule in SCHEDULES:
        release_read.definitions_for(schedule)({})
        release_model.definitions_for(schedule)({})
        if schedule.change:
            release_change.definitions_for(schedule.change)({})
    for kind, declared in companion_kinds().items():
        companion.definitions_for(declared)({"kind": kind})
    warehouse.definitions(SCHEDULES)
    asked = re.compile("/price/|/price.sql$|/rule/|/site/query/|_asked.sql$")
    selects = {x for x in PIPELINE.rglob("*.sql") if not asked.search(x.as_posix())}
    curated = {*SCHEMAS.glob("*/reference/*.csv"), *SCHEMAS.glob("*/files.toml")}
    # Only pricing asks these, when it is asked itself.
    of_pricing = ("same_day_class", "edit_code", "edit_modifier")
    # Only the search of the pages reads these.
    of_search = ("search_topic", "search_translation", "search_word")
    asked_for = (*of_pricing, *of_search)
    curated -= {SCHEMAS / "pfs" / "reference" / f"{name}.csv" for name in asked_for}
    assert (selects | curated) - known == set()


def test_what_is_read_and_changed_follows_from_every_table_and_expression_in_it(monkeypatch):
    """The reports on a release's files are tables, too, and a factor may stand in a SELECT."""
    made_after = release_read.definitions_for(SCHEDULES[0])({})
    assert {f"table {name}" for name in release_read.REPORTS} <= made_after.keys()
    change = SCHEDULES[0].change
    before = release_change.definitions_for(change)({})
    monkeypatch.setattr("pipeline.schedules.pfs.formula.exact", lambda *_: "0")
    after = release_change.definitions_for(change)({})
    assert {name for name in after if after[name] != before[name]} == {"query rvu_change"}


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda one: one.name)
def test_a_stage_follows_from_its_own_code_and_from_that_of_no_other_schedule(schedule):
    """A change of a command, or of another schedule, reads and computes no release again."""
    modules = ("pipeline.release.read", "pipeline.release.model", *schedule.model.modules)
    used = {path.as_posix() for path in fingerprint.closure(modules)}
    assert any(path.endswith("pipeline/read/grid.py") for path in used)
    others = {one.name for one in SCHEDULES} - {schedule.name}
    strangers = ["/cli/", "/refresh/", "/site/", "/fetch/", *(f"/schedules/{x}/" for x in others)]
    assert [path for path in used if any(part in path for part in strangers)] == []


class ImportsThatRun(ast.NodeVisitor):
    """The modules that a file imports when it runs, and what of them, by Python's own parser."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) not in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.names |= {alias.name for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        self.names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}


def test_of_every_file_the_imports_that_run_are_seen_and_no_others():
    files = [path for root in (PIPELINE, SCHEMAS) for path in root.rglob("*.py")]
    assert len(files) > 300
    for path in files:
        found = ImportsThatRun()
        found.visit(ast.parse(path.read_bytes()))
        wanted = {file for name in found.names for file in fingerprint._files_of(name)}
        assert set(fingerprint.imported(path)) == wanted, path
