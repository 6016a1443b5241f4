"""CMS's utilization files: read as a stream, added up by specialty, every line accounted for.

No file of CMS is at hand here; the made-up ones have its columns, its quoting and its encoding.
"""

import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.read.sort import kind_of
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers.utilization_files import GEOGRAPHY_FILE, PROVIDER_FILE, text
from tests.helpers.warehouses import connected

pytestmark = pytest.mark.whole


@pytest.fixture
def load(tmp_path: Path, small_warehouse: Path):
    """A function that refreshes from one file and gives a connection to the warehouse."""
    opened = []
    warehouse = tmp_path / "warehouse"
    shutil.copytree(small_warehouse, warehouse, symlinks=True)

    def load(content: str | bytes, name: str = PROVIDER_FILE):
        raw = tmp_path / "raw"
        raw.mkdir(exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode("cp1252")
        (raw / name).write_bytes(data)
        refresh(Options(raw=raw, warehouse=warehouse), Report(quiet=True))
        opened.append(duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True))
        return opened[-1]

    yield load
    for connection in opened:
        connection.close()


# ---------------------------------------------------------------- by provider and service


# Files of four years, which one refresh reads. As many records as those of 2021 and 2022 have, in
# another form, are compared with them by row.
OF_2012 = [
    [
        "npi", "provider_type", "place_of_service", "hcpcs_code", "line_srvc_cnt", "bene_unique_cnt",
        "average_Medicare_allowed_amt", "stdev_Medicare_allowed_amt",
    ],
    ["0000000001", "CPT copyright 2011 American Medical Association.  All Rights Reserved."],
    ["1003000126", 'Internal "Medicine"', "F", "99291", "30", "20", "100.25", "0"],
]  # fmt: skip


def swapped(content: str, one: str, another: str) -> str:
    return content.replace(one, "\0").replace(another, one).replace("\0", another)


@pytest.fixture(scope="module")
def of_four_years(tmp_path_factory, small_warehouse) -> Path:
    """The folder of a warehouse with files of 2012, 2021, 2022 and 2023."""
    place = tmp_path_factory.mktemp("four_years")
    (place / "raw").mkdir()
    good = text("by_provider", {})
    by_year = "Medicare_Physician_Other_Practitioners_by_Provider_and_Service_{}.csv"
    files = {
        PROVIDER_FILE: text(
            "by_provider",
            {"Rndrng_NPI": "1000000001", "Tot_Benes": "11", "Tot_Srvcs": "12.5"},
            {"Rndrng_NPI": "1000000002", "Tot_Benes": "20", "Tot_Srvcs": "30"},
            {"Rndrng_NPI": "1000000002", "Place_Of_Srvc": "O"},
            {"Rndrng_NPI": "1000000003", "Rndrng_Prvdr_Type": "Cardiology"},
            {"Rndrng_NPI": "1000000003", "HCPCS_Cd": "00100"},
        ).encode("cp1252"),
        by_year.format(2022): good.encode("utf-8-sig"),
        by_year.format(2021): swapped(good, "Tot_Benes", "Tot_Srvcs").encode("cp1252"),
        "Medicare_Provider_Util_Payment_PUF_CY2012.txt": "".join(
            "\t".join(row) + "\r\n" for row in OF_2012
        ).encode("cp1252"),
    }
    for name, data in files.items():
        (place / "raw" / name).write_bytes(data)
    warehouse = place / "warehouse"
    shutil.copytree(small_warehouse, warehouse, symlinks=True)
    refresh(Options(raw=place / "raw", warehouse=warehouse), Report(quiet=True))
    return warehouse


@pytest.fixture(scope="module")
def four_years(of_four_years):
    yield from connected(of_four_years)


def test_providers_are_added_up_by_code_specialty_and_setting(four_years):
    found = four_years.sql("""
        select calendar_year, hcpcs_code, specialty, setting, provider_count,
          provider_patient_count, service_count, total_allowed_amount
        from specialty_volume where calendar_year = 2023 order by all
    """).fetchall()
    critical = "Critical Care (Intensivists)"
    one = Decimal("30.0000"), Decimal("3010.00")
    assert found == [
        (2023, "00100", critical, "facility", 1, 20, *one),
        (2023, "99291", "Cardiology", "facility", 1, 20, *one),
        # 42.5 services at 100.333333333 dollars are 4264.16666...: rounded once, half up.
        (2023, "99291", critical, "facility", 2, 31, Decimal("42.5000"), Decimal("4264.17")),
        (2023, "99291", critical, "nonfacility", 1, 20, *one),
    ]


def test_no_name_address_or_description_enters_the_warehouse(of_four_years):
    for path in of_four_years.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"made-up description" not in data, path
            assert "Muñoz".encode() not in data and b"Mu\xf1oz" not in data, path
            assert b"1003000126" not in data, path


@pytest.mark.slow
def test_every_line_is_accounted_for_and_a_broken_one_is_set_aside_with_its_number(load):
    con = load(
        text(
            "by_provider",
            {"Rndrng_NPI": "1000000001"},
            {"Rndrng_NPI": "1000000002", "Tot_Benes": "many"},
            {"Rndrng_NPI": "1000000003", "HCPCS_Cd": "9929", "Place_Of_Srvc": "X"},
            {"Rndrng_NPI": "1000000004"},
        )
        + "\r\n"
    )
    account = con.sql("""
        select line_count, header_count, loaded_count, quarantined_count, blank_count
        from source_file where file_kind = 'utilization_by_provider'
    """).fetchall()
    assert account == [(6, 1, 2, 2, 1)]
    aside = con.sql("select line_number, column_name, value from quarantine order by all")
    assert aside.fetchall() == [
        (3, "beneficiary_count", "many"),
        (4, "facility_flag", "X"),
        (4, "hcpcs_code", "9929"),
    ]
    providers = con.sql("select sum(provider_count) from specialty_volume").fetchall()
    assert providers == [(2,)]


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["by_provider", "by_provider_until_2024"])
def test_files_of_every_year_are_read_by_the_words_of_their_header(load, layout):
    con = load(text(layout, {}))
    found = con.sql(
        "select layout, loaded_count > 0 from source_file where file_kind = 'utilization_by_provider'"
    )
    assert found.fetchall() == [("utilization_by_provider", True)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv", "utilization_by_provider"),
        ("MUP_PHY_RY24_P05_V10_DY22_PrvSvc.csv", "utilization_by_provider"),
        ("MUP_PHY_R25_P05_V20_D23_Prov.csv", None),
        (
            "Medicare_Physician_Other_Practitioners_by_Provider_and_Service_2022.csv",
            "utilization_by_provider",
        ),
        ("MUP_PHY_R25_P05_V20_D23_Geo.csv", "utilization_by_geography"),
        (
            "Medicare_Physician_Other_Practitioners_by_Geography_and_Service_2022.csv",
            "utilization_by_geography",
        ),
    ],
)
def test_a_file_is_known_by_the_names_that_cms_gives_it(name, kind):
    found = kind_of(name)
    assert (found.name if found else None) == kind


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv", 2023),
        ("Medicare_Physician_Other_Practitioners_by_Provider_and_Service_2019.csv", 2019),
    ],
)
def test_the_year_is_that_of_the_services_and_not_of_the_release(load, name, year):
    con = load(text("by_provider", {}), name)
    assert con.sql("select calendar_year from specialty_volume").fetchall() == [(year,)]


def test_without_a_file_nothing_is_known_and_nothing_is_invented(con):
    assert con.sql("from specialty_volume").fetchall() == []
    assert con.sql("from service_volume").fetchall() == []


# ---------------------------------------------------------------- by geography and service


@pytest.mark.slow
def test_the_country_and_its_states_stand_side_by_side(load):
    state = {"Rndrng_Prvdr_Geo_Lvl": "State", "Rndrng_Prvdr_Geo_Desc": "Ohio"}
    con = load(text("by_geography", {}, state | {"Tot_Benes": ""}), GEOGRAPHY_FILE)
    found = con.sql("""
        select geography_level, geography, setting, provider_count, beneficiary_count,
          service_count, total_allowed_amount
        from service_volume order by all
    """).fetchall()
    assert found == [
        ("National", "National", "facility", 5, 20, Decimal("30.0000"), Decimal("3010.00")),
        # What CMS leaves blank is unknown and not zero.
        ("State", "Ohio", "facility", 5, None, Decimal("30.0000"), Decimal("3010.00")),
    ]


# ---------------------------------------------------------------- what is refused


GOOD = text("by_provider", {})

TABS = "\n".join(
    [
        "npi\tprovider_type\tplace_of_service\thcpcs_code\tline_srvc_cnt\tbene_unique_cnt\taverage_Medicare_allowed_amt\tstdev_Medicare_allowed_amt",
        "1003000126\tOptometry\tO\t99291\t30\t20\t100.25\t0",
    ]
)

REFUSED = {
    "a header that lacks a column": (
        GOOD.replace("Tot_Benes", "Total"),
        PROVIDER_FILE,
        "no column is named like beneficiary_count",
    ),
    "a record with a cell too few": (
        GOOD + "1000000009,short\r\n",
        PROVIDER_FILE,
        "not a readable CSV record with 28 cells",
    ),
    "a key that occurs twice": (
        text("by_provider", {}, {}),
        PROVIDER_FILE,
        'npi "1003000126", hcpcs_code "99291", facility_flag "F" occurs more than once',
    ),
    "a file that ends after its header": (
        GOOD.splitlines(keepends=True)[0],
        PROVIDER_FILE,
        "no data line",
    ),
    "a name without a year": (
        GOOD,
        "Medicare_Physician_Other_Practitioners_by_Provider_and_Service.csv",
        "has no year",
    ),
    "many lines that cannot be read": (
        text("by_provider", *[{"Tot_Srvcs": str(x) + "?"} for x in range(9)]),
        PROVIDER_FILE,
        'service_count is "0?"',
    ),
    "a file that is written in UTF-16": (
        GOOD.encode("utf-16"),
        PROVIDER_FILE,
        "is written in UTF-16",
    ),
    "a letter that is written in Windows-1252": (
        text("by_provider", {"Rndrng_Prvdr_Type": "M\xe9decine"}),
        PROVIDER_FILE,
        "line 2: a byte of it is no character of UTF-8",
    ),
    "a file that was cut off between two cells": (
        GOOD + GOOD.splitlines()[1].rsplit(",", 3)[0],
        PROVIDER_FILE,
        "line 3: the last record breaks off: the file was cut off",
    ),
    "a file that was cut off within its last cell": (
        GOOD
        + text("by_provider", {"Rndrng_NPI": "1003000127", "Tot_Benes": "10"}).splitlines()[1][:-5]
        + ".",
        PROVIDER_FILE,
        "line 3: the last record breaks off",
    ),
    "a file with tabs that was cut off": (
        TABS + "\n1003000127\tOptometry\tO\t992",
        "Medicare_Provider_Util_Payment_PUF_CY2012.txt",
        "line 3: the last record breaks off",
    ),
    "a cell that runs over a line end": (
        GOOD.replace("Muñoz, Clinic", "Muñoz,\r\n Clinic"),
        PROVIDER_FILE,
        "runs on",
    ),
}


@pytest.fixture(scope="module")
def unread(tmp_path_factory, small_warehouse) -> dict[str, str]:
    """Why each of the files that are refused is left unread, of one refresh with all of them."""
    place = tmp_path_factory.mktemp("unread")
    raw = place / "raw"
    for case, (content, name, _) in REFUSED.items():
        data = content if isinstance(content, bytes) else content.encode("cp1252")
        (raw / case).mkdir(parents=True)
        (raw / case / name).write_bytes(data)
    shutil.copytree(small_warehouse, place / "warehouse", symlinks=True)
    refresh(Options(raw=raw, warehouse=place / "warehouse"), Report(quiet=True))
    with duckdb.connect(str(place / "warehouse" / "fee_schedule.duckdb"), read_only=True) as con:
        assert con.sql("select count(*) from specialty_volume").fetchall() == [(0,)]
        query = "select source_file, unread_reason from source_file where read_status = 'unread'"
        return dict(con.sql(query).fetchall())


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_left_unread_with_the_reason(unread, case):
    _, name, words = REFUSED[case]
    reason = unread[f"{case}/{name}"]
    assert words in reason
    assert reason.startswith(f"{case}/{name}")


def test_the_mark_of_utf_8_is_no_part_of_the_first_cell(four_years):
    query = "select sum(service_count) from specialty_volume where calendar_year = 2022"
    assert four_years.sql(query).fetchall() == [(Decimal(30),)]


def test_columns_may_stand_elsewhere(four_years):
    query = "select provider_patient_count, service_count from specialty_volume where calendar_year = 2021"
    assert four_years.sql(query).fetchall() == [(30, Decimal(20))]


def test_the_file_of_2012_is_tab_separated_and_begins_with_a_copyright_record(four_years):
    assert four_years.sql(
        "select specialty, hcpcs_code, service_count from specialty_volume where calendar_year = 2012 order by all"
    ).fetchall() == [('Internal "Medicine"', "99291", Decimal(30))]
    account = "select form, line_count, header_count, notice_count, loaded_count from source_file "
    assert four_years.sql(f"{account} where source_file like '%CY2012.txt'").fetchall() == [
        ("txt", 3, 1, 1, 1)
    ]
