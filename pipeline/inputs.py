"""What lies in ``raw``, sorted by what it is, and what is known of it from the last refresh."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.bundle import Bundle, FileStamp, Member, RawFolder, hash_of_parts, open_zips
from pipeline.errors import MissingReleaseError
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
    held = warehouse.manifest() or {}
    uses_sample = not any(bundle.is_release for bundle in bundles)
    if uses_sample:
        _refuse_to_replace_real_data(options, held)
        bundles += [sort_bundle(_sample_bundle())]
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
        parts = [f"{member.label} {hashes[member.label]}" for member in bundle.bundle.members]
        if bundle.is_release:
            releases.append((bundle, hash_of_parts([program, *sorted(parts)])))
        for kind, member in bundle.companions:
            key = hash_of_parts([program, f"{member.label} {hashes[member.label]}"])
            companions.append((member, kind, key))
    for label in found.skipped:
        remembered.verdicts[label] = "skipped"
    return SortedInputs(remembered, releases, companions, uses_sample)


def _sample_bundle() -> Bundle:
    name = f"sample/{SAMPLE_BUNDLE.name}"
    members = [Member(name, path.name, path, False) for path in sorted(SAMPLE_BUNDLE.iterdir())]
    return Bundle(name, members)


def _refuse_to_replace_real_data(options: Options, held: dict) -> None:
    real = [] if held.get("is_sample") else [x["release_id"] for x in held.get("releases", [])]
    refuse_missing(sorted(set(real) - set(options.forget)), options.raw)


def refuse_missing(release_ids: list[str], raw: Path) -> None:
    """Raise MissingReleaseError for releases that the warehouse holds and ``raw`` lacks."""
    if release_ids:
        names = ", ".join(release_ids)
        raise MissingReleaseError(
            f"The warehouse holds {names}, but {raw} no longer does; nothing was changed. "
            f"Bring it back (is a disk not mounted?), or run: pfs forget {release_ids[0]}"
        )


def _known_hashes(before: Inputs, stamps: list[FileStamp]) -> dict[str, dict[str, str]]:
    unchanged = {stamp.name for stamp in set(before.stamps) & set(stamps)}
    return {name: hashes for name, hashes in before.hashes.items() if name in unchanged}


def _on_disk(member: Member) -> str:
    return member.bundle if member.in_zip else member.label


def _hashes(bundle: Bundle, known: dict[str, dict[str, str]]) -> dict[str, str]:
    return {
        member.label: known.get(_on_disk(member), {}).get(member.label) or member.sha256
        for member in bundle.members
    }


def _remember(inputs: Inputs, member: Member, bundle: SortedBundle, hashes: dict[str, str]) -> None:
    inputs.hashes.setdefault(_on_disk(member), {})[member.label] = hashes[member.label]
    kinds = [kind for kind, members in bundle.members.items() if member in members]
    inputs.verdicts[member.label] = kinds[0] if kinds else "ignored"
