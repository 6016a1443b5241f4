"""What the pages are made after, told without the packages that make them."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pipeline.bundle import hash_of_parts
from pipeline.errors import NotThereError
from pipeline.fingerprint import hash_of_code, hash_of_file
from pipeline.pfs.identify import schedule

HERE = Path(__file__).parent

# The optional group ``site`` of pyproject.toml.
PACKAGES = ("babel", "jinja2")


def refuse_missing_packages() -> None:
    """Raise NotThereError where a package is missing that makes the pages."""
    for name in PACKAGES:
        if find_spec(name) is None:
            raise NotThereError(
                f"The package {name}, which makes the pages, is missing; nothing was changed. "
                "Install the group site: pip install '.[site]'"
            )


@cache
def definitions() -> str:
    """A hash of all that the pages depend on, besides the warehouse."""
    paths = sorted(
        path
        for folder in (HERE, schedule().folder / "messages")
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    )
    code = HERE.parent / "messages.py"
    labels = schedule().folder / "labels.toml"
    named = [f"{path.name} {hash_of_file(path)}" for path in (code, labels, *paths)]
    return hash_of_parts([hash_of_code(), *named])
