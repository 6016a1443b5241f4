"""Build and publish: artefacts for what is new, a new database and exports, then publication."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl

from pipeline import __version__
from pipeline.errors import StorageError, UsageError
from pipeline.interrupt import undone_by_signal
from pipeline.publish.export import (
    entry_of_site,
    link_releases,
    write_manifest,
    write_tables,
    write_text,
)
from pipeline.publish.holdings import (
    LoadedFile,
    cut_short,
    holdings,
    holdings_from,
    loaded_files,
    published_files,
    refuse_missing,
)
from pipeline.publish.licensed_text import exported_query
from pipeline.publish.swap import MANIFEST, Warehouse, discard_unpublished, prune, publish
from pipeline.read.bundle import hash_of_parts
from pipeline.refresh.artefacts import Made, make_artefacts
from pipeline.refresh.inputs import SortedInputs, release_key
from pipeline.refresh.new_database import NewDatabase
from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.recorded_run import noting
from pipeline.refresh.report_build import (
    published_warnings,
    tell_checks,
    tell_what_would_be_done,
)
from pipeline.release.schedule import modules_of
from pipeline.release.warehouse import assemble, definitions
from pipeline.release.warehouse_inputs import WarehouseInputs
from pipeline.report import Report
from pipeline.schedules.all import SCHEDULES, schedule_named
from pipeline.site.definition import definitions as definitions_of_site
from pipeline.store.database import storage_failure
from pipeline.store.fingerprint import hash_of_code
from pipeline.store.shelf import Artefact, Shelf
from pipeline.store.state import Inputs, State
from schemas import CONTRACT_VERSION
from schemas.definitions import catalog

HOW_TO_GET_RELEASES = (
    "To use CMS's real figures, put one or more of CMS's RVU zips (PFS Relative Value Files on "
    "cms.gov) into {raw} and refresh again."
)

# Beside the main thread a release is finished, while the next one is read: its files in one thread,
# their other forms in another, and the largest table of the last one in a third.
SIDE_WORKERS = 4

SAMPLE_NOTICE = (
    "SAMPLE: selected codes with this project's own labels; ranks and counts are those of the "
    "sample. Not a CMS release and no basis for payment. "
)


def build(
    options: Options, warehouse: Warehouse, inputs: SortedInputs, published: str, report: Report
) -> Outcome:
    """Make the warehouse of ``inputs`` and publish it, unless it is the one in force."""
    if options.dry_run:
        return tell_what_would_be_done(options, warehouse, inputs, published, report)
    # What a run that was killed left behind goes first.
    _remove_unfinished(warehouse)
    try:
        with undone_by_signal(lambda: _remove_unfinished(warehouse)):
            return _build(options, warehouse, inputs, published, report)
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        failure = storage_failure(error)
        if not failure:
            raise
        raise StorageError(f"The warehouse cannot be written: {failure}") from None
    finally:
        _remove_unfinished(warehouse)


def _remove_unfinished(warehouse: Warehouse) -> None:
    Shelf(warehouse.artefacts).remove_unfinished()
    discard_unpublished(warehouse)


def _build(
    options: Options, warehouse: Warehouse, inputs: SortedInputs, published: str, report: Report
) -> Outcome:
    state = State(warehouse.state)
    shelf = Shelf(warehouse.artefacts, options.verify)
    made_after = definitions(SCHEDULES)
    with (
        ThreadPoolExecutor(max_workers=SIDE_WORKERS) as side,
        NewDatabase(warehouse, made_after, options.threads) as new,
    ):
        if not published or _is_news(inputs):
            new.begin()
        held_files = published_files(warehouse)
        held = holdings_from(warehouse, held_files)
        made = make_artefacts(options, shelf, inputs, held, side, report)
        for name in shelf.damaged:
            report.remind(f"artefacts/{name} is not what was kept there; it was made again")
        _refuse_gaps(options, inputs, made, held)
        _remember(inputs.remembered, made)
        state.write_refused(made.refused.values())
        build_id = _build_id(made_after, made.contents, options.site)
        if not options.site and published == _build_id(made_after, made.contents, with_site=True):
            # The exports hold more than was asked for, and nothing else is new.
            build_id = published
        inputs.remembered.build_id = build_id
        names = [posting.release_id for posting in made.contents.postings if posting.is_current]
        is_sample = any(name.startswith("SAMPLE") for name in names)
        if published == build_id:
            made.maker.finish()
            state.write_inputs(inputs.remembered)
            return _with_refused(Outcome("nothing_new", build_id, is_sample, names), inputs)
        outcome = Outcome("published", build_id, is_sample, names, made.built)
        _publish_new(options, warehouse, new, made, shelf, held_files or [], outcome, report)
    with noting(report):
        state.write_inputs(inputs.remembered)
        prune(warehouse)
        shelf.prune(made.artefacts)
    report.step("publish", build_id, str(warehouse.database))
    _with_refused(outcome, inputs)
    if outcome.is_sample:
        report.remind(
            "this warehouse is built from the embedded SAMPLE, not from a CMS release. "
            + HOW_TO_GET_RELEASES.format(raw=options.raw)
        )
    return outcome


def _is_news(inputs: SortedInputs) -> bool:
    """Whether another program, or other files, will hardly give the build that is in force."""
    before, now = inputs.before, inputs.remembered
    return before.fingerprint != now.fingerprint or before.contents != now.contents


def _remember(remembered: Inputs, made: Made) -> None:
    """What the next refresh takes over of bundles that are refused, and says of them again."""
    remembered.refused = {name: str(error) for name, error in made.refused.items()}
    reads = [posting.read for posting in made.contents.postings]
    remembered.made_from = {
        release_key(read.facts["bundle"], read.facts["schedule"]): read.made_from for read in reads
    }


def _with_refused(outcome: Outcome, inputs: SortedInputs) -> Outcome:
    outcome.refused = list(inputs.remembered.refused.values())
    outcome.is_news = inputs.remembered.refused != inputs.before.refused
    return outcome


def _build_id(made_after: str, contents: WarehouseInputs, with_site: bool) -> str:
    """A build with the site in its exports is another one, so that it is published as any other."""
    keys = sorted(artefact.key for artefact in contents.artefacts)
    rows = [json.dumps(posting.row, sort_keys=True, default=str) for posting in contents.postings]
    site = [definitions_of_site()] if with_site else []
    summaries = [schedule.change.summary for schedule in SCHEDULES if schedule.change]
    exports = hash_of_code("pipeline.publish.export", *modules_of(*summaries))
    return "b" + hash_of_parts([CONTRACT_VERSION, made_after, exports, *site, *keys, *rows])[:16]


def _refuse_gaps(options: Options, inputs: SortedInputs, made: Made, held: set[str]) -> None:
    """Refuse inputs that lack what the warehouse holds."""
    contents = made.contents
    there = {one.kind for one in contents.companions if not one.is_unread}
    reasons = [str(error) for error in made.refused.values()]
    reasons += [x.artefact.facts["unread"] for x in contents.companions if x.is_unread]
    for posting in contents.postings:
        reasons += [reason for *_, reason in posting.read.facts["unread_files"]]
    for posting in contents.postings:
        kinds = posting.read.facts["loaded_files"]
        there |= holdings(posting.release_id, posting.posting_id, kinds)
    still_there = sorted(set(options.forget) & there)
    if still_there and not inputs.uses_sample:
        raise UsageError(
            f"{still_there[0]} still lies in {options.raw}; move it out of there first."
        )
    refuse_missing(held, there, options.forget, options.raw, dict.fromkeys(reasons), options.skip)


def _publish_new(
    options: Options,
    warehouse: Warehouse,
    new: NewDatabase,
    made: Made,
    shelf: Shelf,
    held_files: list[LoadedFile],
    outcome: Outcome,
    report: Report,
) -> None:
    contents = made.contents
    report.start("assemble", outcome.build_id)
    row = {
        "build_id": outcome.build_id,
        "contract_version": CONTRACT_VERSION,
        "package_version": __version__,
        "is_sample": outcome.is_sample,
        "notice": _notice(contents, outcome.is_sample),
    }
    con = new.connection()
    assemble(con, contents, SCHEDULES, row)
    tell_checks(con, outcome, report, published_warnings(warehouse))
    for sentence in cut_short(held_files, loaded_files(con)):
        report.warn(sentence)
    new.filled()
    folder = warehouse.export_folder(outcome.build_id)
    beside = warehouse.new_exports
    files = write_tables(con, beside, catalog(), exported_query)
    files += _write_changes(con, beside)
    if options.site:
        from pipeline.site.exported import write_exported_site

        listing, made.pages = write_exported_site(
            con, beside, warehouse.current, shelf, new.made_after, report
        )
        files.append(entry_of_site(beside, listing))
    # Until here the locality amounts of the last release may still have been written.
    made.maker.finish()
    files += link_releases(con, beside, _exported(contents), catalog())
    write_manifest(con, beside, files, warehouse.manifest(), catalog())
    sha256 = new.close()
    # Exports of this very build that are in the way may still be read: they go last.
    aside = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.replace(aside)
    beside.replace(folder)
    report.step("export", f"{len(files)} files", str(folder / MANIFEST))
    publish(warehouse, outcome.build_id, sha256)
    shutil.rmtree(aside, ignore_errors=True)


def _write_changes(con: duckdb.DuckDBPyConnection, beside: Path) -> list[dict]:
    """What changed in the latest releases, in words: ``changes.md``, and beside it one per schedule."""
    files = []
    for schedule in SCHEDULES:
        summary = schedule.change and schedule.change.summary(con)
        if schedule.change and summary:
            name = "changes.md" if schedule is SCHEDULES[0] else f"changes_{schedule.name}.md"
            text, table = summary.text, schedule.change.table
            files.append(write_text(beside, name, text, table, summary.release_id))
    return files


def _exported(contents: WarehouseInputs) -> list[tuple[str, Artefact]]:
    """The artefacts whose files are exported, each with its release."""
    held = [
        posting
        for posting in contents.postings
        if posting.is_latest
        or (posting.is_current and not schedule_named(posting.schedule).model.restates_history)
    ]
    models = [(posting.release_id, posting.model) for posting in held]
    changes = [(release_id, artefact) for (_, release_id), artefact in contents.changes.items()]
    return sorted([*models, *changes], key=lambda one: one[0])


def _notice(contents: WarehouseInputs, is_sample: bool) -> str:
    lines = {posting.row["notice"] for posting in contents.postings}
    return (SAMPLE_NOTICE if is_sample else "") + " ".join(sorted(lines))
