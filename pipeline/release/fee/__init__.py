"""``fee``: one answer for any code, put together of what each schedule says in its ``fee.sql``.

Every ``fee.sql`` is a SELECT over the public tables of its schedule with these columns:
``release_id``, ``hcpcs_code``, ``modifier``, ``modifier2``, ``setting``, ``place_kind``, ``mac``,
``locality_number``, ``amount`` (dollars, or NULL), ``amount_unit``, ``patient_share_percent``,
``amount_status`` (of the amount), ``reason`` (of fee_reason, '' where there is an amount) and
``defers``: whether another schedule that has an amount is what pays the code. What it has no column
for does not matter to it: ``modifier3``; ``until``, the last day of the code where it knows one; and
of places ``state``, ``is_rural``, ``cba`` and ``ambulance_area``. Where amounts depend on the place,
one row with ``place_kind`` 'national' says so (reason 'by_place', no amount), and rows of places
('mac_locality', 'state_rural', 'cba') have the amounts: that one row tells who pays.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipeline.release.postings import with_postings
from pipeline.release.schedule import FeeSchedule
from pipeline.store.database import csv_query
from pipeline.store.parts import fill
from pipeline.store.sql import compose, macro_sql
from schemas.definitions import COMMON, catalog

HERE = Path(__file__).parent
REASONS = COMMON / "reference" / "fee_reason.csv"

VIEWS = {"fee": "held_in_force", "fee_current": "held_latest"}


def create_fee(con: duckdb.DuckDBPyConnection, schedules: Iterable[FeeSchedule]) -> None:
    """The table of reasons, the views ``fee...`` and the macros over all schedules."""
    fill(con, catalog().tables["fee_reason"], csv_query(REASONS, {"rank": "SMALLINT"}))
    statements = _statements(schedules)
    for name, held in VIEWS.items():
        con.execute(f"CREATE VIEW {name} AS {answers(statements, held)}")
    con.execute("CREATE VIEW fee_in_force AS FROM fee")
    con.execute(f"CREATE VIEW site_of_service AS {compose(HERE / 'site_of_service.sql')}")
    of_postings = _statements(schedules, of_postings=True)
    con.execute(macro_sql(HERE / "fee_on.sql", answers=answers(of_postings, "held_on")))
    for name in ("fee_for", "price_line"):
        con.execute(macro_sql(HERE / f"{name}.sql"))


def made_from(schedules: Iterable[FeeSchedule]) -> list[Path]:
    """The files and folders that all of it follows from."""
    return [HERE, REASONS, *(one.fee for one in schedules if one.fee.exists())]


def answers_beside(schedules: Iterable[FeeSchedule], held: str) -> str:
    """The SELECT of what the schedules answer where the SELECT ``held`` says which releases do."""
    return _answers(_statements(schedules), f"({held})")


def answers(statements: str, held: str) -> str:
    """The SELECT of the answers from what schedules say, where the releases of ``held`` answer."""
    return _answers(statements, compose(HERE / f"{held}.sql"))


def _answers(statements: str, held: str) -> str:
    with_types = ", ".join(
        f"{column.name}::{column.type} AS {column.name}"
        for column in catalog().tables["fee"].columns
    )
    fee = compose(HERE / "fee.sql", statements=statements, held=held)
    return f"SELECT {with_types} FROM (\n{fee}\n)"


def _statements(schedules: Iterable[FeeSchedule], of_postings: bool = False) -> str:
    """What each schedule says by itself: of releases in force, or of each posting."""
    schedules, said = tuple(schedules), []
    for one in schedules:
        if one.fee.exists():
            query = with_postings(one.fee_query, schedules) if of_postings else one.fee_query
            said.append(f"SELECT '{one.name}' AS schedule, * FROM (\n{query}\n)")
    return "\nUNION ALL BY NAME\n".join(said)
