"""Which file is which, and which release a bundle is."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from pipeline.bundle import Bundle, Member
from pipeline.errors import refuse
from pipeline.system_files import is_system_file
from schemas.definitions import Schedule, load_schedule, read_reference

SCHEDULE = "pfs"

# How the title line of a PPRRVU file reads (PFS_RULES section 8, trap 22). Some from 2016 on
# name no month (source: a public program that falls back on the file's name there).
TITLE = re.compile(
    r"(?P<year>20\d\d) National Physician Fee Schedule Relative Value File"
    r"(?: (?P<month>[A-Z][a-z]+)\b)?(?P<rest>.*)"
)
RELEASED = re.compile(r"RELEASED (\d\d/\d\d/\d{4})")

# A zip or folder named like a release: rvu24ar.zip, rvu25a-updated-01_10_2025.zip, RVU25D, and
# with a line between in old ones: rvu03_a.zip, rvu05a_r.zip.
RELEASE_NAME = re.compile(
    r"(?:^|[^a-z])rvu(?P<year>\d\d)(?:_(?=[a-e](?![a-z0-9])))?"
    r"(?P<letter>[a-em][a-z0-9]*(?:_(?:pct\d+|r|\d)(?![a-z0-9]))?)",
    re.IGNORECASE,
)

# updated-01/10/2025, updated-12-29-2025, updated-01312020, Updated 01/10/2025.
UPDATED = re.compile(r"updated[ _-]*(\d\d)[/_-]?(\d\d)[/_-]?(\d{4})", re.IGNORECASE)

# A file of so many bytes may be packed as tightly as can be.
SMALL_FILE = 1_000_000

# The codes that CMS has used (PFS_RULES 1.1): a letter, and R or a digit or both for a correction
# (24AR, 18C1, 07A2), and some of their own kind.
RELEASE_CODE = re.compile(r"[A-D](R?\d?)|E|M|AB|B_2|[CD]_PCT(0|22)")


@dataclass(frozen=True)
class FileKind:
    """One kind of CMS file: see ``schemas/pfs/files.toml``."""

    name: str
    pattern: str
    release: bool
    on_refused_row: str
    largest_bytes: int


@dataclass(frozen=True)
class Identity:
    """Which posting of which release a bundle is."""

    release_id: str
    posting_id: str
    calendar_year: int
    released_on: date
    is_sample: bool
    title: str
    notice: str


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
    """The members of a bundle by kind, and those that are ignored."""

    bundle: Bundle
    members: dict[str, list[Member]]
    ignored: list[Member]

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
    """Sort the members by kind; raises RefusedError for a file that is none of CMS's."""
    found: dict[str, list[Member]] = {}
    ignored = []
    for member in bundle.members:
        kind = None if is_ignored(member.name) else kind_of(member.base_name)
        if kind:
            refuse_bomb(member, kind)
            found.setdefault(kind.name, []).append(member)
        elif is_ignored(member.name):
            ignored.append(member)
        else:
            raise refuse(
                member.label,
                "known_file",
                "this is no file of an RVU release, no companion of one and no documentation",
                advice=f"Move it out of the raw folder, or go on without it: --skip {member.label}",
            )
    sorted_bundle = SortedBundle(bundle, found, ignored)
    _refuse_headless_release(sorted_bundle)
    return sorted_bundle


def refuse_bomb(member: Member, kind: FileKind) -> None:
    """Raise RefusedError for a file that is larger, or packed tighter, than any of CMS's kind."""
    size, packed = member.byte_count, member.packed_byte_count
    if size > kind.largest_bytes:
        message = f"the file has {size:,} bytes, and a {kind.name} file of CMS far fewer than "
        raise refuse(member.label, "size", message + f"{kind.largest_bytes:,}")
    if size > max(SMALL_FILE, _files_toml()["largest_ratio"] * packed):
        message = f"{packed:,} bytes of the zip would unpack to {size:,}, which no file of CMS does"
        raise refuse(member.label, "size", message)


def _refuse_headless_release(found: SortedBundle) -> None:
    name = found.bundle.name or "the raw folder"
    if not found.members and not found.ignored:
        raise refuse(name, "release", "it holds no file of an RVU release")
    of_release = [kind for kind in found.members if file_kinds()[kind].release]
    if of_release and "pprrvu" not in found.members:
        files = ", ".join(member.base_name for kind in of_release for member in found.members[kind])
        message = f"it holds {files}, but no PPRRVU file, without which there is no release"
        raise refuse(name, "release", message)


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the lines above the header of its PPRRVU file.

    The letter comes from the title line; a zip or folder that is named like a release may
    add to it (24AR) and must not contradict it. Raises RefusedError where it does, or where
    title or RELEASED line are missing.
    """
    title_line = next((line for line in head if TITLE.search(line)), "")
    title = TITLE.search(title_line)
    released = next((m for line in head if (m := RELEASED.search(line))), None)
    if not title or not released:
        missing = "title line" if not title else "RELEASED line"
        message = f"the file has no {missing} that names its release"
        advice = (
            "CMS's fixed-width form never has one: add the CSV or the workbook of the release."
            if file.lower().endswith(".txt")
            else None
        )
        raise refuse(file, "identity", message, line=1, advice=advice)
    year = int(title["year"])
    code = _release_code(title, bundle, file)
    release_id = f"RVU{year % 100:02d}{code}"
    is_sample = "SAMPLE" in title["rest"]
    released_on = _date(released[1], file)
    if is_sample:
        release_id = f"SAMPLE{release_id}"
    return Identity(
        release_id=release_id,
        posting_id=f"{release_id}@{released_on.isoformat()}",
        calendar_year=year,
        released_on=released_on,
        is_sample=is_sample,
        title=title_line,
        notice=" ".join(line for line in head if "copyright" in line.lower()),
    )


def _date(text: str, file: str) -> date:
    try:
        return datetime.strptime(text, "%m/%d/%Y").date()
    except ValueError:
        raise refuse(file, "identity", f"RELEASED {text} is no date", line=1) from None


def _release_code(title: re.Match, bundle: str, file: str) -> str:
    """The letter of a release, or its longer code, by its title and the bundle's name."""
    letters = read_reference(schedule().reference_file("release_letter"))
    of_month = [row for row in letters if row["month_name"] == title["month"]]
    named = RELEASE_NAME.search(bundle)
    if title["month"] and not of_month:
        message = f'the title names the month "{title["month"]}", in which no release is known'
        raise refuse(file, "identity", message, line=1)
    if not named:
        if of_month:
            return of_month[0]["letter"]
        message = "the title names the year and no month, so it does not tell which release it is"
        advice = "Name the zip or folder after its release, as in rvu17b."
        raise refuse(file, "identity", message, line=1, advice=advice)
    code = re.sub(r"(?i)(updated|sample).*$", "", named["letter"]).upper().replace("_R", "R")
    if not RELEASE_CODE.fullmatch(code):
        message = f"{bundle} is named like RVU{named['year']}{code}, which is no release of CMS"
        advice = "Rename the zip or folder after its release, as in rvu25d or rvu24ar."
        raise refuse(file, "identity", message, advice=advice)
    by_letter = {row["letter"]: row for row in letters}
    row = by_letter.get(code) or by_letter[code[0]]
    if named["year"] != title["year"][2:] or title["month"] not in (None, row["month_name"]):
        letter = f" and release {of_month[0]['letter']}" if of_month else ""
        message = (
            f"the title says {title['year']}{letter}, "
            f"but {bundle} is named like RVU{named['year']}{code}"
        )
        advice = "Rename the zip or folder if its name is wrong; else get the release again."
        raise refuse(file, "identity", message, line=1, advice=advice)
    return code


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


def effective_period(release_id: str, year: int) -> tuple[date, date]:
    """The first and the last day of service that a release is for (PFS_RULES section 1.1)."""
    plain = release_id.removeprefix("SAMPLE")
    for row in read_reference(schedule().reference_file("effective_period")):
        if row["release_id"] == plain:
            return _day(row["effective_from"]), _day(row["effective_to"])
    letters = read_reference(schedule().reference_file("release_letter"))
    by_letter = {row["letter"]: row for row in letters}
    row = by_letter.get(plain[5:]) or by_letter[plain[5]]
    return _day(f"{year}-{row['first_day']}"), _day(f"{year}-{row['last_day']}")


def _day(text: str) -> date:
    return date.fromisoformat(text)
