"""A fee schedule in miniature for the rules of pricing: every fee is ten dollars per RVU.

Its codes are made up; the letter says what a code is for. All indices of locality 05 are 1, so
that every amount can be reckoned in the head; those of locality 09 are a tenth higher.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipeline.price.plan import READS
from pipeline.schedules.pfs.declared import schedule
from pipeline.store import database
from pipeline.store.database import literal_path
from schemas.definitions import catalog, load_schedule
from schemas.derive import quoted
from tests.helpers import small
from tests.helpers.price_lines import ORDINARY
from tests.helpers.small_own import write_own

NCCI_MODIFIERS = load_schedule("ncci").reference_file("ncci_modifier")

WRITTEN = re.compile(
    r"(?P<code>[^:@/+]+)(:(?P<units>\d+(\.\d+)?))?(@(?P<provider>\w*))?(/(?P<specialty>\w*))?(\+(?P<days>-?\d+))?"
)

# Visits V, surgery S, endoscopy E (base E1000), minor surgery H, imaging I, therapy T, eye Y, anesthesia A, not paid N
# (one for each status), others X.
CODES = """
    code   mod  st  work  nf_pe  f_pe  mp  multiple_procedure_indicator  bilateral_indicator  pctc_indicator  endoscopic_base_code  opps_pe  opps_mp
    V1000  -    A   6     3      1     1   0  0  0  -      0  0
    S1000  -    A   80    15     15    5   2  1  0  -      0  0
    S2000  -    A   50    8      8     2   2  1  0  -      0  0
    S3000  -    A   30    8      8     2   2  0  0  -      0  0
    S4000  -    A   20    8      8     2   2  2  0  -      0  0
    S5000  -    A   10    8      8     2   2  3  0  -      0  0
    S6000  -    A   20    8      8     2   2  9  0  -      0  0
    S7000  -    A   30    18     18    2   2  0  0  -      1  0
    S8000  -    A   800   150    150   50  2  1  0  -      0  0
    E1000  -    A   20    8      8     2   2  0  0  -      0  0
    E2000  -    A   35    12     12    3   3  0  0  E1000  0  0
    E3000  -    A   30    8      8     2   3  0  0  E1000  0  0
    E4000  -    A   15    3      3     2   2  0  0  -      0  0
    E5000  -    A   25    3      3     2   3  0  0  E4000  0  0
    E6000  -    A   200   80     80    20  2  0  0  -      0  0
    E7000  -    A   350   120    120   30  3  0  0  E6000  0  0
    I1000  -    A   10    28     28    2   4  0  1  -      0  0
    I1000  26   A   10    4      4     1   4  0  1  -      0  0
    I1000  TC   A   0     24     24    1   4  0  1  -      0  0
    I2000  -    A   8     20     20    2   4  0  1  -      10 1
    I2000  26   A   8     3      3     1   4  0  1  -      0  0
    I2000  TC   A   0     17     17    1   4  0  1  -      7  0
    I3000  -    A   10    30     30    2   4  0  1  -      22 2
    I3000  26   A   10    3      3     1   4  0  1  -      0  0
    I3000  TC   A   0     27     27    1   4  0  1  -      19 1
    71250  -    A   10    28     28    2   4  0  1  -      0  0
    71250  26   A   10    4      4     1   4  0  1  -      0  0
    71250  TC   A   0     24     24    1   4  0  1  -      0  0
    T1000  -    A   4     4      4     0   5  0  7  -      0  0
    T2000  -    A   4     6      6     0   5  0  7  -      0  0
    Y1000  -    A   4     6      6     0   7  3  1  -      0  0
    Y1000  26   A   4     2      2     0   7  3  1  -      0  0
    Y1000  TC   A   0     4      4     0   7  3  1  -      0  0
    K1000  -    A   0     8      8     0   6  0  3  -      0  0
    K2000  -    A   0     6      6     0   6  0  3  -      0  0
    K3000  -    A   2     6      6     0   6  0  4  -      0  0
    K4000  -    A   2     6      6     0   6  0  4  -      0  0
    K5000  -    A   2     2      2     0   0  0  2  -      0  0
    K6000  -    A   0     3      3     0   6  0  3  -      0  0
    K7000  -    A   0     1      1     0   6  0  3  -      0  0
    A1000  -    J   0     0      0     0   9  9  9  -      0  0
    A3000  -    J   0     0      0     0   9  9  9  -      0  0
    01953  -    J   0     0      0     0   9  9  9  -      0  0
    01968  -    J   0     0      0     0   9  9  9  -      0  0
    A2000  -    J   0     0      0     0   9  9  9  -      0  0
    C1000  -    C   0     0      0     0   9  9  9  -      20 0
    N1000  -    N   5     5      5     0   9  9  9  -      0  0
    N2000  -    X   5     5      5     0   9  9  9  -      0  0
    N3000  -    E   5     5      5     0   9  9  9  -      0  0
    N4000  -    I   5     5      5     0   9  9  9  -      0  0
    N5000  -    G   5     5      5     0   9  9  9  -      0  0
    N6000  -    M   5     5      5     0   9  9  9  -      0  0
    N7000  -    Q   5     5      5     0   9  9  9  -      0  0
    N8000  -    D   5     5      5     0   9  9  9  -      0  0
    N9000  -    F   5     5      5     0   9  9  9  -      0  0
    N9100  -    H   5     5      5     0   9  9  9  -      0  0
    LB100  -    X   0     0      0     0   9  9  9  -      0  0
    DR100  -    E   0     0      0     0   9  9  9  -      0  0
    SU100  -    P   0     0      0     0   9  9  9  -      0  0
    B1000  -    B   0     0      0     0   9  9  9  -      0  0
    X1000  -    T   1     1      1     0   0  0  0  -      0  0
    X5000  -    A   1     1      1     0   0  0  5  -      0  0
    99213  -    A   6     3      1     1   0  0  0  -      0  0
    99291  -    A   6     3      1     1   0  0  0  -      0  0
    G2211  -    A   2     1      1     0   0  0  0  -      0  0
    G0439  -    A   6     3      1     1   0  0  0  -      0  0
    H1000  -    A   6     3      1     1   0  0  0  -      0  0
    H2000  -    A   6     3      1     1   0  0  0  -      0  0
    P1000  -    A   6     3      1     1   0  0  0  -      0  0
    P2000  -    A   6     3      1     1   0  0  0  -      0  0
    P3000  -    A   6     3      1     1   0  0  0  -      0  0
    M1000  -    A   6     3      1     1   0  0  0  -      0  0
    M2000  -    A   6     3      1     1   0  0  0  -      0  0
    M3000  -    A   6     3      1     1   0  0  0  -      0  0
    M7000  -    A   6     3      1     1   0  0  0  -      0  0
    M4000  -    A   6     3      1     1   0  0  0  -      0  0
    M5000  -    A   6     3      1     1   0  0  0  -      0  0
    M6000  -    A   4     5      5     1   0  0  1  -      0  0
    M6000  26   A   4     1      1     0   0  0  1  -      0  0
    M6000  TC   A   0     4      4     1   0  0  1  -      0  0
    D1000  -    A   30    8      8     2   2  0  0  -      0  0
    D1000  53   A   15    4      4     1   2  0  0  -      0  0
"""

INDICATORS = {
    "S1000": {"assistant_surgeon_indicator": "2", "co_surgeon_indicator": "2", "team_surgeon_indicator": "1",
              "preoperative_share": "0.10", "intraoperative_share": "0.70", "postoperative_share": "0.20",
              "global_days": "090"},
    "S8000": {"preoperative_share": "0.10", "intraoperative_share": "0.70", "postoperative_share": "0.20",
              "global_days": "090"},
    "M6000": {"assistant_surgeon_indicator": "2", "co_surgeon_indicator": "2"},
    "S2000": {"assistant_surgeon_indicator": "1"},
    "S3000": {"assistant_surgeon_indicator": "0"},
    "H1000": {"global_days": "010"},
    "H2000": {"global_days": "000"},
}  # fmt: skip


def write_schedule(file: Path) -> None:
    """Write a database with the tables that pricing reads."""
    con = small.release(
        _codes(), "mac loc gw gpe gmp\n01112 05 1 1 1\n01112 09 1.1 1.1 1.1", released="2025-01-01"
    )
    small.copy_curated(con)
    con.execute("UPDATE locality SET anesthesia_conversion_factor = 20.00")
    con.execute(
        "UPDATE locality SET qp_anesthesia_conversion_factor = 20.10 WHERE locality_number = '05'"
    )
    # The OPPS values of I2000 are others for those who qualify as participants in an Advanced APM.
    con.execute(
        "UPDATE rvu SET qp_nonfacility_opps_pe_rvu = nonfacility_opps_pe_rvu - 1, "
        "qp_facility_opps_pe_rvu = facility_opps_pe_rvu - 1, qp_opps_mp_rvu = opps_mp_rvu "
        "WHERE hcpcs_code = 'I2000' AND modifier <> '26'"
    )
    declared = schedule().tables
    for name in ("zip_locality", "zip9_locality", "anesthesia_base_unit"):
        database.create(con, declared[name])
    con.execute(
        "CREATE TABLE release AS FROM (VALUES ('RVU25A', 'pfs', ''), ('NCCI25Q1P', 'ncci', 'practitioner'), "
        "('MUE25Q1P', 'mue', 'practitioner')) AS held (release_id, schedule, series), "
        "(SELECT 2025::SMALLINT AS calendar_year, DATE '2025-01-01' AS effective_from, "
        "DATE '2025-03-31' AS effective_to, true AS is_current, true AS is_latest, '' AS missing_files)"
    )
    con.execute(
        "INSERT INTO zip_locality BY NAME SELECT zip_code, DATE '2025-01-01' AS effective_from, "
        "DATE '2025-03-31' AS effective_to, '01112' AS mac, '05' AS locality_number, "
        "zip_code = '94999' AS zip4_decides, 'CA' AS state, 'CA' AS cms_state_code, '' AS rural_indicator, "
        "'' AS rural_indicator_2006, 'Z9' AS laboratory_bid_locality, 'A' AS part_b_payment_indicator, "
        "'20251' AS year_quarter, 'made' AS source_file, 1 AS source_line "
        "FROM (VALUES ('94110'), ('94999')) AS zips (zip_code)"
    )
    con.execute(
        "INSERT INTO zip9_locality BY NAME SELECT '94999' AS zip_code, '0001' AS plus_four, "
        "DATE '2025-01-01' AS effective_from, DATE '2025-03-31' AS effective_to, '01112' AS mac, "
        "'09' AS locality_number, true AS zip4_decides, 'CA' AS state, 'CA' AS cms_state_code, "
        "'' AS rural_indicator, 'A' AS part_b_payment_indicator, '20251' AS year_quarter, "
        "'made' AS source_file, 1 AS source_line"
    )
    con.execute(
        "INSERT INTO anesthesia_base_unit VALUES (2025, 'A1000', 5, 'made', 1), (2025, 'A2000', 3, 'made', 2), "
        "(2025, 'A3000', 4, 'made', 3), (2025, '01953', 1, 'made', 4), (2025, '01968', 2, 'made', 5)"
    )
    con.execute("INSERT INTO anesthesia_without_time VALUES ('A2000', '', '', '')")
    con.execute(
        "INSERT INTO global_test_part VALUES ('K4000', 'K5000', 'pc', '', ''), "
        "('K4000', 'K6000', 'tc', '', ''), ('K4000', 'K7000', 'tc', '', '')"
    )
    write_own(con)
    _write_edits(con)
    con.execute(f"ATTACH {quoted(str(file))} AS written")
    for name in READS:
        con.execute(f"CREATE TABLE written.{name} AS FROM {name}")
    con.close()


def _write_edits(con: duckdb.DuckDBPyConnection) -> None:
    """Pairs with P1000 in column one, limits of M1000 to M7000, A2000 and miles, and equipment that suppliers bill."""
    for name in ("ncci_pair", "mue"):
        database.create(con, catalog().tables[name])
    con.execute(f"CREATE TABLE ncci_modifier AS FROM {literal_path(NCCI_MODIFIERS)}")
    con.execute(
        "INSERT INTO ncci_pair BY NAME SELECT 'NCCI25Q1P' AS release_id, 'practitioner' AS setting, 'P1000' AS column1, *, "
        "if(effective_to IS NULL, 'in_force', 'deleted') AS edit_status, 'made' AS rationale, false AS before_1996, "
        "'made' AS source_file, 1 AS source_line FROM (VALUES ('P2000', DATE '2004-01-01', NULL, '1'), "
        "('P3000', DATE '2004-01-01', DATE '2025-02-10', '0'), ('V1000', DATE '2004-01-01', DATE '2025-01-31', '0')) "
        "AS edit (column2, effective_from, effective_to, modifier_indicator)"
    )
    con.execute(
        "INSERT INTO mue BY NAME SELECT 'MUE25Q1P' AS release_id, 'practitioner' AS setting, *, 'limited' AS limit_status, "
        "'made' AS rationale, 'made' AS source_file, 1 AS source_line FROM (VALUES ('M1000', 2, '1'), ('M2000', 2, '2'), "
        "('M3000', 1, '3'), ('M4000', 0, '2'), ('M5000', 0, '2'), ('M6000', 1, '2'), ('A2000', 1, '2'), ('A0436', 20, '2'), ('M7000', 2, 'unknown')) AS edit (hcpcs_code, units, adjudication_indicator)"
    )
    con.execute("INSERT INTO dme_fee VALUES ('DMEPOS25Q1', 'M5000', 'NU', '', 'CA', false, 10.00)")


def _codes() -> str:
    """The rows of CODES with the conversion factor and the further indicators of each code."""
    further = sorted({name for named in INDICATORS.values() for name in named})
    heading, *lines = CODES.strip().splitlines()
    written = [" ".join([*heading.split(), "facility_opps_pe_rvu", "conversion_factor", *further])]
    for line in lines:
        cells = line.split()
        own = INDICATORS.get(cells[0], {})
        written.append(
            " ".join([*cells, cells[-2], "10.0000", *(own.get(name, "0") for name in further)])
        )
    return "\n".join(written)


def lines(claim_id: str, billed: str, **said: Any) -> list[dict[str, Any]]:
    """The lines of one claim, as in ``S1000-50 T1000:3``: codes with modifiers and units.

    ``T1000@E/65`` is rendered by E, whose specialty is 65, and ``V1000+10`` ten days later. What the
    lines have in common is said by the columns of a claim line.
    """
    place = {"service_mac": "01112", "service_locality_number": "05"}
    place |= {"claim_id": claim_id, "patient_id": claim_id, "date_of_service": date(2025, 2, 1)}
    found = []
    for number, written in enumerate(billed.split(), start=1):
        parts = WRITTEN.fullmatch(written)
        code, *modifiers = parts["code"].split("-")
        modifiers += [""] * (4 - len(modifiers))
        named = {f"modifier_{n}": modifiers[n - 1] for n in (1, 2, 3, 4)}
        units = Decimal(parts["units"] or 1)
        numbered = {"claim_line_number": number, "hcpcs_code": code, "units": units}
        line = ORDINARY | place | numbered | named | said
        if parts["days"]:
            line["date_of_service"] += timedelta(days=int(parts["days"]))
        own = {"provider_id": parts["provider"], "provider_specialty": parts["specialty"]}
        found.append(line | {name: text for name, text in own.items() if text})
    return found


def allowed(line: dict[str, Any]) -> str:
    """The amount of a priced line, or the reason why there is none."""
    return line["reason"] or str(line["allowed_amount"])
