"""A disk that is full, and a warehouse that cannot be written.

Where this process is root it mounts a small tmpfs of its own and unmounts it again; everywhere
a limit on the size of a file (``ulimit -f``) stands in for the full disk.
"""

import os
import random
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from tests.soak.judge import leftovers, whole
from tests.soak.kills import Tally
from tests.soak.place import DONE, PFS, Place, run, start

ROOMY = "128m"

IS_ROOT = os.geteuid() == 0

# Without these two capabilities even root has no more permission than the modes of files give.
AS_MODES_SAY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if IS_ROOT else []


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A tmpfs mounted at ``folder``, gone afterwards; raises PermissionError where none may be."""
    folder.mkdir()
    options = f"size={ROOMY},mode=755"
    told = run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)])
    if told.returncode:
        raise PermissionError(told.stderr.strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def may_mount(folder: Path) -> bool:
    """Whether this process may mount a tmpfs (root in a container may not)."""
    if not IS_ROOT:
        return False
    try:
        with small_disk(folder):
            return True
    except PermissionError:
        return False


def full_disk(place: Place, spare_kilobytes: list[int]) -> Tally:
    """Refresh on a disk with so much space left, one amount after another."""
    tally = Tally("disk full (tmpfs)")
    for spare in spare_kilobytes:
        tally.add(f"{spare} KB left", partial(_on_full_disk, place, spare))
    return tally


def _on_full_disk(place: Place, spare: int) -> str:
    with small_disk(place.template.with_name(f"disk{spare}")) as disk:
        warehouse = disk / "warehouse"
        shutil.copytree(place.template, warehouse, symlinks=True)
        statistics = os.statvfs(disk)
        used = (statistics.f_blocks - statistics.f_bfree) * statistics.f_frsize // 1024
        _remount(disk, f"size={used + spare}k")
        outcome = _refused_or_done(place, warehouse, run([PFS, *place.arguments(warehouse)]))
        _remount(disk, f"size={ROOMY}")
        _succeeds(place, warehouse)
    return outcome


def _remount(disk: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(disk)], check=True)


def disk_that_fills_up(place: Place, count: int, seed: int) -> Tally:
    """Let something else take all the space at moments drawn over the time of a refresh."""
    tally = Tally("disk filled by others meanwhile (tmpfs)")
    moments = random.Random(seed)
    for number in range(count):
        moment = moments.uniform(0.1, 1) * place.seconds
        tally.add(f"{moment:.3f} s", partial(_filled_meanwhile, place, moment, number))
    return tally


def _filled_meanwhile(place: Place, moment: float, number: int) -> str:
    with small_disk(place.template.with_name(f"filled{number}")) as disk:
        warehouse = disk / "warehouse"
        shutil.copytree(place.template, warehouse, symlinks=True)
        command = [PFS, *place.arguments(warehouse)]
        with start(command) as process:
            time.sleep(moment)
            _fill(disk / "filler")
            told = process.stderr.read()
        ended = subprocess.CompletedProcess(command, process.returncode, "", told)
        outcome = _refused_or_done(place, warehouse, ended)
        (disk / "filler").unlink()
        _succeeds(place, warehouse)
    return outcome


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(65_536)):
            pass


def file_size_limit(place: Place, limits_kilobytes: list[int]) -> Tally:
    """Refresh where no file may grow beyond a size, one size after another."""
    tally = Tally("no room for a file (ulimit -f)")
    for limit in limits_kilobytes:
        tally.add(f"{limit} KB", partial(_within_limit, place, limit))
    return tally


def _within_limit(place: Place, limit: int) -> str:
    warehouse = place.warehouse(f"limit{limit}")
    size = (limit * 1024, limit * 1024)
    told = run(
        [PFS, *place.arguments(warehouse)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, size),
    )
    outcome = _refused_or_done(place, warehouse, told)
    _succeeds(place, warehouse)
    shutil.rmtree(warehouse)
    return outcome


def read_only_disk(place: Place) -> Tally:
    """Refresh a warehouse on a disk that is mounted read-only."""

    def fault() -> str:
        with small_disk(place.template.with_name("readonly")) as disk:
            warehouse = disk / "warehouse"
            shutil.copytree(place.template, warehouse, symlinks=True)
            _remount(disk, "ro")
            outcome = _refused_or_done(place, warehouse, run([PFS, *place.arguments(warehouse)]))
            _remount(disk, "rw")
            _succeeds(place, warehouse)
        return outcome

    tally = Tally("warehouse on a read-only disk")
    tally.add("read-only", fault)
    return tally


def without_permission(place: Place) -> Tally:
    """Refresh as somebody who may read the warehouse and not write it."""

    def fault() -> str:
        warehouse = place.warehouse("forbidden")
        folders = [warehouse, *(path for path in warehouse.rglob("*") if path.is_dir())]
        _change_modes(folders, 0o555)
        command = [*AS_MODES_SAY, PFS, *place.arguments(warehouse)]
        try:
            outcome = _refused_or_done(place, warehouse, run(command))
        finally:
            _change_modes(folders, 0o755)
        _succeeds(place, warehouse)
        shutil.rmtree(warehouse)
        return outcome

    tally = Tally("warehouse without permission")
    tally.add("no permission", fault)
    return tally


def _change_modes(folders: list[Path], mode: int) -> None:
    for folder in folders:
        if not folder.is_symlink():
            folder.chmod(mode)


def _refused_or_done(place: Place, warehouse: Path, told: subprocess.CompletedProcess) -> str:
    """Exit code 10, one sentence, the old state; or, where there was room enough, the new one."""
    assert told.returncode in (*DONE, 10), f"exit code {told.returncode}: {told.stderr[-2000:]}"
    if told.returncode in DONE:
        assert whole(warehouse) == place.new, "it says that it is done, and it is not"
        return "had room enough"
    errors = [line for line in told.stderr.splitlines() if line.startswith("error: ")]
    last = told.stderr.splitlines()[-1]
    assert errors == [last], f"not one sentence: {told.stderr[-2000:]}"
    assert "Traceback" not in told.stderr, told.stderr[-2000:]
    assert whole(warehouse) == place.old, "the old state is not what it was"
    return "exit code 10, old state"


def _succeeds(place: Place, warehouse: Path) -> None:
    told = run([PFS, *place.arguments(warehouse)])
    assert told.returncode in DONE, f"the next refresh fails: {told.stderr}"
    assert whole(warehouse) == place.new, "the next refresh ends in another state"
    assert leftovers(warehouse) == [], f"left behind: {leftovers(warehouse)}"
