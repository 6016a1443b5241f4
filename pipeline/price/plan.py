"""The whole plan of pricing: what each part of it contributes, in the order in which it runs.

Every SELECT keeps to a subset of SQL that DuckDB and, translated, Spark read in the same way.
"""

from pipeline.price.own_schedule import plan as own
from pipeline.schedules.pfs.price import plan as pfs
from pipeline.store.step import Step

# The public tables that the steps read.
READS = pfs.READS + own.READS

# The columns of a priced line, and those that a trace has beside them.
RESULT = pfs.RESULT
TRACE = pfs.TRACE + own.TRACE


def steps(with_trace: bool) -> tuple[Step, ...]:
    """All steps before the last one, in order. They start from ``incoming_line``."""
    return pfs.steps(with_trace) + own.steps()


def priced_line(with_trace: bool, carried: tuple[str, ...] = ()) -> str:
    """The last SELECT: the price of every line, and with the trace how it came about.

    ``carried`` are further columns of ``incoming_line``, which stand after the others unchanged.
    """
    return pfs.priced_line(with_trace, own.TRACE, carried)
