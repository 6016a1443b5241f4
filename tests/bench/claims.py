"""Made claim lines in a stated mix, for measuring: python -m tests.bench.claims DATABASE LINES FILE

Of every 200 lines 140 are visits, 40 are procedures that stand alone on their day, and 20 are in
five groups of 2 to 6 lines that meet a same-day rule: surgery, endoscopic families, imaging,
therapy, and tests of heart and eye. Codes and ZIP codes are those of the warehouse; the same
number of lines gives the same file.
"""

import sys
from pathlib import Path

import duckdb

# What each kind of line is, as a condition on rvu.
KINDS = {
    "visit": "modifier = '' AND section = 'Evaluation and Management'",
    "alone": "modifier = '' AND multiple_procedure_indicator = '2'",
    "group 0": "modifier = '' AND multiple_procedure_indicator = '2'",
    "group 1": "modifier = '' AND multiple_procedure_indicator = '3'",
    "group 2": "multiple_procedure_indicator = '4'",
    "group 3": "multiple_procedure_indicator = '5'",
    "group 4": "multiple_procedure_indicator IN ('6', '7')",
}

# Which group each of the 20 grouped lines of a block is in: of 2, 3, 4, 5 and 6 lines.
GROUP_OF_LINE = [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4]

# The newest release with indices is that of the claims.
RELEASE = """
    SELECT release_id, effective_from FROM fee_schedule.release
    WHERE is_current AND release_id IN (SELECT release_id FROM fee_schedule.locality WHERE work_gpci IS NOT NULL)
    ORDER BY effective_from DESC LIMIT 1
"""

LINES = f"""
    WITH numbered AS (
      SELECT
        range AS i, hash(range) AS chance,
        {GROUP_OF_LINE}[greatest(range % 200 - 179, 1)::INTEGER] AS group_number
      FROM range($line_count)
    ),
    grouped AS (
      SELECT
        i, chance,
        CASE WHEN i % 200 < 140 THEN 'visit' WHEN i % 200 < 180 THEN 'alone' ELSE 'group ' || group_number END AS kind,
        CASE WHEN i % 200 < 180 THEN i ELSE i - i % 200 + 180 + group_number END AS service
      FROM numbered
    ),
    drawn AS (
      SELECT
        *, (chance % code_count[kind])::BIGINT AS code_n, (hash(service) % place_count)::BIGINT AS place_n
      FROM grouped
    )
    SELECT
      'C' || service AS claim_id,
      (i - service + 1)::INTEGER AS claim_line_number,
      (SELECT effective_from FROM this_release) + (hash(service) % 90)::INTEGER AS date_of_service,
      code.hcpcs_code,
      code.modifier AS modifier_1,
      CASE WHEN drawn.kind = 'visit' AND chance % 10 = 0 THEN '25' ELSE '' END AS modifier_2,
      (CASE WHEN drawn.kind = 'group 3' THEN 1 + chance % 3 ELSE 1 END)::INTEGER AS units,
      ['11', '11', '11', '22', '21', '23'][(hash(service) % 6 + 1)::INTEGER] AS place_of_service,
      place.zip_code AS service_zip_code,
      (20 + (chance % 100000) * 0.01)::DECIMAL(12,2) AS charge,
      CASE WHEN hash(service) % 4 = 0 THEN 'npp' ELSE 'physician' END AS provider_kind,
      hash(service) % 20 <> 0 AS is_participating,
      'P' || service AS patient_id,
      'N' || (hash(service) % 50000) AS provider_id
    FROM drawn
    JOIN code ON code.kind = drawn.kind AND code.n = drawn.code_n
    JOIN place ON place.n = drawn.place_n
"""


def write_claims(database: Path, line_count: int, file: Path) -> None:
    """Write ``line_count`` claim lines as Parquet."""
    codes = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, hcpcs_code, modifier, row_number() OVER (ORDER BY hcpcs_code, modifier) - 1 AS n "
        f"FROM fee_schedule.rvu JOIN this_release USING (release_id) WHERE status_code = 'A' AND {condition}"
        for kind, condition in KINDS.items()
    )
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{database}' AS fee_schedule (READ_ONLY)")
        con.execute(f"CREATE TABLE this_release AS {RELEASE}")
        con.execute(f"CREATE TABLE code AS {codes}")
        con.execute(
            "CREATE TABLE place AS SELECT zip_code, row_number() OVER (ORDER BY zip_code) - 1 AS n "
            "FROM fee_schedule.zip_locality WHERE NOT zip4_decides"
        )
        counts = con.execute(
            "SELECT kind, count(*) FROM code GROUP BY kind ORDER BY kind"
        ).fetchall()
        count_of = "MAP {" + ", ".join(f"'{kind}': {count}" for kind, count in counts) + "}"
        place_count = con.execute("SELECT count(*) FROM place").fetchall()[0][0]
        lines = (
            LINES.replace("code_count", count_of)
            .replace("place_count", str(place_count))
            .replace("$line_count", str(line_count))
        )
        con.execute(f"COPY ({lines}) TO '{file}' (FORMAT parquet)")


if __name__ == "__main__":
    write_claims(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
