"""The traps of pfs-rules 8 that lie in figures and releases, one test each: 13 to 22.

The records are in CMS's layouts; codes are bare identifiers and every label is this project's
own.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.read.sort import file_kinds
from pipeline.read.validate import validate
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.identity import effective_period, identify
from tests.helpers import bundles, oracle
from tests.helpers.marks import cases
from tests.helpers.trap_records import (
    PPRRVU,
    SAMPLE_CSV,
    as_2026,
    build,
    columns,
    pprrvu,
    query,
    read,
    record,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the sample dressed as a release."""
    folder = tmp_path_factory.mktemp("trap") / "raw" / "october"
    return build(bundles.as_release(bundles.copy_sample(folder)))


# ---------------------------------------------------------------- what follows from the rows


def test_trap_13_work_of_a_code_whose_whole_row_is_carrier_priced(october: Path) -> None:
    """61715 has no work in its blank row and its work in the 26 row: neither may get lost."""
    sql = "SELECT modifier, work_rvu FROM rvu WHERE hcpcs_code = '61715' ORDER BY 1"
    assert query(october, sql) == [
        ("", Decimal("0.00")),
        ("26", Decimal("18.95")),
        ("TC", Decimal("0.00")),
    ]
    sql = "SELECT rank_status, work_rvu FROM work_rvu_rank WHERE hcpcs_code = '61715'"
    assert query(october, sql) == [("ranked", Decimal("18.95"))]


def test_trap_14_a_flagged_setting_is_priced_all_the_same(october: Path) -> None:
    """NA says "rarely done there"; the value beside it is a copy, and CMS prices it."""
    sql = (
        "SELECT facility_na, nonfacility_fee, facility_fee FROM payment_locality "
        "WHERE hcpcs_code = '76145' AND mac = '01112' AND locality_number = '05'"
    )
    [(flagged, nonfacility, facility)] = query(october, sql)
    assert flagged
    [cms] = [
        line.split(",")
        for line in bundles.lines_of(bundles.SAMPLE / "PFREV4.txt")
        if line.startswith('"2025","01112","05","76145"')
    ]
    assert nonfacility == Decimal(cms[5].strip('"'))
    assert facility == Decimal(cms[6].strip('"'))


def test_trap_15_records_of_the_payment_file_stand_twice_with_padded_modifiers() -> None:
    line = '"2025","01112","05","50688","{}","0000090.92","0000090.92"," ","0","A","2",'
    line += '"0000000.00","0000000.00","9","0000000.00","0000000.00"\r\n'
    data = line.format("  ") + line.format(" ") + '"TRL- end"\r\n'
    found = read(data.encode(), "PFREV4.txt", "pfrev")
    names = ("hcpcs_code", "modifier", "nonfacility_price")
    assert columns(found, *names) == [("50688", "", Decimal("90.92"))]
    assert (found.account.duplicate, found.account.notice) == (1, 1)


def test_trap_16_oppscap_has_the_facility_price_first() -> None:
    data = (
        "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY PRICE\r\n"
        "0633T,TC,C,01112,05,150.69,160.70\r\n,,,,,,\r\n"
    )
    found = read(data.encode(), "OPPSCAP_Oct.csv", "oppscap")
    names = ("facility_price", "nonfacility_price")
    assert columns(found, *names) == [(Decimal("150.69"), Decimal("160.70"))]


def test_trap_16_stale_amounts_of_cms_are_named_and_ours_stay(tmp_path: Path) -> None:
    """RVU24C's OPPSCAP was computed with the factor of January: it is reported, not followed."""
    folder = tmp_path / "raw" / "july"
    bundles.as_release(bundles.copy_sample(folder), 2024, "July", "06/20/2024")
    set_factor(folder / f"{PPRRVU}.csv", "33.2875")
    (folder / "ANES2025.csv").unlink()
    (folder / "25LOCCO.csv").unlink()
    set_prices(folder, factor=327442)
    database = build(folder)
    sql = "SELECT compared_count, matched_count, verdict, message FROM reconciliation"
    [(compared, matched, verdict, message)] = query(database, sql)
    assert (compared, verdict) == (2_990, "stale")
    assert matched < compared / 10
    assert message == "CMS computed these amounts with the factor 32.7442."
    sql = "SELECT nonfacility_fee FROM payment_national WHERE hcpcs_code = '92950'"
    assert query(database, sql) == [(Decimal("319.23"),)]


def set_factor(path: Path, factor: str) -> None:
    """Write another conversion factor into every record of a PPRRVU csv."""
    bundles.replace_text(path, "32.3465", factor, count=-1)


def set_prices(folder: Path, factor: int) -> None:
    """Write the amounts of OPPSCAP that follow from a factor (in ten-thousandths)."""
    rows = {row.key: row for row in oracle.read_rows(folder / f"{PPRRVU}.csv")}
    places = {(p.mac, p.locality): p for p in oracle.read_places(folder / "GPCI2025.csv")}

    def change(cells: list[str]) -> list[str]:
        if cells[0] not in ("", "HCPCS"):
            row = rows[cells[0], cells[1]]
            # CMS lists six localities of 01182 under 01112 as well.
            place = places.get((cells[3], cells[4])) or places["01182", cells[4]]
            total = row.opps_work * place.work + row.nonfacility_opps_pe * place.pe
            total += row.opps_mp * place.mp
            cents = (total * factor + 5_000_000) // 10_000_000
            cells[5] = cells[6] = f"{cents // 100}.{cents % 100:02d}"
        return cells

    bundles.edit_column(folder / "OPPSCAP_Oct.csv", 1, change)


@pytest.mark.parametrize("surplus", ["", " ", " " * 29])
def test_trap_17_records_have_171_characters_whatever_the_document_says(surplus: str) -> None:
    """The document states 200, and puts MP OPPS at "1"; the file has it at 166 to 171."""
    line = bundles.lines_of(bundles.SAMPLE / f"{PPRRVU}.txt")[-1].rstrip("\r\n")
    with_opps = line[:151] + "  1.11   1.11   0.06"
    found = read((with_opps + surplus).encode(), "PPRRVU25_OCT.txt", "pprrvu")
    assert len(with_opps) == 171
    assert columns(found, "opps_mp_rvu") == [(Decimal("0.06"),)]


def test_trap_17_plus_column_is_read_though_no_document_has_it() -> None:
    path = bundles.SAMPLE / f"{PPRRVU}.txt"
    found = read(path.read_bytes(), path.name, "pprrvu")
    assert found.frame["not_used_for_medicare"].sum() > 0
    expected = read(SAMPLE_CSV.read_bytes(), SAMPLE_CSV.name, "pprrvu").frame
    assert found.frame["not_used_for_medicare"].equals(expected["not_used_for_medicare"])


# ---------------------------------------------------------------- releases


def test_trap_18_a_letter_is_no_identity() -> None:
    """CMS posts again under one letter: the RELEASED date tells postings apart."""
    title = "2025 National Physician Fee Schedule Relative Value File January Release"
    first = identify([title, "RELEASED 12/31/2024"], "rvu25a.zip", "P.csv")
    second = identify([title, "RELEASED 01/10/2025"], "rvu25a-updated-01_10_2025.zip", "P.csv")
    assert first.release_id == second.release_id == "RVU25A"
    assert first.posting_id == "RVU25A@2024-12-31"
    assert second.posting_id == "RVU25A@2025-01-10"


def test_trap_18_correction_notice_differs_in_factor_and_dates_only(tmp_path: Path) -> None:
    """RVU24A and RVU24AR have the same RVUs; which days each is for makes the difference."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for name, factor, released in (
        ("rvu24a", "32.7442", "12/22/2023"),
        ("rvu24ar", "33.2875", "03/08/2024"),
    ):
        folder = bundles.as_release(bundles.copy_sample(raw / name), 2024, "January", released)
        for path in folder.iterdir():
            if path.stem not in (PPRRVU, "GPCI2025"):
                path.unlink()
        set_factor(folder / f"{PPRRVU}.csv", factor)
    sql = (
        "SELECT release_id, effective_from::VARCHAR, effective_to::VARCHAR, work_rvu, "
        "nonfacility_fee FROM release JOIN rvu USING (release_id) "
        "JOIN payment_national USING (release_id, hcpcs_code, modifier) "
        "WHERE hcpcs_code = '92950' ORDER BY 1"
    )
    assert query(build(folder), sql) == [
        ("RVU24A", "2024-01-01", "2024-03-08", Decimal("4.00"), Decimal("314.02")),
        ("RVU24AR", "2024-03-09", "2024-03-31", Decimal("4.00"), Decimal("319.23")),
    ]


@pytest.fixture
def july_2026(tmp_path: Path) -> Path:
    """A release of 2026: the non-QPP file with every row, the QPP file with some."""
    folder = tmp_path / "raw" / "july"
    bundles.as_release(bundles.copy_sample(folder), 2026, "July", "07/01/2026")
    for path in folder.iterdir():
        if path.stem != PPRRVU:
            path.unlink()
    main, qpp = folder / "PPRRVU2026_Jul_nonQPP.csv", folder / "PPRRVU2026_Jul_QPP.csv"
    (folder / f"{PPRRVU}.csv").rename(main)
    head, records = bundles.lines_of(main)[:10], bundles.lines_of(main)[10:]
    paid = [line for line in records if bundles.cells_of(line)[bundles.STATUS] in "ACRT"]
    bundles.write_lines(qpp, [*head, *paid])
    as_2026(main, "33.4009", "9")
    as_2026(qpp, "33.5675", "1")
    return folder


def test_trap_19_a_code_absent_from_the_qpp_file_is_not_deleted(july_2026: Path) -> None:
    database = build(july_2026)
    sql = (
        "SELECT conversion_factor_class, conversion_factor, count(*) FROM payment_national "
        "GROUP BY ALL ORDER BY 1"
    )
    assert query(database, sql) == [
        ("nonqp", Decimal("33.4009"), 420),
        ("qp", Decimal("33.5675"), 420),
    ]
    sql = "SELECT nonfacility_fee FROM payment_national WHERE hcpcs_code = '92950' ORDER BY 1"
    assert query(database, sql) == [(Decimal("320.31"),), (Decimal("321.91"),)]


def test_trap_19_qpp_rvus_must_be_those_of_the_other_file(july_2026: Path) -> None:
    path = july_2026 / "PPRRVU2026_Jul_QPP.csv"
    line = bundles.edit_cell(path, "92950,", bundles.WORK, "4.10")
    bundles.edit_cell(path, "92950,", bundles.NF_TOTAL, "9.69")
    bundles.edit_cell(path, "92950,", bundles.F_TOTAL, "5.53")
    assert f"line {line}: 92950  is not the same in the QPP" in left_unread(build(july_2026))


def test_trap_19_every_release_has_a_qpp_file_from_2026_on() -> None:
    kind = file_kinds()["pprrvu_qpp"]
    assert [kind.is_in_every_release_of(year) for year in (2025, 2026, 2027)] == [False, True, True]


def left_unread(database: Path) -> str:
    """The reason for which the one file of a release that was not read was left unread."""
    [(reason,)] = query(database, "SELECT unread_reason FROM source_file WHERE NOT is_loaded")
    return reason


def fabricated(folder: Path, damage: str) -> None:
    gpci = folder / "GPCI2025.csv"
    if damage == "fewer localities":
        bundles.drop_line(gpci, "03102,")
    elif damage == "a key twice":
        bundles.repeat_line(gpci, "03102,")
    elif damage == "a value out of range":
        bundles.edit_cell(gpci, "03102,", 5, "3.1")
    elif damage == "a value with four decimals":
        bundles.edit_cell(gpci, "03102,", 5, "0.9731")
    elif damage == "no floor in Alaska":
        bundles.edit_cell(gpci, "02102,", 4, "1")
    elif damage == "a locality of its own":
        bundles.replace_text(gpci, "03102,AZ,00", "03102,AZ,07")


FABRICATED = {
    "fewer localities": "the file names 108 localities where 109 exist that year",
    "a key twice": "occurs more than once",
    "a value out of range": 'pe_gpci is "3.100" where at most 3.0 is expected',
    "a value with four decimals": 'pe_gpci is "0.9731" where a number',
    "no floor in Alaska": "the work index of Alaska",
    "a locality of its own": "locality 03102-00 is missing",
}


# Values of single cells are looked at in the tests of files.
OF_CELLS = ["a key twice", "a value out of range", "a value with four decimals"]


@pytest.mark.parametrize("damage", cases(FABRICATED, OF_CELLS))
def test_trap_20_invented_indices_are_left_unread(damage: str, tmp_path: Path) -> None:
    """A public copy of "GPCI2026.csv" is invented; a bundle has to prove itself."""
    folder = bundles.as_release(bundles.copy_sample(tmp_path / "raw" / "october"))
    fabricated(folder, damage)
    database = build(folder)
    assert FABRICATED[damage] in left_unread(database)
    assert query(database, "SELECT DISTINCT gpci_status FROM locality") == [("missing",)]


def test_trap_21_placeholder_code_is_a_code() -> None:
    """RVU26C has the code GXXX1."""
    found = pprrvu(record("GXXX1"))
    assert validate(found, schedule(), quarantine_rows=False).set_aside == []
    assert columns(found, "hcpcs_code") == [("GXXX1",)]


@pytest.mark.parametrize("bundle", ["2024.zip", "my copy", "rvu24b.zip", "RVU24B"])
def test_trap_22_the_title_line_names_the_release(bundle: str) -> None:
    """A genuine RVU24B zip is in circulation as 2024.zip."""
    title = "2024 National Physician Fee Schedule Relative Value File April Release"
    found = identify([title, "RELEASED 03/20/2024"], bundle, "P.csv")
    assert found.release_id == "RVU24B"
    begins, _ = effective_period(found.release_id, found.calendar_year)
    assert (found.calendar_year, str(begins)) == (2024, "2024-04-01")


# ---------------------------------------------------------------- the whole sample


def test_all_forms_of_the_sample_agree(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "october"
    database = build(bundles.as_release(bundles.copy_sample(folder, ("csv", "txt", "xlsx"))))
    sql = (
        "SELECT split_part(comparison, ' ', 1), count(*) FROM reconciliation "
        "WHERE comparison LIKE '% = %' GROUP BY ALL ORDER BY 1"
    )
    kinds = ("anes", "gpci", "locco", "oppscap", "pprrvu")
    assert query(database, sql) == [(kind, 2) for kind in kinds]
    # Names and counties are cut or lose their asterisks; figures never differ.
    sql = "SELECT DISTINCT comparison, column_name FROM reconciliation_difference ORDER BY ALL"
    assert query(database, sql) == [
        ("anes csv = txt", "locality_name"),
        ("anes csv = xlsx", "locality_name"),
        ("locco csv = txt", "counties"),
        ("locco csv = txt", "state_name"),
    ]
    assert query(database, "FROM reconciliation WHERE different_count > 0") == []


def test_amounts_of_the_sample_by_an_independent_implementation(october: Path) -> None:
    by_hand = oracle.read_rows(SAMPLE_CSV)
    names = ", ".join(oracle.AMOUNTS)
    sql = f"SELECT hcpcs_code, modifier, price_status, {names} FROM payment_national"
    found = {row[:2]: row[2:] for row in query(october, sql)}
    assert found == {
        row.key: (row.price_status, *oracle.national_amounts(row).values()) for row in by_hand
    }
    places = oracle.read_places(bundles.SAMPLE / "GPCI2025.csv")
    sql = (
        f"SELECT hcpcs_code, modifier, mac, locality_number, {', '.join(oracle.AMOUNTS[:6])} "
        "FROM payment_locality WHERE price_status = 'priced'"
    )
    computed = {row[:4]: row[4:] for row in query(october, sql)}
    expected = {
        (*row.key, place.mac, place.locality): tuple(Decimal(x) / 100 for x in cents)
        for row in by_hand
        if row.price_status == "priced"
        for place, cents in zip(places, oracle.priced_cents(row, places), strict=True)
    }
    assert computed == expected
