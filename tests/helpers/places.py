"""Where CMS's real files lie, for the tests that need them."""

from pathlib import Path

PROJECT = Path(__file__).parents[2]
REAL_FILES = PROJECT.parent / "shared" / "data"
NOT_THERE = (
    "CMS's real files are not beside the project (looked in ../shared/data), so no amount was "
    "compared with CMS's own"
)
