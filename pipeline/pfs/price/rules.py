"""What ``pricing_rule`` says, as parts of SQL: its order is the order in which rules act."""

from functools import cache

from pipeline.pfs.identify import schedule
from schemas.definitions import read_reference
from schemas.derive import quoted


@cache
def rules() -> tuple[dict[str, str], ...]:
    """The rows of ``pricing_rule.csv`` in the order of their steps."""
    rows = read_reference(schedule().reference_file("pricing_rule"))
    return tuple(sorted(rows, key=lambda row: int(row["step"])))


def gate_case(kind: str) -> str:
    """The first gate of a kind that is not passed, as a CASE; '' where all are.

    The gates of a code are looked at once per code, and among those of a line they stand
    together as the column ``code_gate``.
    """
    tried, has_code_gate = [], False
    for row in rules():
        if row["kind"] == kind and row["condition"]:
            tried.append(f"when {row['condition']} then {quoted(row['rule'])}")
        elif row["kind"] == "code_gate" and not has_code_gate:
            tried.append("when code_gate <> '' then code_gate")
            has_code_gate = True
    return "case\n  " + "\n  ".join(tried) + "\n  else ''\nend"


def status_of_reason() -> str:
    """The ``price_status`` that each gate gives, as the branches of a CASE."""
    return "\n".join(
        f"when reason = {quoted(row['rule'])} then {quoted(row['price_status'])}"
        for row in rules()
        if row["kind"] in ("gate", "code_gate")
    )


def factor_chain(kind: str, first: str, last: str) -> str:
    """Columns that multiply an amount by each factor of a kind, rounded to cents at each step.

    The column ``first`` is multiplied; each result is called ``amount_after_RULE`` and the last
    one ``last``.
    """
    chain = [row for row in rules() if row["kind"] == kind]
    columns, amount = [], first
    for row in chain:
        name = last if row is chain[-1] else f"amount_after_{row['rule']}"
        product = f"round({amount} * {row['trace_column']}, 2)"
        columns.append(f"cast({product} as decimal(12, 2)) as {name}")
        amount = name
    return ",\n  ".join(columns)


def notes() -> str:
    """The notes that a line deserves, as one text of their names."""
    said = [
        f"case when {row['condition']} then {quoted(row['rule'])} end"
        for row in rules()
        if row["kind"] == "note" and row["condition"]
    ]
    return "concat_ws(', ', " + ", ".join(said) + ")"


def amount_before(rule: str, first: str) -> str:
    """The column that the factor of a rule multiplies."""
    this = next(row for row in rules() if row["rule"] == rule)
    chain = [row["rule"] for row in rules() if row["kind"] == this["kind"]]
    position = chain.index(rule)
    return f"amount_after_{chain[position - 1]}" if position else first


def constant(rule: str) -> str:
    """The factor of a rule as an SQL literal of the type of all factors."""
    row = next(row for row in rules() if row["rule"] == rule)
    return f"cast({row['factor']} as decimal(6, 4))"
