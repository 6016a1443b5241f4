"""What CMS's files always keep: each check on the smallest release that breaks it."""

import pytest

from pipeline.release.check import SHARED_CHECKS, shared_checks
from pipeline.schedules.pfs.tables import RELEASE_CHECKS
from pipeline.store.sql import load_checks
from tests.helpers.small import release

FOLDERS = (RELEASE_CHECKS, SHARED_CHECKS)
CHECKS = {check.name: check for check in (*shared_checks("pfs"), *load_checks(RELEASE_CHECKS))}

SOUND = """
    code   mod  st  work  nf_pe  mp
    99291  -    A   4.50  3.27   0.44
"""

ALASKA = """
    mac    loc  gw     gpe    gmp    state
    02102  01   1.400  1.000  1.000  AK
"""


def many(heading: str, row: str) -> str:
    """So many rows that they prove something: {0} has three digits, {1} and {2} have one."""
    return "\n".join([heading, *(row.format(n, n % 10, n * n % 7) for n in range(100, 1100))])


# The name of a check, and the smallest files in which it finds something.
BROKEN = {
    "payable_status_has_rvus": {"pprrvu": "code st work\n99291 A 0"},
    "unpriced_status_has_no_rvus": {"pprrvu": "code st work\n33999 C 1.00"},
    "not_used_flag_matches_status": {"pprrvu": "code st work\n99485 B 1.50"},
    "components_add_up": {
        "pprrvu": "code mod work nf_pe\n71045 - 0.18 0.50\n71045 26 0.18 0.06\n71045 TC 0 0.45"
    },
    "unpaid_components_add_up": {
        "pprrvu": "code mod st work\nG0253 - N 0\nG0253 26 N 2.12\nG0253 TC N 0"
    },
    "components_are_complete": {"pprrvu": "code mod work\n71045 - 0.18\n71045 26 0.18"},
    "technical_rows_have_no_work": {"pprrvu": "code mod work\n71045 TC 0.10"},
    "global_shares_sum_to_one": {
        "pprrvu": "code work global_days preoperative_share intraoperative_share "
        "postoperative_share\n27447 19.60 090 0.10 0.69 0.20"
    },
    "na_values_are_copies": {
        "pprrvu": "code work nf_pe f_pe nonfacility_na\n33952 8.15 2.10 2.00 NA"
    },
    "opps_values_are_consistent": {"pprrvu": "code mod work opps_pe\n70496 26 1.75 4.00"},
    "endoscopic_base_exists": {
        "pprrvu": "code work multiple_procedure_indicator endoscopic_base_code\n45380 3.59 3 45378"
    },
    "imaging_family_matches_rule": {
        "pprrvu": "code work multiple_procedure_indicator\n70496 1.75 4"
    },
    "one_conversion_factor": {
        "pprrvu": "code work conversion_factor\n99291 4.50 32.3465\n99292 2.25 32.3465\n99293 1 33"
    },
    "conversion_factor_is_the_known_one": {"pprrvu": "code work conversion_factor\n99291 4.50 33"},
    "conversion_factor_is_known": {"pprrvu": SOUND, "year": 2031},
    "qpp_file_is_a_subset": {
        "pprrvu": "code work conversion_factor\n99291 4.50 33.4009\n99292 2.25 33.4009",
        "qpp": "code work conversion_factor\n99291 4.50 33.5675",
        "year": 2026,
    },
    "classes_have_their_own_factor": {
        "pprrvu": "code work conversion_factor\n99291 4.50 34.1000",
        "qpp": "code work conversion_factor\n99291 4.50 34.1000",
        "year": 2027,
    },
    "locality_files_have_the_same_keys": {
        "pprrvu": SOUND,
        "gpci": "mac loc gw gpe gmp\n10112 00 1 1 1",
        "anes": "mac loc anesthesia_conversion_factor\n10112 01 19.31",
    },
    "localities_are_those_of_the_year": {
        "pprrvu": SOUND,
        "gpci": "mac loc gw gpe gmp\n10112 00 1 1 1",
    },
    "localities_of_the_year_are_known": {"pprrvu": SOUND, "year": 2010},
    "alaska_has_its_work_floor": {"pprrvu": SOUND, "gpci": ALASKA},
    "oppscap_localities_exist": {
        "pprrvu": SOUND,
        "gpci": "mac loc gw gpe gmp\n10112 00 1 1 1",
        "oppscap": "code mac loc facility_price nonfacility_price\n99291 77777 00 1.00 1.00",
    },
    "oppscap_rows_exist": {
        "pprrvu": SOUND,
        "oppscap": "code mac loc facility_price nonfacility_price\n70496 10112 00 1.00 1.00",
    },
    "oppscap_is_complete": {
        "pprrvu": "code mod st opps_pe work\n70170 TC C 10.00 0\n70496 - A 4 1.75",
        "oppscap": "code mac loc facility_price nonfacility_price\n70496 10112 00 1.00 1.00",
    },
    "row_count_is_the_known_one": {"pprrvu": SOUND, "released": "2024-12-23"},
    "codes_have_a_section": {"pprrvu": "code work\n02000 1.00"},
    "every_file_is_read": {"pprrvu": SOUND, "unread": "GPCI2013.csv", "year": 2013},
    "anesthesia_classes_agree": {
        "pprrvu": SOUND,
        "anes": "mac loc anesthesia_conversion_factor qp_anesthesia_conversion_factor\n"
        "10112 00 19.31 19.41\n02102 01 27.86 19.49",
    },
    "gpci_proves_its_columns": {
        "pprrvu": SOUND,
        "gpci": many("mac loc gw gpe gmp", "10{0} 00 0.566 1.000 0.875"),
    },
    "pprrvu_proves_its_columns": {"pprrvu": many("code work nf_pe f_pe", "G0{0} 1.00 2.00 3.00")},
    "indices_prove_themselves": {
        "pprrvu": SOUND,
        "gpci": many("mac loc gw gpe gmp", "10{0} 00 1.00{1} 1.{0} 0.9{1}"),
        "anes": many("mac loc anesthesia_conversion_factor", "10{0} 00 2{2}.31"),
    },
    "pricing_indicator_is_of_the_class": {"pprrvu": "code work pricing_indicator\n99291 4.50 1"},
    "opps_values_are_there": {"pprrvu": many("code work nf_pe", "G{0:04} 1.00 2.00")},
    "work_is_adjusted": {"pprrvu": SOUND, "year": 2007},
    "release_names_itself": {"pprrvu": SOUND, "remark": "release_names_itself"},
    "layouts_are_declared": {"pprrvu": SOUND, "remark": "layouts_are_declared"},
    "columns_are_known": {"pprrvu": SOUND, "remark": "columns_are_known"},
    "repeated_records_are_read_once": {"pprrvu": SOUND, "remark": "repeated_records_are_read_once"},
    "values_have_their_zeros": {"pprrvu": SOUND, "remark": "values_have_their_zeros"},
    "titles_name_the_year": {"pprrvu": SOUND, "remark": "titles_name_the_year"},
    "texts_are_plain": {"pprrvu": "code work description\n99291 4.50 =1+1"},
    "conversion_factor_took_effect": {
        "pprrvu": "code work conversion_factor\n99291 4.50 25.0008",
        "year": 2013,
    },
    "work_floor_is_in_force": {
        "pprrvu": SOUND,
        "gpci": "mac loc gw gpe gmp work_gpci_without_floor\n10112 00 1 1 1 0.988",
        "year": 2027,
    },
    "global_tests_add_up": {
        "pprrvu": "code work pctc_indicator\n93000 0.20 4\n93005 0 3\n93010 0.17 2"
    },
    "codes_have_their_rank_rows": {
        "pprrvu": SOUND,
        "later": ("work_rvu_rank",),
        "then": "DELETE FROM work_rvu_rank",
    },
    "unpriced_has_no_amount": {
        "pprrvu": SOUND,
        "then": "UPDATE payment_national SET price_status = 'bundled'",
    },
    "anesthesia_factor_is_the_known_one": {"pprrvu": SOUND, "national_anes": "20.3187"},
    "anesthesia_factor_is_that_of_other_sources": {
        "pprrvu": SOUND,
        "national_anes": "21.1349",
        "year": 2023,
    },
}


def test_every_check_has_an_example():
    assert BROKEN.keys() == CHECKS.keys()


@pytest.mark.parametrize("name", BROKEN)
def test_check_finds_what_it_is_for(name):
    files = dict(BROKEN[name])
    then = files.pop("then", "")
    con = release(files.pop("pprrvu"), files.pop("gpci", ""), **files)
    con.execute(then)
    found = con.sql(CHECKS[name].query).fetchall()
    assert found
    assert all(file_kind and finding for file_kind, _, finding in found)


def test_no_check_finds_anything_in_a_sound_release():
    con = release(SOUND, later=("work_rvu_rank",))
    found = {name: con.sql(check.query).fetchall() for name, check in CHECKS.items()}
    assert {name: rows for name, rows in found.items() if rows} == {}


@pytest.mark.parametrize("name", CHECKS)
def test_check_says_what_it_is_about(name):
    # What changes nothing is listed only.
    is_note = name == "repeated_records_are_read_once"
    assert CHECKS[name].severity in (("note",) if is_note else ("error", "warning"))
    assert CHECKS[name].meaning.endswith(".")


def test_a_finding_that_would_name_a_missing_value_is_told_in_the_words_of_its_check():
    """SQL makes a sentence NULL where a value in it is."""
    check = CHECKS["columns_are_known"]
    assert (check.words("a sentence"), check.words(None)) == ("a sentence", check.meaning)


def test_the_qpp_file_has_one_conversion_factor_too():
    con = release(
        "code work conversion_factor\n99291 4.50 33.4009\n99292 2.25 33.4009",
        qpp="code work conversion_factor\n99291 4.50 33.5675\n99292 2.25 33.4009",
        year=2026,
    )
    found = con.sql(CHECKS["one_conversion_factor"].query).fetchall()
    assert [row[0] for row in found] == ["pprrvu_qpp"]


def test_a_factor_that_is_not_the_known_one_is_a_fault_of_the_file_of_its_class_alone():
    """So the other class keeps its amounts, and the file to get again is named."""
    con = release(
        "code work conversion_factor\n99291 4.50 33.4009",
        qpp="code work conversion_factor\n99291 4.50 33.2000",
        year=2026,
    )
    found = con.sql(CHECKS["conversion_factor_is_the_known_one"].query).fetchall()
    assert [row[0] for row in found] == ["pprrvu_qpp"]
    # The files are told apart by their folders alone, so that one is taken for that of all others.
    con = release("code work conversion_factor\n99291 4.50 33.5675", year=2026)
    [(kind, _, finding)] = con.sql(CHECKS["conversion_factor_is_the_known_one"].query).fetchall()
    assert kind == "pprrvu"
    assert finding.endswith(
        "it is that of class qp, whose file has QPP in its name and lies in the folder of the other one"
    )


@pytest.mark.parametrize(
    ("qpp", "codes"),
    [
        # As CMS posts it; with every row of the other file; without one that is paid; with another value.
        ("99291 A 4.50", []),
        ("99291 A 4.50\n99485 B 1.50", []),
        ("99485 B 1.50", ["99291"]),
        ("99291 A 4.50\n99485 B 1.51", ["99485"]),
        ("99291 A 4.50\n99485 A 1.50", ["99485"]),
        ("99291 A 4.50\n99999 B 1.50", ["99999"]),
    ],
)
def test_the_qpp_file_may_have_rows_that_are_not_paid_if_they_are_those_of_the_other(qpp, codes):
    con = release("code st work\n99291 A 4.50\n99485 B 1.50", qpp=f"code st work\n{qpp}", year=2026)
    found = con.sql(CHECKS["qpp_file_is_a_subset"].query).fetchall()
    assert [finding.partition(" ")[0] for *_, finding in found] == codes


def test_components_need_not_add_up_where_statuses_differ():
    """104 codes have a carrier-priced whole service and a priced 26 row: that is in order."""
    con = release("code mod st work\n70170 - C 0\n70170 26 A 0.43\n70170 TC C 0")
    for name in ("components_add_up", "unpaid_components_add_up"):
        assert con.sql(CHECKS[name].query).fetchall() == []


@pytest.mark.parametrize(
    ("year", "factor", "found"),
    [
        (2013, "34.0230", []),
        (2013, "25.0008", ["conversion_factor_took_effect"]),
        (2013, "25.0009", ["conversion_factor_is_the_known_one"]),
        (2014, "25.0008", ["conversion_factor_is_the_known_one"]),
    ],
)
def test_a_factor_that_never_took_effect_is_known_of_one_release_only(year, factor, found):
    con = release(f"code work conversion_factor\n99291 4.50 {factor}", year=year)
    names = [name for name in CHECKS if name.startswith("conversion_factor")]
    assert [name for name in names if con.sql(CHECKS[name].query).fetchall()] == found


def test_families_of_imaging_were_eleven_until_2010():
    family = "code work multiple_procedure_indicator imaging_family_indicator\n70496 1.75 4 03"
    query = CHECKS["imaging_family_matches_rule"].query
    assert release(family, year=2010).sql(query).fetchall() == []
    assert len(release(family, year=2013).sql(query).fetchall()) == 1


@pytest.mark.parametrize(
    ("name", "year", "findings", "rows", "severity"),
    [
        # What CMS has without exception since 2020 may be otherwise before.
        ("components_add_up", 2025, 1, 19_000, "error"),
        ("opps_values_are_consistent", 2019, 1, 19_000, "warning"),
        ("opps_values_are_consistent", 2020, 1, 19_000, "error"),
        ("conversion_factor_is_the_known_one", 2010, 1, 19_000, "error"),
        # CMS's own breaks: 24 rows of every release of 2024, 3 of RVU25C.
        ("imaging_family_matches_rule", 2024, 24, 18_499, "warning"),
        ("endoscopic_base_exists", 2025, 3, 19_029, "warning"),
        # Half a percent of 19,000 rows is 95; more is a shifted column.
        ("endoscopic_base_exists", 2025, 95, 19_000, "warning"),
        ("endoscopic_base_exists", 2025, 96, 19_000, "error"),
        ("endoscopic_base_exists", 2019, 9_000, 19_000, "warning"),
        ("endoscopic_base_exists", 2025, 1, 100, "error"),
        ("components_are_complete", 2025, 9_000, 19_000, "warning"),
    ],
)
def test_severity_follows_from_year_and_share(name, year, findings, rows, severity):
    assert CHECKS[name].severity_in(year, findings, rows) == severity


def test_few_rows_prove_a_column_where_most_of_them_contradict_it():
    rows = [f"G0{n} 1.00 {'3.00 2.00' if n < 110 else '2.00 3.00'}" for n in range(100, 199)]
    check = CHECKS["pprrvu_proves_its_columns"].query
    exchanged = "\n".join(["code work nf_pe f_pe", *rows])
    assert len(release(exchanged).sql(check).fetchall()) == 1
    right = "\n".join(["code work f_pe nf_pe", *rows])
    assert release(right).sql(check).fetchall() == []


def test_a_column_of_divided_codes_that_is_shifted_by_a_row_is_found():
    """In a whole file it breaks other rules in fewer rows than CMS's own files may."""
    heads = "code mod work nf_pe supervision_indicator pctc_indicator imaging_family_indicator facility_na"
    divided = ["- 1 1 01 1 88 NA", "26 1 0 01 1 88 -", "TC 0 1 01 1 88 NA"]
    codes = [
        [f"G0{n} {row}" for row in divided] + [f"G1{n} - 1 1 01 0 99 -"] for n in range(100, 200)
    ]
    con = release("\n".join([heads, *(row for code in codes for row in code)]))
    query = CHECKS["pprrvu_proves_its_columns"].query
    assert con.sql(query).fetchall() == []
    con.execute("CREATE TABLE right_one AS FROM stage.pprrvu")
    for column in ("pctc_indicator", "imaging_family_indicator", "facility_na"):
        for shifted in (f"lag({column})", f"lead({column})"):
            values = f"coalesce({shifted} OVER (ORDER BY source_line), {column}) AS {column}"
            con.execute(
                f"CREATE OR REPLACE TABLE stage.pprrvu AS SELECT * REPLACE ({values}) FROM right_one"
            )
            assert len(con.sql(query).fetchall()) == 1, shifted


def test_laboratory_codes_have_a_26_row_and_no_technical_one():
    con = release("code mod st work pctc_indicator\n83020 - X 0 9\n83020 26 A 0.37 6")
    assert con.sql(CHECKS["components_are_complete"].query).fetchall() == []
