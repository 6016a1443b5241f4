"""One fetch: ask CMS what there is, and download what the raw folder lacks."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import httpx

from pipeline.errors import NotThereError, StorageError, UsageError, exists
from pipeline.fetch.client import Answer, Client, Manners
from pipeline.fetch.errors import FetchError, LicencePageError, OfflineError
from pipeline.fetch.licence import ACCEPTANCE, is_licence_page, require_accepted
from pipeline.fetch.licence import Answer as Accepted
from pipeline.fetch.listing import Link, Target, further_pages, links_of, targets
from pipeline.fetch.memory import Memory
from pipeline.fetch.raw import (
    discard_old_parts,
    files_of_zip,
    is_as_fetched,
    keep,
    origins,
    write_origin,
    zip_with,
)
from pipeline.release.listing import Listing
from pipeline.report import Report
from pipeline.store.state import now

CMS = "https://www.cms.gov"

# A site, or a folder of one.
ADDRESS = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]+)?(/[^?#]*)?", re.IGNORECASE)

# CMS lists some 110 releases; a listing of more pages than this has no end.
MOST_PAGES = 50

# After so many failures the server is left alone.
MOST_FAILURES = 3

# So much of a page is looked at to tell a license from another page, in bytes.
PAGE_HEAD = 200_000


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
    schedule: str = "pfs"


@dataclass(frozen=True)
class Fetched:
    """What became of one zip that CMS lists.

    ``outcome`` is ``new``, ``unchanged`` since it was fetched, ``known`` (the raw folder has the
    same bytes under another name) or, in a dry run, ``would_fetch``. ``file`` is its name in the
    raw folder, '' in a dry run.
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

    def add(self, step: Callable[[], "FetchOutcome"]) -> None:
        """Take in what another fetch did; that it failed as a whole is one of the failures.

        Without a connection nothing further is to be asked: OfflineError is raised.
        """
        try:
            other = step()
        except OfflineError:
            raise
        except FetchError as error:
            other = FetchOutcome(failures=[error])
        self.fetched += other.fetched
        self.failures += other.failures

    @property
    def new_files(self) -> list[str]:
        """The files that were put into the raw folder."""
        return [one.file for one in self.fetched if one.outcome == "new"]

    def raise_failure(self) -> None:
        """Raise the failure, or one that counts them; nothing where all went well."""
        if len(self.failures) > 1:
            count = len(self.failures)
            raise FetchError(f"{count} downloads failed; the first failure: {self.failures[0]}")
        if self.failures:
            raise self.failures[0]


def fetch(options: FetchOptions, report: Report) -> FetchOutcome:
    """Fetch what ``options`` name into the raw folder.

    Raises LicenceError before anything is asked of CMS, StorageError where a folder cannot be
    written, NotThereError for a release that CMS does not list, and FetchError where the list of
    releases cannot be had. A single zip that cannot be had is among the failures of the outcome.
    """
    accepted = require_accepted(options.warehouse / "state")
    if not (exists(options.raw) and options.raw.is_dir()):
        raise UsageError(f"There is no folder {options.raw}: make it, or name another with --raw.")
    if "@" in options.base:
        # A password may stand before it, so the address is not repeated.
        raise UsageError(f"An address is given without name and password; write it as in {CMS}.")
    if not ADDRESS.fullmatch(options.base):
        raise UsageError(f"{options.base} is no address; write it as in {CMS}.")
    try:
        return _Fetch(options, report, accepted).run()
    except OSError as error:
        where = error.filename or options.raw
        raise StorageError(f"{where} cannot be written or read: {error.strerror}.") from None


def listings() -> dict[str, Listing]:
    """Where CMS lists the releases of each schedule that can be fetched."""
    # The schedules bring libraries along that a refresh sets up before it imports them.
    from pipeline.schedules.all import SCHEDULES

    return {one.name: one.listing for one in SCHEDULES if one.listing}


def schedule_of(release: str) -> str:
    """The schedule of which a release is by its name, '' where it is of none that is fetched."""
    named = (name for name, listing in listings().items() if listing.name_of(release))
    return next(named, "")


def listing_of(schedule: str) -> Listing:
    """Where CMS lists the releases of a schedule; UsageError where that is not known."""
    known = listings()
    if schedule not in known:
        raise UsageError(f"Nothing is fetched for {schedule} (only for: {', '.join(known)}).")
    return known[schedule]


class _Fetch:
    """One run, with what all its steps need."""

    def __init__(self, options: FetchOptions, report: Report, accepted: Accepted) -> None:
        self.options = options
        self.report = report
        self.accepted = accepted
        self.listing = listing_of(options.schedule)
        self.client = Client(options.base, options.manners)
        self.known = origins(options.raw)
        self.outcome = FetchOutcome()
        self.done: set[str] = set()
        self.waiting: list[Target] = []

    def run(self) -> FetchOutcome:
        listed = targets(self._listed_links(), self.listing)
        if not self.options.dry_run:
            discard_old_parts(self.options.raw)
        self.waiting = [target for name in self._wanted(listed) for target in listed[name].values()]
        while self.waiting and len(self.outcome.failures) < MOST_FAILURES:
            target = self.waiting.pop(0)
            if target.link.url in self.done:
                continue
            self.done.add(target.link.url)
            try:
                self.waiting = self._fetch(target) + self.waiting
            except FetchError as error:
                self.outcome.failures.append(error)
                if isinstance(error, OfflineError):
                    break
        # Of what was only looked at, or is one release of many, a refresh may have more to fetch.
        if not (self.outcome.failures or self.options.dry_run or self.options.releases):
            memory = Memory.read(self.options.warehouse / "state")
            memory.asked_at, memory.failed_at, memory.failure = now(), "", ""
            memory.write(self.options.warehouse / "state")
        return self.outcome

    def _listed_links(self) -> list[Link]:
        """The links of all pages of the listing."""
        links: list[Link] = []
        asked: set[int] = set()
        pages = {0: self.options.base.rstrip("/") + self.listing.path}
        while len(asked) < MOST_PAGES and (left := sorted(set(pages) - asked)):
            address, found = self._links(pages[left[0]])
            asked.add(left[0])
            pages = further_pages(found, address) | pages
            links += found
        return links

    def _links(self, url: str) -> tuple[str, list[Link]]:
        """The address of a page, after redirects, and its links within the site."""
        page = self.client.get(url, self.options.manners.largest_page)
        links = links_of(page.body.decode("utf-8", errors="replace"), page.url)
        secured = [replace(link, url=self.client.secured(link.url)) for link in links]
        return page.url, [link for link in secured if self.client.is_same_site(link.url)]

    def _wanted(self, listed: dict[str, dict[str, Target]]) -> list[str]:
        names = sorted(listed, key=self.listing.age_of, reverse=True)
        if not names:
            raise FetchError(
                f"{self.listing.path} lists no release that this program understands: the page "
                "has changed; download by hand into the raw folder."
            )
        asked = {self.listing.name_of(text): text for text in self.options.releases}
        unknown = [text for name, text in asked.items() if name not in listed]
        if unknown:
            raise NotThereError(
                f"CMS lists no release {unknown[0]} (it lists: {', '.join(names)})."
            )
        if self.options.every:
            return names
        if asked:
            return [name for name in names if name in asked]
        # Of a schedule that posts several releases a quarter, the latest are all of its newest.
        newest = self.listing.age_of(names[0])
        return [name for name in names if self.listing.age_of(name) == newest]

    def _fetch(self, target: Target) -> list[Target]:
        """Fetch a zip, or give the zips that the page of a release leads to."""
        if target.file_name:
            self._fetch_zip(target)
            return []
        # A page may mention the zip of another release, too.
        _, links = self._links(target.link.url)
        found = targets(links, self.listing).get(target.release, {})
        zips = [one for one in found.values() if one.file_name]
        if not zips:
            raise FetchError(f"{target.link.url} shows no zip of {target.release} (yet).")
        return zips

    def _fetch_zip(self, target: Target) -> None:
        url = target.link.url
        known = self.known.get(url, {})
        if known and not is_as_fetched(self.options.raw, known):
            # It was damaged or changed since, so the server is not told that it is there.
            del self.known[url]
            known = {}
        if self.options.dry_run:
            self._tell(target, "unchanged" if known else "would_fetch", known)
            return
        self.report.start("fetch", target.file_name)
        try:
            answer, is_passed_on = self._zip_at(url, url, known), False
        except LicencePageError:
            accepted = str(httpx.URL(url).copy_merge_params(ACCEPTANCE))
            answer, is_passed_on = self._zip_at(url, accepted, known), True
        if known and answer.status == 304:
            self._tell(target, "unchanged", known)
        else:
            self._take(target, answer, is_passed_on)

    def _zip_at(self, url: str, asked: str, known: dict) -> Answer:
        headers = {
            "If-None-Match": known.get("etag"),
            "If-Modified-Since": known.get("last_modified"),
        }
        # What no header can hold is left out, which costs a download.
        texts = {name: str(value) for name, value in headers.items() if value}
        given = {name: x for name, x in texts.items() if x.isascii() and x.isprintable()}
        answer = self.client.get(asked, self.options.manners.largest_zip, given)
        head = answer.body[:PAGE_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
        if head.startswith(b"<") and is_licence_page(head):
            raise LicencePageError(url)
        if head.startswith(b"<"):
            raise FetchError(
                f"{url} gave a web page instead of a zip: open it in a browser, and if a zip is "
                "offered there, put that into the raw folder."
            )
        return answer

    def _take(self, target: Target, answer: Answer, is_passed_on: bool) -> None:
        """Put what was downloaded into the raw folder, checked, unless it is there already."""
        body = answer.body
        origin = {
            "url": target.link.url,
            "fetched_at": now(),
            "sha256": hashlib.sha256(body).hexdigest(),
            "bytes": len(body),
            "etag": answer.headers.get("ETag", ""),
            "last_modified": answer.headers.get("Last-Modified", ""),
            "licence_page": target.link.licence_page,
            "licence_accepted_at": self.accepted.answered_at,
            "acceptance_passed_on": is_passed_on,
        }
        known = self.known.get(target.link.url, {})
        raw = self.options.raw
        path = zip_with(raw, body)
        if path is None:
            check = partial(self._check, target)
            path, outcome = keep(raw / target.file_name, body, origin, check), "new"
        elif path.name == known.get("file"):
            outcome, origin["fetched_at"] = "unchanged", known["fetched_at"]
        else:
            outcome = "known"
        placed = origin | {"file": path.name}
        if known != placed and not (outcome == "known" and self._has_other_address(path)):
            write_origin(path, origin)
            self.known[target.link.url] = placed
        self._tell(target, outcome, placed)

    def _has_other_address(self, path: Path) -> bool:
        """Whether a zip has its origin from another address that CMS still lists.

        It stays, or two addresses of the same bytes would take turns in it from run to run, and
        with them the days by which postings are ordered.
        """
        listed = self.done | {target.link.url for target in self.waiting}
        return any(x["file"] == path.name and url in listed for url, x in self.known.items())

    def _check(self, target: Target, part: Path) -> None:
        largest = self.options.manners.largest_unpacked
        entries = files_of_zip(part, target.link.url, largest)
        other = self.listing.other_release(target.release, entries)
        if other:
            raise FetchError(f"{target.link.url} gave the release of {other} instead.")

    def _tell(self, target: Target, outcome: str, origin: dict) -> None:
        place = {name: origin[name] for name in ("file", "bytes", "sha256") if name in origin}
        self.outcome.fetched.append(Fetched(target.release, target.link.url, outcome, **place))
        detail = f"would be fetched from {target.link.url}"
        if place:
            detail = f"{outcome}: {origin['file']}, {origin['bytes']:,} bytes"
        self.report.step("fetch", target.release, detail)
