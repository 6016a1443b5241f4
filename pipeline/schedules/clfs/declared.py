"""What ``schemas/clfs`` declares: the columns and tables of this schedule."""

from schemas.definitions import Schedule, load_schedule

NAME = "clfs"


def schedule() -> Schedule:
    """The definitions of the Clinical Laboratory Fee Schedule."""
    return load_schedule(NAME)
