"""What lies in ``raw``, sorted by what it is, and what is known of it from the last refresh."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from pipeline.errors import RefusedError
from pipeline.fetch.raw import SIDECAR
from pipeline.publish.holdings import published_holdings, refuse_missing
from pipeline.publish.swap import Warehouse
from pipeline.read.bundle import RAW_FOLDER, Bundle, FileStamp, Member, Origin, hash_of_parts
from pipeline.read.gather import gather_postings
from pipeline.read.raw_folder import RawFolder, open_zips
from pipeline.read.sort import (
    SortedBundle,
    file_kinds,
    headless_kinds,
    refuse_headless,
    set_changes_aside,
    sort_bundle,
    split_postings,
    updated_on,
)
from pipeline.refresh.options import Options
from pipeline.sample import SAMPLE_BUNDLES
from pipeline.store.state import Inputs
from schemas.definitions import schedule_names

# A sidecar has a few hundred characters.
LARGEST_SIDECAR = 100_000


@dataclass
class SortedRelease:
    """The bundle of a release, a hash of its files, and what is known of where it came from."""

    bundle: SortedBundle
    schedule: str
    made_from: str
    origin: Origin

    @property
    def name(self) -> str:
        """What it is called among refused bundles."""
        return release_key(self.bundle.bundle.name, self.schedule)

    @property
    def members(self) -> list[Member]:
        """Its files."""
        return [member for _, member in self.bundle.release_members(self.schedule)]


def name_to_skip(error: RefusedError, bundle: SortedBundle) -> None:
    """Say in a refusal which zip, folder or file is to be left out, where one holds that release alone."""
    name, labels = bundle.bundle.name, [member.label for _, member in bundle.files]
    kinds = [file_kinds()[kind] for kind in bundle.members]
    # A part of a folder is called after its first file.
    is_part = name in labels and len(labels) > 1
    if name and not is_part and len({kind.schedule for kind in kinds if kind.release}) < 2:
        error.note_input(name)


def release_key(bundle: str, schedule: str) -> str:
    """The name of a bundle; a folder may hold releases of several schedules, so that these name theirs."""
    name = bundle or RAW_FOLDER
    return name if schedule == schedule_names()[0] else f"{name} ({schedule})"


@dataclass
class SortedInputs:
    """What lies in ``raw``, sorted.

    ``companions`` are members with their kind and a hash; ``copies`` names bundles whose files
    all are in another one, and ``repeated`` has those bundles by the name of that one; ``before`` is
    what was remembered of the build in force. ``refused`` are bundles that cannot be opened or hold
    no release, each with its error, and ``origins`` says of each bundle where it came from.
    ``lists_of_changes`` are files that are not read because the tables that they are about are.
    """

    before: Inputs
    remembered: Inputs
    releases: list[SortedRelease]
    companions: list[tuple[Member, str, str]]
    copies: dict[str, str]
    uses_sample: bool
    refused: dict[str, RefusedError] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    repeated: dict[str, list[SortedRelease]] = field(default_factory=dict)
    lists_of_changes: list[str] = field(default_factory=list)

    def origin_of(self, name: str) -> Origin:
        """Where a bundle came from, by its name alone where it cannot be opened."""
        return self.origins.get(name) or Origin(updated_on(name))

    def refuse(self, name: str, error: RefusedError) -> None:
        """Note a bundle, or a file, as refused."""
        self.refused[name] = error
        self.note_unreadable(name, error)

    def note_release(self, release: SortedRelease) -> None:
        """Note a bundle as one that is read, with the kinds of its files."""
        for kind, member in release.bundle.release_members(release.schedule):
            self.remembered.verdicts[member.label] = kind

    def note_copy(self, release: SortedRelease) -> None:
        """Note a bundle as one that says what another one says."""
        for member in release.members:
            self.remembered.verdicts[member.label] = "copy"

    def note_unreadable(self, name: str, error: RefusedError) -> None:
        """Note what another permission may mend, without a change of the file."""
        if error.findings[0].rule == "readable":
            self.remembered.unreadable.append(name)


def sort_inputs(
    options: Options, warehouse: Warehouse, found: RawFolder, before: Inputs, program: str
) -> SortedInputs:
    """Open the zips of ``found`` and say which bundle is what.

    A bundle that cannot be opened, or should be a release and is none, is noted as refused.
    Raises MissingReleaseError where a folder without a release follows one with releases.
    """
    open_zips(found, options.skip)
    remembered = Inputs(
        fingerprint=program,
        raw=str(options.raw.resolve()),
        skip=sorted(options.skip),
        stamps=found.stamps,
    )
    inputs = SortedInputs(before, remembered, [], [], dict(found.copies), False)
    for name, error in found.refused.items():
        error.note_input(name)
        inputs.refuse(name, error)
    each = [sort_bundle(bundle) for bundle in found.bundles]
    inputs.lists_of_changes = [member.label for member in set_changes_aside(each)]
    bundles = gather_postings([part for one in each for part in split_postings(one)])
    for bundle in bundles:
        _refuse_headless(bundle, inputs)
    inputs.uses_sample = not inputs.refused and not any(bundle.schedules for bundle in bundles)
    if inputs.uses_sample:
        # A folder without a release may be a disk that is not mounted.
        refuse_missing(
            published_holdings(warehouse), set(), options.forget, options.raw, skip=options.skip
        )
        bundles += [_sample_beside(bundles, folder) for folder in SAMPLE_BUNDLES]
    known = {} if options.verify else _known_hashes(before, found.stamps)
    for bundle in bundles:
        _add(bundle, _hashes(bundle, known, inputs), inputs)
        if len(bundles) > 1:
            bundle.forget_bytes()
    _set_copies_aside(inputs)
    for verdict, labels in (
        ("skipped", found.skipped),
        ("ignored", [*found.ignored, *found.nested]),
        ("copy", found.copies),
    ):
        remembered.verdicts |= dict.fromkeys(labels, verdict)
    return inputs


def _add(bundle: SortedBundle, hashes: dict[str, str], inputs: SortedInputs) -> None:
    """Add a bundle with what is remembered of its files."""
    remembered = inputs.remembered
    for _, member in bundle.files:
        remembered.hashes.setdefault(member.on_disk, {})[member.label] = hashes[member.label]
    twins = _set_twins_aside(bundle, hashes)
    for kind, member in bundle.files:
        remembered.verdicts[member.label] = kind
    for verdict, members in (
        ("copy", twins),
        ("ignored", bundle.ignored),
        ("unknown", bundle.unknown),
    ):
        remembered.verdicts |= {member.label: verdict for member in members}
    inputs.origins[bundle.bundle.name] = origin_of(bundle.bundle)
    for name in bundle.schedules:
        parts = sorted(f"{x.label} {hashes[x.label]}" for _, x in bundle.release_members(name))
        origin = inputs.origins[bundle.bundle.name]
        # A posting in a folder is called otherwise once another one lies beside it.
        made_from = hash_of_parts([bundle.bundle.name, *parts])
        release = SortedRelease(bundle, name, made_from, origin)
        inputs.releases.append(release)
    for kind, member in bundle.companions:
        made_from = hash_of_parts([f"{member.label} {hashes[member.label]}"])
        inputs.companions.append((member, kind, made_from))


def _set_twins_aside(bundle: SortedBundle, hashes: dict[str, str]) -> list[Member]:
    """Take out files of releases that have the bytes of another one of their kind and form."""
    twins = []
    of_releases = [name for name in bundle.members if file_kinds()[name].release]
    for kind in of_releases:
        members = bundle.members[kind]
        kept: dict[tuple[str, str], Member] = {}
        for member in sorted(members, key=lambda x: (len(x.name), x.name)):
            sha256 = hashes[member.label]
            if sha256 and kept.setdefault((member.extension, sha256), member) is not member:
                twins.append(member)
        bundle.members[kind] = [x for x in members if x not in twins]
    return twins


def _refuse_headless(bundle: SortedBundle, inputs: SortedInputs) -> None:
    """Note a release without its main file as refused; what else lies beside it counts."""
    try:
        refuse_headless(bundle)
    except RefusedError as error:
        name_to_skip(error, bundle)
        headless = headless_kinds(bundle)
        schedule = file_kinds()[headless[0]].schedule if headless else schedule_names()[0]
        inputs.refuse(release_key(bundle.bundle.name, schedule), error)
        for kind in headless:
            del bundle.members[kind]


def origin_of(bundle: Bundle) -> Origin:
    """When CMS re-posted a zip, by its name or the address in its sidecar, and when it was fetched."""
    name, path = bundle.name, bundle.path
    try:
        with path.with_name(path.name + SIDECAR).open("rb") as file:
            sidecar = json.loads(file.read(LARGEST_SIDECAR))
        if sidecar["bytes"] != path.stat().st_size:
            # Somebody put another zip into its place, whose days are not those of the one fetched.
            return Origin(updated_on(name))
        updated = updated_on(name) or updated_on(unquote(str(sidecar["url"])))
        return Origin(updated, date.fromisoformat(sidecar["fetched_at"][:10]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Origin(updated_on(name))


def _set_copies_aside(inputs: SortedInputs) -> None:
    """A zip and the folder that it was unpacked to are one posting: the one with more files.

    Where a file's name says which posting it is of, the same bytes under the name of another quarter
    are no copy.
    """
    contents = inputs.remembered.contents
    released = {
        release.name: {
            _as_posted(kind, member, contents)
            for kind, member in release.bundle.release_members(release.schedule)
        }
        for release in inputs.releases
    }
    by_size = sorted(released, key=lambda name: (-len(released[name]), name))
    for place, name in enumerate(by_size):
        is_whole = all(sha256 for sha256, _ in released[name])
        of = next((x for x in by_size[:place] if is_whole and released[name] <= released[x]), None)
        if of is not None and of not in inputs.copies:
            inputs.copies[name] = of
    for release in inputs.releases:
        if release.name in inputs.copies:
            inputs.repeated.setdefault(inputs.copies[release.name], []).append(release)
            inputs.note_copy(release)
    inputs.releases = [x for x in inputs.releases if x.name not in inputs.copies]


def _as_posted(kind: str, member: Member, contents: dict[str, str]) -> tuple[str, str]:
    """The hash of a file, and what its name says of its posting."""
    return contents[member.label], file_kinds()[kind].posting_of(member.base_name)


def _sample_beside(bundles: list[SortedBundle], folder: Path) -> SortedBundle:
    """A bundle of the sample, without companions of a kind that the user brings."""
    sample = sort_bundle(_sample_bundle(folder))
    for kind in {kind for bundle in bundles for kind, _ in bundle.companions}:
        for member in sample.members.pop(kind, []):
            sample.bundle.members.remove(member)
    return sample


def _sample_bundle(folder: Path) -> Bundle:
    name = f"sample/{folder.name}"
    members = [Member(name, path.name, path) for path in sorted(folder.iterdir())]
    return Bundle(name, folder, members)


def _known_hashes(before: Inputs, stamps: list[FileStamp]) -> dict[str, dict[str, str]]:
    unchanged = {stamp.name for stamp in set(before.stamps) & set(stamps)}
    return {name: hashes for name, hashes in before.hashes.items() if name in unchanged}


def _hashes(
    bundle: SortedBundle, known: dict[str, dict[str, str]], inputs: SortedInputs
) -> dict[str, str]:
    """The SHA-256 of every file that is read, '' where that cannot be; the others stay closed.

    From here on each file goes by it, and bytes that are read later must have it.
    """
    hashes = {}
    for _, member in bundle.files:
        try:
            of_file = known.get(member.on_disk, {})
            member.know(of_file.get(member.label) or member.sha256)
        except RefusedError as error:
            inputs.note_unreadable(member.label, error)
        hashes[member.label] = member.known_sha256
    return hashes
