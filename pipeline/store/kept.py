"""Files that are the same for every warehouse of a user, kept in the user's folder for caches.

Whatever lies there can be made again, so that nothing depends on it: a file that is damaged counts
as none, and where none can be written, none is kept.
"""

import os
import shutil
import tempfile
from pathlib import Path

from pipeline.store.files import remove
from pipeline.store.shelf import sha256_of

FOLDER = "cms-fee-schedules"

# Those of the program before an update, and of a checkout beside it.
FILES_KEPT = 3


def kept_file(name: str) -> Path | None:
    """The file that was kept under a name, with the bytes that it was kept with; None where there is none."""
    folder = _folder()
    found = folder.glob(f"{name}.*") if folder else []
    try:
        return next((path for path in found if sha256_of(path) == path.suffix[1:]), None)
    except OSError:
        return None


def keep_file(path: Path, name: str) -> None:
    """Keep a copy of a file under a name, and the last few others."""
    folder = _folder()
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=folder, prefix=".")
        os.close(handle)
        copy = Path(shutil.copyfile(path, beside))
        copy.replace(folder / f"{name}.{sha256_of(copy)}")
        for former in sorted(folder.iterdir(), key=_age)[FILES_KEPT:]:
            remove(former)
    except OSError:
        return


def _age(path: Path) -> float:
    """The newer a file, the smaller."""
    return -path.stat().st_mtime


def _folder() -> Path | None:
    """Where the user's caches are, by the XDG Base Directory Specification; None where that is another user's.

    A program that was started for another user would leave files there that this one cannot replace.
    """
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        caches = Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
        above = next(path for path in (caches, *caches.parents) if path.exists())
        return caches / FOLDER if above.stat().st_uid == os.geteuid() else None
    except (OSError, RuntimeError):
        return None
