"""Who reads the pages, and a label that would be markup if it were not escaped."""

from pathlib import Path

# What stands for a text of the AMA, which is shown only with the user's licence.
LICENSED = "A text that needs a licence"

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
