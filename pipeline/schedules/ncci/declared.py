"""What ``schemas/ncci`` declares: the columns and tables of this schedule."""

from schemas.definitions import Schedule, load_schedule

NAME = "ncci"


def schedule() -> Schedule:
    """The definitions of the procedure-to-procedure edits."""
    return load_schedule(NAME)
