"""Made claim lines in the forms of the profiles: python -m tests.bench.profiles CLAIMS.parquet FOLDER

``CLAIMS.parquet`` is what ``tests.bench.claims`` writes. Each file has all of its lines, in the
columns, the delimiter and the dates that its kind has.
"""

import sys
from pathlib import Path

import duckdb

CCW = """
    SELECT
      'B' || patient_id AS BENE_ID, claim_id AS CLM_ID, '71' AS NCH_CLM_TYPE_CD, claim_line_number AS LINE_NUM,
      strftime(date_of_service, '{day}') AS LINE_1ST_EXPNS_DT, strftime(date_of_service, '{day}') AS CLM_THRU_DT,
      hcpcs_code AS HCPCS_CD, modifier_1 AS HCPCS_1ST_MDFR_CD, modifier_2 AS HCPCS_2ND_MDFR_CD,
      units || '.000' AS LINE_SRVC_CNT, place_of_service AS LINE_PLACE_OF_SRVC_CD, '' AS CARR_NUM,
      '' AS CARR_LINE_PRCNG_LCLTY_CD, service_zip_code AS PRVDR_ZIP, charge AS LINE_SBMTD_CHRG_AMT,
      (charge / 2)::DECIMAL(12,2) AS LINE_ALOWD_CHRG_AMT, (charge * 0.4)::DECIMAL(12,2) AS LINE_NCH_PMT_AMT, provider_id AS PRF_PHYSN_NPI,
      'T' || provider_id AS TAX_NUM, CASE provider_kind WHEN 'npp' THEN '50' ELSE '11' END AS PRVDR_SPCLTY,
      CASE WHEN is_participating THEN '1' ELSE '3' END AS PRTCPTNG_IND_CD
    FROM lines
"""

PARTS_837 = """
    SELECT
      claim_id AS CLM01, claim_line_number AS LX01,
      'HC:' || hcpcs_code || rtrim(':' || modifier_1 || ':' || modifier_2, ':') AS SV101, charge AS SV102,
      'UN' AS SV103, units AS SV104, place_of_service AS SV105, strftime(date_of_service, '%Y%m%d') AS DTP03,
      patient_id AS "2010BA_NM109", provider_id AS "2310B_NM109", 'T' || provider_id AS "2010AA_NM109",
      service_zip_code AS "2310C_N403"
    FROM lines
"""

OMOP = """
    SELECT
      100000000000 + row_number() OVER () AS procedure_occurrence_id, substring(patient_id, 2)::BIGINT AS person_id,
      date_of_service AS procedure_date, hcpcs_code AS procedure_source_value,
      trim(modifier_1 || ' ' || modifier_2) AS modifier_source_value,
      units AS quantity, substring(claim_id, 2)::BIGINT AS visit_occurrence_id,
      substring(provider_id, 2)::BIGINT AS provider_id, place_of_service AS place_of_service_source_value,
      service_zip_code AS zip, charge::DOUBLE AS total_charge, (charge / 2)::DECIMAL(12,2) AS amount_allowed
    FROM lines
"""


def _synpuf() -> str:
    """Rows of thirteen lines, the last of every third row blank."""
    fields = {
        "PRF_PHYSN_NPI": "provider_id", "TAX_NUM": "'T' || provider_id", "HCPCS_CD": "hcpcs_code",
        "LINE_NCH_PMT_AMT": "(charge * 0.4)::DECIMAL(12,2)", "LINE_ALOWD_CHRG_AMT": "(charge / 2)::DECIMAL(12,2)",
        "LINE_PRCSG_IND_CD": "'A'", "LINE_ICD9_DGNS_CD": "'4019'",
    }  # fmt: skip
    wide = ", ".join(
        f"max({value}) FILTER (n % 13 = {place - 1}) AS {name}_{place}"
        for name, value in fields.items()
        for place in range(1, 14)
    )
    return (
        f"SELECT min(patient_id) AS DESYNPUF_ID, 'R' || n // 13 AS CLM_ID, "
        f"strftime(min(date_of_service), '%Y%m%d') AS CLM_FROM_DT, {wide} "
        "FROM (SELECT *, row_number() OVER () - 1 AS n FROM lines) GROUP BY n // 13 ORDER BY n // 13"
    )


def write_profiles(claims: Path, folder: Path) -> None:
    """Write a file of each kind."""
    text = "FORMAT csv, HEADER true"
    files = {
        "ccw.csv": (CCW.format(day="%Y%m%d"), text),
        "carrier.csv": (CCW.format(day="%d-%b-%Y"), f"{text}, DELIMITER '|'"),
        "ccw.csv.gz": (CCW.format(day="%Y-%m-%d"), f"{text}, COMPRESSION gzip"),
        "synpuf.csv": (_synpuf(), text),
        "omop.parquet": (OMOP, "FORMAT parquet"),
        "837p.csv.zst": (PARTS_837, f"{text}, COMPRESSION zstd"),
        "plain.csv": ("FROM lines", text),
    }
    with duckdb.connect() as con:
        con.execute(f"CREATE VIEW lines AS FROM '{claims}'")
        for name, (query, form) in files.items():
            con.execute(f"COPY ({query}) TO '{folder / name}' ({form})")


if __name__ == "__main__":
    write_profiles(Path(sys.argv[1]), Path(sys.argv[2]))
