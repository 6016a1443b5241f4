"""What ``pricing_rule`` says, as parts of SQL: its order is the order in which rules act."""

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
    "anesthesia_gate": "status_code = 'J'",
}

# Notes that lines of every schedule may deserve, and when those do that a schedule of their own pays.
NOTES_OF_ALL = {
    "zip_file_of_another_time": "fee_place <> '' and is_zip_file_of_another_time",
    "modifier_not_applied": "modifiers_not_applied <> ''",
    "modifier_without_effect": "modifiers_without_effect <> ''",
}


@cache
def rules() -> tuple[dict[str, str], ...]:
    """The rows of ``pricing_rule.csv`` in the order of their steps."""
    rows = read_reference(schedule().reference_file("pricing_rule"))
    return tuple(sorted(rows, key=lambda row: int(row["step"])))


def gate_of_line() -> str:
    """The step of the first gate that a line does not pass, as an expression; 0 where it passes all.

    Gates of one kind that follow each other are looked at together, and only where they can
    matter: few lines have a modifier with an effect, fewer are anesthesia.
    """
    together = [
        _looked_at(kind, list(rows))
        for kind, rows in groupby(_gates(), key=lambda row: row["kind"])
    ]
    return "coalesce(\n  " + ",\n  ".join(together) + ",\n  0\n)"


def gate_of_code(kind: str) -> str:
    """The step of the first gate of a kind that a code does not pass; 0 where it passes all."""
    return f"coalesce({_case([row for row in _gates() if row['kind'] == kind])}, 0)"


def _gates() -> list[dict[str, str]]:
    asked = [row for row in rules() if row["kind"].endswith("gate")]
    return [row for row in asked if row["condition"] or row["kind"] == "edit_gate"]


def _looked_at(kind: str, rows: list[dict[str, str]]) -> str:
    if kind == "code_gate":
        return "nullif(code_gate, 0)"
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


def factored(kind: str, amount: str) -> str:
    """The same in one expression, for an amount that few lines have."""
    factors = [row["trace_column"] for row in rules() if row["kind"] == kind]
    ordinary = " and ".join(f"{factor} = 1" for factor in factors)
    return (
        f"case when {amount} is null or {ordinary} then {amount} else {chained(kind, amount)} end"
    )


def chained(kind: str, amount: str) -> str:
    """An amount times each factor of a kind, rounded to cents at each step."""
    for row in rules():
        if row["kind"] == kind:
            amount = product(amount, row["trace_column"])
    return amount


def product(amount: str, factor: str) -> str:
    """An amount times a factor, rounded half up to cents."""
    return cents(f"{amount} * {factor}")


def notes() -> str:
    """The notes that a line deserves, as one text of their names and what they are about.

    Those about nothing of the line stand in ``note_word`` by their number; few lines have others.
    """
    about = [row for row in _noted() if row["trace_column"]]
    any_of_them = " or ".join(row["condition"] for row in about)
    said = [f"case when {row['condition']} then {_note(row)} end" for row in about]
    return (
        f"case when {any_of_them} then concat_ws(', ', nullif(note_word.notes, ''), {', '.join(said)}) "
        "else note_word.notes end"
    )


def note_number() -> str:
    """The number in ``note_word`` of the notes of a line that are about nothing of it."""
    return " + ".join(
        f"case when {row['condition']} then {2**place} else 0 end"
        for place, row in enumerate(_plain_notes())
    )


def note_words() -> dict[str, str]:
    """The notes about nothing, each there or not, as tables; the sum of numbers and the texts."""
    rows = _plain_notes()
    return {
        "numbers": " + ".join(f"{row['rule']}.number" for row in rows),
        "texts": ", ".join(f"{row['rule']}.text" for row in rows),
        "provisional": " or ".join(
            f"{row['rule']}.number > 0" for row in rows if _bears_on_the_amount(row)
        ),
        "tables": "\ncross join ".join(
            f"(values (0, cast(null as varchar)), ({2**place}, {quoted(row['rule'])})) as {row['rule']} (number, text)"
            for place, row in enumerate(rows)
        ),
    }


def _plain_notes() -> list[dict[str, str]]:
    return [row for row in _noted() if not row["trace_column"]]


def _noted() -> list[dict[str, str]]:
    return [row for row in rules() if row["kind"] == "note" and row["condition"]]


def notes_of_own() -> str:
    """The same of a line that a schedule of its own pays."""
    rows = [row for row in rules() if row["kind"] == "own_note" or row["rule"] in NOTES_OF_ALL]
    met = {row["rule"]: NOTES_OF_ALL.get(row["rule"], row["condition"]) for row in rows}
    return _notes([row | {"condition": f"own_gate = 0 and ({met[row['rule']]})"} for row in rows])


def _notes(rows: list[dict[str, str]]) -> str:
    any_of_them = " or ".join(f"({row['condition']})" for row in rows)
    said = [f"case when {row['condition']} then {_note(row)} end" for row in rows]
    return f"case when {any_of_them} then concat_ws(', ', {', '.join(said)}) else '' end"


def _note(row: dict[str, str]) -> str:
    """The name of a note, and in brackets what it is about where a column says that."""
    about = row["trace_column"]
    return f"{quoted(row['rule'] + ' (')} || {about} || ')'" if about else quoted(row["rule"])


# Rules that most lines with another rule than the fee have; none of them is provisional.
ORDINARY = ("non_physician", "non_participating", "charge")
# Notes that speak of no rule: that nothing was changed, and which file of ZIP codes was at hand.
NO_RULE = ("modifier_without_effect", "zip_file_of_another_time")


def _decides(row: dict[str, str]) -> str:
    """The condition that a rule decided an amount, over the columns of a line; '' for no such rule."""
    if row["kind"] in ("unit_factor", "line_factor"):
        return f"{row['trace_column']} <> 1"
    return row["condition"] if row["kind"] in ("amount", "own_amount") else ""


def _is_of_day(row: dict[str, str]) -> bool:
    return row["sql_file"].startswith("same_day/") and row["sql_file"] != "same_day/same_day.sql"


def day_rules() -> str:
    """The rules of a day that decided the amount of a touched line, as one text of their names."""
    return _listed([row for row in rules() if _is_of_day(row) and _decides(row)])


def is_day_provisional() -> str:
    """Whether one of them is provisional."""
    of_day = [row for row in rules() if _is_of_day(row) and _decides(row)]
    return _any_of([row for row in of_day if _is_provisional(row)])


def rules_of_own() -> str:
    """The rules that decided the amount of a line that a schedule of its own pays, as one text."""
    return _listed([row for row in rules() if row["kind"] == "own_amount" and _decides(row)])


def is_own_provisional() -> str:
    """Whether one of them or of the notes on it is provisional."""
    kinds = ("own_amount", "own_note")
    found = [row for row in rules() if row["kind"] in kinds and row["condition"]]
    return _any_of([row for row in found if _is_provisional(row)])


def has_special_rule() -> str:
    """Whether a rule decided the amount of a line that few lines have."""
    rows = [row for row in _of_lines() if row["rule"] not in ("fee", *ORDINARY)]
    return f"day_rules is not null or {_any_of(rows)}"


def deciding_rules() -> str:
    """The rules that decided the amount of a line, or the gate, as one text in their order.

    Most lines have the fee alone, or with the few ordinary rules: those are a choice of texts, and
    only of the others a text is put together.
    """
    before = [row for row in _of_lines() if int(row["step"]) < _step_of_day()]
    after = [row for row in _of_lines() if int(row["step"]) > _step_of_day()]
    parts = [*map(_named, before), "nullif(day_rules, '')", *map(_named, after)]
    special = f"concat_ws(', ', {', '.join(parts)})"
    ordinary = _choice([row for row in _of_lines() if row["rule"] in ORDINARY], "fee")
    return f"case when charged.gate > 0 then reason when own_schedule is not null then own_rules when has_special_rule then {special} else {ordinary} end"


def is_provisional() -> str:
    """Whether one of those rules is provisional, or a note that bears on the amount."""
    amounts = _any_of([row for row in _of_lines() if _is_provisional(row)])
    about = [row for row in _noted() if row["trace_column"] and _bears_on_the_amount(row)]
    remarks = " or ".join(("note_word.is_provisional", *(f"({x['condition']})" for x in about)))
    return (
        f"case when charged.gate > 0 then is_gate_provisional "
        "when own_schedule is not null then is_own_provisional "
        f"else has_special_rule and (coalesce(is_day_provisional, false) or {amounts}) "
        f"or coalesce({remarks}, false) end"
    )


def _bears_on_the_amount(row: dict[str, str]) -> bool:
    """Whether a note speaks of a rule that is provisional."""
    return _is_provisional(row) and row["rule"] not in NO_RULE


def _of_lines() -> list[dict[str, str]]:
    found = [row for row in rules() if row["kind"] in ("amount", "unit_factor", "line_factor")]
    return [row for row in found if _decides(row) and not _is_of_day(row)]


def _step_of_day() -> int:
    return next(int(row["step"]) for row in rules() if _is_of_day(row))


def _is_provisional(row: dict[str, str]) -> bool:
    return row["is_provisional"] == "true"


def _any_of(rows: list[dict[str, str]]) -> str:
    """Whether one of the rules decided, never NULL."""
    decided = (f"({_decides(row) or row['condition']})" for row in rows)
    return f"coalesce({' or '.join(decided)}, false)"


def _listed(rows: list[dict[str, str]]) -> str:
    return f"concat_ws(', ', {', '.join(map(_named, rows))})"


def _named(row: dict[str, str]) -> str:
    return f"case when {_decides(row)} then {quoted(row['rule'])} end"


def _choice(rows: list[dict[str, str]], said: str) -> str:
    """Which of the rules decided beside ``said``, as a choice of whole texts."""
    if not rows:
        return quoted(said)
    first, *others = rows
    taken = _choice(others, f"{said}, {first['rule']}")
    return f"case when {_decides(first)} then {taken} else {_choice(others, said)} end"


def amount_before(rule: str, first: str) -> str:
    """The column that the factor of a rule multiplies."""
    this = next(row for row in rules() if row["rule"] == rule)
    chain = [row["rule"] for row in rules() if row["kind"] == this["kind"]]
    position = chain.index(rule)
    return f"amount_after_{chain[position - 1]}" if position else first
