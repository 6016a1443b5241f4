"""A server on this computer that serves pages in CMS's shape, and misbehaves as told.

Each address has an answer, a function of a handler; ``in_turn`` gives another one each time.
Every request is kept, so that a test can say what was sent.
"""

import gzip
import io
import socket
import threading
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pipeline.schedules.pfs.listing import LISTING

LISTING_PATH = LISTING.path

# The head of a page of CMS, with links that lead to no release.
PAGE = """<!DOCTYPE html><html lang="en"><head><title>PFS Relative Value Files | CMS</title>
<link rel="canonical" href="https://www.cms.gov{path}"></head><body>
<nav><a href="/">Home</a><a href="/medicare">Medicare</a><a href="#main">Skip</a>
<a href="mailto:x@cms.hhs.gov">Mail</a><a href="http://[broken">Broken</a></nav>
<main id="main">{links}</main></body></html>"""

LICENCE_PAGE = (
    b"<html><body><h1>License for Use</h1><form method=get><input type=hidden name=agree value=yes>"
    b"<input type=submit name=next value=Accept></form></body></html>"
)

# What the button of that page adds to an address.
ACCEPTED = "?agree=yes&next=Accept"


@dataclass(frozen=True)
class Request:
    """What was sent to the server."""

    method: str
    path: str
    headers: dict[str, str]


class Handler(BaseHTTPRequestHandler):
    """Gives the answer of an address; notes every method and refuses all but GET and HEAD."""

    server: "Server"

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(Request(self.command, self.path, headers))
        answer = self.server.answers.get(self.path, status(404))
        # The client may hang up.
        with suppress(BrokenPipeError, ConnectionResetError):
            answer(self)

    def do_POST(self) -> None:
        self.server.requests.append(Request(self.command, self.path, {}))
        status(405)(self)

    do_HEAD = do_GET
    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_POST

    def log_message(self, format: str, *arguments: object) -> None:
        """Stay silent."""

    def reply(self, code: int, headers: dict[str, str], body: bytes = b"") -> None:
        """Send an answer; Content-Length is the true one unless given ('' for none)."""
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


Answer = Callable[[Handler], None]


class Server(ThreadingHTTPServer):
    """The server; ``stopping`` ends answers that wait."""

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def base(self) -> str:
        """The address of the server."""
        host, port = self.server_address[:2]
        return f"http://[{host}]:{port}" if ":" in str(host) else f"http://{host}:{port}"

    def stop(self) -> None:
        """End it; nobody listens at the address afterwards."""
        self.stopping.set()
        self.shutdown()
        self.thread.join()
        self.server_close()

    def list_releases(self, *names: str, more: str = "", page_number: int = 0) -> None:
        """Let a listing page lead to a page for each release, as CMS's table of files does."""
        rows = "".join(
            f'<tr><td><a href="{LISTING_PATH}/{name.lower()}">{name}</a></td><td>2025</td></tr>'
            for name in names
        )
        address = LISTING_PATH + (f"?page={page_number}" if page_number else "")
        self.answers[address] = page(f"<table>{rows}</table>{more}")

    def offer(self, name: str, path: str, answer: Answer, text: str = "", href: str = "") -> None:
        """Give a release its page with one zip, as CMS's pages have it: through a licence page."""
        href = href or f" /apps/ama/license.asp?file={path}"
        item = (
            f'<li class="field__item"><a href="{href}" hreflang="en">{text or name} (ZIP)</a></li>'
        )
        self.answers[f"{LISTING_PATH}/{name.lower()}"] = page(f"<ul>{item}</ul>")
        self.answers[path] = answer

    def paths(self, contained: str = "") -> list[str]:
        """The addresses that were asked for, in order."""
        return [request.path for request in self.requests if contained in request.path]


def zip_of(label: str, size: int = 3000) -> bytes:
    """A zip with one file of a release's name, not compressed, with figures of no meaning."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        entry = zipfile.ZipInfo(f"PPRRVU_{label}.csv", date_time=(2025, 1, 1, 0, 0, 0))
        archive.writestr(entry, (f"{label}," * size)[:size])
    return content.getvalue()


def bomb_of(size: int) -> bytes:
    """A small zip that unpacks to ``size`` bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("PPRRVU.csv", b"0" * size)
    return content.getvalue()


def status(code: int, **headers: str) -> Answer:
    """Only a status, with headers (``Retry_After`` is Retry-After)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.reply(code, named)


def page(links: str) -> Answer:
    """A page of CMS with these links."""

    def answer(handler: Handler) -> None:
        body = PAGE.format(path=handler.path, links=links).encode()
        # Whoever kept this cookie would look as if a licence had been accepted.
        headers = {"Content-Type": "text/html", "Set-Cookie": "license=accepted"}
        handler.reply(200, headers, body)

    return answer


def html(body: bytes) -> Answer:
    """A page with status 200 where something else was asked for."""
    return lambda handler: handler.reply(200, {"Content-Type": "text/html"}, body)


def redirect(target: str) -> Answer:
    """An answer that leads elsewhere."""
    return status(302, Location=target)


def file(data: bytes, etag: str = '"1"') -> Answer:
    """A file with an ETag ('' for none), which is not sent again to those who have it."""

    def answer(handler: Handler) -> None:
        if etag and handler.headers.get("If-None-Match") == etag:
            handler.reply(304, {"ETag": etag, "Content-Length": ""})
        else:
            handler.reply(200, {"ETag": etag, "Content-Type": "application/zip"}, data)

    return answer


def packed(data: bytes, layers: int) -> Answer:
    """Bytes in layers of gzip, which a library may unpack without being asked."""
    for _ in range(layers):
        data = gzip.compress(data, mtime=0)
    encoding = ", ".join(["gzip"] * layers)
    return lambda handler: handler.reply(200, {"Content-Encoding": encoding}, data)


def broken_off(data: bytes, sent: int, length: str | None = None) -> Answer:
    """The first ``sent`` bytes of a file, and then the connection is closed.

    ``length`` is what Content-Length says instead of the truth; '' leaves it out.
    """
    said = str(len(data)) if length is None else length
    return lambda handler: handler.reply(200, {"Content-Length": said}, data[:sent])


def drip(data: bytes, seconds: float) -> Answer:
    """Bytes of which one comes after the other, head or body, each after a wait."""

    def answer(handler: Handler) -> None:
        for byte in data:
            if handler.server.stopping.wait(seconds):
                return
            handler.wfile.write(bytes([byte]))

    return answer


def silent(seconds: float) -> Answer:
    """No answer for a while, and then none."""
    return lambda handler: handler.server.stopping.wait(seconds) and None


def in_turn(*answers: Answer) -> Answer:
    """The first answer, then the second, and so on; the last one stays."""
    left = list(answers)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)
