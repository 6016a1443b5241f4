"""How a price came about, as the steps that a person would write down."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.errors import printable
from pipeline.price.own_schedule import words as own
from pipeline.schedules.pfs.price.rules import rules
from pipeline.schedules.pfs.price.words import NO_RULE

SETTINGS = {"nonfacility": "outside a facility", "facility": "in a facility"}

NO_ZIP5 = (
    "No ZIP5 file of CMS is loaded, so no ZIP code leads to a locality: load one, or name the MAC and "
    "the locality."
)
NOT_IN_ZIP5 = "The ZIP5 files that are loaded do not list this ZIP code, or it does not have five or nine digits."


@dataclass(frozen=True)
class TraceStep:
    """One step: the rule of ``pricing_rule``, what it did here, and the amount after it."""

    rule: str
    words: str
    amount: Decimal | None = None

    @property
    def row(self) -> dict[str, str]:
        """The row of ``pricing_rule``."""
        return next(row for row in rules() if row["rule"] == self.rule)

    @property
    def is_provisional(self) -> bool:
        """Whether the rule is provisional; a note that speaks of no rule is not, here as on the line."""
        return self.row["is_provisional"] == "true" and self.rule not in NO_RULE


def trace_of(line: dict[str, Any]) -> list[TraceStep]:
    """The steps of one priced line with its trace columns, in the order of ``pricing_rule.step``."""
    steps = [*_facts(line), *_amounts(line)] if line["reason"] == "" else _facts(line)
    if line["reason"]:
        steps.append(_gate(line))
    return [*steps, *_notes(line)]


def _facts(line: dict[str, Any]) -> list[TraceStep]:
    if own.is_own(line):
        return [TraceStep(*said) for said in own.facts(line)]
    steps = []
    if line["setting"]:
        place = f"place of service {line['place_of_service']}, {SETTINGS[line['setting']]}"
        steps.append(TraceStep("setting", place))
    if line["release_id"]:
        steps.append(
            TraceStep("release", f"{line['release_id']}, in force on {line['date_of_service']}")
        )
    if line["place_mac"]:
        key = f"{line['place_mac']}-{line['place_locality_number']}"
        steps.append(TraceStep("locality", f"{key} {line['locality_name']}".rstrip()))
    return steps


def _notes(line: dict[str, Any]) -> list[TraceStep]:
    words = {
        "base_units_of_another_year": f"base units of {line['base_unit_year']}",
        # Only who has priced the claim knows which file it was.
        "zip_file_of_another_time": line.get("zip_file", ""),
    }
    noted = [note.rstrip(")").partition(" (") for note in line["notes"].split(", ") if note]
    return [TraceStep(rule, about or words.get(rule, "")) for rule, _, about in noted]


def _gate(line: dict[str, Any]) -> TraceStep:
    if own.is_own(line) and (said := own.gate(line)):
        return TraceStep(line["reason"], said)
    words = [next(row["meaning"] for row in rules() if row["rule"] == line["reason"])]
    if line["reason"] == "zip_unknown":
        # What no file says is something else than what no file was there to say.
        words = [NO_ZIP5 if line["is_zip_file_of_another_time"] is None else NOT_IN_ZIP5]
    if line["not_understood"]:
        words.append(f"Not understood: {printable(line['not_understood'])}.")
    if line["denied_by"]:
        words.append(f"Denied by: {line['denied_by']}.")
    elif line["status_code"] and not own.is_own(line):
        words.append(f"Status {line['status_code']}.")
    if line["reason"] in ("increased_service", "reduced_service"):
        words.append(f"Without the modifier a unit is worth {line['unit_amount']}.")
    if line["reason"] == "carrier_priced" and line["opps_amount"] is not None:
        words.append(f"OPPS ceiling {line['opps_amount']}.")
    return TraceStep(line["reason"], " ".join(words))


def _amounts(line: dict[str, Any]) -> list[TraceStep]:
    if own.is_own(line):
        return [TraceStep(*said) for said in own.amounts(line)]
    steps = _anesthesia(line) if line["status_code"] == "J" else [_fee(line)]
    if line["split_factor"] != 1:
        words = f"modifier {line['global_part']}: x {line['split_factor']}"
        steps.append(TraceStep("global_split", words, line["amount_after_global_split"]))
    if line["days_factor"] != 1:
        words = f"{int(line['units'])} of {int(line['global_days'])} days"
        amount = line["amount_after_postoperative_days"]
        steps.append(TraceStep("postoperative_days", words, amount))
    if line["bilateral_factor"] != 1:
        steps.append(
            TraceStep("bilateral", f"x {line['bilateral_factor']}", line["amount_of_sides"])
        )
    if _decided(line, "bilateral_test"):
        steps.append(TraceStep("bilateral_test", "the second side is not reduced"))
    if line["equipment_factor"] != 1:
        words = f"modifier {line['equipment']}, technical part: x {line['equipment_factor']}"
        steps.append(TraceStep("equipment", words, line["unit_amount"]))
    steps += [*_same_day(line), *_cap(line), *_units(line)]
    return [*steps, *_line_factors(line), *_charge(line)]


def _fee(line: dict[str, Any]) -> TraceStep:
    parts = " + ".join(
        f"{line[f'{part}_rvu']} x {line[f'{part}_gpci']}" for part in ("work", "pe", "mp")
    )
    name = f"row {line['component']}: " if line["component"] else ""
    return TraceStep("fee", f"{name}({parts}) x {line['conversion_factor']}", line["fee"])


def _decided(line: dict[str, Any], rule: str) -> bool:
    return rule in line["rules"].split(", ")


def _anesthesia(line: dict[str, Any]) -> list[TraceStep]:
    words = (
        f"({line['counted_base_units']} base units + {line['time_units']} time units) "
        f"x {line['anesthesia_conversion_factor']}"
    )
    steps = [TraceStep("anesthesia_fee", words, line["fee"])]
    if _decided(line, "anesthesia_without_time"):
        steps.append(TraceStep("anesthesia_without_time", "base units alone"))
    return steps


def _same_day(line: dict[str, Any]) -> list[TraceStep]:
    steps, amount, rule = [], line["unit_amount"], line["same_day_rule"]
    if line["is_paired"]:
        amount = (amount * line["pair_factor"]).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        words = f"x {line['pair_factor']}" if line["pair_factor"] else "paid with the other side"
        steps.append(TraceStep("bilateral_pair", words, amount))
    if rule == "endoscopy_base":
        words = "contained in the other endoscopies of its family"
        return [*steps, TraceStep(rule, words, line["day_amount"])]
    if line["family_deduction"]:
        amount -= line["family_deduction"]
        words = f"what exceeds the base of its family: less {line['family_deduction']}"
        steps.append(TraceStep("endoscopy_family", words, amount))
    if rule in ("multiple_surgery", "endoscopy_family") and line["first_unit_amount"] != amount:
        words = f"number {line['units_before'] + 1} of the day: x {line['later_factor']}"
        steps.append(TraceStep("multiple_surgery", words, line["first_unit_amount"]))
    elif rule in ("imaging", "cardiovascular", "eye"):
        steps.append(TraceStep(rule, _component_words(line), line["first_unit_amount"]))
    elif rule == "anesthesia_session":
        words = "the highest base units of the session and the time of all its procedures"
        if line["units_before"]:
            words = "paid with the procedure of the highest base units"
        steps.append(TraceStep(rule, words, line["first_unit_amount"]))
    elif rule == "therapy":
        steps.append(TraceStep(rule, _therapy_words(line), line["first_unit_amount"]))
    return steps


def _cap(line: dict[str, Any]) -> list[TraceStep]:
    """The OPPS amount, where it is below what the reductions of the day left of a unit."""
    cap, amount = line["unit_cap"], line["amount_after_opps_cap"]
    before = line["unit_amount"] if line["first_unit_amount"] is None else line["first_unit_amount"]
    if cap is None or before <= amount:
        return []
    words = f"at most the OPPS amount {cap}"
    if line["professional_units_before"]:
        words = (
            f"technical part at most {cap - line['professional_amount']}, of the OPPS amount {cap}"
        )
    return [TraceStep("opps_cap", words, amount)]


def _units(line: dict[str, Any]) -> list[TraceStep]:
    if line["counted_units"] < 2:
        return []
    return [TraceStep("units", _unit_words(line), line["day_amount"])]


def _component_words(line: dict[str, Any]) -> str:
    """The technical and the professional part, each with its rank and factor."""
    professional = line["professional_amount"]
    technical = line["technical_amount"]
    parts = [("technical", technical, line["units_before"], line["later_factor"])]
    if line["professional_later_factor"]:
        before, factor = line["professional_units_before"], line["professional_later_factor"]
        parts.append(("professional", professional, before, factor))
    else:
        parts.append(("professional", professional, 0, None))
    return " + ".join(
        f"{name} part {part}" + (f" x {factor} (number {before + 1} of the day)" if before else "")
        for name, part, before, factor in parts
        if part
    )


def _therapy_words(line: dict[str, Any]) -> str:
    if line["units_before"]:
        return f"number {line['units_before'] + 1} of the day: half the practice expense"
    return "highest practice expense of the day: this unit in full"


def _unit_words(line: dict[str, Any]) -> str:
    further, later = line["counted_units"] - 1, line["later_amount_after_opps_cap"]
    if later is None or later == line["amount_after_opps_cap"]:
        return f"{line['counted_units']} units"
    return f"and {further} further units at {later}"


def _line_factors(line: dict[str, Any]) -> list[TraceStep]:
    steps, amount = [], line["day_amount"]
    for row in rules():
        factor = line[row["trace_column"]] if row["kind"] == "line_factor" else 1
        if factor != 1:
            amount = (amount * factor).quantize(Decimal("0.01"), "ROUND_HALF_UP")
            steps.append(TraceStep(row["rule"], f"x {factor}", amount))
    return steps


def _charge(line: dict[str, Any]) -> list[TraceStep]:
    steps = []
    if line["limiting_charge"] is not None:
        words = f"at most {line['limiting_charge']} may be charged on an unassigned claim"
        steps.append(TraceStep("limiting_charge", words))
    if line["compared_charge"] is not None and line["compared_charge"] < line["line_amount"]:
        words = f"the charge, {line['compared_charge']}, is lower"
        steps.append(TraceStep("charge", words, line["amount_before_assistant"]))
    if line["assistant_factor"] != 1:
        words = f"modifier {line['therapy_assistant']}: x {line['assistant_factor']}"
        steps.append(TraceStep("therapy_assistant", words, line["allowed_amount"]))
    return steps
