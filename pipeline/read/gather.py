"""Files of one posting that lie apart: CMS has zips of their own for some, and dates them by another day."""

from pipeline.read.sort import SortedBundle, file_kinds, headless_kinds, main_kind

# What a name says of the period that a posting is for.
PERIOD = ("month", "year")


def gather_postings(bundles: list[SortedBundle]) -> list[SortedBundle]:
    """The bundles, in which files without their main file lie beside the one of their posting.

    That is the main file whose name says the same of the posting; where none does, the only one of
    the same period. What none or several may own stays where it is.
    """
    left = []
    for part in bundles:
        had_members = bool(part.bundle.members)
        for kind in headless_kinds(part):
            home = _home_of(kind, part, bundles)
            if home:
                _move(kind, part, home)
        if part.bundle.members or not had_members:
            left.append(part)
    return left


def _home_of(kind: str, part: SortedBundle, bundles: list[SortedBundle]) -> SortedBundle | None:
    said = _said(kind, part)
    main = main_kind(file_kinds()[kind].schedule)
    homes = [x for x in bundles if main in x.members and kind not in x.members]
    for names in (said.keys(), said.keys() & set(PERIOD)):
        alike = [x for x in homes if names and _same(said, _said(main, x), names)]
        if len(alike) == 1:
            return alike[0]
    return None


def _said(kind: str, bundle: SortedBundle) -> dict[str, str]:
    """What the names of the files of a kind say of their posting, where all say the same."""
    words = [file_kinds()[kind].posting_words(x.base_name) for x in bundle.members[kind]]
    return words[0] if all(one == words[0] for one in words) else {}


def _same(one: dict[str, str], other: dict[str, str], names) -> bool:
    return all(one.get(name) == other.get(name) for name in names)


def _move(kind: str, part: SortedBundle, home: SortedBundle) -> None:
    """Move the files of a kind; what only explains goes along with the last of them."""
    moved = part.members.pop(kind)
    home.members[kind] = moved
    if not part.members:
        home.ignored += part.ignored
        home.unknown += part.unknown
        moved = part.bundle.members
    home.bundle.members = [*home.bundle.members, *moved]
    part.bundle.members = [x for x in part.bundle.members if x not in moved]
