"""What lies in ``raw/``: zips, folders and symlinks to either, opened read-only.

Knows names, sizes and hashes of files, and nothing of their contents.
"""

import hashlib
import os
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from pipeline.errors import RefusedError, printable, refuse
from pipeline.system_files import is_system_file, is_unfinished
from pipeline.zipped import DAMAGE, UNPACK_IT, Entry, Zip

# The largest file that CMS puts into a release has 4 MB; ZIP9 files have some 700 MB. Nothing
# larger is read into memory; what each kind of file may have stands in files.toml.
LARGEST_MEMBER = 1 << 30

# The files of a release are read once, for their hash and for their rows; larger ones are streams.
LARGEST_KEPT = 1 << 26

PIECE = 1 << 20


@dataclass(frozen=True)
class Member:
    """One file of a bundle; ``name`` is its path within the bundle, ``path`` the file on disk.

    ``entry`` is the file's place in the zip, None where it lies in a folder. ``known_sha256`` is
    the hash that stands for it in this run, '' before it is hashed.
    """

    bundle: str
    name: str
    path: Path
    entry: Entry | None = None
    known_sha256: str = field(default="", compare=False)

    @property
    def in_zip(self) -> bool:
        """Whether the file is part of a zip."""
        return self.entry is not None

    @property
    def label(self) -> str:
        """How the file is named to people: bundle and member, relative to the raw folder."""
        return f"{self.bundle}/{self.name}" if self.bundle else self.name

    @property
    def on_disk(self) -> str:
        """The file on disk that holds it, relative to the raw folder."""
        return self.bundle if self.in_zip else self.label

    @property
    def base_name(self) -> str:
        """The file's name without folders."""
        return PurePosixPath(self.name).name

    @cached_property
    def data(self) -> bytes:
        """The bytes of the file; raises RefusedError where they cannot be had whole."""
        if self.byte_count > LARGEST_MEMBER:
            raise refuse(self.label, "size", f"the file has {self.byte_count:,} bytes")
        data = b"".join(self.parts())
        self._note(hashlib.sha256(data).hexdigest(), len(data))
        return data

    def know(self, sha256: str) -> None:
        """Say by which hash the file goes in this run: bytes that do not have it are refused."""
        object.__setattr__(self, "known_sha256", sha256)
        if "data" in self.__dict__:
            self._note(self.sha256, len(self.data))

    def _note(self, sha256: str, count: int) -> None:
        """Note what was read; RefusedError where it is not what stands for the file in this run.

        Whatever is made of the bytes is kept under that hash.
        """
        if self.known_sha256 not in ("", sha256):
            message = "the file changed while it was read"
            raise refuse(self.label, "unchanged", message, advice="Refresh again with --verify.")
        self.__dict__["sha256"], self.__dict__["read_count"] = sha256, count

    def parts(self) -> Iterator[bytes]:
        """The bytes of the file, piece by piece; RefusedError where it cannot be read to its end.

        What a consumer does with a piece may fail by itself and is not taken for a fault of it.
        """
        try:
            left = self.byte_count
            with self.entry.open() if self.entry else self.path.open("rb") as file:
                # Asked for without a bound, a piece of a zip may unpack to gigabytes.
                while part := file.read(PIECE):
                    left -= len(part)
                    yield part
            if self.entry and left:
                raise EOFError(f"it ends {left:,} bytes early")
        except (*DAMAGE, OSError) as error:
            advice = UNPACK_IT if isinstance(error, NotImplementedError) else None
            message = f"the file cannot be read: {error}"
            raise refuse(self.label, "readable", message, advice=advice) from None

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, which a large file is not kept in memory for."""
        if self.byte_count <= LARGEST_KEPT:
            return hashlib.sha256(self.data).hexdigest()
        digest = hashlib.sha256()
        for part in self.parts():
            digest.update(part)
        return digest.hexdigest()

    def copy_to(self, path: Path) -> None:
        """Write the bytes into a file, for what reads them more than once."""
        digest = hashlib.sha256()
        with path.open("wb") as copy:
            for part in self.parts():
                digest.update(part)
                copy.write(part)
        self._note(digest.hexdigest(), path.stat().st_size)

    @property
    def byte_count(self) -> int:
        """The size of the file in bytes, unpacked, as it was read last; 0 where it is gone."""
        if "read_count" in self.__dict__:
            return int(self.__dict__["read_count"])
        if self.entry:
            return self.entry.info.file_size
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @property
    def packed_byte_count(self) -> int:
        """The size of the file in bytes as it lies on disk."""
        return self.entry.info.compress_size if self.entry else self.byte_count

    def forget_bytes(self) -> None:
        """Let go of the bytes; they are read again where they are needed again."""
        for name in ("data", "sha256", "read_count"):
            self.__dict__.pop(name, None)
        if self.entry:
            self.entry.archive.close()


@dataclass
class Bundle:
    """One zip, or the files that lie directly in one folder; ``path`` is the zip or folder."""

    name: str
    path: Path
    members: list[Member] = field(default_factory=list)

    def forget_bytes(self) -> None:
        """Let go of the bytes of the members, so that memory does not grow with releases."""
        for member in self.members:
            member.forget_bytes()


@dataclass(frozen=True, order=True)
class FileStamp:
    """What tells that a file on disk is unchanged without reading it."""

    name: str
    size: int
    mtime_ns: int
    inode: int


@dataclass
class RawFolder:
    """Everything in a raw folder, each file and folder in one of these places.

    ``bundles`` may be data; ``skipped`` the user goes on without; ``ignored`` some program
    left there, ``unfinished`` among them is not all there yet; ``copies`` are symlinks to a
    folder that was seen already, under the name that stands for it. ``stamps`` are of all.
    """

    bundles: list[Bundle]
    stamps: list[FileStamp]
    skipped: list[str]
    ignored: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)


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
                self.found.copies[folder.label] = self._seen[folder.real] or "the raw folder"
                self._stamp(folder.label)
            else:
                self._seen[folder.real] = folder.label
                self._look(folder)
        return self.found

    def _look(self, folder: "_Folder") -> None:
        entries = _entries(folder)
        if folder.label and not entries:
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
            raise refuse(label, "readable", "the symlink leads nowhere") from None
        raise _unreadable("file", label, error) from None


def _unreadable(what: str, label: str, error: OSError) -> RefusedError:
    top = label.partition("/")[0]
    return refuse(
        label if len(label) < 300 else f"{label[:100]}...{label[-100:]}",
        "readable",
        f"the {what} cannot be read: {error.strerror}",
        advice=f"See to it, or leave out what it lies in: --skip {top}",
    )


def open_zips(bundles: list[Bundle]) -> list[Bundle]:
    """Replace each zip by the files in it; raises RefusedError for a zip not to be trusted."""
    return [bundle if bundle.members else _unzipped(bundle) for bundle in bundles]


def _unzipped(bundle: Bundle) -> Bundle:
    archive = Zip(bundle.path, bundle.name)
    members = [Member(bundle.name, entry.name, bundle.path, entry) for entry in archive.entries]
    archive.close()
    return Bundle(bundle.name, bundle.path, members)


def hash_of_parts(parts: list[str]) -> str:
    """SHA-256 over a list of texts, each on a line of its own."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
