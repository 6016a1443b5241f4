"""Heads of the schedules beside the PFS as CMS may word them, on the files of the sample.

What a column is called may change, and a column that no money depends on may be missing: the rest of
the file reads as before.
"""

import csv
import io
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import RefusedError
from pipeline.read.file import FileRead, read_file
from pipeline.read.sort import kind_of
from pipeline.sample import SAMPLE
from pipeline.schedules.all import schedule_named
from tests.helpers.bundles import workbook_of

Lines = list[list[str]]


@cache
def sample(kind: str) -> tuple[str, Lines]:
    """The name and the cells of the file of a kind in the sample: its CSV, or its workbook or text."""
    files = [x for x in SAMPLE.glob("*-sample/*") if getattr(kind_of(x.name), "name", "") == kind]
    path = min(files, key=lambda x: (".csv", ".xlsx", ".txt").index(x.suffix))
    if path.suffix == ".xlsx":
        grid = pl.read_excel(path, has_header=False, infer_schema_length=0)
        return path.name, [[cell or "" for cell in row] for row in grid.iter_rows()]
    text = path.read_text("cp1252")
    return path.name, list(csv.reader(io.StringIO(text), delimiter=_delimiter(path.name)))


def _delimiter(name: str) -> str:
    return "\t" if name.endswith(".txt") else ","


def read(kind: str, lines: Lines, folder: Path) -> FileRead:
    name, _ = sample(kind)
    path = folder / name
    if path.suffix == ".xlsx":
        workbook_of(lines, path)
    else:
        text = io.StringIO()
        csv.writer(text, delimiter=_delimiter(name), lineterminator="\r\n").writerows(lines)
        path.write_bytes(text.getvalue().encode("cp1252"))
    of = kind_of(name)
    assert of is not None
    layouts = tuple(x for x in of.layouts if path.suffix[1:] in x.extensions)
    tables = schedule_named(of.schedule).declared.tables
    found = read_file(path.read_bytes(), name, layouts, tables)
    assert (found.refused, found.account.balances) == ([], True)
    return found


def renamed(kind: str, words: dict[str, str]) -> Lines:
    """The lines of a file with other words above its columns; each of the old ones is there."""
    _, lines = sample(kind)
    cells = {_plain(cell) for line in lines for cell in line}
    assert words.keys() <= cells, words.keys() - cells
    return [[words.get(_plain(cell), cell) for cell in line] for line in lines]


def _plain(cell: str) -> str:
    return " ".join(cell.split())


# The kind of a file, and what CMS's words may be next.
OTHER_WORDS = [
    ("clfs", {"YEAR": "CALENDAR YEAR", "HCPCS": "HCPCS CODE", "MOD": "MODIFIER", "EFF_DATE": "EFFECTIVE DATE",
              "INDICATOR": "RATE INDICATOR", "RATE": "PAYMENT RATE", "SHORTDESC": "SHORT DESCRIPTION",
              "LONGDESC": "LONG_DESC", "EXTENDED LONGDESC": "EXTENDED LONG DESCRIPTION"}),
    ("hcpcs", {"HCPC": "HCPCS CODE", "LONG DESCRIPTION": "LONG DESC", "SHORT DESCRIPTION": "SHORT_DESC", "PRICE1": "PRICE_1",
               "MULT_PI": "MULT PI", "COV": "COVERAGE CODE", "BETOS": "BETOS CODE", "ADD DT": "ADD_DATE", "TERM DT": "TERM_DT", "ACTION CD": "ACTION CODE"}),
    ("mue", {"Practitioner Services MUE Values": "MUE Value", "MUE Adjudication Indicator": "MAI",
             "MUE Rationale": "Rationale for Edit"}),
    ("asc_aa", {"HCPCS Code": "HCPCS/CPT Code", "Short Descriptor": "Short Desc.",
                "Subject to Multiple Procedure Discounting": "Multiple Surgery Discount", "January 2025 Payment Indicator": "January 2025 PI",
                "January 2025 Payment Weight": "January 2025 Weight", "January 2025 Payment Rate": "January 2025 Payment Amount"}),
    ("ndc", {"_2025_CODE": "HCPCS_CODE", "Short Description": "Short Desc", "NDC2": "NDC", "LABELER NAME": "Manufacturer",
             "Drug Name": "Product Name", "PKG SIZE": "PACKAGE_SIZE", "PKG QTY": "PKG QUANTITY", "BILLUNITS": "BILL_UNITS",
             "BILLUNITSPKG": "BILL_UNITS_PER_PKG"}),
    ("rbcs", {"HCPCS_Cd": "HCPCS Cd", "RBCS_Id": "RBCS ID", "RBCS_Family_Desc": "RBCS_Fam_Desc", "HCPCS_Cd_Add_Dt": "HCPCS_Cd_Add_Date"}),
    ("dmepos", {"CATG": "Payment Category", "JURIS": "Jurisdiction", "Description": "Short Descriptor"}),
    ("opps_addendum_b", {"HCPCS Code": "HCPCS/CPT Code", "Short Descriptor": "Description", "SI": "Status Indicator (SI)",
                         "APC": "APC Code", "Relative Weight": "APC Weight", "Payment Rate": "OPPS Payment Rate",
                         "Note": "Notes/Comments", "* Indicates a Change": "Changed"}),
    ("opps_rule_addendum_b", {"SI": "Final Status Indicator", "CI": "Comment Indicator"}),
]  # fmt: skip

# The kind of a file, words above columns that it may lack, and the columns of the table that have them.
LACKED = [
    ("clfs", {"SHORTDESC": "description"}),
    (
        "hcpcs",
        {
            "BETOS": "betos",
            "ASC_GRP": "asc_group",
            "ASC_DT": "asc_from",
            "PROCNOTE": "processing_note",
        },
    ),
]


@pytest.mark.parametrize(("kind", "words"), OTHER_WORDS, ids=[kind for kind, _ in OTHER_WORDS])
def test_other_words_above_columns_are_understood(
    kind: str, words: dict[str, str], tmp_path: Path
) -> None:
    plain = read(kind, sample(kind)[1], tmp_path)
    found = read(kind, renamed(kind, words), tmp_path)
    assert (found.frame.equals(plain.frame), found.extra) == (True, plain.extra)


@pytest.mark.parametrize(("kind", "lacked"), LACKED, ids=[kind for kind, _ in LACKED])
def test_columns_that_no_money_depends_on_may_be_called_anything_and_are_not_loaded(
    kind: str, lacked: dict[str, str], tmp_path: Path
) -> None:
    plain = read(kind, sample(kind)[1], tmp_path).frame
    found = read(kind, renamed(kind, dict.fromkeys(lacked, "Anything")), tmp_path)
    assert found.extra == ("Anything",) * len(lacked)
    assert found.frame.drop(lacked.values()).equals(plain.drop(lacked.values()))
    assert all(found.frame[name].n_unique() == 1 for name in lacked.values())


@pytest.mark.parametrize("words", ["Adj. Bene. Co-pay", "Beneficiary Amount"])
def test_a_column_that_may_be_the_adjusted_copayment_is_not_taken_for_another(
    words: str, tmp_path: Path
) -> None:
    lines = renamed("opps_addendum_b", {"Adjusted Beneficiary Copayment": words})
    with pytest.raises(RefusedError, match="may be adjusted_copayment"):
        read("opps_addendum_b", lines, tmp_path)
