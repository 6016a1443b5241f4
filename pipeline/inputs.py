"""What lies in ``raw``, sorted by what it is, and what is known of it from the last refresh."""

import json
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from pipeline.bundle import Bundle, FileStamp, Member, Origin, hash_of_parts
from pipeline.fetch.raw import SIDECAR
from pipeline.holdings import published_holdings, refuse_missing
from pipeline.options import Options
from pipeline.pfs.identify import SortedBundle, sort_bundle, updated_on
from pipeline.publish import Warehouse
from pipeline.raw_folder import RawFolder, open_zips
from pipeline.sample import SAMPLE_BUNDLE
from pipeline.state import Inputs

# A sidecar has a few hundred characters.
LARGEST_SIDECAR = 100_000


@dataclass
class SortedRelease:
    """The bundle of a release, a hash of its files, and what is known of where it came from."""

    bundle: SortedBundle
    made_from: str
    origin: Origin


@dataclass
class SortedInputs:
    """What lies in ``raw``, sorted.

    ``companions`` are members with their kind and a hash; ``copies`` names bundles whose files
    all are in another one; ``before`` is what was remembered of the build in force.
    """

    before: Inputs
    remembered: Inputs
    releases: list[SortedRelease]
    companions: list[tuple[Member, str, str]]
    copies: dict[str, str]
    uses_sample: bool


def sort_inputs(
    options: Options, warehouse: Warehouse, found: RawFolder, before: Inputs, program: str
) -> SortedInputs:
    """Open the zips of ``found`` and say which bundle is what; raises RefusedError."""
    open_zips(found, options.skip)
    bundles = [sort_bundle(bundle) for bundle in found.bundles]
    uses_sample = not any(bundle.is_release for bundle in bundles)
    if uses_sample:
        # A folder without a release may be a disk that is not mounted.
        refuse_missing(published_holdings(warehouse), set(), options.forget, options.raw)
        bundles += [_sample_beside(bundles)]
    remembered = Inputs(
        fingerprint=program,
        raw=str(options.raw.resolve()),
        skip=sorted(options.skip),
        stamps=found.stamps,
    )
    known = {} if options.verify else _known_hashes(before, found.stamps)
    inputs = SortedInputs(before, remembered, [], [], {}, uses_sample)
    released: dict[str, set[str]] = {}
    for bundle in bundles:
        hashes = _hashes(bundle, known)
        for kind, member in bundle.files:
            remembered.hashes.setdefault(member.on_disk, {})[member.label] = hashes[member.label]
            remembered.verdicts[member.label] = kind
        for member in bundle.ignored:
            remembered.verdicts[member.label] = "ignored"
        if len(bundles) > 1:
            bundle.bundle.forget_bytes()
        if bundle.is_release:
            parts = sorted(f"{x.label} {hashes[x.label]}" for _, x in bundle.release_members)
            released[bundle.bundle.name] = {hashes[x.label] for _, x in bundle.release_members}
            inputs.releases.append(SortedRelease(bundle, hash_of_parts(parts), origin_of(bundle)))
        for kind, member in bundle.companions:
            made_from = hash_of_parts([f"{member.label} {hashes[member.label]}"])
            inputs.companions.append((member, kind, made_from))
    _set_copies_aside(inputs, released)
    inputs.copies |= found.copies
    for verdict, labels in (
        ("skipped", found.skipped),
        ("ignored", [*found.ignored, *found.nested]),
        ("copy", found.copies),
    ):
        remembered.verdicts |= dict.fromkeys(labels, verdict)
    return inputs


def origin_of(bundle: SortedBundle) -> Origin:
    """When CMS re-posted a zip, by its name or the address in its sidecar, and when it was fetched."""
    name, path = bundle.bundle.name, bundle.bundle.path
    try:
        with path.with_name(path.name + SIDECAR).open("rb") as file:
            sidecar = json.loads(file.read(LARGEST_SIDECAR))
        updated = updated_on(name) or updated_on(unquote(str(sidecar["url"])))
        return Origin(updated, date.fromisoformat(sidecar["fetched_at"][:10]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Origin(updated_on(name))


def _set_copies_aside(inputs: SortedInputs, released: dict[str, set[str]]) -> None:
    """A zip and the folder that it was unpacked to are one posting: the one with more files."""
    by_size = sorted(released, key=lambda name: (-len(released[name]), name))
    for place, name in enumerate(by_size):
        of = next((x for x in by_size[:place] if released[name] <= released[x]), None)
        if of is not None and of not in inputs.copies:
            inputs.copies[name] = of
    for release in inputs.releases:
        if release.bundle.bundle.name in inputs.copies:
            for _, member in release.bundle.release_members:
                inputs.remembered.verdicts[member.label] = "copy"
    inputs.releases = [x for x in inputs.releases if x.bundle.bundle.name not in inputs.copies]


def _sample_beside(bundles: list[SortedBundle]) -> SortedBundle:
    """The sample, without companions of a kind that the user brings."""
    sample = sort_bundle(_sample_bundle())
    for kind in {kind for bundle in bundles for kind, _ in bundle.companions}:
        for member in sample.members.pop(kind, []):
            sample.bundle.members.remove(member)
    return sample


def _sample_bundle() -> Bundle:
    name = f"sample/{SAMPLE_BUNDLE.name}"
    members = [Member(name, path.name, path) for path in sorted(SAMPLE_BUNDLE.iterdir())]
    return Bundle(name, SAMPLE_BUNDLE, members)


def _known_hashes(before: Inputs, stamps: list[FileStamp]) -> dict[str, dict[str, str]]:
    unchanged = {stamp.name for stamp in set(before.stamps) & set(stamps)}
    return {name: hashes for name, hashes in before.hashes.items() if name in unchanged}


def _hashes(bundle: SortedBundle, known: dict[str, dict[str, str]]) -> dict[str, str]:
    """The SHA-256 of every file that is read; what is ignored is not opened.

    From here on each file goes by it, and bytes that are read later must have it.
    """
    hashes = {}
    for _, member in bundle.files:
        member.know(known.get(member.on_disk, {}).get(member.label) or member.sha256)
        hashes[member.label] = member.known_sha256
    return hashes
