"""Which file is which."""

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from pipeline.errors import RefusedError, refuse
from pipeline.read.bundle import Bundle, Member
from pipeline.read.system_files import is_system_file
from pipeline.schedules.pfs.release_name import RELEASE_NAME
from schemas.definitions import Schedule, load_schedule

SCHEDULE = "pfs"

# updated-01/10/2025, updated-12-29-2025, updated-01312020, Updated 01/10/2025.
UPDATED = re.compile(r"updated[ _-]*(\d\d)[/_-]?(\d\d)[/_-]?(\d{4})", re.IGNORECASE)

# A file of so many bytes may be packed as tightly as can be.
SMALL_FILE = 1_000_000


@dataclass(frozen=True)
class FileKind:
    """One kind of CMS file: see ``schemas/pfs/files.toml``."""

    name: str
    pattern: str
    release: bool
    on_refused_row: str
    largest_bytes: int


def schedule() -> Schedule:
    """The definitions of the Physician Fee Schedule."""
    return load_schedule(SCHEDULE)


@cache
def file_kinds() -> dict[str, FileKind]:
    """All kinds of file, by name."""
    declared = _files_toml()["kind"]
    return {
        name: FileKind(
            name=name,
            pattern=entry["name"],
            release=entry["release"],
            on_refused_row=entry["on_refused_row"],
            largest_bytes=entry["largest_bytes"],
        )
        for name, entry in declared.items()
    }


@cache
def _files_toml() -> dict:
    return tomllib.loads((schedule().folder / "files.toml").read_text("utf-8"))


def kind_of(base_name: str) -> FileKind | None:
    """The kind of a file by its name; None where the name is none of CMS's."""
    if not base_name.lower().endswith((".csv", ".txt", ".xlsx")):
        return None
    for kind in file_kinds().values():
        if re.fullmatch(kind.pattern, base_name, re.IGNORECASE):
            return kind
    return None


def is_ignored(name: str) -> bool:
    """Whether a file only explains: README, PDF, record layout, hidden file."""
    *folders, base_name = name.lower().split("/")
    if any(is_system_file(part) for part in (*folders, base_name)):
        return True
    patterns = _files_toml()["ignored"]["names"]
    return any(re.fullmatch(pattern, base_name) for pattern in patterns)


@dataclass
class SortedBundle:
    """The members of a bundle by kind, those that only explain, and those that nobody knows."""

    bundle: Bundle
    members: dict[str, list[Member]]
    ignored: list[Member]
    unknown: list[Member]

    @property
    def is_release(self) -> bool:
        """Whether the bundle holds an RVU release; else it holds companions only."""
        return "pprrvu" in self.members

    @property
    def files(self) -> list[tuple[str, Member]]:
        """The files that are read, each with its kind."""
        return [(kind, member) for kind, members in self.members.items() for member in members]

    @property
    def release_members(self) -> list[tuple[str, Member]]:
        """The files of the release, each with its kind."""
        return [(kind, member) for kind, member in self.files if file_kinds()[kind].release]

    @property
    def companions(self) -> list[tuple[str, Member]]:
        """The files that are no part of a release, each with its kind."""
        return [(kind, member) for kind, member in self.files if not file_kinds()[kind].release]


def sort_bundle(bundle: Bundle) -> SortedBundle:
    """Sort the members by kind: CMS lists forms that nobody ships, and people add files.

    A member that is larger, or packed tighter, than any of its kind is not to be opened.
    """
    found = SortedBundle(bundle, {}, [], [])
    for member in bundle.members:
        if is_ignored(member.name):
            found.ignored.append(member)
        elif kind := kind_of(member.base_name):
            sound = _without_bomb(member, kind)
            found.members.setdefault(kind.name, []).append(sound)
        else:
            found.unknown.append(member)
    return found


def _without_bomb(member: Member, kind: FileKind) -> Member:
    try:
        refuse_bomb(member, kind)
    except RefusedError as error:
        return replace(member, fault=error)
    return member


def refuse_bomb(member: Member, kind: FileKind) -> None:
    """Raise RefusedError for a file that is larger, or packed tighter, than any of CMS's kind."""
    size, packed = member.byte_count, member.packed_byte_count
    if size > kind.largest_bytes:
        message = f"the file has {size:,} bytes, and a {kind.name} file of CMS far fewer than "
        raise refuse(member.label, "size", message + f"{kind.largest_bytes:,}")
    if size > max(SMALL_FILE, _files_toml()["largest_ratio"] * packed):
        message = f"{packed:,} bytes of the zip would unpack to {size:,}, which no file of CMS does"
        raise refuse(member.label, "size", message)


def refuse_headless(found: SortedBundle) -> None:
    """Raise RefusedError for what should be a release, and has no PPRRVU file."""
    name = found.bundle.name or "the raw folder"
    of_release = [kind for kind in found.members if file_kinds()[kind].release]
    if of_release and "pprrvu" not in found.members:
        files = ", ".join(member.base_name for kind in of_release for member in found.members[kind])
        message = f"it holds {files}, but no PPRRVU file, without which there is no release"
        raise refuse(name, "release", message)
    looks_like_one = name.lower().endswith(".zip") or RELEASE_NAME.search(name)
    if looks_like_one and not found.members and (found.unknown or not found.ignored):
        raise refuse(name, "release", "it holds no file of an RVU release")


def updated_on(text: str) -> date | None:
    """The day of a re-posting that a zip's name, an address or a link's text names, or None."""
    found = UPDATED.search(text)
    if not found:
        return None
    month, day, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
