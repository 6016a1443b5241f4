"""Read one release: its files in every form that the bundle has.

What cannot be read is left unread with its reason, and the release goes on without it: reading
raises UnprovenError, and whoever reads opens the release again with that left out. Only a main
file that can be read in no form refuses the release.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import polars as pl

from pipeline.command import skip_option
from pipeline.errors import ChangedError, RefusedError, refuse
from pipeline.read.bundle import RAW_FOLDER, Member
from pipeline.read.compare import FormComparison, compare_forms
from pipeline.read.file import FileRead, lines_of, read_file, read_head
from pipeline.read.layout import layouts_for
from pipeline.read.sort import SortedBundle, file_kinds, main_kind, release_kinds
from pipeline.read.unproven import LeftOut, UnprovenError, Unread, file_of
from pipeline.read.validate import Validated, validate
from pipeline.release.identity import Identity
from pipeline.release.schedule import FeeSchedule

# The CSV keeps every text whole, the fixed-width form cuts some, a workbook turns codes into
# numbers: the first that a bundle has is loaded, and the others are compared with it.
FORM_CHOICE = ("csv", "txt", "xlsx", "xls")

# A day in the name of a sheet: PractitionerSvcEff-04-01-2026.
DAY = re.compile(r"(?<!\d)\d\d-\d\d-\d{4}(?!\d)")


@dataclass
class ReleaseFile:
    """One file of a release: the member that is loaded, and those with its other forms.

    ``loaded`` and ``validated`` (the rows that are accepted) are there after
    ``read_loaded_forms``, ``others`` after ``read_other_forms``. ``row_count`` is the number of
    records, those that were set aside among them.
    """

    kind: str
    member: Member
    other_members: list[Member]
    loaded: FileRead = field(init=False)
    validated: Validated = field(init=False)
    row_count: int = field(init=False)
    others: list[tuple[Member, FileRead]] = field(default_factory=list)

    def let_go_of_rows(self) -> None:
        """Let go of the rows, once they are written, where no other form is compared with them."""
        if not self.other_members:
            self.loaded.frame = self.loaded.frame.clear()
            self.validated.frame = self.validated.frame.clear()


@dataclass
class Release:
    """A release as read: ``files`` by kind, the main one first.

    ``unread`` are the members that are left unread: in a form that no layout is declared for in
    that year, damaged, or contradicted by the other files.
    """

    schedule: FeeSchedule
    identity: Identity
    bundle: str
    files: dict[str, ReleaseFile]
    unread: list[Unread]
    comparisons: list[FormComparison] = field(default_factory=list)

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day of service that it is for."""
        return self.schedule.period(self.identity.release_id, self.identity.calendar_year)

    @property
    def main_kind(self) -> str:
        """The kind of the file without which there is no release."""
        return main_kind(self.schedule.name)

    @property
    def missing_files(self) -> list[str]:
        """The files that the bundle lacks, and those that are left unread in every form."""
        unread = {one.kind for one in self.unread}
        year = self.identity.calendar_year
        return [
            kind
            for kind in release_kinds(self.schedule.name)
            if kind not in self.files
            and (kind in unread or file_kinds()[kind].is_in_every_release_of(year))
        ]

    def frame(self, kind: str) -> pl.DataFrame | None:
        """The accepted rows of a file, or None where the bundle lacks it."""
        return self.files[kind].validated.frame if kind in self.files else None

    @property
    def validated(self) -> list[Validated]:
        """What validation gave, file by file."""
        return [file.validated for file in self.files.values()]


def open_release(
    found: SortedBundle, schedule: FeeSchedule, left_out: LeftOut | None = None
) -> Release:
    """Say which release a bundle is and which form of each file is to be loaded.

    ``left_out`` are members that were found to be unreadable or unproven before. Raises
    RefusedError where the first lines do not tell, the bundle holds two releases, or a file that
    the build in force has of the release is left out in every form.
    """
    causes = left_out.causes if left_out else {}
    groups = members_by_kind(found, schedule)
    identity = _identify_any(groups[main_kind(schedule.name)], found, schedule)
    release = Release(schedule, identity, found.bundle.name, {}, [])
    for kind, members in groups.items():
        unread = [Unread(kind, x, str(causes[x.label])) for x in members if x.label in causes]
        release.unread += unread
        readable = [x for x in members if x.label not in causes]
        if readable:
            chosen = _choose(kind, readable)
            others = [member for member in readable if member is not chosen]
            release.files[kind] = ReleaseFile(kind, chosen, others)
            if file_kinds()[kind].of == release.main_kind:
                _refuse_other_release(kind, chosen, release, found)
        elif left_out and file_of(identity.release_id, kind) in left_out.held:
            # Read without it, the release would lose every amount that follows from the file.
            raise causes[members[0].label]
    return release


def members_by_kind(found: SortedBundle, schedule: FeeSchedule) -> dict[str, list[Member]]:
    """The members of a release by kind, the main one first."""
    kinds = release_kinds(schedule.name)
    return {kind: found.members[kind] for kind in kinds if kind in found.members}


def read_loaded_forms(release: Release) -> Iterator[tuple[str, ReleaseFile]]:
    """Read and validate the form of every file that is loaded, one by one; raises UnprovenError.

    Validation checks it with its Pandera model and sets broken rows aside.
    """
    for kind, file in release.files.items():
        file.loaded = _read(file.member, kind, release)
        file.row_count = lines_of(file.loaded.frame)
        file.validated = _validate(file.loaded, kind, release.schedule)
        yield kind, file


def read_other_forms(release: Release) -> None:
    """Read the other forms of every file; raises UnprovenError."""
    for kind, file in release.files.items():
        for member in file.other_members:
            read = _read(member, kind, release)
            file.others.append((member, read))


def compare_forms_of(release: Release) -> None:
    """Compare the other forms of every file with the loaded one; differences in text are kept.

    Raises UnprovenError: for a form that breaks the rules of its own, and for the whole file
    where two sound forms differ in a key or a number, because then neither can be trusted.
    """
    for kind, file in release.files.items():
        table = release.schedule.declared.tables[file.loaded.layout.table]
        for member, read in file.others:
            try:
                release.comparisons.append(compare_forms(file.loaded, read, table))
            except RefusedError as difference:
                if read.refused:
                    raise UnprovenError(kind, difference, member.label) from None
                _validate(read, kind, release.schedule)
                raise UnprovenError(kind, difference) from None


def _validate(read: FileRead, kind: str, schedule: FeeSchedule) -> Validated:
    quarantine_rows = file_kinds()[kind].on_refused_row == "quarantine"
    try:
        return validate(read, schedule.declared, quarantine_rows)
    except RefusedError as error:
        raise UnprovenError(kind, error, read.file) from None


def _rank(member: Member) -> int:
    return FORM_CHOICE.index(member.extension)


def _choose(kind: str, members: list[Member]) -> Member:
    ranked = sorted(members, key=_rank)
    for one, another in pairwise(ranked):
        if _rank(one) == _rank(another):
            message = f"it holds two files of one kind and form: {one.name} and {another.name}"
            # A name that both have would leave out both.
            is_told = one.base_name != another.base_name
            names = [x.base_name if is_told else x.place for x in (one, another)]
            advice = (
                "Put each release into a zip or folder of its own; where one release has both, say "
                f"which to leave out: {' or '.join(map(skip_option, names))}."
            )
            cause = refuse(one.bundle or RAW_FOLDER, "release", message, advice=advice)
            raise UnprovenError(kind, cause)
    return ranked[0]


def _read(member: Member, kind: str, release: Release) -> FileRead:
    try:
        return _read_member(member, kind, release)
    except ChangedError:
        raise
    except RefusedError as error:
        raise UnprovenError(kind, error, member.label) from None
    finally:
        member.let_go_if_large()


def _read_member(member: Member, kind: str, release: Release) -> FileRead:
    extension = member.extension
    declared = file_kinds()[kind]
    chosen = layouts_for(tuple(declared.layouts), declared.plain, extension, member.label)
    read = read_file(member.data, member.label, chosen, release.schedule.declared.tables)
    if read.layout.names_year:
        _refuse_other_year(read, release.identity.calendar_year)
    if read.layout.sheet_names_day:
        _refuse_other_day(read, release.period[0])
    return read


def _refuse_other_year(read: FileRead, year: int) -> None:
    """Title and head say which year the figures are for; the file's name proves nothing."""
    named = set(re.findall(r"\b20[0-9]{2}\b", " ".join(read.head)))
    if named and str(year) not in named:
        years = " and ".join(sorted(named))
        message = f"the title and header name {years}, but the release is of {year}"
        raise refuse(read.file, "identity", message, line=1)


def _refuse_other_day(read: FileRead, first_day: date) -> None:
    """The name of a sheet is as good a word for the first day as that of the file."""
    found = DAY.search(read.sheet)
    if found and found[0] != f"{first_day:%m-%d-%Y}":
        message = f"the sheet {read.sheet} is of {found[0]}, but the release begins on {first_day}"
        raise refuse(read.file, "identity", message, line=1)


def _identify_any(members: list[Member], found: SortedBundle, schedule: FeeSchedule) -> Identity:
    """The identity by the first form that tells it; raises RefusedError where none does."""
    refused = []
    for member in sorted(members, key=_rank):
        try:
            return _identity(member, found, schedule)
        except ChangedError:
            raise
        except RefusedError as error:
            refused.append(error)
    raise refused[0]


def _identity(member: Member, found: SortedBundle, schedule: FeeSchedule) -> Identity:
    layouts = tuple(file_kinds()[main_kind(schedule.name)].layouts)
    head = read_head(member.data, member.label, layouts)
    member.let_go_if_large()
    return schedule.identify(head, found.bundle.name, member.label)


def _refuse_other_release(kind: str, member: Member, release: Release, found: SortedBundle) -> None:
    """Another edition of the main file names its release too."""
    other, identity = _identity(member, found, release.schedule), release.identity
    if not other.is_of(identity):
        message = f"it is of {other.posting_id}, the main file of {identity.posting_id}"
        raise UnprovenError(kind, refuse(member.label, "identity", message))
