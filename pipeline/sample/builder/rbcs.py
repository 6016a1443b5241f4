"""Classes of codes: a row for each class that a code was of, days as mm/dd/yyyy.

Layout: the heads of CMS's RBCS_RY_2025.csv as public loaders read them. No file of CMS was at hand:
the classes and their names are this project's own.
"""

from pathlib import Path

from pipeline.sample.builder.forms import write_csv
from pipeline.sample.builder.notices import NOT_A_CMS_FILE, SENTENCES
from pipeline.sample.builder.tables import Row, read_table

NAME = "RBCS_RY_2025_sample"
NOTICE = (NOT_A_CMS_FILE, "The classes are this project's own.", *SENTENCES)
HEADER = (
    "HCPCS_Cd", "RBCS_Id", "RBCS_Cat", "RBCS_Cat_Desc", "RBCS_Cat_Subcat", "RBCS_Subcat_Desc", "RBCS_FamNumb",
    "RBCS_Family_Desc", "RBCS_Major_Ind", "HCPCS_Cd_Add_Dt", "HCPCS_Cd_End_Dt", "RBCS_Latest_Assignment",
    "First_RBCS_Release_Year", "RBCS_Analysis_Start_Dt", "RBCS_Analysis_End_Dt", "Alt_Assignment_Method",
    "RBCS_Id_Ever_Reassigned",
)  # fmt: skip


def write(folder: Path, sample: Path) -> None:
    """Write the classes as CMS does."""
    rows = read_table(sample / "code_classes.csv")
    write_csv(folder / f"{NAME}.csv", [*([line] for line in NOTICE), HEADER, *map(_cells, rows)])


def _cells(row: Row) -> tuple[str, ...]:
    rbcs_id = row["rbcs_id"]
    return (
        row["hcpcs_code"], rbcs_id, rbcs_id[0], row["category"], rbcs_id[:2], row["subcategory"], rbcs_id[2:5],
        row["family"] or "No RBCS Family", rbcs_id[5], row["added_on"], row["terminated_on"],
        row["is_latest"], row["first_release_year"], row["effective_from"],
        row["effective_to"], "0", row["ever_reassigned"],
    )  # fmt: skip
