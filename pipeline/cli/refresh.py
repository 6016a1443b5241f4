"""``pfs refresh`` and ``pfs forget``."""

import gc
import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.options import json_option, raw_option, warehouse_option

skip_option = click.option(
    "--skip", multiple=True, metavar="NAME", help="Go on without a file, zip or folder of raw."
)

NOTHING_NEW = "nothing new: the warehouse is build {build_id}"


@click.command()
@raw_option
@warehouse_option
@skip_option
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
    dry_run: bool,
    verify: bool,
    threads: int,
    as_json: bool,
) -> None:
    """Bring the warehouse up to what lies in the raw folder.

    Nothing new means that nothing changes. Something new means a complete, checked warehouse,
    or, where an input is refused, the old one untouched.
    """
    from pipeline.refresh import Options

    # Polars reads this once, when it is imported.
    os.environ.setdefault("POLARS_MAX_THREADS", str(threads))
    options = Options(
        raw=raw,
        warehouse=warehouse,
        skip=skip,
        verify=verify,
        dry_run=dry_run,
        threads=threads,
    )
    _run(options, as_json)


@click.command()
@click.argument(
    "names",
    nargs=-1,
    required=True,
    metavar="NAME...",
    help="A release (RVU25D), a file of one (RVU25D/gpci) or a kind of companion (zip5).",
)
@raw_option
@warehouse_option
@skip_option
@json_option
def forget(
    names: tuple[str, ...], raw: Path, warehouse: Path, skip: tuple[str, ...], as_json: bool
) -> None:
    """Let go on purpose of what no longer lies in the raw folder.

    Without this a refresh stops when something is gone that the warehouse holds, because a
    disk that is not mounted must never replace good data.
    """
    from pipeline.errors import NotThereError
    from pipeline.holdings import published_holdings
    from pipeline.options import Options
    from pipeline.publish import Warehouse

    held = published_holdings(Warehouse(warehouse))
    unknown = sorted(set(names) - held)
    if unknown:
        there = ", ".join(sorted(held)) or "nothing"
        raise NotThereError(f"The warehouse holds no {unknown[0]} (it holds: {there}).")
    _run(Options(raw=raw, warehouse=warehouse, skip=skip, forget=names), as_json)


def _run(options, as_json: bool) -> None:
    from pipeline.errors import PipelineError
    from pipeline.refresh import refresh as run
    from pipeline.report import Report

    # Millions of small objects come and go here, and none of them in cycles.
    gc.disable()

    report = Report(quiet=as_json)
    try:
        outcome = run(options, report)
    except PipelineError as error:
        if as_json:
            failed = {"outcome": "failed", "exit_code": error.exit_code, "message": str(error)}
            click.echo(json.dumps(failed, indent=1))
        raise
    if as_json:
        click.echo(
            json.dumps(asdict(outcome) | {"warnings": report.warnings}, default=str, indent=1)
        )
    elif outcome.outcome == "nothing_new":
        click.echo(NOTHING_NEW.format(build_id=outcome.build_id or "(none)"))
    elif outcome.outcome == "would_publish":
        click.echo("dry run: nothing was changed")
    else:
        releases = f" with {', '.join(outcome.releases)}" if outcome.releases else ""
        click.echo(f"published build {outcome.build_id}{releases}")
