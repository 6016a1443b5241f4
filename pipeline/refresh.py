"""One refresh, from what lies in ``raw/`` to a published warehouse, or to nothing at all.

fetch -> bundle -> read -> validate -> model -> assemble -> check -> export -> publish
"""

from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.bundle import (
    Bundle,
    FileStamp,
    Member,
    RawFolder,
    hash_of_parts,
    look_into,
    open_zips,
)
from pipeline.errors import LockedError, MissingReleaseError, PipelineError, UsageError
from pipeline.fingerprint import fingerprint
from pipeline.pfs.identify import SortedBundle, sort_bundle
from pipeline.publish import Warehouse, finish_publication
from pipeline.report import Report
from pipeline.state import Inputs, State

PROJECT = Path(__file__).parent.parent
SAMPLE = PROJECT / "raw" / "sample"
SAMPLE_BUNDLE = SAMPLE / "rvu25d-sample"

# A damaged file breaks its rules in every line; this many are kept for a person to look at.
MOST_FINDINGS = 1000

HOW_TO_GET_RELEASES = (
    "To use CMS's real figures, put one or more of CMS's RVU zips (PFS Relative Value Files on "
    "cms.gov) into {raw} and refresh again."
)


@dataclass(frozen=True)
class Options:
    """How to refresh; ``forget`` names releases that may be gone from ``raw``."""

    raw: Path
    warehouse: Path
    skip: tuple[str, ...] = ()
    forget: tuple[str, ...] = ()
    verify: bool = False
    dry_run: bool = False
    threads: int = 1


@dataclass
class Outcome:
    """What a refresh did: ``nothing_new``, ``published``, ``finished`` or ``would_publish``."""

    outcome: str
    build_id: str
    is_sample: bool = False
    releases: list[str] = field(default_factory=list)
    built: list[str] = field(default_factory=list)
    reconciled: list[dict] = field(default_factory=list)


def refresh(options: Options, report: Report) -> Outcome:
    """Bring the warehouse up to what lies in ``raw``.

    Raises a PipelineError with its sentence and exit code where it cannot; the published
    warehouse then is what it was before.
    """
    if not options.raw.is_dir():
        raise UsageError(f"There is no folder {options.raw}: name the folder with CMS's files.")
    warehouse = Warehouse(options.warehouse)
    if options.dry_run:
        return _refresh(options, warehouse, report)
    state = State(warehouse.state)
    warehouse.state.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(state.lock_path, timeout=0):
            return _recorded(options, warehouse, state, report)
    except Timeout:
        raise LockedError(
            f"Another refresh of {options.warehouse} is running; nothing was done."
        ) from None


def _recorded(options: Options, warehouse: Warehouse, state: State, report: Report) -> Outcome:
    try:
        outcome = _refresh(options, warehouse, report)
    except PipelineError as error:
        findings = getattr(error, "findings", [])
        if findings:
            state.write_refused([vars(finding) for finding in findings[:MOST_FINDINGS]])
        state.record_run("failed", exit_code=error.exit_code, message=str(error))
        raise
    if outcome.outcome != "nothing_new":
        state.record_run(outcome.outcome, build_id=outcome.build_id, releases=outcome.releases)
    return outcome


def _refresh(options: Options, warehouse: Warehouse, report: Report) -> Outcome:
    state = State(warehouse.state)
    before = state.read_inputs()
    found = look_into(options.raw, options.skip, SAMPLE.resolve())
    program = fingerprint()
    finished = "" if options.dry_run else finish_publication(warehouse)
    if finished:
        report.step("publish", finished, "finished what an interrupted run had begun")
    same = (
        before.fingerprint == program
        and before.raw == str(options.raw.resolve())
        and before.skip == sorted(options.skip)
        and before.stamps == found.stamps
    )
    published = warehouse.published_build_id()
    if same and not options.verify and not options.forget and published == before.build_id != "":
        return Outcome("finished" if finished else "nothing_new", published)
    inputs = _sort_inputs(options, warehouse, found, before, program)
    from pipeline.build import build

    outcome = build(options, warehouse, inputs, published, report)
    if finished and outcome.outcome == "nothing_new":
        outcome.outcome = "finished"
    return outcome


@dataclass
class SortedInputs:
    """What lies in ``raw``, sorted, with the keys of the artefacts that come of it."""

    remembered: Inputs
    releases: list[tuple[SortedBundle, str]]
    companions: list[tuple[Member, str, str]]
    uses_sample: bool


def _sort_inputs(
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
