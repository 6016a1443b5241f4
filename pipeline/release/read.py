"""The first artefact of a release: its files as they were read, validated and compared."""

from concurrent.futures import Executor, Future, wait
from dataclasses import asdict, astuple, dataclass, fields

from pipeline.read.account import quarantine_rows, source_file_row, unread_file_row
from pipeline.read.bundle import hash_of_parts
from pipeline.read.compare import FormComparison, differs_in_typography
from pipeline.read.sort import COMMON_FILES, SortedBundle, file_kinds, main_kind, release_kinds
from pipeline.read.unproven import LeftOut
from pipeline.release import model as release_model
from pipeline.release.files import (
    Release,
    compare_forms_of,
    open_release,
    read_loaded_forms,
    read_other_forms,
)
from pipeline.release.identity import Identity
from pipeline.release.reconcile import Reconciled, summarise
from pipeline.release.remarks import layout_evidence, remarks_of
from pipeline.release.schedule import FeeSchedule, modules_of
from pipeline.store import database
from pipeline.store.fingerprint import (
    Definitions,
    definitions_in,
    definitions_of,
    definitions_of_layouts,
    hash_of_code,
    told_once,
)
from pipeline.store.shelf import Artefact, Shelf, finish_artefact
from schemas.definitions import catalog, read_reference

STAGE = "read"

# What is known of a release besides its tables. A release that an earlier version of the program
# knew something else of cannot be used any more.
FACTS = {
    *(x.name for x in fields(Identity)),
    "bundle", "content_sha256", "form_counts", "heads", "layout_evidence", "left_out",
    "loaded_files", "main_kind", "missing_files", "period", "remarks", "row_counts", "schedule", "unread_files",
}  # fmt: skip

# Which differences between the forms of a file are CMS's own and known.
KNOWN_DIFFERENCES = "known_form_difference"
TYPOGRAPHY = "The text form has another character for a mark or a blank that it cannot write."

# What a release leaves besides its files: an account of them, and what is wrong with them.
REPORTS = ("source_file", "quarantine", "reconciliation", "reconciliation_difference")


def definitions_for(schedule: FeeSchedule) -> Definitions:
    """What reading a release of that schedule depends on, besides its bytes."""

    def definitions(facts: dict) -> dict[str, str]:
        kinds = [file_kinds()[name] for name in release_kinds(schedule.name)]
        layouts = [layout for kind in kinds if not kind.of for layout in kind.layouts]
        curated = schedule.reference_files((*schedule.dated_by, KNOWN_DIFFERENCES))
        names = (*(f"stage.{kind.name}" for kind in kinds if not kind.of), *REPORTS)
        tables = [schedule.declared.tables[name] for name in names]
        # A file that a check left out is read again where the check says otherwise today.
        checks = release_model.definitions_for(schedule)(facts) if facts.get("left_out") else {}
        return checks | (
            {
                "code": hash_of_code(
                    "pipeline.release.read", *modules_of(schedule.identify, schedule.period)
                )
            }
            | definitions_in(COMMON_FILES, kinds[0].files_toml, *curated)
            | definitions_of_layouts(layouts)
            | definitions_of(tables)
        )

    return told_once(definitions, "left_out")


@dataclass
class UnfinishedRead:
    """A release whose loaded files are read and validated, while other forms are compared with them."""

    artefact: Artefact
    compared: Future[None]

    def finish(self) -> None:
        """Wait until the other forms are compared, and complete the artefact.

        Raises UnprovenError where two forms of a file differ in a key or a number.
        """
        self.compared.result()
        finish_artefact(self.artefact)

    def give_up(self) -> None:
        """Let what still runs come to its end."""
        wait([self.compared])


def read_release(
    found: SortedBundle,
    schedule: FeeSchedule,
    left_out: LeftOut,
    shelf: Shelf,
    made_from: str,
    side: Executor,
) -> UnfinishedRead:
    """Read and validate one release; ``side`` reads and compares the other forms of its files.

    Raises UnprovenError where a file, or a form of one, cannot be trusted, and RefusedError
    where the release cannot.
    """
    release = open_release(found, schedule, left_out)
    others_read = side.submit(read_other_forms, release)
    try:
        without = {"left_out": sorted(left_out.causes)}
        made_after = definitions_for(schedule)(without)
        artefact = shelf.start(found.bundle.name, STAGE, made_from, made_after)
        for kind, file in read_loaded_forms(release):
            path = artefact.table_path(f"stage.{kind}")
            rows = file.validated.frame
            if schedule.model.too_large_for_memory:
                rows = rows.sort(schedule.declared.tables[file.loaded.layout.table].key)
            rows.write_parquet(path, compression="lz4")
            artefact.note_table(f"stage.{kind}")
            file.let_go_of_rows()
        artefact.facts = _facts(release) | without
    except BaseException:
        wait([others_read])
        raise
    return UnfinishedRead(artefact, side.submit(_compare, artefact, release, others_read))


def _compare(artefact: Artefact, release: Release, others_read: Future[None]) -> None:
    """Compare the other forms with the loaded ones once they are read, and write the reports."""
    others_read.result()
    compare_forms_of(release)
    _write_reports(artefact, release)


def _facts(release: Release) -> dict:
    identity = asdict(release.identity)
    released_on = release.identity.released_on
    return identity | {
        "schedule": release.schedule.name,
        "main_kind": main_kind(release.schedule.name),
        "period": [day.isoformat() for day in release.period],
        "released_on": released_on.isoformat() if released_on else None,
        "bundle": release.bundle,
        "missing_files": ",".join(release.missing_files),
        "content_sha256": _content_sha256(release),
        # How many records each file has, those that were set aside among them. One of a wide table is
        # one, however many rows it became.
        "row_counts": {kind: file.row_count for kind, file in release.files.items()},
        "form_counts": {kind: 1 + len(file.other_members) for kind, file in release.files.items()},
        "unread_files": [[one.kind, one.member.base_name, one.reason] for one in release.unread],
        "heads": {kind: " ".join(file.loaded.head) for kind, file in release.files.items()},
        "loaded_files": {kind: file.loaded.file for kind, file in release.files.items()},
        "layout_evidence": layout_evidence(release),
        "remarks": [list(astuple(remark)) for remark in remarks_of(release)],
    }


def _content_sha256(release: Release) -> str:
    members = [m for file in release.files.values() for m in (file.member, *file.other_members)]
    return hash_of_parts(sorted(f"{member.name} {member.sha256}" for member in members))


def _write_reports(artefact: Artefact, release: Release) -> None:
    release_id = release.identity.release_id
    compared = [_form_comparison(one, release) for one in release.comparisons]
    reports = {
        "source_file": [
            *(x for file in release.files.values() for x in _source_file_rows(file, release)),
            *(unread_file_row(one, release_id) for one in release.unread),
        ],
        "quarantine": quarantine_rows(release.validated, release.schedule.name, release_id),
        "reconciliation": [one.summary for one in compared],
        "reconciliation_difference": [row for one in compared for row in one.differences],
    }
    with database.connect(1) as con:
        for name in REPORTS:
            table = catalog().tables[name]
            database.insert_rows(con, table, reports[name])
            database.write_parquet(con, table, artefact.table_path(name))


def _source_file_rows(file, release: Release) -> list[dict]:
    release_id = release.identity.release_id
    rows = [source_file_row(file.loaded, file.member, file.kind, release_id, True)]
    for member, read in file.others:
        rows.append(source_file_row(read, member, file.kind, release_id, False))
    return rows


def _form_comparison(comparison: FormComparison, release: Release) -> Reconciled:
    kind, form = comparison.loaded.layout.kind, comparison.other.form
    differences = [
        row | {"known_reason": _known_reason(kind, {form, comparison.loaded.form}, row, release)}
        for row in comparison.differences.iter_rows(named=True)
    ]
    return summarise(
        release.schedule.name,
        release.identity.release_id,
        comparison.name,
        comparison.other.file,
        comparison.compared,
        differences,
    )


def _known_reason(kind: str, forms: set[str], row: dict, release: Release) -> str:
    for known in _known_differences(release.schedule):
        if (
            known["file"] == kind
            and known["field"] == row["column_name"]
            and known["form"] in forms
            and known["release_id"] in ("", release.identity.release_id)
            and known["hcpcs_code"] in ("", row["record_key"].split()[0])
        ):
            return known["reason"]
    is_typography = differs_in_typography(row["our_value"], row["other_value"])
    return TYPOGRAPHY if is_typography else ""


def _known_differences(schedule: FeeSchedule) -> list[dict[str, str]]:
    files = schedule.reference_files((KNOWN_DIFFERENCES,))
    return [row for file in files for row in read_reference(file)]
