"""The list of CMS's files that belong to no one schedule."""

from pipeline.companions import utilization, zip_locality
from pipeline.companions.kind import CompanionKind

KINDS: dict[str, CompanionKind] = {
    "zip5": CompanionKind("zip_locality", zip_locality.rows),
    "zip9": CompanionKind("zip9_locality", zip_locality.rows),
    **utilization.KINDS,
}
