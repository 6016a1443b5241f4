"""A folder of pages that may be somebody's: only files that the program wrote there are replaced."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from pipeline.errors import UsageError
from pipeline.interrupt import undone_by_signal
from pipeline.store.files import read_sums, remove, write_sums
from pipeline.store.shelf import sha256_of

# The files that were written into the folder, each with its hash; no others are touched.
OWN_FILES = "pfs-site.sha256"


@contextmanager
def replaced_files(folder: Path) -> Iterator[Path]:
    """A new folder to write a site into, whose files take the place of the former ones at the end.

    Raises UsageError where a file that no site put there is in the way of one; others stay.
    """
    new = folder / ".pfs-site.new"
    remove(new)
    with undone_by_signal(lambda: remove(new)):
        try:
            yield new
            _take_the_place(new, folder)
        finally:
            remove(new)
            if folder.exists() and not any(folder.iterdir()):
                folder.rmdir()


def _take_the_place(new: Path, folder: Path) -> None:
    """Move the files of a new site into a folder, and remove those that only the former one had."""
    paths = [path for path in sorted(new.rglob("*")) if path.is_file()]
    hashes = {path.relative_to(new).as_posix(): sha256_of(path) for path in paths}
    former = read_sums(folder / OWN_FILES)
    _refuse_in_the_way(folder, hashes, former)
    # Whenever this ends, what was written is listed.
    write_sums(folder / OWN_FILES, former | hashes)
    # Pages come last, when the data that they show are there.
    for name in sorted(hashes, key=lambda name: ("/" not in name, name)):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (new / name).replace(target)
    for name in former.keys() - hashes.keys():
        _remove_former(folder, name, former[name])
    write_sums(folder / OWN_FILES, hashes)


def _refuse_in_the_way(folder: Path, names: Iterable[str], former: dict[str, str]) -> None:
    for name in names:
        above = [folder / parent for parent in PurePosixPath(name).parents]
        others = [path for path in above if path.exists() and not path.is_dir()]
        others += [folder / name] if os.path.lexists(folder / name) and name not in former else []
        if others:
            raise UsageError(
                f"{others[0]} is there and is no file of a site that was written to {folder} "
                f"({OWN_FILES} lists those): move it away, or name another folder."
            )


def _remove_former(folder: Path, name: str, digest: str) -> None:
    """Remove a file of the former site, unless somebody has put another in its place."""
    path = folder / name
    # A list that somebody else wrote may lead anywhere.
    is_inside = path.resolve().is_relative_to(folder.resolve())
    if is_inside and path.is_file() and sha256_of(path) == digest:
        path.unlink()
        with suppress(OSError):
            path.parent.rmdir()
