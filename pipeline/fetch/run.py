"""One fetch: ask CMS what there is, and download what the raw folder lacks."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from pipeline.artefact import sha256_of
from pipeline.errors import LockedError, NotThereError, StorageError, UsageError
from pipeline.fetch.client import Client, Manners
from pipeline.fetch.download import (
    Downloaded,
    Progress,
    Version,
    discard,
    discard_old_parts,
    download_zip,
    keep,
    part_of,
    version_of,
)
from pipeline.fetch.errors import FetchError, OfflineError
from pipeline.fetch.licence import require_accepted
from pipeline.fetch.memory import KnownFile, KnownPage, Memory
from pipeline.pfs.listing import (
    CMS,
    Link,
    Listed,
    Posting,
    age_key,
    links_of,
    listing_url,
    posting_of,
    read_listing,
    release_name,
)
from pipeline.report import Report

# After so many failures in a row the server is left alone.
MOST_FAILURES = 3

# What shows how far a download is: entered with the name of the file, told by what it gives.
Bar = Callable[[str], AbstractContextManager[Progress]]


@dataclass(frozen=True)
class FetchOptions:
    """What to fetch: the ``releases`` named, or ``every`` one listed, else the latest.

    ``base`` is CMS's site or a mirror of it with the same paths.
    """

    raw: Path
    warehouse: Path
    releases: tuple[str, ...] = ()
    every: bool = False
    dry_run: bool = False
    base: str = CMS
    manners: Manners = field(default_factory=Manners)


@dataclass(frozen=True)
class Fetched:
    """What became of one zip that CMS lists.

    ``outcome`` is ``new``, ``unchanged`` since it was fetched, ``known`` (the raw folder has the
    same bytes under another name) or, in a dry run, ``would_fetch``. ``file`` is its place in
    the raw folder, '' in a dry run.
    """

    release: str
    url: str
    outcome: str
    file: str = ""
    bytes: int = 0
    sha256: str = ""


@dataclass
class FetchOutcome:
    """What a fetch did, and what it could not do."""

    fetched: list[Fetched] = field(default_factory=list)
    failures: list[FetchError] = field(default_factory=list)

    @property
    def new_files(self) -> list[str]:
        """The files that were put into the raw folder."""
        return [one.file for one in self.fetched if one.outcome == "new"]

    def raise_failure(self) -> None:
        """Raise the failure, or one that counts them; nothing where all went well."""
        if len(self.failures) == 1:
            raise self.failures[0]
        if self.failures:
            raise FetchError(
                f"{len(self.failures)} downloads failed; the first failure: {self.failures[0]}"
            )


@contextmanager
def no_bar(name: str) -> Iterator[Progress]:
    """Show nothing."""
    yield lambda done, total: None


def fetch(options: FetchOptions, report: Report, bar: Bar = no_bar) -> FetchOutcome:
    """Fetch what ``options`` name into the raw folder.

    Raises LicenceError before anything is asked of CMS, LockedError where another fetch runs,
    StorageError where a folder cannot be written, NotThereError for a release that CMS does not
    list, and FetchError where the list of releases cannot be had. A single zip that cannot be
    had is among the failures of the outcome.
    """
    state = options.warehouse / "state"
    require_accepted(state)
    if not options.raw.is_dir():
        raise UsageError(f"There is no folder {options.raw}: name the folder for CMS's files.")
    if not options.base.startswith(("https://", "http://")):
        raise UsageError(f"{options.base} is no address; write it as in {CMS}.")
    with _writing(options.raw), _locked(state):
        client = Client(options.base, options.manners)
        try:
            return _Fetch(options, client, Memory(state), report, bar).run()
        finally:
            client.close()


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    state.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(state / "fetch.lock", timeout=0):
            yield
    except Timeout:
        raise LockedError(
            "Another fetch for this warehouse is running; nothing was done."
        ) from None


@contextmanager
def _writing(raw: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or raw
        raise StorageError(f"{where} cannot be written or read: {error.strerror}.") from None


class _Fetch:
    """One run, with what all its steps need."""

    def __init__(
        self,
        options: FetchOptions,
        client: Client,
        memory: Memory,
        report: Report,
        bar: Bar,
    ) -> None:
        self.options = options
        self.client = client
        self.memory = memory
        self.report = report
        self.bar = bar
        self.outcome = FetchOutcome()
        self.failures_in_a_row = 0

    def run(self) -> FetchOutcome:
        url = listing_url(self.options.base)
        listed = read_listing(self._links(url))
        if not listed:
            raise FetchError(
                f"{url} lists no release that this program understands: the page has changed; "
                "download by hand into the raw folder."
            )
        wanted = self._wanted(listed)
        if not self.options.dry_run:
            discard_old_parts(self.options.raw)
        for posting in self._postings(wanted):
            with self._noting_failure():
                self._fetch(posting)
                self.failures_in_a_row = 0
            if self._is_hopeless():
                break
        if not self.outcome.failures:
            self.memory.note_asked()
        self.memory.save()
        return self.outcome

    def _wanted(self, listed: dict[str, Listed]) -> list[Listed]:
        names = sorted(listed, key=age_key, reverse=True)
        if self.options.every:
            return [listed[name] for name in names]
        if not self.options.releases:
            return [listed[names[0]]]
        unknown = [name for name in self.options.releases if release_name(name) not in listed]
        if unknown:
            raise NotThereError(
                f"CMS lists no release {unknown[0]} (it lists: {', '.join(names)})."
            )
        return [listed[name] for name in names if name in map(release_name, self.options.releases)]

    def _postings(self, wanted: list[Listed]) -> Iterator[Posting]:
        """Every zip of the releases, once; their pages are asked one after the other."""
        given: set[str] = set()
        for release in wanted:
            found = list(release.postings)
            for page in release.pages:
                with self._noting_failure():
                    found += self._zips_on(page, release.release)
                if self._is_hopeless():
                    return
            for posting in found:
                if posting.url not in given:
                    given.add(posting.url)
                    yield posting

    def _zips_on(self, page: str, release: str) -> list[Posting]:
        # A page may mention the zip of another release, too.
        postings = [posting for link in self._links(page) if (posting := posting_of(link))]
        found = [posting for posting in postings if posting.release == release]
        if not found:
            raise FetchError(f"{page} shows no zip of {release} (yet).")
        return found

    def _links(self, url: str) -> list[Link]:
        """The links of a page within the site; as remembered where the page is unchanged."""
        links = self.client.persist(lambda: self._read_page(url))
        return [link for link in links if self.client.is_same_site(link.url)]

    def _read_page(self, url: str) -> list[Link]:
        known = self.memory.pages.get(url)
        version = Version(known.etag, known.last_modified) if known else Version()
        with self.client.get(url, version.if_changed) as response:
            if known and response.status_code == 304:
                return [Link(*link) for link in known.links]
            body = b"".join(self.client.body(response, self.client.manners.largest_page))
            version = version_of(response)
            base = str(response.url)
        links = links_of(body.decode("utf-8", errors="replace"), base)
        # A page of CMS has some hundred links that lead elsewhere.
        links = [link for link in links if read_listing([link])]
        self.memory.pages[url] = KnownPage(
            version.etag, version.last_modified, [[link.url, link.text] for link in links]
        )
        return links

    @contextmanager
    def _noting_failure(self) -> Iterator[None]:
        try:
            yield
        except FetchError as error:
            self.outcome.failures.append(error)
            self.failures_in_a_row += 1

    def _is_hopeless(self) -> bool:
        failures = self.outcome.failures
        is_offline = bool(failures) and isinstance(failures[-1], OfflineError)
        return is_offline or self.failures_in_a_row >= MOST_FAILURES

    def _fetch(self, posting: Posting) -> None:
        raw = self.options.raw
        known = self.memory.files.get(posting.url)
        if known and not known.is_in(raw):
            known = None
        if self.options.dry_run:
            self._tell(posting, "unchanged" if known else "would_fetch", known)
            return
        version = Version(known.etag, known.last_modified) if known else Version()
        part = part_of(raw, posting.file_name)
        with self.bar(posting.file_name) as progress:
            downloaded = download_zip(self.client, posting.url, part, version, progress)
        if known and downloaded is None:
            self._tell(posting, "unchanged", known)
        elif downloaded:
            self._take(posting, downloaded, known)

    def _take(self, posting: Posting, downloaded: Downloaded, known: KnownFile | None) -> None:
        """Put what was downloaded into the raw folder, unless its bytes are there already."""
        raw = self.options.raw
        file = _same_in(raw, downloaded, posting.release)
        if file:
            discard(downloaded.part)
            outcome = "unchanged" if known and known.file == file else "known"
        else:
            file, outcome = _free_name(raw, posting, downloaded), "new"
            keep(downloaded, raw / file)
        version = downloaded.version
        now_known = KnownFile(
            version.etag, version.last_modified, file, downloaded.bytes, downloaded.sha256
        )
        self.memory.files[posting.url] = now_known
        self.memory.save()
        self._tell(posting, outcome, now_known)

    def _tell(self, posting: Posting, outcome: str, file: KnownFile | None) -> None:
        if file:
            fetched = Fetched(
                posting.release, posting.url, outcome, file.file, file.bytes, file.sha256
            )
            detail = f"{outcome}: {file.file}, {file.bytes:,} bytes"
        else:
            fetched = Fetched(posting.release, posting.url, outcome)
            detail = f"would be fetched from {posting.url}"
        self.outcome.fetched.append(fetched)
        self.report.step("fetch", posting.release, detail)


def _same_in(raw: Path, downloaded: Downloaded, release: str) -> str:
    """Where the raw folder holds the same bytes, as a zip or unpacked; '' where it does not."""
    for path in sorted(raw.rglob("*")):
        same_zip = (
            path.suffix.lower() == ".zip"
            and path.is_file()
            and path.stat().st_size == downloaded.bytes
            and sha256_of(path) == downloaded.sha256
        )
        named_alike = path.is_dir() and release_name(path.name) == release
        if same_zip or (named_alike and _is_unpacked(downloaded.part, path)):
            return path.relative_to(raw).as_posix()
    return ""


def _is_unpacked(archive: Path, folder: Path) -> bool:
    """Whether a folder holds files of the zip, each as it is there."""
    with zipfile.ZipFile(archive) as opened:
        members = {PurePosixPath(x.filename).name: x for x in opened.infolist() if not x.is_dir()}
    shared = [x for x in folder.rglob("*") if x.is_file() and x.name in members]
    return bool(shared) and all(
        zlib.crc32(path.read_bytes()) == members[path.name].CRC for path in shared
    )


def _free_name(raw: Path, posting: Posting, downloaded: Downloaded) -> str:
    """The name of a new file: another one where CMS put new bytes under an old address.

    What lies in the raw folder is never overwritten: the earlier posting stays beside.
    """
    if not (raw / posting.file_name).exists():
        return posting.file_name
    stem = posting.file_name.removesuffix(".zip")
    return f"{stem}-{downloaded.sha256[:8]}.zip"
