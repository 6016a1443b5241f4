"""What the tests of fetching share: one release, and a fetch that proves that nothing is half there."""

import hashlib
import json
import re
import zipfile
from pathlib import Path

from pipeline.fetch.client import Manners
from pipeline.fetch.errors import FetchError
from pipeline.fetch.run import FetchOptions, FetchOutcome, fetch
from pipeline.report import Report
from tests.fetch.cms_server import zip_of

ZIP = "/files/zip/rvu25d.zip"
DATA = zip_of("25D")
# It waits for nothing between two attempts, but for answers longer than a busy machine takes.
QUICK = Manners(waits=(0, 0, 0), read_timeout=10, longest_request=20, largest_unpacked=1_000_000)


def run(place: FetchOptions, *releases: str, **changes) -> FetchOutcome:
    """One fetch without words, that proves that it left nothing partial under a name."""
    options = FetchOptions(**{**vars(place), "releases": releases, **changes})
    try:
        return fetch(options, Report(quiet=True))
    finally:
        assert_whole(place.raw)


def assert_whole(raw: Path) -> None:
    """Every visible zip is whole, and has a sidecar that tells the truth."""
    for path in raw.glob("[!.]*"):
        if path.suffix == ".zip":
            sidecar = json.loads(path.with_name(f"{path.name}.source.json").read_text())
            assert zipfile.ZipFile(path).testzip() is None
            assert sidecar["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
            assert sidecar["bytes"] == path.stat().st_size
        else:
            assert path.name.endswith(".source.json")


def only_failure(outcome: FetchOutcome) -> FetchError:
    """The one failure of a fetch, whose sentence names no Python."""
    assert len(outcome.failures) == 1
    assert not re.search(r"Error\b|Traceback|<class", str(outcome.failures[0]))
    return outcome.failures[0]


def names(raw: Path) -> list[str]:
    """What lies in the raw folder, hidden files too."""
    return sorted(path.name for path in raw.iterdir())
