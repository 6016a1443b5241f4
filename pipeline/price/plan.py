"""The whole plan of pricing: what each part of it contributes, in the order in which it runs.

Every SELECT keeps to a subset of SQL that DuckDB and, translated, Spark read in the same way.
"""

from collections.abc import Collection, Iterable

from pipeline.errors import UsageError, require_kind
from pipeline.price.edits import plan as edits
from pipeline.price.own_schedule import plan as own
from pipeline.price.paid import plan as paid
from pipeline.price.paid.plan import Terms
from pipeline.schedules.pfs.price import plan as pfs
from pipeline.store.step import Step

# The public tables that the steps read.
READS = tuple(dict.fromkeys(pfs.READS + own.READS + edits.READS))

# Those of them of which nothing may be loaded.
OPTIONAL = edits.OPTIONAL

# The columns of a priced line, and those that a trace has beside them.
RESULT = (*pfs.RESULT, *paid.RESULT)
TRACE = pfs.TRACE + own.TRACE

__all__ = [
    "OPTIONAL", "READS", "RESULT", "TRACE", "USUAL", "Terms", "in_order", "priced_line", "require_said", "results", "steps",
]  # fmt: skip

# How a run goes from allowed to paid where nothing is said.
USUAL = Terms()

# The first step that asks which lines are denied.
ASKS_FOR_EDITS = "candidate_line"


def require_said(with_trace: object, terms: object, without: object) -> None:
    """Raise UsageError where what a caller of Python says of a run is of another kind."""
    require_kind("with_trace", with_trace, bool, "True or False")
    made = 'what pipeline.price.plan.Terms makes, as Terms("annual")'
    require_kind("terms", terms, Terms, made)
    named = 'a list of names of edits, such as ["ncci"]'
    # A text is a collection of its letters.
    if isinstance(without, str) or not isinstance(without, Collection):
        raise UsageError(f"without is {named}, not {without!r}.")


def steps(
    with_trace: bool, terms: Terms = USUAL, without: Collection[str] = ()
) -> tuple[Step, ...]:
    """All steps before the last one, in order. They start from ``incoming_line``.

    ``without`` names edits that are not to be asked. Raises UsageError where one is none.
    """
    of_pfs = pfs.steps(with_trace, paid.named_days(terms))
    place = [step.name for step in of_pfs].index(ASKS_FOR_EDITS)
    of_edits = edits.steps(edits.known_edits(without))
    of_lines = (*of_pfs[:place], *of_edits, *of_pfs[place:])
    return (*of_lines, *own.steps(), *pfs.last_steps(), *paid.steps(terms, _allowed_line))


def priced_line(with_trace: bool, carried: tuple[str, ...] = (), terms: Terms = USUAL) -> str:
    """The last SELECT: the price of every line, and with the trace how it came about.

    ``carried`` are further columns of ``incoming_line``, which stand after the others unchanged.
    """
    trace = TRACE if with_trace else ()
    wanted = (*pfs.RESULT, *trace, *carried, *paid.NEEDED)
    allowed = pfs.priced_line(with_trace, _once(wanted), own.TRACE)
    return paid.paid_line(terms, (*RESULT, *trace, *carried), allowed)


def results(with_trace: bool) -> tuple[str, ...]:
    """The columns that pricing gives."""
    return RESULT + (TRACE if with_trace else ())


def in_order(columns: Iterable[str], lines: str) -> str:
    """The SELECT of columns of priced ``lines``, which have ``line_id``, in the order in which they came.

    Nothing else keeps it: threads overtake each other, and in one thread a join gives a line after
    its neighbours where two keys have their place in its table of hashes in common.
    """
    return f"select {', '.join(columns)}\nfrom (\n{lines}\n) as priced\norder by priced.line_id"


def _allowed_line(lines: str) -> str:
    """What is allowed for some lines, with the columns that it takes to say what is paid."""
    wanted = (*pfs.RESULT, *paid.NEEDED)
    return pfs.priced_line(False, _once(wanted), lines=lines)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    """Names without those that are put together at the end."""
    return tuple(name for name in dict.fromkeys(names) if name != "notes")
