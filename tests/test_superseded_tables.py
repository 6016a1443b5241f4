"""Tables with every posting: what CMS replaced answers beside what is in force, each under its own id."""

from decimal import Decimal

import duckdb

from pipeline.release.postings import with_postings
from pipeline.schedules.clfs.definition import CLFS


def test_every_posting_is_there_under_its_own_id():
    con = duckdb.connect()
    con.execute("""
        CREATE SCHEMA superseded;
        CREATE TABLE release AS FROM (VALUES ('CLFS25Q3', 'CLFS25Q3@V2', true), ('CLFS25Q3', 'CLFS25Q3@V1', false))
          AS t(release_id, posting_id, is_current);
        CREATE TABLE lab_fee AS SELECT 'CLFS25Q3' AS release_id, 'G0567' AS hcpcs_code, 18.05 AS rate;
        CREATE TABLE superseded.lab_fee AS
          SELECT 'CLFS25Q3@V1' AS posting_id, 'CLFS25Q3' AS release_id, 'G0567' AS hcpcs_code, 20.00 AS rate;
    """)
    query = with_postings("select release_id, rate from lab_fee", [CLFS])
    assert sorted(con.sql(query).fetchall()) == [
        ("CLFS25Q3@V1", Decimal("20.00")),
        ("CLFS25Q3@V2", Decimal("18.05")),
    ]
