"""What ``schemas/asc`` declares: the columns, tables and curated files of this schedule."""

from schemas.definitions import Schedule, load_schedule

NAME = "asc"


def schedule() -> Schedule:
    """The definitions of the fees of surgical centers."""
    return load_schedule(NAME)
