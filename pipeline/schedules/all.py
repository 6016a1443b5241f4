"""The list of all fee schedules: all that the rest of the program knows of them."""

from pipeline.companions.kind import CompanionKind
from pipeline.companions.kinds import KINDS
from pipeline.release.schedule import FeeSchedule
from pipeline.schedules.ambulance.definition import AMBULANCE
from pipeline.schedules.aoc.definition import AOC
from pipeline.schedules.asc.definition import ASC
from pipeline.schedules.asp.definition import ASP
from pipeline.schedules.clfs.definition import CLFS
from pipeline.schedules.dmepos.definition import DMEPOS
from pipeline.schedules.hcpcs.definition import HCPCS
from pipeline.schedules.mue.definition import MUE
from pipeline.schedules.ncci.definition import NCCI
from pipeline.schedules.ndc.definition import NDC
from pipeline.schedules.opps.definition import OPPS
from pipeline.schedules.opps_rule.definition import OPPS_RULE
from pipeline.schedules.pfs.definition import PFS
from pipeline.schedules.rbcs.definition import RBCS

SCHEDULES: tuple[FeeSchedule, ...] = (
    PFS, AMBULANCE, AOC, ASC, ASP, CLFS, DMEPOS, HCPCS, MUE, NCCI, NDC, OPPS, OPPS_RULE, RBCS,
)  # fmt: skip


def schedule_named(name: str) -> FeeSchedule:
    """The schedule of that name; KeyError where there is none."""
    return {one.name: one for one in SCHEDULES}[name]


def companion_kinds() -> dict[str, CompanionKind]:
    """What is particular to each kind of file that lies beside releases."""
    return KINDS | {kind: x for one in SCHEDULES for kind, x in one.companions.items()}
