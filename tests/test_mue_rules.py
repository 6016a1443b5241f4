"""Medically Unlikely Edits, by small tables: which release a file is, what it limits, what changed."""

from datetime import date

import duckdb
import pytest

from pipeline.errors import RefusedError
from pipeline.read.sort import kind_of
from pipeline.release.quarter import period
from pipeline.schedules.mue.change import mue_change_query
from pipeline.schedules.mue.definition import MUE, mue_query
from pipeline.schedules.mue.identity import identify
from pipeline.schedules.mue.periods import missing_release
from pipeline.store import database
from pipeline.store.sql import load_checks
from tests.helpers.staged import staged

PRACTITIONER = "HCPCS/ CPT Code Practitioner Services MUE Values MUE Adjudication Indicator"
HOSPITAL = PRACTITIONER.replace("Practitioner", "Outpatient Hospital")
SUPPLIER = PRACTITIONER.replace("Practitioner", "DME Supplier")
NAME = "MCR_MUE_{}_Eff_{}.csv"

# ---------------------------------------------------------------- which release


@pytest.mark.parametrize(
    ("head", "bundle", "file", "release_id"),
    [
        (PRACTITIONER, "ncci", ("PractitionerServices", "04-01-2026"), "MUE26Q2P"),
        (HOSPITAL, "", ("OutpatientHospitalServices", "07-01-2026"), "MUE26Q3H"),
        (SUPPLIER, "", ("DMESupplierServices", "01-01-2027"), "MUE27Q1S"),
        (
            SUPPLIER,
            "medicare-ncci-2026q4-dme-supplier-services-mue-table.zip",
            ("DMESupplierServices", "10-01-2026"),
            "MUE26Q4S",
        ),
        # A name that leaves out the setting contradicts nothing.
        (HOSPITAL, "medicare-ncci-2026-q2", ("Table", "04-01-2026"), "MUE26Q2H"),
    ],
)
def test_head_and_names_say_setting_and_quarter(head, bundle, file, release_id) -> None:
    found = identify(
        ["copyright 2025 American Medical Association", head], bundle, NAME.format(*file)
    )
    assert found.release_id == release_id
    series = {"P": "practitioner", "H": "outpatient_hospital", "S": "dme_supplier"}
    assert found.series == series[release_id[-1]]
    assert found.calendar_year == 2000 + int(release_id[3:5])


@pytest.mark.parametrize(
    "name",
    ["MCR_MUE_PractitionerServices_Eff_01_01_2027.csv", "MCR MUE Practitioner Services Eff 01.01.2027.xlsx",
     "MCR-MUE-PractitionerServices-Eff-01012027.csv"],
)  # fmt: skip
def test_the_words_and_the_day_of_a_name_may_be_parted_in_any_way(name) -> None:
    assert identify([PRACTITIONER], "", name).release_id == "MUE27Q1P"
    kind = kind_of(name)
    assert kind is not None and kind.name == "mue"
    assert kind.posting_of(name) == "day 010127 setting practitioner"


@pytest.mark.parametrize(
    ("head", "bundle", "file", "words"),
    [
        (HOSPITAL, "", "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv", "speaks of outpatient hospitals"),
        (HOSPITAL, "practitioner", "MCR_MUE_Eff_04-01-2026.csv", "the name practitioner of practitioners"),
        ("HCPCS MUE Values", "", "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv", "for whom the edits are"),
        (PRACTITIONER, "", "MCR_MUE_PractitionerServices.csv", "from which day"),
        (PRACTITIONER, "", "MCR_MUE_PractitionerServices_Eff_04-31-2026.csv", "is no day"),
        (PRACTITIONER, "", "MCR_MUE_PractitionerServices_Eff_05-01-2026.csv", "no first day of a quarter"),
        (PRACTITIONER, "ncci-2026q3", "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv", "another quarter"),
    ],
)  # fmt: skip
def test_what_does_not_say_its_setting_and_quarter_or_contradicts_itself_is_refused(
    head, bundle, file, words
) -> None:
    with pytest.raises(RefusedError, match=words):
        identify([head], bundle, file)


def test_a_release_is_for_its_quarter_and_a_missing_one_is_asked_for_by_setting() -> None:
    assert period("MUE26Q2P", 2026) == (date(2026, 4, 1), date(2026, 6, 30))
    held = [
        {"release_id": "MUE26Q2P", "effective_from": "2026-04-01", "effective_to": "2026-06-30"},
        {"release_id": "MUE26Q3S", "effective_from": "2026-07-01", "effective_to": "2026-09-30"},
    ]
    assert missing_release(held, date(2026, 6, 30)).sentence.count("Get them") == 1
    sentence = missing_release(held, date(2026, 7, 1)).sentence
    assert "Edits of it (MUE26Q3P) are loaded; the latest is MUE26Q2P" in sentence
    # A setting that nobody loads is not asked for.
    missing = missing_release(held, date(2026, 10, 1))
    assert (missing.release_ids, missing.latest) == (("MUE26Q4P", "MUE26Q4S"), "MUE26Q3S")


# ---------------------------------------------------------------- what is limited

SOUND = """
    code   units  adjudication
    99291  1      2 Date of Service Edit: Policy
    J0881  500    3 Date of Service Edit: Clinical
    A4253  0      3 Date of Service Edit: Clinical
    G0008  1      1 Line Edit
"""

RATIONALES = {"1 Without": "", "2 Clinical policy": "Clinical: Data", "3 Clinical, of a label": "Prescribing Information"}  # fmt: skip


def release(text: str, series: str = "practitioner") -> duckdb.DuckDBPyConnection:
    """A release of the second quarter of 2026 whose file has those rows."""
    lines = [line.split(maxsplit=2) for line in text.strip().splitlines()[1:]]
    rows = [
        {
            "hcpcs_code": code,
            "units": int(units),
            "adjudication": adjudication,
            "rationale": RATIONALES.get(adjudication, "CMS Policy"),
            "source_line": number,
        }
        for number, (code, units, adjudication) in enumerate(lines, start=11)
    ]
    con = staged(
        MUE.declared, {"mue": rows}, release_id="MUE26Q2P", series=series, main_file="MCR_MUE.csv"
    )
    con.execute(f"CREATE TABLE mue AS {mue_query()}")
    return con


def test_a_limit_of_0_is_never_payable_in_its_setting() -> None:
    found = release(SOUND, "dme_supplier").sql(
        "SELECT setting, hcpcs_code, units, limit_status, adjudication_indicator "
        f"FROM ({mue_query()}) ORDER BY hcpcs_code"
    )
    assert found.fetchall() == [
        ("dme_supplier", "99291", 1, "limited", "2"),
        ("dme_supplier", "A4253", 0, "never_payable", "3"),
        ("dme_supplier", "G0008", 1, "limited", "1"),
        ("dme_supplier", "J0881", 500, "limited", "3"),
    ]


# The name of a check, and the smallest file in which it finds something.
BROKEN = {
    "words_say_their_indicator": "code units adjudication\nG0008 1 2 Line Edit",
    "indicators_are_known": "code units adjudication\nG0008 1 4 Month Edit",
    "limits_have_their_rationale": "code units adjudication\n99291 1 1\nG0008 1 1 Without",
    "few_codes_are_never_payable": "code units adjudication\nG0008 0 1 Line Edit",
    "limits_fit_their_rationale": "code units adjudication\n99291 1 2 Clinical policy\nG0008 1 1 Line Edit",
}
CHECKS = {check.name: check for check in load_checks(MUE.release_checks)}


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_what_breaks_its_rule_and_nothing_else(name: str) -> None:
    query = CHECKS[name].query
    assert release(SOUND).sql(query).fetchall() == []
    assert [row[0] for row in release(BROKEN[name]).sql(query).fetchall()] == ["mue"]


def test_a_limit_of_0_does_not_follow_from_what_a_label_allows() -> None:
    rows = "code units adjudication\nJ0881 0 3 Clinical, of a label\nJ0882 1 3 Clinical, of a label"
    query = CHECKS["limits_fit_their_rationale"].query
    assert [finding[:13] for *_, finding in release(rows).sql(query).fetchall()] == [
        "J0881 has 0 u"
    ]
    assert release(rows, "dme_supplier").sql(query).fetchall() == []


@pytest.mark.parametrize("adjudication", ["4 Month Edit", "4", "See note", "12"])
def test_another_indicator_is_not_known_and_the_limit_stays(adjudication: str) -> None:
    con = release(f"code units adjudication\nG0008 1 {adjudication}")
    query = "SELECT units, limit_status, adjudication_indicator FROM mue"
    assert con.sql(query).fetchall() == [(1, "limited", "unknown")]
    assert con.sql(CHECKS["words_say_their_indicator"].query).fetchall() == []


def test_an_indicator_without_words_is_its_digit() -> None:
    con = release("code units adjudication\nG0008 1 2")
    assert con.sql(CHECKS["words_say_their_indicator"].query).fetchall() == []
    assert con.sql(f"SELECT adjudication_indicator FROM ({mue_query()})").fetchall() == [("2",)]


@pytest.mark.parametrize(
    ("name", "mue", "count"),
    [
        ("limits_have_their_status", "'practitioner', 'A4253', 0, 'limited'", 1),
        ("limits_have_their_status", "'dme_supplier', 'A4253', 1, 'limited'", 1),
        ("limits_have_their_status", "'practitioner', 'A4253', 0, 'never_payable'", 0),
        ("practitioners_are_paid_what_the_pfs_pays", "'practitioner', '99291', 0, 'never_payable'", 1),
        ("practitioners_are_paid_what_the_pfs_pays", "'dme_supplier', '99291', 0, 'never_payable'", 0),
        ("practitioners_are_paid_what_the_pfs_pays", "'practitioner', 'A4253', 0, 'never_payable'", 0),
        ("practitioners_are_paid_what_the_pfs_pays", "'practitioner', 'A4890', 0, 'never_payable'", 0),
    ],
)  # fmt: skip
def test_checks_of_the_warehouse_find_what_breaks_their_rule(
    name: str, mue: str, count: int
) -> None:
    columns = "setting, hcpcs_code, units, limit_status"
    quarter = "DATE '2026-04-01' AS effective_from, DATE '2026-06-30' AS effective_to"
    with database.connect(1) as con:
        con.execute(
            f"CREATE TABLE mue AS SELECT 'MUE26Q2P' AS release_id, * FROM (VALUES ({mue})) AS t({columns})"
        )
        con.execute(
            "CREATE TABLE release AS SELECT 'MUE26Q2P' AS release_id, 'practitioner' AS series, true AS is_current"
        )
        con.execute(f"CREATE VIEW mue_in_force AS SELECT *, {quarter} FROM mue")
        con.execute(
            f"CREATE TABLE rvu_in_force AS SELECT 'RVU26B' AS release_id, '' AS modifier, 0 AS nonfacility_total_rvu, {quarter}, * FROM "
            "(VALUES ('99291', 'A', 6.36), ('A4253', 'P', 6.36), ('A4890', 'R', 0)) "
            "AS t(hcpcs_code, status_code, facility_total_rvu)"
        )  # fmt: skip
        [check] = [x for x in load_checks(MUE.warehouse_checks) if x.name == name]
        assert len(con.sql(check.query).fetchall()) == count


# ---------------------------------------------------------------- what changed


def test_what_changed_is_added_ended_raised_lowered_or_reworded() -> None:
    with database.connect(1) as con:
        con.execute("""
            CREATE TABLE mue AS SELECT 'practitioner' AS setting, * FROM (VALUES
                ('MUE26Q2P', 'G0001', 1, '2', 'CMS Policy'), ('MUE26Q3P', 'G0001', 2, '2', 'CMS Policy'),
                ('MUE26Q2P', 'G0002', 1, '2', 'CMS Policy'), ('MUE26Q3P', 'G0002', 0, '2', 'CMS Policy'),
                ('MUE26Q2P', 'G0003', 1, '2', 'CMS Policy'), ('MUE26Q3P', 'G0003', 1, '3', 'CMS Policy'),
                ('MUE26Q2P', 'G0004', 1, '2', 'CMS Policy'), ('MUE26Q3P', 'G0004', 1, '2', 'Clinical: Data'),
                ('MUE26Q2P', 'G0005', 1, '2', 'CMS Policy'), ('MUE26Q3P', 'G0005', 1, '2', 'CMS Policy'),
                ('MUE26Q2P', 'G0006', 1, '2', 'CMS Policy'), ('MUE26Q3P', 'G0007', 0, '3', 'CMS Policy')
            ) AS t(release_id, hcpcs_code, units, adjudication_indicator, rationale)
        """)
        query = mue_change_query(
            "(SELECT 'MUE26Q3P' AS release_id, 'MUE26Q2P' AS previous_release_id)"
        )
        found = con.sql(
            f"SELECT setting, hcpcs_code, change_kind, units_before, units_after FROM ({query}) ORDER BY 2"
        ).fetchall()
    assert found == [
        ("practitioner", "G0001", "raised", 1, 2),
        ("practitioner", "G0002", "lowered", 1, 0),
        ("practitioner", "G0003", "reworded", 1, 1),
        ("practitioner", "G0004", "reworded", 1, 1),
        ("practitioner", "G0006", "ended", 1, None),
        ("practitioner", "G0007", "added", None, 0),
    ]
