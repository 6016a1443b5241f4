"""Fees of surgical centers in a warehouse: the quarters, a posting that replaces another, what changed."""

import csv
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import ASC_BUNDLE
from pipeline.schedules.asc.definition import ASC
from tests.helpers.warehouses import connected

pytestmark = pytest.mark.whole


def addenda(folder: Path, *changes: tuple[str, str]) -> None:
    """The sample's addenda as CSV, called no sample, with other words and figures in them."""
    folder.mkdir(parents=True)
    for path in ASC_BUNDLE.glob("*.csv"):
        text = path.read_bytes().decode("cp1252").replace("SAMPLE, not a CMS file", "made")
        name = path.name
        for old, new in changes:
            text = text.replace(old, new)
            name = name.replace(old, new)
        (folder / name).write_bytes(text.encode("cp1252"))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    """January 2025, posted again on March 9 with another price of J0585, and April 2025."""
    place = tmp_path_factory.mktemp("asc")
    addenda(place / "raw" / "january-2025-asc")
    addenda(place / "raw" / "march-9-2025-asc", ("$6.47", "$6.74"))
    april = [("January 2025", "April 2025"), ("Jan-2025", "Apr-2025"), ("$6.47", "$6.80")]
    # A procedure is packaged, and an excluded one is covered no more than before.
    april += [("10021,,\"First lump sampled by thin needle, by touch\",Y,P3,,$59.52", "10021,,\"First lump sampled by thin needle, by touch\",N,N1,,"),
              ("\"First lump sampled by thin needle, by touch\",P3,5052,0.04%,$399.36,0.03%,$0.02", "\"First lump sampled by thin needle, by touch\",N1,,,,,"),
              ("47135,Liver transplanted\r\n", "")]  # fmt: skip
    addenda(place / "raw" / "april-2025-asc", *april)
    options = Options(
        raw=place / "raw", warehouse=place / "warehouse", threads=2, today=date(2025, 5, 1)
    )
    outcome = refresh(options, Report(quiet=True))
    assert (outcome.releases, outcome.refused) == (["ASC25Q1", "ASC25Q2"], [])
    shutil.rmtree(place / "raw")
    return place / "warehouse"


@pytest.fixture
def reader(warehouse: Path):
    yield from connected(warehouse)


def test_a_fee_is_that_of_the_quarter_and_of_the_posting_that_was_known(reader) -> None:
    rate = "SELECT payment_rate FROM asc_fee_{} WHERE hcpcs_code = 'J0585'"
    on = f"{rate} AND DATE '{{}}' BETWEEN effective_from AND effective_to"
    assert reader.sql(rate.format("current")).fetchall() == [(Decimal("6.80"),)]
    assert reader.sql(on.format("in_force", "2025-04-01")).fetchall() == [(Decimal("6.80"),)]
    assert reader.sql(on.format("in_force", "2025-03-31")).fetchall() == [(Decimal("6.74"),)]
    known = f"{on.format('as_known', '2025-02-20')} AND DATE '{{}}' BETWEEN known_from AND known_to"
    assert reader.sql(known.format("2025-03-08")).fetchall() == [(Decimal("6.47"),)]
    assert reader.sql(known.format("2025-03-09")).fetchall() == [(Decimal("6.74"),)]


def test_what_changed_has_its_cause(reader) -> None:
    query = "FROM asc_fee_change SELECT release_id, hcpcs_code, change_kind, causes, price_status_after ORDER BY ALL"
    devices = "multiple_procedure_discount,apc,standard_rate,apc_device_offset_percent,device_offset_percent,device_amount"
    assert reader.sql(query).fetchall() == [
        ("ASC25Q2", "10021", "repriced", f"payment_indicator,{devices}", "packaged"),
        ("ASC25Q2", "J0585", "repriced", "rate", "priced"),
    ]
    for table in ASC.declared.tables.values():
        for example in table.examples if table.name.startswith("asc_") else ():
            assert reader.sql(example).fetchall(), example


def test_a_code_has_an_amount_or_a_reason_in_a_surgical_center(reader) -> None:
    query = "SELECT amount, reason FROM fee_for('{}', on_day := '{}') WHERE setting = 'asc'"
    answers = {
        ("45378", "2025-02-20"): (Decimal("489.470"), ""),
        ("12001", "2025-02-20"): (None, "packaged"),
        ("10021", "2025-02-20"): (Decimal("59.520"), ""),
        ("10021", "2025-04-20"): (None, "packaged"),
        ("C9804", "2025-02-20"): (None, "special_payment"),
        ("33533", "2025-02-20"): (None, "excluded_from_asc"),
    }
    assert {asked: reader.sql(query.format(*asked)).fetchall() for asked in answers} == {
        asked: [answer] for asked, answer in answers.items()
    }
    excluded = "SELECT release_id, count(*) FROM asc_excluded GROUP BY ALL ORDER BY ALL"
    assert reader.sql(excluded).fetchall() == [("ASC25Q1", 6), ("ASC25Q2", 5)]


def test_the_sample_rows_have_the_labels_of_the_other_sample() -> None:
    """A CPT or CDT code stands in the sample with a label of this project's own, and with one only."""
    figures, fees = (
        list(csv.DictReader((ASC_BUNDLE.parent / name).read_text("utf-8").splitlines()))
        for name in ("figures.csv", "surgical_center_fees.csv")
    )
    labels = {row["hcpcs_code"]: row["description"] for row in figures if not row["modifier"]}
    owned = [row for row in fees if row["hcpcs_code"][0].isdigit() or row["hcpcs_code"][0] == "D"]
    assert len(owned) > 20 and all(labels[row["hcpcs_code"]] == row["label"] for row in owned)


def test_exports_leave_out_the_descriptors_of_the_ama_and_the_ada(warehouse: Path) -> None:
    path = warehouse / "exports" / "current" / "csv" / "asc_fee" / "ASC25Q2.csv"
    with path.open(newline="") as file:
        rows = {row["hcpcs_code"]: row for row in csv.DictReader(file)}
    texts = {code: (rows[code]["description"], rows[code]["description_status"]) for code in rows}
    assert texts["45378"] == texts["D7140"] == ("", "withheld")
    assert texts["G0105"] == ("Bowel cancer check, high risk", "cms")
    assert rows["45378"]["payment_rate"] == "489.47"
