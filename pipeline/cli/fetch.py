"""``fees fetch``: releases from CMS into the raw folder."""

from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.options import json_option, raw_option, warehouse_option
from pipeline.errors import UsageError
from pipeline.terminal import tell, tell_json, warn


@click.command()
@click.argument("release_ids", nargs=-1, metavar="[RELEASE...]", help="As in RVU25D.")
@click.option("--latest", is_flag=True, help="The latest release; the default.")
@click.option("--all", "every", is_flag=True, help="Every release that CMS lists, since 2003.")
@raw_option
@warehouse_option
@click.option("--dry-run", is_flag=True, help="Ask what there is, and download nothing.")
@click.option(
    "--from",
    "base",
    default="https://www.cms.gov",
    show_default=True,
    metavar="URL",
    help="CMS's site, or a mirror with the same paths.",
)
@json_option
def fetch(
    release_ids: tuple[str, ...],
    latest: bool,
    every: bool,
    raw: Path,
    warehouse: Path,
    dry_run: bool,
    base: str,
    as_json: bool,
) -> None:
    """Download releases from CMS into the raw folder.

    Only after the licence of the codes was accepted: see fees licence. Each zip is checked
    before it gets its name, and has its origin beside it in NAME.source.json.
    """
    if sum((bool(release_ids), latest, every)) > 1:
        raise UsageError("Name releases, or --latest, or --all.")
    # Imported here because the HTTP client takes a while.
    from pipeline.fetch.run import FetchOptions
    from pipeline.fetch.run import fetch as run
    from pipeline.report import Report

    options = FetchOptions(raw, warehouse, release_ids, every, dry_run, base)
    outcome = run(options, Report(quiet=as_json))
    if as_json:
        fetched = [asdict(one) for one in outcome.fetched]
        failures = [str(error) for error in outcome.failures]
        tell_json({"fetched": fetched, "failures": failures})
    elif dry_run:
        tell("dry run: nothing was downloaded")
    else:
        tell(f"{len(outcome.new_files)} new of {len(outcome.fetched)} asked for")
    if len(outcome.failures) > 1 and not as_json:
        for error in outcome.failures:
            warn(f"failed: {error}")
    outcome.raise_failure()
