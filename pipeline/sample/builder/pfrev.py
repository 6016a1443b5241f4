"""The payment file: one record per code and locality with its fees in dollars, in quotes.

Layout: CMS's PF25PD.pdf and PFREV4.txt of October 2025, whose records stand there twice.
"""

from collections.abc import Iterable
from pathlib import Path

from pipeline.sample.builder.amounts import fee
from pipeline.sample.builder.forms import write_lines
from pipeline.sample.builder.notices import TRAILER_LINES
from pipeline.sample.builder.tables import Tables, locality_key

YEAR = "2025"

# The codes of the sample whose amounts CMS published with this release.
CODES = ("50688", "76145", "76814")

# None of them is a therapy or has outpatient hospital values: two therapy amounts of zero, the
# indicator that no cap applies, and two cap amounts of zero.
NO_THERAPY_AND_NO_CAP = ("0000000.00", "0000000.00", "9", "0000000.00", "0000000.00")


def write(folder: Path, tables: Tables) -> None:
    """Write the payment file, which has a text form only."""
    localities = sorted(tables.localities, key=locality_key)
    records = [
        (
            YEAR,
            *locality_key(locality),
            row["hcpcs_code"],
            f"{row['modifier']:2}",
            f"{fee(row, 'nonfacility', locality):010}",
            f"{fee(row, 'facility', locality):010}",
            " ",
            row["pctc_indicator"],
            row["status_code"],
            row["multiple_procedure_indicator"],
            *NO_THERAPY_AND_NO_CAP,
        )
        for row in tables.figures
        if row["hcpcs_code"] in CODES
        for locality in localities
    ]
    trailers = [(line,) for line in TRAILER_LINES]
    write_lines(folder / "PFREV4.txt", map(quoted, [*records, *trailers]))


def quoted(fields: Iterable[str]) -> str:
    """Return fields as one line of CSV with quotes around each of them, none of which has any."""
    return ",".join(f'"{field}"' for field in fields)
