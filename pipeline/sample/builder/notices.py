"""The words that tell a sample file from a CMS file, where CMS's files have their license words."""

import textwrap

NOT_A_CMS_FILE = "SAMPLE, not a CMS file"

SELECTED = "Sample of selected codes, not a CMS file."
BARE_CODES = "CPT codes stand here as bare identifiers."
OWNER = "CPT is a registered trademark and copyright of the American Medical Association."
NO_DESCRIPTOR = "No CPT descriptor and no CDT descriptor is contained."
OWN_LABELS = "Every label is in this project's own words."

# The relative values have these sentences below their title, in the CSV and in the workbook.
SENTENCES = (f"{BARE_CODES} {OWNER}", f"{NO_DESCRIPTOR} {OWN_LABELS}")

# Their text form has lines of 50 positions above the records; the last position stays blank.
HEADER_LINES = tuple(
    line.ljust(50)
    for sentence in (SELECTED, BARE_CODES, OWNER, f"{NO_DESCRIPTOR} {OWN_LABELS}")
    for line in textwrap.wrap(sentence.upper(), 49, initial_indent="HDR ", subsequent_indent="HDR ")
)

# The payment file has them below its records, and no labels.
TRAILER_LINES = tuple(
    f"TRL- {sentence.upper()}" for sentence in (SELECTED, BARE_CODES, OWNER, NO_DESCRIPTOR)
)
