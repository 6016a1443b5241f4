"""What ``schemas/ambulance`` declares: the columns, tables and curated files of this schedule."""

from functools import cache

from schemas.definitions import SCHEMAS, Schedule, load_schedule, read_reference

NAME = "ambulance"


def schedule() -> Schedule:
    """The definitions of the Ambulance Fee Schedule."""
    return load_schedule(NAME)


@cache
def mile_codes() -> tuple[str, ...]:
    """The codes that are counted in miles."""
    services = read_reference(SCHEMAS / NAME / "reference" / "ambulance_rvu.csv")
    return tuple(row["hcpcs_code"] for row in services if row["unit"] == "statute mile")
