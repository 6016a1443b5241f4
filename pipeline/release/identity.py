"""Which posting of which release a bundle is: what every schedule says of it in its own way."""

from dataclasses import dataclass
from datetime import date


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
