"""Which release a file of classes is: only names tell its year, and they must agree.

The file has no title: its first line is the head (RBCS_RY_2025.csv, 2024 RBCS Taxonomy_CSV.csv,
RBCS Taxonomy_RY2025.csv; source: public loaders).
"""

import re

from pipeline.errors import refuse
from pipeline.release.identity import Identity, copyright_notice, release_name

YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")

# The folder or zip counts where it is named after the classes: others have a year of their own.
OF_CLASSES = re.compile(r"rbcs|betos", re.IGNORECASE)

ADVICE = "Name the file after its release year, as in RBCS_RY_2025.csv."


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the name of its file and that of its bundle.

    Raises RefusedError where no name tells the year, or they tell several.
    """
    names = [file.rpartition("/")[2]]
    names += [bundle] if OF_CLASSES.search(bundle) else []
    years = {int(year) for name in names for year in YEAR.findall(name)}
    if len(years) != 1:
        said = " and ".join(map(str, sorted(years)))
        message = f"its names say {said}" if said else "its name does not say of which year it is"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    [year] = years
    is_sample = any("SAMPLE" in line for line in head)
    release_id = release_name("RBCS", year, "RY", is_sample)
    return Identity(
        release_id=release_id,
        posting_id=release_id,
        calendar_year=year,
        released_on=None,
        is_sample=is_sample,
        title="",
        notice=copyright_notice(head),
    )
