"""What lies in ``raw/``: zips, folders and symlinks to either, opened read-only.

Knows names, sizes and hashes of files, and nothing of their contents.
"""

import hashlib
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.errors import refuse

# The largest file that CMS puts into a release has 4 MB; ZIP9 files have some 700 MB. Nothing
# larger is unpacked or read into memory.
LARGEST_MEMBER = 1 << 30

# The files of a release are read once, for their hash and for their rows; larger ones are streams.
LARGEST_KEPT = 1 << 26

# Utilization files, which are read as a stream, have some 4 GB.
LARGEST_FILE = 1 << 34

# What reading a damaged or unusual zip may raise.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    KeyError, ValueError,
)  # fmt: skip

# Folders that systems make and nobody fills on purpose.
SYSTEM_FOLDERS = ("__MACOSX", "__pycache__", "lost+found")


@dataclass(frozen=True)
class Member:
    """One file of a bundle; ``name`` is its path within the bundle, ``path`` the file on disk."""

    bundle: str
    name: str
    path: Path
    in_zip: bool

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
        with self.open() as file:
            return file.read()

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The file as a stream; raises RefusedError where it cannot be read to its end."""
        try:
            if self.in_zip:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.name) as file:
                    yield file
            else:
                with self.path.open("rb") as file:
                    yield file
        except (*DAMAGE, OSError) as error:
            raise refuse(self.label, "readable", f"the file cannot be read: {error}") from None

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, which a large file is not kept in memory for."""
        if self.byte_count <= LARGEST_KEPT:
            return hashlib.sha256(self.data).hexdigest()
        digest = hashlib.sha256()
        with self.open() as file:
            while part := file.read(1 << 20):
                digest.update(part)
        return digest.hexdigest()

    @property
    def byte_count(self) -> int:
        """The size of the file in bytes, unpacked; 0 where it is gone."""
        try:
            if self.in_zip:
                with zipfile.ZipFile(self.path) as archive:
                    return archive.getinfo(self.name).file_size
            return self.path.stat().st_size
        except (*DAMAGE, OSError):
            return 0

    def forget_bytes(self) -> None:
        """Let go of the bytes; they are read again where they are needed again."""
        self.__dict__.pop("data", None)
        self.__dict__.pop("sha256", None)


@dataclass
class Bundle:
    """One zip, or the files that lie directly in one folder."""

    name: str
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
    """Everything in a raw folder that was not skipped, and the stamps of its files."""

    bundles: list[Bundle]
    stamps: list[FileStamp]
    skipped: list[str]


def look_into(raw: Path, skip: tuple[str, ...] = ()) -> RawFolder:
    """List the bundles below ``raw``; zips are opened later, by ``open_zips``.

    ``skip`` holds names (relative to ``raw``, or the last part of one) to go on without.
    """
    found = RawFolder([], [], [])
    _walk(raw, "", found, skip, frozenset())
    found.bundles.sort(key=lambda bundle: bundle.name)
    found.stamps.sort()
    return found


def _walk(
    folder: Path,
    name: str,
    found: RawFolder,
    skip: tuple[str, ...],
    above: frozenset[Path],
) -> None:
    real = folder.resolve()
    if real in above:
        # A symlink that leads back to a folder above it would never end.
        return
    loose = Bundle(name)
    empty = True
    for entry in _entries(folder, name):
        empty = False
        path = Path(entry.path)
        label = f"{name}/{entry.name}" if name else entry.name
        if label in skip or entry.name in skip:
            found.skipped.append(label)
        elif entry.name.startswith(".") and (entry.name.endswith(".part") or entry.is_dir()):
            # An unfinished download, or a folder that some program keeps for itself.
            continue
        elif not path.exists():
            raise refuse(label, "readable", "the symlink leads nowhere")
        elif path.is_dir() and entry.name in SYSTEM_FOLDERS:
            continue
        elif path.is_dir():
            _walk(path, label, found, skip, above | {real})
        else:
            _add_file(path, label, loose, found)
    if empty and name:
        raise refuse(name, "not_empty", "the folder is empty, so it is no release")
    if loose.members:
        found.bundles.append(loose)


def _entries(folder: Path, name: str) -> list[os.DirEntry]:
    label = name or str(folder)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise refuse(label, "readable", f"the folder cannot be read: {error.strerror}") from None
    for entry in entries:
        if not entry.name.isprintable():
            message = f"{entry.name!a} is no printable name"
            raise refuse(label, "name", message, advice="Rename it.")
    return entries


def _add_file(path: Path, label: str, loose: Bundle, found: RawFolder) -> None:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise refuse(label, "readable", "it is neither a file nor a folder")
    if status.st_size > LARGEST_FILE:
        raise refuse(label, "size", f"the file has {status.st_size:,} bytes")
    found.stamps.append(FileStamp(label, status.st_size, status.st_mtime_ns, status.st_ino))
    if path.suffix.lower() == ".zip":
        found.bundles.append(Bundle(label, [Member(label, "", path, True)]))
    else:
        loose.members.append(Member(loose.name, path.name, path, False))


def open_zips(bundles: list[Bundle]) -> list[Bundle]:
    """Replace each zip by the files in it; raises RefusedError for a zip not to be trusted."""
    return [
        Bundle(bundle.name, _zip_members(bundle)) if bundle.members[0].in_zip else bundle
        for bundle in bundles
    ]


def _zip_members(bundle: Bundle) -> list[Member]:
    path = bundle.members[0].path
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError) as error:
        message = f"not a readable zip: {error}"
        raise refuse(bundle.name, "readable", message) from None
    for entry in entries:
        _refuse_untrusted(entry, bundle.name)
    return [Member(bundle.name, entry.filename, path, True) for entry in entries]


def _refuse_untrusted(entry: zipfile.ZipInfo, bundle: str) -> None:
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename:
        raise refuse(
            bundle, "path", f'the zip holds a path that leads out of it: "{entry.filename}"'
        )
    if entry.file_size > LARGEST_MEMBER:
        message = f'"{entry.filename}" would unpack to {entry.file_size:,} bytes'
        raise refuse(bundle, "size", message)
    if entry.flag_bits & 0x1:
        raise refuse(bundle, "readable", f'"{entry.filename}" is encrypted')


def hash_of_parts(parts: list[str]) -> str:
    """SHA-256 over a list of texts, each on a line of its own."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
