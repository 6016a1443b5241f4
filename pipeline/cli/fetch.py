"""``fees fetch``: releases from CMS into the raw folder."""

from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from pipeline.cli.options import Named, json_option, raw_option, warehouse_option
from pipeline.errors import UsageError
from pipeline.terminal import tell, tell_json, warn


@click.command()
@click.argument(
    "release_ids", nargs=-1, metavar="[RELEASE...]", type=Named(), help="As in RVU25D, CLFS25Q4."
)
@click.option("--latest", is_flag=True, help="The latest release; the default.")
@click.option("--all", "every", is_flag=True, help="Every release that CMS lists, since 2003.")
@click.option(
    "--schedule",
    "schedules",
    multiple=True,
    metavar="NAME",
    help="As in pfs (the default), clfs, asp, or all; may be given several times.",
)
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
    schedules: tuple[str, ...],
    raw: Path,
    warehouse: Path,
    dry_run: bool,
    base: str,
    as_json: bool,
) -> None:
    """Download releases from CMS into the raw folder.

    Only after the license of the codes was accepted: see fees licence. Each zip is checked
    before it gets its name, and has its origin beside it in NAME.source.json.
    """
    if sum((bool(release_ids), latest, every)) > 1:
        raise UsageError("Name releases, or --latest, or --all.")
    if release_ids and schedules:
        raise UsageError("Name releases, whose names say the schedule, or --schedule.")
    # Imported here because the HTTP client takes a while.
    from pipeline.fetch.run import FetchOptions, FetchOutcome
    from pipeline.fetch.run import fetch as run
    from pipeline.report import Report

    outcome, report = FetchOutcome(), Report(quiet=as_json)
    wanted = _by_schedule(release_ids) if release_ids else dict.fromkeys(_named(schedules), ())
    for schedule, names in wanted.items():
        options = FetchOptions(raw, warehouse, names, every, dry_run, base, schedule=schedule)
        if len(wanted) > 1:
            outcome.add(partial(run, options, report))
        else:
            outcome = run(options, report)
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


def _by_schedule(release_ids: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Releases by the schedule that their names say; one that says none is asked of the first."""
    from pipeline.fetch.run import schedule_of

    found: dict[str, tuple[str, ...]] = {}
    for name in release_ids:
        schedule = schedule_of(name) or "pfs"
        found[schedule] = (*found.get(schedule, ()), name)
    return found


def _named(schedules: tuple[str, ...]) -> list[str]:
    """The schedules that ``--schedule`` names, each once; UsageError where one has no listing."""
    from pipeline.fetch.run import listing_of, listings

    names = list(dict.fromkeys(name.lower() for name in schedules)) or ["pfs"]
    if "all" in names:
        return list(listings())
    # A name that is none is told of before anything is asked for the others.
    for name in names:
        listing_of(name)
    return names
