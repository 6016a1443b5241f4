"""Build and publish: artefacts for what is new, a new database and exports, then publication."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipeline import __version__
from pipeline.artefact import Artefact, open_artefact, remove_unfinished, start_artefact
from pipeline.bundle import Member, hash_of_parts
from pipeline.database import read_table, rows_of, storage_failure
from pipeline.errors import StorageError, UsageError, refuse
from pipeline.export import link_releases, write_manifest, write_tables
from pipeline.holdings import holdings, published_holdings, refuse_missing
from pipeline.inputs import SortedInputs
from pipeline.options import Options, Outcome
from pipeline.pfs.companion import build_companion
from pipeline.pfs.identify import schedule
from pipeline.pfs.release_model import UnfinishedArtefact, build_release
from pipeline.pfs.warehouse import Companion, assemble
from pipeline.pfs.withheld import exported_query
from pipeline.publish import MANIFEST, Warehouse, discard_unpublished, prune, publish
from pipeline.report import Report
from pipeline.state import State
from schemas import CONTRACT_VERSION

HOW_TO_GET_RELEASES = (
    "To use CMS's real figures, put one or more of CMS's RVU zips (PFS Relative Value Files on "
    "cms.gov) into {raw} and refresh again."
)

SAMPLE_NOTICE = (
    "SAMPLE: selected codes with this project's own labels; ranks and counts are those of the "
    "sample. Not a CMS release and no basis for payment. "
)


def build(
    options: Options, warehouse: Warehouse, inputs: SortedInputs, published: str, report: Report
) -> Outcome:
    """Make the warehouse of ``inputs`` and publish it, unless it is the one in force."""
    if options.dry_run:
        return _tell_what_would_be_done(warehouse, inputs, published, report)
    try:
        # What a run that was killed left behind goes first.
        remove_unfinished(warehouse.artefacts)
        discard_unpublished(warehouse)
        return _build(options, warehouse, inputs, published, report)
    except duckdb.Error as error:
        failure = storage_failure(error)
        if not failure:
            raise
        raise StorageError(f"The warehouse cannot be written: {failure}") from None
    finally:
        remove_unfinished(warehouse.artefacts)
        discard_unpublished(warehouse)


def _build(
    options: Options, warehouse: Warehouse, inputs: SortedInputs, published: str, report: Report
) -> Outcome:
    state = State(warehouse.state)
    with ThreadPoolExecutor(max_workers=2) as side:
        artefacts = _artefacts(options, warehouse, inputs, side, report)
        _refuse_gaps(options, warehouse, inputs, artefacts)
        build_id = _build_id(artefacts, inputs)
        inputs.remembered.build_id = build_id
        names = [artefact.name for artefact in artefacts.releases]
        is_sample = any(name.startswith("SAMPLE") for name in names)
        if published == build_id:
            artefacts.finish()
            state.write_inputs(inputs.remembered)
            return Outcome("nothing_new", build_id, is_sample, names)
        outcome = Outcome("published", build_id, is_sample, names, artefacts.built)
        _publish_new(options, warehouse, artefacts, outcome, report)
    state.write_inputs(inputs.remembered)
    prune(warehouse, {artefact.folder.name for artefact in artefacts.all})
    report.step("publish", build_id, str(warehouse.database))
    if outcome.is_sample:
        report.warn(
            "this warehouse is built from the embedded SAMPLE, not from a CMS release. "
            + HOW_TO_GET_RELEASES.format(raw=options.raw)
        )
    return outcome


def _tell_what_would_be_done(
    warehouse: Warehouse, inputs: SortedInputs, published: str, report: Report
) -> Outcome:
    built = []
    for bundle, key in inputs.releases:
        kept = open_artefact(_folder(warehouse, bundle.bundle.name, key))
        report.step("release", bundle.bundle.name, "known" if kept else "new: would be read")
        built += [] if kept else [bundle.bundle.name]
    for member, kind, key in inputs.companions:
        kept = open_artefact(_folder(warehouse, member.label, key))
        report.step(kind, member.label, "known" if kept else "new: would be read")
        built += [] if kept else [member.label]
    for name, verdict in inputs.remembered.verdicts.items():
        if verdict in ("ignored", "skipped"):
            report.step(verdict, name)
    return Outcome(
        "would_publish" if built or not published else "nothing_new", published, built=built
    )


def _folder(warehouse: Warehouse, name: str, key: str) -> Path:
    last = name.rpartition("/")[2]
    plain = "".join(x if x.isascii() and x.isalnum() else "_" for x in last)
    return warehouse.artefacts / f"{plain[:60]}-{key[:16]}"


@dataclass
class Artefacts:
    """The artefacts of all inputs; ``built`` names those that are new."""

    releases: list[Artefact] = field(default_factory=list)
    companions: list[Companion] = field(default_factory=list)
    built: list[str] = field(default_factory=list)
    unfinished: UnfinishedArtefact | None = None

    @property
    def all(self) -> list[Artefact]:
        """Releases and companions together."""
        return self.releases + [companion.artefact for companion in self.companions]

    def finish(self) -> None:
        """Wait for what is still being written."""
        if self.unfinished:
            self.unfinished.finish()
            self.unfinished = None


def _artefacts(
    options: Options,
    warehouse: Warehouse,
    inputs: SortedInputs,
    side: ThreadPoolExecutor,
    report: Report,
) -> Artefacts:
    found = Artefacts()
    for member, kind, key in inputs.companions:
        folder = _folder(warehouse, member.label, key)
        artefact = open_artefact(folder)
        if artefact is None:
            report.start("read", member.base_name)
            start_artefact(folder)
            artefact = build_companion(member, kind, folder, key, options.threads)
            _refuse_changed(member, inputs)
            found.built.append(member.label)
            report.step("read", member.base_name, kind)
        member.forget_bytes()
        found.companions.append(Companion(kind, artefact))
    for bundle, key in inputs.releases:
        folder = _folder(warehouse, bundle.bundle.name, key)
        artefact = open_artefact(folder)
        if artefact is None:
            report.start("read", bundle.bundle.name)
            start_artefact(folder)
            unfinished = build_release(bundle, folder, key, options.threads, side)
            for _, member in bundle.release_members:
                _refuse_changed(member, inputs)
            # At most one release is left unfinished, so that memory does not grow with them.
            found.finish()
            found.unfinished = unfinished
            artefact = unfinished.artefact
            found.built.append(artefact.name)
            report.step("read", artefact.name, bundle.bundle.name)
        bundle.bundle.forget_bytes()
        found.releases.append(artefact)
    found.releases.sort(key=lambda artefact: artefact.name)
    return found


def _refuse_changed(member: Member, inputs: SortedInputs) -> None:
    """An artefact stands under the hash that its file had when the refresh began."""
    hashes = inputs.remembered.hashes.get(member.on_disk, {})
    if hashes.get(member.label, member.sha256) != member.sha256:
        message = "the file changed while it was read"
        raise refuse(member.label, "unchanged", message, advice="Refresh again.")


def _build_id(artefacts: Artefacts, inputs: SortedInputs) -> str:
    keys = sorted(artefact.key for artefact in artefacts.all)
    return "b" + hash_of_parts([CONTRACT_VERSION, inputs.remembered.fingerprint, *keys])[:16]


def _refuse_gaps(
    options: Options, warehouse: Warehouse, inputs: SortedInputs, artefacts: Artefacts
) -> None:
    """Refuse inputs that hold a release twice, or lack what the warehouse holds."""
    bundles: dict[str, str] = {}
    for artefact in artefacts.releases:
        row = read_table(artefact.table_path("release")).row(0, named=True)
        if artefact.name in bundles:
            message = f"{bundles[artefact.name]} is {artefact.name} as well"
            advice = "Keep the posting that is wanted in the raw folder, and move the other out."
            raise refuse(row["bundle"], "release", message, advice=advice)
        bundles[artefact.name] = row["bundle"]
    there = holdings(
        row
        for artefact in artefacts.all
        for row in read_table(artefact.table_path("source_file"))
        .select("release_id", "file_kind")
        .iter_rows()
    )
    still_there = sorted(set(options.forget) & there)
    if still_there and not inputs.uses_sample:
        raise UsageError(
            f"{still_there[0]} still lies in {options.raw}; move it out of there first."
        )
    refuse_missing(published_holdings(warehouse), there, options.forget, options.raw)


def _publish_new(
    options: Options,
    warehouse: Warehouse,
    artefacts: Artefacts,
    outcome: Outcome,
    report: Report,
) -> None:
    releases = artefacts.releases
    report.start("assemble", outcome.build_id)
    row = {
        "build_id": outcome.build_id,
        "contract_version": CONTRACT_VERSION,
        "package_version": __version__,
        "is_sample": outcome.is_sample,
        "notice": _notice(releases, outcome.is_sample),
    }
    discard_unpublished(warehouse)
    con = assemble(warehouse.new_database, releases, artefacts.companions, row, options.threads)
    _tell_checks(con, outcome, report)
    folder = warehouse.export_folder(outcome.build_id)
    beside = warehouse.new_exports
    files = write_tables(con, beside, schedule(), exported_query)
    # Until here the locality amounts of the last release may still have been written.
    artefacts.finish()
    files += link_releases(beside, releases, schedule())
    write_manifest(con, beside, files, warehouse.manifest())
    _close(con)
    # Exports of this very build that are in the way may still be read: they go last.
    aside = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.replace(aside)
    beside.replace(folder)
    report.step("export", f"{len(files)} files", str(folder / MANIFEST))
    publish(warehouse, outcome.build_id)
    shutil.rmtree(aside, ignore_errors=True)


def _notice(releases: list[Artefact], is_sample: bool) -> str:
    lines = {read_table(artefact.table_path("release"))["notice"][0] for artefact in releases}
    return (SAMPLE_NOTICE if is_sample else "") + " ".join(sorted(lines))


def _close(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("USE memory")
    con.execute("DETACH warehouse")
    con.close()


def _tell_checks(con: duckdb.DuckDBPyConnection, outcome: Outcome, report: Report) -> None:
    outcome.reconciled = rows_of(
        con, "SELECT * FROM reconciliation ORDER BY release_id, comparison"
    )
    errors_and_warnings = rows_of(
        con, "SELECT * FROM check_result WHERE finding_count > 0 ORDER BY release_id, check_name"
    )
    checks = con.sql("SELECT count(*) FROM check_result").fetchall()[0][0]
    report.step("check", f"{checks} checks", f"{len(errors_and_warnings)} with a warning")
    for finding in errors_and_warnings:
        subject = finding["release_id"] or "warehouse"
        report.warn(f"{subject}: {finding['first_finding']} (check {finding['check_name']})")
    for lacking in rows_of(
        con, "SELECT * FROM release WHERE missing_files <> '' ORDER BY release_id"
    ):
        report.warn(
            f"{lacking['release_id']} lacks {lacking['missing_files']}"
            + (": it has no locality amounts" if "gpci" in lacking["missing_files"] else "")
        )
    for row in outcome.reconciled:
        if " = " not in row["comparison"]:
            agree = f"{row['matched_count']:,} of {row['compared_count']:,} amounts as CMS has them"
            report.step("reconcile", f"{row['release_id']} {row['comparison']}", agree)
    quarantined = con.sql("SELECT count(*) FROM quarantine").fetchall()[0][0]
    if quarantined:
        report.warn(f"lines set aside: {quarantined:,}; see the table quarantine")
