"""HCPCS Level II, by small tables: which release a file is, what a code is, what changed."""

from datetime import date

import duckdb
import pytest

from pipeline.errors import RefusedError
from pipeline.read.sort import kinds_of
from pipeline.schedules.hcpcs.change import hcpcs_item_change_query
from pipeline.schedules.hcpcs.definition import (
    HCPCS,
    hcpcs_item_query,
    hcpcs_modifier_query,
    indicator_query,
)
from pipeline.schedules.hcpcs.identity import identify
from pipeline.schedules.hcpcs.periods import missing_release, period
from pipeline.store import database
from pipeline.store.sql import compose_with, load_checks
from tests.helpers.staged import staged

# ---------------------------------------------------------------- which release


@pytest.mark.parametrize(
    ("bundle", "file", "posting"),
    [
        ("october-2025-alpha-numeric-hcpcs-file.zip", "HCPC2025_OCT_ANWEB.xlsx", ("HCPCS25Q4", None, None)),
        ("", "HCPC2025_OCT_ANWEB_v3.txt", ("HCPCS25Q4", 3, None)),
        ("2019-Alpha-Numeric-HCPCS-File.zip", "HCPC2019_CONTR_ANWEB.txt", ("HCPCS19Q1", None, None)),
        ("2017-Annual-Alpha-Numeric-HCPCS-File.zip", "HCPC17_CONTR_ANWEB.xlsx", ("HCPCS17Q1", None, None)),
        ("HCPC17_CONTR_ANWEB", "HCPC17_CONTR_ANWEB_v2.txt", ("HCPCS17Q1", 2, None)),
        ("", "HCPC2020_ANWEB_w_disclaimer.xls", ("HCPCS20Q1", None, None)),
        ("", "HCPC2026_JUL_ANWEB_06172026.txt", ("HCPCS26Q3", None, date(2026, 6, 17))),
        ("January 2027 Alpha-Numeric HCPCS File", "HCPC2027_JAN_ANWEB.xlsx", ("HCPCS27Q1", None, None)),
        # The words of a name may be parted in any way.
        ("january-2027-alpha-numeric-hcpcs-file.zip", "HCPC2027 JAN ANWEB v2.xlsx", ("HCPCS27Q1", 2, None)),
        ("", "HCPC2027-JAN-ANWEB-12222026.txt", ("HCPCS27Q1", None, date(2026, 12, 22))),
        ("hcpc2025_oct_anweb", "HCPC2025_OCT_ANWEB.xlsx", ("HCPCS25Q4", None, None)),
    ],
)  # fmt: skip
def test_names_say_year_and_quarter(bundle, file, posting) -> None:
    found = identify([], bundle, f"{bundle}/{file}")
    assert (found.release_id, found.version, found.released_on) == posting
    [kind] = kinds_of(file)
    assert kind.name == "hcpcs"
    assert kind.posting_words(file)["year"] == posting[0][5:7]


@pytest.mark.parametrize(
    ("bundle", "file", "words"),
    [
        ("", "codes ANWEB.xlsx", "of which year"),
        ("july-2025-alpha-numeric-hcpcs-file.zip", "HCPC2025_OCT_ANWEB.xlsx", "says another"),
        ("2018-Alpha-Numeric-HCPCS-File.zip", "HCPC2019_CONTR_ANWEB.txt", "says another"),
        ("", "HCPC2026_JUL_ANWEB_13172026.txt", "is no day"),
    ],
)
def test_names_that_do_not_say_it_or_contradict_each_other_are_refused(bundle, file, words) -> None:
    with pytest.raises(RefusedError, match=words):
        identify([], bundle, f"{bundle}/{file}")


def test_a_release_is_for_its_quarter_and_the_yearly_file_for_its_year() -> None:
    assert period("HCPCS25Q4", 2025) == (date(2025, 10, 1), date(2025, 12, 31))
    assert period("HCPCS19Q1", 2019) == (date(2019, 1, 1), date(2019, 12, 31))
    held = [{"release_id": "HCPCS25Q4", "effective_from": "2025-10-01", "effective_to": "2025-12-31"}]  # fmt: skip
    assert missing_release(held, date(2025, 12, 31)) is None
    assert missing_release(held, date(2026, 1, 1)).release_ids == ("HCPCS26Q1",)


# ---------------------------------------------------------------- what a code is

ORDINARY = {
    "hcpcs_code": "J1885", "record_type": "3", "long_description": "Words", "description": "Words",
    "multiple_pricing_indicator": "A", "statute": "", "coverage_code": "D", "asc_group": "", "asc_from": None,
    "outpatient_group": "", "outpatient_policy": "", "outpatient_group_from": None, "processing_note": "",
    "betos": "O1E", "anesthesia_base_units": 0, "added_on": date(1993, 1, 1),
    "action_effective_on": date(2025, 10, 1), "terminated_on": None, "action_code": "N", "source_line": 9,
    "price_1": "51", "type_of_service_1": "1",
}  # fmt: skip
MODIFIER = {
    "hcpcs_code": "QW", "record_type": "7", "price_1": "", "multiple_pricing_indicator": "", "betos": "",
    "type_of_service_1": "", "anesthesia_base_units": None,
}  # fmt: skip


def release(*records: dict) -> duckdb.DuckDBPyConnection:
    """The release of October 2025 with those records; what they leave out is ordinary."""
    table = HCPCS.declared.tables["stage.hcpcs"]
    rows = [dict.fromkeys(table.column_names, "") | ORDINARY | record for record in records]
    con = staged(
        HCPCS.declared, {"hcpcs": rows}, release_id="HCPCS25Q4", is_sample=False,
        effective_from=date(2025, 10, 1), main_file="HCPC2025_OCT_ANWEB.xlsx",
    )  # fmt: skip
    con.execute(f"CREATE TABLE hcpcs_indicator AS {indicator_query()}")
    return con


def test_codes_and_modifiers_are_told_apart_and_cells_of_one_kind_put_together() -> None:
    steps = {
        "price_1": "57",
        "price_2": "21",
        "type_of_service_2": "P",
        "cross_reference_1": "A0425",
    }
    con = release({}, {"hcpcs_code": "P9612"} | steps, MODIFIER)
    columns = "hcpcs_code, pricing_indicator, pricing_indicators, types_of_service, cross_references, code_system"
    items = con.sql(f"SELECT {columns} FROM ({hcpcs_item_query()}) ORDER BY 1").fetchall()
    assert items == [
        ("J1885", "51", "51", "1", "", "HCPCS"),
        ("P9612", "57", "57,21", "1,P", "A0425", "HCPCS"),
    ]
    modifiers = con.sql(f"SELECT modifier, added_on FROM ({hcpcs_modifier_query()})").fetchall()
    assert modifiers == [("QW", date(1993, 1, 1))]


# The name of a check, and a record in which it finds something.
BROKEN = {
    "kinds_of_records_fit_their_codes": {"record_type": "7", "price_1": ""},
    "codes_have_a_pricing_indicator": {"price_1": ""},
    "unpriced_codes_say_so_twice": {"price_1": "00"},
    "codes_end_after_they_began": {"terminated_on": date(1992, 12, 31)},
    "changes_follow_the_beginning": {"action_effective_on": date(1992, 12, 31)},
    "ended_codes_have_a_last_day": {"action_code": "D"},
    "days_are_of_the_release": {"action_effective_on": date(2026, 1, 1)},
    "newest_changes_begin_with_the_release": {"action_effective_on": date(2025, 7, 1)},
    "surgical_centers_have_their_day": {"asc_group": "YY"},
    "unused_fields_are_empty": {"outpatient_group": "102"},
    "indicators_are_known": {"price_2": "41"},
    "codes_have_their_groups": {"type_of_service_1": "", "type_of_service_2": "1"},
    "last_days_are_near": {"terminated_on": date(9999, 12, 31)},
    "records_are_complete": {"action_code": ""},
    "last_days_are_there": {"action_code": "D"},
    "statutes_stand_beside_their_coverage": {"coverage_code": "C", "statute": "1861(n)"},
    "certifications_and_references_have_their_form": {"lab_certification_1": "1861(n)"},
}
CHECKS = {check.name: check for check in load_checks(HCPCS.release_checks)}


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_what_breaks_its_rule_and_nothing_else(name: str) -> None:
    query = CHECKS[name].query
    ended = {"action_code": "D", "terminated_on": date(2025, 9, 30)}
    begun = {"action_code": "A", "added_on": date(2025, 10, 1)}
    sound = [
        {},
        MODIFIER,
        {"hcpcs_code": "J2150"} | ended,
        {"hcpcs_code": "A2036"} | begun,
        {"hcpcs_code": "A0021", "price_1": "00", "multiple_pricing_indicator": "9"},
        {"hcpcs_code": "A0130", "action_effective_on": None},
    ]
    assert release(*sound).sql(query).fetchall() == []
    approved = {
        "hcpcs_code": "J0001",
        "asc_group": "YY",
        "asc_from": date(2025, 1, 1),
        "action_effective_on": None,
    }
    broken = release(approved, BROKEN[name]).sql(query).fetchall()
    assert [row[0] for row in broken] == ["hcpcs"]


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("kinds_of_records_fit_their_codes", MODIFIER | {"record_type": "3"}),
        ("codes_have_a_pricing_indicator", MODIFIER | {"price_1": "51"}),
        ("codes_have_a_pricing_indicator", {"price_3": "11"}),
        ("unpriced_codes_say_so_twice", {"multiple_pricing_indicator": "9"}),
        ("ended_codes_have_a_last_day", {"action_code": "D", "terminated_on": date(2025, 10, 1)}),
        ("ended_codes_have_a_last_day", {"action_code": "A"}),
        ("days_are_of_the_release", {"added_on": date(2026, 1, 1)}),
        ("unused_fields_are_empty", {"anesthesia_base_units": 5}),
        ("indicators_are_known", {"coverage_code": "Z"}),
        ("codes_have_their_groups", {"coverage_code": ""}),
        ("codes_have_their_groups", {"type_of_service_3": "R"}),
        ("codes_have_their_groups", {"betos": "RB123"}),
        ("codes_have_their_groups", {"processing_note": "x"}),
        ("codes_have_their_groups", MODIFIER | {"betos": "O1E"}),
        ("records_are_complete", {"long_description": ""}),
        ("records_are_complete", {"description": "More words than its field has room for"}),
        ("certifications_and_references_have_their_form", {"cross_reference_2": "A042"}),
    ],
)
def test_the_other_sides_of_a_rule_are_found_too(name: str, record: dict) -> None:
    assert [row[0] for row in release(record).sql(CHECKS[name].query).fetchall()] == ["hcpcs"]


def test_a_file_may_lack_the_groups_that_no_price_depends_on() -> None:
    """A day of approval without its group is another matter: a file that has both has both of a code."""
    lacking = (
        {"betos": ""},
        {"type_of_service_1": ""},
        {"asc_group": "YY"},
        {"asc_from": date(2025, 1, 1)},
    )
    for name in ("codes_have_their_groups", "surgical_centers_have_their_day"):
        assert [x for one in lacking for x in release(one).sql(CHECKS[name].query).fetchall()] == []
    con = release({"asc_group": "YY"}, {"hcpcs_code": "J2150", "asc_from": date(2025, 1, 1)})
    found = con.sql(CHECKS["surgical_centers_have_their_day"].query).fetchall()
    assert len(found) == 2


@pytest.mark.parametrize(
    ("code", "ended", "words"),
    [
        ("J1885", None, None),
        ("J1885", "2025-12-31", None),
        ("J1885", "2025-09-30", "J1885 of RVU25D ended on 2025-09-30"),
        ("J9999", None, "J1885 of RVU25D is not listed"),
    ],
)
def test_a_code_of_a_schedule_that_ended_or_is_not_listed_is_found(code, ended, words) -> None:
    [check] = load_checks(HCPCS.warehouse_checks)
    with database.connect(1) as con:
        con.execute("""
            CREATE TABLE release AS SELECT 'HCPCS25Q4' AS release_id, 'hcpcs' AS schedule, true AS is_current,
                false AS is_sample, DATE '2025-10-01' AS effective_from, DATE '2025-12-31' AS effective_to
        """)
        con.execute(
            "CREATE TABLE rvu_in_force AS SELECT 'RVU25D' AS release_id, DATE '2025-10-01' AS effective_from, "
            "unnest(['J1885', '99291', 'D0120']) AS hcpcs_code"
        )
        con.execute("CREATE TABLE lab_fee (release_id VARCHAR, hcpcs_code VARCHAR)")
        con.execute(
            "CREATE TABLE hcpcs_item AS SELECT 'HCPCS25Q4' AS release_id, ? AS hcpcs_code, ?::DATE AS terminated_on",
            [code, ended],
        )
        found = [finding for _, finding in con.sql(check.query).fetchall()]
    assert found == ([words] if words else [])


# ---------------------------------------------------------------- what changed


def test_what_changed_is_added_ended_reinstated_repriced_or_a_text() -> None:
    ended = {"terminated_on": date(2025, 12, 31)}
    changes = {
        "J0001": ({}, {}),
        "J0002": ({}, ended),
        "J0003": (ended, {}),
        "J0004": ({}, {"price_1": "00", "description": "Other"}),
        "J0005": ({}, {"description": "Other"}),
        "J0006": ({}, {"betos": "D1E"}),
        "J0007": ({}, None),
        "J0008": (None, {}),
        # What CMS says of the last change is no change of the code.
        "J0009": ({}, {"action_code": "F", "action_effective_on": date(2026, 1, 1)}),
    }
    with database.connect(1) as con:
        for number, release_id in enumerate(("HCPCS25Q4", "HCPCS26Q1")):
            rows = [
                {"hcpcs_code": x} | y[number] for x, y in changes.items() if y[number] is not None
            ]
            items = release(*rows).sql(hcpcs_item_query()).pl()
            con.register("items", items.with_columns(release_id=None).to_arrow())
            how = "INSERT INTO hcpcs_item BY NAME" if number else "CREATE TABLE hcpcs_item AS"
            con.execute(f"{how} SELECT * REPLACE ('{release_id}' AS release_id) FROM items")
        pair = "(SELECT 'HCPCS26Q1' AS release_id, 'HCPCS25Q4' AS previous_release_id)"
        found = con.sql(
            f"SELECT hcpcs_code, change_kind, changed_columns FROM ({hcpcs_item_change_query(pair)}) ORDER BY 1"
        ).fetchall()
    assert found == [
        ("J0002", "ended", "terminated_on"),
        ("J0003", "reinstated", "terminated_on"),
        ("J0004", "repriced", "description,pricing_indicators"),
        ("J0005", "texts_only", "description"),
        ("J0006", "other", "betos"),
        ("J0007", "removed", ""),
        ("J0008", "added", ""),
    ]


def test_every_pricing_indicator_names_who_has_the_price() -> None:
    with database.connect(1) as con:
        rows = con.sql(f"SELECT value, priced_under FROM ({indicator_query()}) WHERE indicator = 'pricing_indicator'").fetchall()  # fmt: skip
    under = dict(rows)
    assert (under["51"], under["21"], under["11"], under["36"], under["39"], under["00"]) == (
        "asp", "clfs", "pfs", "dmepos", "pen", "none",
    )  # fmt: skip
    assert {value for value, schedule in rows if not schedule} == {"54"}


def test_of_several_pricing_indicators_the_one_that_names_the_payer_counts() -> None:
    """P9612 is priced by the contractor and in the laboratory schedule: that is no contradiction."""
    with database.connect(1) as con:
        con.execute(f"CREATE TABLE hcpcs_indicator AS {indicator_query()}")
        con.execute("""
            CREATE TABLE hcpcs_item AS SELECT 'HCPCS25Q4' AS release_id, * FROM (VALUES
                ('P9612', '57,21'), ('G0103', '21'), ('G0475', '13'), ('J1885', '51'), ('U0001', '57,22')
            ) AS t(hcpcs_code, pricing_indicators)
        """)
        pair = "SELECT 'HCPCS25Q4' AS posting_id, 'CLFS25Q4' AS other_posting_id"
        said = (
            "SELECT 'CLFS25Q4' AS release_id, unnest(['P9612', 'G0103', 'G0475', 'U0001']) AS hcpcs_code, "
            "'' AS modifier, 'national' AS place_kind, 5.00 AS amount, '' AS reason"
        )
        query = compose_with(
            HCPCS.home / "across" / "payers.sql", {"other": "'clfs'"}, pair=pair, said=said
        )
        found = con.sql(
            f"SELECT record_key, our_value, other_value, known_reason FROM ({query}) ORDER BY 1"
        ).fetchall()
    own = "indicator 22 is one of this schedule, too: the contractor had the price"
    assert found == [
        ("G0103", "clfs", "clfs", ""), ("G0475", "clfs", "contractor", ""),
        ("P9612", "clfs", "clfs", ""), ("U0001", "clfs", "contractor", own),
    ]  # fmt: skip


def test_indicators_are_listed_under_a_schedule_also_where_the_contractor_has_the_price() -> None:
    with database.connect(1) as con:
        rows = con.sql(f"SELECT listed_under, list(value ORDER BY value) FROM ({indicator_query()}) WHERE indicator = 'pricing_indicator' AND listed_under <> '' GROUP BY ALL").fetchall()  # fmt: skip
    dmepos = ["31", "32", "33", "34", "35", "36", "37", "38", "39", "45", "46"]
    assert dict(rows) == {"pfs": ["11", "12", "13"], "clfs": ["21", "22"], "dmepos": dmepos}
