"""Fees for equipment in a warehouse: postings, days, releases to come, exchanged columns, CMS's own files."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.errors import RefusedError
from pipeline.read.compare import FormComparison, compare_forms
from pipeline.read.file import FileRead, read_file
from pipeline.read.gather import gather_postings
from pipeline.read.sort import file_kinds, kind_of, split_postings
from pipeline.read.validate import validate
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import DMEPOS_BUNDLE
from pipeline.schedules.dmepos.definition import DMEPOS
from pipeline.store.sql import load_checks
from tests.helpers.places import NOT_THERE, REAL_FILES
from tests.helpers.raw_folders import sorted_bundles
from tests.helpers.staged import staged
from tests.helpers.warehouses import connected

CMS = REAL_FILES / "dmepos"
real = pytest.mark.skipif(not CMS.is_dir(), reason=NOT_THERE)
FEES = "DMEPOS_JAN"
TABLES = DMEPOS.declared.tables


def read(data: bytes, name: str) -> FileRead:
    """A file of the schedule by the layouts of its kind; every line of it is accounted for."""
    kind = kind_of(name)
    assert kind is not None
    layouts = tuple(x for x in kind.layouts if name.rpartition(".")[2] in x.extensions)
    found = read_file(data, name, layouts, TABLES)
    assert found.refused == []
    return found


# ---------------------------------------------------------------- releases made of the sample

EVERY = [name for name, kind in file_kinds().items() if kind.schedule == "dmepos"]
Lines = list[list[str]]


def sample_lines(kind: str, form: str = "csv") -> tuple[str, Lines]:
    """The name and the cells of a file of the sample, which says no longer that it is one."""
    for path in DMEPOS_BUNDLE.glob(f"*.{form}"):
        if kind_of(path.name).name == kind:
            text = path.read_text("cp1252").replace("(SAMPLE, not a CMS file)", "")
            return path.name.replace("_sample", ""), list(csv.reader(io.StringIO(text)))
    raise KeyError(kind)


def as_csv(lines: Lines) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("cp1252")


def head_of(lines: Lines) -> list[str]:
    return next(line for line in lines if "HCPCS" in line)


def items_of(lines: Lines) -> Lines:
    return lines[lines.index(head_of(lines)) + 1 :]


def add_release(
    raw: Path,
    month: str,
    year: int,
    kinds: list[str],
    change: Callable[[Lines], None] = lambda _: None,
) -> None:
    """A release of the figures of the sample as CMS would name it; ``change`` alters the table of fees."""
    quarter = ("January", "April", "July", "October").index(month) + 1
    folder = raw / f"dme{year % 100}{['', '-b', '-c', '-d'][quarter - 1]}"
    folder.mkdir(parents=True)
    said = {"January 2025": f"{month} {year}", "2025 Par": f"{year} Par", "202501": f"{year}0{quarter}"}  # fmt: skip
    for kind in kinds:
        name, lines = sample_lines(kind)
        if kind == "dmepos":
            change(lines)
        text = as_csv(lines).decode("cp1252")
        for old, new in said.items():
            text = text.replace(old, new)
        name = name.replace("JAN", month[:3].upper()).replace("2025", str(year))
        path = folder / name.replace("Quarter 1", f"Quarter {quarter}")
        path.write_bytes(text.encode("cp1252"))


def a_year_later(lines: Lines) -> None:
    """A state more and one less, a column that nobody knows, another wording; a fee rose, one ended."""
    head, place = head_of(lines), head_of(lines).index("Description")
    dropped = head.index("WY (NR)")
    for line in items_of(lines):
        amount = line[head.index("AL (NR)")]
        line[place:place] = ["77.00" if line[0] == "A6530" else "0.00", "0.00"]
        line[-1:] = ["Words", "Y"]
        if line[:2] == ["E0601", "RR"]:
            line[head.index("AL (NR)")] = str(Decimal(amount) + 2)
        if line[0] == "A4216":
            line[head.index("TX (NR)")] = "0.00"
        del line[dropped : dropped + 2]
    head[place:] = ["GU(NR)", "GU(R)", "Short Description", "Note"]
    head[head.index("Mod2")] = "MOD 2"
    del head[dropped : dropped + 2]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    """January of 2025 whole, April with the table of fees alone, and the January after."""
    place = tmp_path_factory.mktemp("equipment")
    add_release(place / "raw", "January", 2025, EVERY)
    add_release(place / "raw", "April", 2025, ["dmepos"])
    add_release(place / "raw", "January", 2026, EVERY, a_year_later)
    options = Options(raw=place / "raw", warehouse=place / "warehouse", today=date(2026, 2, 1))
    outcome = refresh(options, Report(quiet=True))
    assert outcome.refused == []
    assert outcome.releases == ["DMEPOS25Q1", "DMEPOS25Q2", "DMEPOS26Q1"]
    return place / "warehouse"


@pytest.fixture
def reader(warehouse: Path):
    yield from connected(warehouse)


def test_a_release_may_lack_all_files_but_its_table_of_fees(reader) -> None:
    query = "SELECT release_id, missing_files FROM release ORDER BY 1"
    assert reader.sql(query).fetchall() == [
        ("DMEPOS25Q1", ""),
        ("DMEPOS25Q2", "dme_pen,dme_cba,dme_mail_order,dme_rural_zip,dme_cba_zip"),
        ("DMEPOS26Q1", ""),
    ]
    query = "SELECT release_id, count(*) FROM {} GROUP BY 1 ORDER BY 1"
    counts = {name: reader.sql(query.format(name)).fetchall() for name in ("dme_item", "dme_zip")}
    assert counts["dme_item"] == [("DMEPOS25Q1", 30), ("DMEPOS25Q2", 23), ("DMEPOS26Q1", 30)]
    assert counts["dme_zip"] == [("DMEPOS25Q1", 54), ("DMEPOS26Q1", 54)]


def test_a_state_that_comes_or_goes_and_a_new_column_are_news(reader) -> None:
    query = (
        "SELECT check_name, finding FROM check_finding WHERE release_id = 'DMEPOS26Q1' ORDER BY ALL"
    )
    # The sample has few ZIP codes: of most states with rural fees it has none.
    usual = {"layouts_are_declared", "states_with_rural_fees_have_rural_zip_codes"}
    found = [(name, text) for name, text in reader.sql(query).fetchall() if name not in usual]
    assert found == [
        ("columns_are_known", "DMEPOS_JAN.csv has columns that are not loaded: Note"),
        ("states_are_those_of_the_schedule", "it has a column of GU, which no earlier file had"),
        ("states_are_those_of_the_schedule", "it has no column of WY"),
    ]
    fees = "SELECT hcpcs_code, amount FROM dme_fee WHERE state = 'GU'"
    assert reader.sql(fees).fetchall() == [("A6530", Decimal("77.00"))]


def test_a_change_is_from_each_release_to_the_next(reader) -> None:
    query = (
        "SELECT hcpcs_code, modifier, change_kind, causes, changed_amount_count, new_amount_count, ended_amount_count "
        "FROM dme_change WHERE release_id = '{}' AND hcpcs_code IN ('E0601', 'A4216', 'A6530', 'B4164', 'V2786') ORDER BY ALL"
    )
    assert reader.sql(query.format("DMEPOS25Q2")).fetchall() == [
        ("B4164", "", "removed", "", 0, 0, 53)
    ]
    assert reader.sql(query.format("DMEPOS26Q1")).fetchall() == [
        ("A4216", "", "repriced", "states,description", 0, 0, 2),
        ("A6530", "", "repriced", "states,description", 0, 1, 1),
        ("B4164", "", "added", "", 0, 53, 0),
        ("E0601", "RR", "repriced", "amounts,all_amounts_alike,states,description", 1, 0, 2),
        ("V2786", "", "details_only", "description", 0, 0, 0),
    ]
    for example in TABLES["dme_change"].examples:
        assert reader.sql(example).fetchall()


@pytest.mark.parametrize(
    ("day", "fees"),
    [
        ("2024-12-31", []),
        ("2025-01-01", [("DMEPOS25Q1", "50.58")]),
        ("2025-06-30", [("DMEPOS25Q2", "50.58")]),
        ("2026-01-01", [("DMEPOS26Q1", "52.58")]),
    ],
)
def test_a_fee_is_that_of_the_release_in_force_on_the_day(reader, day, fees) -> None:
    query = (
        "SELECT release_id, amount::VARCHAR FROM dme_fee_in_force WHERE hcpcs_code = 'E0601' AND state = 'AL' "
        f"AND NOT is_rural AND DATE '{day}' BETWEEN effective_from AND effective_to"
    )
    assert reader.sql(query).fetchall() == fees


# ---------------------------------------------------------------- what a place is paid


@pytest.mark.parametrize(
    ("code", "place", "answers"),
    [
        # In a former bidding area its amount stands in the place of that of the state.
        ("E0601", "at_zip := '94110'", [("RR", "cba", "53.090", "")]),
        ("E0601", "at_zip := '35056'", [("RR", "state_rural", "94.930", "")]),
        # A state that has no rural areas, and one of which it is not said which area is meant.
        ("E0601", "at_state := 'AK'", [("RR", "state_rural", "91.420", "")]),
        ("K0823", "at_state := 'AL'", [
            ("RR", "state_rural", "341.100", ""), ("RR", "state_rural", "547.160", ""), ("RR", "national", "", "rural_unknown"),
        ]),
        # Base equipment that was never bid for has a fee in rural areas and none elsewhere.
        ("E2361", "of_modifier := 'NU', at_state := 'AL', at_rural := false", [
            ("NU", "state_rural", "135.760", ""), ("NU KE", "national", "", "no_fee_in_area"), ("NU KU", "state_rural", "167.970", ""),
        ]),
        # An area with a point, and an item that has fees in areas alone.
        ("L1851", "at_zip := '96817'", [("", "cba", "", "no_fee_in_area")]),
        ("A4557", "at_zip := '35056'", [("KG", "national", "", "no_fee_in_area")]),
        ("V2786", "at_zip := '94110'", [("", "national", "", "no_fee_published")]),
        ("A4259", "at_zip := '94110'", [("", "state_rural", "1.420", ""), ("KL", "national", "1.780", "")]),
        ("E0601", "at_mac := null", [("RR", "national", "", "by_place")]),
    ],
)  # fmt: skip
def test_a_place_has_its_amount_or_the_reason_why_none(reader, code, place, answers) -> None:
    found = reader.sql(
        "SELECT trim(concat_ws(' ', modifier, nullif(modifier2, ''))), place_kind, coalesce(amount::VARCHAR, ''), reason "
        f"FROM fee_for('{code}', on_day := '2025-02-01', {place}) WHERE setting = 'supplier'"
    ).fetchall()
    assert found == answers


def test_show_has_rent_by_month_and_what_it_may_come_to(warehouse, printed) -> None:
    on = ("--on", "2025-02-01")
    said = printed(warehouse, "show", "E0601", "--state", "AL", "--rural", *on)
    assert "94.93" in said and "71.20" in said
    assert "capped_rental_later: Rental from month 4 at 75% of the fee" in said
    assert "[P: DMEBACK 2025, p.2-3 (capped rental); 42 CFR 414.229]" in said
    found = json.loads(printed(warehouse, "show", "K0835", "--state", "AK", *on, "--json"))["rule"]
    amounts = {
        x["rule"]: (x["month_from"], x["month_to"], x["amount"], x["evidence"]) for x in found
    }
    assert amounts == {
        "power_wheelchair_first": (1, 3, 587.37, "P"),
        "power_wheelchair_later": (4, 13, 234.95, "P"),
        "complex_wheelchair_purchase": (1, 1, 3915.80, "S"),
        "coinsurance": (None, None, None, "P"),
    }
    pole = json.loads(printed(warehouse, "show", "E0776", "--state", "AL", "--no-rural", *on, "--json"))  # fmt: skip
    limits = {x["modifier"]: x["amount"] for x in pole["rule"] if x["pays"] == "limit"}
    assert limits == {"RR": 170.02, "UE": 170.02}


def test_files_that_lie_loose_in_one_folder_find_their_posting(tmp_path: Path) -> None:
    """The name of one file has the month, of another the month and the year, of a third the quarter."""
    for month, year in (("January", 2025), ("April", 2025)):
        add_release(tmp_path / "made", month, year, EVERY)
    loose = tmp_path / "raw" / "downloads"
    loose.mkdir(parents=True)
    for path in (tmp_path / "made").glob("*/*"):
        path.rename(loose / path.name)
    found = gather_postings(
        [x for one in sorted_bundles(tmp_path / "raw") for x in split_postings(one)]
    )
    assert sorted(sorted(one.members) for one in found) == [sorted(EVERY)] * 2
    months = [
        {
            member.base_name.upper().find("APR") >= 0 or "Quarter 2" in member.base_name
            for _, member in one.files
        }
        for one in found
    ]
    assert sorted(months, key=str) == [{False}, {True}]


# ---------------------------------------------------------------- what proves the columns


def exchange(head: list[str], one: str, another: str) -> None:
    """Two columns are headed by each other's words."""
    places = head.index(one), head.index(another)
    head[places[0]], head[places[1]] = another, one


def staged_frames(frames: dict[str, pl.DataFrame]) -> duckdb.DuckDBPyConnection:
    """The stage tables of January 2025 from what reading its files gave."""
    con = staged(
        DMEPOS.declared, {}, release_id="DMEPOS25Q1", calendar_year=2025, effective_from=date(2025, 1, 1),
        is_sample=False, main_file=FEES,
    )  # fmt: skip
    con.execute("CREATE TABLE stage.dme_quarter (file_kind VARCHAR, year INTEGER, quarter INTEGER)")
    for kind, frame in frames.items():
        put(con, kind, frame)
    return con


def put(con: duckdb.DuckDBPyConnection, kind: str, frame: pl.DataFrame) -> None:
    con.register("read", frame.to_arrow())
    con.execute(f"CREATE OR REPLACE TABLE stage.{kind} AS FROM read")


@pytest.fixture(scope="module")
def sound() -> dict[str, pl.DataFrame]:
    """What the files of the sample have."""
    found = {kind: sample_lines(kind) for kind in EVERY}
    return {kind: read(as_csv(lines), name).frame for kind, (name, lines) in found.items()}


@pytest.fixture(scope="module")
def examined(sound) -> duckdb.DuckDBPyConnection:
    return staged_frames(sound)


def refused_by(
    check: str, kind: str, found: FileRead, sound: dict, con: duckdb.DuckDBPyConnection
) -> bool:
    """Whether a check, which refuses, finds something in a file beside the sound ones and nothing without it."""
    [rule] = [x for x in load_checks(DMEPOS.release_checks) if x.name == check]
    assert rule.severity == "error" and con.sql(rule.query).fetchall() == []
    put(con, kind, found.frame)
    is_found = bool(con.sql(rule.query).fetchall())
    put(con, kind, sound[kind])
    return is_found


@pytest.mark.parametrize(
    ("one", "another", "check"),
    [
        ("Ceiling", "Floor", "fees_lie_within_their_limits"),
        ("AL (NR)", "AL (R)", "rural_fees_are_no_lower"),
        ("AL (R)", "AK (NR)", "limited_items_have_no_rural_fee"),
        ("AL (R)", "AK (R)", "rural_fees_are_continental"),
        ("AL (NR)", "NY (NR)", "regions_have_one_fee"),
        ("AL (NR)", "AK (NR)", "regions_have_one_fee"),
        ("Mod", "Mod2", "items_have_their_first_modifier"),
    ],
)
def test_exchanged_columns_of_fees_are_refused(one, another, check, sound, examined) -> None:
    name, lines = sample_lines("dmepos")
    exchange(head_of(lines), one, another)
    assert refused_by(check, "dmepos", read(as_csv(lines), name), sound, examined)


@pytest.mark.parametrize(("one", "another"), [("JURIS", "CATG"), ("Ceiling", "AL (NR)")])
def test_columns_with_values_of_their_own_are_not_taken_for_each_other(one, another) -> None:
    name, lines = sample_lines("dmepos")
    exchange(head_of(lines), one, another)
    with pytest.raises(RefusedError):
        validate(read(as_csv(lines), name), DMEPOS.declared, quarantine_rows=False)


@pytest.mark.parametrize(
    ("kind", "one", "another", "check"),
    [
        ("dme_pen", "AL(NR)", "AL(R)", "rural_nutrition_are_no_lower"),
        ("dme_cba", "Mod", "Mod2", "area_fees_have_their_first_modifiers"),
        ("dme_cba_zip", "CBA Name Short", "CBA Name", "areas_with_fees_have_zip_codes"),
    ],
)
def test_exchanged_columns_of_other_files_are_refused(
    kind, one, another, check, sound, examined
) -> None:
    name, lines = sample_lines(kind)
    exchange(next(line for line in lines if one in line), one, another)
    assert refused_by(check, kind, read(as_csv(lines), name), sound, examined)


def test_a_table_of_before_2016_has_one_fee_for_each_state() -> None:
    name, lines = sample_lines("dmepos")
    head = head_of(lines)
    rural = [place for place, word in enumerate(head) if word.endswith("(R)")]
    for line in [head, *items_of(lines)]:
        for place in reversed(rural):
            del line[place]
    head[:] = [word.removesuffix(" (NR)") for word in head]
    found = read(as_csv(lines), name)
    assert found.layout.name == "dmepos_before_rural"
    assert found.frame.select("state", "is_rural").n_unique() == 53
    assert not found.frame["is_rural"].any()


def test_forms_of_the_sample_are_equal_also_the_one_that_only_the_read_me_tells_of() -> None:
    found = {}
    for path in DMEPOS_BUNDLE.iterdir():
        found[kind_of(path.name).name, path.suffix] = read(path.read_bytes(), path.name)
    compared = [
        compare_forms(found[kind, ".csv"], found[kind, form], TABLES[f"stage.{kind}"])
        for kind in EVERY
        for form in (".txt", ".xlsx")
    ]
    assert len(compared) == 12
    assert all(one.differences.is_empty() for one in compared)
    assert found["dmepos", ".txt"].layout.name == "dmepos_records"


# ---------------------------------------------------------------- CMS's own files


@pytest.fixture(scope="module")
def cms(tmp_path_factory) -> dict[tuple[str, str], FileRead]:
    """CMS's files of January 2025 by kind and form."""
    found = {}
    for path in sorted(CMS.iterdir()):
        kind = kind_of(path.name)
        if kind:
            found[kind.name, path.suffix] = read(path.read_bytes(), path.name)
    return found


def compared_with(cms, kind: str, form: str) -> FormComparison:
    return compare_forms(cms[kind, ".csv"], cms[kind, form], TABLES[f"stage.{kind}"])


@pytest.mark.real
@real
@pytest.mark.parametrize(
    ("kind", "form", "cells", "amounts"),
    [
        # Of the 114 columns 106 are fees, and ceiling and floor are amounts, too.
        ("dmepos", ".xlsx", 3_487 * 114, 376_596),
        ("dme_pen", ".txt", 50 * 110, 2_650 * 2),
        ("dme_pen", ".xlsx", 50 * 110, 2_650 * 2),
        ("dme_cba", ".txt", 614 * 136, 79_820),
        ("dme_cba", ".xlsx", 614 * 136, 79_820),
        ("dme_mail_order", ".txt", 8 * 7, 8),
        ("dme_mail_order", ".xlsx", 8 * 7, 8),
        ("dme_rural_zip", ".txt", 15_913 * 3, 0),
        ("dme_rural_zip", ".xlsx", 15_913 * 3, 0),
        ("dme_cba_zip", ".txt", 16_119 * 5, 0),
        ("dme_cba_zip", ".xlsx", 16_119 * 5, 0),
    ],
)
def test_forms_of_cms_agree_in_every_cell(cms, kind, form, cells, amounts) -> None:
    comparison = compared_with(cms, kind, form)
    assert comparison.differences.is_empty()
    assert comparison.compared == cells
    assert amounts_in(cms[kind, form]) == amounts


def amounts_in(found: FileRead) -> int:
    """How many cells of a file hold an amount of money, also 0.00."""
    cells = len(found.frame) if "amount" in found.frame.columns else 0
    limits = [x for x in ("ceiling", "floor") if x in found.frame.columns]
    return cells + len(limits) * found.frame["source_line"].n_unique()


@pytest.fixture(scope="module")
def january(cms) -> duckdb.DuckDBPyConnection:
    """The tables of CMS's release of January 2025."""
    con = staged_frames({kind: cms[kind, ".csv"].frame for kind in EVERY})
    con.execute("CREATE TABLE stage.loaded_file (file_kind VARCHAR, file VARCHAR)")
    con.execute("INSERT INTO stage.loaded_file SELECT unnest(?), 'file'", [EVERY])
    for name, query in DMEPOS.model.tables.items():
        con.execute(f"CREATE TABLE {name} AS {query()}")
    return con


@pytest.mark.real
@real
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT program, count(*), count(DISTINCT hcpcs_code) FROM dme_item GROUP BY 1 ORDER BY 1", [("dmepos", 3_487, 2_084), ("pen", 50, 36)]),
        ("SELECT program, is_rural, count(*) FROM dme_fee JOIN dme_item USING (hcpcs_code, modifier, modifier2) GROUP BY ALL ORDER BY ALL",
         [("dmepos", False, 166_643), ("dmepos", True, 53_802), ("pen", False, 2_503), ("pen", True, 1_225)]),
        ("SELECT count(*), count(*) FILTER (amount = 0), count(DISTINCT state) FROM stage.dmepos", [(369_622, 149_177, 53)]),
        ("SELECT price_status, count(*) FROM dme_item WHERE program = 'dmepos' GROUP BY 1 ORDER BY 1", [("by_place", 3_240), ("no_fee_published", 69), ("priced", 178)]),
        ("SELECT count(*) FROM dme_item WHERE ceiling IS NOT NULL AND floor IS NOT NULL", [(2_207,)]),
        ("SELECT count(*), count(*) FILTER (rural.amount >= other.amount) FROM stage.dmepos AS rural JOIN stage.dmepos AS other USING (hcpcs_code, modifier, modifier2, state) "
         "WHERE rural.is_rural AND NOT other.is_rural AND rural.amount > 0 AND other.amount > 0", [(39_494, 39_494)]),
        ("SELECT count(*) FILTER (has_rural) FROM dme_item WHERE program = 'dmepos'", [(1_098,)]),
        ("SELECT count(*), count(DISTINCT cba), count(DISTINCT (hcpcs_code, modifier, modifier2, modifier3)) FROM dme_cba_fee", [(79_537, 130, 614)]),
        ("SELECT count(*) FROM dme_mail_order_fee", [(8,)]),
        ("SELECT is_rural, count(*), count(DISTINCT nullif(cba, '')) FROM dme_zip GROUP BY 1 ORDER BY 1", [(False, 16_119, 130), (True, 15_913, 0)]),
        ("SELECT count(*), count(*) FILTER (lowest = highest) FROM (SELECT min(amount) AS lowest, max(amount) AS highest FROM dme_fee JOIN dme_item USING (hcpcs_code, modifier, modifier2) "
         "JOIN (SELECT unnest(string_split(states, ' ')) AS state, states FROM (VALUES ('CT MA ME NH RI VT'), ('NJ NY'), ('DC DE MD PA VA WV'), ('AL FL GA KY MS NC SC TN'), ('IL IN MI MN OH WI'), "
         "('AR LA NM OK TX'), ('IA KS MO NE'), ('CO MT ND SD UT WY'), ('AZ CA NV'), ('ID OR WA')) AS region(states)) USING (state) "
         "WHERE category = 'PO' AND NOT has_rural AND NOT is_rural GROUP BY hcpcs_code, modifier, modifier2, states)", [(9_640, 9_640)]),
        ("SELECT count(*), count(*) FILTER (rented.amount <= bought.amount) FROM dme_fee AS rented JOIN dme_fee AS bought USING (hcpcs_code, modifier2, state, is_rural) "
         "JOIN dme_item AS item ON item.hcpcs_code = rented.hcpcs_code AND item.modifier = rented.modifier AND item.modifier2 = rented.modifier2 "
         "WHERE rented.modifier = 'RR' AND bought.modifier = 'NU'", [(36_650, 36_650)]),
        ("SELECT DISTINCT state FROM dme_fee WHERE is_rural AND state IN ('AK', 'HI', 'PR', 'VI')", []),
    ],
)  # fmt: skip
def test_counts_of_january_2025_are_those_of_the_rules(january, query, found) -> None:
    assert january.sql(query).fetchall() == found


@pytest.mark.real
@real
def test_checks_find_two_exceptions_of_cms_and_nothing_else(january) -> None:
    found = {x.name: january.sql(x.query).fetchall() for x in load_checks(DMEPOS.release_checks)}
    findings = {
        name: [row[2].partition(":")[0] for row in rows] for name, rows in found.items() if rows
    }
    assert findings == {"ceilings_have_their_floor": ["K1007 (PO)", "Q0480 (PO)"]}
