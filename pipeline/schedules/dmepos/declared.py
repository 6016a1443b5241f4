"""What ``schemas/dmepos`` declares: the columns and tables of this schedule."""

from schemas.definitions import Schedule, load_schedule

NAME = "dmepos"


def schedule() -> Schedule:
    """The definitions of the fee schedule for equipment, prosthetics, orthotics and supplies."""
    return load_schedule(NAME)
