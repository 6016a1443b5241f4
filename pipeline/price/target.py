"""Where priced lines go: written beside the file that they replace, and put in its place whole."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.interrupt import undone_by_signal


def target_of(out: Path, file: Path, warehouse: Path | None = None) -> Path:
    """The file that ``out`` stands for: what a symlink leads to is written, the link stays.

    Raises UsageError where that is the file that is read, a folder, a device, of the warehouse or in no folder.
    """
    try:
        target = out.resolve()
    except (OSError, RuntimeError):
        raise UsageError(
            f"{out} cannot be the target: it is a symlink that leads nowhere."
        ) from None
    if target.exists() and not target.is_file():
        raise UsageError(f"{out} cannot be the target: it is a folder or a device.")
    if not target.parent.is_dir():
        raise UsageError(f"{out} cannot be the target: there is no folder {target.parent}.")
    if target.exists() and file.exists() and target.samefile(file):
        raise UsageError(f"{out} cannot be the target: it is the file that is read.")
    if warehouse and target.is_relative_to(warehouse.resolve()):
        raise UsageError(f"{out} cannot be the target: it lies in the warehouse {warehouse}.")
    return target


@contextmanager
def written_beside(target: Path, suffix: str) -> Iterator[Path]:
    """A new file beside ``target`` that takes its place at the end, with its mode and its owner.

    Until then nobody else may read it, and it is gone however the process ends.
    """
    handle, name = tempfile.mkstemp(prefix=".pfs-price-", suffix=suffix, dir=target.parent)
    os.close(handle)
    beside = Path(name)
    try:
        with undone_by_signal(lambda: beside.unlink(missing_ok=True)):
            yield beside
            _take_after(target, beside)
            beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _take_after(target: Path, beside: Path) -> None:
    if not target.exists():
        beside.chmod(0o666 & ~_mask())
        return
    known = target.stat()
    with suppress(OSError):
        os.chown(beside, known.st_uid, known.st_gid)
    beside.chmod(stat.S_IMODE(known.st_mode))


def _mask() -> int:
    """The permissions that this process withholds from new files, which can only be set."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
