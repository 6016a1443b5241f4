"""One file from an address to a hidden file on disk, resumed where the server can do that.

The hidden file ``.NAME.part`` becomes a file of the raw folder only by ``keep``, in one step
and after it was checked. Beside it ``.NAME.part.json`` notes which version of which address
it is the beginning of.
"""

import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from pipeline.artefact import sha256_of
from pipeline.fetch.archive import check_zip
from pipeline.fetch.client import Client
from pipeline.fetch.errors import FetchError, TemporaryError, TooLargeError
from pipeline.state import replace_text

SIDECAR = ".source.json"

# The beginning of a file that was not continued for so long is removed, in seconds.
PART_KEPT = 7 * 24 * 3600

# How far a download is: bytes so far, and bytes in all where the server says.
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Version:
    """What a server says to tell one version of a file from the next; '' where it says nothing."""

    etag: str = ""
    last_modified: str = ""

    @property
    def if_changed(self) -> dict[str, str]:
        """Headers that ask for the file only if it is another version."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    @property
    def if_same(self) -> str:
        """What to send as If-Range; '' where a version cannot be told exactly."""
        return "" if self.etag.startswith("W/") else self.etag or self.last_modified


def version_of(response: httpx.Response) -> Version:
    """The version that an answer is of."""
    headers = response.headers
    return Version(headers.get("ETag", ""), headers.get("Last-Modified", ""))


@dataclass(frozen=True)
class Downloaded:
    """A whole, checked file at ``part``, with what its sidecar says."""

    part: Path
    url: str
    fetched_at: str
    sha256: str
    bytes: int
    version: Version


def part_of(folder: Path, name: str) -> Path:
    """Where a file is downloaded to before it gets its name."""
    return folder / f".{name}.part"


def download_zip(
    client: Client, url: str, part: Path, known: Version, progress: Progress
) -> Downloaded | None:
    """Download the zip at ``url`` to ``part`` and check it; None if it still is ``known``.

    Raises FetchError where it cannot be had whole. The beginning of a file stays for the next
    attempt only if the server broke off; whatever failed a check is removed.
    """
    return client.persist(lambda: _attempt(client, url, part, known, progress))


def _attempt(
    client: Client, url: str, part: Path, known: Version, progress: Progress
) -> Downloaded | None:
    begun = _begun_version(part, url)
    there = part.stat().st_size if begun.if_same else 0
    headers = known.if_changed
    if there:
        headers = {"Range": f"bytes={there}-", "If-Range": begun.if_same}
    # Compressed on the way, a file would have another length than the server says.
    headers["Accept-Encoding"] = "identity"
    with client.get(url, headers) as response:
        if response.status_code == 304 and known.if_changed and not there:
            return None
        version = _receive(client, response, part, url, there, progress)
    try:
        check_zip(part, url, client.manners)
    except FetchError:
        discard(part)
        raise
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Downloaded(part, url, now, sha256_of(part), part.stat().st_size, version)


def _receive(
    client: Client, response: httpx.Response, part: Path, url: str, there: int, progress: Progress
) -> Version:
    """Write the body of an answer to ``part``, behind the ``there`` bytes that it continues."""
    version = version_of(response)
    first, total = _place(response)
    if response.status_code == 200:
        there = 0
    elif response.status_code != 206 or first != there:
        discard(part)
        raise TemporaryError(
            f"{url} gave something else than the part of the file that was asked for."
        )
    if not there:
        discard(part)
        replace_text(_note(part), json.dumps({"url": url, **asdict(version)}))
    try:
        with part.open("ab") as file:
            for chunk in client.body(response, client.manners.largest_zip - there):
                file.write(chunk)
                progress(file.tell(), total)
            file.flush()
            os.fsync(file.fileno())
    except TooLargeError:
        discard(part)
        raise
    _refuse_wrong_length(part, url, total)
    return version


def _refuse_wrong_length(part: Path, url: str, total: int | None) -> None:
    size = part.stat().st_size
    if total is not None and size != total:
        discard(part)
        raise TemporaryError(f"{url} gave {size:,} bytes instead of {total:,}.")


def _place(response: httpx.Response) -> tuple[int, int | None]:
    """Where in the file the body begins, and the bytes of the whole file; None if not said."""
    found = re.match(r"bytes (\d+)-\d+/(\d+)$", response.headers.get("Content-Range", ""))
    if response.status_code == 206:
        return (int(found[1]), int(found[2])) if found else (-1, None)
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _begun_version(part: Path, url: str) -> Version:
    """Which version of ``url`` the part is the beginning of; none where that is not known."""
    try:
        note = json.loads(_note(part).read_text("utf-8"))
        if not part.exists() or note.pop("url") != url:
            return Version()
        return Version(**note)
    except (OSError, ValueError, KeyError, TypeError):
        return Version()


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def discard(part: Path) -> None:
    """Remove what was downloaded so far."""
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def discard_old_parts(folder: Path) -> None:
    """Remove beginnings of files that nobody continued for a week, or cannot continue."""
    for part in folder.glob(".*.part"):
        too_old = time.time() - part.stat().st_mtime > PART_KEPT
        if too_old or not _note(part).exists():
            discard(part)
    for note in folder.glob(".*.part.json"):
        if not note.with_suffix("").exists():
            note.unlink()


def keep(downloaded: Downloaded, target: Path) -> None:
    """Give a checked download its name, in one step, with its sidecar beside it.

    The sidecar comes first: one without its zip harms nobody, a zip without one has no origin.
    """
    sidecar = {
        "url": downloaded.url,
        "fetched_at": downloaded.fetched_at,
        "sha256": downloaded.sha256,
        "bytes": downloaded.bytes,
        **asdict(downloaded.version),
    }
    replace_text(target.with_name(target.name + SIDECAR), json.dumps(sidecar, indent=1) + "\n")
    downloaded.part.replace(target)
    discard(downloaded.part)
