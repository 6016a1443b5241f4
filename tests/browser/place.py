"""Who reads the pages, and a label that would be markup if it were not escaped."""

from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

# What stands for a text of the AMA, which is shown only with the user's licence.
LICENSED = "A text that needs a licence"

PAGES = (
    "index.html", "code.html#92950", "code.html#45378", "code.html#86153", "code.html#99999",
    "section.html", "section.html#Medicine", "compare.html#92950,33952,99291", "changes.html",
    "critical-care.html", "claim.html", "claim.html#&claim=92950!!1!21!2025-10-01", "method.html#places",
)  # fmt: skip

HOSTILE = "</script><img src=x onerror=\"document.title='broken'\"><b>'&quot;"


class Reader:
    """Somebody who opens pages; what the browser complains of is kept in ``complaints``."""

    def __init__(self, page, site: Path) -> None:
        self.page = page
        self.site = site
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, address: str):
        """Open a page of the site, ``code.html#99291``, and wait until it is drawn."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.site.as_uri()}/{address}")
        self.page.wait_for_selector("body[data-ready]")
        return self.page

    def loaded_bytes(self) -> dict[str, int]:
        """Every file of the site that was asked for so far, with its size."""
        asked = {url.partition("#")[0] for url in self.requests if url.startswith("file:")}
        paths = [Path(url2pathname(urlsplit(url).path)) for url in asked]
        return {path.relative_to(self.site).as_posix(): path.stat().st_size for path in paths}

    def faults_of_accessibility(self) -> list[str]:
        """What axe-core finds, each with the first element that it is about."""
        self.page.wait_for_timeout(200)
        self.page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
        found = self.page.evaluate("() => axe.run(document, { preload: false })")["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]
