"""What ``schemas/ambulance`` declares: the columns, tables and curated files of this schedule."""

from schemas.definitions import Schedule, load_schedule

NAME = "ambulance"


def schedule() -> Schedule:
    """The definitions of the Ambulance Fee Schedule."""
    return load_schedule(NAME)
