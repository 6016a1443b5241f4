"""What other programs do meanwhile: files that change while they are read, and changes afterwards.

Nothing that they do may be published under the name of something else, or stay unnoticed.
"""

import hashlib
import os
import random
import shutil
import threading
from functools import partial
from pathlib import Path

import duckdb

from tests.helpers import bundles
from tests.soak.judge import leftovers, whole
from tests.soak.kills import Tally
from tests.soak.place import DONE, PFS, Place, run

CODE = "99291"


def change_while_read(place: Place, count: int, seed: int) -> Tally:
    """Write one file over and over, now these bytes and now others, while it is refreshed from."""
    tally = Tally("a file that changes while it is read")
    for number in range(count):
        folder = place.template.with_name(f"changing{number}")
        tally.add(f"file {number}", partial(_changing, place, folder, random.Random(seed + number)))
    return tally


def _changing(place: Place, folder: Path, moments: random.Random) -> str:
    raw, warehouse = folder / "raw", folder / "warehouse"
    shutil.copytree(place.raw, raw)
    shutil.copytree(place.template, warehouse, symlinks=True)
    path = sorted(raw.glob("*/PPRRVU*.csv"))[-1]
    mine = path.read_bytes()
    bundles.edit_cell(path, f"{CODE},,", 2, "Something else")
    other = path.read_bytes()
    texts = {hashlib.sha256(data).hexdigest(): _description(data) for data in (mine, other)}
    stop = threading.Event()
    writer = threading.Thread(target=_write_in_turn, args=(path, (mine, other), moments, stop))
    writer.start()
    try:
        told = run(_refresh(raw, warehouse))
    finally:
        stop.set()
        writer.join()
    assert told.returncode in (*DONE, 3), f"exit code {told.returncode}: {told.stderr[-2000:]}"
    assert "Traceback" not in told.stderr, told.stderr[-2000:]
    if told.returncode in DONE:
        _assert_own_hash(warehouse, texts)
    path.write_bytes(mine)
    for asked in ((), ("--verify",)):
        again = run(_refresh(raw, warehouse, *asked))
        assert again.returncode in DONE, f"the next refresh fails: {again.stderr[-2000:]}"
        assert whole(warehouse).tables == place.new.tables, "other bytes are published"
    shutil.rmtree(folder)
    return "published what was read" if told.returncode in DONE else "refused"


def _write_in_turn(
    path: Path, texts: tuple[bytes, bytes], moments: random.Random, stop: threading.Event
) -> None:
    beside = path.parents[2] / "beside"
    while not stop.wait(moments.uniform(0, 0.05)):
        beside.write_bytes(texts[moments.randrange(2)])
        if moments.random() < 0.5:
            beside.replace(path)
        else:
            shutil.copyfile(beside, path)


def _description(data: bytes) -> str:
    [line] = [x for x in data.decode("cp1252").splitlines() if x.startswith(f"{CODE},,")]
    return bundles.cells_of(line)[2]


def _assert_own_hash(warehouse: Path, texts: dict[str, str]) -> None:
    """What is published of the file must be what the bytes say that its hash is of."""
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        rows = con.sql(
            "SELECT file.sha256, rvu.description FROM source_file AS file JOIN rvu USING (release_id) "
            f"WHERE file_kind = 'pprrvu' AND is_loaded AND hcpcs_code = '{CODE}' AND modifier = ''"
        ).fetchall()
    known = [(texts[digest], text) for digest, text in rows if digest in texts]
    assert known, "it published bytes that were never whole"
    assert all(right == text for right, text in known), f"under another hash: {known}"


def change_afterwards(place: Place, count: int, seed: int) -> Tally:
    """Change a byte of what is published, or remove a file, its time changed or not; then verify."""
    tally = Tally("a published byte changed, or a file removed")
    chance = random.Random(seed)
    warehouse = place.warehouse("changed_afterwards")
    assert run([PFS, *place.arguments(warehouse)]).returncode in DONE
    for number in range(count):
        tally.add(f"change {number}", partial(_changed, place, warehouse, chance))
    return tally


def _changed(place: Place, warehouse: Path, chance: random.Random) -> str:
    folder = (warehouse / "exports" / "current").resolve()
    files = sorted(x for x in folder.rglob("*") if x.is_file() and x.name != "manifest.schema.json")
    path = chance.choice([warehouse / "fee_schedule.duckdb", chance.choice(files)])
    kept, keeps_time = path.stat(), chance.random() < 0.5
    if chance.random() < 0.2:
        path.unlink()
        keeps_time = False
    else:
        _flip(path, chance)
        if keeps_time:
            os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    asked = ("--verify",) if keeps_time else ()
    if not keeps_time:
        told = run([PFS, "status", "--json", "--warehouse", str(warehouse)])
        assert '"is_whole": false' in told.stdout, f"status says nothing of {path}"
    told = run(_refresh(place.raw, warehouse, *asked))
    assert told.returncode in DONE, f"exit code {told.returncode}: {told.stderr[-2000:]}"
    assert whole(warehouse) == place.new, f"{path} was not built again"
    assert leftovers(warehouse) == [], f"left behind: {leftovers(warehouse)}"
    return f"told and built again{', found by --verify' if keeps_time else ''}"


def _flip(path: Path, chance: random.Random) -> None:
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(chance.randrange(path.stat().st_size))
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ (1 << chance.randrange(8))]))


def _refresh(raw: Path, warehouse: Path, *asked: str) -> list[str]:
    return [PFS, "refresh", "--no-fetch", *asked, "--raw", str(raw), "--warehouse", str(warehouse)]
