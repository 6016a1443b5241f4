"""Which releases CMS lists, and where their zips are: the links of CMS's pages, read tolerantly.

CMS lists the releases on one page, each with a page of its own, which holds the link to the
zip (sources: PFS_RULES section 1.1; andrewallenbruce/arkrvu ``R/downloads.R`` reads the same
pages). File names change their shape from posting to posting::

    .../PhysicianFeeSched/downloads/rvu03_a.zip          2003 to 2019
    /files/zip/rvu20a-updated-01312020.zip               2020 on
    /files/zip/rvu23a-updated-01/31/2023.zip             with slashes in the file's name
    /files/zip/rvu26a-updated-12-29-2025.zip

so a link counts by what its address or its text says anywhere, and what is not understood is
passed over.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from pipeline.pfs.identify import updated_on

CMS = "https://www.cms.gov"
LISTING_PATH = "/medicare/payment/fee-schedules/physician/pfs-relative-value-files"

# RVU25A, rvu03_a, rvu05a_r, rvu06ar2, rvu10c_pct22, rvu11b_2, PRREV05D.
RELEASE = re.compile(
    r"(?<![a-z0-9])(?P<kind>rvu|prrev)(?P<year>\d\d)[ _-]?"
    r"(?P<letter>[a-z][a-z]?\d?)(?P<rest>_(?:pct\d+|r|\d))?(?![a-z0-9])",
    re.IGNORECASE,
)

# The name of a zip within its address: from the release on, slashes included.
ZIP_NAME = re.compile(r"(?:^|[/=])((?:rvu|prrev)\d\d[^?&#]*\.zip)(?:$|[?&#])", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A link of a page: its whole address and its text."""

    url: str
    text: str


@dataclass(frozen=True)
class Posting:
    """One zip of a release; ``updated_on`` is the day that CMS names, None where it names none.

    ``file_name`` is safe as a file's name; neither it nor the address is a release's identity.
    """

    release: str
    url: str
    file_name: str
    updated_on: date | None


@dataclass
class Listed:
    """A release that a page lists: the addresses of its own pages, and its zips linked there."""

    release: str
    pages: list[str] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)


def listing_url(base: str = CMS) -> str:
    """The page that lists all releases, on CMS's site or a mirror of it."""
    return base.rstrip("/") + LISTING_PATH


def links_of(html: str, url: str) -> list[Link]:
    """All links of a page that was read from ``url``, in the order of the page."""
    found = []
    for node in LexborHTMLParser(html).css("a[href]"):
        href = (node.attributes["href"] or "").strip()
        try:
            address = urljoin(url, href).partition("#")[0]
        except ValueError:
            # A link that no browser could follow either.
            continue
        if address.startswith(("http://", "https://")):
            found.append(Link(address, " ".join(node.text().split())))
    return found


def release_name(text: str) -> str:
    """The release that an address, a text or a folder names, as in RVU25A; '' where none is."""
    found = RELEASE.search(unquote(text))
    if not found:
        return ""
    rest = (found["rest"] or "").upper()
    rest = "R" if rest == "_R" else rest
    return f"{found['kind']}{found['year']}{found['letter']}".upper() + rest


def age_key(release: str) -> tuple[int, str]:
    """What sorts releases from the oldest to the newest.

    Within a year letters decide (A January, B April, C July, D October), but for 12M (March).
    """
    found = RELEASE.search(release)
    if not found:
        return (0, "")
    letter = found["letter"].upper()
    return int(found["year"]), "AZ" if letter == "M" else letter + (found["rest"] or "").upper()


def read_listing(links: list[Link]) -> dict[str, Listed]:
    """The releases that the links of a page lead to, by name."""
    found: dict[str, Listed] = {}
    for link in links:
        posting = posting_of(link)
        name = posting.release if posting else _page_release(link)
        if not name:
            continue
        listed = found.setdefault(name, Listed(name))
        if posting and posting.url not in [known.url for known in listed.postings]:
            listed.postings.append(posting)
        elif not posting and link.url not in listed.pages:
            listed.pages.append(link.url)
    return found


def posting_of(link: Link) -> Posting | None:
    """The zip of a release that a link leads to, through a licence page or not; else None."""
    address = unquote(link.url)
    named = ZIP_NAME.search(address)
    is_zip = named or urlsplit(address).path.lower().endswith(".zip")
    name = release_name(named[1] if named else link.text)
    if not is_zip or not name:
        return None
    file_name = named[1] if named else f"{name}.zip"
    updated = updated_on(address) or updated_on(link.text)
    return Posting(name, link.url, _safe(file_name), updated)


def _page_release(link: Link) -> str:
    last = urlsplit(link.url).path.rstrip("/").rpartition("/")[2]
    if "." in last:
        # A document (a PDF, say) about a release.
        return ""
    return release_name(last) or release_name(link.text)


def _safe(file_name: str) -> str:
    return re.sub(r"[^a-z0-9._-]", "_", file_name.lower())
