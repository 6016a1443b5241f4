"""What was understood of a file of claim lines, said before anything is priced."""

import csv
from dataclasses import dataclass
from typing import Any

import duckdb

from pipeline.errors import printable
from pipeline.price.carried import renamed
from pipeline.price.claim_file import Lines
from pipeline.price.layout import columns
from pipeline.price.miles import as_written
from pipeline.price.missing import advice, words_for_nothing
from schemas.derive import identifier

# As many values that are not understood are shown.
SHOWN = 5

# What a dry run does not ask, so that none of it is taken for known.
LATER = "Codes, modifiers, places of service and ZIP codes are looked up when the lines are priced, not here."

PLACES = ("service_zip_code", "service_mac", "service_locality_number")

# What follows where the file has nothing for a column of ours.
ABSENT = {
    "service_zip_code": "MAC and locality must say where",
    "service_mac": "the ZIP code must say where",
    "service_locality_number": "the ZIP code must say where",
    "modifier_1": "no line has a modifier",
    "charge": "no amount is held down to it, and 52 and 53 have no price",
    "provider_kind": "every line is a physician's",
    "is_participating": "every provider participates",
    "is_apm_qualified": "no provider is a qualifying participant",
    "anesthesia_minutes": "anesthesia has no price",
    "patient_id": "same-day rules hold within a claim alone",
    "provider_id": "same-day rules hold within a claim alone",
    "billing_provider_id": "rules of a group practice hold for each provider alone",
    "provider_specialty": "rules of a specialty hold for each provider alone",
    "ndc_code": "no crosswalk of the drug package is asked",
    "ndc_units": "units of drugs are held against nothing",
    "given_allowed_amount": "no comparison with what the payer allowed",
    "given_paid_amount": "no comparison with what the payer paid",
    "revenue_code": "no line is taken for a facility's",
    "bill_type": "no line is taken for a facility's",
    "is_assigned": "every claim is taken as assigned",
    "deductible_left": "the deductible is taken as met, unless --deductible annual runs that of the year",
}


@dataclass(frozen=True)
class Understood:
    """The lines with their number, an example of each column that is read, and refused values.

    ``refused`` has of the first ones the line of the file, or the row where it has no lines, and
    what was not understood; ``refused_count`` counts them all.
    """

    lines: Lines
    line_count: int
    examples: dict[str, str]
    refused: list[tuple[int, str]]
    refused_count: int


def understood(con: duckdb.DuckDBPyConnection, lines: Lines) -> Understood:
    """Look at the lines that were read."""
    texts = {name: f"cast({identifier(name)} as varchar)" for name in lines.cells}
    texts["units"] = as_written()
    shown = ", ".join(f"any_value({text}) FILTER ({text} <> '')" for text in texts.values())
    [(count, refused_count, *values)] = con.execute(
        f"SELECT count(*), count(*) FILTER (unreadable <> ''), {shown} FROM incoming_line"
    ).fetchall()
    refused = con.execute(
        "SELECT line_id, remark FROM incoming_line WHERE unreadable <> '' "
        f"ORDER BY line_id LIMIT {SHOWN}"
    ).fetchall()
    examples = dict(zip(lines.cells, (x or "" for x in values), strict=True))
    return Understood(lines, count, examples, _placed(lines, refused), refused_count)


def _placed(lines: Lines, refused: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The values with the lines of the text that they stand in; rows of other files count from 1."""
    text = lines.source.text
    if text is None or lines.rows is not None:
        return [(row + 1, remark) for row, remark in refused]
    wanted = dict(refused)
    found, record, began = [], -1, 1
    with text.path.open(encoding="utf-8-sig", newline="") as data:
        rows = csv.reader(data, delimiter=text.delimiter, skipinitialspace=True)
        for row in rows:
            if row:
                if record in wanted:
                    found.append((began, wanted[record]))
                record += 1
            if len(found) == len(wanted):
                break
            began = rows.line_num + 1
    return found


def as_data(found: Understood) -> dict[str, Any]:
    """The same for programs."""
    lines = found.lines
    return {
        "file": lines.source.name,
        "form": lines.source.form,
        "line_count": found.line_count,
        "row_count": lines.rows,
        "map": lines.column_map.name if lines.column_map else None,
        "is_recognised": lines.is_recognised,
        "columns": [
            {
                "column": name,
                "read_from": list(lines.read[name]),
                "form": cell.form,
                "example": found.examples[name],
            }
            for name, cell in lines.cells.items()
        ],
        "absent": _absent(lines),
        "ignored_columns": lines.ignored,
        "unread_sheets": list(lines.source.unread_sheets),
        "renamed_columns": renamed(lines.carried),
        "notes": list(lines.column_map.notes) if lines.column_map else [],
        "lines_of_several_days": lines.of_several_days,
        "refused_count": found.refused_count,
        "refused": [{"line": line, "value": value} for line, value in found.refused],
    }


def _absent(lines: Lines) -> dict[str, str]:
    names = [x.name for x in columns() if x.name not in lines.cells]
    # Three more modifiers say no more than the first.
    names = [x for x in names if not x.startswith("modifier_") or x == "modifier_1"]
    meaning = {x: ABSENT[x] for x in names}
    if not {"service_zip_code", "service_mac"} & set(lines.cells):
        meaning |= dict.fromkeys(PLACES, "no line has a place, and so none has a price")
    return meaning


def words(found: Understood) -> list[str]:
    """The same for people."""
    lines = found.lines
    rows = f" in {lines.rows:,} rows" if lines.rows is not None else ""
    said = [
        f"{lines.source.name}: {lines.source.form}; {found.line_count:,} lines{rows}. Nothing was written."
    ]
    if lines.column_map:
        how = ", by the names of its columns" if lines.is_recognised else ""
        said.append(f"read as {lines.column_map.name}{how}")
        said += [f"  {note}" for note in lines.column_map.notes]
    absent = _absent(lines)
    width = max(map(len, [*lines.cells, *absent]))
    said += ["", "columns, what they are read from, and a value of each:"]
    said += [f"  {name:<{width}}  {_reads(found, name)}" for name in lines.cells]
    said += ["", "not in the file:"]
    said += [f"  {name:<{width}}  {meaning}" for name, meaning in absent.items()]
    if others := lines.source.unread_sheets:
        said += ["", f"sheets that are not read (--sheet NAME reads one): {', '.join(others)}"]
    if lines.ignored:
        said += ["", f"columns that are not read: {', '.join(lines.ignored)}"]
    if other := renamed(lines.carried):
        said += [
            f"in the output under another name: {', '.join(f'{x} is {y}' for x, y in other.items())}"
        ]
    said += ["", LATER, f"lines with a value that is not understood: {found.refused_count:,}"]
    what = "line" if lines.source.text and lines.rows is None else "row"
    said += [f"  {what} {line:,}: {value}" for line, value in found.refused]
    if lines.words_on_days:
        said.append(lines.words_on_days)
    if nothing := words_for_nothing(value for _, value in found.refused):
        said.append(advice(nothing))
    return [printable(line) for line in said]


def _reads(found: Understood, name: str) -> str:
    cell, heads = found.lines.cells[name], found.lines.read[name]
    where = ", ".join(heads) or "one value for all lines"
    form = f" ({cell.form})" if cell.form else ""
    return f"{where}{form}: {found.examples[name] or 'blank on every line'}"
