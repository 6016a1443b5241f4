"""What the search of the pages looks in: codes and names, words that people use, figures."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import duckdb

from pipeline.schedules.pfs.declared import schedule
from pipeline.site.shard import has_table, rows
from schemas.definitions import read_reference

# Everyday phrases with their codes, their translations, and words with what they stand for.
CURATED = ("search_topic", "search_translation", "search_word")


def search_words(
    con: duckdb.DuckDBPyConnection, annotations: dict[str, list[list]]
) -> dict[str, Any]:
    """What the search of every release looks in, as the page reads it.

    A line for each code of any release, and for each that only another schedule pays: the code, its
    section, its name, further words, and the first and last release that list it where those are
    not the oldest and the latest.
    """
    found = _every_code(con)
    places = list(dict.fromkeys((section, part) for _, section, part, *_ in found))
    latest = max((last for *_, last, _ in found), default=0)
    codes = short_codes([code for code, *_ in found])
    lines = []
    for short, (code, section, part, name, first, last, _) in zip(codes, found, strict=True):
        words = _synonyms(annotations.get(code, []))
        listed = "" if (first, last) == (0, latest) else f"{first}-{last}"
        lines.append(_line(short, str(places.index((section, part))), name, words, listed))
    return {
        "withheld": any(is_withheld for *_, is_withheld in found),
        "places": places,
        "codes": "\n".join(lines),
        "topics": list(_topics()),
        "words": dict(_words()),
        "ignored": [row["word"] for row in _curated("search_word", "ignored")],
    }


def _every_code(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """The codes of the Physician Fee Schedule, and those that only other schedules pay, in their order."""
    found = rows(con, "search_code")
    latest = max((last for *_, last, _ in found), default=0)
    if has_table(con, "site_fee"):
        others = rows(con, "search_other_code")
        found += [(*other, 0, latest, False) for other in others]
    return sorted(found)


def search_figures(con: duckdb.DuckDBPyConnection, release_id: str) -> dict[str, Any]:
    """What the search shows of each code of a release, a line for each: status, work, payment, fee.

    The payment is that in an office, or in a facility where f stands behind it. Where there is none,
    the fee is what another schedule pays: its number, modifiers, and the amount or the lowest and the
    highest.
    """
    figures = {code: row for code, *row in rows(con, "search_figure", release_id=release_id)}
    statuses = list(dict.fromkeys((status, priced) for status, priced, *_ in figures.values()))
    fees = {}
    if has_table(con, "site_release_fee"):
        fees = {code: row for code, *row in rows(con, "search_fee")}
    schedules = list(dict.fromkeys(schedule for schedule, *_ in fees.values()))
    codes = sorted({*figures, *fees})
    lines = []
    for short, code in zip(short_codes(codes), codes, strict=True):
        status, priced, work, payment, in_facility = figures.get(code, ("", "", None, None, False))
        number = str(statuses.index((status, priced))) if code in figures else ""
        fee = "" if payment or code not in fees else _fee(schedules, *fees[code])
        lines.append(
            _line(short, number, _short(work), payment or "", "f" if in_facility else "", fee)
        )
    return {"statuses": statuses, "schedules": schedules, "lines": "\n".join(lines)}


def _fee(
    schedules: list[str], schedule: str, modifiers: str, lowest: str, highest: str | None
) -> str:
    return "/".join([str(schedules.index(schedule)), modifiers, lowest, highest or ""])


def short_codes(codes: list[str]) -> list[str]:
    """Each code without what it shares with the one before: 99213, 99214, 99291 are 99213, 4, 91."""
    short, before = [], ""
    for code in codes:
        shared = next((n for n in range(len(code)) if code[n] != before[n : n + 1]), len(code) - 1)
        # Only codes of the same length can be put together again.
        short.append(code[shared:] if len(code) == len(before) else code)
        before = code
    return short


def _line(*cells: str) -> str:
    return "\t".join(" ".join(cell.split()) for cell in cells).rstrip("\t")


def _short(figure: str | None) -> str:
    """A decimal without the zeros at its end; nothing where it is zero or unknown."""
    short = (figure or "").rstrip("0").rstrip(".")
    return "" if short == "0" else short


def _synonyms(annotations: list[list]) -> str:
    return "; ".join(text for kind, *_, text, _, _, _ in annotations if kind == "synonyms")


def _topics() -> Iterator[tuple[str, list[str], str]]:
    """What is looked for: its label, its phrases in every language, its codes."""
    translated: dict[str, list[str]] = defaultdict(list)
    for row in read_reference(schedule().reference_file("search_translation")):
        translated[row["topic_label"]] += row["phrases"].split("; ")
    for row in read_reference(schedule().reference_file("search_topic")):
        label = row["topic_label"]
        phrases = [phrase for phrase in row["phrases"].split("; ") if phrase]
        yield label, [*phrases, *translated[label]], row["hcpcs_codes"]


def _words() -> Iterator[tuple[str, str]]:
    """Abbreviations and other words, each with what it stands for.

    A synonym is one in both directions, so that either word finds what the other is in.
    """
    stands_for: dict[str, list[str]] = defaultdict(list)
    for kind in ("abbreviation", "synonym"):
        for row in _curated("search_word", kind):
            meanings = row["stands_for"].split("; ")
            stands_for[row["word"]] += meanings
            for meaning in meanings if kind == "synonym" else ():
                stands_for[meaning].append(row["word"])
    for word, meanings in stands_for.items():
        yield word, "; ".join(dict.fromkeys(meanings))


def _curated(name: str, kind: str) -> Iterator[dict[str, str]]:
    for row in read_reference(schedule().reference_file(name)):
        if row["word_kind"] == kind:
            yield row
