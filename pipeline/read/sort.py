"""Which file is which: every file of a bundle is told by its name, as ``schemas/*/files.toml`` say."""

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from pipeline.errors import LEAVE_OUT, RefusedError, refuse
from pipeline.read.bundle import RAW_FOLDER, Bundle, Member
from pipeline.read.layout import Layout, load_layouts
from pipeline.read.system_files import lies_among_system_files
from pipeline.read.zipped import UNPACK_IT
from schemas.definitions import COMMON, SCHEMAS, schedule_names

# updated-01/10/2025, updated-12-29-2025, updated-01312020, Updated 01/10/2025.
UPDATED = re.compile(r"updated[ _-]*(\d\d)[/_-]?(\d\d)[/_-]?(\d{4})", re.IGNORECASE)

# The months that quarters begin with.
FIRST_MONTHS = ("jan", "apr", "jul", "oct")

# A file of so many bytes may be packed as tightly as can be.
SMALL_FILE = 1_000_000

FORMS = (".csv", ".txt", ".xlsx")

# Old workbooks are read where a layout says so: CMS put them beside other forms for years.
OLD_FORM = ".xls"

# So many files that nobody knows are named in a refusal.
MOST_NAMED = 3

# What is said of the files of all schedules, as what is too large or too tightly packed.
COMMON_FILES = COMMON / "files.toml"


@dataclass(frozen=True)
class FileKind:
    """One kind of CMS file: see the head of ``schemas/pfs/files.toml``.

    ``schedule`` is the name of the schedule that it is of, or ``common``. ``workbook`` is how
    workbooks are named that have it on a sheet beside other kinds, and ``sheet`` our word for that.
    """

    schedule: str
    name: str
    pattern: str
    release: bool
    on_refused_row: str
    largest_bytes: int
    main: bool = False
    of: str = ""
    since: int = 0
    posting: str = ""
    workbook: str = ""
    sheet: str = ""

    @property
    def plain(self) -> str:
        """The kind whose layouts and tables it has."""
        return self.of or self.name

    def is_in_every_release_of(self, calendar_year: int) -> bool:
        """Whether a release of the year that has none came without it."""
        return not self.of or 0 < self.since <= calendar_year

    def posting_words(self, base_name: str) -> dict[str, str]:
        """What a file's name says of its posting, the same for all its files, by what it is."""
        found = re.search(self.posting, base_name, re.IGNORECASE) if self.posting else None
        said = found.groupdict(default="") if found else {}
        return dict(sorted(_plain_word(x, text) for x, text in said.items() if text))

    def posting_of(self, base_name: str) -> str:
        """The same as one text; '' where it says nothing."""
        return " ".join(f"{x} {word}" for x, word in self.posting_words(base_name).items())

    def is_list_of_changes(self, base_name: str) -> bool:
        """Whether a file of that name says what changed in a table, and is no table by itself."""
        changes = _files_toml(self.schedule).get("changes")
        return bool(changes and re.search(changes, base_name, re.IGNORECASE))

    @property
    def files_toml(self) -> Path:
        """Where it is declared."""
        return SCHEMAS / self.schedule / "files.toml"

    @property
    def layouts(self) -> list[Layout]:
        """The layouts of its files."""
        declared = load_layouts(SCHEMAS / self.schedule / "layouts")
        return [layout for layout in declared if layout.kind == self.plain]

    def reads(self, form: str) -> bool:
        """Whether one of its layouts is for files that end so (``.xls``)."""
        return any(form[1:] in layout.extensions for layout in self.layouts)


def _plain_word(name: str, text: str) -> tuple[str, str]:
    """January is jan, 2025 is 25 and 12.31.2024 is 123124, as other names of the same posting may say;
    and the first quarter is the month that it begins with."""
    word = re.sub(r"[\W_]", "", text.lower())
    if name == "quarter":
        return "month", FIRST_MONTHS[int(word) - 1]
    # Of a day the century may be left out.
    word = re.sub(r"^(\d{4})20(\d\d)$", r"\1\2", word)
    return name, {"month": word[:3], "year": word[-2:]}.get(name, word)


@cache
def file_kinds() -> dict[str, FileKind]:
    """All kinds of file of all schedules, by name."""
    kinds = {}
    for schedule in (COMMON.name, *schedule_names()):
        for name, entry in _files_toml(schedule)["kind"].items():
            pattern = entry["name"]
            kinds[name] = FileKind(schedule, **(entry | {"name": name, "pattern": pattern}))
    return kinds


def all_layouts() -> list[Layout]:
    """The layouts of all kinds of file."""
    return [layout for kind in file_kinds().values() if not kind.of for layout in kind.layouts]


def release_kinds(schedule: str) -> list[str]:
    """The kinds of file that a release of that schedule has, the main one first."""
    kinds = [kind for kind in file_kinds().values() if kind.schedule == schedule and kind.release]
    return [kind.name for kind in sorted(kinds, key=lambda kind: not kind.main)]


def main_kind(schedule: str) -> str:
    """The kind of file without which there is no release of that schedule."""
    return release_kinds(schedule)[0]


@cache
def _files_toml(schedule: str) -> dict:
    return tomllib.loads((SCHEMAS / schedule / "files.toml").read_text("utf-8"))


def kind_of(base_name: str) -> FileKind | None:
    """The kind of a file by its name; None where the name is none of CMS's."""
    return next(iter(kinds_of(base_name)), None)


def kinds_of(base_name: str) -> list[FileKind]:
    """The kinds of a file by its name: several where it is a workbook with a sheet for each."""
    is_old = base_name.lower().endswith(OLD_FORM)
    if not is_old and not base_name.lower().endswith(FORMS):
        return []
    kinds = file_kinds().values()
    if base_name.lower().endswith(".xlsx"):
        shared = [x for x in kinds if x.workbook and _is_named(base_name, x.workbook)]
        if shared:
            return shared
    found = [kind for kind in kinds if _is_named(base_name, kind.pattern)][:1]
    return [kind for kind in found if not is_old or kind.reads(OLD_FORM)]


def _is_named(base_name: str, pattern: str) -> bool:
    return re.fullmatch(pattern, base_name, re.IGNORECASE) is not None


def is_ignored(name: str) -> bool:
    """Whether a file only explains: README, PDF, record layout, hidden file."""
    if lies_among_system_files(name):
        return True
    base_name = name.lower().rpartition("/")[2]
    patterns = _files_toml(COMMON.name)["ignored"]["names"]
    return any(re.fullmatch(pattern, base_name) for pattern in patterns)


@dataclass
class SortedBundle:
    """The members of a bundle by kind, those that only explain, and those that nobody knows."""

    bundle: Bundle
    members: dict[str, list[Member]]
    ignored: list[Member]
    unknown: list[Member]

    @property
    def schedules(self) -> list[str]:
        """The schedules of which the bundle holds a release; else it holds companions only."""
        return [kind.schedule for kind in self._kinds if kind.main]

    @property
    def files(self) -> list[tuple[str, Member]]:
        """The files that are read, each with its kind."""
        return [(kind, member) for kind, members in self.members.items() for member in members]

    def release_members(self, schedule: str) -> list[tuple[str, Member]]:
        """The files of the release of that schedule, each with its kind."""
        kinds = set(release_kinds(schedule))
        return [(kind, member) for kind, member in self.files if kind in kinds]

    @property
    def companions(self) -> list[tuple[str, Member]]:
        """The files that are no part of a release, each with its kind."""
        return [(kind, member) for kind, member in self.files if not file_kinds()[kind].release]

    def set_aside(self, kind: FileKind, member: Member) -> None:
        """Make a file that is read one that only explains."""
        self.members[kind.name] = [x for x in self.members[kind.name] if x is not member]
        if not self.members[kind.name]:
            del self.members[kind.name]
        self.ignored.append(member)

    def forget_bytes(self) -> None:
        """Let go of the bytes of all members, also of those that stand for one sheet each."""
        self.bundle.forget_bytes()
        for _, member in self.files:
            member.forget_bytes()

    @property
    def _kinds(self) -> list[FileKind]:
        return [file_kinds()[name] for name in self.members]


def sort_bundle(bundle: Bundle) -> SortedBundle:
    """Sort the members by kind: CMS lists forms that nobody ships, and people add files.

    A member that is larger, or packed tighter, than any of its kind is not to be opened.
    """
    found = SortedBundle(bundle, {}, [], [])
    for member in bundle.members:
        if is_ignored(member.name):
            found.ignored.append(member)
        elif kinds := kinds_of(member.base_name):
            for kind in kinds:
                sound = _without_bomb(_sheet_of(member, kind, kinds), kind)
                found.members.setdefault(kind.name, []).append(sound)
        else:
            found.unknown.append(member)
    return found


def _sheet_of(member: Member, kind: FileKind, kinds: list[FileKind]) -> Member:
    """What of a file is of a kind: all of it, or a sheet where it is a workbook of several kinds."""
    return replace(member, sheet=kind.sheet) if len(kinds) > 1 else member


def set_changes_aside(bundles: list[SortedBundle]) -> list[Member]:
    """Take out the lists of changes whose table is there, in whichever bundle.

    Without the table such a file has to prove itself as a table has. A list that names no posting of its
    own goes with any table of its schedule.
    """
    tables, lists = [], []
    for found in bundles:
        for name, member in found.files:
            kind = file_kinds()[name]
            words = kind.posting_words(member.base_name).items()
            if kind.is_list_of_changes(member.base_name):
                lists.append((found, kind, member, words))
            else:
                tables.append((kind.schedule, words))
    aside = []
    for found, kind, member, words in lists:
        if any(kind.schedule == schedule and words <= said for schedule, said in tables):
            found.set_aside(kind, member)
            aside.append(member)
    return aside


def split_postings(found: SortedBundle) -> list[SortedBundle]:
    """A folder in which files of several postings lie, as a bundle for each of them.

    What no name tells apart stays together; what only explains goes along with the first posting
    where nothing else is left. Each is called after its first file.
    """
    rest = replace(found, members=dict(found.members))
    apart: dict[tuple[str, str], SortedBundle] = {}
    for schedule in dict.fromkeys(kind.schedule for kind in found._kinds):
        postings = _members_by_posting(found, schedule)
        if len(postings) < 2:
            continue
        for posting, files in postings.items():
            members = [member for _, member in files]
            bundle = Bundle(members[0].label, found.bundle.path, members)
            part = apart.setdefault((schedule, posting), SortedBundle(bundle, {}, [], []))
            for kind, member in files:
                part.members.setdefault(kind, []).append(member)
                rest.members[kind] = [x for x in rest.members[kind] if x is not member]
    if not apart:
        return [found]
    rest.members = {kind: members for kind, members in rest.members.items() if members}
    asides = [*found.ignored, *found.unknown]
    if rest.members:
        rest.bundle = replace(found.bundle, members=[x for _, x in rest.files] + asides)
        return [rest, *apart.values()]
    first = next(iter(apart.values()))
    first.ignored, first.unknown = found.ignored, found.unknown
    first.bundle.members += asides
    return list(apart.values())


def _members_by_posting(found: SortedBundle, schedule: str) -> dict[str, list[tuple[str, Member]]]:
    postings: dict[str, list[tuple[str, Member]]] = {}
    for kind, member in found.release_members(schedule):
        posting = file_kinds()[kind].posting_of(member.base_name)
        if posting:
            postings.setdefault(posting, []).append((kind, member))
    return postings


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
    if size > max(SMALL_FILE, _files_toml(COMMON.name)["largest_ratio"] * packed):
        message = f"{packed:,} bytes of the zip would unpack to {size:,}, which no file of CMS does"
        raise refuse(member.label, "size", message)


def refuse_headless(found: SortedBundle) -> None:
    """Raise RefusedError for what should be a release, and lacks the main file of one."""
    name = found.bundle.name or RAW_FOLDER
    headless = headless_kinds(found)
    if headless:
        files = ", ".join(member.base_name for kind in headless for member in found.members[kind])
        main = main_kind(file_kinds()[headless[0]].schedule)
        # The file of some participants is a PPRRVU file too, and no release by itself.
        other = "other " if any(file_kinds()[kind].of == main for kind in headless) else ""
        message = f"it holds {files}, but no {other}{main.upper()} file, without which there is no release"
        # Whoever unpacks by hand may have put the files of one release into several folders.
        advice = f"Put all files of a release into one folder, or {LEAVE_OUT}."
        raise refuse(
            name, "release", message, advice=advice if found.bundle.path.is_dir() else None
        )
    if found.bundle.nested and not found.members:
        inner = ", ".join(found.bundle.nested)
        message = f"it holds no file of a release but {inner}, and a zip in a zip is not opened"
        raise refuse(name, "release", message, advice=UNPACK_IT)
    looks_like_one = name.lower().endswith(".zip") or any(
        re.search(_files_toml(schedule)["release_name"], name, re.IGNORECASE)
        for schedule in schedule_names()
    )
    if looks_like_one and not found.members and (found.unknown or not found.ignored):
        raise _refuse_nameless(found, name)


def _refuse_nameless(found: SortedBundle, name: str) -> RefusedError:
    """The refusal of what should be a release, in which no file has a name that is known."""
    message = "it holds no file of a release"
    names = [member.base_name for member in found.unknown]
    if names:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        message += f", by the names of {', '.join(names[:MOST_NAMED])}{more}"
    advice = "If it should hold a release, give its files the names that they have at CMS, or get it again "
    advice += "from there; if not, move it out of the raw folder or leave it out with --skip NAME."
    return refuse(name, "release", message, advice=advice)


def headless_kinds(found: SortedBundle) -> list[str]:
    """The kinds of a release's files whose main file is not there."""
    kinds = [file_kinds()[name] for name in found.members]
    return [kind.name for kind in kinds if kind.release and kind.schedule not in found.schedules]


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
