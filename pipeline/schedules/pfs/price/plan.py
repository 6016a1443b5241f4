"""The steps by which lines are priced under the Physician Fee Schedule, each over those before it."""

import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from pipeline.schedules.pfs import formula
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.price import curated, rules, words
from pipeline.store.sql import compose, compose_with
from pipeline.store.step import Step
from schemas.definitions import read_reference
from schemas.derive import quoted

HERE = Path(__file__).parent
ALL_LINES = "select * from claim_line"
SAME_DAY = HERE / "same_day"

# The public tables that the steps read.
READS = (
    "release", "rvu", "locality", "payment_national", "zip_locality", "zip9_locality", "anesthesia_base_unit",
    "place_of_service", "modifier", "modifier_effect", "multiple_procedure_factor", "conversion_factor", "global_test_part",
    "anesthesia_without_time",
)  # fmt: skip

RESULT = (
    "claim_id",
    "claim_line_number",
    "allowed_amount",
    "price_status",
    "reason",
    "not_understood",
    "notes",
    "schedule",
    "rules",
    "is_provisional",
    "limiting_charge",
    "denied_by",
)

# What a trace has beside the result, in the order in which a person would write it down.
TRACE = (
    "date_of_service", "hcpcs_code", "modifier_1", "modifier_2", "modifier_3", "modifier_4", "component", "units", "release_id", "place_of_service", "setting", "place_mac",
    "place_locality_number", "locality_name", "is_zip_file_of_another_time", "status_code", "is_na_setting",
    "work_rvu", "pe_rvu", "mp_rvu", "work_gpci", "pe_gpci", "mp_gpci", "conversion_factor", "base_units",
    "counted_base_units", "base_unit_year", "time_units", "anesthesia_conversion_factor", "fee", "opps_amount",
    "global_part", "split_factor", "amount_after_global_split", "global_days", "days_factor", "amount_after_postoperative_days",
    "side", "bilateral_factor", "amount_of_sides", "equipment", "equipment_factor", "unit_amount", "unit_cap", "counted_units", "is_paired", "pair_factor", "same_day_rule", "family_deduction", "units_before",
    "later_factor", "technical_amount", "professional_amount", "professional_units_before", "professional_later_factor",
    "first_unit_amount", "later_unit_amount", "amount_after_opps_cap", "later_amount_after_opps_cap", "day_amount", "surgeon_role", "role_factor",
    "amount_after_surgeon_role", "direction_factor", "amount_after_medical_direction", "provider_factor",
    "amount_after_non_physician", "participation_factor", "line_amount", "compared_charge",
    "amount_before_assistant", "therapy_assistant", "assistant_factor", "unreadable", "modifiers_without_effect", "modifiers_not_applied",
    "modifiers_not_for_service",
)  # fmt: skip


# Those of them that the same-day rules make.
DAY_TRACE = (
    "is_paired", "pair_factor", "same_day_rule", "family_deduction", "units_before", "later_factor",
    "technical_amount", "professional_amount", "professional_units_before", "professional_later_factor", "first_unit_amount",
    "later_unit_amount", "later_amount_after_opps_cap",
)  # fmt: skip

MODIFIER_WORDS = (
    "component", "side", "global_part", "surgeon_role", "anesthesia_role", "anesthesia_modifier", "denial", "equipment", "therapy_assistant",
    "named_provider_kind", "preventive_modifier", "modifiers_without_effect", "modifiers_not_applied",
)  # fmt: skip
PLACE_WORDS = ("mac", "locality_number", "locality_name")
INDICATORS = (
    "status_code", "pctc_indicator", "bilateral_indicator", "assistant_surgeon_indicator",
    "co_surgeon_indicator", "team_surgeon_indicator", "global_days",
)  # fmt: skip


# The day of lines without one.
NO_DAY = "cast('0001-01-01' as date)"


@cache
def steps(with_trace: bool, named_days: tuple[str, ...] = ()) -> tuple[Step, ...]:
    """All steps before the last one, in order. They start from ``incoming_line``.

    ``named_days`` are days on which something changes for the steps that come after these: none of
    them lies within a class of days.
    """
    trace = {"trace": "".join(f"{column}, " for column in DAY_TRACE if with_trace)}
    kinds = _line_kind()
    days = sorted({*named_days, *days_in(kinds)})
    of_codes = (
        _factors("bilateral")
        | _same_day_classes()
        | curated.of_codes()
        | {f"{kind}s": rules.gate_of_code(kind) for kind in ("code_gate", "hospital_gate")}
    )
    touched = _unit_line("select * from touched_line")
    words_of_gates = {"gate_words": rules.gate_words()}
    return (
        Step("claim_line", compose(HERE / "claim_line.sql"), is_table=False),
        Step(
            "gate_word",
            compose_with(HERE / "gate_word.sql", words_of_gates),
        ),
        Step("place_change", compose_with(HERE / "place_change.sql", curated.of_places())),
        Step("plain_note", compose_with(HERE / "plain_note.sql", words.plain_notes())),
        Step(
            "service_day",
            compose_with(
                HERE / "service_day.sql", {"named_days": ", ".join(f"({x})" for x in days)}
            ),
            words=("release_id",),
        ),
        Step("price_setting", compose(HERE / "price_setting.sql"), words=("setting", "hospital")),
        Step("component_number", compose(HERE / "component_number.sql")),
        Step("modifier_of_set", compose(HERE / "modifier_of_set.sql")),
        Step("modifier_meaning", modifier_meaning()),
        Step("modifier_set", compose(HERE / "modifier_set.sql"), words=MODIFIER_WORDS),
        Step("used_code", compose(HERE / "used_code.sql")),
        Step("price_basis", compose_with(HERE / "price_basis.sql", of_codes)),
        Step("setting_basis", compose(HERE / "setting_basis.sql"), words=INDICATORS),
        Step("place_number", compose(HERE / "place_number.sql")),
        Step("zip_place", compose(HERE / "zip_place.sql")),
        Step("zip9_place", compose(HERE / "zip9_place.sql"), is_table=False),
        Step("price_place", compose_with(HERE / "price_place.sql", _classes()), words=PLACE_WORDS),
        Step("line_kind", kinds),
        Step("candidate_line", compose(SAME_DAY / "candidate_line.sql")),
        Step("touched_group", compose(SAME_DAY / "touched_group.sql")),
        Step("later_factor", compose(HERE / "later_factor.sql")),
        Step(
            "touched_line",
            compose(SAME_DAY / "touched_line.sql"),
            frees=("candidate_line", "touched_group"),
        ),
        Step(
            "touched_amount",
            compose_with(SAME_DAY / "touched_amount.sql", _day_amounts(), unit_line=touched),
            frees=("touched_line",),
        ),
        Step("test_part_amount", compose_with(SAME_DAY / "test_part_amount.sql", _part_amount())),
        Step(
            "pair_of_sides",
            compose_with(SAME_DAY / "pair_of_sides.sql", _steps_of_gates()),
            is_table=False,
        ),
        Step("ruled_line", _ruled_line(), is_table=False),
        Step(
            "same_day",
            compose_with(SAME_DAY / "same_day.sql", trace | words.rules_of_day()),
            words=("same_day_rule",) if with_trace else (),
        ),
        Step("day_word", compose(SAME_DAY / "day_word.sql"), frees=("touched_amount",)),
    )


def last_steps() -> tuple[Step, ...]:
    """The steps that put together what is said of lines, after those that price them."""
    return (
        Step(
            "note_word", compose_with(HERE / "note_word.sql", words.note_words()), words=("notes",)
        ),
        Step(
            "rule_word",
            compose_with(HERE / "rule_word.sql", words.rule_words()),
            words=("price_status", "reason", "schedule", "rules"),
        ),
    )


def days_in(query: str) -> set[str]:
    """The days that an SQL text names."""
    return set(re.findall(r"cast\('[0-9]{4}-[0-9]{2}-[0-9]{2}' as date\)", query)) - {NO_DAY}


def _line_kind() -> str:
    basis = compose_with(HERE / "kind_basis.sql", {"no_day": NO_DAY})
    factors = (
        {"equipment_factor": curated.equipment_factor()}
        | _factors("non_physician", "non_participating")
        | curated.of_lines()
    )
    factored = compose_with(HERE / "kind_factor.sql", factors, kind_basis=basis)
    said = {"gates": rules.gate_of_kind()} | words.notes_of_kind() | words.rules_of_kind()
    return compose_with(HERE / "line_kind.sql", said, kind_factor=factored)


# What a line shows that a schedule of its own pays.
SHOWN = {
    "release_id": "case when own_schedule is null then release_id else own_release_id end as release_id",
    "modifiers_without_effect": "case when own_schedule is null then modifiers_without_effect else own_modifiers end as modifiers_without_effect",
    "line_amount": "case when own_schedule is null then line_amount else own_amount end as line_amount",
    "units": "cast(units - mile_not_driven as decimal(11, 1)) as units",
}


def priced_line(
    with_trace: bool,
    columns: Iterable[str],
    own_trace: tuple[str, ...] = (),
    lines: str = ALL_LINES,
) -> str:
    """The SELECT of what is allowed for each of some lines, with the trace how it came about.

    ``columns`` are those that are wanted, of the lines and of what a price follows from, and
    ``own_trace`` those that a trace has of lines that a schedule of their own pays.
    """
    literal = {
        "line_factors": rules.factor_chain("line_factor", "day_amount", "line_amount"),
        "limiting_charge": formula.limiting_charge(
            rules.amount_before("non_participating", "day_amount")
        ),
        "notes": words.notes_of_line(),
        "rule_bits": words.rule_bits(),
        "columns": ", ".join(SHOWN.get(column, column) for column in columns),
        "own_trace": "".join(f"own.{column}, " for column in own_trace if with_trace),
        "day_trace": "".join(f"same_day.{column}, " for column in DAY_TRACE if with_trace),
    }
    literal |= _steps_of_gates()
    return compose_with(HERE / "priced_line.sql", literal, unit_line=_unit_line(lines))


def modifier_meaning(among: Collection[str] | None = None) -> str:
    """The SELECT of what modifiers mean: of all of them, or of those among some."""
    return compose_with(HERE / "modifier_meaning.sql", curated.of_modifiers(among))


def located_line(lines: str) -> str:
    """Lines with everything that a price follows from."""
    return compose_with(HERE / "located_line.sql", {"no_day": NO_DAY}, lines=lines)


def _unit_line(lines: str) -> str:
    located = located_line(lines)
    gates = {"gates": rules.gate_of_line()}
    gated = compose_with(HERE / "gated_line.sql", gates, located_line=located)
    fees = {
        "fee": formula.fee("work_rvu", "pe_rvu", "mp_rvu"),
        "opps_fee": formula.fee("opps_work_rvu", "opps_pe_rvu", "opps_mp_rvu"),
    }
    fee = compose_with(HERE / "fee_line.sql", fees, gated_line=gated)
    factors = {
        "unit_factors": rules.factor_chain("unit_factor", "fee", "amount_of_sides"),
        "unit_cap": rules.factored("unit_factor", "opps_amount"),
        "professional_amount": rules.product(
            formula.fee("pc_work_rvu", "pc_pe_rvu", "pc_mp_rvu"), "bilateral_factor"
        ),
    }
    return compose_with(HERE / "unit_line.sql", factors, fee_line=fee)


def _classes() -> dict[str, str]:
    """The classes of conversion factors that count for those who qualify under an APM, and for others."""
    rows = read_reference(schedule().reference_file("conversion_factor_class"))
    kinds = {"default_classes": "is_default", "qualifying_classes": "is_for_qualifying"}
    return {
        name: ", ".join(
            quoted(row["conversion_factor_class"]) for row in rows if row[kind] == "true"
        )
        for name, kind in kinds.items()
    }


@cache
def _same_day_classes() -> dict[str, str]:
    """The classes of lines that same-day rules know: by indicator, by what ranks them, by number.

    Two sides of one service and anesthesia are classes too, which no indicator makes; their numbers
    and that of a line of no class follow those of the table.
    """
    rows = read_reference(schedule().reference_file("same_day_class"))
    of_indicator = " ".join(
        f"when {quoted(row['multiple_procedure_indicator'])} then {quoted(row['same_day_class'])}"
        for row in rows
    )
    numbers = {row["same_day_class"]: int(row["class_number"]) for row in rows}
    numbers["side"] = max(numbers.values()) + 2
    numbers["anesthesia"] = numbers["side"] + 4
    of_class = " ".join(f"when {quoted(name)} then {number}" for name, number in numbers.items())
    ranked = {
        f"ranked_by_{kind}": ", ".join(
            dict.fromkeys(quoted(x["same_day_class"]) for x in rows if x["ranked_by"] == kind)
        )
        for kind in ("whole", "parts", "pe")
    }
    return ranked | {
        "rule_class": f"case rvu.multiple_procedure_indicator {of_indicator} else '' end",
        "class_number": f"case same_day_class {of_class} else {numbers['side'] + 2} end",
    }


def _day_amounts() -> dict[str, str]:
    """The amounts that same-day rules reckon with, each by the formula and then by its factors."""
    reduced_pe = "cast(unit.pe_rvu * coalesce(later.pe_later_factor, cast(1 as decimal(6, 4))) as decimal(9, 4))"
    professional = formula.fee("unit.pc_work_rvu", "unit.pc_pe_rvu", "unit.pc_mp_rvu")
    therapy = formula.fee("unit.work_rvu", reduced_pe, "unit.mp_rvu", "14, 7")
    base = formula.fee("base.work_rvu", "base.pe_rvu", "base.mp_rvu")
    return _same_day_classes() | {
        "professional_amount": rules.product(professional, "bilateral_factor"),
        "reduced_pe_amount": rules.product(therapy, "bilateral_factor"),
        "family_base_amount": rules.chained("unit_factor", base),
        "later_factors": " * ".join((*rules.factors("line_factor"), "assistant_factor")),
    }


def _part_amount() -> dict[str, str]:
    part = formula.fee("own.work_rvu", "own.pe_rvu", "own.mp_rvu")
    return _same_day_classes() | {"part_amount": rules.product(part, "bilateral_factor")}


def _ruled_line() -> str:
    """Each class of lines by its own rule, and the steps of the gates that are decided there."""
    parts = (
        "surgery_line", "imaging_and_tests", "therapy_line", "anesthesia_line", "two_sides", "paid_alone",
    )  # fmt: skip
    decided = _steps_of_gates() | _same_day_classes()
    selects = {name: compose_with(SAME_DAY / f"{name}.sql", decided) for name in parts}
    return compose(SAME_DAY / "ruled_line.sql", **selects)


def _steps_of_gates() -> dict[str, str]:
    return {f"step_{row['rule']}": row["step"] for row in rules.rules()}


def _factors(*names: str) -> dict[str, str]:
    return {f"factor_{name}": formula.factor_of_rule(name) for name in names}
