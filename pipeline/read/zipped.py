"""A zip that nobody vouches for: its list of files, within bounds, and the bytes of each file."""

import io
import re
import sys
import threading
import zipfile
import zlib
from collections import Counter
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.errors import printable, refuse

# What reading a damaged or unusual zip may raise.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError,
    ValueError, OverflowError,
)  # fmt: skip

# A zip of CMS lists some twenty files in two kilobytes.
MOST_FILES = 10_000
LARGEST_LIST = 1 << 22

# CMS packs with these; others unpack without a bound, and the library knows not all of them.
PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

UNPACK_IT = "Unpack it into a folder of its own in the raw folder, and move the zip out of there."


class Zip:
    """A zip on disk; the list of its files is read once, however many they are."""

    def __init__(self, path: Path, label: str) -> None:
        self.path = path
        self.label = label
        self._lock = threading.Lock()
        self._archive: zipfile.ZipFile | None = None

    @cached_property
    def entries(self) -> list["Entry"]:
        """The files in it; raises RefusedError for a zip that is not to be trusted."""
        try:
            size = self.path.stat().st_size
            listed = self.opened().infolist()
        except (*DAMAGE, OSError) as error:
            why = "it breaks off, as a download that did not end" if self._breaks_off() else error
            raise refuse(self.label, "readable", f"not a readable zip: {why}") from None
        files = [Entry(self, info) for info in listed if not info.filename.endswith(("/", "\\"))]
        self._refuse_untrusted(files, size)
        return files

    def _breaks_off(self) -> bool:
        """Whether it begins as a zip, if at all, and has not the list of files at its end."""
        try:
            with self.path.open("rb") as file:
                is_begun = b"PK\x03\x04".startswith(file.read(4))
                return is_begun and not zipfile.is_zipfile(self.path)
        except OSError:
            return False

    def _refuse_untrusted(self, files: list["Entry"], size: int) -> None:
        if len(files) > MOST_FILES:
            message = f"the zip holds {len(files):,} files, and at most {MOST_FILES:,} are taken"
            raise refuse(self.label, "size", message)
        name, count = Counter(entry.name for entry in files).most_common(1)[0] if files else ("", 0)
        if count > 1:
            raise refuse(self.label, "path", f'the zip holds "{name}" more than once')
        if sum(entry.info.compress_size for entry in files) > size:
            raise refuse(self.label, "size", "files in the zip overlap: it is damaged or a trap")
        for entry in files:
            entry.refuse_untrusted()

    def opened(self) -> zipfile.ZipFile:
        """The zip, ready to read; the list of its files is read the first time only."""
        with self._lock:
            if self._archive is None:
                self._archive = _open_bounded(self.path)
            elif self._archive.fp is None or self._archive.fp.closed:
                self._archive.fp = self.path.open("rb")
            return self._archive

    def close(self) -> None:
        """Let go of the file, so that not all zips are open; it is opened again where needed."""
        with self._lock:
            if self._archive is not None and self._archive.fp is not None:
                self._archive.fp.close()


class Entry:
    """One file of a zip; ``name`` is its path with slashes, whatever the zip was made on."""

    def __init__(self, archive: Zip, info: zipfile.ZipInfo) -> None:
        self.archive = archive
        self.info = info
        self.name = str(PurePosixPath(printable(info.filename.replace("\\", "/"))))

    def refuse_untrusted(self) -> None:
        """Raise RefusedError for a path that leads out of the zip, and for an encrypted file."""
        label = self.archive.label
        if ".." in PurePosixPath(self.name).parts or re.match(r"/|[A-Za-z]:", self.name):
            raise refuse(label, "path", f'the zip holds a path that leads out of it: "{self.name}"')
        if self.info.flag_bits & 0x1:
            raise refuse(label, "readable", f'"{self.name}" is encrypted', advice=UNPACK_IT)

    def open(self) -> IO[bytes]:
        """The bytes as a stream; raises one of ``DAMAGE`` where they cannot be had."""
        if self.info.compress_type not in PACKED_BY:
            raise NotImplementedError("it is packed in a way that CMS does not use")
        return self.archive.opened().open(self.info)


class _BoundedFile(io.BufferedReader):
    """A file of which no more than ``most`` bytes are read at once."""

    most = LARGEST_LIST

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > self.most:
            raise zipfile.BadZipFile(f"its list of files has {size:,} bytes")
        return super().read(size)


def _open_bounded(path: Path) -> zipfile.ZipFile:
    """Open a zip; the list of its files, which is read whole, may declare any size."""
    file = _BoundedFile(io.FileIO(path))
    try:
        archive = zipfile.ZipFile(file)
    except BaseException:
        file.close()
        raise
    file.most = sys.maxsize
    return archive
