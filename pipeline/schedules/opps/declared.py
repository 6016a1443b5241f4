"""What ``schemas/opps`` declares: the columns and tables of this schedule."""

from schemas.definitions import Schedule, load_schedule

NAME = "opps"


def schedule() -> Schedule:
    """The definitions of the quarterly addenda of hospital outpatient departments."""
    return load_schedule(NAME)
