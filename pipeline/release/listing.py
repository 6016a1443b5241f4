"""Where CMS lists the releases of a schedule, as each schedule says it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.read.zipped import Entry


@dataclass(frozen=True)
class Listing:
    """Where CMS lists the files of one schedule, and how their names are understood.

    ``path`` is the first page. ``name_of`` gives the release that a text names, '' for none, and
    ``age_of`` sorts names from the oldest to the newest; ``zip_name`` finds a zip's name in an
    address. ``other_release`` says which other release a zip holds by its content, '' for none.
    """

    path: str
    name_of: Callable[[str], str]
    age_of: Callable[[str], tuple]
    zip_name: re.Pattern[str]
    other_release: Callable[[str, list[Entry]], str]
