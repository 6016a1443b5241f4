"""From the allowed amount to what Medicare pays and the patient owes; summaries and reports of it.

The codes are those of tests/helpers/small_price.py, where a fee is ten dollars per RVU: V1000 is a visit of 100
dollars, T1000 therapy, S1000 surgery of 1,000. The day lies in the first quarter of 2025.
"""

import json
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from pipeline.cli.report import report
from pipeline.errors import RefusedError, UsageError
from pipeline.price import duckdb_engine
from pipeline.price.paid.plan import RESULT, Terms
from pipeline.price.report import figures
from pipeline.price.report.page import page
from pipeline.schedules.pfs.declared import schedule
from pipeline.store.database import parquet
from schemas.definitions import read_reference
from tests.helpers import price_lines, small_price

pytestmark = pytest.mark.whole

NON_PAR = {"is_participating": False, "charge": Decimal("300")}


def priced(database: Path, lines: list[dict], terms: Terms | None = None) -> list[dict]:
    with duckdb_engine.pricer(database, threads=2) as con:
        con.register("given_line", price_lines.frame(lines))
        con.execute("CREATE TABLE written_line AS FROM given_line")
        duckdb_engine.set_lines(con, "written_line", "rowid")
        relation = con.sql(
            duckdb_engine.price(con, False, terms=terms or Terms(), few=duckdb_engine.FEW_LINES)
        )
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def parts(line: dict) -> str:
    """Allowed, deductible, coinsurance, Medicare, withheld, patient."""
    return " ".join(str(line[name]) for name in ("allowed_amount", *RESULT))


def billed(claim: str, codes: str, **said) -> list[dict]:
    return small_price.lines(claim, codes, **said)


def test_the_allowed_amount_is_divided_by_rule(schedule_file):
    claims = {
        # The first line has no claim; that its number is the name of a claim joins it to none.
        "": billed("", "V1000"),
        "0": billed("0", "V1000", deductible_left=Decimal("130")),
        "usual": billed("usual", "V1000"),
        "deductible": billed("deductible", "V1000 V1000", deductible_left=Decimal("130")),
        "screening": billed("screening", "V1000-PT", deductible_left=Decimal("50")),
        "test": billed("test", "LB100-PT", deductible_left=Decimal("50")),
        "assistant": billed("assistant", "T1000-CQ", deductible_left=Decimal("5")),
        "assigned": billed("assigned", "V1000", is_assigned=True, **NON_PAR),
        "unassigned": billed("unassigned", "V1000", is_assigned=False, **NON_PAR),
        "denied": billed("denied", "Z9999"),
    }
    found: dict[str, list[str]] = {}
    lines = [line for one in claims.values() for line in one]
    for line in priced(schedule_file, lines):
        found.setdefault(line["claim_id"], []).append(parts(line))
    assert found[""] == found["usual"]
    assert found["0"] == ["100.00 100.00 0.00 0.00 0.00 100.00"]
    assert found["usual"] == ["100.00 0.00 20.00 78.40 1.60 20.00"]
    # 100 of the 130 by the first line, 30 by the second.
    assert found["deductible"] == [
        "100.00 100.00 0.00 0.00 0.00 100.00",
        "100.00 30.00 14.00 54.88 1.12 44.00",
    ]
    assert found["screening"] == ["100.00 0.00 15.00 83.30 1.70 15.00"]
    # A laboratory test costs the patient nothing, whatever a screening became.
    assert found["test"][0].split()[1:3] + found["test"][0].split()[-1:] == ["0.00"] * 3
    assert found["assigned"] == ["95.00 0.00 19.00 74.48 1.52 19.00"]
    # The limiting charge, 109.25, less what Medicare pays the patient.
    assert found["unassigned"] == ["95.00 0.00 19.00 74.48 1.52 34.77"]
    assert found["denied"] == ["None None None None None None"]
    allowed, deductible, coinsurance, medicare, withheld, _ = map(
        Decimal, found["assistant"][0].split()
    )
    assert (deductible, allowed) == (
        Decimal("5.00"),
        deductible + coinsurance + medicare + withheld,
    )
    full = coinsurance * 5
    assert abs(medicare + withheld - full * Decimal("0.68")) <= Decimal("0.02")


def test_the_deductible_of_the_year_runs_over_the_lines_of_a_patient(schedule_file):
    first = billed("b", "V1000 V1000", patient_id="P", date_of_service=date(2025, 2, 1))
    later = billed("a", "V1000", patient_id="P", date_of_service=date(2025, 3, 1))
    other = billed("c", "V1000", patient_id="Q", date_of_service=date(2025, 2, 1))
    nobody = billed("d", "V1000", patient_id="", date_of_service=date(2025, 2, 1))
    found = priced(schedule_file, [*later, *first, *other, *nobody], Terms("annual"))
    assert [str(x["deductible_amount"]) for x in found] == [
        "57.00",
        "100.00",
        "100.00",
        "100.00",
        "0.00",
    ]
    assert ["deductible_unknown" in x["notes"] for x in found] == [False] * 4 + [True]
    unsequestered = priced(schedule_file, other, Terms("met", has_sequestration=False))
    assert parts(unsequestered[0]) == "100.00 0.00 20.00 80.00 0.00 20.00"


def test_the_parts_are_the_whole_and_notes_say_what_was_taken_for_granted(sample_warehouse):
    database = sample_warehouse / "fee_schedule.duckdb"
    with duckdb.connect(str(database), read_only=True) as con:
        lines = price_lines.drawn_lines(con, 2000, seed=31)
    for given, line in zip(lines, priced(database, lines), strict=True):
        amounts = [line[name] for name in RESULT]
        assert [x is None for x in amounts] == [line["price_status"] != "priced"] * 5
        if line["price_status"] != "priced":
            continue
        deductible, coinsurance, medicare, withheld, patient = amounts
        assert deductible + coinsurance + medicare + withheld == line["allowed_amount"]
        assert min(amounts) >= 0
        if given["is_assigned"] is not False:
            assert patient == deductible + coinsurance
        not_said = not given["is_participating"] and given["is_assigned"] is None
        assert ("assignment_not_given" in line["notes"]) == not_said


def test_curated_periods_of_shares_and_sequestration_do_not_overlap():
    for name, key in (
        ("sequestration", ""),
        ("patient_share", "share_kind"),
        ("preventive_service", "hcpcs_code"),
    ):
        rows = read_reference(schedule().reference_file(name))
        periods = sorted(
            (row[key] if key else "", row["effective_from"], row["effective_to"]) for row in rows
        )
        for (one, _, end), (other, begin, _) in pairwise(periods):
            assert one != other or end < begin
        assert all(row["source"] and row["evidence"] in "PSE" for row in rows)


@pytest.fixture(scope="module")
def priced_file(schedule_file, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("report") / "priced <b>.parquet"
    lines = billed("1", "V1000 V1000 Z9999") + billed("2", "S1000")
    found = priced(schedule_file, lines)
    given = [Decimal("100.00"), Decimal("90.00"), None, Decimal("1200.00")]
    for line, amount, source in zip(found, given, lines, strict=True):
        line |= {"given_allowed_amount": amount, "hcpcs_code": source["hcpcs_code"]}
    pl.DataFrame(found, infer_schema_length=None).write_parquet(file)
    return file


def test_a_report_shows_the_largest_differences_first(priced_file):
    shown = CliRunner().invoke(report, [str(priced_file), "--json"], catch_exceptions=False).output
    found = json.loads(shown)
    assert found["total"][0]["line_count"] == 4 and found["total"][0]["refused_line_count"] == 1
    assert [(x["hcpcs_code"], x["difference"]) for x in found["given_allowed_amount_codes"]] == [
        ("S1000", -200.0),
        ("V1000", 10.0),
    ]
    assert found["given_allowed_amount_all"][0]["not_compared_line_count"] == 1
    assert [x["rule"] for x in found["rules"]] == ["fee", "code_unknown"]
    text = CliRunner().invoke(report, [str(priced_file)], catch_exceptions=False).output
    assert "Lines by rule" in text and "code_unknown" in text


def test_the_row_of_all_lines_is_there_where_all_agree_and_where_none_is_compared(tmp_path):
    def compared(given: Decimal | None) -> dict:
        row = dict.fromkeys(figures.RESULT, "") | dict.fromkeys(figures.MONEY)
        row |= {"allowed_amount": Decimal("100.00"), "is_provisional": False}
        row |= {"given_allowed_amount": given, "hcpcs_code": "V1000"}
        frame = pl.DataFrame([row], schema_overrides={"given_allowed_amount": pl.Decimal(12, 2)})
        frame.write_parquet(tmp_path / "priced.parquet")
        said = CliRunner().invoke(report, [str(tmp_path / "priced.parquet"), "--json"]).output
        found = json.loads(said)
        assert found["given_allowed_amount_codes"] == []
        names = ("compared", "equal", "different", "not_compared")
        return [found["given_allowed_amount_all"][0][f"{name}_line_count"] for name in names]

    assert compared(Decimal("100.00")) == [1, 1, 0, 0]
    assert compared(None) == [0, 0, 0, 1]


def test_a_line_without_an_amount_is_no_provisional_line(priced_file):
    found = json.loads(CliRunner().invoke(report, [str(priced_file), "--json"]).output)
    by_rule = {row["rule"]: row["provisional_line_count"] for row in found["rules"]}
    assert by_rule["code_unknown"] == found["total"][0]["provisional_line_count"] == 0


def test_a_file_without_any_amount_is_warned_of_with_the_commonest_reason():
    names = ("price_status", "reason", "line_count", "allowed_amount")
    rows = [("refused", "code_unknown", 3, None), ("refused", "release_missing", 1, None)]
    assert figures.nothing_priced(figures.Table("summary", "", names, rows)) == (
        "no line got an amount; the commonest reason is code_unknown (3 of 4)"
    )
    rows.append(("priced", "", 1, Decimal("1.00")))
    assert figures.nothing_priced(figures.Table("summary", "", names, rows)) == ""


def test_a_report_is_the_same_of_every_form_of_output(priced_file, tmp_path):
    def said(file: Path) -> dict:
        return json.loads(CliRunner().invoke(report, [str(file), "--json"], catch_exceptions=False).output)  # fmt: skip

    with duckdb.connect() as con:
        for end in duckdb_engine.TEXTS:
            duckdb_engine.write(con, f"FROM {parquet([priced_file])}", tmp_path / f"priced{end}")
            assert said(tmp_path / f"priced{end}") == said(priced_file), end


def test_a_page_is_one_file_that_loads_nothing_and_escapes_what_a_file_says(priced_file, tmp_path):
    target = tmp_path / "report.html"
    CliRunner().invoke(report, [str(priced_file), "--html", str(target)], catch_exceptions=False)
    html = target.read_text("utf-8")
    assert "priced &lt;b&gt;" in html and "<b>" not in html
    assert not any(x in html for x in ("http://", "https://", "<script", "<link", "<img", "url("))
    assert (
        "1,200.00" in html
        and ">HCPCS code</th>" in html
        and "@media print" in html
        and "prefers-color-scheme: dark" in html
    )
    assert "&lt;i&gt;" in page("x", [figures.Table("t", "T", ("c",), [("<i>",)])])


def test_a_row_per_claim_has_its_lines_and_amounts(priced_file):
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE incoming_line AS FROM (VALUES (0, '1', 50.00::DECIMAL(12,2)), (1, '1', NULL), "
            "(2, '1', NULL), (3, '2', NULL)) AS line (line_id, claim_id, charge)"
        )
        found = con.sql(figures.claims_query(figures.lines_of(con, priced_file)))
        first, second = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    assert [
        first[x]
        for x in ("claim_id", "line_count", "priced_line_count", "refused_line_count", "charge")
    ] == ["1", 3, 2, 1, 50]
    assert (
        first["allowed_amount"],
        first["medicare_payment"],
        first["patient_responsibility"],
    ) == (200, Decimal("156.80"), 40)
    assert (second["line_count"], second["charge"]) == (1, None)


def test_a_file_that_is_not_priced_is_refused(tmp_path):
    other = tmp_path / "lines.csv"
    other.write_text("claim_id\n1\n")
    with pytest.raises(UsageError, match="is no file of priced lines"):
        CliRunner().invoke(report, [str(other)], catch_exceptions=False)
    # An amount that is none is the file's fault and no program's.
    columns = {name: ["x"] for name in figures.RESULT} | {"is_provisional": [False]}
    pl.DataFrame(columns).write_parquet(tmp_path / "texts.parquet")
    with pytest.raises(RefusedError, match=r"cannot be read as priced lines.*fees price"):
        CliRunner().invoke(report, [str(tmp_path / "texts.parquet")], catch_exceptions=False)
    with pytest.raises(UsageError, match="is given or annual or met"):
        Terms("some")
