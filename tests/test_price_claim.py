"""The lines of one claim, which are priced over less than a file is: with the same result."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.price import claim_steps, duckdb_engine
from pipeline.price.claim import price_claim
from pipeline.price.claim_steps import WAITS_FOR, empty_steps
from pipeline.price.plan import RESULT, TRACE, steps
from tests.helpers import price_lines
from tests.helpers.price_edits import with_edits
from tests.helpers.price_lines import ORDINARY, frame, priced

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def database(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_edits(sample_warehouse, tmp_path_factory.mktemp("edits"))


@pytest.fixture(scope="module")
def con(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(database), read_only=True) as con:
        yield con


def drawn_claims(con: duckdb.DuckDBPyConnection, sizes: list[int]) -> list[list[dict]]:
    """Random lines as claims of so many lines, each of a patient of its own."""
    lines = iter(price_lines.drawn_lines(con, sum(sizes), seed=3))
    return [
        [
            next(lines)
            | {"claim_id": f"C{claim}", "claim_line_number": line, "patient_id": f"P{claim}"}
            for line in range(size)
        ]
        for claim, size in enumerate(sizes)
    ]


def test_a_claim_alone_is_priced_as_in_a_file(database, con):
    claims = drawn_claims(con, [1, 1, 8, 8])
    lines = [line for claim in claims for line in claim]
    in_file = priced(database, lines, with_trace=True, few=0)
    alone = [line for claim in claims for line in price_claim(con, claim, with_trace=True)]
    for one, other in zip(alone, in_file, strict=True):
        assert {x: one[x] for x in (*RESULT, *TRACE)} == {x: other[x] for x in (*RESULT, *TRACE)}
    assert len({line["reason"] for line in alone}) > 5
    assert len({line["schedule"] for line in alone}) > 2


def test_a_file_of_few_lines_comes_out_as_one_of_many_does(database, con, tmp_path):
    file = tmp_path / "lines.parquet"
    claims = drawn_claims(con, [1] * 10 + [6] * 10)
    frame([line for claim in claims for line in claim]).write_parquet(file)

    def written(name: str, few: int) -> tuple[list, list]:
        with duckdb_engine.pricer(database, threads=2) as pricer:
            duckdb_engine.read_lines(pricer, file)
            query = duckdb_engine.price(pricer, with_trace=True, few=few)
            duckdb_engine.write(pricer, query, tmp_path / name)
        priced = f"'{tmp_path / name}'"
        columns = "SELECT name, type, converted_type FROM parquet_schema"
        return duckdb.sql(f"FROM {priced}").fetchall(), duckdb.sql(
            f"{columns}({priced})"
        ).fetchall()

    assert written("few.parquet", few=1000) == written("many.parquet", few=0)


def test_a_step_that_was_left_out_has_the_columns_that_it_has_otherwise(con, monkeypatch):
    # A visit with units, and a test of a laboratory: no same-day rule, and a schedule of its own.
    line = ORDINARY | {"claim_line_number": 1, "hcpcs_code": "36415", "units": 2}
    # With nothing left out, so that every table is there that a step reads.
    monkeypatch.setattr(claim_steps, "WAITS_FOR", {})
    price_claim(con, [line], with_trace=True)
    queries = {step.name: step.query for step in steps(with_trace=True)}
    assert set(empty_steps()) < set(WAITS_FOR) < set(queries)
    for name, columns in empty_steps().items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE left_out ({columns})")
        found, left_out = (
            con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {query})").fetchall()
            for query in (queries[name], "left_out")
        )
        assert left_out == found, f"see {name} in empty_step.csv"
