"""Which releases CMS should have posted by now, schedule by schedule.

Apart from the list of schedules, because a refresh with nothing to do asks this and needs
nothing else of them: each schedule says it in a module of its own, ``periods``.
"""

from datetime import date
from importlib import import_module

from pipeline.command import command
from pipeline.release.quarter import Missing
from schemas.definitions import schedule_names


def missing_by_schedule(releases: list[dict], today: date) -> dict[str, Missing]:
    """What is missing of each schedule of which the warehouse holds releases, but none of that day.

    ``releases`` have ``schedule``, ``release_id``, ``effective_from`` and ``effective_to``, as a
    manifest and the table ``release`` list them.
    """
    found = {}
    for name in schedule_names():
        held = [release for release in releases if release.get("schedule", "pfs") == name]
        if held:
            periods = import_module(f"pipeline.schedules.{name}.periods")
            found[name] = periods.missing_release(held, today)
    return {name: missing for name, missing in found.items() if missing}


def fetched_for_day(schedule: str, day: date) -> str:
    """The command that fetches the release of a schedule for a day; '' where ``fees fetch`` may find none."""
    periods = import_module(f"pipeline.schedules.{schedule}.periods")
    # A schedule that is got by hand has no such command.
    command_for = getattr(periods, "fetched_for_day", None)
    return command_for(day) if command_for else ""


def reminder(missing: dict[str, Missing], today: date) -> str:
    """One sentence on all that is missing: that of the schedule, or one that names them; '' for nothing."""
    if len(missing) < 2:
        return next((one.sentence for one in missing.values()), "")
    listed = "; ".join(f"{name} {one.words}" for name, one in missing.items())
    fetch = fetch_words(missing)
    by_hand = [name for name, one in missing.items() if not one.is_fetched]
    or_run = f", or run: {command(fetch)}" if fetch else ""
    but = f" (which does not fetch {' and '.join(by_hand)})" if fetch and by_hand else ""
    return (
        f"Of {len(missing)} schedules the releases that CMS should have posted by {today} are not loaded: "
        f"{listed}. Get them from CMS into the raw folder{or_run}{but}"
    )


def fetch_words(missing: dict[str, Missing]) -> str:
    """The words of the command that fetches what is missing; '' where nothing of it is fetched."""
    names = [name for name, one in missing.items() if one.is_fetched]
    if names == ["pfs"]:
        return "fetch --latest"
    return " ".join(["fetch", *(f"--schedule {name}" for name in names)]) if names else ""
