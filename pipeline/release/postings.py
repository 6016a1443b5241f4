"""Tables of releases with all postings, those that CMS replaced too, each under the id of its own."""

import re
from collections.abc import Iterable

from pipeline.release.schedule import FeeSchedule

# A table in the FROM clause of a SELECT.
SOURCE = re.compile(r"\b(?:from|join)\s+([a-z_0-9]+)\b", re.IGNORECASE)


def with_postings(query: str, schedules: Iterable[FeeSchedule]) -> str:
    """A SELECT over public tables, where ``release_id`` is a posting and every posting counts."""
    known = {name for one in schedules for name in one.model.exported_names}
    tables = [
        _with_postings(name) for name in dict.fromkeys(SOURCE.findall(query)) if name in known
    ]
    head = f"WITH {', '.join(tables)}\n" if tables else ""
    return f"{head}SELECT * FROM (\n{query}\n)"


def _with_postings(name: str) -> str:
    return (
        f"{name} AS (SELECT {name}.* REPLACE (release.posting_id AS release_id) FROM main.{name} "
        f"JOIN main.release USING (release_id) WHERE release.is_current UNION ALL BY NAME "
        f"SELECT * EXCLUDE (posting_id) REPLACE (posting_id AS release_id) FROM superseded.{name})"
    )
