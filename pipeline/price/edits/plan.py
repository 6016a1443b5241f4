"""The steps that find the lines which edits deny: ``edited_line``, with the step of the rule and what denies it.

They come after what is looked up of days, modifiers and codes, and before any amount. Each edit can be
left out by its name.
"""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.price import rules
from pipeline.store.sql import compose_with
from pipeline.store.step import Step
from schemas.definitions import read_reference
from schemas.derive import quoted

HERE = Path(__file__).parent

# The public tables that the steps read; those of CMS's files may be empty.
OPTIONAL = ("ncci_pair", "mue", "dme_fee")
READS = (*OPTIONAL, "ncci_modifier")

# The edits by the names by which they are left out, each with its steps; the last one has its lines.
EDITS = {
    "ncci": ("code_pair", "ncci_line"),
    "mue": ("unit_limit", "mue_line"),
    "global": (
        "surgery_code", "surgery_patient", "denied_line", "global_service", "global_period", "global_line",
    ),
    "g2211": ("complexity_line",),
}  # fmt: skip

# Lines by which the edits of codes judge others are found once for both.
OF_CODES = ("ncci", "mue")

NOBODY = "select line_id, 0 as edit_gate, '' as denied_by from claim_line where line_id < 0"


def known_edits(names: Collection[str]) -> frozenset[str]:
    """The names of edits, each of which must be one. Raises UsageError."""
    for name in names:
        if name not in EDITS:
            raise UsageError(f'"{name}" is no edit; the edits are {", ".join(EDITS)}.')
    return frozenset(names)


def left_out(written: str | None, all_of_them: bool = False) -> frozenset[str]:
    """The edits that a person leaves out: all, or those named with commas. Raises UsageError."""
    names = (name.strip() for name in (written or "").lower().split(","))
    return frozenset(EDITS) if all_of_them else known_edits([name for name in names if name])


@cache
def steps(without: frozenset[str] = frozenset()) -> tuple[Step, ...]:
    """The steps of all edits but those that are left out."""
    asked = [name for name in EDITS if name not in without]
    first = ["edit_day", "edit_modifier_set"]
    first += ["edit_line"] if set(OF_CODES) & set(asked) else []
    of_edits = [step for name in asked for step in EDITS[name]]
    literal = _literals(asked)
    found = [
        Step(name, compose_with(HERE / f"{name}.sql", literal)) for name in (*first, *of_edits)
    ]
    parts = {"parts": _union([EDITS[name][-1] for name in asked])}
    return (*found, Step("edited_line", compose_with(HERE / "edited_line.sql", parts)))


def _literals(asked: list[str]) -> dict[str, str]:
    """What stands in the SQL for rows of reference tables, for steps of rules and for other edits."""
    codes = read_reference(schedule().reference_file("edit_code"))
    visits = [row for row in codes if row["code_list"] == "global_visit"]
    complexity = [row for row in codes if row["code_list"].startswith("complexity")]
    excuses = read_reference(schedule().reference_file("edit_modifier"))
    of_codes = [EDITS[name][-1] for name in OF_CODES if name in asked]
    return {f"step_{row['rule']}": row["step"] for row in rules.rules()} | {
        "parts": _union(of_codes),
        "global_visits": _values(visits, ("first_code", "last_code")),
        "global_modifiers": _values(
            excuses,
            ("service_kind", "period_part", "global_days", "claim_modifier", "effective_from"),
        ),
        "complexity_codes": _values(
            complexity, ("code_list", "first_code", "last_code", "effective_from", "effective_to")
        ),
    }


def _union(tables: list[str]) -> str:
    selects = [f"select line_id, edit_gate, denied_by from {name}" for name in tables]
    return "\nunion all\n".join(selects) or NOBODY


def _values(rows: list[dict[str, str]], columns: tuple[str, ...]) -> str:
    """Columns of rows as VALUES; those named after days are dates."""
    return ", ".join(
        "("
        + ", ".join(
            f"cast({quoted(row[x])} as date)" if x.startswith("effective") else quoted(row[x])
            for x in columns
        )
        + ")"
        for row in rows
    )
