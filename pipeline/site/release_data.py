"""The data files of one release: codes, sections, places, search and what it changed."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

from pipeline.schedules.pfs.declared import schedule
from pipeline.site.shard import as_json, entries, packed, rows, write_code_shards, write_shard

# The release and the code stand in the name of the file and the key of the record.
PROFILE_COLUMNS = [
    column.name
    for column in schedule().tables["code_profile"].columns
    if column.name not in ("release_id", "hcpcs_code")
]


def write_release(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    release_id: str,
    annotations: dict[str, list[list]],
    with_specialties: set[str],
) -> None:
    """Write every data file of a release below ``folder``."""
    described = rows(con, "description", release_id=release_id)
    labels = {code: label for code, _, _, label in described}
    shards = _write_codes(con, folder, release_id, labels, {*annotations, *with_specialties})
    _write_sections(con, folder, release_id, labels, shards)
    _write_search(folder, release_id, described, annotations)
    _write_changes(con, folder, release_id)


def _write_codes(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    release_id: str,
    labels: dict[str, str],
    with_text: set[str],
) -> str:
    amounts = {row[0]: row[1:] for row in rows(con, "place_amounts", release_id=release_id)}
    texts = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in PROFILE_COLUMNS)
    profiles = con.execute(
        f"SELECT hcpcs_code, {texts} FROM code_profile WHERE release_id = ? ORDER BY hcpcs_code",
        [release_id],
    ).fetchall()
    records = {}
    for code, *figures in profiles:
        record = [f'"profile":{as_json(figures)}', f'"label":{as_json(labels[code])}']
        if code in amounts:
            office, facility = amounts[code]
            # Services that are not done in an office have the same amounts twice.
            record.append(f'"facility":{facility}')
            record += [f'"office":{office}'] if office != facility else []
        if code in with_text:
            # The texts themselves stand in a file of their own, which all releases share.
            record.append('"hasText":true')
        records[code] = f"{{{','.join(record)}}}"
    return write_code_shards(folder, f"{release_id}/codes", records)


def _write_sections(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    release_id: str,
    labels: dict[str, str],
    shards: str,
) -> None:
    sections = entries(con, "section", release_id=release_id)
    parts = _grouped(rows(con, "subsection", release_id=release_id))
    steps = _grouped(rows(con, "distribution", release_id=release_id))
    codes = _grouped(rows(con, "section_code", release_id=release_id))
    for number, section in enumerate(sections):
        section["subsections"] = parts.get(section["section"], [])
        section["steps"] = steps.get(section["section"], [])
        listed = [[*row, labels[row[0]]] for row in codes[section["section"]]]
        by_code = {row[0]: row for row in listed}
        section["highest_work"] = [
            by_code[code] for code in section.pop("highest_work_codes") or []
        ]
        write_shard(folder, f"{release_id}/sections/{number}", listed)
    write_shard(
        folder,
        f"{release_id}/release",
        {
            "sections": packed(sections),
            "localities": rows(con, "locality", release_id=release_id),
            "shards": shards,
        },
    )


def _grouped(found: list[tuple]) -> dict[str, list[tuple]]:
    """Rows by their first cell, without it."""
    groups: dict[str, list[tuple]] = defaultdict(list)
    for first, *rest in found:
        groups[first].append(tuple(rest))
    return groups


def _write_search(
    folder: Path,
    release_id: str,
    described: list[tuple],
    annotations: dict[str, list[list]],
) -> None:
    """One line per code: code, section, label, and further words that people look for."""
    places = list(dict.fromkeys((section, part) for _, section, part, _ in described))
    lines = []
    for code, section, part, label in described:
        words = "; ".join(
            text for kind, *_, text, _, _, _ in annotations.get(code, []) if kind == "synonyms"
        )
        cells = (code, str(places.index((section, part))), label, words)
        lines.append("\t".join(" ".join(cell.split()) for cell in cells).rstrip("\t"))
    write_shard(folder, f"{release_id}/search", {"places": places, "lines": "\n".join(lines)})


def _write_changes(con: duckdb.DuckDBPyConnection, folder: Path, release_id: str) -> None:
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
    write_shard(
        folder,
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
