"""Small tables in, small tables out: a release in miniature, written as text in a test.

Only the columns that a rule is about are written; the others have the values of an ordinary
office service.
"""

from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from pipeline.schedules.pfs import tables
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.release_tables import MODEL
from pipeline.store import database
from schemas.polars_types import polars_type

ORDINARY = {
    "modifier": "",
    "description": "",
    "status_code": "A",
    "not_used_for_medicare": False,
    "work_rvu": "0",
    "nonfacility_pe_rvu": "0",
    "facility_pe_rvu": "0",
    "mp_rvu": "0",
    "nonfacility_na": False,
    "facility_na": False,
    "pctc_indicator": "0",
    "global_days": "XXX",
    "preoperative_share": "0",
    "intraoperative_share": "0",
    "postoperative_share": "0",
    "multiple_procedure_indicator": "0",
    "bilateral_indicator": "0",
    "assistant_surgeon_indicator": "0",
    "co_surgeon_indicator": "0",
    "team_surgeon_indicator": "0",
    "pricing_indicator": "",
    "endoscopic_base_code": "",
    "conversion_factor": "32.3465",
    "supervision_indicator": "09",
    "calculation_flag": "0",
    "imaging_family_indicator": "99",
    "nonfacility_opps_pe_rvu": "0",
    "facility_opps_pe_rvu": "0",
    "opps_mp_rvu": "0",
    "state": "",
    "locality_name": "",
    "state_name": "",
    "fee_schedule_area": "",
    "counties": "",
    # NULL: most files have neither.
    "work_gpci_without_floor": None,
    "qp_anesthesia_conversion_factor": None,
}

# Short headings for the columns that nearly every test names.
SHORT = {
    "code": "hcpcs_code",
    "mod": "modifier",
    "st": "status_code",
    "work": "work_rvu",
    "nf_pe": "nonfacility_pe_rvu",
    "f_pe": "facility_pe_rvu",
    "mp": "mp_rvu",
    "opps_pe": "nonfacility_opps_pe_rvu",
    "opps_mp": "opps_mp_rvu",
    "loc": "locality_number",
    "gw": "work_gpci",
    "gpe": "pe_gpci",
    "gmp": "mp_gpci",
}


@cache
def curated() -> Path:
    """A database with all curated tables, which are read from their files once."""
    path = Path(_FOLDER.name) / "curated.duckdb"
    with duckdb.connect(str(path)) as con:
        tables.load_reference(con, tables.REFERENCE)
    return path


_FOLDER = TemporaryDirectory(prefix="pfs-curated-")


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a table written as text: headings first, cells divided by blanks, - for ''."""
    heading, *lines = [line.split() for line in text.strip().splitlines()]
    names = [SHORT.get(name, name) for name in heading]
    return [dict(zip(names, ("" if x == "-" else x for x in line), strict=True)) for line in lines]


def release(
    pprrvu: str,
    gpci: str = "",
    year: int = 2025,
    qpp: str = "",
    released: str = "",
    later: tuple[str, ...] = (),
    **others: str,
):
    """A database with the tables of one release in miniature.

    ``later`` are the tables wanted that follow from its payments, of ``MODEL.later``. ``others`` are
    the other files, ``unread`` the name of one that was not read, ``remark`` the check of something
    that was said of one, and ``national_anes`` the factor in the header of ANES.
    """
    con = database.connect(threads=1)
    con.execute("CREATE SCHEMA stage")
    # Curated tables are found where they are.
    con.execute(f"ATTACH '{curated()}' AS curated (READ_ONLY)")
    con.execute("SET search_path = 'memory,curated'")
    stage(con, "pprrvu", pprrvu)
    stage(con, "gpci", gpci)
    for kind in ("anes", "locco", "oppscap"):
        stage(con, kind, others.get(kind, ""))
    con.execute(
        "CREATE TABLE stage.row_count AS "
        "SELECT 'pprrvu' AS file_kind, count(*)::INTEGER AS row_count, 1 AS form_count "
        "FROM stage.pprrvu"
    )
    con.execute("CREATE TABLE stage.unread_file (file_kind VARCHAR, file VARCHAR, reason VARCHAR)")
    con.execute("CREATE TABLE stage.remark (check_name VARCHAR, file_kind VARCHAR, remark VARCHAR)")
    con.execute(
        "CREATE TABLE stage.anes_header (conversion_factor_class VARCHAR, national_factor DECIMAL(9,6))"
    )
    if "unread" in others:
        con.execute("INSERT INTO stage.unread_file VALUES ('gpci', ?, 'why')", [others["unread"]])
    if "remark" in others:
        row = [others["remark"], "a sentence on the file"]
        con.execute("INSERT INTO stage.remark VALUES (?, 'pprrvu', ?)", row)
    if "national_anes" in others:
        con.execute("INSERT INTO stage.anes_header VALUES ('all', ?)", [others["national_anes"]])
    con.execute("CREATE TABLE stage.pprrvu_qpp AS FROM stage.pprrvu LIMIT 0")
    if qpp:
        con.register("incoming", frame("pprrvu", qpp))
        con.execute("INSERT INTO stage.pprrvu_qpp BY NAME FROM incoming")
    con.execute(
        "CREATE TABLE this_release AS SELECT ? AS release_id, ? AS posting_id, "
        "?::SMALLINT AS calendar_year, "
        "?::DATE AS effective_from, false AS is_sample, 'test' AS main_file",
        [f"RVU{year % 100}A", f"RVU{year % 100}A@{released}", year, f"{year}-01-01"],
    )
    con.execute(f"CREATE TABLE release_factor AS {tables.release_factor_query()}")
    for name, query in (MODEL.tables | {name: MODEL.later[name] for name in later}).items():
        database.insert_query(con, schedule().tables[name], query())
    con.execute(f"CREATE VIEW payment_locality AS {tables.payment_locality_query()}")
    return con


def copy_curated(con) -> None:
    """Make the curated tables those of the release, for what writes on them."""
    for name in tables.REFERENCE:
        con.execute(f"CREATE TABLE {name} AS FROM curated.{name}")


def stage(con, kind: str, text: str) -> None:
    """Create a stage table from a table written as text; an empty one from ''."""
    table = schedule().tables[f"stage.{kind}"]
    if text:
        database.insert_frame(con, table, frame(kind, text))
    else:
        database.create(con, table)


def frame(kind: str, text: str) -> pl.DataFrame:
    """The typed frame of one of CMS's files from a table written as text."""
    table = schedule().tables[f"stage.{kind}"]
    written = rows(text)
    for number, row in enumerate(written, start=1):
        _complete(row, number)
    columns = [
        pl.Series(
            column.name,
            [
                None if row[column.name] is None else _typed(row[column.name], column)
                for row in written
            ],
        )
        .cast(polars_type(column))
        .alias(column.name)
        for column in table.columns
    ]
    return pl.DataFrame(columns)


def _complete(row: dict, number: int) -> None:
    for name, value in ORDINARY.items():
        row.setdefault(name, value)
    row.setdefault("facility_pe_rvu", row["nonfacility_pe_rvu"])
    if "nonfacility_opps_pe_rvu" in row and row["facility_opps_pe_rvu"] == "0":
        row["facility_opps_pe_rvu"] = row["nonfacility_opps_pe_rvu"]
    work, mp = Decimal(row["work_rvu"]), Decimal(row["mp_rvu"])
    row.setdefault("nonfacility_total_rvu", work + Decimal(row["nonfacility_pe_rvu"]) + mp)
    row.setdefault("facility_total_rvu", work + Decimal(row["facility_pe_rvu"]) + mp)
    row.setdefault("source_line", number)


def _typed(value, column):
    if column.is_decimal:
        return Decimal(str(value))
    if column.type == "BOOLEAN":
        return value if isinstance(value, bool) else value in ("yes", "NA", "+")
    return int(value) if column.type in ("INTEGER", "SMALLINT") else str(value)


def answer(con, query: str) -> list[dict[str, str]]:
    """The rows of a query as texts, NULL as 'NULL', for comparison with ``rows``."""
    relation = con.sql(query)
    return [
        {
            name: "NULL" if cell is None else str(cell)
            for name, cell in zip(relation.columns, row, strict=True)
        }
        for row in relation.fetchall()
    ]
