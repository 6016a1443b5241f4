"""Which releases CMS should have posted by now, schedule by schedule.

Apart from the list of schedules, because a refresh with nothing to do asks this and needs
nothing else of them: each schedule says it in a module of its own, ``periods``.
"""

from datetime import date
from importlib import import_module

from schemas.definitions import schedule_names


def missing_releases(releases: list[dict], today: date) -> list[str]:
    """A sentence for each schedule of which the warehouse holds releases, but none of that day."""
    return list(missing_by_schedule(releases, today).values())


def missing_by_schedule(releases: list[dict], today: date) -> dict[str, str]:
    """The same, by the name of the schedule.

    ``releases`` have ``schedule``, ``release_id``, ``effective_from`` and ``effective_to``, as a
    manifest and the table ``release`` list them.
    """
    sentences = {}
    for name in schedule_names():
        held = [release for release in releases if release.get("schedule", "pfs") == name]
        if held:
            periods = import_module(f"pipeline.schedules.{name}.periods")
            sentences[name] = periods.missing_release(held, today)
    return {name: sentence for name, sentence in sentences.items() if sentence}
