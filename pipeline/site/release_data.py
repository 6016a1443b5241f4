"""The data files of one release: sections, places, search and what it changed most."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import duckdb

from pipeline.site.search import search_figures
from pipeline.site.shard import DataFiles, entries, packed, rows


def write_release(con: duckdb.DuckDBPyConnection, folder: DataFiles, release_id: str) -> None:
    """Write what a release has besides its codes: sections, places, search, what it changed most."""
    described = rows(con, "description", release_id=release_id)
    labels = {code: label for code, _, _, label in described}
    _write_sections(con, folder, release_id, labels)
    folder.write(f"{release_id}/search", search_figures(con, release_id))
    _write_moved(con, folder, release_id)


def _write_sections(
    con: duckdb.DuckDBPyConnection,
    folder: DataFiles,
    release_id: str,
    labels: dict[str, str],
) -> None:
    sections = entries(con, "section", release_id=release_id)
    parts = _grouped(rows(con, "subsection", release_id=release_id))
    steps = _grouped(rows(con, "distribution", release_id=release_id))
    codes = _by_section(entries(con, "section_code", release_id=release_id), labels)
    lists = []
    for section in sections:
        section["subsections"] = parts.get(section["section"], [])
        section["steps"] = steps.get(section["section"], [])
        listed = codes[section["section"]]
        by_code = {row["hcpcs_code"]: row for row in listed}
        section["highest_work"] = [
            by_code[code] for code in section.pop("highest_work_codes") or []
        ]
        lists.append(_write_lists(folder, listed))
    folder.write(
        f"{release_id}/release",
        {
            "sections": packed(sections),
            "localities": rows(con, "locality", release_id=release_id),
            "lists": lists,
        },
    )


def _write_lists(folder: DataFiles, listed: list[dict]) -> list[tuple[str, str]]:
    """Write the codes of a section, those of each subsection apart; returns them with their files."""
    groups: dict[str, list[dict]] = defaultdict(list)
    for row in listed:
        groups[row["subsection"]].append(row)
    # Most lists are those of the release before.
    return [(part, folder.write_once("lists", packed(codes))) for part, codes in groups.items()]


def _by_section(found: list[dict], labels: dict[str, str]) -> dict[str, list[dict]]:
    groups: dict[str, list[dict]] = defaultdict(list)
    for row in found:
        section = row.pop("section")
        groups[section].append({**row, "label": labels[row["hcpcs_code"]]})
    return groups


def _grouped(found: list[tuple]) -> dict[str, list[tuple]]:
    """Rows by their first cell, without it."""
    groups: dict[str, list[tuple]] = defaultdict(list)
    for first, *rest in found:
        groups[first].append(tuple(rest))
    return groups


def _write_moved(con: duckdb.DuckDBPyConnection, folder: DataFiles, release_id: str) -> None:
    """Write the largest rises and falls against the release before, in each setting, in dollars."""
    moved = entries(con, "moved", release_id=release_id)
    largest = {}
    for setting in ("office", "facility"):
        names = [f"{setting}_{x}" for x in ("before", "after", "due_to_rvu", "due_to_factor")]
        lines = [
            [row["hcpcs_code"], *(row[name] for name in names)]
            for row in moved
            if not row[f"is_{setting}_na"]
        ]
        largest[f"{setting}_rises"], largest[f"{setting}_falls"] = _largest(lines)
    folder.write(f"{release_id}/moved", largest)


def _largest(lines: list[list[Any]], most: int = 10) -> tuple[list[list], list[list]]:
    """The lines that rose and that fell most, from the amount before to that after it."""

    def change(line: list[Any]) -> Decimal:
        return Decimal(line[2]) - Decimal(line[1])

    ordered = sorted(lines, key=change)
    rises = [line for line in ordered[: -most - 1 : -1] if change(line) > 0]
    return rises, [line for line in ordered[:most] if change(line) < 0]
