"""The steps from what is allowed to what Medicare pays and the patient owes.

The figures come from the curated tables of this version and not from those of a warehouse, which
an earlier version may have written.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.errors import UsageError, require_kind
from pipeline.schedules.pfs.formula import cents
from pipeline.schedules.pfs.price.curated import rows, some_rows
from pipeline.schedules.pfs.price.plan import days_in
from pipeline.schedules.pfs.price.words import notes_of_payment
from pipeline.store.sql import compose, compose_with
from pipeline.store.step import Step
from schemas.derive import quoted

HERE = Path(__file__).parent

# The columns of a priced line that are made here.
RESULT = (
    "deductible_amount", "coinsurance_amount", "medicare_payment", "sequestration_amount", "patient_responsibility",
)  # fmt: skip

# What these steps need to know of a line besides its result.
NEEDED = (
    "line_id", "kind_number", "date_of_service", "patient_id", "compared_charge", "provider_kind", "is_assigned", "is_participating",
    "deductible_left", "amount_before_assistant", "assistant_factor",
    "own_schedule", "own_share_percent", "gate", "note_number",
)  # fmt: skip

# What is said of a line is put together here, for some notes are on what is paid.
SAID = {
    "notes": "note_word.notes",
    "is_provisional": "owed.is_provisional or gate = 0 and own_schedule is null and note_word.is_provisional as is_provisional",
}

# How the deductible is known: from the lines, by running that of the year over them, or taken as met.
DEDUCTIBLES = ("given", "annual", "met")


@dataclass(frozen=True)
class Scope:
    """What one deductible is for: the lines that may take a part of it, whose it is, and how much it is."""

    lines: str
    group: str
    owed: str


# A line without a claim is one of its own. No claim begins with a blank, so none is called like a line.
CLAIM = (
    "case when line.claim_id <> '' then line.claim_id else ' ' || cast(line.line_id as varchar) end"
)
SCOPES = {
    "given": Scope(
        "select line.* from claim_line as line join ("
        f"select distinct {CLAIM} as claim_key from claim_line as line where deductible_left > 0"
        f") as owing on owing.claim_key = {CLAIM}",
        CLAIM.replace("line.", ""),
        "deductible_left",
    ),
    "annual": Scope(
        "select * from claim_line where patient_id <> '' and date_of_service is not null",
        "concat_ws(' ', patient_id, cast(deductible_from as varchar))",
        "deductible",
    ),
}


@dataclass(frozen=True)
class Terms:
    """How a run goes from allowed to paid.

    ``deductible`` is one of ``DEDUCTIBLES``. Raises UsageError where it is none, and where it is not
    said plainly whether there is a sequestration.
    """

    deductible: str = "given"
    has_sequestration: bool = True

    def __post_init__(self) -> None:
        if self.deductible not in DEDUCTIBLES:
            raise UsageError(
                f"The deductible is {' or '.join(DEDUCTIBLES)}, not {self.deductible}."
            )
        require_kind("has_sequestration", self.has_sequestration, bool, "True or False")


# Makes the SELECT of what is allowed for some lines, with the columns NEEDED.
AllowedLine = Callable[[str], str]


def steps(terms: Terms, allowed_line: AllowedLine) -> tuple[Step, ...]:
    """The steps, in order. They read ``service_day`` and the tables of the steps before them.

    Only lines that may take a part of the deductible are priced for it.
    """
    made = [
        Step("service_share", service_share()),
        Step("paid_day", compose_with(HERE / "paid_day.sql", _of_days(terms))),
        Step("paid_kind", compose(HERE / "paid_kind.sql")),
    ]
    if scope := SCOPES.get(terms.deductible):
        shared = _shared_line(allowed_line(scope.lines))
        literal = {"group": scope.group, "owed": scope.owed}
        query = compose_with(HERE / "deductible_line.sql", literal, shared_line=shared)
        made.append(Step("deductible_line", query))
    return tuple(made)


def named_days(terms: Terms) -> tuple[str, ...]:
    """The days on which something changes of what is paid."""
    texts = (_services(rows("preventive_service")), *_of_days(terms).values())
    return tuple(sorted({day for text in texts for day in days_in(text)}))


def paid_line(terms: Terms, columns: Iterable[str], allowed: str) -> str:
    """The SELECT of what is paid for each line of ``allowed``, a SELECT with the columns ``NEEDED``."""
    is_asked = terms.deductible in SCOPES
    taken = f"coalesce(deductible_line.deductible_amount, {NOTHING})"
    joined = "left join deductible_line on deductible_line.line_id = shared_line.line_id"
    made = SAID | {"allowed_amount": "whole_amount as allowed_amount"}
    literal = {
        "deductible": taken if is_asked else NOTHING,
        "deductible_join": joined if is_asked else "",
        "assisted_amount": cents("(amount_before_assistant - taken) * assistant_factor"),
        "coinsurance_amount": cents("shared_amount * patient_share"),
        "sequestration_amount": cents("medicare_part * sequestration_factor"),
        "paid_notes": notes_of_payment(terms.deductible == "annual"),
        "columns": ", ".join(made.get(column, column) for column in columns),
    }
    return compose_with(HERE / "paid_line.sql", literal, shared_line=_shared_line(allowed))


NOTHING = "cast(0 as decimal(12, 2))"


def _shared_line(allowed: str) -> str:
    literal = {"usual_share": _usual_share()}
    return compose_with(HERE / "shared_line.sql", literal, allowed_line=allowed)


def service_share(among: Collection[str] | None = None) -> str:
    """The SELECT of preventive services: of all codes, or of those among some."""
    services = some_rows("preventive_service", "hcpcs_code", among)
    return compose_with(HERE / "service_share.sql", {"services": _services(services)})


def _services(services: Iterable[dict[str, str]]) -> str:
    return _values(
        (
            quoted(row["hcpcs_code"]),
            quoted(row["needed_modifier"]),
            _share(row),
            row["deductible_applies"],
            *_period(row),
        )
        for row in services
    )


def _of_days(terms: Terms) -> dict[str, str]:
    shares = [row for row in rows("patient_share") if row["share_kind"] == "PT"]
    years = {row["calendar_year"]: row["deductible"] for row in rows("part_b_deductible")}
    cuts = rows("sequestration") if terms.has_sequestration else rows("sequestration")[:1]
    return {
        "usual_share": _usual_share(),
        "sequestrations": _values(
            (
                _factor(row["sequestration_percent"] if terms.has_sequestration else "0"),
                *_period(row),
            )
            for row in cuts
        ),
        "screenings": _values((_share(row), *_period(row)) for row in shares),
        "deductibles": _values(
            (f"cast({amount} as decimal(12, 2))", _day(f"{year}-01-01"), _day(f"{year}-12-31"))
            for year, amount in years.items()
        ),
    }


def _usual_share() -> str:
    return next(_share(row) for row in rows("patient_share") if row["share_kind"] == "usual")


def _share(row: dict[str, str]) -> str:
    return f"cast({Decimal(row['patient_share_percent']) / 100} as decimal(6, 5))"


def _factor(percent: str) -> str:
    """A percentage of the tables as a factor."""
    return f"cast({Decimal(percent) / 100} as decimal(6, 4))"


def _period(row: dict[str, str]) -> tuple[str, str]:
    return _day(row["effective_from"]), _day(row["effective_to"])


def _day(text: str) -> str:
    return f"cast({quoted(text)} as date)"


def _values(found: Iterable[Iterable[str]]) -> str:
    return ", ".join(f"({', '.join(row)})" for row in found)
