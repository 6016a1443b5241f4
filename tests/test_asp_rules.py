"""Payment limits of drugs by small tables: which files, what a drug pays, what changed."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from pipeline.read.sort import kind_of
from pipeline.schedules.asp.change import drug_limit_change_query
from pipeline.schedules.asp.definition import ASP, drug_limit_query
from pipeline.schedules.asp.listing import LISTING
from pipeline.schedules.asp.periods import missing_release
from pipeline.schedules.ndc.definition import NDC
from pipeline.schedules.ndc.periods import missing_release as missing_crosswalk
from pipeline.store import database
from pipeline.store.sql import load_checks
from tests.helpers.staged import staged

# ---------------------------------------------------------------- which files


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("section 508 version of Jan 2025 ASP Pricing File updated 030725.csv", "asp"),
        ("section 508 verision of JUL 2025 ASP Pricing File 062325.csv", "asp"),
        ("section 508 vesrion of April 2024 ASP Pricing File 031924.csv", "asp"),
        ("Jan 2025 ASP Pricing File updated 030725.xls", "asp"),
        (
            "Section 508 Version of January 2026 Medicare Part B Payment Limit File 121825.csv",
            "asp",
        ),
        ("april-2026-medicare-part-b-payment-limit-files.xlsx", "asp"),
        ("section 508 version of January 2025 ASP NDC-HCPCS Crosswalk 122024.csv", "ndc"),
        ("January 2025 ASP NDC-HCPCS Crosswalk 122024.xls", "ndc"),
        ("section 508 version of January 2025 NOC Pricing File 121924.csv", None),
        ("section 508 version of January 2025 AWP NDC-HCPCS Crosswalk 122024.csv", None),
        ("section 508 version of January 2025 NOC NDC-HCPCS Crosswalk 122024.csv", None),
        ("section 508 version of January 2025 OPPS NDC-HCPCS Crosswalk 122024.csv", None),
    ],
)
def test_a_file_is_told_by_its_name_however_it_is_spelled(name: str, kind: str | None) -> None:
    found = kind_of(name)
    assert (found and found.name) == kind


def test_drugs_without_a_code_of_their_own_are_no_limits_when_the_name_spells_it_out() -> None:
    words = "January 2027 Not Otherwise Classified Payment Limit"
    assert kind_of(f"{words} File 122126.csv") is None
    assert LISTING.name_of(f"{words} Files.zip".replace(" ", "-")) == ""


def test_files_of_one_posting_go_together_and_of_others_apart() -> None:
    names = [
        "Jan 2025 ASP Pricing File updated 030725.xls",
        "section 508 version of January 2025 ASP Pricing File updated 030725.csv",
        "section 508 version of Jan 2025 ASP Pricing File 121924.csv",
        "section 508 verision of JUL 2025 ASP Pricing File 062325.csv",
    ]
    postings = [kind_of(name).posting_of(name) for name in names]
    assert postings[0] == postings[1]
    assert len(set(postings)) == 3


def test_a_quarter_that_nobody_loaded_is_asked_for() -> None:
    held = [{"release_id": "ASP25Q1", "effective_from": "2025-01-01", "effective_to": "2025-03-31"}]
    assert missing_release(held, date(2025, 3, 31)) is None
    assert (
        "(ASP25Q2) are loaded; the latest is ASP25Q1"
        in missing_release(held, date(2025, 4, 1)).sentence
    )
    assert "(NDC25Q2)" in missing_crosswalk([], date(2025, 4, 1)).sentence


# ---------------------------------------------------------------- what a drug pays

# Of a code: its dosage, limit, share of the patient, vaccine and blood columns, note.
Row = tuple[str, str, str, str, str, str, str]
SOUND: list[Row] = [
    ("J0000", "10 MG", "1.250", "20.000", "", "", ""),
    ("A9606", "1 microCurie", "N/A", "20.000", "", "", "microCurie 100% AWP = $196.92 microCurie 100% WAC = $164.10"),
    ("90732", "0.5 ML", "131.110", "0.000", "95 131.110", "", ""),
    ("P9041", "50 ML", "10.615", "20.000", "", "95 10.615", ""),
    ("Q5126", "10 MG", "48.788", "19.275", "", "", "Updated April 2025 - 8% of reference add-on applied - Inflation-adjusted coinsurance"),
]  # fmt: skip


# Words that say something of some codes.
DESCRIPTIONS = {"J9999": "", "J9997": "Inj, a drug, 10 mg", "Q5126": "Inj, a drug 10 mg, 2 ml"}


def decimal(text: str) -> Decimal | None:
    return Decimal(text) if text[:1].isdigit() else None


def limits(rows: list[Row] = SOUND, begins: date = date(2025, 1, 1)) -> duckdb.DuckDBPyConnection:
    """A release whose file has those rows."""
    drugs = []
    for line, (code, dosage, limit, share, vaccine, blood, note) in enumerate(rows, start=10):
        vaccine_awp, _, vaccine_limit = vaccine.partition(" ")
        blood_awp, _, blood_limit = blood.partition(" ")
        drugs.append(
            {
                "hcpcs_code": code,
                "description": DESCRIPTIONS.get(code, "Words"),
                "dosage_text": dosage,
                "payment_limit": decimal(limit),
                "limit_words": "" if decimal(limit) is not None else limit,
                "coinsurance_percent": decimal(share),
                "vaccine_awp_percent": decimal(vaccine_awp),
                "vaccine_limit": decimal(vaccine_limit),
                "blood_awp_percent": decimal(blood_awp),
                "blood_limit": decimal(blood_limit),
                "is_clotting_factor": code in ("J7213", "J9998"),
                "note": note,
                "source_line": line,
            }
        )
    con = staged(
        ASP.declared, {"asp": drugs}, release_id="ASP25Q1", calendar_year=begins.year,
        effective_from=begins, is_sample=False, main_file="ASP.csv",
    )  # fmt: skip
    con.execute(f"CREATE TABLE drug_limit AS {drug_limit_query()}")
    return con


def test_a_limit_is_for_its_dosage_and_none_is_no_price_of_zero() -> None:
    query = "SELECT hcpcs_code, dosage_quantity, dosage_unit, price_status, payment_limit, code_system FROM found ORDER BY source_line"
    assert limits().sql(f"WITH found AS ({drug_limit_query()}) {query}").fetchall() == [
        ("J0000", 10, "MG", "priced", Decimal("1.250"), "HCPCS"),
        ("A9606", 1, "MICROCURIE", "contractor_priced", None, "HCPCS"),
        ("90732", Decimal("0.5"), "ML", "priced", Decimal("131.110"), "CPT"),
        ("P9041", 50, "ML", "priced", Decimal("10.615"), "HCPCS"),
        ("Q5126", 10, "MG", "priced", Decimal("48.788"), "HCPCS"),
    ]


@pytest.mark.parametrize(
    ("limit", "status"),
    [
        ("N/A", "contractor_priced"), ("n/a", "contractor_priced"), ("Contractor priced", "contractor_priced"),
        ("", "no_fee_published"), ("See note", "no_fee_published"), ("N/A yet", "no_fee_published"),
    ],
)  # fmt: skip
def test_words_in_the_place_of_a_limit_say_why_there_is_none(limit: str, status: str) -> None:
    con = limits([("J0000", "1 MG", limit, "20.000", "", "", "")])
    query = "SELECT price_status, payment_limit FROM drug_limit"
    assert con.sql(query).fetchall() == [(status, None)]


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("1 MG", 1, "MG"), ("1MG", 1, "MG"), (".625 GM", "0.625", "GM"), (" 1.74 MG", "1.74", "MG"),
        ("100,000 UNITS", 100_000, "UNIT"), ("5 Unit", 5, "UNIT"), ("15 mcg", 15, "MCG"),
        ("1 EA", 1, "EACH"), ("1 EACH", 1, "EACH"), ("1 SQ CM", 1, "SQ CM"),
        ("PER VIAL", 1, "VIAL"), ("per dose", 1, "DOSE"), ("PER THERAPEUTIC DOSE", 1, "THERAPEUTIC DOSE"),
        # Two quantities, an upper bound, or words: no number stands for them.
        ("2.5 MG/0.5 MG", None, ""), ("3 MG & 3 MG", None, ""), ("50 MCG (250 IU)", None, ""),
        ("UP TO 1 GM", None, ""), ("Greater than 100 MG", None, ""), ("PER FACTOR VIII IU", None, ""),
        ("1 million\xa0PFU", None, ""), ("1 I.U. VWF:RCO", None, ""),
    ],
)  # fmt: skip
def test_a_dosage_is_a_number_only_where_it_is_one_plain_quantity(text, quantity, unit) -> None:
    con = limits([("J0000", text, "1.250", "20.000", "", "", "")])
    found = con.sql(f"SELECT dosage_quantity, dosage_unit, dosage_text FROM ({drug_limit_query()})")
    [(number, name, words)] = found.fetchall()
    assert (number, name) == (None if quantity is None else Decimal(quantity), unit)
    assert words == text.replace("\xa0", " ").strip()


def test_notes_become_flags() -> None:
    notes = {
        "Added January 2025 - 8% of reference add-on applied": ("2025-01-01", None, "has_reference_add_on", ""),
        "Updated April 2025": (None, "2025-04-01", "", ""),
        "Added October 2024 Inflation-adjusted coinsurance": ("2024-10-01", None, "is_inflation_adjusted", ""),
        "AMP-based payment limit": (None, None, "is_amp_based", ""),
        '"lesser of" methodology applied': (None, None, "is_lesser_of", ""),
        "Added July 2025 - see the Seasonal Influenza Vaccines Pricing webpage for current payment limits and effective dates":
            ("2025-07-01", None, "", "influenza"),
        "See COVID-19 vaccine pricing webpage for payment effective dates": (None, None, "", "covid"),
    }  # fmt: skip
    rows = [(f"J000{x}", "1 MG", "1.000", "20.000", "", "", note) for x, note in enumerate(notes)]
    con = limits(rows)
    flags = ("is_inflation_adjusted", "has_reference_add_on", "is_lesser_of", "is_amp_based")
    raised = ", ".join(f"if({flag}, '{flag}', NULL)" for flag in flags)
    found = con.sql(
        f"SELECT added_in::VARCHAR, updated_in::VARCHAR, concat_ws(',', {raised}), dated_elsewhere "
        f"FROM ({drug_limit_query()}) ORDER BY hcpcs_code"
    )
    assert found.fetchall() == list(notes.values())
    assert con.sql(CHECKS["notes_are_understood"].query).fetchall() == []


# ---------------------------------------------------------------- checks

CHECKS = {check.name: check for check in load_checks(ASP.release_checks)}

# The name of a check, and the row in which it finds something.
BROKEN: dict[str, Row] = {
    "vaccine_limits_are_payment_limits": ("90732", "1 ML", "2.000", "0.000", "95 2.001", "", ""),
    "blood_limits_are_payment_limits": ("P9041", "1 ML", "2.000", "20.000", "", "95 2.001", ""),
    "blood_products_are_no_vaccines": ("90732", "1 ML", "2.000", "20.000", "", "95 2.000", ""),
    "limits_have_their_dosage": ("J0001", "", "2.000", "20.000", "", "", ""),
    "dosages_are_quantities": ("J0001", "Inj, a drug, 1 mg", "2.000", "20.000", "", "", ""),
    "clotting_factors_stand_together": ("J9998", "1 IU", "2.000", "20.000", "", "", ""),
    "descriptions_name_their_dosage": ("J9997", "1 MG", "2.000", "20.000", "", "", ""),
    "limits_are_above_zero": ("J0001", "1 MG", "0.000", "20.000", "", "", ""),
    "notes_are_understood": ("J0001", "1 MG", "2.000", "20.000", "", "", "Ends in May"),
    "contractor_priced_drugs_say_why": ("J0001", "1 MG", "N/A", "20.000", "", "", ""),
    "adjusted_coinsurance_is_noted": ("J0001", "1 MG", "2.000", "19.275", "", "", ""),
    "limits_are_stated": ("J0001", "1 MG", "See note", "20.000", "", "", ""),
    "shares_are_percentages": ("J0001", "1 MG", "2.000", "0.200", "", "", ""),
    "shares_are_stated": ("J0001", "1 MG", "2.000", "", "", "", ""),
}
OTHER_SIDE = [
    ("vaccine_limits_are_payment_limits", ("90732", "1 ML", "N/A", "0.000", "95 2.000", "", "")),
    ("vaccine_limits_are_payment_limits", ("90732", "1 ML", "2.000", "0.000", "95", "", "")),
    ("vaccine_limits_are_payment_limits", ("90732", "1 ML", "2.000", "0.000", " 2.000", "", "")),
    ("blood_limits_are_payment_limits", ("P9041", "1 ML", "2.000", "20.000", "", "95", "")),
    ("blood_products_are_no_vaccines", ("P9041", "1 ML", "2.000", "0.000", "95 2.000", "", "")),
    ("limits_have_their_dosage", ("J9999", "1 MG", "2.000", "20.000", "", "", "")),
    ("limits_are_stated", ("90732", "1 ML", "", "0.000", "95 2.000", "", "")),
]


def test_every_check_has_an_example() -> None:
    assert {*BROKEN, "files_have_shares_since_2024"} == CHECKS.keys()


@pytest.mark.parametrize(("name", "row"), [*BROKEN.items(), *OTHER_SIDE])
def test_a_check_finds_what_breaks_its_rule_and_nothing_else(name: str, row: Row) -> None:
    query = CHECKS[name].query
    assert limits().sql(query).fetchall() == []
    [(kind, line, _)] = limits([*SOUND, row]).sql(query).fetchall()
    assert (kind, line) == ("asp", 15)


def test_a_file_without_notes_or_shares_breaks_no_check_of_them() -> None:
    without = [(*row[:3], "19.275", *row[4:6], "") for row in SOUND]
    assert limits(without).sql(CHECKS["adjusted_coinsurance_is_noted"].query).fetchall() == []
    assert limits(without).sql(CHECKS["contractor_priced_drugs_say_why"].query).fetchall() == []
    without = [(*row[:3], "", *row[4:]) for row in SOUND]
    assert limits(without).sql(CHECKS["shares_are_stated"].query).fetchall() == []


@pytest.mark.parametrize(
    ("begins", "found"), [(date(2023, 1, 1), 0), (date(2024, 1, 1), 1), (date(2027, 1, 1), 1)]
)
def test_a_file_since_2024_without_any_share_is_told(begins: date, found: int) -> None:
    check = CHECKS["files_have_shares_since_2024"]
    without = [(*row[:3], "", *row[4:]) for row in SOUND]
    assert check.severity == "warning"
    assert len(limits(without, begins).sql(check.query).fetchall()) == found
    assert limits(SOUND, begins).sql(check.query).fetchall() == []


# ---------------------------------------------------------------- change

BEFORE = [
    ("J0001", "1 MG", "1.000", "20.000", ""), ("J0002", "1 MG", "1.000", "20.000", ""),
    ("J0003", "1 MG", "0.539", "20.000", ""), ("J0004", "1 MG", "1.000", "20.000", ""),
    ("J0005", "1 MG", "1.000", "20.000", ""), ("J0006", "1 mg", "1.000", "20.000", ""),
    ("J0007", "1 MG", "N/A", "20.000", "N/A"), ("J0008", "UP TO 460 MILLION", "9.000", "20.000", ""),
    ("J0009", "up to 5 MG", "1.000", "20.000", ""),
]  # fmt: skip
AFTER = [
    ("J0001", "1 MG", "1.505", "19.500", ""), ("J0003", "0.1 MG", "0.077", "20.000", ""),
    ("J0004", "1 MG", "1.000", "19.500", "Inflation-adjusted coinsurance"), ("J0005", "1 MG", "1.000", "20.000", "Updated April 2025"),
    ("J0006", "1 MG", "1.000", "20.000", ""), ("J0007", "1 MG", "2.000", "20.000", ""),
    ("J0008", "UP TO 510 MILLION", "9.000", "20.000", ""), ("J0009", "UP TO 5 MG", "1.000", "20.000", ""),
    ("J0010", "1 MG", "1.000", "20.000", ""),
]  # fmt: skip


def test_what_changed_has_its_cause_and_other_dosages_are_not_compared() -> None:
    con = database.connect(1)
    database.create(con, ASP.declared.tables["drug_limit"])
    for release_id, rows in (("ASP24Q4", BEFORE), ("ASP25Q1", AFTER)):
        release = limits([(*row[:4], "", "", row[4]) for row in rows])
        found = release.sql(drug_limit_query()).pl()
        con.register("found", found)
        con.execute(
            f"INSERT INTO drug_limit BY NAME SELECT * REPLACE ('{release_id}' AS release_id) FROM found"
        )
    pair = "SELECT 'ASP25Q1' AS release_id, 'ASP24Q4' AS previous_release_id"
    columns = "hcpcs_code, change_kind, limit_change, limit_change_percent, changed_columns"
    found = con.sql(f"SELECT {columns} FROM ({drug_limit_change_query(pair)}) ORDER BY 1")
    assert found.fetchall() == [
        ("J0001", "repriced", Decimal("0.505"), Decimal("50.50"), "payment_limit,coinsurance_percent"),
        ("J0002", "removed", None, None, ""),
        ("J0003", "dosage_changed", None, None, "dosage_text,payment_limit"),
        ("J0004", "coinsurance_changed", Decimal(0), Decimal(0), "coinsurance_percent,note"),
        ("J0005", "terms_changed", Decimal(0), Decimal(0), "note"),
        ("J0006", "texts_only", Decimal(0), Decimal(0), "dosage_text"),
        ("J0007", "repriced", None, None, "price_status,payment_limit,note"),
        ("J0008", "dosage_changed", None, None, "dosage_text"),
        ("J0009", "texts_only", Decimal(0), Decimal(0), "dosage_text"),
        ("J0010", "added", None, None, ""),
    ]  # fmt: skip


# ---------------------------------------------------------------- checks over all releases

HELD = """
    CREATE TABLE release AS FROM (VALUES
        ('ASP25Q1', DATE '2025-01-01', true), ('NDC25Q1', DATE '2025-01-01', true), ('NDC25Q2', DATE '2025-04-01', true)
    ) AS t(release_id, effective_from, is_current);
    CREATE TABLE drug_limit AS FROM (VALUES
        ('ASP25Q1', 'J0001', 'priced', 1.000), ('ASP25Q1', 'J0002', 'contractor_priced', NULL)
    ) AS t(release_id, hcpcs_code, price_status, payment_limit);
    CREATE TABLE drug_ndc AS FROM (VALUES
        ('NDC25Q1', 'J0001'), ('NDC25Q1', 'J0002'), ('NDC25Q1', 'J0003'), ('NDC25Q1', 'J0003'), ('NDC25Q2', 'J0004')
    ) AS t(release_id, hcpcs_code);
    CREATE TABLE drug_limit_change AS FROM (VALUES
        ('ASP25Q1', 'ASP24Q4', 'J0001', 2.000, 1.000, -50.00), ('ASP25Q1', 'ASP24Q4', 'J0005', 1.000, 1.501, 50.10),
        ('ASP25Q1', 'ASP24Q4', 'J0006', NULL, 1.000, NULL)
    ) AS t(release_id, previous_release_id, hcpcs_code, payment_limit_before, payment_limit_after, limit_change_percent);
"""
OVER_ALL = {
    check.name: check.query for one in (ASP, NDC) for check in load_checks(one.warehouse_checks)
}


@pytest.mark.parametrize(
    ("name", "also", "found"),
    [
        # A quarter without limits, as the second one, says nothing of the packages in it.
        ("packages_have_a_limit", "", [("NDC25Q1", "J0003 has packages, but no payment limit in its quarter")]),
        ("limits_move_by_less_than_half", "", [("ASP25Q1", "J0005: 1.000 in ASP24Q4, now 1.501 (+50.1%)")]),
        ("drug_limits_have_their_status", "", []),
        ("drug_limits_have_their_status", "UPDATE drug_limit SET payment_limit = 0",
         [("ASP25Q1", "J0002 is contractor_priced with the limit 0.000")]),
    ],
)  # fmt: skip
def test_checks_over_all_releases_find_what_they_are_for(name: str, also: str, found) -> None:
    with database.connect(1) as con:
        con.execute(HELD + also)
        assert con.sql(OVER_ALL[name]).fetchall() == found
