"""CMS's ZIP9 file, of which only the layout was at hand: a made file in that layout."""

from pathlib import Path

import duckdb
import pytest

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers import bundles
from tests.helpers.price_lines import ORDINARY, priced

pytestmark = pytest.mark.whole


def zip9_line(zip_code: str, plus_four: str, mac: str, locality: str) -> str:
    """A line of 80 characters as ZIP9lyout.txt describes it."""
    cells = {
        1: "MD",
        3: zip_code,
        8: mac,
        13: locality,
        21: "1",
        22: plus_four,
        32: "A",
        76: "20254",
    }
    line = [" "] * 80
    for begins, text in cells.items():
        line[begins - 1 : begins - 1 + len(text)] = text
    return "".join(line)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zip9")
    raw = folder / "raw"
    bundles.copy_sample(raw / "rvu25d-sample", companions=True)
    lines = [
        zip9_line("20613", "0001", "12202", "01"),
        zip9_line("20613", "0002", "12302", "99"),
        zip9_line("2061X", "0003", "12302", "99"),
    ]
    (raw / "ZIP9_OCT2025.txt").write_text("\r\n".join(lines) + "\r\n")
    refresh(Options(raw=raw, warehouse=folder / "warehouse"), Report(quiet=True))
    return folder / "warehouse" / "fee_schedule.duckdb"


def test_each_line_is_a_row_for_its_quarter_and_a_broken_one_is_set_aside(database):
    with duckdb.connect(str(database), read_only=True) as con:
        found = con.execute(
            "SELECT zip_code, plus_four, mac, locality_number, zip4_decides, state, effective_from::VARCHAR, "
            "effective_to::VARCHAR FROM zip9_locality ORDER BY plus_four"
        ).fetchall()
        quarter = ("2025-10-01", "2025-12-31")
        assert found == [
            ("20613", "0001", "12202", "01", True, "MD", *quarter),
            ("20613", "0002", "12302", "99", True, "MD", *quarter),
        ]
        set_aside = con.execute(
            "SELECT line_number, column_name FROM quarantine WHERE source_file LIKE '%ZIP9%'"
        ).fetchall()
        assert set_aside == [(3, "zip_code")]


def test_nine_digits_decide_where_five_do_not(database):
    with duckdb.connect(str(database), read_only=True) as con:
        decided = con.execute(
            "SELECT zip4_decides FROM zip_locality WHERE zip_code = '20613'"
        ).fetchall()
    assert decided == [(True,)]
    line = ORDINARY | {
        "claim_line_number": 1,
        "hcpcs_code": "99291",
        "service_zip_code": "206130002",
    }
    (price,) = priced(database, [line], with_trace=True)
    assert (price["place_mac"], price["place_locality_number"]) == ("12302", "99")
