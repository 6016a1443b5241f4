"""A typed frame against its Pandera model: the frame, rows for quarantine, or a refusal.

A row is set aside when only that row can be wrong: an indicator with a value that nobody has
declared. A broken key, number or sum says that the file was misread or damaged, and refuses it.
Of companion files any broken row is set aside, unless the file was cut off within it.
"""

import re
from dataclasses import dataclass

import polars as pl

from pipeline.errors import AGAIN, LEAVE_OUT, SKIP, Finding, RefusedError, refuse
from pipeline.read.file import FileRead, lines_of
from schemas.definitions import Schedule

# An indicator may get a new value in some rows. One in more rows than this share of a file says
# that the column is not the one it is taken for.
MOST_SET_ASIDE = 0.005

# All of them of one value is what a new rule of CMS looks like, and the next file would say the same.
NEW_VALUE = (
    "If CMS's notes on the release name this value, a version of this program that knows it is needed; "
    f"until then {LEAVE_OUT}."
)

# Numbers with more digits than their column has are what a program made of them, or a precision that is new.
NEW_DIGITS = (
    f"{AGAIN}; if the numbers are the same there, a version of this program that has room for their digits is "
    f"needed; until then {LEAVE_OUT}."
)
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass
class Validated:
    """The rows of one file that are accepted, and what was wrong with those set aside."""

    file: str
    frame: pl.DataFrame
    set_aside: list[Finding]


def validate(read: FileRead, schedule: Schedule, quarantine_rows: bool) -> Validated:
    """Check a file that was read, and set aside the rows that cannot be accepted.

    With ``quarantine_rows`` every broken row is set aside (companion files); without, only
    rows whose sole fault is an undeclared indicator value; of either as long as they are few. Raises
    RefusedError for the rest, and where the last row is broken because the file ends within it.
    """
    broken = sorted(read.refused + _model_findings(read, schedule), key=lambda x: x.line or 0)
    lines = {finding.line for finding in broken}
    if read.open_end in lines:
        raise cut_off(read.file, read.open_end)
    rest = [] if quarantine_rows else [x for x in broken if not _is_undeclared_value(x)]
    if rest:
        raise RefusedError(read.file, rest, NEW_DIGITS if all(map(_is_number, rest)) else SKIP)
    if len(lines) > max(3, MOST_SET_ASIDE * lines_of(read.frame)):
        is_one_value = len({(x.column, x.value) for x in broken}) == 1
        raise RefusedError(read.file, broken, NEW_VALUE if is_one_value else SKIP)
    is_broken = pl.col("source_line").is_in(list(lines))
    accepted = read.frame.filter(~is_broken) if lines else read.frame
    if accepted.is_empty():
        raise RefusedError(read.file, broken)
    read.account.loaded = lines_of(accepted)
    read.account.quarantined = len(lines)
    return Validated(read.file, accepted, broken)


def cut_off(file: str, line: int) -> RefusedError:
    """The refusal of a file whose last record breaks off."""
    message = "the last record breaks off: the file was cut off, as by a download that did not end"
    return refuse(file, "cut_off", message, line=line)


def _is_number(finding: Finding) -> bool:
    """Whether a value that is none of its column is a number all the same."""
    is_of_type = finding.rule.startswith("type of ")
    return is_of_type and NUMBER.fullmatch(finding.value) is not None


def _is_undeclared_value(finding: Finding) -> bool:
    return finding.rule.startswith("domain of ")


def _model_findings(read: FileRead, schedule: Schedule) -> list[Finding]:
    # Pandera takes half a second to import, and whoever only knows the schedules validates nothing.
    import pandera.errors

    from schemas.models import model_of

    try:
        model_of(schedule, read.layout.table).validate(read.frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.iter_rows(named=True)
        # A record that became several rows has in each of them what is wrong with it once.
        return list(dict.fromkeys(_finding(case, read, schedule) for case in cases))
    return []


def _finding(case: dict, read: FileRead, schedule: Schedule) -> Finding:
    row = read.frame.row(case["index"], named=True)
    table = schedule.tables[read.layout.table]
    if case["check"] == "multiple_fields_uniqueness":
        key = ", ".join(f'{name} "{row[name]}"' for name in table.key)
        return Finding("key", f"the key {key} occurs more than once", row["source_line"])
    if case["schema_context"] == "DataFrameSchema":
        return _arithmetic_finding(case["check"], row)
    column = schedule.columns[case["column"]]
    rule, expected = _broken_rule(case["check"], column)
    return Finding(
        rule=f"{rule} of {column.name}",
        message=f'{column.name} is "{row[column.name]}" where {expected} is expected',
        line=row["source_line"],
        column=column.name,
        value=str(row[column.name]),
    )


def _broken_rule(check: str, column) -> tuple[str, str]:
    if check.startswith("isin"):
        return "domain", "one of " + ", ".join(value or "blank" for value in column.domain)
    if check.startswith("str_matches"):
        return "pattern", f"text of the form {column.pattern}"
    if check.startswith(">="):
        return "minimum", f"at least {column.minimum}"
    if check.startswith("<="):
        return "maximum", f"at most {column.maximum}"
    return check, "another value"


def _arithmetic_finding(check: str, row: dict) -> Finding:
    total, parts = check.split(" = ")
    names = parts.split(" + ")
    added = sum(row[name] for name in names)
    sums = " + ".join(str(row[name]) for name in names)
    message = f"{total} is {row[total]}, but {' + '.join(names)} is {sums} = {added}"
    return Finding(f"sum of {total}", message, row["source_line"], total, str(row[total]))
