"""Warehouses that were copied, made by other versions of the program, or damaged in their state.

Each ends in a sentence with its exit code, or mended; never in a traceback, and never with two
builds in force.
"""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import StorageError
from pipeline.publish.swap import Warehouse
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from schemas import CONTRACT_VERSION
from tests.helpers.marks import LONG, cases
from tests.operation.place import add_zips, back, published, run
from tests.soak.judge import leftovers, whole

pytestmark = pytest.mark.slow

# ---------------------------------------------------------------- copied


def without_links(options: Options) -> None:
    """As ``cp -rL``, a cloud folder or an unzip leaves it."""
    copy = options.warehouse.with_name("copy")
    shutil.copytree(options.warehouse, copy)
    shutil.rmtree(options.warehouse)
    copy.rename(options.warehouse)
    assert not (options.warehouse / "exports" / "current").is_symlink()


def with_one_copy(options: Options) -> None:
    """Only what ``current`` led to was copied, under that name."""
    without_links(options)
    manifest = Warehouse(options.warehouse).manifest()
    shutil.rmtree(options.warehouse / "exports" / manifest["build_id"])


def with_text_for_links(options: Options) -> None:
    """As git and some archives write a link where the file system has none."""
    current = options.warehouse / "exports" / "current"
    target = str(current.readlink())
    current.unlink()
    current.write_text(target)


def without_current(options: Options) -> None:
    (options.warehouse / "exports" / "current").unlink()


def with_a_folder_in_the_way(options: Options) -> None:
    (options.warehouse / "exports" / ".current.new" / "inner").mkdir(parents=True)


def with_an_empty_folder_for_the_link(options: Options) -> None:
    """As Python's archives have it."""
    current = options.warehouse / "exports" / "current"
    current.unlink()
    current.mkdir()


COPIES: list[Callable[[Options], None]] = [
    without_links,
    with_one_copy,
    with_text_for_links,
    without_current,
    with_an_empty_folder_for_the_link,
    with_a_folder_in_the_way,
]


@pytest.mark.slow
@pytest.mark.long
def test_a_copied_warehouse_goes_on_as_the_one_it_was_copied_from(place):
    before = whole(place.warehouse)
    for copied in COPIES:
        copied(place)
        run(place)
        assert whole(place.warehouse) == before, copied.__name__
    add_zips(place, "20261")
    assert run(place).outcome == "published"
    assert whole(place.warehouse).build_id != before.build_id
    back(place)
    assert whole(place.warehouse) == before
    assert leftovers(place.warehouse) == []


@pytest.mark.parametrize(
    "name", cases(["fee_schedule.duckdb", "exports/current"], ["fee_schedule.duckdb"])
)
def test_a_folder_of_others_in_the_way_is_told_and_nothing_is_half_published(place, name):
    path = place.warehouse / name
    path.unlink()
    path.mkdir()
    (path / "mine.txt").write_text("mine")
    add_zips(place, "20261")
    with pytest.raises(StorageError, match="move it away"):
        run(place)
    assert [x.name for x in path.iterdir()] == ["mine.txt"]
    shutil.rmtree(path)
    assert run(place).build_id == published(place) != ""


@pytest.mark.slow
def test_what_is_not_the_programs_own_is_never_removed(place):
    own = [
        "artefacts/model/weights.bin", "builds/notes.txt", "exports/mine/table.csv", "site/CNAME",
        "fee_schedule.duckdb.bak", "artefacts/thesis.pdf",
    ]  # fmt: skip
    for name in own:
        (place.warehouse / name).parent.mkdir(parents=True, exist_ok=True)
        (place.warehouse / name).write_text("mine")
    add_zips(place, "20261")
    assert run(place).outcome == "published"
    assert [(place.warehouse / name).read_text() for name in own] == ["mine"] * len(own)


# ---------------------------------------------------------------- other versions


def edit_build(options: Options, statement: str) -> None:
    path = options.warehouse / "fee_schedule.duckdb"
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute(statement)


def of_contract(options: Options, contract: str) -> None:
    """Make it look as if another version of the program had published it."""
    edit_build(options, f"UPDATE build SET contract_version = '{contract}'")
    for manifest in (options.warehouse / "exports").glob("b*/manifest.json"):
        manifest.chmod(0o644)
        text = manifest.read_text().replace(f'"{CONTRACT_VERSION}"', f'"{contract}"')
        manifest.write_text(text)
    shutil.rmtree(options.warehouse / "state")
    for record in (options.warehouse / "builds").glob("*.sha256"):
        record.unlink()


def called(monkeypatch, *arguments: str) -> int:
    from pipeline.cli import main

    monkeypatch.setattr(sys, "argv", ["fees", *arguments])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code)
    return 0


def test_a_warehouse_of_a_later_contract_is_never_written(place, monkeypatch, capsys):
    of_contract(place, "9.0")
    before = whole(place.warehouse)
    add_zips(place, "20261")
    places = ["--raw", str(place.raw), "--warehouse", str(place.warehouse)]
    for command in (["refresh"], ["refresh", "--dry-run"], ["refresh", "--verify"]):
        assert called(monkeypatch, *command, *places) == 10
        assert "made by a later version of this program" in capsys.readouterr().err
    assert called(monkeypatch, "refresh", "--rollback", *places[2:]) == 10
    assert called(monkeypatch, "show", "99291", *places[2:]) == 6
    assert "and this program of" in capsys.readouterr().err
    called(monkeypatch, "status", *places[2:])
    assert "next       Update the program" in capsys.readouterr().out
    assert whole(place.warehouse) == before


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("ALTER TABLE source_file DROP COLUMN posting_id", marks=LONG),
        pytest.param("DROP TABLE stage.part; DROP TABLE reconciliation", marks=LONG),
        pytest.param("DELETE FROM build", marks=LONG),
        "DROP TABLE build",
    ],
)
def test_a_warehouse_of_an_earlier_version_is_built_again(place, change, monkeypatch, capsys):
    before, earlier = published(place), "b0000000000000000"
    of_contract(place, "0.9")
    edit_build(place, f"UPDATE build SET build_id = '{earlier}'; {change}")
    exports = place.warehouse / "exports"
    manifest = exports / before / "manifest.json"
    manifest.write_text(manifest.read_text().replace(before, earlier))
    (exports / before).rename(exports / earlier)
    (exports / "current").unlink()
    (exports / "current").symlink_to(earlier)
    at = ["--warehouse", str(place.warehouse)]
    for command in (["status"], ["show", "99291"], ["price", "99291"], ["query", "from build"]):
        assert called(monkeypatch, *command, *at) in (0, 2, 6)
        assert "Traceback" not in capsys.readouterr().err
    assert run(place).build_id == published(place) == before
    assert called(monkeypatch, "show", "99291", *at) == 0


# ---------------------------------------------------------------- the warehouse's own state

NOTES = [
    "state/inputs.json", "state/runs.jsonl", "state/hold.json", "state/published.json",
    "state/settings.json", "state/fetch.json", "state/refused.json", "state/refresh.lock",
    "state/refresh.holder.json", "exports/current/manifest.json", "builds/{build}.sha256",
    "artefacts/{artefact}/artefact.json", "fee_schedule.duckdb",
]  # fmt: skip

DEEP = "[" * 100_000 + "]" * 100_000


def as_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def holding(text: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.unlink(missing_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))

    return write


def other_types(path: Path) -> None:
    """Every value of what stands there in another type."""
    known = json.loads(path.read_text()) if path.suffix == ".json" and path.exists() else {}
    known = known if isinstance(known, dict) else {}
    names = [*known, "at", "outcome", "in_force", "held_back", "contents", "licence", "stamps"]
    holding(json.dumps({name: [7, None, {"x": [True]}] for name in names}) + "\n")(path)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "another type": holding("[1, 2]"),
    "a number": holding("17"),
    "null": holding("null"),
    "other values": other_types,
    "nested deeply": holding(DEEP),
    "an object nested deeply": holding('{"facts": ' + DEEP + "}"),
    "binary": holding("\x00\udcff\udcfe\x01" * 50),
    "nothing": holding(""),
    "a folder": as_folder,
}
COMMANDS = [["status"], ["status", "--json"], ["refresh", "--dry-run"], ["refresh"]]


# The damage that says most; to a database all bytes that are none are the same.
TELLING = ["other values"]
OF_BYTES = ["binary", "nothing", "a folder"]
# What each command reads before all else; each of the others takes a build of its own.
READ_FIRST = ("fee_schedule.duckdb", "exports/current/manifest.json", "state/inputs.json")
CASES = [
    pytest.param(
        name,
        damages,
        marks=LONG if is_slow else [],
        id=f"{name}-{words}",
    )
    for name in NOTES
    for damages, words, is_slow in (
        (TELLING, "telling", name not in READ_FIRST),
        (
            [x for x in (OF_BYTES if name.endswith(".duckdb") else DAMAGES) if x not in TELLING],
            "every",
            True,
        ),
    )
]


@pytest.mark.parametrize(("name", "damages"), CASES)
def test_damage_of_the_state_is_a_sentence_or_mended(place, name, damages, monkeypatch, capsys):
    build = published(place)
    artefact = sorted((place.warehouse / "artefacts").iterdir())[0].name
    path = place.warehouse / name.format(build=build, artefact=artefact)
    for damage in damages:
        # The exports of a build are made anew where they were damaged.
        there = path.resolve() if "current" in path.parts else path
        DAMAGES[damage](there)
        for command in COMMANDS:
            places = ["--warehouse", str(place.warehouse)]
            places += ["--raw", str(place.raw)] if command[0] == "refresh" else []
            code = called(monkeypatch, *command, *places)
            said = capsys.readouterr().err
            assert "Traceback" not in said, (damage, command, said)
            assert code in (0, 2, 6, 10), (damage, command, code, said)
            assert code == 0 or "error: " in said.lower(), (damage, command, said)
        if code:
            # What the sentence says helps: the folder or file is moved away.
            shutil.rmtree(there) if there.is_dir() else there.unlink()
        assert run(place).build_id == build, damage
        assert published(place) == build, damage


@pytest.mark.parametrize("command", ["status", "refresh", "show", "forget", "licence", "export"])
def test_a_warehouse_that_is_a_file_or_a_link_to_nothing_is_a_sentence(
    tmp_path, command, monkeypatch, capsys
):
    file = tmp_path / "file"
    file.write_text("mine")
    named = {"show": ["99291"], "forget": ["RVU25D"], "export": ["--csv", "rvu"]}.get(command, [])
    assert called(monkeypatch, command, *named, "--warehouse", str(file)) == 2
    assert f"{file} is no folder" in capsys.readouterr().err
    assert file.read_text() == "mine"
    file.unlink()
    file.symlink_to("not mounted")
    for place in (file, file / "warehouse"):
        assert called(monkeypatch, command, *named, "--warehouse", str(place)) == 2
        said = f"error: {file} is a link that leads nowhere; is a disk not mounted?\n"
        assert capsys.readouterr().err == said


def test_a_library_hears_of_a_warehouse_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "raw").mkdir()
    with pytest.raises(StorageError, match="cannot be written or read"):
        refresh(Options(raw=tmp_path / "raw", warehouse=tmp_path / "file"), Report(quiet=True))


def test_an_answer_that_cannot_be_written_is_a_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "state").write_text("mine")
    assert called(monkeypatch, "licence", "--accept", "--warehouse", str(tmp_path)) == 10
    assert "settings.json cannot be written" in capsys.readouterr().err
