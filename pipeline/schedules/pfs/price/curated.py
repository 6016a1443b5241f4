"""What curated tables say, as parts of SQL.

Their rows come from where the conditions of the rules come from and not from the tables of a
warehouse, which an earlier version may have written: no line may miss them.
"""

from collections.abc import Collection, Iterable
from functools import cache

from pipeline.schedules.pfs.declared import schedule
from schemas.definitions import read_reference
from schemas.derive import quoted


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a curated table."""
    return tuple(read_reference(schedule().reference_file(name)))


def some_rows(name: str, column: str, among: Collection[str] | None) -> list[dict[str, str]]:
    """The rows of a curated table whose key is among some texts, all where none are said.

    Where none is, the first row stands for them: VALUES must have one.
    """
    found = [row for row in rows(name) if among is None or row[column] in among]
    return found or [rows(name)[0]]


def of_places() -> dict[str, str]:
    """The places of service that came later than others, with their first days, as VALUES."""
    dated = (
        f"({quoted(row['place_of_service'])}, {_day(row['effective_from'])})"
        for row in rows("place_of_service_date")
    )
    return {"place_dates": ", ".join(dated)}


def of_codes() -> dict[str, str]:
    """The anesthesia codes that are paid by the unit, and whether a code is computed tomography."""
    by_unit = (
        quoted(row["hcpcs_code"])
        for row in rows("anesthesia_add_on")
        if row["is_paid_by_unit"] == "true"
    )
    ranges = (
        f"listed.hcpcs_code between {quoted(row['first_code'])} and {quoted(row['last_code'])}"
        for row in rows("ct_code")
    )
    add_ons = (quoted(row["hcpcs_code"]) for row in rows("anesthesia_add_on"))
    return {
        "codes_by_unit": ", ".join(by_unit),
        "anesthesia_add_ons": ", ".join(add_ons),
        "is_ct": f"({' or '.join(ranges)})",
    }


def of_modifiers(among: Collection[str] | None = None) -> dict[str, str]:
    """Every modifier, or those among some, with what it does, as VALUES; no effect is ''."""
    effects = {row["claim_modifier"]: row for row in rows("modifier_effect")}
    nothing = {"effect": "", "effect_value": "", "factor": "1"}
    said = []
    for row in some_rows("modifier", "claim_modifier", among):
        effect = effects.get(row["claim_modifier"], nothing)
        texts = (
            row["claim_modifier"],
            row["amount_effect"],
            effect["effect"],
            effect["effect_value"],
        )
        factor = f"cast({effect['factor']} as decimal(6, 4))"
        said.append(f"({', '.join(map(quoted, texts))}, {factor})")
    return {"modifiers": ",\n".join(said)}


def of_lines() -> dict[str, str]:
    """The factors of providers and of therapy by assistants, by the day of service."""
    kind = "case when provider_kind = 'physician' then named_provider_kind else provider_kind end"
    of_kind = _dated(rows("provider_kind"), "provider_kind", kind)
    assistants = [row for row in rows("modifier_factor") if row["claim_modifier"] in ("CQ", "CO")]
    of_assistant = _dated(assistants, "claim_modifier", "therapy_assistant")
    return {"provider_factor": of_kind, "assistant_factor": of_assistant}


@cache
def kind_spellings() -> dict[str, tuple[str, ...]]:
    """The other words for each kind of provider, in small letters; a blank may be a _ or a hyphen."""
    found: dict[str, dict[str, None]] = {}
    for row in rows("provider_kind"):
        words = found.setdefault(row["provider_kind"], {})
        for word in row["spellings"].split("|"):
            words |= dict.fromkeys(word.replace(" ", between) for between in " _-")
    return {kind: tuple(words) for kind, words in found.items()}


def equipment_factor() -> str:
    """The factor of the technical part by the equipment and the day; FX and FY act both."""
    own = {
        name: [row for row in rows("modifier_factor") if row["claim_modifier"] == name]
        for name in ("FX", "FY", "CT")
    }
    film, radiography, scanner = (
        _dated(own[name], "claim_modifier", quoted(name)) for name in ("FX", "FY", "CT")
    )
    return (
        f"case when equipment = 'CT' then case when is_ct then {scanner} else {ONE} end "
        f"when equipment = 'FX' then {film} when equipment = 'FY' then {radiography} "
        f"else cast({film} * {radiography} as decimal(6, 4)) end"
    )


ONE = "cast(1 as decimal(6, 4))"


def _dated(some: Iterable[dict[str, str]], column: str, value: str) -> str:
    """The factor of the row that a value names and the date of service lies in; 1 where none does."""
    cases = (
        f"when {value} = {quoted(row[column])} and date_of_service between "
        f"{_day(row['effective_from'])} and {_day(row['effective_to'])} "
        f"then cast({row['factor']} as decimal(6, 4))"
        for row in some
        if float(row["factor"]) != 1
    )
    return f"case {' '.join(cases)} else {ONE} end"


def _day(text: str) -> str:
    return f"cast({quoted(text)} as date)"
