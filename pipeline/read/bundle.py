"""Bundles of files, each a zip or a folder, opened read-only.

Knows names, sizes and hashes of files, and nothing of their contents.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath

from pipeline.errors import ChangedError, Finding, RefusedError, refuse
from pipeline.read.zipped import DAMAGE, UNPACK_IT, Entry

# The largest file that CMS puts into a release has 4 MB; ZIP9 files have some 700 MB. Nothing
# larger is read into memory; what each kind of file may have stands in files.toml.
LARGEST_MEMBER = 1 << 30

# Files up to this size are read once, for their hash, their head and their rows. Larger ones are read
# again for each, so that no more than one is in memory: a table of edits has four of 50 MB.
LARGEST_KEPT = 1 << 24

PIECE = 1 << 20

# What stands behind the label of one sheet of a workbook that has a kind of file on each.
SHEET = re.compile(r" \[[^\]/]*\]$")


def extension_of(label: str) -> str:
    """The extension of a file, in small letters, by its name or label."""
    return SHEET.sub("", label).rpartition(".")[2].lower()


@dataclass(frozen=True)
class Member:
    """One file of a bundle; ``name`` is its path within the bundle, ``path`` the file on disk.

    ``entry`` is the file's place in the zip, None where it lies in a folder. ``known_sha256`` is
    the hash that stands for it in this run, '' before it is hashed; ``fault`` says why it may not
    be opened. ``sheet`` is the word for the sheet that is meant of a workbook with several kinds.
    """

    bundle: str
    name: str
    path: Path
    entry: Entry | None = None
    known_sha256: str = field(default="", compare=False)
    fault: RefusedError | None = field(default=None, compare=False)
    sheet: str = ""

    @property
    def in_zip(self) -> bool:
        """Whether the file is part of a zip."""
        return self.entry is not None

    @property
    def label(self) -> str:
        """How the file is named to people: bundle and member, relative to the raw folder."""
        return f"{self.place} [{self.sheet}]" if self.sheet else self.place

    @property
    def place(self) -> str:
        """Bundle and member, relative to the raw folder, of whichever sheet."""
        return f"{self.bundle}/{self.name}" if self.bundle else self.name

    @property
    def on_disk(self) -> str:
        """The file on disk that holds it, relative to the raw folder."""
        return self.bundle if self.in_zip else self.place

    @property
    def base_name(self) -> str:
        """The file's name without folders."""
        return PurePosixPath(self.name).name

    @property
    def extension(self) -> str:
        """The extension of its name, in small letters."""
        return extension_of(self.name)

    @cached_property
    def data(self) -> bytes:
        """The bytes of the file; raises RefusedError where they cannot be had whole."""
        if not self.fault and self.byte_count > LARGEST_MEMBER:
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
            raise self._changed("")
        self.__dict__["sha256"], self.__dict__["read_count"] = sha256, count

    def _changed(self, how: str) -> ChangedError:
        finding = Finding("unchanged", f"the file changed while it was read{how}")
        return ChangedError(self.label, [finding], "Refresh again with --verify.")

    def parts(self) -> Iterator[bytes]:
        """The bytes of the file, piece by piece; RefusedError where it cannot be read to its end.

        What a consumer does with a piece may fail by itself and is not taken for a fault of it.
        """
        if self.fault:
            raise self.fault
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
            if self.known_sha256:
                # It could be read when it was hashed.
                raise self._changed(f": {error}") from None
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

    def let_go_if_large(self) -> None:
        """Let go of the bytes of a large file, and not of what is known of them."""
        if self.byte_count > LARGEST_KEPT:
            self.__dict__.pop("data", None)

    def forget_bytes(self) -> None:
        """Let go of the bytes; they are read again where they are needed again."""
        for name in ("data", "sha256", "read_count"):
            self.__dict__.pop(name, None)
        if self.entry:
            self.entry.archive.close()


# The bundle of files that lie in the raw folder itself has no name; in messages it has this one.
RAW_FOLDER = "the raw folder"


@dataclass
class Bundle:
    """One zip, or the files that lie directly in one folder; ``path`` is the zip or folder.

    ``nested`` are the zips in a zip, which are not opened, by their paths within it.
    """

    name: str
    path: Path
    members: list[Member] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)

    def forget_bytes(self) -> None:
        """Let go of the bytes of the members, so that memory does not grow with releases."""
        for member in self.members:
            member.forget_bytes()


@dataclass(frozen=True)
class Origin:
    """What is known of a bundle besides its bytes: when CMS re-posted it, when it was fetched."""

    updated_on: date | None = None
    fetched_on: date | None = None


@dataclass(frozen=True, order=True)
class FileStamp:
    """What tells that a file on disk is unchanged without reading it."""

    name: str
    size: int
    mtime_ns: int
    inode: int


def hash_of_parts(parts: list[str]) -> str:
    """SHA-256 over a list of texts, each on a line of its own."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
