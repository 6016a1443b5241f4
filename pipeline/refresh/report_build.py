"""What a refresh tells of a build: what would be made, and what came of the checks."""

from collections.abc import Collection

import duckdb

from pipeline.errors import exists
from pipeline.publish.holdings import holdings, published_holdings, refuse_missing
from pipeline.publish.swap import Warehouse, holds_site
from pipeline.refresh.inputs import SortedInputs
from pipeline.refresh.options import Options, Outcome
from pipeline.release import companion
from pipeline.release import read as release_read
from pipeline.release.history import posting_ids
from pipeline.release.reconcile import agreement, is_of_forms
from pipeline.report import Report
from pipeline.schedules.all import companion_kinds, schedule_named
from pipeline.store.database import rows_of
from pipeline.store.shelf import Shelf

# So many files with lines set aside are named.
MOST_NAMED = 5


def tell_what_would_be_done(
    options: Options, warehouse: Warehouse, inputs: SortedInputs, published: str, report: Report
) -> Outcome:
    """Say which inputs would be read, and whether a build would follow.

    Raises MissingReleaseError as the refresh would, where all that lies there is known.
    """
    built = []
    there: set[str] = set()
    known = []
    shelf = Shelf(warehouse.artefacts, options.verify)
    for release in inputs.releases:
        name, definitions = (
            release.name,
            release_read.definitions_for(schedule_named(release.schedule)),
        )
        kept = shelf.find(release_read.STAGE, release.made_from, definitions)
        report.step("release", name, "known" if kept else "new: would be read")
        built += [] if kept else [name]
        known += [(kept, release.origin)] if kept else []
    for (kept, _), posting_id in zip(known, posting_ids(known), strict=True):
        there |= holdings(kept.facts["release_id"], posting_id, kept.facts["loaded_files"])
    for member, kind, made_from in inputs.companions:
        definitions = companion.definitions_for(companion_kinds()[kind])
        kept = shelf.find(companion.STAGE, made_from, definitions)
        report.step(kind, member.label, "known" if kept else "new: would be read")
        built += [] if kept else [member.label]
        there |= {kind} if kept and "unread" not in kept.facts else set()
    for name, verdict in inputs.remembered.verdicts.items():
        if verdict in ("ignored", "skipped", "copy"):
            report.step(verdict, name)
    # What is new or refused may be what else would be missed.
    if not (built or inputs.refused or inputs.uses_sample):
        held = published_holdings(warehouse)
        refuse_missing(held, there, options.forget, options.raw, skip=options.skip)
    lacks_site = options.site and not holds_site(warehouse.manifest())
    if lacks_site:
        report.step("site", "new: would be written")
    # After a rollback all that is held back is known, and another build is in force.
    is_other = published != inputs.before.build_id or _reads_others(inputs)
    is_new = built or lacks_site or not published or is_other
    return Outcome("would_publish" if is_new else "nothing_new", published, built=built)


def _reads_others(inputs: SortedInputs) -> bool:
    """Whether the build in force was not made from all files: a run that was stopped knows more of them."""
    before, now = inputs.before.contents, inputs.remembered.contents
    members = [member for release in inputs.releases for member in release.members]
    members += [member for member, *_ in inputs.companions]
    return any(before.get(x.label) != now[x.label] for x in members)


def tell_checks(
    con: duckdb.DuckDBPyConnection, outcome: Outcome, report: Report, before: Collection[str] = ()
) -> None:
    """Say what the checks found and how CMS's own amounts agree, and note that in ``outcome``.

    What the build ``before`` was warned of as well is counted only, unless its release was read again.
    """
    outcome.reconciled = rows_of(
        con, "SELECT * FROM reconciliation ORDER BY release_id, comparison"
    )
    of_checks = _of_checks(con)
    checks = con.execute("SELECT count(*) FROM check_result").fetchall()[0][0]
    report.step("check", f"{checks} checks", f"{len(of_checks)} with a warning")
    for release_id, sentence in (*of_checks, *_of_missing_files(con)):
        report.warn(sentence, sentence in before and release_id not in outcome.built)
    for sources, sentence in _of_lines_set_aside(con):
        report.warn(sentence, sentence in before and not sources & {*outcome.built})
    report.sum_up_known()
    for row in outcome.reconciled:
        if not is_of_forms(row["comparison"]):
            report.step("reconcile", f"{row['release_id']} {row['comparison']}", agreement(row))


def published_warnings(warehouse: Warehouse) -> set[str]:
    """The sentences that the build in force was warned of; none where it is of another version."""
    if not exists(warehouse.database):
        return set()
    try:
        with duckdb.connect(str(warehouse.database), read_only=True) as con:
            of_releases = (*_of_checks(con), *_of_missing_files(con), *_of_lines_set_aside(con))
            return {sentence for _, sentence in of_releases}
    except duckdb.Error:
        return set()


def _of_checks(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """What the checks found, each with its release."""
    errors_and_warnings = rows_of(
        con,
        "SELECT * FROM check_result WHERE finding_count > 0 AND severity <> 'note' "
        "ORDER BY release_id, check_name",
    )
    return [
        (
            x["release_id"],
            f"{x['release_id'] or 'warehouse'}: {x['first_finding']} ({_check_of(x)})",
        )
        for x in errors_and_warnings
    ]


def _of_missing_files(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """What releases came without, each with its release."""
    lacking = rows_of(
        con, "SELECT * FROM release WHERE is_current AND missing_files <> '' ORDER BY release_id"
    )
    return [(x["release_id"], f"{x['release_id']} lacks {_lacking(x)}") for x in lacking]


def _of_lines_set_aside(con: duckdb.DuckDBPyConnection) -> list[tuple[set[str], str]]:
    """How many lines were set aside, with the releases and files that they are of: one sentence, or none."""
    files = rows_of(
        con,
        "SELECT source_file, count(DISTINCT line_number) AS lines, list(DISTINCT release_id) AS release_ids "
        "FROM quarantine GROUP BY source_file ORDER BY lines DESC, source_file",
    )
    sources = {name for one in files for name in (one["source_file"], *one["release_ids"])}
    sentence = f"lines set aside: {_lines_of_files(files)}; see the table quarantine"
    return [(sources, sentence)] if files else []


def _lines_of_files(files: list[dict]) -> str:
    """How many lines of which files, those with the most by name."""
    named = [f"{one['lines']:,} of {one['source_file']}" for one in files[:MOST_NAMED]]
    rest = files[MOST_NAMED:]
    if rest:
        named.append(f"{sum(one['lines'] for one in rest):,} of {len(rest):,} more files")
    return ", ".join(named)


def _check_of(finding: dict) -> str:
    """The check that found something, and how often where that is more than once."""
    count = finding["finding_count"]
    more = f", {count:,} findings" if count > 1 else ""
    return f"check {finding['check_name']}{more}"


def _lacking(release: dict) -> str:
    """The files that a release came without, and what it has not because of that."""
    files = release["missing_files"]
    without = schedule_named(release["schedule"]).without
    consequences = [words for kind, words in without.items() if kind in files.split(",")]
    return f"{files}: {'; '.join(consequences)}" if consequences else files
