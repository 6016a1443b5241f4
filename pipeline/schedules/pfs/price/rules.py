"""What ``pricing_rule`` says, as parts of SQL: its order is the order in which rules act."""

import re
from functools import cache
from itertools import groupby

from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.formula import cents
from schemas.definitions import read_reference
from schemas.derive import quoted

# The first gates of what is in force on the day, and of what the code is.
FIRST_OF_DAY = 120
FIRST_OF_CODE = 142

# Where the gates of a kind can matter at all.
GUARDS = {
    "locality_gate": "zip_place_number is null or zip4_decides or service_mac <> '' or length(service_zip_code) <> 5",
    "modifier_gate": "has_modifier_effect",
    "anesthesia_gate": "is_anesthesia",
}

# What is no matter of the kind of a line: a condition that names one of them is asked of every line.
OF_LINE = frozenset((
    "unreadable", "charge", "revenue_code", "bill_type", "deductible_left", "anesthesia_minutes", "edit_gate",
    "service_zip_code", "service_mac", "service_locality_number", "zip_place_number", "zip9_place_number", "zip4_decides",
    "named_place_number", "place_mac", "work_gpci", "conversion_factor", "anesthesia_conversion_factor",
    "amount_after_opps_cap", "compared_charge",
))  # fmt: skip


@cache
def rules() -> tuple[dict[str, str], ...]:
    """The rows of ``pricing_rule.csv`` in the order of their steps."""
    rows = read_reference(schedule().reference_file("pricing_rule"))
    return tuple(sorted(rows, key=lambda row: int(row["step"])))


@cache
def is_of_line(condition: str) -> bool:
    """Whether a condition asks for more of a line than its kind."""
    return not OF_LINE.isdisjoint(re.findall(r"\w+", re.sub("'[^']*'", "", condition)))


def gate_of_kind() -> str:
    """The step of the first gate that a kind of lines does not pass; NULL where it passes all."""
    rows = [
        row for row in _gates() if row["kind"] != "edit_gate" and not is_of_line(row["condition"])
    ]
    return f"coalesce({_in_order(rows)}, null)"


def gate_of_line() -> str:
    """The step of the first gate that a line does not pass, by its kind or by itself; 0 where it passes all."""
    rows = [row for row in _gates() if row["kind"] == "edit_gate" or is_of_line(row["condition"])]
    return f"coalesce(least(\n  kind_gate,\n  {_in_order(rows)}\n), 0)"


def _in_order(rows: list[dict[str, str]]) -> str:
    """The first gates of each kind not passed, in their order.

    Gates of one kind that follow each other are looked at together, and only where they can
    matter: few lines have a modifier with an effect, fewer are anesthesia.
    """
    groups = groupby(rows, key=lambda row: row["kind"])
    return ",\n  ".join(_looked_at(kind, list(some)) for kind, some in groups)


def gate_of_code(kind: str) -> str:
    """The step of the first gate of a kind that a code does not pass; 0 where it passes all."""
    return f"coalesce({_case([row for row in _gates() if row['kind'] == kind])}, 0)"


def _gates() -> list[dict[str, str]]:
    asked = [row for row in rules() if row["kind"].endswith("gate")]
    return [row for row in asked if row["condition"] or row["kind"] == "edit_gate"]


def _looked_at(kind: str, rows: list[dict[str, str]]) -> str:
    if kind == "code_gate":
        return "nullif(code_gate, 0)"
    if kind == "edit_gate" and len(rows) == sum(row["kind"] == kind for row in rules()):
        return "nullif(edit_gate, 0)"
    if kind == "edit_gate":
        return (
            f"case when edit_gate in ({', '.join(row['step'] for row in rows)}) then edit_gate end"
        )
    if kind == "hospital_gate":
        return "case when hospital <> '' then nullif(hospital_gate, 0) end"
    guard = GUARDS.get(kind)
    return f"case when {guard} then {_case(rows)} end" if guard else _case(rows)


def _case(rows: list[dict[str, str]]) -> str:
    tried = (f"when {row['condition']} then {row['step']}" for row in rows)
    return "case\n    " + "\n    ".join(tried) + "\n  end"


def gate_of_values() -> str:
    """The step of the first gate of values that hold for lines of every schedule; 0 where all pass.

    Units and modifiers are others of each schedule.
    """
    apart = ("units_out_of_range", "modifier_unknown")
    rows = [x for x in _gates() if int(x["step"]) < FIRST_OF_DAY and x["rule"] not in apart]
    return f"coalesce({_case(rows)}, 0)"


def gate_of_denial() -> str:
    """The step of the gate by which a line or an edit denies a line, whoever would pay it; 0 for none."""
    rows = [x for x in _gates() if x["kind"] == "edit_gate" or x["condition"].startswith("denial ")]
    groups = groupby(rows, key=lambda row: row["kind"])
    return "coalesce(" + ", ".join(_looked_at(kind, list(some)) for kind, some in groups) + ", 0)"


def words_of_gate(column: str, passed: str = "") -> str:
    """What a column of ``pricing_rule`` says of the gate that a line did not pass, as a CASE."""
    words = (
        f"when gate = {row['step']} then {quoted(row[column])}"
        for row in rules()
        if row["kind"].endswith("gate")
    )
    return f"case\n  when gate = 0 then {quoted(passed)}\n  " + "\n  ".join(words) + "\nend"


def gate_words() -> str:
    """Step, status, rule, schedule and grade of every gate as VALUES, those of no gate first.

    They come from where the conditions come from and not from the table of a warehouse, which an
    earlier version may have written: no line may miss its words.
    """
    gates = [row for row in rules() if row["kind"].endswith("gate")]
    words = [(row["step"], row["gate_status"], row["rule"], _schedule_of(row)) for row in gates]
    grades = {row["step"]: row["is_provisional"] for row in gates}
    said = [("0", "priced", "", "pfs"), *words]
    return ", ".join(
        f"({step}, {', '.join(map(quoted, texts))}, {grades.get(step, 'false')})"
        for step, *texts in said
    )


def _schedule_of(row: dict[str, str]) -> str:
    """The schedule that a gate speaks for: none where a value, the place or the code is not known."""
    is_elsewhere = row["rule"] == "other_benefit" or row["kind"].startswith("own_")
    return "" if is_elsewhere or int(row["step"]) < FIRST_OF_CODE else "pfs"


def factor_chain(kind: str, first: str, last: str) -> str:
    """Columns that multiply an amount by each factor of a kind, rounded to cents at each step.

    The column ``first`` is multiplied; each result is called ``amount_after_RULE`` and the last
    one ``last``.
    """
    chain = [row for row in rules() if row["kind"] == kind]
    columns, amount = [], first
    for row in chain:
        name = last if row is chain[-1] else f"amount_after_{row['rule']}"
        # Most factors are 1 and need no arithmetic.
        factor = row["trace_column"]
        changed = product(amount, factor)
        columns.append(f"case when {factor} = 1 then {amount} else {changed} end as {name}")
        amount = name
    return ",\n  ".join(columns)


def factors(kind: str) -> list[str]:
    """The columns of the factors of a kind, in their order."""
    return [row["trace_column"] for row in rules() if row["kind"] == kind]


def factored(kind: str, amount: str) -> str:
    """The same in one expression, for an amount that few lines have."""
    ordinary = " and ".join(f"{factor} = 1" for factor in factors(kind))
    return (
        f"case when {amount} is null or {ordinary} then {amount} else {chained(kind, amount)} end"
    )


def chained(kind: str, amount: str) -> str:
    """An amount times each factor of a kind, rounded to cents at each step."""
    for factor in factors(kind):
        amount = product(amount, factor)
    return amount


def product(amount: str, factor: str) -> str:
    """An amount times a factor, rounded half up to cents."""
    # So many decimals and those of an amount of a thousand dollars are more than eighteen digits.
    exact = f"cast({factor} as decimal(19, 13))" if factor == "days_factor" else factor
    return cents(f"{amount} * {exact}")


def amount_before(rule: str, first: str) -> str:
    """The column that the factor of a rule multiplies."""
    this = next(row for row in rules() if row["rule"] == rule)
    chain = [row["rule"] for row in rules() if row["kind"] == this["kind"]]
    position = chain.index(rule)
    return f"amount_after_{chain[position - 1]}" if position else first
