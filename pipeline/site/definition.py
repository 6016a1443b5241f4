"""What the pages are made after."""

from functools import cache
from pathlib import Path

from pipeline.read.bundle import hash_of_parts
from pipeline.schedules.pfs.declared import schedule
from pipeline.site.search import CURATED
from pipeline.store.fingerprint import hash_of_code, hash_of_file

HERE = Path(__file__).parent


@cache
def definitions() -> str:
    """A hash of all that the pages depend on, besides the warehouse."""
    paths = sorted(
        path
        for folder in (HERE, schedule().folder / "messages")
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    )
    labels = schedule().folder / "labels.toml"
    searched = [schedule().reference_file(name) for name in CURATED]
    named = [f"{path.name} {hash_of_file(path)}" for path in (labels, *searched, *paths)]
    return hash_of_parts([hash_of_code("pipeline.site.build"), *named])
