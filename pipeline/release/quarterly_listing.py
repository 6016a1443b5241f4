"""Where CMS lists files that it posts each quarter: their names have a month, or a year and quarter.

CMS names them anew every few years (sources: the lists that public loaders keep)::

    /files/zip/january-2025-asp-pricing-file-12/19/24-final-file.zip    with slashes in the name
    .../downloads/2018-Oct-ASC-Addenda.zip
    /files/zip/march-9-2024-asc-approved-hcpcs-code-and-payment-rates.zip
    /files/zip/medicare-ncci-2026-q2-practitioner-services-mue-table.zip
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import unquote

from pipeline.errors import RefusedError
from pipeline.read.sort import file_kinds, kinds_of, main_kind
from pipeline.read.zipped import Entry
from pipeline.release.identity import Identity
from pipeline.release.listing import Listing
from pipeline.release.quarter import Quarter, month_number, quarter_named, quarter_of_month

# Where a name says no quarter, that of a day in it: march-9-2024-asc, 2019-10-15-ASC-Addenda.
MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![a-z]){MONTH}[ _-]*(?:\d\d?,?[ _-]+)?(?:20)?(?P<year>\d\d)(?!\d)",
        rf"(?<!\d)20(?P<year>\d\d)[ _-]*{MONTH}",
        r"(?<!\d)20(?P<year>\d\d)-(?P<number>[01]\d)-[0-3]\d(?!\d)",
    )
)

# The name of a zip within its address, slashes included.
ZIP_NAME = re.compile(r"/(?:files/zip|downloads)/([^?&#]+\.zip)(?:$|[?&#])", re.IGNORECASE)

Identify = Callable[[list[str], str, str], Identity]


def quarterly_listing(
    schedule: str,
    path: str,
    topic: str,
    identify: Identify,
    suffix_of: Callable[[str], str] = lambda _: "",
    quarter_in: Callable[[str], Quarter | None] | None = None,
) -> Listing:
    """The listing of a schedule whose releases are named after quarters (ASP25Q1).

    ``topic`` is a regular expression of the words of its files, where a page lists others too;
    ``suffix_of`` gives what ends the name of a release, and ``quarter_in`` year and quarter, where
    names say them in a way of their own.
    """
    prefix, words = schedule.upper(), re.compile(topic, re.IGNORECASE)
    own_name = re.compile(rf"{prefix}\d\dQ[1-4][A-Z]?", re.IGNORECASE)

    def name_of(text: str) -> str:
        plain = unquote(text).strip()
        if own_name.fullmatch(plain):
            return plain.upper()
        found = (quarter_in or quarter_of_zip)(plain) if words.search(plain) else None
        return f"{prefix}{found[0] % 100:02d}Q{found[1]}{suffix_of(plain)}" if found else ""

    return Listing(path, name_of, age_key, ZIP_NAME, partial(other_release, schedule, identify))


def quarter_of_zip(text: str) -> Quarter | None:
    """The year and the quarter that the name of a zip says, or that of a day in it; else None."""
    return quarter_named(text) or _quarter_of_day(text)


def _quarter_of_day(text: str) -> Quarter | None:
    for pattern in DAYS:
        found = pattern.search(text)
        if not found:
            continue
        said = found.groupdict()
        month = month_number(said["month"]) if said.get("month") else int(said["number"])
        if 1 <= month <= 12:
            return 2000 + int(said["year"]), quarter_of_month(month)
    return None


def age_key(release: str) -> tuple[int, int]:
    """What sorts releases from the oldest to the newest: those of one quarter are as old."""
    found = re.search(r"(\d\d)Q([1-4])", release)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def other_release(schedule: str, identify: Identify, release: str, entries: list[Entry]) -> str:
    """The release that a zip holds instead of ``release`` by what its main files say; else ''."""
    said = list(_releases_in(entries, schedule, identify))
    return "" if release in said else next(iter(said), "")


def _releases_in(entries: list[Entry], schedule: str, identify: Identify) -> Iterator[str]:
    """The release that each main file of a zip says it is of."""
    # Whoever only asks what schedules there are need not wait for what reads files.
    from pipeline.read.file import read_head

    main = main_kind(schedule)
    layouts = tuple(file_kinds()[main].layouts)
    for entry in entries:
        named = [kind for kind in kinds_of(entry.name.rpartition("/")[2]) if kind.name == main]
        for kind in named:
            label = f"{entry.name} [{kind.sheet}]" if kind.sheet else entry.name
            with entry.open() as file:
                data = file.read()
            try:
                yield identify(read_head(data, label, layouts), "", label).release_id
            except RefusedError:
                # What is wrong with a file is said by the refresh that reads it.
                continue
