"""The list of CMS's files that belong to no one schedule."""

from pathlib import Path

from pipeline.companions.kind import CompanionKind

ZIP_LOCALITY = "pipeline.companions.zip_locality:rows"
UTILIZATION = "pipeline.companions.utilization:build_utilization"
UTILIZATION_SQL = Path(__file__).parent / "utilization"

KINDS: dict[str, CompanionKind] = {
    "zip5": CompanionKind("zip_locality", frame=ZIP_LOCALITY),
    "zip9": CompanionKind("zip9_locality", frame=ZIP_LOCALITY),
    "utilization_by_provider": CompanionKind(
        "specialty_volume", build=UTILIZATION, folders=(UTILIZATION_SQL,)
    ),
    "utilization_by_geography": CompanionKind(
        "service_volume", build=UTILIZATION, folders=(UTILIZATION_SQL,)
    ),
}
