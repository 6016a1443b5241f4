"""What a warehouse holds, since when, what went wrong last, what is stale, and what to do next.

``status_of`` gives the keys that ``fees status --json`` prints; they are part of the public
contract, and new ones may be added.

=================  ==================================================================
key                value
=================  ==================================================================
warehouse, raw     the folders; ``raw`` is that of the build, '' before the first
build              the row of table ``build``, or null where nothing is loaded
releases           the rows of table ``release``
source_files       the files read, each with its SHA-256 and its line account
reconciliation     CMS's amounts: compared and matched, per release and comparison
warnings           the checks that found something
quarantined_lines  how many lines are set aside in table ``quarantine``
ignored, skipped   files of the raw folder that were not read
unknown            files of the raw folder that are none of CMS's that is known here
refused            bundles that were left out, each with its sentence
unread             files of a release, or beside, that were left unread, each with its reason
copies             files of a bundle whose release stands in another bundle, byte for byte or row for row
is_whole           whether database and exports are of one build, and as they were published
built_at           when the build in force was made (UTC), '' where it is not whole
published_at       when it was put in force, by a refresh or by a rollback
builds_kept        the builds that are kept, the one in force first
rollback_to        the build that a rollback would return to, '' for none
hold               after a rollback: ``at``, ``in_force``, ``held_back``; else null
running            who refreshes at this moment, '' for nobody
fetch              ``licence`` (the answer), ``asked_at``, ``failed_at``, ``failure``
stale              what is no longer up to date: each a ``reason`` and a ``message``
last_failure       the last run that failed or was interrupted, with ``is_over``; or null
last_runs          the last five runs that did or failed something, the newest last
next_step          what to do now, '' for nothing
=================  ==================================================================

Reasons are ``published_changed``, ``program_outdated``, ``inputs_changed``, ``raw_missing``,
``program_changed``, ``quarter_missing`` and ``cms_not_asked``. What was published is told from
the size, time and inode of its files; where one differs its bytes are hashed.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.command import command
from pipeline.errors import PipelineError, exists, forbidden
from pipeline.fetch.licence import read_answer
from pipeline.fetch.memory import Memory
from pipeline.publish.proof import damage
from pipeline.publish.published import version_of
from pipeline.publish.swap import MANIFEST, Warehouse, build_id_in, last_builds
from pipeline.read.raw_folder import look_into
from pipeline.refresh.begin import newest_contract
from pipeline.refresh.lock import running
from pipeline.refresh.rollback import build_before
from pipeline.release.quarter import Missing
from pipeline.schedules.due import fetch_words, missing_by_schedule, reminder
from pipeline.store.fingerprint import fingerprint
from pipeline.store.state import Inputs, State
from schemas import CONTRACT_VERSION

# What is loaded, each key with its query; ``build`` and ``quarantined_lines`` have one row.
LOADED = {
    "build": "SELECT * FROM build",
    "releases": "SELECT * FROM release ORDER BY effective_from, posting_id",
    "source_files": "SELECT source_file, release_id, file_kind, form, sha256, line_count, "
    "loaded_count, quarantined_count FROM source_file WHERE read_status <> 'unread' ORDER BY source_file",
    "unread": "SELECT source_file, release_id, unread_reason FROM source_file "
    "WHERE read_status = 'unread' ORDER BY ALL",
    "reconciliation": "SELECT * FROM reconciliation ORDER BY ALL",
    "warnings": "SELECT check_name, release_id, finding_count, first_finding FROM check_result "
    "WHERE finding_count > 0 AND severity <> 'note' ORDER BY ALL",
    "quarantined_lines": "SELECT count(*) AS lines FROM quarantine",
}

# A scheduler asks CMS daily; after so many days without an answer something is wrong.
DAYS_BETWEEN = 7


def status_of(folder: Path, today: date | None = None) -> dict:
    """Everything about the warehouse in ``folder``; nothing is changed for it."""
    warehouse = Warehouse(folder)
    state = State(warehouse.state)
    inputs = state.read_inputs()
    hold = state.read_hold()
    found: dict = {"warehouse": str(folder), "raw": inputs.raw, **_loaded(warehouse)}
    verdicts = ("ignored", "unknown", "skipped")
    for name, verdict in (*zip(verdicts, verdicts, strict=True), ("copies", "copy")):
        found[name] = [x for x, given in inputs.verdicts.items() if given == verdict]
    found["refused"] = inputs.refused
    # What cannot be read may have the size and the time that it had.
    damaged = damage(warehouse, by_hash=not found["build"])
    found |= _published(warehouse, is_damaged=bool(damaged))
    found["rollback_to"] = build_before(warehouse, hold.held_back if hold else "")
    is_held = hold is not None and hold.in_force == warehouse.published_build_id()
    kept = vars(hold) if hold and is_held else {}
    found["hold"] = {name: x for name, x in kept.items() if name != "contents"} or None
    found["running"] = running(warehouse.state)
    found["fetch"] = _fetch(warehouse.state)
    found["stale"] = [
        {"reason": reason, "message": message}
        for reason, message in (
            *_stale_publication(warehouse, damaged),
            *_stale(found, inputs, today or date.today()),
        )
    ]
    runs = state.runs()
    found["last_failure"] = _last_failure(runs, found)
    found["last_runs"] = runs[-5:]
    found["next_step"] = _next_step(found, today or date.today())
    return found


def _loaded(warehouse: Warehouse) -> dict:
    nothing: dict = {name: [] for name in LOADED} | {"build": None, "quarantined_lines": 0}
    if not build_id_in(warehouse.database):
        return nothing
    import duckdb

    from pipeline.store.database import rows_of

    found: dict = {}
    try:
        with duckdb.connect(str(warehouse.database), read_only=True) as con:
            for name, query in LOADED.items():
                found[name] = rows_of(con, query)
    except duckdb.Error:
        # Damaged, or of another version of the program.
        return nothing
    found["build"] = found["build"][0]
    found["quarantined_lines"] = found["quarantined_lines"][0]["lines"]
    return found


def _published(warehouse: Warehouse, is_damaged: bool) -> dict:
    is_whole = warehouse.published_build_id() != "" and not is_damaged
    times = {"built_at": "", "published_at": ""}
    if is_whole:
        # A manifest is written once, and the symlink whenever another build is put in force.
        times["built_at"] = _time((warehouse.current / MANIFEST).stat().st_mtime)
        times["published_at"] = _time(warehouse.current.lstat().st_mtime)
    return {"is_whole": is_whole, **times, "builds_kept": last_builds(warehouse)}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _fetch(state: Path) -> dict:
    memory = Memory.read(state)
    try:
        answer = read_answer(state)
        licence = answer.answer if answer.is_accepted or answer.answer != "accepted" else "outdated"
    except PipelineError as error:
        licence = str(error)
    return {
        "licence": licence,
        "asked_at": memory.asked_at,
        "failed_at": memory.failed_at,
        "failure": memory.failure,
    }


def _stale_publication(warehouse: Warehouse, damaged: list[str]) -> Iterator[tuple[str, str]]:
    contract = newest_contract(warehouse)
    if version_of(contract) > version_of(CONTRACT_VERSION):
        yield "program_outdated", f"a later version of the program made it (contract {contract})"
    for what in damaged:
        yield "published_changed", what


def _stale(found: dict, inputs: Inputs, today: date) -> Iterator[tuple[str, str]]:
    if found["build"] and inputs.raw:
        yield from _stale_inputs(inputs)
    if inputs.fingerprint and inputs.fingerprint != fingerprint():
        yield "program_changed", "the program has changed since the build"
    missing = _missing(found, today)
    if missing:
        yield "quarter_missing", reminder(missing, today)
    fetch = found["fetch"]
    was_asked = Memory.read(Path(found["warehouse"]) / "state").was_asked_within(24 * DAYS_BETWEEN)
    if fetch["licence"] == "accepted" and not was_asked:
        failure = f": {fetch['failure']}" if fetch["failure"] else ""
        yield "cms_not_asked", f"CMS last answered: {fetch['asked_at'] or 'never'}{failure}"


def _stale_inputs(inputs: Inputs) -> Iterator[tuple[str, str]]:
    raw = Path(inputs.raw)
    try:
        if not (exists(raw) and raw.is_dir()):
            yield "raw_missing", f"there is no folder {raw}"
            return
        stamps = look_into(raw, tuple(inputs.skip)).stamps
    except PermissionError:
        # Whoever may read the warehouse need not be one who may see CMS's files.
        yield "inputs_changed", str(forbidden(raw))
        return
    except PipelineError as error:
        yield "inputs_changed", str(error)
        return
    names = sorted({stamp.name for stamp in set(stamps) ^ set(inputs.stamps)})
    if names:
        more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
        yield "inputs_changed", f"changed since the build: {', '.join(names[:3])}{more}"


def _last_failure(runs: list[dict], found: dict) -> dict | None:
    """The last run that failed; it is over where a later one succeeded or the inputs are built."""
    outcomes = [run.get("outcome") for run in runs]
    last = max((n for n, x in enumerate(outcomes) if x in ("failed", "interrupted")), default=-1)
    if last < 0:
        return None
    open_reasons = {"inputs_changed", "raw_missing", "program_changed"}
    is_built = found["is_whole"] and not open_reasons & {x["reason"] for x in found["stale"]}
    return runs[last] | {"is_over": last < len(runs) - 1 or is_built}


def _missing(found: dict, today: date) -> dict[str, Missing]:
    """What CMS should have posted by now and is not loaded; of a sample nothing is."""
    if not found["build"] or found["build"]["is_sample"]:
        return {}
    return missing_by_schedule(found["releases"], today)


def _next_step(found: dict, today: date) -> str:
    reasons = {entry["reason"]: entry["message"] for entry in found["stale"]}
    failure = found["last_failure"]
    refresh = command("refresh")
    if found["running"]:
        return "Wait for the refresh that is running."
    if "program_outdated" in reasons:
        return "Update the program, or name another folder with --warehouse"
    if failure and not failure["is_over"]:
        return f"See to what failed last, then run: {refresh}"
    if "published_changed" in reasons and not found["build"]:
        return f"Run: {command('refresh --verify')}"
    if not (found["is_whole"] and found["build"]):
        return f"Run: {refresh}"
    if found["refused"]:
        return f"See to what was refused (the sentences say how), then run: {refresh}"
    if "raw_missing" in reasons:
        return f"Bring the raw folder back: {reasons['raw_missing']}."
    if found["hold"]:
        return f"Put a corrected file into the raw folder, or run: {command('refresh --forward')}"
    if "inputs_changed" in reasons or "program_changed" in reasons:
        return f"Run: {refresh}"
    if found["build"]["is_sample"]:
        answer, get = command("licence"), command("fetch")
        return f"Put CMS's RVU zips into the raw folder, or run: {answer}, then {get}"
    if "quarter_missing" in reasons:
        # Some of CMS's files are on pages that nothing here asks.
        fetch = fetch_words(_missing(found, today))
        get = command(fetch) if fetch else "as said above"
        return f"Get the release of this quarter: {get}, then {refresh}"
    if "cms_not_asked" in reasons:
        return f"Run: {command('fetch --latest')}"
    return ""
