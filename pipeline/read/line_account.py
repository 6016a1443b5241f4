"""What became of each line of a file."""

from dataclasses import dataclass

import polars as pl


@dataclass
class LineAccount:
    """How many lines of a file became what; ``total`` must equal the sum of the rest.

    A record or notice of several lines is counted by its first; the others are ``continuation``.
    ``repeated`` says of each ``duplicate`` which line it is and which record it repeats, ``restored``
    of each column in how many cells zeros in front were put back.
    """

    total: int
    header: int = 0
    notice: int = 0
    blank: int = 0
    duplicate: int = 0
    continuation: int = 0
    quarantined: int = 0
    loaded: int = 0
    repeated: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()

    @property
    def balances(self) -> bool:
        """Whether every line is accounted for exactly once."""
        parts = (
            self.header,
            self.notice,
            self.blank,
            self.duplicate,
            self.continuation,
            self.quarantined,
            self.loaded,
        )
        return self.total == sum(parts)


def account_of(grid: pl.DataFrame, header_ends: int) -> LineAccount:
    """The account of lines, which in a header may be more than its records."""
    header = grid["source_line"][header_ends] - 1 if header_ends < len(grid) else header_ends
    return LineAccount(total=len(grid) - header_ends + header, header=header)
