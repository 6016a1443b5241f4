"""The checks of one release: an error refuses the file that it is in, a warning is listed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipeline.errors import Finding, RefusedError
from pipeline.read.sort import FileKind, file_kinds, release_kinds
from pipeline.read.unproven import UnprovenError
from pipeline.store.shelf import Artefact
from pipeline.store.sql import Check, load_checks
from schemas.definitions import catalog
from schemas.derive import quoted

# What holds for a release of any schedule.
SHARED_CHECKS = Path(__file__).parent / "shared_check" / "release"

# A shifted column breaks a rule in every row; so many are listed.
MOST_LISTED = 1000


@dataclass
class Checked:
    """The rows of ``check_result`` and ``check_finding`` of a release."""

    results: list[dict] = field(default_factory=list)
    findings: list[dict] = field(default_factory=list)


def check_first(con: duckdb.DuckDBPyConnection, read: Artefact, folder: Path, name: str) -> None:
    """Run the check without which no table can be computed."""
    [check] = [one for one in load_checks(folder) if one.name == name]
    _run(con, check, read)


def shared_checks(schedule: str) -> list[Check]:
    """What holds for a release of any schedule, about the files that one of this schedule has."""
    kinds = [file_kinds()[name] for name in release_kinds(schedule)]
    texts = " UNION ALL ".join(query for kind in kinds for query in _texts_of(kind))
    none = "SELECT '' AS file_kind, 0 AS source_line, '' AS place, '' AS words LIMIT 0"
    return [check.about(texts=texts or none) for check in load_checks(SHARED_CHECKS)]


def _texts_of(kind: FileKind) -> Iterator[str]:
    """A query of each column of free text: the kind of file, the line, what it is of, the text.

    A record of a wide table that became several rows is asked once.
    """
    table = catalog().tables[f"stage.{kind.plain}"]
    melted = {name for layout in kind.layouts if layout.melt for name in layout.melt.names}
    key = ", ".join(f"nullif({name}::VARCHAR, '')" for name in table.key if name not in melted)
    for column in table.columns:
        if column.free_text:
            of = quoted(f"the {column.name.replace('_', ' ')} of ")
            yield (
                f"SELECT DISTINCT {quoted(kind.name)} AS file_kind, source_line, "
                f"{of} || concat_ws('-', {key}) AS place, {column.name} AS words "
                f"FROM stage.{kind.name}"
            )


def check_release(con: duckdb.DuckDBPyConnection, read: Artefact, *folders: Path) -> Checked:
    """Run every shared check, and those of ``folders``, over the tables of a release in ``con``.

    Raises RefusedError where the main file breaks a rule, UnprovenError where another file does.
    """
    checked = Checked()
    unproven = []
    shared = shared_checks(read.facts["schedule"])
    for check in (*shared, *(x for folder in folders for x in load_checks(folder))):
        try:
            severity, found = _run(con, check, read)
        except UnprovenError as error:
            # A fault of the main file, which a later check may find, is worse.
            unproven.append(error)
            continue
        named = {"check_name": check.name, "release_id": read.facts["release_id"]}
        checked.results.append(
            named
            | {
                "schedule": read.facts["schedule"],
                "severity": severity,
                "finding_count": len(found),
                "first_finding": found[0][2] if found else "",
                "meaning": check.meaning,
            }
        )
        checked.findings += [named | row for row in listed(found)]
    if unproven:
        raise unproven[0]
    return checked


def listed(found: list[tuple]) -> list[dict]:
    """The first findings of a check as rows of ``check_finding``, but for what they are of."""
    return [
        {"finding_number": number, "line_number": line, "finding": text}
        for number, (_, line, text) in enumerate(found[:MOST_LISTED], start=1)
    ]


def _run(
    con: duckdb.DuckDBPyConnection, check: Check, read: Artefact
) -> tuple[str, list[tuple[str, int | None, str]]]:
    """The severity and the findings of a check; raises for the file that breaks it in too many rows."""
    rows_found = con.execute(check.query).fetchall()
    found = [(kind, line, check.words(text)) for kind, line, text in rows_found]
    found.sort(key=lambda row: (row[1] or 0, row[2]))
    severity = ""
    main = read.facts["main_kind"]
    for kind in sorted({row[0] for row in found} or {main}, key=lambda x: x != main):
        of_kind = [row for row in found if row[0] == kind]
        rows = read.facts["row_counts"].get(kind, 0)
        severity = check.severity_in(read.facts["calendar_year"], max(len(of_kind), 1), rows)
        if of_kind and severity == "error":
            _refuse(kind, check.name, of_kind, read)
    return severity, found


def _refuse(kind: str, name: str, found: list[tuple], read: Artefact) -> None:
    files, main = read.facts["loaded_files"], read.facts["main_kind"]
    findings = [Finding(name, text, line) for _, line, text in found]
    cause = RefusedError(files.get(kind, files[main]), findings)
    if kind == main or kind not in files:
        raise cause
    raise UnprovenError(kind, cause)
