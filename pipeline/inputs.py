"""What lies in ``raw``, sorted by what it is, and what is known of it from the last refresh."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.bundle import Bundle, FileStamp, Member, RawFolder, hash_of_parts, open_zips
from pipeline.holdings import published_holdings, refuse_missing
from pipeline.options import Options
from pipeline.pfs.identify import SortedBundle, sort_bundle
from pipeline.publish import Warehouse
from pipeline.state import Inputs

PROJECT = Path(__file__).parent.parent
SAMPLE = PROJECT / "raw" / "sample"
SAMPLE_BUNDLE = SAMPLE / "rvu25d-sample"


@dataclass
class SortedInputs:
    """What lies in ``raw``, sorted, with the keys of the artefacts that come of it."""

    remembered: Inputs
    releases: list[tuple[SortedBundle, str]]
    companions: list[tuple[Member, str, str]]
    uses_sample: bool


def sort_inputs(
    options: Options, warehouse: Warehouse, found: RawFolder, before: Inputs, program: str
) -> SortedInputs:
    bundles = [sort_bundle(bundle) for bundle in open_zips(found.bundles)]
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
    releases, companions = [], []
    for bundle in bundles:
        hashes = _hashes(bundle.bundle, known)
        for member in bundle.bundle.members:
            _remember(remembered, member, bundle, hashes)
        if len(bundles) > 1:
            bundle.bundle.forget_bytes()
        if bundle.is_release:
            parts = [f"{x.label} {hashes[x.label]}" for _, x in bundle.release_members]
            releases.append((bundle, hash_of_parts([program, *sorted(parts)])))
        for kind, member in bundle.companions:
            key = hash_of_parts([program, f"{member.label} {hashes[member.label]}"])
            companions.append((member, kind, key))
    for label in found.skipped:
        remembered.verdicts[label] = "skipped"
    return SortedInputs(remembered, releases, companions, uses_sample)


def _sample_beside(bundles: list[SortedBundle]) -> SortedBundle:
    """The sample, without companions of a kind that the user brings."""
    sample = sort_bundle(_sample_bundle())
    for kind in {kind for bundle in bundles for kind, _ in bundle.companions}:
        for member in sample.members.pop(kind, []):
            sample.bundle.members.remove(member)
    return sample


def _sample_bundle() -> Bundle:
    name = f"sample/{SAMPLE_BUNDLE.name}"
    members = [Member(name, path.name, path, False) for path in sorted(SAMPLE_BUNDLE.iterdir())]
    return Bundle(name, members)


def _known_hashes(before: Inputs, stamps: list[FileStamp]) -> dict[str, dict[str, str]]:
    unchanged = {stamp.name for stamp in set(before.stamps) & set(stamps)}
    return {name: hashes for name, hashes in before.hashes.items() if name in unchanged}


def _hashes(bundle: Bundle, known: dict[str, dict[str, str]]) -> dict[str, str]:
    return {
        member.label: known.get(member.on_disk, {}).get(member.label) or member.sha256
        for member in bundle.members
    }


def _remember(inputs: Inputs, member: Member, bundle: SortedBundle, hashes: dict[str, str]) -> None:
    inputs.hashes.setdefault(member.on_disk, {})[member.label] = hashes[member.label]
    kinds = [kind for kind, members in bundle.members.items() if member in members]
    inputs.verdicts[member.label] = kinds[0] if kinds else "ignored"
