"""CMS's real files, where they lie beside the project: counts, forms and invariants.

They are not part of the repository (CMS's descriptors are AMA copyright), so these tests skip
where the files are not there.
"""

import pytest

from tests.helpers.warehouses import rows

pytestmark = pytest.mark.real


# ---------------------------------------------------------------- every line


@pytest.mark.parametrize(
    ("release_id", "count"),
    [
        ("RVU22A", 17_600),
        ("RVU25A", 18_865),
        ("RVU25B", 18_923),
        ("RVU25D", 19_090),
        ("RVU26C", 19_356),
    ],
)
def test_every_row_of_a_release_is_loaded(real, release_id: str, count: int) -> None:
    sql = f"SELECT count(*) FROM rvu WHERE release_id = '{release_id}'"
    assert rows(real, sql) == [(count,)]


def test_qpp_file_has_the_rows_of_status_a_c_r_and_t(real) -> None:
    sql = "SELECT loaded_count FROM source_file WHERE file_kind = 'pprrvu_qpp'"
    assert rows(real, sql) == [(11_909,)]
    sql = (
        "SELECT count(*) FROM rvu WHERE release_id = 'RVU26C' AND status_code IN ('A','C','R','T')"
    )
    assert rows(real, sql) == [(11_909,)]


def test_nothing_is_quarantined(real) -> None:
    assert rows(real, "FROM quarantine") == []


def test_every_line_is_accounted_for(real) -> None:
    parts = "loaded_count + quarantined_count + header_count + notice_count + blank_count"
    sql = f"FROM source_file WHERE line_count <> {parts} + duplicate_count + continuation_count"
    assert rows(real, sql) == []
    assert rows(real, "SELECT count(*) > 40 FROM source_file") == [(True,)]


def test_each_record_of_the_payment_file_stands_twice(real) -> None:
    sql = "SELECT line_count, loaded_count, duplicate_count, notice_count FROM source_file"
    assert rows(real, f"{sql} WHERE file_kind = 'pfrev'") == [(1530, 763, 763, 4)]


@pytest.mark.parametrize(
    ("release_id", "localities"),
    [("RVU22A", 112), ("RVU25A", 109), ("RVU25D", 109), ("RVU26C", 109)],
)
def test_localities_are_those_of_the_year(real, release_id: str, localities: int) -> None:
    sql = f"SELECT count(*) FROM locality WHERE release_id = '{release_id}'"
    assert rows(real, sql) == [(localities,)]


# ---------------------------------------------------------------- CMS's own amounts


def reconciled(real, comparison: str) -> list[tuple]:
    return rows(
        real,
        "SELECT release_id, compared_count, matched_count, verdict FROM reconciliation "
        f"WHERE comparison = '{comparison}' ORDER BY release_id",
    )


def test_imaging_caps_are_those_that_cms_computed(real) -> None:
    assert reconciled(real, "OPPSCAP") == [
        ("RVU25A", 32_200, 32_200, "equal"),
        ("RVU25B", 32_200, 32_200, "equal"),
        ("RVU25D", 32_200, 32_200, "equal"),
    ]


def test_fees_are_those_of_the_payment_file(real) -> None:
    # 763 records with two amounts each.
    assert reconciled(real, "PFREV4.txt") == [("RVU25D", 1_526, 1_526, "equal")]


def test_anesthesia_factors_follow_from_the_indices(real) -> None:
    expected = [(name, 109, 109, "equal") for name in ("RVU25A", "RVU25B", "RVU25D")]
    assert reconciled(real, "ANES from indices") == expected


def test_anesthesia_factors_are_those_of_the_workbook(real) -> None:
    name = "Anesthesia CY 2025 locality adjusted CF_floor extension 23DEC24.xlsx"
    [(_, compared, matched, verdict)] = reconciled(real, name)
    assert (compared, matched, verdict) == (109, 109, "equal")


# ---------------------------------------------------------------- forms


def test_forms_of_the_deciding_files_are_equal_cell_by_cell(real) -> None:
    sql = (
        "SELECT release_id, comparison, verdict FROM reconciliation WHERE comparison LIKE '% = %' "
        "AND split_part(comparison, ' ', 1) IN ('pprrvu', 'oppscap', 'gpci')"
    )
    found = rows(real, sql)
    # Three files in three forms in 25A, 25B and 25D; two files in two forms in 22A.
    assert len(found) == 3 * 3 * 2 + 2
    assert [row for row in found if row[2] != "equal"] == [
        ("RVU25B", "pprrvu csv = txt", "known_differences")
    ]


def test_the_one_description_that_differs_is_known(real) -> None:
    sql = (
        "SELECT release_id, record_key, column_name, known_reason <> '' "
        "FROM reconciliation_difference WHERE comparison LIKE 'pprrvu%'"
    )
    assert rows(real, sql) == [("RVU25B", "Q5152", "description", True)]


def test_every_difference_between_forms_is_known(real) -> None:
    assert rows(real, "FROM reconciliation WHERE different_count > 0") == []


# ---------------------------------------------------------------- invariants (pfs-rules 2)

INVARIANTS = {
    "totals_are_exact_sums": "work_rvu + nonfacility_pe_rvu + mp_rvu <> nonfacility_total_rvu "
    "OR work_rvu + facility_pe_rvu + mp_rvu <> facility_total_rvu",
    "status_a_has_rvus": "status_code = 'A' AND nonfacility_total_rvu + facility_total_rvu = 0",
    "status_c_e_j_m_p_have_none": "status_code IN ('C', 'E', 'J', 'M', 'P') "
    "AND nonfacility_total_rvu + facility_total_rvu > 0",
    "technical_rows_have_no_work": "(modifier = 'TC' OR pctc_indicator = '3') AND work_rvu > 0",
    "shares_are_whole_or_none": "preoperative_share + intraoperative_share + postoperative_share "
    "NOT IN (0, 1)",
    "flagged_nonfacility_is_a_copy": "nonfacility_na AND nonfacility_pe_rvu <> facility_pe_rvu",
    "flagged_facility_is_a_copy": "facility_na AND nonfacility_pe_rvu <> facility_pe_rvu "
    "AND status_code IN ('A', 'R', 'T')",
    "opps_expense_is_one_value": "nonfacility_opps_pe_rvu <> facility_opps_pe_rvu",
    "opps_values_never_on_26": "modifier = '26' AND nonfacility_opps_pe_rvu + opps_mp_rvu > 0",
    "not_used_flag": "not_used_for_medicare <> (work_rvu + nonfacility_pe_rvu + facility_pe_rvu "
    "+ mp_rvu > 0 AND status_code NOT IN ('A', 'R', 'T', 'C'))",
    "endoscopic_base_with_rule_3": "(endoscopic_base_code <> '') "
    "<> (multiple_procedure_indicator = '3')",
    "imaging_family_with_rule_4": "(imaging_family_indicator = '88') "
    "<> (multiple_procedure_indicator = '4')",
    "every_code_has_a_section": "section = ''",
}


@pytest.mark.parametrize("name", INVARIANTS)
def test_invariant_holds_in_every_release(real, name: str) -> None:
    sql = f"SELECT release_id, hcpcs_code, modifier FROM rvu WHERE {INVARIANTS[name]} LIMIT 3"
    assert rows(real, sql) == []


def test_unpaid_codes_whose_flagged_facility_value_is_no_copy(real) -> None:
    sql = (
        "SELECT hcpcs_code, status_code FROM rvu WHERE release_id = 'RVU25D' AND facility_na "
        "AND nonfacility_pe_rvu <> facility_pe_rvu ORDER BY ALL"
    )
    assert rows(real, sql) == [("G0511", "X"), ("G0512", "X")]


def test_whole_service_is_the_sum_of_its_parts_where_medicare_pays(real) -> None:
    sql = """
        SELECT w.release_id, w.hcpcs_code
        FROM rvu w JOIN rvu p USING (release_id, hcpcs_code, status_code)
        JOIN rvu t USING (release_id, hcpcs_code, status_code)
        WHERE w.modifier = '' AND p.modifier = '26' AND t.modifier = 'TC'
          AND (w.work_rvu <> p.work_rvu + t.work_rvu OR w.mp_rvu <> p.mp_rvu + t.mp_rvu
            OR w.nonfacility_pe_rvu <> p.nonfacility_pe_rvu + t.nonfacility_pe_rvu
            OR w.facility_pe_rvu <> p.facility_pe_rvu + t.facility_pe_rvu)
    """
    # CMS breaks its rule for one code, which Medicare does not pay, in every year.
    assert {code for _, code in rows(real, sql)} == {"G0252"}


@pytest.mark.parametrize(
    ("column", "counts"),
    [
        ("modifier", {"": 16_851, "26": 1_127, "53": 4, "TC": 1_108}),
        ("status_code", {"A": 9_021, "C": 1_347, "J": 276, "R": 1_058, "T": 8, "X": 2_548}),
        ("global_days", {"000": 1_371, "010": 471, "090": 3_767, "MMM": 17, "ZZZ": 775}),
        ("supervision_indicator", {"01": 557, "09": 18_038, "21": 5, "66": 1, "6A": 13, "7A": 2}),
    ],
)
def test_indicators_of_october_2025(real, column: str, counts: dict[str, int]) -> None:
    sql = f"SELECT {column}, count(*) FROM rvu WHERE release_id = 'RVU25D' GROUP BY ALL"
    found = dict(rows(real, sql))
    assert {value: found.get(value) for value in counts} == counts
