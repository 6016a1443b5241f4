"""Files and folders that some program leaves and that are nobody's data, told by their names."""

import re
import tomllib
from functools import cache

from schemas.definitions import SCHEMAS


def is_system_file(name: str) -> bool:
    """Whether a file or folder of this name (without folders) holds nothing of CMS."""
    return bool(_pattern("names").fullmatch(name) or is_unfinished(name))


def lies_among_system_files(path: str) -> bool:
    """Whether a file, or a folder that it lies in, is such; ``path`` has slashes between them."""
    return any(map(is_system_file, path.split("/")))


def is_unfinished(name: str) -> bool:
    """Whether a file of this name is a download that has not ended, or is not on this machine."""
    return bool(_pattern("unfinished").fullmatch(name))


@cache
def _pattern(part: str) -> re.Pattern[str]:
    declared = tomllib.loads((SCHEMAS / "system_files.toml").read_text("utf-8"))
    names = [name for names in declared[part].values() for name in names]
    return re.compile("|".join(names), re.IGNORECASE | re.DOTALL)
