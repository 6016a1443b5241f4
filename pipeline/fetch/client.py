"""A polite HTTP client for one site: GET only, no cookies, few attempts, a wait before each.

Every request has an end, whatever the server does: a deadline for the whole of it, head, body
and redirects, and a bound on the body, which is refused where it is compressed. Every failure
leaves the client as a FetchError with a sentence.
"""

import asyncio
import os
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx

from pipeline import __version__
from pipeline.fetch.errors import FetchError, LicencePageError, OfflineError, TemporaryError
from pipeline.fetch.licence import is_licence_address

USER_AGENT = f"cms-fee-schedules/{__version__} (open data pipeline; python-httpx)"

# What the library reads of the environment.
OF_PROXIES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
OF_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True)
class Manners:
    """How patient and polite the client is: seconds, and bytes.

    ``waits`` stand before each attempt, or the longer one that the server asks for (Retry-After),
    which ``longest_wait`` bounds: beyond it there is no other attempt. ``longest_request`` bounds
    one attempt and ``longest_fetch`` all that one client asks. RVU zips have some 6 MB and pages
    less than 1 MB.
    """

    waits: tuple[float, ...] = (1, 5, 25)
    longest_wait: float = 60
    read_timeout: float = 30
    longest_request: float = 300
    longest_fetch: float = 6 * 3600
    largest_page: int = 5_000_000
    largest_zip: int = 100_000_000
    largest_unpacked: int = 1_000_000_000


@dataclass(frozen=True)
class Answer:
    """What a server answered: status (200 or 304), the address in the end, headers, body."""

    status: int
    url: str
    headers: httpx.Headers
    body: bytes


class Client:
    """Asks the site of ``base`` and, within it, follows where that leads."""

    def __init__(self, base: str, manners: Manners) -> None:
        self.manners = manners
        self._base = urlsplit(base)
        self._ends_at = time.monotonic() + manners.longest_fetch

    def is_same_site(self, url: str) -> bool:
        """Whether an address is of the site, or of a part of it, and as safe."""
        parts = urlsplit(url)
        site = (self._base.hostname or "").removeprefix("www.")
        is_site = f".{parts.hostname}".endswith(f".{site}")
        return is_site and parts.scheme in ("https", self._base.scheme)

    def secured(self, url: str) -> str:
        """The same address by https where the site is asked by https."""
        is_safe = self._base.scheme == "https"
        return url.replace("http://", "https://", 1) if is_safe and url.startswith("http:") else url

    def get(self, url: str, largest: int, headers: dict[str, str] | None = None) -> Answer:
        """What the server answers, after redirects within the site and new attempts.

        Raises LicencePageError where a redirect leads to a license page, which is not asked for,
        OfflineError without a connection and FetchError for anything else.
        """
        failure = TemporaryError(f"{url} was not asked.")
        for wait in self.manners.waits:
            if failure.wait > self.manners.longest_wait:
                break
            time.sleep(max(wait, failure.wait))
            try:
                return self._ask(url, largest, headers or {})
            except TemporaryError as error:
                failure = error
        raise failure

    def _ask(self, url: str, largest: int, headers: dict[str, str]) -> Answer:
        seconds = min(self.manners.longest_request, self._ends_at - time.monotonic())
        if seconds <= 0:
            raise FetchError(f"{url} was not asked any more: CMS is too slow; try later.")
        http = _http(self.manners.read_timeout)
        http.event_hooks["request"] = [self._guard]
        with _as_fetch_errors(url):
            answer = asyncio.run(_answer(http, url, headers, largest, seconds))
        if answer.status in (200, 304):
            return answer
        wait = _seconds_asked_for(answer.headers.get("Retry-After", ""))
        if answer.status >= 500 or (answer.status == 429 and wait):
            when = f"in {wait:,.0f} seconds, as it asks" if wait else "later"
            raise TemporaryError(f"{url} answered with HTTP {answer.status}; try {when}.", wait)
        raise FetchError(
            f"{url} answered with HTTP {answer.status}: open it in a browser, and if it works "
            "there, download it by hand into the raw folder."
        )

    async def _guard(self, request: httpx.Request) -> None:
        url = str(request.url)
        if not self.is_same_site(url):
            raise FetchError(f"CMS leads to another site, {url}, which is not followed.")
        if is_licence_address(url):
            raise LicencePageError(url)


async def _answer(
    http: httpx.AsyncClient, url: str, headers: dict[str, str], largest: int, seconds: float
) -> Answer:
    # The timeouts of the library begin anew with every byte, so this one stands around them.
    async with asyncio.timeout(seconds), http, http.stream("GET", url, headers=headers) as response:
        body = await _body(response, largest)
        return Answer(response.status_code, str(response.url), response.headers, body)


async def _body(response: httpx.Response, largest: int) -> bytes:
    """The bytes of an answer as they came."""
    encoding = response.headers.get("Content-Encoding", "")
    if encoding.lower() not in ("", "identity"):
        # Few bytes may unpack to any number.
        raise FetchError(f"{response.url} came compressed ({encoding}), which was not asked for.")
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > largest:
            raise FetchError(f"{response.url} has more than {largest:,} bytes, as nothing of CMS.")
    return bytes(body)


def _http(read_timeout: float) -> httpx.AsyncClient:
    with _reading_settings(OF_CERTIFICATES):
        certificates = _certificates()
    with _reading_settings(OF_PROXIES):
        return httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            timeout=read_timeout,
            # A cookie could say that a license was accepted, so none is kept and none is sent.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=True,
            max_redirects=5,
            verify=certificates,
        )


@contextmanager
def _reading_settings(names: tuple[str, ...]) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Each setting that the library does not understand fails in a way of its own.
        named = ", ".join(x for x in sorted(os.environ) if x.upper() in names) or "the system"
        raise FetchError(f"What {named} says cannot be used: {_cause(error)}.") from None


@cache
def _certificates() -> ssl.SSLContext:
    # Reading them takes a while, and they are the same for every request.
    return httpx.create_ssl_context()


@contextmanager
def _as_fetch_errors(url: str) -> Iterator[None]:
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        # It may be one to which a redirect led.
        host = error.request.url.host
        raise OfflineError(f"{host} cannot be reached ({_cause(error)}).") from None
    except (httpx.TimeoutException, TimeoutError):
        raise TemporaryError(f"{url} did not answer in time; try later.") from None
    except (httpx.TransportError, httpx.StreamError) as error:
        raise TemporaryError(f"{url} broke off: {_cause(error)}; try later.") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, ExceptionGroup) as error:
        # In a group comes what the sockets refuse, as they do a port that does not exist.
        raise FetchError(f"{url} is, or leads to, no address: {_cause(error)}.") from None


def _seconds_asked_for(text: str) -> float:
    """How long a server wants not to be asked, in seconds or until a day; 0 where that is not said."""
    if re.fullmatch("[0-9]{1,9}", text):
        return float(text)
    with suppress(ValueError):
        at = parsedate_to_datetime(text)
        return max(0.0, at.timestamp() - time.time())
    return 0.0


def _cause(error: Exception) -> str:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return str(error).rstrip(".") or type(error).__name__
