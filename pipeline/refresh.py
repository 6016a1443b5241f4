"""One refresh, from what lies in ``raw/`` to a published warehouse, or to nothing at all.

fetch -> bundle -> read -> validate -> model -> assemble -> check -> export -> publish
"""

from filelock import FileLock, Timeout

from pipeline.bundle import look_into
from pipeline.errors import LockedError, PipelineError, StorageError, UsageError
from pipeline.fingerprint import fingerprint
from pipeline.inputs import SAMPLE, sort_inputs
from pipeline.options import Options, Outcome
from pipeline.publish import Warehouse, finish_publication
from pipeline.report import Report
from pipeline.state import State

# A damaged file breaks its rules in every line; this many are kept for a person to look at.
MOST_FINDINGS = 1000


def refresh(options: Options, report: Report) -> Outcome:
    """Bring the warehouse up to what lies in ``raw``.

    Raises a PipelineError with its sentence and exit code where it cannot; the published
    warehouse then is what it was before.
    """
    try:
        is_folder = options.raw.is_dir()
    except PermissionError:
        raise UsageError(f"You have no permission to look into {options.raw}.") from None
    if not is_folder:
        raise UsageError(f"There is no folder {options.raw}: name the folder with CMS's files.")
    if "?" in str(options.warehouse):
        raise UsageError("DuckDB cannot write to a path with a question mark; name another folder.")
    if options.warehouse.resolve().is_relative_to(options.raw.resolve()):
        raise UsageError(f"The warehouse {options.warehouse} may not lie in {options.raw}.")
    warehouse = Warehouse(options.warehouse)
    if options.dry_run:
        return _refresh(options, warehouse, report)
    state = State(warehouse.state)
    try:
        warehouse.state.mkdir(parents=True, exist_ok=True)
        with FileLock(state.lock_path, timeout=0):
            return _recorded(options, warehouse, state, report)
    except Timeout:  # Which is an OSError, too.
        raise LockedError(
            f"Another refresh of {options.warehouse} is running; nothing was done."
        ) from None
    except OSError as error:
        where = error.filename or options.warehouse
        raise StorageError(f"{where} cannot be written or read: {error.strerror}") from None


def _recorded(options: Options, warehouse: Warehouse, state: State, report: Report) -> Outcome:
    try:
        outcome = _refresh(options, warehouse, report)
    except PipelineError as error:
        findings = getattr(error, "findings", [])
        if findings:
            state.write_refused([vars(finding) for finding in findings[:MOST_FINDINGS]])
        if not isinstance(error, UsageError):
            state.record_run("failed", exit_code=error.exit_code, message=str(error))
        raise
    if outcome.outcome != "nothing_new":
        state.record_run(outcome.outcome, build_id=outcome.build_id, releases=outcome.releases)
    return outcome


def _refresh(options: Options, warehouse: Warehouse, report: Report) -> Outcome:
    state = State(warehouse.state)
    before = state.read_inputs()
    found = look_into(options.raw, options.skip, SAMPLE.resolve())
    for name in options.skip:
        if not any(name in (label, label.rpartition("/")[2]) for label in found.skipped):
            report.warn(f"nothing in {options.raw} is named {name}, so nothing was skipped for it")
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
        manifest = warehouse.manifest() or {}
        names = [release["release_id"] for release in manifest.get("releases", [])]
        what = "finished" if finished else "nothing_new"
        return Outcome(what, published, bool(manifest.get("is_sample")), names)
    inputs = sort_inputs(options, warehouse, found, before, program)
    from pipeline.build import build

    outcome = build(options, warehouse, inputs, published, report)
    if finished and outcome.outcome == "nothing_new":
        outcome.outcome = "finished"
    return outcome
