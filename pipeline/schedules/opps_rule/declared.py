"""What ``schemas/opps_rule`` declares: the columns and tables of this schedule."""

from schemas.definitions import Schedule, load_schedule

NAME = "opps_rule"


def schedule() -> Schedule:
    """The definitions of the addenda of the final rule."""
    return load_schedule(NAME)
