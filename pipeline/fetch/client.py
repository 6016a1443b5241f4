"""A polite HTTP client: GET only, no cookies, few attempts, a pause between requests.

Knows addresses and answers, and nothing of releases or of what is in a file. Every failure
leaves it as a FetchError with a sentence.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

from pipeline import __version__
from pipeline.fetch.errors import (
    FetchError,
    LicencePageError,
    OfflineError,
    TemporaryError,
    TooLargeError,
)

USER_AGENT = f"cms-fee-schedules/{__version__} (open data pipeline; python-httpx)"

# 301, 302, 303, 307 and 308 lead to another address.
REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 5

# What may be gone at the next attempt, besides everything from 500 on.
TEMPORARY = {408, 425, 429}

Result = TypeVar("Result")


@dataclass(frozen=True)
class Manners:
    """How patient and how polite the client is; all times are in seconds.

    ``longest_wait`` is the most that is waited between two attempts, and ``longest_download``
    the most that one answer may take; the sizes are in bytes. RVU zips have some 6 MB,
    unpacked some 25 MB, and CMS's pages less than 1 MB.
    """

    attempts: int = 4
    pause: float = 1
    first_wait: float = 1
    longest_wait: float = 60
    connect_timeout: float = 10
    read_timeout: float = 30
    longest_download: float = 900
    largest_page: int = 5_000_000
    largest_zip: int = 200_000_000
    largest_unpacked: int = 1_000_000_000
    most_members: int = 500


def is_licence_address(url: str) -> bool:
    """Whether an address is a licence page of CMS, or would itself accept a licence.

    Known forms are ``/apps/ama/license.asp?file=...``, ``/license/ama?file=...`` and the
    ``?agree=yes`` that the button of such a page adds to the address of a file.
    """
    parts = urlsplit(url.lower())
    return "license" in parts.path or "licence" in parts.path or "agree=" in parts.query


class Client:
    """Asks one site, and never anything that would accept a licence.

    ``sleep`` is how to wait, for tests that do not want to.
    """

    def __init__(
        self,
        base_url: str,
        manners: Manners | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.manners = manners or Manners()
        self._base = urlsplit(base_url)
        self._sleep = sleep
        self._asked_at = -self.manners.pause
        timeout = httpx.Timeout(self.manners.read_timeout, connect=self.manners.connect_timeout)
        self._http = httpx.Client(
            headers={"User-Agent": USER_AGENT},
            timeout=timeout,
            cookies=_no_cookies(),
            verify=_certificates(),
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def persist(self, attempt: Callable[[], Result]) -> Result:
        """Call ``attempt`` until it succeeds, fails for good, or has failed often enough."""
        retrying = Retrying(
            stop=stop_after_attempt(self.manners.attempts),
            wait=self._wait,
            retry=retry_if_exception_type(TemporaryError),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(attempt)

    def is_same_site(self, url: str) -> bool:
        """Whether an address is of the site that was asked for, or of a part of it."""
        host = urlsplit(url).hostname or ""
        site = (self._base.hostname or "").removeprefix("www.")
        return host == site or host.endswith(f".{site}")

    def secured(self, url: str) -> str:
        """The same address by https where the site is asked by https."""
        if self._base.scheme == "https" and url.startswith("http://"):
            return "https://" + url.removeprefix("http://")
        return url

    @contextmanager
    def get(self, url: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """Ask for ``url`` and give the answer (status 200, 206, 304 or 416), its body unread.

        Follows redirects within the site. Raises LicencePageError where they lead to a
        licence, TemporaryError for what may pass, OfflineError without a connection and
        FetchError for anything else. The body is to be read by ``body``.
        """
        with _as_fetch_errors(url):
            response = self._follow(url, headers)
            try:
                yield response
            finally:
                response.close()

    def body(self, response: httpx.Response, largest: int) -> Iterator[bytes]:
        """The bytes of an answer as they come.

        Raises TooLargeError beyond ``largest`` bytes, and FetchError where it takes too long.
        """
        said = response.headers.get("Content-Length", "")
        length = int(said) if said.isdigit() else 0
        received = 0
        ends_at = time.monotonic() + self.manners.longest_download
        if length > largest:
            raise _too_large(response, length, largest)
        for chunk in response.iter_bytes():
            received += len(chunk)
            if received > largest:
                raise _too_large(response, received, largest)
            if time.monotonic() > ends_at:
                seconds = self.manners.longest_download
                raise FetchError(f"{response.url} took longer than {seconds:,.0f} s; try later.")
            yield chunk

    def _follow(self, url: str, headers: dict[str, str]) -> httpx.Response:
        for _ in range(MOST_REDIRECTS + 1):
            response = self._ask(self.secured(url), headers)
            if response.status_code not in REDIRECTS:
                return _accepted(response)
            response.close()
            target = urljoin(url, response.headers.get("Location", ""))
            if not self.is_same_site(target):
                raise FetchError(f"{url} leads to another site, {target}, which is not followed.")
            url = target
        raise FetchError(f"{url} leads from one address to the next without end.")

    def _ask(self, url: str, headers: dict[str, str]) -> httpx.Response:
        if is_licence_address(url):
            raise LicencePageError(url)
        waited = time.monotonic() - self._asked_at
        if waited < self.manners.pause:
            self._sleep(self.manners.pause - waited)
        self._asked_at = time.monotonic()
        response = self._http.send(
            self._http.build_request("GET", url, headers=headers), stream=True
        )
        if response.status_code in TEMPORARY or response.status_code >= 500:
            response.close()
            raise self._temporary(response)
        return response

    def _temporary(self, response: httpx.Response) -> FetchError:
        message = f"{response.url} answered with HTTP {response.status_code}; try later."
        seconds = _retry_after(response.headers.get("Retry-After", ""))
        if seconds > self.manners.longest_wait:
            return FetchError(f"{message} The server asks to wait {seconds:,.0f} s.")
        return TemporaryError(message, seconds)

    def _wait(self, state: RetryCallState) -> float:
        manners = self.manners
        backoff = wait_exponential_jitter(
            multiplier=manners.first_wait, max=manners.longest_wait, jitter=manners.first_wait
        )
        error = state.outcome.exception() if state.outcome else None
        return max(backoff(state), getattr(error, "retry_after", 0))


@cache
def _certificates() -> ssl.SSLContext:
    # Reading them takes a while, and they are the same for every client.
    return httpx.create_ssl_context()


def _no_cookies() -> CookieJar:
    # A cookie could say that a licence was accepted, so none is kept and none is sent.
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


@contextmanager
def _as_fetch_errors(url: str) -> Iterator[None]:
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        host = urlsplit(url).hostname
        raise OfflineError(f"{host} cannot be reached ({_cause(error)}).") from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise FetchError(f"{url} is no address to fetch from: {_cause(error)}.") from None
    except httpx.TimeoutException:
        raise TemporaryError(f"{url} did not answer in time; try later.") from None
    except httpx.HTTPError as error:
        raise TemporaryError(f"{url} broke off: {_cause(error)}; try later.") from None


def _cause(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


def _accepted(response: httpx.Response) -> httpx.Response:
    if response.status_code in (200, 206, 304, 416):
        return response
    response.close()
    raise FetchError(
        f"{response.url} answered with HTTP {response.status_code}: open it in a browser, and if "
        "it works there, download it by hand into the raw folder."
    )


def _too_large(response: httpx.Response, size: int, largest: int) -> TooLargeError:
    return TooLargeError(
        f"{response.url} is larger than anything that CMS puts there ({size:,} bytes or more, "
        f"at most {largest:,} are taken)."
    )


def _retry_after(text: str) -> float:
    """Seconds to wait, from a number of seconds or a date; 0 where the header says neither."""
    if text.strip().isdigit():
        return float(text)
    try:
        wanted = parsedate_to_datetime(text)
    except ValueError:
        return 0
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=UTC)
    return max(0.0, (wanted - datetime.now(UTC)).total_seconds())
