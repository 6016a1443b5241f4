"""The worked queries of docs/queries.md."""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text("utf-8")


@dataclass(frozen=True)
class Worked:
    """One query: its heading, the words before it, and the table that it prints."""

    title: str
    words: str
    query: str
    printed: str


WORKED = [
    Worked(*found)
    for found in re.findall(
        r"^## (.*?)\n\n(.*?)\n\n```sql\n(.*?)\n```\n\n((?:\|[^\n]*\n)+)",
        PAGE,
        re.MULTILINE | re.DOTALL,
    )
]
