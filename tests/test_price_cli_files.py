"""``fees price FILE``: what the command writes and says of a file of claim lines."""

import json
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import RefusedError, UsageError
from tests.helpers import price_lines
from tests.helpers.price_lines import ORDINARY

pytestmark = pytest.mark.whole


@pytest.fixture
def lines_file(tmp_path: Path) -> Path:
    line = ORDINARY | {"service_zip_code": "94110", "patient_id": ""}
    codes = ["99291", "99291", "00000"]
    lines = [
        line | {"claim_id": str(n), "claim_line_number": 1, "hcpcs_code": x}
        for n, x in enumerate(codes)
    ]
    file = tmp_path / "lines.parquet"
    price_lines.frame(lines).write_parquet(file)
    return file


def test_a_file_is_priced_into_another_and_summed_up_by_status(run_price, lines_file, tmp_path):
    out = tmp_path / "prices.parquet"
    said = run_price(str(lines_file), "--out", str(out))
    assert "3 lines" in said
    assert [row.split() for row in said.splitlines()[-5:-2]] == [
        ["priced", "2", "629.58", "493.58", "125.92"],
        ["refused", "code_unknown", "1"],
        ["total", "3", "629.58", "493.58", "125.92"],
    ]
    assert said.splitlines()[-1] == "deductible: taken as met"
    given = pl.read_parquet(lines_file)
    results = ["allowed_amount", "price_status", "reason", "not_understood", "notes"]
    frame = pl.read_parquet(out)
    assert frame.columns[: given.width + 4] == [*given.columns, *results[:4]]
    assert set(results) <= set(frame.columns)
    assert frame.select(given.columns).equals(given)
    run_price(str(lines_file), "--out", str(out), "--only-results")
    narrow = pl.read_parquet(out)
    assert narrow.columns[:6] == ["claim_id", "claim_line_number", *results[:4]]
    assert narrow.equals(frame.select(narrow.columns))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_csv_in_which_no_line_has_a_price_is_summed_up_too(run_price, tmp_path):
    given, out = tmp_path / "lines.csv", tmp_path / "prices.csv"
    given.write_text(
        "claim_id,claim_line_number,date_of_service,hcpcs_code,units,place_of_service,service_zip_code\n"
        "A,1,2025-13-02,99291,1,21,94110\n"
    )
    said = run_price(str(given), "--out", str(out))
    assert said.splitlines()[-5].split() == ["refused", "unreadable_value", "1"]
    assert said.splitlines()[-1] == (
        "warning: no line got an amount; the commonest reason is unreadable_value (1 of 1)"
    )
    assert (
        out.read_text()
        .splitlines()[1]
        .startswith(
            'A,1,2025-13-02,99291,1,21,94110,,refused,unreadable_value,"date_of_service ""2025-13-02"""'
        )
    )


def test_claims_and_a_report_go_by_what_was_read_and_not_by_what_the_file_calls_so(
    run_price, tmp_path
):
    """Charges that are no amount refuse their lines alone, and the page never falls on another file."""
    file, out, claims = tmp_path / "lines.csv", tmp_path / "prices.csv", tmp_path / "claims.csv"
    file.write_text(
        "claim_id,claim_line_number,date_of_service,hcpcs_code,units,place_of_service,service_zip_code,"
        "charge,given_allowed_amount\n"
        " <A>,1,2025-10-02,99291,1,21,94110,400$,\n<A>,2,2025-10-02,99291,1,21,94110,400,abc\n"
        "<A>,3,2025-10-02,99291,1,21,94110,300.50,1\n"
    )
    page = tmp_path / "page.html"
    words = [str(file), "--out", str(out), "--claims", str(claims)]
    run_price(*words, "--report", str(page))
    found = pl.read_csv(claims, infer_schema=False)
    assert found.select("claim_id", "line_count", "refused_line_count", "charge").rows() == [
        ("<A>", "3", "2", "700.50")
    ]
    assert "Allowed amount compared" in page.read_text()
    before = file.read_text()
    (tmp_path / "link.html").symlink_to(file)
    out.unlink()
    for target in (
        tmp_path / "link.html",
        tmp_path / "nowhere" / "page.html",
        tmp_path / "page.pdf",
    ):
        with pytest.raises(UsageError, match="cannot be the"):
            run_price(*words, "--report", str(target))
    assert file.read_text() == before and not out.exists()


def test_with_trace_the_file_has_every_step(run_price, lines_file, tmp_path):
    out = tmp_path / "prices.csv"
    found = json.loads(run_price(str(lines_file), "--out", str(out), "--trace", "--json"))
    assert found["summary"][0] == {
        "price_status": "priced",
        "reason": "",
        "line_count": 2,
        "allowed_amount": 629.58,
        "medicare_payment": 493.58,
        "patient_responsibility": 125.92,
    }
    assert found["total"]["line_count"] == 3 and found["deductible"] == "met"
    assert {"fee", "work_gpci", "conversion_factor", "same_day_rule"} <= set(
        pl.read_csv(out).columns
    )


def test_a_file_that_is_no_file_of_claim_lines_leaves_the_target_alone(run_price, tmp_path):
    bad, out = tmp_path / "bad.parquet", tmp_path / "prices.csv"
    bad.write_text("no parquet")
    out.write_text("kept")
    with pytest.raises(RefusedError, match=r"bad\.parquet: it cannot be read as claim lines"):
        run_price(str(bad), "--out", str(out))
    assert out.read_text() == "kept"


def test_the_layout_in_the_examples_is_the_one_that_is_read(run_price, tmp_path):
    example = Path(__file__).parent.parent / "examples" / "claim_lines.csv"
    said = run_price(str(example), "--out", str(tmp_path / "prices.csv"))
    assert "unreadable" not in said
    assert "refused" not in said
