"""The steps by which lines of laboratories, drugs, equipment and ambulances are priced.

Each schedule says in its ``price.sql`` what it pays: a SELECT over its public tables and ``used_code`` with
the columns of ``RATE``. A row of the country stands for each item and says whether the place decides
(``located_by`` 'state' or 'locality', ``has_areas`` for former bidding areas); rows of places have the fees.
Only lines whose code one of them lists are looked at.
"""

from functools import cache
from pathlib import Path

from pipeline.schedules.pfs.price import rules, words
from pipeline.schedules.pfs.price.plan import located_line
from pipeline.store.sql import compose, compose_with
from pipeline.store.step import Step

HERE = Path(__file__).parent
SCHEDULES = HERE.parent.parent / "schedules"

# The schedules that pay lines by themselves.
OWN = ("clfs", "asp", "dmepos", "ambulance")

# The schedule that knows drug packages, and pays nothing.
PACKAGES = "ndc"

# The public tables that their SELECTs and these steps read.
READS = (
    "lab_fee", "drug_limit", "drug_ndc", "dme_item", "dme_fee", "dme_cba_fee", "dme_mail_order_fee", "dme_zip", "dme_payment_rule",
    "ambulance_fee",
)  # fmt: skip

# What a trace has beside that of the Physician Fee Schedule.
TRACE = (
    "fee_modifiers", "fee_place", "schedule_fee", "amount_unit", "first_fee", "month_factor", "patient_share_percent",
)  # fmt: skip

# The columns of what a schedule pays.
RATE = (
    "release_id", "hcpcs_code", "modifier", "modifier2", "modifier3", "place_kind", "place", "located_by", "has_areas", "is_split",
    "amount", "rural_amount", "super_rural_amount", "first_miles_amount", "later_month_factor", "amount_unit",
    "patient_share_percent", "rate_reason", "rate_note",
)  # fmt: skip

# The modifiers of a line in capital letters, as own_key.sql names them.
NAMES = ("first", "second", "third", "fourth")

# Modifiers by which some fee of a schedule is told from another one.
FEE_MODIFIERS = (
    "NU", "UE", "RR", "KE", "KU", "KF", "KC", "KG", "KL", "KM", "KN", "QB", "QF", "BA", "AU", "AV", "AW", "MS", "QW", "KJ",
)  # fmt: skip

# The places between which an ambulance goes, as the letters of its modifiers.
PLACES = ("D", "E", "G", "H", "I", "J", "N", "P", "R", "S", "X")


@cache
def steps() -> tuple[Step, ...]:
    """The steps, in order. They read those of the Physician Fee Schedule and end with ``own_line``."""
    decided = {f"step_{row['rule']}": row["step"] for row in rules.rules()}
    schedules = ", ".join(f"'{name}'" for name in (*OWN, PACKAGES))
    return (
        Step("own_item", _statements("national")),
        Step("own_day", compose_with(HERE / "own_day.sql", {"schedules": schedules})),
        Step("own_fee_day", compose_with(HERE / "own_fee_day.sql", _releases())),
        # A step of its own: within the next one the engine would locate all lines before it chose.
        Step("own_candidate", compose(HERE / "own_candidate.sql")),
        Step("own_gated_line", _gated_line(decided), frees=("own_candidate",)),
        Step("own_key", compose_with(HERE / "own_key.sql", decided)),
        Step("own_direction", compose_with(HERE / "own_direction.sql", _directions())),
        Step("own_place", compose(HERE / "own_place.sql")),
        Step("own_package", compose_with(HERE / "own_package.sql", {"ndc_key": ndc_key()})),
        Step("own_rate", compose(HERE / "own_rate.sql", statements=_statements("places"))),
        Step(
            "own_rated_line",
            compose_with(HERE / "own_rated_line.sql", decided | {"is_dialysis": _is_dialysis()}),
            frees=("own_gated_line", "own_key", "own_place", "own_package", "own_rate"),
        ),
        Step(
            "own_line",
            compose_with(HERE / "own_line.sql", decided | _of_lines()),
            frees=("own_rated_line",),
        ),
        Step("own_word", compose(HERE / "own_word.sql")),
    )


def _statements(places: str) -> str:
    """What all schedules say of the codes in use, of the country or of places."""
    test = "=" if places == "national" else "<>"
    columns = ", ".join(f"rate.{name}" for name in RATE)
    return "\nunion all\n".join(
        f"select '{name}' as schedule, {columns}\n"
        f"from (\n{compose(SCHEDULES / name / 'price.sql')}\n) as rate\nwhere rate.place_kind {test} 'national'"
        for name in OWN
    )


def _releases() -> dict[str, str]:
    """The release of each schedule that is in force on a day, as a column."""
    names = (*OWN, PACKAGES)
    of_schedule = "max(case when own.schedule = '{0}' then own.release_id end) as {0}_release_id"
    return {
        "releases": ", ".join(of_schedule.format(name) for name in names),
        "release_columns": ", ".join(f"{name}_release_id" for name in names),
    }


def _gated_line(decided: dict[str, str]) -> str:
    conditions = {row["rule"]: row["condition"] for row in rules.rules()}
    literal = decided | {
        "value_gate": rules.gate_of_values(),
        "denial_gate": rules.gate_of_denial(),
        "supply_sold": conditions["supply_sold"],
    }
    located = located_line("select * from own_candidate")
    return compose_with(HERE / "own_gated_line.sql", literal, located_line=located)


def _directions() -> dict[str, str]:
    letters = ", ".join(f"'{letter}'" for letter in PLACES)
    return {
        f"is_direction_{name}": f"(length({name}) = 2 and substring({name}, 1, 1) in ({letters}) and substring({name}, 2, 1) in ({letters}))"
        for name in NAMES
    }


def _is_dialysis() -> str:
    """Whether one of the modifiers of ``own_key`` is a direction to or from dialysis, in a hospital (G) or by itself (J).

    GX is a notice to the patient, and no trip from dialysis ends on the way to a hospital (X).
    """
    places = ", ".join(f"'{letter}'" for letter in PLACES if letter != "X")
    ends = [f"substring(key.{name}, {{}}, 1)" for name in NAMES]
    return " or ".join(
        f"({end.format(one)} in ('G', 'J') and {end.format(other)} in ({places}))"
        for end in ends
        for one, other in ((1, 2), (2, 1))
    )


def ndc_key() -> str:
    """The NDC of a line as eleven digits: with hyphens, one of its three parts may lack a zero.

    Claims may have the qualifier N4 in front of the eleven digits.
    """
    part = "substring(line.ndc_code, {}, {})".format
    whole = f"{part(1, 5)} || {part(7, 4)} || {part(12, 2)}"
    return (
        f"case when line.ndc_code like '_____-____-__' then {whole} "
        f"when line.ndc_code like '____-____-__' then '0' || {part(1, 4)} || {part(6, 4)} || {part(11, 2)} "
        f"when line.ndc_code like '_____-___-__' then {part(1, 5)} || '0' || {part(7, 3)} || {part(11, 2)} "
        f"when line.ndc_code like '_____-____-_' then {part(1, 5)} || {part(7, 4)} || '0' || {part(12, 1)} "
        f"when upper(line.ndc_code) like 'N4___________' then {part(3, 11)} "
        "else upper(line.ndc_code) end"
    )


def _of_lines() -> dict[str, str]:
    """Whether the units of a line are those of its package, by content or by container, and its notes."""
    said = "ndc_units * billing_units"
    units = "cast(units as decimal(6, 0))"
    by_content = f"{said} > ({units} - 1) * package_size and {said} < ({units} + 1) * package_size"
    by_container = f"{said} > {units} - 1 and {said} < {units} + 1"
    return {
        "units_agree": f"({by_content} or {by_container})",
        "has_two_months": _has_two_months(),
        "notes": words.notes_of_own(),
        "rules": words.rules_of_own(),
        "is_provisional": words.is_own_provisional(),
        "modifiers_without_effect": ", ".join(map(_if_without_effect, NAMES)),
    }


def _has_two_months() -> str:
    """Whether a line names two months of a rental: the first (KH), the next two (KI) or a later one (KJ)."""
    named = (
        f"case when '{month}' in ({', '.join(NAMES)}) then 1 else 0 end"
        for month in ("KH", "KI", "KJ")
    )
    return f"{' + '.join(named)} > 1"


def _if_without_effect(name: str) -> str:
    """A modifier of a line where it neither selects the fee nor is noted otherwise, else NULL."""
    fees = ", ".join(f"'{modifier}'" for modifier in ("", *FEE_MODIFIERS))
    return (
        f"case when {name} not in ({fees}) and ' ' || modifiers_not_applied || ' ' not like '% ' || {name} || ' %' "
        f"then {name} end"
    )
