"""The edits of some codes in words for people."""

from datetime import date

from pipeline.cli.query import aligned
from pipeline.release.quarter import fetched_for
from pipeline.schedules.ncci import settings as ncci_settings
from pipeline.schedules.ncci.ask import KINDS

# How the settings are written on the command line, and what the tables call them.
SETTINGS = {"practitioner": "practitioner", "hospital": "outpatient_hospital"}

# How the names of releases of each setting end; add-on codes are the same in all.
SUFFIXES = {x.name: x.suffix for x in ncci_settings.SETTINGS}

INDICATORS = {
    "0": "0: no modifier gets both paid",
    "1": "1: an NCCI modifier gets both paid",
    "9": "9: not applicable",
}

ADD_ONS = {
    "primary_present": "{code} is an add-on code (type {indicator}), paid with {other_code}",
    "primary_missing": "{code} is an add-on code (type {indicator}) and not paid: none of its primary codes is among these codes",
    "contractor_defines_primary": "{code} is an add-on code (type {indicator}): the Medicare contractor says which primary codes it is paid with",
    "contractor_may_accept_others": "{code} is an add-on code (type {indicator}): none of the primary codes that CMS lists is among these codes; the contractor may accept others",
}

UNITS = {
    "1": "of one line of a claim",
    "2": "a day, by policy: more are never paid",
    "3": "a day: more may be paid where they were medically necessary",
}


def edits_lines(found: dict, shown: int | None) -> list[str]:
    """The whole answer; of the partners of one code so many are ``shown``, or all."""
    whose = "hospitals" if found["setting"] == "outpatient_hospital" else "practitioners"
    lines = [f"{' '.join(found['codes'])}  {whose}, on {found['on']}", ""]
    if found["is_sample"]:
        lines.insert(0, "SAMPLE: selected codes and made pairs, no table of CMS.")
    lines += _partner_lines(found, shown) if "partners" in found else _pair_lines(found)
    of_codes = [ADD_ONS[x["status"]].format(**x) + _source(x) for x in found["add_ons"] or ()]
    of_codes += _unit_lines(found)
    of_codes += [
        f"{code}: nothing that is loaded has this code; is it spelled right?"
        for code in found["unknown_codes"]
    ]
    gaps = [_gap(row, found) for row in found["gaps"]]
    return lines + of_codes + (["", *gaps] if of_codes and gaps else gaps)


def _pair_lines(found: dict) -> list[str]:
    if found["pairs"] is None:
        return []
    lines: list[str] = []
    if found["pairs"]:
        cells = [
            (row["code"], row["other_code"], INDICATORS[row["indicator"]], row["effective_from"],
             row["effective_to"] or "", row["rationale"], row["release_id"])
            for row in found["pairs"]
        ]  # fmt: skip
        head = ["paid", "denied", "modifier", "from", "until", "rationale", "release"]
        lines += aligned(head, cells) + _modifier_lines(found, found["pairs"], "indicator")
    lines += [f"{one} and {other}: no edit" for one, other in found["pairs_without_edit"]]
    return [*lines, ""]


def _partner_lines(found: dict, shown: int | None) -> list[str]:
    if found["partners"] is None:
        return []
    [code] = found["codes"]
    count = found["partner_count"]
    lines = [
        f"{count:,} {'edit' if count == 1 else 'edits'} in force {'has' if count == 1 else 'have'} {code}"
    ]
    listed = found["partners"][:shown]
    cells = [
        (row["column1"], row["column2"], INDICATORS[row["modifier_indicator"]], row["effective_from"], row["rationale"])
        for row in listed
    ]  # fmt: skip
    if listed:
        lines += ["", *aligned(["paid", "denied", "modifier", "from", "rationale"], cells)]
        lines += _modifier_lines(found, listed, "modifier_indicator")
    if len(listed) < count:
        lines.append(f"... {count - len(listed):,} more; list them with --all")
    return [*lines, ""]


def _modifier_lines(found: dict, rows: list[dict], indicator: str) -> list[str]:
    """Which modifiers are meant, where one of the edits speaks of them."""
    if not any(row[indicator] == "1" for row in rows):
        return []
    return [
        f"NCCI modifiers: {' '.join(found['ncci_modifiers'])}; each only where the record supports it."
    ]


def _unit_lines(found: dict) -> list[str]:
    if found["units"] is None:
        return []
    lines = []
    for row in found["units"]:
        if row["units"] == 0:
            limit = "no unit is ever paid in this setting"
        else:
            limit = f"at most {row['units']:,} {'unit' if row['units'] == 1 else 'units'} {UNITS[row['indicator']]}"
        lines.append(f"{row['code']}: {limit}{_source(row)}")
    limited = {row["code"] for row in found["units"]}
    return lines + [
        f"{code}: no published limit of units" for code in found["codes"] if code not in limited
    ]


def _source(row: dict) -> str:
    return f" ({row['release_id']})"


def _gap(row: dict, found: dict) -> str:
    what, schedule = KINDS[row["edit_kind"]]
    if row["status"] == "not_loaded":
        suffix = "" if schedule == "aoc" else SUFFIXES[found["setting"]]
        day = date.fromisoformat(str(found["on"]))
        return (
            f"Not loaded: {what} of this setting and day, so that nothing is said of them. Get them with: "
            + fetched_for(schedule, day, day, suffix)
        )
    return (
        f"The day is after {row['release_id']}, the last {what} that are loaded: what CMS changed since is "
        "not known."
    )
