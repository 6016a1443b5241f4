"""Older DuckDB clients open the published file and read from it what the pinned one reads.

``make clients`` installs them, each into an environment of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parent.parent

# The oldest client that can read the storage format, and the one with long-term support.
CLIENTS = ("1.2.2", "1.4.5")

# Runs in a client's own Python. Everything is read under the file's own name and, as an analyst
# with several files does it, after ATTACH under another one.
SCRIPT = """
import json, sys
import duckdb

def read(con, database):
    # After two seconds older clients draw a bar over standard output.
    con.execute("set enable_progress_bar = false")

    def rows(query):
        return con.execute(query).fetchall()

    def digest(name):
        cells = f"select coalesce(columns(*)::varchar, 'NULL') from {prefix}{name}"
        lines = f"select concat_ws('|', *columns(*)) as line from ({cells})"
        return rows(f"select md5(string_agg(line, chr(10) order by line)) from ({lines})")[0][0]

    prefix = f'"{database}".main.'
    of_this = f"where database_name = '{database}' and schema_name = 'main' and not internal"
    tables = [row[0] for row in rows(f"select table_name from duckdb_tables() {of_this}")]
    views = [row[0] for row in rows(f"select view_name from duckdb_views() {of_this}")]
    names = sorted(tables + views)
    # A macro finds its tables in the database that is in use.
    con.execute(f'use "{database}"')
    return {
        "critical_care": str(rows(
            "select hcpcs_code, units, work_rvu, facility_payment, price_status "
            "from critical_care_units(134, 'medicare', date '2025-11-01')"
        )),
        "fee_for": str(rows("select setting, amount, reason from fee_for('85025', on_day := '2025-11-20')")),
        "rows": {name: rows(f"select count(*) from {prefix}{name}")[0][0] for name in names},
        "values": {name: digest(name) for name in names},
        "comments": sorted(
            rows(f"select table_name, comment from duckdb_tables() {of_this}")
            + rows(f"select view_name, comment from duckdb_views() {of_this}")
        ),
        "column_comments": sorted(
            rows(f"select table_name, column_name, comment from duckdb_columns() {of_this}")
        ),
        "superseded_payments": rows(
            f'select count(*) from "{database}".superseded.payment_locality'
        ),
        "payment_by_zip": str(rows(
            f"select zip_code, hcpcs_code, modifier, nonfacility_payment, facility_payment "
            f"from {prefix}zip_locality join {prefix}payment_locality_current "
            f"using (mac, locality_number) where zip_code = '94110' and hcpcs_code = '99291'"
        )),
    }

path = sys.argv[1]
with duckdb.connect(path, read_only=True) as con:
    direct = read(con, "fee_schedule")
with duckdb.connect() as con:
    con.execute(f"attach '{path}' as other_name (read_only)")
    attached = read(con, "other_name")
    # Macros are found by their bare name only, so that the file has to be in use.
    con.execute("use other_name")
    on_a_day = con.execute(
        "select hcpcs_code, work_rvu::varchar from rvu_on('2025-11-01') where hcpcs_code = '99291'"
    ).fetchall()
    paid = con.execute(
        "select nonfacility_payment::varchar from payment_on(date '2025-11-01') "
        "where hcpcs_code = '99291' and mac = '01112' and locality_number = '05'"
    ).fetchall()
print(json.dumps({
    "version": duckdb.__version__, "direct": direct, "attached": attached,
    "macros": [*on_a_day, *paid],
}))
"""


def read_with(python: Path, warehouse: Path) -> dict:
    """What a client reads from the published file of a warehouse."""
    command = [str(python), "-c", SCRIPT, str(warehouse / "fee_schedule.duckdb")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def pinned(sample_warehouse):
    """What the pinned client reads."""
    return read_with(Path(sys.executable), sample_warehouse)


@pytest.fixture(scope="module")
def expected(pinned):
    """What every client must read."""
    return pinned["direct"]


@pytest.fixture(scope="module", params=CLIENTS)
def client(request, sample_warehouse):
    """What an older client reads; skipped where it is not installed, but never in CI."""
    python = PROJECT / f".venv-duckdb-{request.param}" / "bin" / "python"
    if not python.exists():
        reason = f"DuckDB {request.param} is not installed: run make clients"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    found = read_with(python, sample_warehouse)
    assert found["version"] == request.param
    return found


def test_pinned_client_reads_the_same_under_another_name(pinned):
    assert pinned["attached"] == pinned["direct"]


@pytest.mark.parametrize("opened", ["direct", "attached"])
def test_client_reads_every_value_of_every_table_and_view(client, expected, opened):
    assert client[opened]["rows"] == expected["rows"]
    assert client[opened]["values"] == expected["values"]


@pytest.mark.parametrize("opened", ["direct", "attached"])
def test_client_reads_every_comment(client, expected, opened):
    assert client[opened]["comments"] == expected["comments"]
    assert client[opened]["column_comments"] == expected["column_comments"]
    assert all(comment for *_, comment in client[opened]["column_comments"])


@pytest.mark.parametrize("opened", ["direct", "attached"])
def test_client_finds_the_payment_of_a_zip_code(client, expected, opened):
    assert expected["payment_by_zip"].startswith("[('94110', '99291', '', Decimal(")
    assert client[opened]["payment_by_zip"] == expected["payment_by_zip"]


def test_client_runs_the_macros(client):
    assert client["macros"] == [["99291", "4.50"], ["314.79"]]


@pytest.mark.parametrize("opened", ["direct", "attached"])
def test_client_runs_the_macro_of_critical_care(client, expected, opened):
    assert expected["critical_care"].startswith("[('99291', 1, Decimal('4.50')")
    assert client[opened]["critical_care"] == expected["critical_care"]
