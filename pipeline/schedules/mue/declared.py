"""What ``schemas/mue`` declares: the columns and tables of this schedule."""

from schemas.definitions import Schedule, load_schedule

NAME = "mue"


def schedule() -> Schedule:
    """The definitions of the Medically Unlikely Edits."""
    return load_schedule(NAME)
