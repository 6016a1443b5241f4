"""What CMS's pages say: links to releases and their zips, read tolerantly, for any schedule.

CMS lists the releases of a schedule on one page or several (``?page=1``), mostly each with a page
of its own, which holds the link to the zip. That link leads through a license page, which names
the zip itself in ``file=`` (``/apps/ama/license.asp?file=/files/zip/rvu25a.zip``). A link counts
by what its address or its text says; what is not understood is passed over.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from pipeline.fetch.licence import is_licence_address
from pipeline.release.listing import Listing


@dataclass(frozen=True)
class Link:
    """A link of a page; ``licence_page`` is the page of CMS's licence that stands before ``url``."""

    url: str
    text: str
    licence_page: str = ""


@dataclass(frozen=True)
class Target:
    """What a link leads to: a release's zip, under a safe ``file_name``, or ('') a page about it."""

    release: str
    link: Link
    file_name: str


def links_of(html: str, base: str) -> list[Link]:
    """All links of a page that was read from the address ``base``, in the order of the page."""
    found = []
    for node in LexborHTMLParser(html).css("a[href]"):
        try:
            address = urljoin(base, (node.attributes["href"] or "").strip()).partition("#")[0]
            behind = parse_qs(urlsplit(address).query).get("file", [""])[0].strip()
            is_before = bool(behind) and is_licence_address(address)
            url, licence_page = (urljoin(base, behind), address) if is_before else (address, "")
        except ValueError:
            # A link that no browser could follow either.
            continue
        found.append(Link(url, " ".join(node.text().split()), licence_page))
    return found


def further_pages(links: list[Link], page: str) -> dict[int, str]:
    """The addresses of the pages of a listing that one of them links to, by their number.

    ``page`` is the address of that one, as it was read in the end: a listing that has moved leads
    on from where it is now.
    """
    found: dict[int, str] = {}
    path = urlsplit(page).path.rstrip("/").lower()
    for link in links:
        parts = urlsplit(link.url)
        number = parse_qs(parts.query).get("page", [""])[0]
        if parts.path.rstrip("/").lower() == path and re.fullmatch("[0-9]{1,3}", number):
            found.setdefault(int(number), link.url)
    return found


def targets(links: list[Link], listing: Listing) -> dict[str, dict[str, Target]]:
    """The zips and pages of releases that links lead to, by release and address."""
    found: dict[str, dict[str, Target]] = {}
    for link in links:
        target = target_of(link, listing)
        if target.release:
            found.setdefault(target.release, {}).setdefault(link.url, target)
    return found


def target_of(link: Link, listing: Listing) -> Target:
    """What a link leads to; its release is '' where that is none."""
    address = unquote(link.url)
    last = urlsplit(address).path.rstrip("/").rpartition("/")[2].lower()
    named = listing.zip_name.search(address)
    if named or last.endswith(".zip"):
        release = (listing.name_of(named[1]) if named else "") or listing.name_of(link.text)
        file_name = (named[1] if named else f"{release}.zip").lower()
        return Target(release, link, re.sub(r"[^a-z0-9._-]", "_", file_name))
    # With a dot it is a document (a PDF, say) about a release.
    release = "" if "." in last else listing.name_of(last) or listing.name_of(link.text)
    return Target(release, link, "")
