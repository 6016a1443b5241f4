"""CMS's own files of equipment fees: forms that agree, and the counts of January 2025."""

import duckdb
import pytest

from pipeline.read.compare import FormComparison, compare_forms
from pipeline.read.file import FileRead
from pipeline.read.sort import kind_of
from pipeline.schedules.dmepos.definition import DMEPOS
from pipeline.schedules.dmepos.tables import stage_cells
from pipeline.store.sql import load_checks
from tests.helpers.dmepos_files import EVERY, TABLES, read, staged_frames
from tests.helpers.places import NOT_THERE, REAL_FILES

CMS = REAL_FILES / "dmepos"
pytestmark = [
    pytest.mark.whole,
    pytest.mark.real,
    pytest.mark.skipif(not CMS.is_dir(), reason=NOT_THERE),
]


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
    stage_cells(con)
    for name, query in DMEPOS.model.tables.items():
        con.execute(f"CREATE TABLE {name} AS {query()}")
    return con


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


def test_checks_find_two_exceptions_of_cms_and_nothing_else(january) -> None:
    found = {x.name: january.sql(x.query).fetchall() for x in load_checks(DMEPOS.release_checks)}
    findings = {
        name: [row[2].partition(":")[0] for row in rows] for name, rows in found.items() if rows
    }
    assert findings == {"ceilings_have_their_floor": ["K1007 (PO)", "Q0480 (PO)"]}
