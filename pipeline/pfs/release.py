"""Read one RVU release: its five files in every form that the bundle has."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

import polars as pl

from pipeline.bundle import Member
from pipeline.compare import FormComparison, compare_forms
from pipeline.errors import refuse
from pipeline.pfs.identify import SortedBundle, file_kinds, schedule
from pipeline.pfs.identity import Identity, identify
from pipeline.read.file import FileRead, read_file, read_head
from pipeline.read.layout import layouts_for, load_layouts
from pipeline.validate import Validated, validate

RELEASE_FILES = ("pprrvu", "gpci", "locco", "anes", "oppscap")

# The CSV keeps every text whole, the fixed-width form cuts some, a workbook turns codes into
# numbers: the first that a bundle has is loaded, and the others are compared with it.
FORM_CHOICE = ("csv", "txt", "xlsx")


@dataclass
class ReleaseFile:
    """One file of a release: the member that is loaded, and those with its other forms.

    ``loaded`` is there after ``read_loaded_forms``, ``validated`` (the rows that are accepted)
    after ``validate_release``, ``others`` after ``read_other_forms``.
    """

    kind: str
    member: Member
    other_members: list[Member]
    loaded: FileRead = field(init=False)
    validated: Validated = field(init=False)
    others: list[tuple[Member, FileRead]] = field(default_factory=list)


@dataclass
class Release:
    """A release as read: ``files`` by kind; ``pprrvu_qpp`` stands beside ``pprrvu`` from 2026.

    ``unread`` are the members, by kind, in a form that no layout is declared for in that year.
    """

    identity: Identity
    bundle: str
    files: dict[str, ReleaseFile]
    unread: list[tuple[str, Member]]
    comparisons: list[FormComparison] = field(default_factory=list)

    @property
    def missing_files(self) -> list[str]:
        """The files that the bundle lacks."""
        return [kind for kind in RELEASE_FILES if kind not in self.files]

    def frame(self, kind: str) -> pl.DataFrame | None:
        """The accepted rows of a file, or None where the bundle lacks it."""
        return self.files[kind].validated.frame if kind in self.files else None

    @property
    def validated(self) -> list[Validated]:
        """What validation gave, file by file."""
        return [file.validated for file in self.files.values()]


def open_release(found: SortedBundle) -> Release:
    """Say which release a bundle is and which form of each file is to be loaded.

    Raises RefusedError where the first lines do not tell, or the bundle holds two releases.
    """
    groups = _pprrvu_by_class(found.members["pprrvu"])
    groups |= {kind: found.members[kind] for kind in RELEASE_FILES[1:] if kind in found.members}
    identity = _identity(_choose(groups["pprrvu"]), found)
    files: dict[str, ReleaseFile] = {}
    unread: list[tuple[str, Member]] = []
    for kind, members in groups.items():
        chosen = _choose(members)
        files[kind] = ReleaseFile(kind, chosen, [x for x in members if x is not chosen])
    if "pprrvu_qpp" in files:
        _refuse_other_release(files["pprrvu_qpp"].member, identity, found)
    return Release(identity, found.bundle.name, files, unread)


def read_loaded_forms(release: Release) -> None:
    """Read the form of every file that is loaded; raises RefusedError."""
    for kind, file in release.files.items():
        file.loaded = _read(file.member, kind, release.identity.calendar_year)


def read_other_forms(release: Release) -> None:
    """Read the other forms of every file; raises RefusedError."""
    for kind, file in release.files.items():
        for member in file.other_members:
            read = _read(member, kind, release.identity.calendar_year)
            file.others.append((member, read))


def validate_release(release: Release) -> None:
    """Check the loaded form of every file with its Pandera model and set broken rows aside."""
    for kind, file in release.files.items():
        quarantine_rows = file_kinds()[_kind_name(kind)].on_refused_row == "quarantine"
        file.validated = validate(file.loaded, schedule(), quarantine_rows)


def compare_forms_of(release: Release) -> None:
    """Compare the other forms of every file with the loaded one.

    A difference in a key or a number raises RefusedError; differences in text are kept.
    """
    for file in release.files.values():
        table = schedule().tables[file.loaded.layout.table]
        for _, read in file.others:
            release.comparisons.append(compare_forms(file.loaded, read, table))


def _kind_name(kind: str) -> str:
    return "pprrvu" if kind == "pprrvu_qpp" else kind


def _pprrvu_by_class(members: list[Member]) -> dict[str, list[Member]]:
    """From 2026 a release has a file for qualifying APM participants beside the main one."""
    qpp = [m for m in members if "_QPP" in m.base_name.upper()]
    main = [m for m in members if m not in qpp]
    if not main:
        names = ", ".join(member.base_name for member in qpp)
        message = f"it holds {names}, but not the non-QPP file, which has all codes"
        raise refuse(members[0].bundle, "release", message)
    return {"pprrvu": main} | ({"pprrvu_qpp": qpp} if qpp else {})


def _choose(members: list[Member]) -> Member:
    def rank(member: Member) -> int:
        return FORM_CHOICE.index(member.base_name.rpartition(".")[2].lower())

    ranked = sorted(members, key=rank)
    for one, another in pairwise(ranked):
        if rank(one) == rank(another):
            message = f"it holds two files of one kind and form: {one.name} and {another.name}"
            advice = "Put each release into a zip or folder of its own."
            raise refuse(one.bundle or one.name, "release", message, advice=advice)
    return ranked[0]


def _read(member: Member, kind: str, year: int) -> FileRead:
    extension = member.base_name.rpartition(".")[2].lower()
    layouts = load_layouts(schedule().folder / "layouts")
    chosen = layouts_for(layouts, _kind_name(kind), extension, member.label)
    read = read_file(member.data, member.label, chosen, schedule().tables)
    if read.layout.names_year:
        _refuse_other_year(read, year)
    return read


def _refuse_other_year(read: FileRead, year: int) -> None:
    """Title and head say which year the figures are for; the file's name proves nothing."""
    named = set(re.findall(r"\b20[0-9]{2}\b", " ".join(read.head)))
    if named and str(year) not in named:
        years = " and ".join(sorted(named))
        message = f"the title and header name {years}, but the release is of {year}"
        raise refuse(read.file, "identity", message, line=1)


def _identity(member: Member, found: SortedBundle) -> Identity:
    return identify(read_head(member.data, member.label), found.bundle.name, member.label)


def _refuse_other_release(member: Member, identity: Identity, found: SortedBundle) -> None:
    other = _identity(member, found)
    if not other.is_of(identity):
        message = f"the QPP file is of {other.posting_id}, the other file of {identity.posting_id}"
        raise refuse(member.label, "identity", message)
