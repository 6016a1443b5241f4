"""What there is to say of a release that was read, and is no reason to refuse it.

A remark belongs to the check of its name, which makes a warning of it.
"""

import re
from dataclasses import dataclass

from pipeline.release.files import Release, ReleaseFile

# The year of a copyright says nothing of the figures: it may be that of the year before.
YEAR = re.compile(r"(?<!copyright )\b20[0-9]{2}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Remark:
    """A sentence on a release or one of its files."""

    check_name: str
    file_kind: str
    remark: str


def layout_evidence(release: Release) -> str:
    """``declared`` where a source tells of the layout of every file, else ``inferred``."""
    inferred = any(not _is_declared(file, release) for file in release.files.values())
    return "inferred" if inferred else "declared"


def remarks_of(release: Release) -> list[Remark]:
    """All remarks on a release whose loaded forms are read."""
    remarks = [
        Remark("release_names_itself", release.main_kind, remark)
        for remark in release.identity.remarks
    ]
    for kind, file in release.files.items():
        name = file.member.base_name
        if not _is_declared(file, release):
            text = f"{name}: no source tells of such a file of {release.identity.calendar_year}; "
            text += "it was read by what its words and values say"
            remarks.append(Remark("layouts_are_declared", kind, text))
        if file.loaded.extra:
            text = f"{name} has columns that are not loaded: {', '.join(file.loaded.extra)}"
            remarks.append(Remark("columns_are_known", kind, text))
        for repeated in file.loaded.account.repeated:
            text = f"{name}: {repeated}"
            remarks.append(Remark("repeated_records_are_read_once", kind, text))
        if file.loaded.account.restored:
            text = f"{name} was saved by a spreadsheet, and zeros in front are put back: "
            text += "; ".join(file.loaded.account.restored)
            remarks.append(Remark("values_have_their_zeros", kind, text))
        named = _other_years(file, release.identity.calendar_year)
        if named:
            text = f"{name} names {named} in its title, and not {release.identity.calendar_year}"
            remarks.append(Remark("titles_name_the_year", kind, text))
    return remarks


def _is_declared(file: ReleaseFile, release: Release) -> bool:
    extension = file.member.extension
    return file.loaded.layout.is_declared(release.identity.calendar_year, extension)


def _other_years(file: ReleaseFile, year: int) -> str:
    """The years that the head of a file names, where the release's own is not among them."""
    named = set(YEAR.findall(" ".join(file.loaded.head)))
    return "" if str(year) in named else " and ".join(sorted(named))
