"""Which posting of which release a bundle is: what every schedule says of it in its own way."""

from dataclasses import dataclass
from datetime import date

from pipeline.errors import refuse


@dataclass(frozen=True)
class Identity:
    """Which posting of which release a bundle is.

    ``released_on`` is None where no file says it; ``version`` numbers the postings of a release
    where CMS does. ``series`` tells apart what one schedule posts side by side for the same days, so
    that none replaces another. ``remarks`` are sentences on what is missing or contradicts the rest.
    """

    release_id: str
    posting_id: str
    calendar_year: int
    released_on: date | None
    is_sample: bool
    title: str
    notice: str
    remarks: tuple[str, ...] = ()
    version: int | None = None
    series: str = ""

    def is_of(self, other: "Identity") -> bool:
        """Whether two files say that they are of one posting, or do not say it."""
        days = {self.released_on, other.released_on} - {None}
        versions = {self.version, other.version} - {None}
        return self.release_id == other.release_id and len(days) < 2 and len(versions) < 2


def release_name(prefix: str, year: int, rest: str, is_sample: bool) -> str:
    """The id of a release: RVU, 2025 and D make RVU25D, of the sample SAMPLERVU25D."""
    return f"{'SAMPLE' if is_sample else ''}{prefix}{year % 100:02d}{rest}"


def copyright_notice(head: list[str]) -> str:
    """CMS's copyright notice, of the first lines of a file; '' where they have none."""
    return " ".join(line for line in head if "copyright" in line.lower())


def day_in_name(text: str, year: int, month: int, day: int, file: str, advice: str) -> date:
    """The day of a posting that ``text`` in a file's name says; RefusedError where it is none."""
    try:
        return date(year, month, day)
    except ValueError:
        message = f'"{text}" in its name is no day of a posting'
        raise refuse(file, "identity", message, line=1, advice=advice) from None
