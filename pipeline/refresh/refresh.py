"""One refresh, from what lies in ``raw/`` to a published warehouse, or to nothing at all.

fetch -> bundle -> read -> validate -> model -> assemble -> check -> export -> publish
"""

from dataclasses import replace
from datetime import date

from pipeline.errors import NotThereError, UsageError, exists, refuse_dead_link, require_utf8
from pipeline.memory import needed_by_build, refuse_little_memory
from pipeline.publish.proof import damage, mend_kept, note_seen
from pipeline.publish.swap import (
    Warehouse,
    discard_unpublished,
    finish_publication,
    holds_site,
    releases_in,
)
from pipeline.read.raw_folder import RawFolder, look_into, open_zips
from pipeline.refresh.begin import put_in_order, refuse_newer
from pipeline.refresh.disk_space import needed_by_site, needed_bytes, refuse_full_disk
from pipeline.refresh.inputs import sort_inputs
from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.recorded_run import NOTHING_DONE, noting, run_alone
from pipeline.refresh.rollback import held, hold_in_force, is_unchanged, put_back_held, roll_back
from pipeline.report import Report
from pipeline.schedules.due import missing_by_schedule, reminder
from pipeline.store.fingerprint import fingerprint
from pipeline.store.state import Inputs, State


def refresh(options: Options, report: Report) -> Outcome:
    """Bring the warehouse up to what lies in ``raw``.

    Raises a PipelineError with its sentence and exit code where it cannot; the published
    warehouse then is what it was before.
    """
    try:
        refuse_dead_link(options.raw)
        is_folder = exists(options.raw) and options.raw.is_dir()
    except PermissionError:
        raise UsageError(f"You have no permission to look into {options.raw}.") from None
    if not is_folder:
        raise UsageError(
            f"There is no folder {options.raw}: make it for CMS's files, or name theirs with --raw."
        )
    refuse_dead_link(options.warehouse)
    # DuckDB is told of the first, and finds out the second where a link leads there.
    for place in map(str, (options.warehouse.absolute(), options.warehouse.resolve())):
        if "?" in place or "\\" in place:
            raise UsageError(
                f"DuckDB cannot write below {place}, a path with a question mark or a backslash; "
                "name another folder with --warehouse."
            )
    require_utf8(options.warehouse.absolute())
    if options.warehouse.resolve().is_relative_to(options.raw.resolve()):
        raise UsageError(f"The warehouse {options.warehouse} may not lie in {options.raw}.")
    warehouse = Warehouse(options.warehouse)
    if options.dry_run:
        refuse_newer(warehouse)
        return _refresh(options, warehouse, report, damage(warehouse, options.verify))

    return run_alone(warehouse, report, lambda begun: _fetch_and_refresh(options, report, begun))


def rollback(warehouse: Warehouse, report: Report) -> Outcome:
    """Return to the build before the one in force; NotThereError (6) where none is kept."""
    if not (exists(warehouse.state) and warehouse.state.is_dir()):
        raise NotThereError(f"There is no warehouse in {warehouse.folder}.")
    return run_alone(warehouse, report, lambda begun: roll_back(warehouse, report))


def _fetch_and_refresh(options: Options, report: Report, begun: Outcome) -> Outcome:
    warehouse = Warehouse(options.warehouse)
    put_in_order(warehouse, report)
    # This comes before anything that may fail, or take long while readers see two builds.
    finished = finish_publication(warehouse)
    damaged = damage(warehouse, options.verify)
    if not finished and not options.forward:
        finished = put_back_held(warehouse, damaged)
        damaged = [] if finished else damaged
    if finished:
        report.step("publish", finished, "finished what an interrupted run had begun")
    discard_unpublished(warehouse)
    if options.fetch:
        # Imported here because refreshes that a library calls do not ask CMS.
        from pipeline.fetch import fetch_latest_if_allowed

        begun.fetched = fetch_latest_if_allowed(
            options.raw, options.warehouse, report, options.fetch_from, _held_schedules(warehouse)
        )
    outcome = _refresh(options, warehouse, report, damaged)
    if finished and outcome.outcome in NOTHING_DONE:
        outcome.outcome = "finished"
    with noting(report):
        note_seen(warehouse)
        for lost in mend_kept(warehouse) if options.verify or damaged else ():
            report.remind(lost)
    return outcome


def _held_schedules(warehouse: Warehouse) -> set[str]:
    """The schedules of which the published warehouse has releases of CMS."""
    manifest = warehouse.manifest()
    if not manifest or manifest["is_sample"]:
        return set()
    return {release["schedule"] for release in manifest["releases"]}


def _refresh(options: Options, warehouse: Warehouse, report: Report, damaged: list[str]) -> Outcome:
    """Refresh what is published, of which ``damaged`` is to be built again."""
    for what in damaged:
        report.remind(f"{what}; it is built again")
    state = State(warehouse.state)
    before = state.read_inputs()
    found = look_into(options.raw, options.skip)
    if options.skip:
        open_zips(found, options.skip)
    for name in options.skip:
        if not any(name in (label, label.rpartition("/")[2]) for label in found.skipped):
            report.remind(f"nothing in {options.raw} is named {name}, so none was skipped for it")
    for label in found.unfinished:
        report.remind(f"{label} is not all there yet; refresh again when its download has ended")
    outcome = _held(options, warehouse, state, found, before) or _bring_up(
        options, warehouse, state, found, before, report, is_whole=not damaged
    )
    if not outcome.is_sample:
        _remind_of_quarter(options, warehouse, report)
    # What was refused matters most, so it stands last, where a reader of a long log looks.
    for sentence in outcome.refused:
        report.refuse(sentence)
    return outcome


def _is_same(options: Options, found: RawFolder, before: Inputs) -> bool:
    return (
        not (options.verify or options.forget or before.unreadable)
        and before.raw == str(options.raw.resolve())
        and before.skip == sorted(options.skip)
        and before.stamps == found.stamps
    )


def _held(
    options: Options,
    warehouse: Warehouse,
    state: State,
    found: RawFolder,
    before: Inputs,
) -> Outcome | None:
    """The outcome where a rollback holds back what lies in ``raw``; None where nothing does."""
    hold = hold_in_force(options, warehouse, state)
    if hold is None:
        return None
    if _is_same(options, found, before) and before.build_id == hold.held_back:
        return held(hold, warehouse)
    inputs = sort_inputs(options, warehouse, found, before, before.fingerprint).remembered
    if not is_unchanged(hold, inputs):
        return None
    if not options.dry_run:
        state.write_hold(replace(hold, contents=inputs.contents))
    return held(hold, warehouse)


def _bring_up(
    options: Options,
    warehouse: Warehouse,
    state: State,
    found: RawFolder,
    before: Inputs,
    report: Report,
    is_whole: bool,
) -> Outcome:
    program = fingerprint()
    published = warehouse.published_build_id() if is_whole else ""
    is_known = before.fingerprint == program and published == before.build_id != ""
    manifest = warehouse.manifest() or {}
    lacks_site = options.site and not holds_site(manifest)
    if is_known and not lacks_site and _is_same(options, found, before):
        is_sample = bool(manifest.get("is_sample"))
        outcome = Outcome("nothing_new", published, is_sample, releases_in(manifest))
        outcome.refused = list(before.refused.values())
    else:
        refuse_little_memory(needed_by_build(options.threads))
        inputs = sort_inputs(options, warehouse, found, before, program)
        for label, outer in found.nested.items():
            if outer not in inputs.refused:
                report.remind(
                    f"{label} is a zip in a zip, and is not opened; unpack it to have it read"
                )
        from pipeline.refresh.build import build

        if not options.dry_run:
            needed = needed_bytes(found, before, program)
            needed += needed_by_site(found) if options.site else 0
            refuse_full_disk(warehouse.folder, needed)
        outcome = build(options, warehouse, inputs, published, report)
    if not options.dry_run:
        state.write_hold(None)
    return outcome


def _remind_of_quarter(options: Options, warehouse: Warehouse, report: Report) -> None:
    manifest = warehouse.manifest()
    if manifest and not manifest["is_sample"]:
        today = options.today or date.today()
        missing = missing_by_schedule(manifest["releases"], today)
        if missing:
            report.remind(reminder(missing, today))
