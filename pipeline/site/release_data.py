"""The data files of one release: sections, places, search and what it changed."""

from collections import defaultdict
from typing import Any

import duckdb

from pipeline.site.search import search_figures
from pipeline.site.shard import Folder, entries, packed, rows


def write_release(
    con: duckdb.DuckDBPyConnection,
    folder: Folder,
    release_id: str,
) -> None:
    """Write what a release has besides its codes: sections, places, search, what it changed."""
    described = rows(con, "description", release_id=release_id)
    labels = {code: label for code, _, _, label in described}
    _write_sections(con, folder, release_id, labels)
    folder.write(f"{release_id}/search", search_figures(con, release_id))
    _write_changes(con, folder, release_id)


def _write_sections(
    con: duckdb.DuckDBPyConnection,
    folder: Folder,
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


def _write_lists(folder: Folder, listed: list[dict]) -> list[tuple[str, str]]:
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


def _write_changes(con: duckdb.DuckDBPyConnection, folder: Folder, release_id: str) -> None:
    found = entries(con, "change", release_id=release_id)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in found:
        counts[row["section"]][row["change"]] += 1
    listed = [
        [row["hcpcs_code"], row["change"], row["status_before"], row["status_after"]]
        for row in found
        if row["change"] in ("added", "removed", "status_changed")
    ]
    moved = [row for row in found if row["facility_before"] and row["facility_after"]]
    folder.write(
        f"{release_id}/changes",
        {"counts": counts, "listed": listed, "moved": _largest(moved)},
    )


def _largest(moved: list[dict[str, Any]], most: int = 25) -> dict[str, list[list]]:
    """The largest rises and falls in each setting, in dollars."""
    largest = {}
    for setting in ("office", "facility"):

        def change(row: dict[str, Any], setting: str = setting) -> float:
            return float(row[f"{setting}_after"]) - float(row[f"{setting}_before"])

        ordered = sorted((row for row in moved if not row[f"is_{setting}_na"]), key=change)
        largest[f"{setting}_falls"] = [list(x.values()) for x in ordered[:most] if change(x) < 0]
        rises = [list(x.values()) for x in ordered[: -most - 1 : -1] if change(x) > 0]
        largest[f"{setting}_rises"] = rises
    return largest
