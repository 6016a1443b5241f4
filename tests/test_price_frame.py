"""Claim lines in a Polars frame come back priced, in the order given, with their other columns."""

from decimal import Decimal

import polars as pl
import pytest

from pipeline.errors import NotThereError, RefusedError, UsageError
from pipeline.price.frame import price
from pipeline.price.plan import RESULT, TRACE, Terms

pytestmark = pytest.mark.whole

LINES = pl.DataFrame(
    {
        "Claim_ID": ["b", "a", "a"],
        "claim_line_number": [1, 2, 1],
        "date_of_service": ["2025-10-02", "2025-10-02", "02.10.2025"],
        "HCPCS_CODE": pl.Series(["99214", "20610", "99214"], dtype=pl.Categorical),
        "modifier_1": ["25", "50", None],
        "units": [1, 1, 1],
        "place_of_service": ["11", "11", "11"],
        "service_zip_code": ["94110", "94110", "94110"],
        "payer": ["x", "y", "z"],
        "seen": [[1], [2], []],
    }
)


def test_lines_keep_their_order_and_their_other_columns(sample_warehouse):
    priced = price(LINES, sample_warehouse)
    assert priced.columns == [*RESULT, "payer", "seen"]
    assert priced["claim_id"].to_list() == ["b", "a", "a"]
    assert priced["allowed_amount"].to_list() == [Decimal("152.35"), Decimal("116.12"), None]
    assert priced["reason"].to_list() == ["", "", "unreadable_value"]
    assert priced["payer"].to_list() == ["x", "y", "z"]
    assert priced.schema["reason"] == pl.String
    # All columns of a frame may be those of the layout.
    alone = price(LINES.drop("payer", "seen"), sample_warehouse)
    assert alone.equals(priced.select(RESULT))


def test_a_lazy_frame_with_its_trace_has_the_same_prices(sample_warehouse):
    traced = price(LINES.lazy(), str(sample_warehouse), with_trace=True)
    assert traced.columns == [*RESULT, *TRACE, "payer", "seen"]
    assert traced["allowed_amount"].to_list() == [Decimal("152.35"), Decimal("116.12"), None]
    assert traced["fee"][0] == Decimal("152.35")


def test_the_day_of_a_point_in_time_is_that_of_the_zone_of_its_column(sample_warehouse):
    late = pl.Series(["2025-10-02 23:30:00"]).str.to_datetime()
    frames = [
        LINES.head(1).with_columns(date_of_service=late.dt.replace_time_zone(zone))
        for zone in ("America/Los_Angeles", "UTC")
    ]
    found = [price(frame, sample_warehouse).row(0, named=True) for frame in frames]
    assert [x["allowed_amount"] for x in found] == [Decimal("152.35"), None]
    assert found[1]["not_understood"] == 'date_of_service "2025-10-02 23:30:00+00"'


def test_what_cannot_be_priced_is_said_in_a_sentence(sample_warehouse, tmp_path):
    with pytest.raises(UsageError, match="no column units"):
        price(LINES.drop("units"), sample_warehouse)
    with pytest.raises(UsageError, match="which the result has"):
        price(LINES.rename({"payer": "Reason"}), sample_warehouse)
    with pytest.raises(UsageError, match="a Polars frame, not list"):
        price(LINES.to_dicts(), sample_warehouse)
    with pytest.raises(UsageError, match='800MB or 3GB, not "lots"'):
        price(LINES, sample_warehouse, memory="lots")
    for threads in (0, -1, "two"):
        with pytest.raises(UsageError, match="threads is a whole number from 1 on"):
            price(LINES, sample_warehouse, threads=threads)
    objects = LINES.with_columns(pl.Series("units", [object()] * len(LINES), dtype=pl.Object))
    for columns in (None, {x.lower(): x for x in LINES.columns[:-2]}):
        with pytest.raises(UsageError, match="column units of the frame holds objects of Python"):
            price(objects, sample_warehouse, columns=columns)
    with pytest.raises(NotThereError, match="no warehouse"):
        price(LINES, tmp_path)
    assert price(LINES.clear(), sample_warehouse).is_empty()


@pytest.mark.parametrize(
    ("argument", "values"),
    [
        ("warehouse", (None, 3)),
        ("profile", (None, ["ccw"])),
        ("with_trace", (None, "no", [])),
        ("memory", (3, [])),
        ("terms", (None, "met", {})),
        ("without", (None, "ncci", 3)),
    ],
)
def test_an_argument_of_another_kind_is_refused_with_what_it_is_to_be(
    sample_warehouse, argument, values
):
    for value in values:
        said = {"warehouse": sample_warehouse, argument: value}
        with pytest.raises(UsageError, match=rf"^{argument} is .*, not "):
            price(LINES, **said)
    # A word would count as yes.
    with pytest.raises(UsageError, match="has_sequestration is True or False, not 'no'"):
        Terms(has_sequestration="no")  # type: ignore[arg-type]


def test_edits_can_be_left_out_by_name(sample_warehouse):
    # G2211 beside a visit with 25 of the same claim is denied, unless that is not to be asked.
    lines = LINES.head(1).with_columns(HCPCS_CODE=pl.lit("G2211"), modifier_1=pl.lit(""))
    lines = pl.concat([LINES.head(1).with_columns(HCPCS_CODE=pl.lit("99214")), lines])
    asked = price(lines, sample_warehouse)["reason"].to_list()
    left_out = price(lines, sample_warehouse, without=["g2211"])["reason"].to_list()
    assert asked[1] == "visit_complexity_with_25" != left_out[1]
    with pytest.raises(UsageError, match='"pairs" is no edit'):
        price(lines, sample_warehouse, without=["pairs"])


def test_a_frame_with_other_columns_is_read_by_a_map(sample_warehouse, tmp_path):
    theirs = LINES.rename(
        {"Claim_ID": "ClaimNo", "claim_line_number": "Ln", "date_of_service": "DOS"}
    ).rename({"HCPCS_CODE": "CPT", "units": "Qty", "service_zip_code": "Zip"})
    columns = {
        "claim_id": "ClaimNo",
        "claim_line_number": "Ln",
        "date_of_service": {"column": "DOS", "date": "YYYY-MM-DD"},
        "hcpcs_code": "CPT",
        "units": "Qty",
        "service_zip_code": "Zip",
    }
    priced = price(theirs, sample_warehouse, columns=columns)
    assert priced.columns == [*RESULT, *theirs.columns]
    assert priced["allowed_amount"].to_list() == [Decimal("152.35"), Decimal("116.12"), None]
    assert priced["seen"].to_list() == [[1], [2], []]
    # A column that is called like one of the result and is not what it comes from is no loss to be silent about.
    with pytest.raises(UsageError, match="column claim_id, which the result has"):
        price(theirs.with_columns(claim_id=pl.lit("7")), sample_warehouse, columns=columns)
    with pytest.raises(UsageError, match="Row_of_frame, which pricing uses"):
        price(LINES.with_columns(Row_of_frame=1), sample_warehouse)
    for unknown, words in (("hcpcs", "did you mean hcpcs_code"), (1, 'columns has "1"')):
        with pytest.raises(UsageError, match=words):
            price(theirs, sample_warehouse, columns=columns | {unknown: "CPT"})
    with pytest.raises(UsageError, match="column seen of the file of claim lines is of type"):
        price(theirs, sample_warehouse, columns=columns | {"modifiers": "seen"})
    with pytest.raises(UsageError, match="There is no file"):
        price(theirs, sample_warehouse, columns=tmp_path / "map.toml")


def test_rows_of_several_lines_give_a_row_for_each_line(sample_warehouse):
    rows = pl.DataFrame(
        {"CLM_ID": ["7", "8"], "CLM_FROM_DT": ["20251002", "20251003"], "kept": [[1], [2]]}
    )
    codes = {f"HCPCS_CD_{n}": None for n in range(3, 14)}
    rows = rows.with_columns(
        HCPCS_CD_1=pl.Series(["99214", None]), HCPCS_CD_2=pl.Series([None, "20610"]), **codes
    )
    said = {"units": 1, "place_of_service": "11", "service_zip_code": "94110"}
    columns = {name: {"value": value} for name, value in said.items()}
    priced = price(rows, sample_warehouse, profile="synpuf", columns=columns)
    assert priced.select("claim_id", "claim_line_number", "allowed_amount", "kept").rows() == [
        ("7", 1, Decimal("152.35"), [1]),
        ("8", 2, Decimal("77.41"), [2]),
    ]


def test_a_caller_of_python_is_told_the_argument_of_python(sample_warehouse, tmp_path):
    # What a message advises is what may be typed here, not only an option of the command.
    with pytest.raises(UsageError, match=r"in Python columns=.*in Python a value, as in columns="):
        price(LINES.drop("units"), sample_warehouse)
    with pytest.raises(UsageError, match=r'in Python columns=\{"units": "QTY"\}'):
        price(LINES, sample_warehouse, columns={})
    with pytest.raises(UsageError, match="in Python columns="):
        price(LINES.rename({"modifier_1": "mod1"}), sample_warehouse)
    day_first = LINES.with_columns(date_of_service=pl.Series(["03/10/2025", "15/10/2025", ""]))
    with pytest.raises(RefusedError, match="in Python columns="):
        price(day_first, sample_warehouse)
    heads = ["LINE_NUM", "HCPCS_CD", "LINE_SRVC_CNT", "DESYNPUF_ID", "CLM_ID"]
    of_two = pl.DataFrame({x: ["1"] for x in [*heads, "HCPCS_CD_1", "HCPCS_CD_13"]})
    words = tmp_path / "words.toml"
    words.write_text('missing = ["NA"]')
    with pytest.raises(UsageError, match='in Python profile="ccw"'):
        price(of_two, sample_warehouse, columns=words)
