"""What ``schemas/rbcs`` declares: the columns and tables of this schedule."""

from schemas.definitions import Schedule, load_schedule

NAME = "rbcs"


def schedule() -> Schedule:
    """The definitions of the Restructured BETOS Classification System."""
    return load_schedule(NAME)
