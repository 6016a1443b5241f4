"""Laboratory fees in a warehouse beside the Physician Fee Schedule: postings, days, answers, exports."""

import csv
import io
import json
import shutil
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.cli import main
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import ASC_BUNDLE, LAB_BUNDLE, SAMPLE_BUNDLE
from pipeline.schedules.clfs.definition import CLFS
from tests.helpers.warehouses import connected

pytestmark = pytest.mark.whole

TITLE = "2025 Clinical Diagnostic Laboratory Fee Schedule"
HEAD = "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDED LONGDESC"

# ---------------------------------------------------------------- a warehouse of several releases


def lab_file(folder: Path, name: str, *rows: str) -> None:
    """A file as CMS writes it, as CSV; a row is a text like 'P9612,,20251001,N,00009.09'."""
    folder.mkdir(parents=True, exist_ok=True)
    year = next(part for part in name.split() if part.startswith("20"))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([TITLE.replace("2025", year)])
    writer.writerow([f"CPT codes are copyright {year} American Medical Association."])
    writer.writerows([[], HEAD.split(",")])
    writer.writerows([year, *row.split(","), "Short words", "Words", "More words"] for row in rows)
    (folder / f"{name}.csv").write_bytes(text.getvalue().encode("cp1252"))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory, add_release) -> Path:
    """Three quarters, one in two versions, beside a release of the Physician Fee Schedule.

    The file of another quarter breaks a rule: it is refused, and the rest stands.
    """
    place = tmp_path_factory.mktemp("lab")
    raw = place / "raw"
    old = ("36415,,20250101,N,00009.09", "0001U,,20250101,N,00720.00")
    lab_file(raw / "25CLABQ2", "CLFS 2025 Q2V1", *old, "P9612,,20250401,N,9.09")
    lab_file(raw / "loose", "CLFS 2025 Q3V1", *old, "G0567,,20250701,N,20.00")
    lab_file(raw / "loose", "CLFS 2025 Q3V2", *old, "G0567,,20250701,L,0")
    lab_file(
        raw / "25CLABQ4",
        "CLFS 2025 Q4V1",
        "36415,,20250101,N,00009.34",
        "0001U,,20250101,N,00720.00",
        "G0567,,20250701,L,0",
        "G0328,,20251001,N,18.05",
        "G0328,QW,20251001,N,18.05",
    )
    lab_file(raw / "25CLABQ1", "CLFS 2025 Q1V1", "36415,,20250101,N,0")
    add_release(raw)
    outcome = refresh(
        Options(raw=raw, warehouse=place / "warehouse", today=date(2025, 11, 1)),
        Report(quiet=True),
    )
    assert outcome.releases == ["CLFS25Q2", "CLFS25Q3", "CLFS25Q4", "RVU25D"]
    assert "local_rates_are_zero" in str(outcome.refused)
    return place / "warehouse"


def refreshed(place: Path, warehouse: str = "warehouse") -> tuple[list[str], list[tuple]]:
    """What a refresh refused, and the postings that the warehouse holds then."""
    folder = place / warehouse
    outcome = refresh(Options(raw=place / "raw", warehouse=folder), Report(quiet=True))
    with duckdb.connect(str(folder / "fee_schedule.duckdb"), read_only=True) as con:
        return outcome.refused, con.sql("SELECT posting_id, bundle FROM release").fetchall()


@pytest.fixture
def reader(warehouse: Path):
    yield from connected(warehouse)


def test_a_posting_in_a_folder_is_known_by_the_name_that_it_has_now(tmp_path: Path) -> None:
    """The only posting of a folder is called after that, and after its file once it has another."""
    raw, loose = tmp_path / "raw", tmp_path / "raw" / "loose"
    lab_file(loose, "CLFS 2025 Q3V1", "P9612,,20250101,N,9.09")
    refreshed(tmp_path)
    lab_file(loose, "CLFS 2025 Q3V2", "P9612,,20250101,N,9.10")
    grown = refreshed(tmp_path)
    assert refreshed(tmp_path, "at_once") == grown

    # The same rows in more forms take the place of the file, by the name that it has now.
    lab_file(raw / "more", "CLFS 2025 Q3V1", "P9612,,20250101,N,9.09")
    [again] = (raw / "more").iterdir()
    again.with_suffix(".txt").write_bytes(
        again.read_bytes().replace(b"\r\n", b"\n").replace(b",", b"\t")
    )
    assert refreshed(tmp_path)[1] != grown[1]
    shutil.rmtree(raw / "more")
    assert refreshed(tmp_path) == grown

    # And a file that is damaged is held as it was.
    lab_file(loose, "CLFS 2025 Q3V1", "P9612,,20250101,N,9.x")
    refused, held = refreshed(tmp_path)
    assert "CLFS 2025 Q3V1.csv" in refused[0]
    assert held == grown[1]


def test_a_release_of_any_schedule_stays_as_it_was_where_its_bundle_is_refused(tmp_path: Path):
    """A zip that is still being copied, a main file that is gone, two releases unpacked into one folder."""
    raw = tmp_path / "raw"
    lab_file(raw, "CLFS 2025 Q3V1", "P9612,,20250101,N,9.09")
    path = raw / "25CLABQ3.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.write(raw / "CLFS 2025 Q3V1.csv", "CLFS 2025 Q3V1.csv")
    (raw / "CLFS 2025 Q3V1.csv").unlink()
    asc = shutil.copytree(ASC_BUNDLE, raw / "asc", ignore=shutil.ignore_patterns("*.xlsx"))
    [main_file] = asc.glob("*ASC-AA*")
    sound = refreshed(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    aside = shutil.move(main_file, tmp_path)
    refused, held = refreshed(tmp_path)
    assert [sentence.partition("; ")[2] for sentence in sorted(refused)] == [
        "until then CLFS25Q3 stays as it was.",
        "until then SAMPLEASC25Q1 stays as it was.",
    ]
    assert held == sound[1]
    shutil.move(aside, asc)
    path.write_bytes(whole)
    assert refreshed(tmp_path) == sound

    # The zip is whole, whatever lies in a folder into which it was unpacked beside another release.
    with zipfile.ZipFile(path) as made:
        made.extractall(raw / "unpacked")
    lab_file(raw / "unpacked" / "x", "CLFS 25 Q3V1 2025", "P9612,,20250101,N,9.10")
    shutil.move(raw / "unpacked" / "x" / "CLFS 25 Q3V1 2025.csv", raw / "unpacked")
    (raw / "unpacked" / "x").rmdir()
    refused, held = refreshed(tmp_path)
    assert "two files of one kind" in refused[0]
    assert held == sound[1]

    # And what was refused is forgotten once it is gone.
    shutil.rmtree(raw / "unpacked")
    (raw / "25CLABQ4").mkdir()
    assert "the folder is empty" in refreshed(tmp_path)[0][0]
    (raw / "25CLABQ4").rmdir()
    assert refreshed(tmp_path) == sound


def test_the_version_orders_the_postings_of_a_quarter(reader) -> None:
    query = "SELECT posting_id, is_current, is_latest, superseded_by FROM release WHERE schedule = 'clfs' ORDER BY 1"
    assert reader.sql(query).fetchall() == [
        ("CLFS25Q2@V1", True, False, ""),
        ("CLFS25Q3@V1", False, False, "CLFS25Q3@V2"),
        ("CLFS25Q3@V2", True, False, ""),
        ("CLFS25Q4@V1", True, True, ""),
    ]
    rates = (
        "SELECT rate, price_status FROM {} WHERE hcpcs_code = 'G0567' AND release_id = 'CLFS25Q3'"
    )
    assert reader.sql(rates.format("lab_fee")).fetchall() == [(None, "contractor_priced")]
    assert reader.sql(rates.format("superseded.lab_fee")).fetchall() == [
        (Decimal("20.00"), "priced")
    ]


def test_each_schedule_has_its_latest_release_and_periods_of_its_own(reader) -> None:
    latest = "SELECT schedule, release_id FROM release WHERE is_latest ORDER BY ALL"
    assert reader.sql(latest).fetchall() == [("clfs", "CLFS25Q4"), ("pfs", "RVU25D")]
    assert reader.sql("SELECT count(*) > 0 FROM rvu_current").fetchall() == [(True,)]
    on = (
        "SELECT count(DISTINCT posting_id) FROM release_period WHERE schedule = '{}' "
        "AND DATE '2025-11-20' BETWEEN effective_from AND effective_to AND known_to > DATE '9999-01-01'"
    )
    assert [reader.sql(on.format(x)).fetchall() for x in ("clfs", "pfs")] == [[(1,)], [(1,)]]


@pytest.mark.parametrize(
    ("day", "code", "fees"),
    [
        ("2025-04-01", "36415", [("CLFS25Q2", Decimal("9.09"))]),
        ("2025-09-30", "36415", [("CLFS25Q3", Decimal("9.09"))]),
        ("2025-10-01", "36415", [("CLFS25Q4", Decimal("9.34"))]),
        ("2025-06-30", "P9612", [("CLFS25Q2", Decimal("9.09"))]),
        # What the next release lacks has ended.
        ("2025-07-01", "P9612", []),
        ("2025-03-31", "36415", []),
    ],
)
def test_a_fee_is_that_of_the_release_in_force_on_the_day(reader, day, code, fees) -> None:
    query = (
        "SELECT release_id, rate FROM lab_fee_in_force "
        f"WHERE DATE '{day}' BETWEEN effective_from AND effective_to AND hcpcs_code = '{code}'"
    )
    assert reader.sql(query).fetchall() == fees


def test_a_change_is_from_each_release_to_the_next(reader) -> None:
    query = "FROM lab_fee_change SELECT release_id, previous_release_id, hcpcs_code, modifier, change_kind, rate_change ORDER BY ALL"
    assert reader.sql(query).fetchall() == [
        ("CLFS25Q3", "CLFS25Q2", "G0567", "", "added", None),
        ("CLFS25Q3", "CLFS25Q2", "P9612", "", "removed", None),
        ("CLFS25Q4", "CLFS25Q3", "36415", "", "repriced", Decimal("0.25")),
        ("CLFS25Q4", "CLFS25Q3", "G0328", "", "added", None),
        ("CLFS25Q4", "CLFS25Q3", "G0328", "QW", "added", None),
    ]
    for example in CLFS.declared.tables["lab_fee_change"].examples:
        assert reader.sql(example).fetchall()


def test_exports_leave_out_the_descriptors_of_the_ama(warehouse: Path) -> None:
    exports = warehouse / "exports" / "current"
    with (exports / "csv" / "lab_fee" / "CLFS25Q4.csv").open(newline="") as file:
        rows = {(row["hcpcs_code"], row["modifier"]): row for row in csv.DictReader(file)}
    texts = ("description", "long_description", "extended_description", "description_status")
    assert [rows["36415", ""][name] for name in texts] == ["", "", "", "withheld"]
    assert [rows["G0328", "QW"][name] for name in texts] == [
        "Short words", "Words", "More words", "cms",
    ]  # fmt: skip
    assert rows["36415", ""]["rate"] == "9.34"
    manifest = json.loads((exports / "manifest.json").read_text())
    assert manifest["tables"]["lab_fee"] == 11
    assert {x["schedule"] for x in manifest["releases"]} == {"pfs", "clfs"}


def test_show_answers_for_every_schedule_that_has_the_code(warehouse, printed) -> None:
    both = printed(warehouse, "show", "36415")
    assert "clfs      CLFS25Q4" in both
    assert "9.34" in both and "paid_under_clfs" in both
    alone = printed(warehouse, "show", "0001U")
    assert alone.startswith("0001U  Short words\nthe latest release of each fee schedule")
    local = printed(warehouse, "show", "G0567", "--on", "2025-08-01")
    assert "CLFS25Q3" in local and "contractor_priced: The Medicare contractor" in local
    no_pfs = printed(warehouse, "show", "36415", "--on", "2025-05-01")
    assert (
        "office, practitioner in a facility: No release of the Physician Fee Schedule is loaded for "
        "2025-05-01. To load it: fees fetch RVU25B"
    ) in no_pfs
    replaced = printed(warehouse, "show", "G0567", "--release", "clfs25q3@v1", "--json")
    [row] = json.loads(replaced)["fee"]
    assert (row["amount"], row["release_id"]) == (20.00, "CLFS25Q3")
    waived = printed(warehouse, "show", "G0328-QW", "--json")
    assert [row["modifier"] for row in json.loads(waived)["fee"]] == ["QW"]
    three = printed(warehouse, "show", "36415", "--units", "3", "--json")
    [lab] = [row for row in json.loads(three)["fee"] if row["setting"] == "lab"]
    assert lab["units_amount"] == 28.02
    visit = json.loads(printed(warehouse, "show", "99291", "--json"))["fee"]
    assert {row["schedule"] for row in visit} == {"pfs"}


def test_price_prices_a_test_and_says_what_the_schedule_has_of_a_code_that_is_not_listed(
    warehouse, printed
) -> None:
    place = ("--mac", "01112", "--locality", "05")
    words = ("price", "36415", "99291", "--on", "2025-11-01", *place)
    test, visit, together = printed(warehouse, *words).split("\n\n")
    assert test.startswith("36415: 9.34")
    assert "is paid by the Clinical Laboratory Fee Schedule" in test
    assert "Laboratory" not in visit
    assert together.startswith("together: 324.13 is allowed")
    # CMS lists a release of each quarter since 2020.
    of_2024, of_2019 = (
        printed(warehouse, "price", "36415", "--on", day, *place)
        for day in ("2024-05-01", "2019-05-01")
    )
    assert "To load that of 2024-05-01: fees fetch CLFS24Q2" in of_2024
    assert "It holds: CLFS25" in of_2019 and "fees fetch" not in of_2019


def test_a_code_that_nobody_has_on_a_day_is_told_when_it_was_known(
    warehouse, capsys, monkeypatch
) -> None:
    monkeypatch.setattr(
        "sys.argv", ["fees", "show", "G0567", "--on", "2025-05-01", "--warehouse", str(warehouse)]
    )
    with pytest.raises(SystemExit, match="6"):
        main()
    assert (
        "no schedule and no list that is loaded has G0567 on 2025-05-01. It is known from "
        "2025-07-01 (CLFS25Q3) to 2025-12-31 (CLFS25Q4): --on 2025-12-31. No release of the Physician "
        "Fee Schedule is loaded for 2025-05-01. To load it: fees fetch RVU25B"
    ) in capsys.readouterr().err
    monkeypatch.setattr(
        "sys.argv", ["fees", "show", "G0567", "--on", "2024-05-01", "--warehouse", str(warehouse)]
    )
    with pytest.raises(SystemExit, match="6"):
        main()
    folders = f"--raw {warehouse.with_name('raw')} --warehouse {warehouse}"
    loaded = f"What has G0567 on other days can be loaded (fees fetch CLFS24Q2 {folders})."
    assert loaded in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("show", "G0328-26"), "G0328 is valid; modifier 26 has no fee schedule line of its own (lists have G0328 without a modifier, with QW). To price the line, run: fees price G0328-26 --on DATE --zip ZIP"),
        (("show", "36415", "--release", "CLFS24Q1"), "CLFS25Q2@V1 for 2025-04-01 to 2025-06-30"),
        (("show", "36415", "--on", "2024-11-01"), "CLFS25Q2@V1 for 2025-04-01 to 2025-06-30"),
        (("diff", "clfs25q3", "CLFS25Q4"), "CLFS25Q4 is of the Clinical Laboratory Fee Schedule, and this compares releases of the Physician Fee Schedule; for what it changed: fees query \"FROM lab_fee_change WHERE release_id = 'CLFS25Q4'\""),
        (("diff", "RVU25D", "CLFS25Q4"), "FROM lab_fee_change WHERE release_id = 'CLFS25Q4'"),
    ],
)  # fmt: skip
def test_who_asks_for_laboratory_fees_is_told_what_there_is(
    warehouse, capsys, monkeypatch, words, expected
) -> None:
    monkeypatch.setattr("sys.argv", ["fees", *words, "--warehouse", str(warehouse)])
    with pytest.raises(SystemExit):
        main()
    assert expected in capsys.readouterr().err


def test_an_export_says_how_many_rows_it_wrote(warehouse, capsys, monkeypatch, tmp_path) -> None:
    """A release of another schedule has none of a table, and an empty file is not to surprise."""
    for release, count in (("CLFS25Q4", 5), ("RVU25D", 0)):
        target = tmp_path / f"{release}.csv"
        words = ("export", "--csv", "lab_fee", "--release", release, "--out", str(target))
        monkeypatch.setattr("sys.argv", ["fees", *words, "--warehouse", str(warehouse)])
        main()
        assert "".join(capsys.readouterr()) == f"wrote {target}: {count} rows\n"
        assert len(target.read_text().splitlines()) == 1 + count


def test_status_lists_the_releases_of_both_schedules(warehouse, printed) -> None:
    said = printed(warehouse, "status")
    assert "release    CLFS25Q3@V1              replaced by CLFS25Q3@V2" in said
    assert "RVU25D@2025-09-12" in said


def test_three_forms_of_the_sample_are_equal_and_forms_that_differ_are_refused(tmp_path) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(LAB_BUNDLE, raw / "25CLABQ4")
    options = Options(raw=raw, warehouse=tmp_path / "warehouse")
    assert refresh(options, Report(quiet=True)).releases == ["SAMPLECLFS25Q4"]
    with duckdb.connect(str(options.warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        compared = con.sql("SELECT comparison, verdict FROM reconciliation ORDER BY 1").fetchall()
        others = con.sql("SELECT count(*) FROM rvu").fetchall()
    assert compared == [("clfs csv = txt", "equal"), ("clfs csv = xlsx", "equal")]
    # The sample of the Physician Fee Schedule is not mixed in.
    assert others == [(0,)]
    text = raw / "25CLABQ4" / "CLFS 2025 Q4V1_sample.txt"
    text.write_bytes(text.read_bytes().replace(b"00114.43", b"00114.34"))
    refused = refresh(options, Report(quiet=True)).refused
    assert 'rate of G0480 is "114.34", but "114.43"' in str(refused)


def test_the_sample_rows_have_the_labels_of_the_other_sample() -> None:
    """A CPT code stands in the sample with a label of this project's own, and with one only."""
    with (SAMPLE_BUNDLE.parent / "figures.csv").open(newline="") as file:
        figures = list(csv.DictReader(file))
    label = next(name for name in figures[0] if name in ("label", "description"))
    labels = {row["hcpcs_code"]: row[label] for row in figures}
    with (LAB_BUNDLE.parent / "lab_fees.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    cpt = [row for row in rows if row["hcpcs_code"][0].isdigit()]
    assert cpt and all(labels[row["hcpcs_code"]] == row["label"] for row in cpt)


# ---------------------------------------------------------------- CMS's own files


@pytest.mark.real
@pytest.mark.slow
def test_three_releases_of_cms_load_beside_the_physician_fee_schedule(
    january: duckdb.DuckDBPyConnection,
) -> None:
    counts = january.sql("""
        SELECT release_id, count(*), count(*) FILTER (modifier = 'QW'),
            count(*) FILTER (price_status = 'contractor_priced'), sum(rate)
        FROM lab_fee GROUP BY release_id ORDER BY release_id
    """).fetchall()
    forms = january.sql("""
        SELECT release_id, comparison, compared_count, matched_count, verdict
        FROM reconciliation WHERE schedule = 'clfs' ORDER BY ALL
    """).fetchall()
    kinds = january.sql("""
        SELECT release_id, change_kind, count(*) FROM lab_fee_change GROUP BY ALL ORDER BY ALL
    """).fetchall()
    found = january.sql("""
        SELECT count(*) FROM check_result WHERE schedule = 'clfs' AND finding_count > 0
    """).fetchall()
    payable = january.sql("""
        SELECT count(*) FROM lab_fee JOIN rvu USING (hcpcs_code, modifier)
        WHERE lab_fee.release_id = 'CLFS25Q4' AND status_code IN ('A', 'R', 'T')
    """).fetchall()
    denied = january.sql("""
        SELECT DISTINCT national.price_status, CASE status_code WHEN 'N' THEN hcpcs_code END
        FROM lab_fee JOIN payment_national AS national USING (hcpcs_code)
        WHERE lab_fee.release_id = 'CLFS25Q4' AND rate IS NOT NULL AND national.modifier = '' ORDER BY ALL
    """).fetchall()
    assert counts == [
        ("CLFS25Q1", 2_087, 116, 45, Decimal("760899.56")),
        ("CLFS25Q4", 2_149, 122, 117, Decimal("758521.57")),
        ("CLFS26Q2", 2_179, 124, 49, Decimal("874352.08")),
    ]
    # The text form has seven columns, the others nine, besides the line.
    assert forms == [
        (release_id, f"clfs csv = {form}", rows * columns, rows * columns, "equal")
        for release_id, rows, *_ in counts
        for form, columns in (("txt", 7), ("xlsx", 9))
    ]
    assert kinds == [
        ("CLFS25Q4", "added", 78),
        ("CLFS25Q4", "removed", 16),
        ("CLFS25Q4", "texts_only", 20),
        ("CLFS26Q2", "added", 40),
        ("CLFS26Q2", "removed", 10),
        ("CLFS26Q2", "repriced", 112),
        ("CLFS26Q2", "texts_only", 32),
    ]
    # Neither a warning, nor a code with modifier that both schedules pay.
    assert (found, payable) == ([(0,)], [(0,)])
    # Of one test CMS says in one file that it is not covered, and in the other what is paid.
    assert denied == [("not_covered", "P2031"), ("other_benefit", None)]
