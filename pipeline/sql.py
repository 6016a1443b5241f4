"""SQL files: one SELECT each, put together by name; checks with their severity and rule."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template


@cache
def _body(path: Path) -> str:
    """The statement of an SQL file without its comment lines."""
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))


def compose(path: Path, **parts: str) -> str:
    """The SELECT of an SQL file, with each ``$part`` in it replaced by a SELECT in parentheses."""
    return Template(_body(path)).substitute({name: f"(\n{sql}\n)" for name, sql in parts.items()})


@dataclass(frozen=True)
class Check:
    """A SELECT that returns offending rows: ``file_kind``, ``source_line`` and ``finding``.

    ``error_from`` is the first year whose files the rule was seen to hold for: what breaks it in
    a file of an earlier year is a warning.
    """

    name: str
    severity: str
    meaning: str
    query: str
    error_from: int = 0

    def severity_in(self, calendar_year: int) -> str:
        """The severity for a file of a year."""
        return self.severity if calendar_year >= self.error_from else "warning"


@cache
def load_checks(folder: Path) -> tuple[Check, ...]:
    """Read the checks of a folder; the first two comment lines say severity and meaning.

    The first may end in a year, as in ``-- severity: error from 2020``.
    """
    checks = []
    for path in sorted(folder.glob("*.sql")):
        first, meaning = path.read_text("utf-8").splitlines()[:2]
        severity, _, error_from = first.removeprefix("-- severity: ").partition(" from ")
        checks.append(
            Check(
                name=path.stem,
                severity=severity,
                meaning=meaning.removeprefix("-- "),
                query=_body(path),
                error_from=int(error_from or 0),
            )
        )
    return tuple(checks)
