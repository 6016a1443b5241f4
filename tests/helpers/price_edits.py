"""A warehouse of the sample in which coding edits of the days of its claims are loaded, all made."""

import shutil
from pathlib import Path

import duckdb

# Pairs between codes that lines are drawn of, some of other days, and limits for some of them.
MADE = """
    CREATE TEMP TABLE code AS SELECT DISTINCT hcpcs_code AS code, hash(hcpcs_code) AS chance FROM rvu;
    UPDATE release SET effective_from = DATE '2025-10-01', effective_to = DATE '2026-06-30' WHERE schedule = 'mue';
    DELETE FROM ncci_pair;
    INSERT INTO ncci_pair BY NAME
    SELECT
      'SAMPLENCCI26Q2P' AS release_id, 'practitioner' AS setting, one.code AS column1, other.code AS column2,
      CASE WHEN hash(one.code || other.code) % 7 = 0 THEN DATE '2025-10-05' ELSE DATE '2004-04-01' END AS effective_from,
      CASE WHEN hash(other.code || one.code) % 5 = 0 THEN DATE '2025-10-04' END AS effective_to,
      CASE WHEN effective_to IS NULL THEN 'in_force' ELSE 'deleted' END AS edit_status,
      CASE WHEN hash(one.code || other.code) % 3 = 0 THEN '0' ELSE '1' END AS modifier_indicator,
      'made' AS rationale, false AS before_1996, 'made' AS source_file, 1 AS source_line
    FROM code AS one JOIN code AS other ON one.chance < other.chance
    WHERE hash(one.code || other.code) % 60 = 0;
    DELETE FROM mue;
    INSERT INTO mue BY NAME
    SELECT
      'SAMPLEMUE26Q2P' AS release_id, 'practitioner' AS setting, code AS hcpcs_code,
      (chance % 31 % 7)::INTEGER AS units, if(units = 0, 'never_payable', 'limited') AS limit_status,
      (1 + chance % 3)::VARCHAR AS adjudication_indicator, 'made' AS rationale, 'made' AS source_file, 1 AS source_line
    FROM code WHERE chance % 6 = 0;
"""

TABLES = ("release", "ncci_pair", "mue")


def with_edits(warehouse: Path, folder: Path) -> Path:
    """The database of a copy in ``folder``, with its exports in ``folder/exports``."""
    database = folder / "fee_schedule.duckdb"
    shutil.copyfile(warehouse / "fee_schedule.duckdb", database)
    exports = folder / "exports"
    exports.mkdir()
    for table in (warehouse / "exports" / "current").resolve().iterdir():
        if table.name not in TABLES:
            (exports / table.name).symlink_to(table)
    with duckdb.connect(str(database)) as con:
        con.execute(MADE)
        for name in TABLES:
            (exports / name).mkdir()
            con.execute(f"COPY {name} TO '{exports / name / 'data.parquet'}'")
    return database
