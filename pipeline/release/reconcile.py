"""CMS's own amounts, or another form of its file, beside ours: how many agree."""

import re
from dataclasses import dataclass

from pipeline.store.database import rows_of

# How a comparison of two forms of one file is called: pprrvu csv = txt.
TWO_FORMS = re.compile(r" (csv|txt|xlsx?) = (csv|txt|xlsx?)$")


def is_of_forms(comparison: str) -> bool:
    """Whether a comparison is of two forms of one file, and not with amounts of CMS."""
    return TWO_FORMS.search(comparison) is not None


def agreement(row: dict) -> str:
    """What a row of ``reconciliation`` counts, in words: the counts add up to what was compared."""
    words = [f"{row['matched_count']:,} of {row['compared_count']:,} values agree"]
    if row["different_count"]:
        words.append(f"{row['different_count']:,} differ")
    if row["known_count"]:
        words.append(f"{row['known_count']:,} differ for a known reason")
    return ", ".join(words)


@dataclass
class Reconciled:
    """One comparison: its row of ``reconciliation`` and those of ``reconciliation_difference``."""

    summary: dict
    differences: list[dict]


def summarise(
    schedule: str,
    release_id: str,
    comparison: str,
    source_file: str,
    compared: int,
    differences: list[dict],
) -> Reconciled:
    """Count a comparison whose differences are given with ``known_reason`` ('' if unknown)."""
    known = sum(1 for row in differences if row["known_reason"])
    unknown = len(differences) - known
    verdict = "differs" if unknown else "known_differences" if known else "equal"
    summary = {
        "schedule": schedule,
        "release_id": release_id,
        "comparison": comparison,
        "source_file": source_file,
        "compared_count": compared,
        "matched_count": compared - len(differences),
        "known_count": known,
        "different_count": unknown,
        "verdict": verdict,
        "message": "",
    }
    named = {"release_id": release_id, "comparison": comparison}
    return Reconciled(summary, [named | row for row in differences])


def compare(
    con, schedule: str, release_id: str, comparison: str, source_file: str, query: str
) -> Reconciled:
    """Compare ``our_value`` with ``other_value`` in the rows of a SELECT, exactly.

    The SELECT gives ``record_key``, ``column_name`` and both values.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE compared AS {query}")
    compared = con.execute("SELECT count(*) FROM compared").fetchall()[0][0]
    differences = rows_of(
        con,
        "SELECT record_key, column_name, coalesce(our_value::VARCHAR, '') AS our_value, "
        "other_value::VARCHAR AS other_value, '' AS known_reason FROM compared "
        "WHERE our_value IS DISTINCT FROM other_value ORDER BY ALL",
    )
    return summarise(schedule, release_id, comparison, source_file, compared, differences)
