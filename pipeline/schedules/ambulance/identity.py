"""Which release a file of ambulance fees is: its name tells the year, and that of its zip must agree.

The file has no title that is known (afs2026_puf_ext.zip, 508-compliant-version-of-AFS2026_PUF_ext.txt).
"""

import re

from pipeline.errors import refuse
from pipeline.release.identity import Identity, copyright_notice, release_name

YEAR = re.compile(r"afs[ _-]*(?:cy[ _-]*)?(20\d\d)(?!\d)", re.IGNORECASE)
ADVICE = "Name the file after its year, as in AFS2026_PUF_ext.txt."


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the name of its file and that of its bundle.

    Raises RefusedError where no name tells the year, or they tell several.
    """
    names = (file.rpartition("/")[2], bundle)
    years = {int(year) for name in names for year in YEAR.findall(name)}
    if len(years) != 1:
        said = " and ".join(map(str, sorted(years)))
        message = f"its names say {said}" if said else "its name does not say of which year it is"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    [year] = years
    release_id = release_name("AFS", year, "CY", any("SAMPLE" in line for line in head))
    return Identity(
        release_id=release_id,
        posting_id=release_id,
        calendar_year=year,
        released_on=None,
        is_sample=release_id.startswith("SAMPLE"),
        title="",
        notice=copyright_notice(head),
    )
