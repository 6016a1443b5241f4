"""The packages of drugs: one row per code and package, with the units that it is billed as.

Layout: CMS's NDC-HCPCS crosswalk of July 2025, with columns behind the last that hold nothing.
"""

from pathlib import Path

from pipeline.sample.builder.forms import write_csv
from pipeline.sample.builder.notices import NOT_A_CMS_FILE, SENTENCES
from pipeline.sample.builder.tables import read_table

NAME = "section 508 version of July 2025 ASP NDC-HCPCS Crosswalk 062325_sample"
TITLE = f"July 2025 ASP NDC - HCPCS Crosswalk for Medicare Part B Drugs - {NOT_A_CMS_FILE}"
EFFECTIVE = "     Effective July 1, 2025 through September 30, 2025"
HEADER = (
    "_2025_CODE", "Short Description", "LABELER NAME", "NDC2", "Drug Name", "HCPCS dosage", "PKG SIZE",
    "PKG QTY", "BILLUNITS", "BILLUNITSPKG", *[""] * 242,
)  # fmt: skip


def write(folder: Path, sample: Path) -> None:
    """Write the packages; labelers and products are called by what their numbers say."""
    labels = {row["hcpcs_code"]: row["label"] for row in read_table(sample / "drug_limits.csv")}
    rows = []
    for row in read_table(sample / "drug_packages.csv"):
        code, package = row["hcpcs_code"], row["package"]
        labeler, product, _ = package.split("-")
        described = [code, labels[code], f"Labeler {labeler}", package, f"Product {product}"]
        names = ("package_size", "package_quantity", "billing_units", "billing_units_per_package")
        rows.append([*described, row["dosage"], *(row[name] for name in names)])
    head = [[TITLE], [EFFECTIVE], [], *([sentence] for sentence in SENTENCES), [], [], [], HEADER]
    write_csv(folder / f"{NAME}.csv", [*head, *rows])
