"""What ``schemas/hcpcs`` declares: the columns and tables of this dictionary."""

from schemas.definitions import Schedule, load_schedule

NAME = "hcpcs"


def schedule() -> Schedule:
    """The definitions of HCPCS Level II."""
    return load_schedule(NAME)
