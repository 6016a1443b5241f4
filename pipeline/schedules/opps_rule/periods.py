"""Which days the addenda of a final rule are for: the calendar year. CMS owes none of them on a day."""

from collections.abc import Iterable
from datetime import date

from pipeline.release.quarter import Missing, latest_of


def period(_: str, year: int) -> tuple[date, date]:
    """The first and the last day of service that a release is for: its year."""
    return date(year, 1, 1), date(year, 12, 31)


def missing_release(releases: Iterable[dict], today: date) -> Missing | None:
    """What is missing where no final rule of the year of ``today`` is loaded, else None.

    ``releases`` have ``release_id``, ``effective_from`` and ``effective_to``, as a manifest and the
    table ``release`` list them.
    """
    held = list(releases)
    periods = [(str(x["effective_from"]), str(x["effective_to"])) for x in held]
    if any(begins <= str(today) <= ends for begins, ends in periods):
        return None
    name = f"OPPS{today.year % 100:02d}FR"
    sentence = (
        f"The year {today.year} has begun, and no addenda of its final rule on hospital outpatient "
        f"departments ({name}) are loaded. Get them from CMS (on cms.gov: Hospital "
        "Outpatient Regulations and Notices, the final rule's addenda) into the raw folder."
    )
    return Missing((name,), latest_of(held), sentence, is_fetched=False)
