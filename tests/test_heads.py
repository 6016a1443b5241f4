"""Heads and notes of CMS's files as they were worded from 2003 to 2026, and as they might be.

Whatever the words, the order, the stacking and the notes: the values are those of the same file with
the head of 2025, or the file is refused. They are never read differently.
"""

import csv
import io
import itertools
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import RefusedError
from pipeline.read.file import FileRead, read_file
from pipeline.read.layout import layouts_for, load_layouts
from pipeline.schedules.pfs.declared import schedule
from tests.helpers import bundles, trap_records
from tests.helpers.old_book import old_book

LAYOUTS = load_layouts(schedule().folder / "layouts")

# Localities as GPCI has them: MAC, state, number, name, work, PE, MP, work without the floor, and the
# anesthesia factors of the two classes.
PLACES = [
    ["10112", "AL", "00", "ALABAMA", "1.000", "0.875", "0.566", "0.988", "19.31", "19.41"],
    ["02102", "AK", "01", "ALASKA*", "1.500", "1.065", "0.551", "1.500", "27.86", "28.00"],
    ["03602", "WY", "21", "WYOMING**", "1.000", "1.000", "0.739", "0.990", "19.97", "20.07"],
]

# Head, the places of its cells in PLACES (None: a column of which nothing is known), and notes below.
GPCI_HEADS = {
    "2003": (["Carrier", "Locality", "Locality Name", "Work GPCI", "PE GPCI", "MP GPCI"], [0, 2, 3, 4, 5, 6], []),
    "2008": (["Carrier/State", "Locality", "Locality Name", "Work", "PE", "GPCI"], [0, 2, 3, 4, 5, 6], []),
    "2011": (
        ["Carrier", "Locality", "Locality Name", "old", "a", "b", "c", "Work GPCI", "PE GPCI", "MP GPCI"],
        [0, 2, 3, None, None, None, None, 4, 5, 6],
        [],
    ),
    "2020": (
        ["Medicare Administrative Contractor (MAC)", "Locality Number", "Locality Name", "2020 PW GPCI ", "2020 PE GPCI", "2020 MP GPCI", "", "", ""],
        [0, 2, 3, 4, 5, 6],
        [],
    ),
    "2022": (
        ["Medicare Administrative Contractor", "State", "Locality Number", "Locality Name", "2022 PW GPCI (with 1.0 Floor)", "2022 PE GPCI", "2022 MP GPCI"],
        [0, 1, 2, 3, 4, 5, 6],
        ["MAC Assignments as of October 27, 2020"],
    ),
    "2024": (
        ["Medicare Administrative Contractor (MAC)", "State", "Locality Number", "Locality Name", "2024 PW GPCI (with 1.0 Floor)", "2024 PE GPCI", "2024 MP GPCI"],
        [0, 1, 2, 3, 4, 5, 6],
        ["Note: a floor, extended.", "   Therefore, the work indices reflect it.", "Note: For CY 2024 and on, fewer localities."],
    ),
    "2026 A": (
        ["Medicare Administrative Contractor (MAC)", "State", "Locality Number", "Locality Name", "2026 PW GPCI (without 1.0 Floor)", "2026 PW GPCI (with 1.0 Floor)", "2026 PE GPCI", "2026 MP GPCI"],
        [0, 1, 2, 3, 7, 4, 5, 6],
        ["*Work GPCI reflects a 1.5 floor.", "Note: shown both with and without a 1.0 floor"],
    ),
    "2026 B again": (
        ["Medicare Administrative Contractor (MAC)", "State", "Locality Number", "Locality Name", "2026 PW GPCI (with 1.0 Floor)***", "2026 PE GPCI", "2026 MP GPCI"],
        [0, 1, 2, 3, 4, 5, 6],
        ["***Note: the floor was extended."],
    ),
}  # fmt: skip

ANES_HEADS = {
    "2023": (["Contractor", "Locality", "Locality Name", "2023 Anesthesia Conversion Factor"], [0, 2, 3, 8]),
    "2025": (["Contractor", "Locality", "Locality Name", "National Anes CF of 20.3178"], [0, 2, 3, 8]),
    "2025 workbook": (["Contractor", "Locality", "Locality Name", "Anes CF of 20.3178"], [0, 2, 3, 8]),
    "2026": (
        [
            "Contractor", "Locality", "Locality Name",
            "Non-Qualifying APM National Anes CF (with 2.5% Statutory increase)  of 20.49754",
            "Qualifying APM National Anes CF (with 2.5% statutory increase) of 20.599835",
        ],
        [0, 2, 3, 8, 9],
    ),
}  # fmt: skip

LOCCO_HEADS = [
    ["Carrier Number", "Locality Number", "State ", "Fee Schedule Area ", "Counties"],
    ["carrier number", "Locality", "State", "Fee Schedule Area", "Counties"],
    [
        "Medicare Adminstrative Contractor",
        "Locality Number",
        "State ",
        "Fee Schedule Area ",
        "Counties",
    ],
]


def text_of(rows: list[list[str]]) -> bytes:
    """Rows as a CSV, filled up to one width."""
    width = max(map(len, rows))
    file = io.StringIO()
    csv.writer(file).writerows([*row, *[""] * (width - len(row))] for row in rows)
    return file.getvalue().encode("cp1252")


def read(kind: str, data: bytes) -> FileRead:
    """A CSV of a kind, read."""
    found = read_file(
        data, f"{kind}.csv", layouts_for(LAYOUTS, kind, "csv", kind), schedule().tables
    )
    assert found.account.balances
    return found


def records(places: list[int | None]) -> list[list[str]]:
    """The localities with the columns of a head; what nothing is known of has a number."""
    return [["7.7" if place is None else row[place] for place in places] for row in PLACES]


@pytest.mark.parametrize("year", GPCI_HEADS)
def test_gpci_of_every_year_gives_the_paid_indices(year):
    head, places, notes = GPCI_HEADS[year]
    titles = [[], [f"ADDENDUM E. GPCIs OF {year}"], []][: 0 if year == "2003" else 3]
    found = read("gpci", text_of([*titles, head, *records(places), *[[note] for note in notes]]))
    rows = found.frame.select("mac", "locality_number", "work_gpci", "pe_gpci", "mp_gpci").rows()
    assert rows == [
        (row[0], row[2], Decimal(row[4]), Decimal(row[5]), Decimal(row[6])) for row in PLACES
    ]
    without = found.frame["work_gpci_without_floor"].to_list()
    assert without == [Decimal(row[7]) if year == "2026 A" else None for row in PLACES]
    assert found.account.notice == len(notes)
    assert found.extra == (("old", "a", "b", "c") if year == "2011" else ())


GPCI_TEXTS = {
    "2007": (
        "ADDENDUM - 2007 GEOGRAPHIC PRACTICE COST INDICES",
        "Carrier LocalityLocality name          Work GPCPE GPCI MP GPCI",
        " 02102     01   ALASKA*                   1.500   1.065   0.551",
        " 03602     21   WYOMING**                 1.000   1.000   0.739",
    ),
    "2011": (
        "GPCIs included in Addendum E of Final Rule (CY 2011)",
        "ContractorLocality      Locality name       2011    2011    2011",
        "  02102      01   ALASKA*                   1.500   1.065   0.551",
        "  03602      21   WYOMING**                 1.000   1.000   0.739",
    ),
}


@pytest.mark.parametrize("year", GPCI_TEXTS)
def test_gpci_in_fixed_width_is_read_by_the_positions_that_its_keys_have(year) -> None:
    data = "\r\n".join(GPCI_TEXTS[year]).encode("cp1252")
    found = trap_records.read(data, f"GPCI{year}.txt", "gpci")
    names = ("mac", "locality_number", "locality_name", "work_gpci", "pe_gpci", "mp_gpci")
    assert trap_records.columns(found, *names) == [
        (row[0], row[2], row[3], *map(Decimal, row[4:7])) for row in PLACES[1:]
    ]


OF_510 = {
    "gpci": (GPCI_HEADS["2003"][0], ["510", "0", "ALABAMA", "1.000", "0.853", "0.496"]),
    "anes": (ANES_HEADS["2023"][0], ["510", "0", "ALABAMA", "16.52"]),
    "oppscap": (
        ["HCPCS", "MOD", "PROC STAT", "CARRIER", "LOCALITY", "FAC PRICE", "NON-FAC PRICE"],
        ["70336", "TC", "A", "510", "0", "411.10", "411.10"],
    ),
    "locco": (LOCCO_HEADS[0], ["510", "0", "ALABAMA", "STATEWIDE", "ALL COUNTIES"]),
}


@pytest.mark.parametrize(("kind", "lines"), OF_510.items(), ids=OF_510)
def test_carriers_of_before_the_macs_may_have_lost_both_zeros_in_front(kind, lines) -> None:
    found = read(kind, text_of([*lines]))
    assert found.frame.select("mac", "locality_number").rows() == [("00510", "00")]


@pytest.mark.parametrize(("kind", "lines"), OF_510.items(), ids=OF_510)
def test_companions_of_old_releases_may_be_old_workbooks_with_numbers(kind, lines) -> None:
    head, record = lines
    numbers = [float(x) if "." in x else int(x) if x.isdigit() else x for x in record]
    data = old_book({"Sheet1": [["A title"], head, numbers]})
    found = trap_records.read(data, f"{kind}.xls", kind).frame
    expected = read(kind, text_of([["A title"], head, record])).frame
    assert found.equals(expected)


@pytest.mark.parametrize("year", ANES_HEADS)
def test_anes_of_every_year_gives_the_factor_of_each_class(year):
    head, places = ANES_HEADS[year]
    found = read("anes", text_of([head, *records(places), []]))
    factors = found.frame.select(
        "anesthesia_conversion_factor", "qp_anesthesia_conversion_factor"
    ).rows()
    second = [Decimal(row[9]) if year == "2026" else None for row in PLACES]
    assert factors == [(Decimal(row[8]), other) for row, other in zip(PLACES, second, strict=True)]


@pytest.mark.parametrize("head", LOCCO_HEADS)
def test_locco_of_every_year_gives_its_counties(head):
    rows = [["10112", "0", "ALABAMA", "STATEWIDE", "ALL COUNTIES"]]
    found = read("locco", text_of([["COUNTIES INCLUDED IN 2017 LOCALITIES"], [], head, [], *rows]))
    assert found.frame.drop("source_line").rows() == [
        ("10112", "00", "ALABAMA", "STATEWIDE", "ALL COUNTIES")
    ]


def test_a_head_that_names_a_role_twice_is_refused():
    head, places, _ = GPCI_HEADS["2022"]
    with pytest.raises(RefusedError, match=r"work_gpci may be any of the columns 5 .* and 8"):
        read("gpci", text_of([[*head, "2021 Work GPCI"], *records([*places, 7])]))


# ---------------------------------------------------------------- heads that nobody has seen

FILES = {
    "gpci": "GPCI2025.csv",
    "anes": "ANES2025.csv",
    "oppscap": "OPPSCAP_Oct.csv",
    "pprrvu": "PPRRVU2025_Oct_sample.csv",
}
NOTES = st.lists(
    st.sampled_from(
        ["Note: work is paid with the floor.", "* A footnote", "MAC assignments of 2031", "", "   "]
    ),
    max_size=4,
)
NEW_WORDS = st.sampled_from(["NEW 2031", "OTHER VALUE", "REMARK", "CHANGED"])


def table_of(kind: str) -> tuple[list[str], list[list[str]], pl.DataFrame]:
    """The words of each column of the sample's file, its first records, and what they are read as."""
    data = (bundles.SAMPLE / FILES[kind]).read_bytes()
    rows = list(csv.reader(io.StringIO(data.decode("cp1252"))))
    first = {"pprrvu": 10, "gpci": 3}.get(kind, 1)
    head = rows[first - (5 if kind == "pprrvu" else 1) : first]
    words = [" ".join(" ".join(cells).split()) for cells in zip(*head, strict=True)]
    body = rows[first : first + 40]
    return words, body, read(kind, text_of([words, *body])).frame.drop("source_line")


TABLES = {kind: table_of(kind) for kind in FILES}


@pytest.mark.slow
@given(st.sampled_from(sorted(FILES)), st.data())
@settings(max_examples=150)
def test_heads_and_notes_of_any_kind_give_the_same_values_or_a_refusal(kind, data):
    words, body, expected = TABLES[kind]
    order = data.draw(st.permutations(range(len(words))))
    extra = data.draw(st.lists(NEW_WORDS, max_size=2, unique=True))
    year = str(data.draw(st.integers(2003, 2039)))
    named = [words[place].replace("2025", year) for place in order] + extra
    stacked = data.draw(st.integers(1, 4))
    head = [[] for _ in range(stacked)]
    for cell in named:
        parts = cell.split(" ")
        cut = sorted(
            data.draw(
                st.lists(st.integers(0, len(parts)), min_size=stacked - 1, max_size=stacked - 1)
            )
        )
        edges = [0, *cut, len(parts)]
        for row, (begin, end) in zip(head, itertools.pairwise(edges), strict=True):
            row.append(" ".join(parts[begin:end]))
    titles = [["A TITLE OF " + year], [], ["second title"]][: data.draw(st.integers(0, 3))]
    records = [[*(row[place] for place in order), *["9" for _ in extra]] for row in body]
    notes = [[note] for note in data.draw(NOTES)]
    try:
        found = read(kind, text_of([*titles, *head, *records, *notes]))
    except RefusedError:
        return
    if found.refused:
        # A line that is no record refuses each of these files as a whole when it is validated.
        return
    assert found.frame.drop("source_line").equals(expected)
    # Of a stacked head only the lines are joined that roles need, so an extra name may be cut.
    assert len(found.extra) == len(extra)
