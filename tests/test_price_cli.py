"""The command ``fees price`` for lines of one claim: what it prints and refuses."""

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from click.testing import CliRunner

from pipeline.cli.elsewhere import elsewhere_lines
from pipeline.cli.price import price
from pipeline.errors import NotThereError, UsageError
from pipeline.price.duckdb_engine import pricer
from pipeline.schedules.pfs.lookup import named_locality

pytestmark = pytest.mark.whole

PLACE = ["--on", "2025-10-02", "--zip", "94110"]


def priced(run_price, *words: str) -> list[dict]:
    return json.loads(run_price(*words, "--json"))["lines"]


def test_one_line_as_a_person_would_write_it_down(run_price):
    assert run_price("99291", *PLACE, "--pos", "21", "--units", "1").splitlines() == [
        "99291: 229.88",
        "  setting   place of service 21, in a facility",
        "  release   SAMPLERVU25D, in force on 2025-10-02",
        "  locality  01112-05 SAN FRANCISCO-OAKLAND-BERKELEY (SAN FRANCISCO/SAN MATEO/ALAMEDA/CONTRA COSTA CNTY)",
        "  fee       (4.50 x 1.088 + 1.42 x 1.419 + 0.44 x 0.445) x 32.3465                                       229.88",
        "  Medicare  pays 180.22 after sequestration of 3.68                                                      180.22",
        "  patient   owes coinsurance 45.98                                                                        45.98",
        "",
        "assumed: the deductible is taken as met (--deductible-left says what is left of it)",
    ]


def test_what_is_paid_follows_what_is_said_and_adds_up_over_the_claim(run_price):
    # A laboratory test takes nothing of the deductible.
    words = (
        "36415",
        "99291",
        *PLACE,
        "--pos",
        "22",
        "--deductible-left",
        "61",
        "--without-sequestration",
    )
    found = json.loads(run_price(*words, "--json"))
    blood, care = found["lines"]
    assert (blood["deductible_amount"], blood["medicare_payment"]) == (0, 9.09)
    # 20 percent of 229.88 less 61.
    assert (care["deductible_amount"], care["coinsurance_amount"]) == (61, 33.78)
    assert care["patient_responsibility"] == 94.78
    assert found["total"] == {
        "allowed_amount": 238.97,
        "deductible_amount": 61,
        "coinsurance_amount": 33.78,
        "medicare_payment": 144.19,
        "sequestration_amount": 0,
        "patient_responsibility": 94.78,
    }
    assert found["assumed"] == ["no sequestration is withheld"]
    together = "together: 238.97 is allowed; Medicare pays 144.19, the patient owes 94.78"
    assert together in run_price(*words)


def test_on_an_unassigned_claim_the_patient_owes_up_to_the_limiting_charge(run_price):
    words = ("99291", *PLACE, "--pos", "21", "--non-participating")
    assert "assumed: the claim is taken as assigned" in run_price(*words)
    # 95 percent of 229.88 is allowed, and 115 percent of that may be charged.
    (line,) = priced(run_price, *words, "--unassigned", "--charge", "$240.00")
    assert (line["allowed_amount"], line["limiting_charge"]) == (218.39, 251.14)
    assert line["patient_responsibility"] == round(240 - line["medicare_payment"], 2)
    assert "owes the charge, at most the limiting charge" in run_price(*words, "--unassigned")


def test_json_has_lines_with_amount_status_and_trace(run_price):
    (line,) = priced(run_price, "99291-KX", *PLACE, "--pos", "21")
    assert line["hcpcs_code"] == "99291"
    assert line["allowed_amount"] == 229.88
    assert line["price_status"] == "priced"
    *steps, note = line["trace"]
    assert [step["rule"] for step in steps] == ["setting", "release", "locality", "fee"]
    assert steps[-1]["amount"] == 229.88
    # A note that speaks of no rule makes nothing provisional, on the line or beside its step.
    assert note["rule"] == "modifier_without_effect"
    assert not any(step["is_provisional"] for step in line["trace"])
    # The rest of what a priced file has of a line: 20 percent and 2 percent of 183.90.
    assert (line["rules"], line["is_provisional"], line["notes"]) == (
        "fee",
        False,
        "modifier_without_effect (KX)",
    )
    assert (line["medicare_payment"], line["sequestration_amount"]) == (180.22, 3.68)
    assert line["patient_responsibility"] == 45.98


@pytest.mark.parametrize(
    "place",
    [["--mac", "01112", "--locality", "05"], ["--locality", "01112-05"], ["--mac", "01112", "--locality", "1112-5"]],
)  # fmt: skip
def test_mac_and_locality_give_the_same_as_the_zip_code(run_price, place):
    assert priced(run_price, "99291", "--on", "2025-10-02", *place) == priced(
        run_price, "99291", *PLACE
    )


def test_a_code_of_digits_may_lack_the_zero_in_front(run_price):
    place = ["--on", "2025-10-02", "--mac", "01112", "--locality", "05", "--pos", "02"]
    short = ["--on", "2025-10-02", "--mac", "1112", "--locality", "5", "--pos", "2"]
    found = priced(run_price, "99291", *short)
    assert found == priced(run_price, "99291", *place)
    assert found[0]["allowed_amount"]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("01112-05", ("01112", "05")),
        ("1112-5", ("01112", "05")),
        ("112-5", None),
        ("01112-005", None),
        ("\u0661112-05", None),
    ],
)
def test_a_locality_by_its_name_may_lack_them_too_and_nothing_else(written, place):
    if place:
        assert named_locality(written) == place
    else:
        with pytest.raises(UsageError, match="write MAC and number, as in 01112-05"):
            named_locality(written)


def test_what_is_paid_alike_everywhere_needs_no_place(run_price):
    (line,) = priced(run_price, "J1885", "--on", "2025-08-01", "--units", "2")
    assert (line["allowed_amount"], line["schedule"]) == (0.69, "asp")
    # What depends on the place says what it is in need of.
    (line,) = priced(run_price, "E0601-RR", "--on", "2025-02-01")
    assert (line["allowed_amount"], line["reason"]) == (None, "zip_needed")


def test_several_codes_are_one_claim_and_each_step_follows_from_the_one_before(run_price):
    first, second = priced(run_price, "20610-50", "27447-RT", *PLACE, "--provider", "npp")
    assert [step["rule"] for step in first["trace"]][3:] == [
        "fee",
        "bilateral",
        "multiple_surgery",
        "non_physician",
    ]
    assert [step["rule"] for step in second["trace"]][3:] == ["fee", "non_physician", "na_setting"]
    assert first["trace"][-1]["amount"] == first["allowed_amount"]


def test_a_line_without_a_price_says_why(run_price):
    (line,) = priced(run_price, "99291-26", *PLACE)
    assert (line["allowed_amount"], line["price_status"]) == (None, "not_payable")
    assert line["trace"][-1]["rule"] == line["reason"] == "component_not_separate"
    assert "99291-26: no price: not_payable" in run_price("99291-26", *PLACE)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["9929", *PLACE], "is no claim line"),
        (["99291", "--zip", "94110"], "Say the date of service"),
        (["99291", "--zip", "94110", "--on", "2025-02-30"], "is no date"),
        (["99291", "--on", "2025-10-02"], "Say where"),
        (["J1885", "99291", "--on", "2025-10-02"], "Say where"),
        (["J1885", "--on", "2025-08-01", "--mac", "01112"], "Say where"),
        (
            ["99291", "--on", "2025-10-02", "--mac", "01102", "--locality", "01112-05"],
            "is not of --mac",
        ),
        (
            ["99291", "--on", "2025-10-02", "--locality", "SF-5"],
            "is no locality; write MAC and number",
        ),
        (["99291", *PLACE, "--charge", "12.345"], "is no charge"),
        (["99291", *PLACE, "--deductible-left", "-1"], "is no amount of the deductible"),
        (["97110:1.5", *PLACE], '"1.5" is no number of units'),
        (["99291", *PLACE, "--out", "x.csv"], "is no file of claim lines"),
        ([os.devnull, "--dry-run"], "is no file of claim lines; one is CSV or other text"),
        (["99291", *PLACE, "--claims", "x.csv"], "--claims is for a file of claim lines"),
        (["99291", *PLACE, "--deductible", "annual"], "--deductible is for a file of claim lines"),
        (["there_is_none.csv", "--out", "x.csv"], "There is no file"),
        (["there_is_none.csv"], "Say where the prices go"),
    ],
)
def test_what_cannot_be_carried_out_is_one_sentence(run_price, words, said):
    with pytest.raises(UsageError, match=said):
        run_price(*words)


def test_without_a_warehouse_it_says_how_to_make_one(tmp_path):
    with pytest.raises(NotThereError, match="fees refresh"):
        CliRunner().invoke(
            price, ["99291", *PLACE, "--warehouse", str(tmp_path)], catch_exceptions=False
        )


def test_a_warehouse_of_another_version_is_told_of(sample_warehouse, tmp_path):
    database = tmp_path / "fee_schedule.duckdb"
    with duckdb.connect(str(database)) as con:
        con.execute("CREATE TABLE release (release_id VARCHAR)")
    with pytest.raises(NotThereError, match="another version"), pricer(database):
        pass


def test_what_is_missing_is_named_with_what_there_is(run_price):
    """A release with the command that fetches it, a modifier, the ZIP file of another time."""
    said = run_price("99214", "--on", "2025-05-01", "--zip", "94110")
    assert (
        "  No release of the Physician Fee Schedule is loaded for 2025-05-01. To load it: fees fetch RVU25B\n"
        in said
    )
    said = run_price("99214", "--on", "2002-05-01", "--zip", "94110")
    assert "is loaded for 2002-05-01. CMS lists none for that day." in said
    said = run_price("E0601-NU", "E0601", "99291", "--on", "2025-02-01", "--zip", "94110")
    for words in (
        "E0601 is listed only with RR; NU is not among them.",
        "E0601 is listed only with RR; the line has no modifier.",
        "The ZIP code file of 2025-10-01 to 2025-12-31 is used; none that is loaded covers the date of service.",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("day", "last_lines"),
    [
        ("2025-02-02", {
            "C7500": "  Ambulatory surgical centers: 1201.90 per service to the surgical center; see fees show C7500 --on 2025-02-02",
        }),
        ("2025-10-02", {
            "E0110": "  HCPCS Level II: lists it (other_benefit_no_file); see fees show E0110 --on 2025-10-02",
            "C7500": "  No schedule that is loaded has C7500 on this day. It is known from 2025-01-01 (SAMPLEASC25Q1) to 2025-03-31 (SAMPLEASC25Q1): --on 2025-03-31.",
            "0001U": "  Hospital outpatient departments, final rule: lists it, without an amount; see fees show 0001U --on 2025-10-02",
        }),
    ],
)  # fmt: skip
def test_a_code_that_another_schedule_has_says_which(run_price, day, last_lines):
    said = run_price(*last_lines, "--on", day, "--zip", "94110").splitlines()
    begins = [n for n, line in enumerate(said) if line.partition(":")[0] in last_lines]
    parts = [said[a:b] for a, b in zip(begins, [*begins[1:], len(said)], strict=True)]
    assert len(parts) == len(last_lines)
    for part, (code, last_line) in zip(parts, last_lines.items(), strict=True):
        assert part[0].startswith(f"{code}: ")
        assert last_line in part


def test_both_modifiers_of_a_fee_are_named_and_a_fee_by_place_says_so():
    told = {"schedule": "dmepos", "setting": "supplier", "amount_unit": "unit", "reason": ""}
    one = told | {"modifier": "NU", "modifier2": "KL", "amount": Decimal("10.39")}
    other = told | {"modifier": "RR", "modifier2": "", "amount": None, "reason": "by_place"}
    lines = elsewhere_lines([one, other, other], "A4253", date(2025, 2, 2))
    assert lines == [
        "  DMEPOS Fee Schedule: 10.39 per unit with NU KL; see fees show A4253 --on 2025-02-02",
        "  DMEPOS Fee Schedule: has a fee for it that depends on the place; see fees show A4253 --on 2025-02-02",
    ]  # fmt: skip


def test_a_code_that_nobody_has_says_no_more_than_that(run_price):
    assert (
        run_price("Z9999", *PLACE)
        .splitlines()[-1]
        .startswith("  code_unknown  The release has no such code")
    )


def test_json_has_what_other_schedules_say_of_a_line_without_a_price(run_price):
    unknown, paid, priced_here = priced(run_price, "E0110", "85025-26", "99213", *PLACE)
    assert [(row["schedule"], row["amount"], row["reason"]) for row in unknown["elsewhere"]] == [
        ("hcpcs", None, "other_benefit_no_file")
    ]
    assert [(row["schedule"], row["modifier"], row["amount"]) for row in paid["elsewhere"]] == [
        ("clfs", "", 7.77),
        ("clfs", "QW", 7.77),
    ]
    assert priced_here["elsewhere"] == []


@pytest.mark.parametrize(
    "asked",
    [
        ("price", "99291-25", *PLACE),
        ("price", "99291", "--on", "2025-10-02", "--locality", "01112-05"),
        ("show", "99291"),
    ],
)
def test_a_question_about_a_code_waits_for_no_package_that_others_need(sample_warehouse, asked):
    """Some of them take longer to import than the answer takes."""
    program = """
import sys
from pipeline.cli import main
main()
heavy = ("polars", "pyarrow", "pandera", "pydantic", "rich", "jinja2", "babel", "pipeline.publish.swap")
sys.exit(", ".join(x for x in heavy if x in sys.modules) or None)
"""
    command = (sys.executable, "-c", program, *asked, "--warehouse", str(sample_warehouse))
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
