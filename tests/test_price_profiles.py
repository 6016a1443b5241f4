"""Files of claim lines of a known kind: those of CMS, OMOP and 837P."""

import duckdb
import pytest

from pipeline.errors import RefusedError, UsageError
from pipeline.price import duckdb_engine as engine
from pipeline.price.claim_file import Said
from pipeline.price.column_map import profile, profile_names
from pipeline.price.plan import RESULT
from pipeline.price.source import Wanted
from tests.helpers.claim_files import column, written

pytestmark = pytest.mark.whole

CCW = "BENE_ID|CLM_ID|LINE_NUM|LINE_1ST_EXPNS_DT|CLM_THRU_DT|HCPCS_CD|HCPCS_1ST_MDFR_CD|LINE_SRVC_CNT|LINE_PLACE_OF_SRVC_CD|CARR_NUM|CARR_LINE_PRCNG_LCLTY_CD|LINE_SBMTD_CHRG_AMT|LINE_ALOWD_CHRG_AMT|PRF_PHYSN_NPI|TAX_NUM|PRVDR_SPCLTY|PRTCPTNG_IND_CD"


def test_carrier_lines_of_ccw(read, tmp_path):
    file = tmp_path / "carrier.csv"
    file.write_text(
        f"{CCW}|CARR_CLM_PRVDR_ASGNMT_IND_SW\n"
        "-1|-10|1|15-Oct-2025|16-Oct-2025|99213|25|1.000|11|01112|05|200.00|100.01|123|T1|50|1|A\n"
        "-1|-10|2||16-Oct-2025|99213||2|11|01112|05|200.00||123|T1|08|3|N\n"
        "-1|-10|3|15-Oct-2025||99213||1.5|11|01112|05|||123|T1|08|9|\n"
    )
    found = read(file)
    assert [str(x["date_of_service"]) for x in found] == ["2025-10-15", "2025-10-16", "2025-10-15"]
    assert [x["provider_kind"] for x in found] == ["npp", "physician", "physician"]
    assert [x["remark"] for x in found] == ["", "", 'units "1.5"']
    assert [x["is_assigned"] for x in found] == [True, False, None]
    first = found[0]
    assert (first["units"], first["is_participating"], found[1]["is_participating"]) == (1, True, False)  # fmt: skip
    assert (first["service_mac"], first["service_locality_number"], first["billing_provider_id"]) == ("01112", "05", "T1")  # fmt: skip
    assert str(first["given_allowed_amount"]) == "100.01"


def test_what_a_report_compares_stands_in_the_output_under_our_names(pricer, tmp_path):
    file = tmp_path / "carrier.csv"
    file.write_text(f"{CCW}\n-1|-10|1|15-Oct-2025||99213||1|11|01112|05|200|100.01|123|T1|50|1\n")
    carried = engine.take_lines(pricer, Wanted(file), Said(results=RESULT)).carried
    assert [x.title for x in carried] == [*CCW.split("|"), "hcpcs_code", "given_allowed_amount"]
    query = engine.price(pricer, False, carried=carried, few=engine.FEW_LINES)
    columns = "HCPCS_CD, hcpcs_code, LINE_ALOWD_CHRG_AMT, given_allowed_amount::VARCHAR"
    found = pricer.sql(f"SELECT {columns} FROM ({query})").fetchall()
    assert found == [("99213", "99213", "100.01", "100.01")]


def test_rows_of_synpuf_are_made_long_and_blank_lines_are_none(read, tmp_path):
    names = ("PRF_PHYSN_NPI", "HCPCS_CD", "LINE_NCH_PMT_AMT")
    heads = ("DESYNPUF_ID", "CLM_ID", "CLM_FROM_DT", "ICD9_DGNS_CD_1", *(f"{x}_{n}" for x in names for n in range(1, 14)))  # fmt: skip

    def row(claim: str, lines: dict[int, tuple[str, str]]) -> tuple:
        cells = {n: ("9", *lines[n]) if n in lines else ("", "", "0.00") for n in range(1, 14)}
        wide = [cells[n][part] for part in range(3) for n in range(1, 14)]
        return ("P", claim, "20251015", "4019", *wide)

    claims = [row("1", {1: ("99213", "50.00"), 13: ("G0008", "10.00")}), row("2", {}), row("3", {2: ("", "7.00")})]  # fmt: skip
    file = written(tmp_path, *claims, heads=heads)
    with pytest.raises(UsageError, match=r"no column units, place_of_service.*--units 1, --pos 11"):
        read(file)
    found = read(file, assumed={"units": "1", "place_of_service": "11"})
    assert [(x["claim_id"], x["claim_line_number"], x["hcpcs_code"], str(x["given_paid_amount"])) for x in found] == [
        ("1", 1, "99213", "50.00"), ("1", 13, "G0008", "10.00"), ("3", 2, "", "7.00"),
    ]  # fmt: skip
    wide = written(tmp_path, claims[0], claims[1][:-1], heads=heads)
    with pytest.raises(RefusedError, match="line 3: the line has 42 cells where the head has 43"):
        read(wide, assumed={"units": "1", "place_of_service": "11"})


def test_procedures_of_omop_with_their_costs(read, tmp_path):
    file = tmp_path / "cdm.duckdb"
    with duckdb.connect(str(file)) as other:
        other.execute("""
            CREATE TABLE procedure_occurrence AS
              SELECT 100000000001 + range AS procedure_occurrence_id, 7 AS person_id, DATE '2025-10-15' AS procedure_date,
                '99213' AS procedure_source_value, ['25', '25,XU', NULL][range + 1] AS modifier_source_value,
                [3, 0, NULL][range + 1] AS quantity, 5 AS visit_occurrence_id, 9 AS provider_id
              FROM range(3);
            CREATE TABLE cost AS
              SELECT 100000000001 + range // 2 AS cost_event_id, if(range % 2 = 0, 'Procedure', 'PROCEDURE') AS cost_domain_id, 10.5 AS total_charge,
                4.25 AS amount_allowed, NULL::DOUBLE AS paid_by_payer
              FROM range(3);
        """)
    found = read(file, profile="omop", assumed={"place_of_service": "11"})
    assert [(x["claim_id"], x["claim_line_number"], x["units"], x["modifier_2"], str(x["charge"])) for x in found] == [
        ("5", 1, 3, "", "21.00"), ("5", 2, 1, "XU", "10.50"), ("5", 3, 1, "", "None"),
    ]  # fmt: skip
    assert column(found, "given_allowed_amount") == ["8.50", "4.25", ""]


@pytest.mark.parametrize("has_source_value", [True, False])
def test_a_modifier_of_omop_that_is_only_a_concept_is_not_taken_for_none(read, tmp_path, has_source_value):  # fmt: skip
    """The professional part alone (26) is a quarter of the whole amount."""
    heads = ("procedure_occurrence_id", "person_id", "procedure_date", "procedure_source_value", "visit_occurrence_id", "modifier_concept_id", "modifier_source_value")  # fmt: skip
    said = [("0", ""), ("", ""), ("42739579", "26"), ("42739579", "")]
    lines = [(str(n), "7", "2025-10-15", "71046", "5", *x) for n, x in enumerate(said)]
    kept = len(heads) - (not has_source_value)
    file = written(tmp_path, *(x[:kept] for x in lines), heads=heads[:kept])
    found = read(file, assumed={"place_of_service": "11", "units": "1"})
    concept = 'modifier_concept_id "42739579"'
    assert [x["remark"] for x in found] == ["", "", "" if has_source_value else concept, concept]


def test_service_lines_of_837p(read, tmp_path):
    heads = (
        "CLM01",
        "LX01",
        "SV101",
        "SV102",
        "SV103",
        "SV104",
        "SV105",
        "CLM05",
        "CLM07",
        "DTP03",
    )
    lines = [
        ("A", "1", "HC:99213:25:XU", "100", "UN", "2", "", "11:B:1", "A", "20251015"),
        ("A", "2", "HC:00100:AA", "100", "MJ", "61", "22", "11:B:1", "B", "20251015-20251015"),
        ("A", "3", "HP:ABCDE", "100", "UN", "1", "22", "11:B:1", "C", "20251015"),
        ("A", "4", "HC:99213::::: a text", "100", "F2", "3", "22", "11:B:1", "", "20251015"),
        (
            "A",
            "5",
            "HC:99213::::: a text",
            "100",
            "UN",
            "3",
            "22",
            "11:B:1",
            "A",
            "20251015-20251017",
        ),
    ]
    found = read(written(tmp_path, *lines, heads=heads))
    assert [x["remark"] for x in found] == ["", "", 'hcpcs_code "HP:ABCDE"', 'units "3 F2"', 'date_of_service "20251015-20251017"']  # fmt: skip
    said = [(x["hcpcs_code"], x["modifier_1"], x["modifier_2"], x["units"], x["anesthesia_minutes"], x["place_of_service"]) for x in found]  # fmt: skip
    assert said[:2] == [("99213", "25", "XU", 2, None, "11"), ("00100", "AA", "", 1, 61, "22")]
    assert [x["is_assigned"] for x in found] == [True, False, False, None, True]
    assert said[4][:2] == ("99213", "")


LINE_837P = ("CLM01", "LX01", "SV101", "SV103", "SV104", "SV105", "DTP03")


COMPOSITES = {
    "HC:71046:26": ["26"],
    "HC:71046: 26 :LT": ["26", "LT"],
    "HC:71046:26:::": ["26"],
    "HC:71046:26:59:LT:XU:CHEST": ["26", "59", "LT", "XU"],
    "HC:71046:::::CHEST:2": [],
}  # fmt: skip
NO_COMPOSITES = [
    f"HC:71046:{x}"
    for x in ("26X", "2", "26 59", "26;59", "26*", "KX:026", "KX:XYZ:26", "26|", "CHEST")
]


def test_each_place_of_sv101_has_a_modifier_or_nothing_or_its_line_is_refused(read, tmp_path):
    composites = [*COMPOSITES, *NO_COMPOSITES]
    lines = [("A", f"{n}", x, "UN", "1", "11", "20251015") for n, x in enumerate(composites)]
    found = dict(zip(composites, read(written(tmp_path, *lines, heads=LINE_837P)), strict=True))
    modifiers = {
        x: [one for n in (1, 2, 3, 4) if (one := found[x][f"modifier_{n}"])] for x in COMPOSITES
    }
    assert modifiers == COMPOSITES
    assert {found[x]["remark"] for x in COMPOSITES} == {""}
    assert [found[x]["remark"] for x in NO_COMPOSITES] == [
        f'modifier_1 "{x}"' for x in NO_COMPOSITES
    ]


def test_a_modifier_of_ours_that_is_not_read_is_a_further_one(read, tmp_path):
    lines = [
        ("A", str(n), "HC:71046:59", "UN", "1", "11", "20251015", modifier)
        for n, modifier in enumerate(("26", "59", ""), 1)
    ]
    found = read(written(tmp_path, *lines, heads=(*LINE_837P, "modifier_1")))
    assert [x["remark"] for x in found] == ['modifier_1 "26"', "", ""]
    assert {x["modifier_1"] for x in found} == {"59"}


SPECIALTIES = {
    "50": "npp", "50.0": "npp", "050": "npp", "E1": "mft", "8": "physician", "08": "physician", "": "physician",
}  # fmt: skip
NO_SPECIALTIES = ["ZZ", "NULL", "nan", "5.5"]


def test_a_specialty_of_ccw_says_who_provides_or_its_line_is_refused(read, tmp_path):
    specialties = [*SPECIALTIES, *NO_SPECIALTIES]
    file = tmp_path / "carrier.csv"
    lines = [
        f"1|2|{n}|15-Oct-2025||99213||1|11|01112|05|200|100|123|T1|{x}|1"
        for n, x in enumerate(specialties)
    ]
    file.write_text("\n".join((CCW, *lines)) + "\n")
    found = dict(zip(specialties, read(file), strict=True))
    assert {x: found[x]["provider_kind"] for x in SPECIALTIES} == SPECIALTIES
    assert {found[x]["remark"] for x in SPECIALTIES} == {""}
    remarks = [found[x]["remark"] for x in NO_SPECIALTIES]
    assert remarks == [f'provider_kind "{x}"' for x in NO_SPECIALTIES]


def test_a_profile_may_be_changed_by_a_map_and_two_kinds_at_once_are_told_apart(read, tmp_path):
    file = tmp_path / "carrier.csv"
    file.write_text(f"{CCW}|OTHER\n1|10|1|15-Oct-2025||99213|25|1|11|01112|05|||1|T|50|1|3\n")
    toml = 'profile = "ccw"\n[columns]\nunits = "OTHER"\nmodifier_1 = { value = "26" }'
    assert [(x["units"], x["modifier_1"]) for x in read(file, toml)] == [(3, "26")]
    # What the columns of the file tell need not be said, as in a map of two lines that is advised.
    toml = '[columns]\nunits = "OTHER"'
    assert [(x["units"], x["modifier_1"]) for x in read(file, toml)] == [(3, "25")]
    both = f"{CCW.replace('|', ',')},CLM01,LX01,SV101\n"
    file.write_text(both)
    with pytest.raises(UsageError, match="say --profile 837p or ccw"):
        read(file)


def test_every_profile_is_told_by_columns_that_it_reads():
    for name in profile_names():
        known = profile(name)
        read = {x for reading in known.readings.values() for x in reading.columns}
        base = {
            x.removesuffix("_1").removesuffix("_13") if known.slots else x
            for x in known.recognised_by
        }
        assert base <= read, name
