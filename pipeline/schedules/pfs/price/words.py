"""What is said of a priced line, the rules that decided and the notes, as parts of SQL over ``pricing_rule``.

Most of it follows from the kind of the line. A line adds what it decides itself, as bits of a number by
which the whole text is found: to put texts together for every line would cost more than the prices.
"""

from itertools import groupby

from pipeline.schedules.pfs.price.rules import is_of_line, rules
from schemas.derive import quoted

# Notes that lines of every schedule may deserve, and when those do that a schedule of their own pays.
NOTES_OF_ALL = {
    "zip_file_of_another_time": "fee_place <> '' and is_zip_file_of_another_time",
    "modifier_not_applied": "modifiers_not_applied <> ''",
    "modifier_without_effect": "modifiers_without_effect <> ''",
}

# Notes that speak of no rule: that nothing was changed, and which file of ZIP codes was at hand.
NO_RULE = ("modifier_without_effect", "zip_file_of_another_time")

# The note of a line for which the deductible of the year cannot be run.
ANNUAL = "deductible_unknown"

Row = dict[str, str]


# ---------------------------------------------------------------- notes


def notes_of_kind() -> dict[str, str]:
    """The notes that follow from the kind of a line: the number of those about nothing, the text of others."""
    about = [row for row in _noted() if row["trace_column"]]
    provisional = [row for row in about if _bears_on_the_amount(row)]
    return {
        "notes": _number(
            [(2**n, row) for n, row in _plain_notes() if not is_of_line(row["condition"])]
        ),
        "said_about": _listed(about, _note),
        "is_about_provisional": _any_of(provisional),
    }


def notes_of_line() -> str:
    """The number of the notes that a line decides itself."""
    return _number([(2**place, row) for place, (_, row) in enumerate(_line_notes())])


def notes_of_payment(is_annual: bool) -> str:
    """The number of the notes on what is paid for a line."""
    rows = [(number, row) for number, row in _paid_notes() if is_annual or row["rule"] != ANNUAL]
    return f"case when allowed_amount is not null then {_number(rows)} else 0 end"


def plain_notes() -> dict[str, str]:
    """The notes about nothing, each there or not, as tables; the sum of numbers and the texts."""
    rows = [row for _, row in _plain_notes()]
    return {
        "numbers": " + ".join(f"{row['rule']}.number" for row in rows),
        "texts": ", ".join(f"{row['rule']}.text" for row in rows),
        "provisional": " or ".join(
            f"{row['rule']}.number > 0" for row in rows if _bears_on_the_amount(row)
        ),
        "tables": "\ncross join ".join(
            f"(values (0, cast(null as varchar)), ({2**n}, {quoted(row['rule'])})) as {row['rule']} (number, text)"
            for n, row in _plain_notes()
        ),
    }


def note_words() -> dict[str, str]:
    """The notes that a line adds to those of its kind, and those on what is paid, each there or not."""
    line, paid = list(enumerate(_line_notes())), _paid_notes()
    return {
        "line_number": " + ".join(f"{row['rule']}.number" for _, (_, row) in line),
        "plain_number": " + ".join(f"{row['rule']}.plain_number" for _, (_, row) in line),
        "line_tables": "\n  cross join ".join(
            f"(values (0, 0), ({2**place}, {2**n})) as {row['rule']} (number, plain_number)"
            for place, (n, row) in line
        ),
        "paid_number": " + ".join(f"{row['rule']}.number" for _, row in paid),
        "paid_texts": ", ".join(f"{row['rule']}.text" for _, row in paid),
        "paid_tables": "\ncross join ".join(
            f"(values (0, cast(null as varchar)), ({number}, {quoted(row['rule'])})) as {row['rule']} (number, text)"
            for number, row in paid
        ),
    }


def notes_of_own() -> str:
    """The notes of a line that a schedule of its own pays, as one text."""
    return _listed(
        [row | {"condition": f"own_gate = 0 and ({row['condition']})"} for row in _own_notes()],
        _note,
    )


def _own_notes() -> list[Row]:
    """With the conditions over the columns of such a line."""
    rows = [row for row in rules() if row["kind"] == "own_note" or row["rule"] in NOTES_OF_ALL]
    return [row | {"condition": NOTES_OF_ALL.get(row["rule"], row["condition"])} for row in rows]


def _noted() -> list[Row]:
    return [row for row in rules() if row["kind"] == "note" and row["condition"]]


def _plain_notes() -> list[tuple[int, Row]]:
    return list(enumerate(row for row in _noted() if not row["trace_column"]))


def _line_notes() -> list[tuple[int, Row]]:
    return [(n, row) for n, row in _plain_notes() if is_of_line(row["condition"])]


def _paid_notes() -> list[tuple[int, Row]]:
    """Their numbers follow those of the notes that a line decides."""
    rows = (row for row in rules() if row["kind"] == "paid_note")
    return [(2**place, row) for place, row in enumerate(rows, len(_line_notes()))]


def _number(rows: list[tuple[int, Row]]) -> str:
    return " + ".join(
        f"case when {row['condition']} then {number} else 0 end" for number, row in rows
    )


def _note(row: Row) -> str:
    """The name of a note where it is met, and in brackets what it is about where a column says that."""
    about = row["trace_column"]
    said = f"{quoted(row['rule'] + ' (')} || {about} || ')'" if about else quoted(row["rule"])
    return f"case when {row['condition']} then {said} end"


def _bears_on_the_amount(row: Row) -> bool:
    """Whether a note speaks of a rule that is provisional."""
    return _is_provisional(row) and row["rule"] not in NO_RULE


# ---------------------------------------------------------------- rules that decided


def rules_of_kind() -> dict[str, str]:
    """The rules that decide the amounts of a kind of lines, as texts between those that lines decide."""
    of_kind = [rows for rows in _parts() if not _is_line_part(rows)]
    texts = (f"{_listed(rows)} as {name}" for rows, name in zip(of_kind, rule_parts(), strict=True))
    provisional = [row for rows in of_kind for row in rows if _is_provisional(row)]
    return {
        "rules": ", ".join(texts),
        "rule_parts": ", ".join(rule_parts()),
        "is_provisional": _any_of(provisional),
    }


def rule_parts() -> list[str]:
    """The columns of those texts."""
    return [f"rules_{n}" for n, _ in enumerate((x for x in _parts() if not _is_line_part(x)), 1)]


def rule_bits() -> str:
    """The number of the rules that a line decides itself."""
    return " + ".join(
        f"case when {_decides(row)} then {2**n} else 0 end" for n, row in enumerate(_line_rules())
    )


def rule_words() -> dict[str, str]:
    """The texts of the kind, of the day and of the line in their order, and the bits of the line."""
    names = iter(rule_parts())
    parts = []
    for rows in _parts():
        if _is_line_part(rows):
            parts += [f"{row['rule']}.text" for row in rows]
        else:
            parts.append(f"nullif(kind.{next(names)}, '')")
        if len(parts) == 1:
            parts.append("nullif(day_rule.day_rules, '')")
    tables = (
        f"(values (0, cast(null as varchar)), ({2**n}, {quoted(row['rule'])})) as {row['rule']} (number, text)"
        for n, row in enumerate(_line_rules())
    )
    provisional = [row for row in _line_rules() if _is_provisional(row)]
    return {
        "parts": ", ".join(parts),
        "bits": " + ".join(f"{row['rule']}.number" for row in _line_rules()),
        "tables": "\ncross join ".join(tables),
        "is_bit_provisional": " or ".join(f"{row['rule']}.number > 0" for row in provisional)
        or "false",
    }


def rules_of_day() -> dict[str, str]:
    """The rules of a day that decided the amount of a touched line: their text, number and grade."""
    rows = [row for row in rules() if _is_of_day(row) and _decides(row)]
    numbers = (f"case when {_decides(row)} then {2**n} else 0 end" for n, row in enumerate(rows))
    return {
        "day_rules": _listed(rows),
        "day_number": " + ".join(numbers),
        "is_day_provisional": _any_of([row for row in rows if _is_provisional(row)]),
    }


def rules_of_own() -> str:
    """The rules that decided the amount of a line that a schedule of its own pays, as one text."""
    return _listed([row for row in rules() if row["kind"] == "own_amount" and _decides(row)])


def is_own_provisional() -> str:
    """Whether one of them or of the notes on it is provisional."""
    decided = [row for row in rules() if row["kind"] == "own_amount" and row["condition"]]
    noted = [row for row in _own_notes() if _bears_on_the_amount(row)]
    return _any_of([row for row in decided if _is_provisional(row)] + noted)


def _parts() -> list[list[Row]]:
    """The rules of amounts in their order, divided where the day decides and by who else does, kind or line."""
    found = [row for row in rules() if row["kind"] in ("amount", "unit_factor", "line_factor")]
    found = [row for row in found if _decides(row) and not _is_of_day(row)]
    day = next(int(row["step"]) for row in rules() if _is_of_day(row))
    groups = groupby(found, key=lambda row: (int(row["step"]) > day, is_of_line(_decides(row))))
    return [list(rows) for _, rows in groups]


def _is_line_part(rows: list[Row]) -> bool:
    return is_of_line(_decides(rows[0]))


def _line_rules() -> list[Row]:
    return [row for rows in _parts() if _is_line_part(rows) for row in rows]


def _decides(row: Row) -> str:
    """The condition that a rule decided an amount, over the columns of a line; '' for no such rule."""
    if row["kind"] in ("unit_factor", "line_factor"):
        return f"{row['trace_column']} <> 1"
    return row["condition"] if row["kind"] in ("amount", "own_amount") else ""


def _is_of_day(row: Row) -> bool:
    return row["sql_file"].startswith("same_day/") and row["sql_file"] != "same_day/same_day.sql"


def _is_provisional(row: Row) -> bool:
    return row["is_provisional"] == "true"


def _any_of(rows: list[Row]) -> str:
    """Whether one of the rules decided, or one of the notes is met, never NULL."""
    met = (f"({_decides(row) or row['condition']})" for row in rows)
    return f"coalesce({' or '.join(met)}, false)"


def _named(row: Row) -> str:
    return f"case when {_decides(row)} then {quoted(row['rule'])} end"


def _listed(rows: list[Row], said=_named) -> str:
    return f"concat_ws(', ', {', '.join(map(said, rows))})"
