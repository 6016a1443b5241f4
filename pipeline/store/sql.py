"""SQL files: one SELECT each, put together by name; checks with their severity and rule."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from string import Template

from schemas.derive import quoted


@cache
def _body(path: Path) -> str:
    """The statement of an SQL file without its comment lines."""
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))


def compose(path: Path, **parts: str) -> str:
    """The SELECT of an SQL file, with each ``$part`` in it replaced by a SELECT in parentheses."""
    return compose_with(path, {}, **parts)


def compose_with(path: Path, literal: dict[str, str], /, **parts: str) -> str:
    """The same, with expressions and lists of columns too, which are put in as they stand."""
    selects = {name: f"(\n{sql}\n)" for name, sql in parts.items()}
    return Template(_body(path)).substitute(selects | literal)


# What may stand around an argument that was pasted; DuckDB's trim by itself takes spaces alone.
BLANKS = quoted(" \t\n\v\f\r\N{NO-BREAK SPACE}")


def macro_sql(path: Path, is_scalar: bool = False, **parts: str) -> str:
    """The statements that create a macro, out of ``parts`` as in ``compose``, and say what it gives.

    The first two comment lines of its file are the call and what it gives. In it ``$blanks`` are all
    kinds of blanks.
    """
    signature, words = (x.removeprefix("-- ") for x in path.read_text("utf-8").splitlines()[:2])
    select = compose_with(path, {"blanks": BLANKS}, **parts)
    kind, body = ("", f"(\n{select}\n)") if is_scalar else ("TABLE", select)
    return (
        f"CREATE MACRO {signature} AS {kind} {body};\n"
        f"COMMENT ON MACRO {kind} {path.stem} IS {quoted(words)}"
    )


# How the first line of a check reads: "-- severity: error above 0.5% from 2020".
SEVERITY = re.compile(
    r"-- severity: (?P<word>error|warning|note)(?: above (?P<percent>[0-9.]+)%)?(?: from (?P<year>\d{4}))?"
)


@dataclass(frozen=True)
class Check:
    """A SELECT that returns offending rows: ``file_kind``, ``source_line`` and ``finding``.

    ``error_from`` is the first year whose files the rule was seen to hold for: what breaks it in
    a file of an earlier year is a warning. ``error_above`` is the share of a file's rows that CMS
    itself may break the rule in: as few are a warning, and more say that a column is another.
    """

    name: str
    severity: str
    meaning: str
    query: str
    error_from: int = 0
    error_above: Fraction = Fraction(0)

    def about(self, **named: str) -> "Check":
        """The check with each ``$name`` in it replaced by what it is about."""
        return replace(self, query=Template(self.query).substitute(named))

    def words(self, finding: str | None) -> str:
        """A finding in words: the check's own meaning where a value that it would name is missing."""
        return self.meaning if finding is None else finding

    def severity_in(self, calendar_year: int, findings: int = 1, rows: int = 0) -> str:
        """The severity of so many findings in a file of a year that has so many rows."""
        if self.severity != "error":
            return self.severity
        is_many = findings > self.error_above * rows
        return "error" if is_many and calendar_year >= self.error_from else "warning"


@cache
def load_checks(folder: Path) -> tuple[Check, ...]:
    """Read the checks of a folder; the first two comment lines say severity and meaning.

    The first may say from which share of the rows and from which year on it is an error.
    """
    return tuple(_load_check(path) for path in sorted(folder.glob("*.sql")))


def _load_check(path: Path) -> Check:
    first, meaning = path.read_text("utf-8").splitlines()[:2]
    severity = SEVERITY.fullmatch(first)
    assert severity, f"{path.name} begins with {first!r}"
    return Check(
        name=path.stem,
        severity=severity["word"],
        meaning=meaning.removeprefix("-- "),
        query=_body(path),
        error_from=int(severity["year"] or 0),
        error_above=Fraction(severity["percent"] or 0) / 100,
    )
