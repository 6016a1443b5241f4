"""What lies in ``raw/``: zips, folders and symlinks to either, and what other programs leave there."""

import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import LEAVE_OUT, RefusedError, printable, refuse
from pipeline.read.bundle import RAW_FOLDER, Bundle, FileStamp, Member
from pipeline.read.system_files import is_system_file, is_unfinished, lies_among_system_files
from pipeline.read.zipped import Zip


@dataclass
class RawFolder:
    """Everything in a raw folder, each file and folder in one of these places.

    ``bundles`` may be data; ``skipped`` the user goes on without; ``ignored`` some program
    left there, ``unfinished`` among them is not all there yet; ``copies`` are symlinks to a
    folder that was seen already, under the name that stands for it; ``refused`` cannot be looked
    into. ``stamps`` are of all.
    """

    bundles: list[Bundle]
    stamps: list[FileStamp]
    skipped: list[str]
    ignored: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    refused: dict[str, RefusedError] = field(default_factory=dict)

    @property
    def nested(self) -> dict[str, str]:
        """The zips in zips, which are not opened, each with the zip that it lies in."""
        return {f"{x.name}/{name}": x.name for x in self.bundles for name in x.nested}

    @contextmanager
    def noting(self, label: str) -> Iterator[None]:
        """Note what cannot be looked into, and go on: it may be damage of one release."""
        try:
            yield
        except RefusedError as error:
            if not label:
                raise
            self.refused[label] = error


def look_into(raw: Path, skip: tuple[str, ...] = ()) -> RawFolder:
    """List the bundles below ``raw``; zips are opened later, by ``open_zips``.

    ``skip`` holds names (relative to ``raw``, or the last part of one) to go on without.
    """
    found = _Walk(skip).through(raw)
    found.bundles.sort(key=lambda bundle: bundle.name)
    found.stamps.sort()
    return found


class _Walk:
    """A walk that comes to every real folder once: those that lie in ``raw`` first, by level and
    name, then those that symlinks lead to, so that no lattice of symlinks makes it long.
    """

    def __init__(self, skip: tuple[str, ...]) -> None:
        self.found = RawFolder([], [], [])
        self._skip = skip
        self._seen: dict[str, str] = {}
        self._folders: deque[_Folder] = deque()
        self._links: deque[_Folder] = deque()

    def through(self, raw: Path) -> RawFolder:
        """Look into ``raw`` and all that it leads to."""
        self._folders.append(_Folder("", os.path.realpath(raw)))
        while self._folders or self._links:
            folder = (self._folders or self._links).popleft()
            if folder.real in self._seen:
                self.found.copies[folder.label] = self._seen[folder.real] or RAW_FOLDER
                self._stamp(folder.label)
            else:
                self._seen[folder.real] = folder.label
                with self.found.noting(folder.label):
                    self._look(folder)
        return self.found

    def _look(self, folder: "_Folder") -> None:
        entries = _entries(folder)
        if folder.label and not entries:
            self._stamp(folder.label)
            raise refuse(folder.label, "not_empty", "the folder is empty, so it is no release")
        loose = Bundle(folder.label, Path(folder.real))
        for entry in entries:
            name = printable(entry.name)
            label = f"{folder.label}/{name}" if folder.label else name
            if label in self._skip or entry.name in self._skip:
                self.found.skipped.append(label)
            elif is_system_file(entry.name):
                self._ignore(entry.name, label)
            else:
                with self.found.noting(label):
                    self._take(entry, label, folder, loose)
        if loose.members:
            self.found.bundles.append(loose)

    def _ignore(self, name: str, label: str) -> None:
        self.found.ignored.append(label)
        if is_unfinished(name):
            self.found.unfinished.append(label)
        self._stamp(label)

    def _take(self, entry: os.DirEntry, label: str, folder: "_Folder", loose: Bundle) -> None:
        path, status = Path(entry.path), _status(entry, label)
        if stat.S_ISDIR(status.st_mode):
            if entry.is_symlink():
                self._links.append(_Folder(label, os.path.realpath(path)))
            else:
                self._folders.append(_Folder(label, entry.path))
        elif not stat.S_ISREG(status.st_mode):
            raise refuse(label, "readable", "it is neither a file nor a folder")
        else:
            self._stamp(label, status)
            if path.suffix.lower() == ".zip":
                self.found.bundles.append(Bundle(label, path))
            else:
                loose.members.append(Member(loose.name, printable(path.name), path))

    def _stamp(self, label: str, status: os.stat_result | None = None) -> None:
        """Note a file as it is; of what is not read, only that it is there."""
        size, mtime, inode = (
            (status.st_size, status.st_mtime_ns, status.st_ino) if status else (0, 0, 0)
        )
        self.found.stamps.append(FileStamp(label, size, mtime, inode))


@dataclass(frozen=True)
class _Folder:
    """A folder to look into: its name within raw, and its path without symlinks.

    It is opened by that path, since no system follows more than forty symlinks in one.
    """

    label: str
    real: str


def _entries(folder: _Folder) -> list[os.DirEntry]:
    try:
        with os.scandir(folder.real) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise _unreadable("folder", folder.label or folder.real, error) from None


def _status(entry: os.DirEntry, label: str) -> os.stat_result:
    """What the file system knows of a file, or of what a symlink leads to."""
    try:
        return Path(entry.path).stat()
    except OSError as error:
        if entry.is_symlink() and not isinstance(error, PermissionError):
            advice = f"Bring back what it leads to (is a disk not mounted?), or {LEAVE_OUT}."
            raise refuse(label, "readable", "the symlink leads nowhere", advice=advice) from None
        raise _unreadable("file", label, error) from None


def _unreadable(what: str, label: str, error: OSError) -> RefusedError:
    top = label.partition("/")[0]
    # The raw folder itself has its whole path for a label, and lies in nothing that can be left out.
    aside = f", or {LEAVE_OUT}." if top else "."
    refused = refuse(
        label if len(label) < 300 else f"{label[:100]}...{label[-100:]}",
        "readable",
        f"the {what} cannot be read: {error.strerror}",
        advice=f"Make it readable{aside}",
    )
    # What it lies in is left out as a whole.
    refused.note_input(top)
    return refused


def open_zips(found: RawFolder, skip: tuple[str, ...] = ()) -> None:
    """Put the files of each zip in its place, and note a zip that is not to be trusted."""
    for bundle in [bundle for bundle in found.bundles if not bundle.members]:
        with found.noting(bundle.name):
            _open_zip(bundle, found, skip)
        if bundle.name in found.refused:
            found.bundles.remove(bundle)


def _open_zip(bundle: Bundle, found: RawFolder, skip: tuple[str, ...]) -> None:
    members = _members_of(bundle)
    skipped = [x for x in members if x.label in skip or x.base_name in skip]
    nested = [x for x in members if x not in skipped and _is_zip(x)]
    found.skipped += [member.label for member in skipped]
    bundle.nested = [member.name for member in nested]
    bundle.members = [x for x in members if x not in nested and x not in skipped]


def _is_zip(member: Member) -> bool:
    """Whether a file is a zip by its name, and not what macOS keeps of one under its name."""
    return member.extension == "zip" and not lies_among_system_files(member.name)


def _members_of(bundle: Bundle) -> list[Member]:
    archive = Zip(bundle.path, bundle.name)
    members = [Member(bundle.name, entry.name, bundle.path, entry) for entry in archive.entries]
    archive.close()
    return members
