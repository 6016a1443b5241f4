"""What ``schemas/pfs`` declares: the columns, tables and curated files of this schedule."""

from schemas.definitions import Schedule, load_schedule

NAME = "pfs"


def schedule() -> Schedule:
    """The definitions of the Physician Fee Schedule."""
    return load_schedule(NAME)
