"""What was fetched, in the raw folder: each zip checked, named in one step, its origin beside it."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from secrets import token_hex

from pipeline.errors import RefusedError
from pipeline.fetch.errors import FetchError
from pipeline.read.zipped import DAMAGE, Entry, Zip

# Beside a zip that was fetched: where it comes from.
SIDECAR = ".source.json"

# What a fetch that was killed left half written is removed after a day, in seconds.
PART_KEPT = 24 * 3600

PIECE = 1 << 20

# What a sidecar says: url, fetched_at, sha256, bytes, etag, last_modified, licence_page,
# licence_accepted_at, acceptance_passed_on.
Origin = dict


def zips(raw: Path) -> list[Path]:
    """The zips that lie directly in the raw folder."""
    return sorted(path for path in raw.glob("*") if path.suffix.lower() == ".zip")


def origins(raw: Path) -> dict[str, Origin]:
    """What the sidecars say of zips that are still there, by address, with the name (``file``)."""
    found = []
    for path in zips(raw):
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
            origin = json.loads(path.with_name(path.name + SIDECAR).read_text("utf-8"))
            status = path.stat()
            if status.st_size == origin["bytes"]:
                age = (str(origin["fetched_at"]), status.st_mtime_ns)
                place = {"file": path.name, "sha256": str(origin["sha256"])}
                found.append((age, origin | place))
    return {str(origin["url"]): origin for _, origin in sorted(found, key=itemgetter(0))}


def is_as_fetched(raw: Path, origin: Origin) -> bool:
    """Whether the zip of an origin still has the bytes that were fetched, not their number alone."""
    with (raw / origin["file"]).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == origin["sha256"]


def zip_with(raw: Path, body: bytes) -> Path | None:
    """The zip that holds these bytes, whatever it is called; None where there is none."""
    for path in zips(raw):
        if path.is_file() and path.stat().st_size == len(body) and path.read_bytes() == body:
            return path
    return None


def keep(path: Path, body: bytes, origin: Origin, check: Callable[[Path], None]) -> Path:
    """Give bytes that pass ``check`` their name, in one step, and their origin.

    An earlier posting under that name stays; the new one then gets another.
    """
    part = _written(path.parent, body)
    try:
        check(part)
        if path.exists():
            path = path.with_name(f"{path.stem}-{origin['sha256'][:8]}.zip")
        # A sidecar without its zip harms nobody; a zip without one has no origin.
        write_origin(path, origin)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _written(raw: Path, body: bytes) -> Path:
    # Opened as any other file, so that the umask says who may read it; under a name of its own, as
    # another fetch may write beside this one.
    part = raw / f".{token_hex(8)}.part"
    try:
        with part.open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def write_origin(path: Path, origin: Origin) -> None:
    """Say beside a zip where it comes from."""
    part = _written(path.parent, f"{json.dumps(origin, indent=1)}\n".encode())
    try:
        part.replace(path.with_name(path.name + SIDECAR))
    finally:
        part.unlink(missing_ok=True)


def discard_old_parts(raw: Path) -> None:
    """Remove what a fetch that was killed left half written."""
    for part in raw.glob(".*.part"):
        # Another fetch may have named or removed it by now.
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > PART_KEPT:
                part.unlink()


def files_of_zip(path: Path, url: str, largest: int) -> list[Entry]:
    """The files of a zip that was read to its end; FetchError where it is no whole zip.

    ``largest`` is what all files together may unpack to, in bytes.
    """
    archive = Zip(path, url)
    try:
        unpacked = sum(entry.info.file_size for entry in archive.entries)
        if unpacked > largest:
            raise FetchError(f"{url} gave a zip of {unpacked:,} bytes unpacked, as none of CMS.")
        for entry in archive.entries:
            with entry.open() as file:
                while file.read(PIECE):
                    pass
        return archive.entries
    except RefusedError as error:
        raise FetchError(f"{url} gave no zip to be trusted: {error.findings[0].message}.") from None
    except (*DAMAGE, OSError) as error:
        raise FetchError(f"{url} gave a zip that cannot be read: {error}.") from None
    finally:
        archive.close()
