"""What the pages say of each code, over all releases: written once, and anew only where it changes.

A code's record is a list of runs. A run begins with the release in which anything is another
than in the one before, and holds only the values that are others; ``code-data.js`` reads it.
What the pages know already is not written again for every code: what holds for a whole section
stands with the section, and amounts by place follow from the RVUs and the indices of the place.
"""

from pipeline.schedules.pfs.declared import schedule
from pipeline.site.shard import QUERIES
from pipeline.store.sql import compose_with
from schemas.definitions import Column
from schemas.derive import identifier, quoted

# Of each row of a code (whole, 26, TC, 53), besides its modifier: what it is worth and how it is billed.
ROW_COLUMNS = (
    "modifier", "status_code", "global_days", "preoperative_share", "intraoperative_share", "postoperative_share",
    "work_rvu", "paid_work_rvu", "nonfacility_pe_rvu", "facility_pe_rvu", "mp_rvu", "nonfacility_total_rvu", "facility_total_rvu",
    "nonfacility_na", "facility_na", "opps_work_rvu", "nonfacility_opps_pe_rvu", "facility_opps_pe_rvu", "opps_mp_rvu",
    "pctc_indicator", "multiple_procedure_indicator", "bilateral_indicator", "assistant_surgeon_indicator", "co_surgeon_indicator",
    "team_surgeon_indicator", "supervision_indicator", "imaging_family_indicator", "endoscopic_base_code",
    "qp_nonfacility_opps_pe_rvu", "qp_facility_opps_pe_rvu", "qp_opps_mp_rvu",
)  # fmt: skip
ROW_PAYMENTS = ("price_status", "nonfacility_payment", "facility_payment")

# The same for every code of a section.
OF_THE_SECTION = (
    "peer_count", "min_work_rvu", "lower_quartile_work_rvu", "median_work_rvu", "upper_quartile_work_rvu", "max_work_rvu", "max_hcpcs_code",
)  # fmt: skip

# Parts of a profile that are other rows of the code.
PARTS = {"professional": "26", "technical": "TC", "discontinued": "53"}


def profile_columns() -> list[Column]:
    """The columns of a profile; release and code stand in the record's place."""
    columns = schedule().tables["code_profile"].columns
    return [column for column in columns if column.name not in ("release_id", "hcpcs_code")]


def is_written(name: str) -> bool:
    """Whether a column of the profile is written with the code, as it follows from nothing else."""
    at_a_place = name.startswith(("lowest_", "median_", "highest_"))
    return not (
        name in (*ROW_COLUMNS, *ROW_PAYMENTS, *OF_THE_SECTION)
        or name.startswith(tuple(f"{part}_" for part in PARTS))
        or (at_a_place and not name.endswith("_locality"))
    )


WRITTEN = [column.name for column in profile_columns() if is_written(column.name)]


def description() -> dict:
    """What a page must know to read the records: the names of their columns and rows."""
    stated = {column.name: column for column in profile_columns()}
    rvu = {column.name: column for column in schedule().tables["rvu"].columns}
    texts = [
        name
        for name, column in {**rvu, **stated}.items()
        if column.type == "VARCHAR" and not column.nullable
    ]
    return {
        "columns": ["label", "rows", *WRITTEN],
        "row_columns": [*ROW_COLUMNS, *ROW_PAYMENTS],
        "of_section": OF_THE_SECTION,
        "parts": PARTS,
        "texts": [name for name in texts if name in (*stated, *ROW_COLUMNS, *ROW_PAYMENTS)],
    }


def cells_query(release_id: str) -> str:
    """The SELECT of ``site_cell``: the texts of all columns of each code of a release."""
    cells = ["label", "rows", *(f"profile.{identifier(name)}" for name in WRITTEN)]
    row_cells = [
        *(f"rvu.{identifier(name)}" for name in ROW_COLUMNS),
        *(f"national.{identifier(name)}" for name in ROW_PAYMENTS),
    ]
    texts = {
        "release": quoted(release_id),
        "cells": ", ".join(f"nullif(cast({cell} as varchar), '')" for cell in cells),
        "row_cells": ", ".join(f"coalesce(cast({cell} as varchar), '')" for cell in row_cells),
    }
    return compose_with(QUERIES / "code_cell.sql", texts)


def runs_query(release_id: str, before: str) -> str:
    """The SELECT of the runs that a release begins, over ``site_cell`` of it and of the one before."""
    texts = {"release": quoted(release_id), "before": quoted(before)}
    return compose_with(QUERIES / "code_run.sql", texts)
