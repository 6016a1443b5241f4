"""``fees refresh`` and ``fees forget``."""

import gc
import os
import re
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from pipeline.cli.options import Named, json_option, raw_of, raw_option, warehouse_option
from pipeline.command import advising_for, command
from pipeline.errors import NotThereError, PipelineError, UsageError
from pipeline.publish.holdings import published_holdings
from pipeline.publish.swap import Warehouse
from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.recorded_run import exit_code_of
from pipeline.refresh.refresh import refresh as run_refresh
from pipeline.refresh.refresh import rollback as run_rollback
from pipeline.release.held import near_names
from pipeline.report import Report
from pipeline.terminal import tell, tell_json

skip_option = click.option(
    "--skip", multiple=True, metavar="NAME", help="Go on without a file, zip or folder of raw."
)

site_option = click.option(
    "--site", is_flag=True, help="Make the code browser part of the exports: current/site/."
)


@click.command()
@raw_option
@warehouse_option
@skip_option
@site_option
@click.option("--no-fetch", is_flag=True, help="Do not ask CMS for its latest release first.")
@click.option("--from", "base", default="", metavar="URL", help="As in fees fetch.")
@click.option(
    "--rollback", is_flag=True, help="Return to the build before, and hold this one back."
)
@click.option("--forward", is_flag=True, help="Build what a rollback holds back.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option(
    "--verify", is_flag=True, help="Hash every input again instead of trusting size and time."
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Threads of each task; up to three tasks run side by side.",
)
@json_option
def refresh(
    raw: Path,
    warehouse: Path,
    skip: tuple[str, ...],
    site: bool,
    no_fetch: bool,
    base: str,
    rollback: bool,
    forward: bool,
    dry_run: bool,
    verify: bool,
    threads: int,
    as_json: bool,
) -> None:
    """Bring the warehouse up to what lies in the raw folder.

    Nothing new means that nothing changes. Something new means a complete, checked warehouse,
    or, where an input is refused, the old one untouched. Where the license of the codes was
    accepted (see fees licence), CMS's latest release is fetched first, and without a connection
    the refresh goes on with what is there.
    """
    if rollback:
        if forward or dry_run or verify or skip or site:
            raise UsageError("--rollback stands by itself: nothing is read for it.")
        # What it advises reads a raw folder, and it does not.
        with advising_for(partial(raw_of, warehouse)):
            _run(lambda report: run_rollback(Warehouse(warehouse), report), as_json)
        return
    # Polars reads this once, when it is imported, and panics where it is no number of threads.
    if not re.fullmatch("[1-9][0-9]*", os.environ.get("POLARS_MAX_THREADS", "")):
        os.environ["POLARS_MAX_THREADS"] = str(threads)
    options = Options(
        raw=raw,
        warehouse=warehouse,
        skip=skip,
        verify=verify,
        dry_run=dry_run,
        threads=threads,
        fetch=not no_fetch,
        fetch_from=base,
        forward=forward,
        site=site,
    )
    _run(lambda report: run_refresh(options, report), as_json)


@click.command()
@click.argument(
    "names",
    nargs=-1,
    required=True,
    metavar="NAME...",
    type=Named(),
    help="A release (RVU25D), a posting (RVU25A@2024-12-23) or a file of one (RVU25D/gpci), or a kind of companion (zip5).",
)
@raw_option
@warehouse_option
@skip_option
@site_option
@json_option
def forget(
    names: tuple[str, ...],
    raw: Path,
    warehouse: Path,
    skip: tuple[str, ...],
    site: bool,
    as_json: bool,
) -> None:
    """Let go on purpose of what no longer lies in the raw folder.

    Without this a refresh stops when something is gone that the warehouse holds, because a
    disk that is not mounted must never replace good data.
    """
    held = published_holdings(Warehouse(warehouse))
    unknown = sorted(set(names) - held)
    if unknown:
        there = near_names(held, unknown[0])
        raise NotThereError(f"The warehouse holds no {unknown[0]} (it holds: {there}).")
    options = Options(raw=raw, warehouse=warehouse, skip=skip, forget=names, site=site)
    _run(lambda report: run_refresh(options, report), as_json)


def _run(run: Callable[[Report], Outcome], as_json: bool) -> None:
    # Millions of small objects come and go here, and none of them in cycles.
    gc.disable()

    report = Report(quiet=as_json)
    try:
        outcome = run(report)
    except PipelineError as error:
        if as_json:
            failed = {"outcome": "failed", "exit_code": error.exit_code, "message": str(error)}
            tell_json(failed)
        raise
    exit_code = exit_code_of(outcome, report)
    if as_json:
        told = {"exit_code": exit_code, "warnings": report.warnings, "reminders": report.reminders}
        tell_json(asdict(outcome) | told)
    else:
        tell(_sentence(outcome))
    if exit_code:
        sys.exit(exit_code)


def _sentence(outcome: Outcome) -> str:
    build = outcome.build_id or "(none)"
    releases = f" with {', '.join(outcome.releases)}" if outcome.releases else ""
    until = (
        f"{outcome.held_back} is held back until something new lies in the raw folder, or until: "
        + command("refresh --forward")
    )
    return {
        "nothing_new": f"nothing new: the warehouse is build {build}",
        "held": f"nothing new: the warehouse is build {build} since a rollback; {until}",
        "would_publish": "dry run: nothing was changed",
        "published": f"published build {build}{releases}",
        "finished": f"published build {build}{releases}",
        "rolled_back": f"back to build {build}{releases}; {until}",
    }[outcome.outcome] + (f"; left out: {len(outcome.refused)} refused" if outcome.refused else "")
