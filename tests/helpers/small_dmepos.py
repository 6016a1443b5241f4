"""A release of equipment fees in miniature, from tables of text."""

from datetime import date
from decimal import Decimal
from functools import cache

import duckdb

from pipeline.schedules.dmepos.definition import DMEPOS
from pipeline.schedules.dmepos.tables import stage_cells
from tests.helpers.staged import staged

FILE = "DMEPOS_JAN.csv"
SOUND = {
    "dmepos": """
        code  mod mod2 jur cat ceiling floor AL   AL/R FL   FL/R AK   AK/R
        E0601 RR  -    D   CR  0       0     50   95   50   95   91   0
        E0776 RR  -    D   IN  0       0     17   20   17   20   32   0
        E0776 NU  -    D   IN  0       0     170  170  170  170  182  0
        E2361 NU  KE   D   IN  0       0     0    171  0    171  150  0
        L3000 -   -    D   PO  450.81  338.11 381 0    381  0    400  0
        A4216 -   -    J   OS  0.62    0.53  0.57 0    0.62 0    0.71 0
        A4253 NU  -    D   IN  0       0     8.32 0    8.32 0    8.32 0
        V2786 -   -    D   PO  0       0     0    0    0    0    0    0
    """,
    "dme_pen": """
        code  mod mod2 AL    AL/R FL    FL/R AK    AK/R
        B4164 -   -    24.66 0    24.66 0    24.66 0
        E0776 NU  BA   64    100  64    100  64    0
    """,
    "dme_cba": """
        code  mod mod2 mod3 cat Mobile,_AL Miami,_FL
        E0601 RR  -    -    CR  51.48      .
        A4557 KG  -    -    SU  16.52      11.80
        E0776 NU  BA   KG   -   63.70      62.02
    """,
    "dme_mail_order": """
        code  mod mod2 mod3 cat amount
        A4253 NU  KL   -    IN  10.39
    """,
    "dme_rural_zip": "35056 AL 202501",
    "dme_cba_zip": "36601 AL Mobile,_AL 202501\n33101 FL Miami,_FL 202501",
}
OTHER_NAMES = {
    "code": "hcpcs_code", "mod": "modifier", "mod2": "modifier2", "mod3": "modifier3", "jur": "jurisdiction", "cat": "category",
}  # fmt: skip
QUARTER = date(2025, 1, 1)


def rows_of(kind: str, text: str) -> list[dict]:
    """The rows of a stage table, as a table of text writes them; AL/R is the rural fee of AL."""
    if kind.endswith("_zip"):
        return [zip_row(kind, line.split(), n) for n, line in enumerate(text.splitlines(), 2)]
    head, *lines = (line.split() for line in text.strip().splitlines())
    rows = []
    for number, cells in enumerate(lines, start=8):
        said = {
            OTHER_NAMES.get(name, name): "" if cell == "-" else cell
            for name, cell in zip(head, cells, strict=True)
        }
        places = [name for name in said if name[:2].isupper() or "," in name]
        amounts = {name: said.pop(name) for name in places}
        record = {"description": "", "source_line": number} | said
        if kind in ("dmepos", "dme_pen"):
            record |= {"calendar_year": None, "rural_indicator": "", "further_modifier": ""}
        if kind == "dme_cba":
            rows += [
                record | {"cba": name.replace("_", " "), "amount": None if x == "." else Decimal(x)}
                for name, x in amounts.items()
            ]
        elif amounts:
            rows += [
                record | {"state": name[:2], "is_rural": name.endswith("/R")} | amount(kind, x)
                for name, x in amounts.items()
            ]
        else:
            rows.append(record)
    return rows


def amount(kind: str, text: str) -> dict:
    """The amount of a cell, or the words in its place."""
    is_number = text[:1].isdigit()
    words = {} if kind == "dme_mail_order" else {"amount_words": "" if is_number else text}
    return {"amount": Decimal(text) if is_number else None} | words


def zip_row(kind: str, cells: list[str], number: int) -> dict:
    zip_code, state, *area, year_quarter = (cell.replace("_", " ") for cell in cells)
    row = {
        "zip_code": zip_code,
        "state": state,
        "year_quarter": year_quarter,
        "source_line": number,
    }
    names = area if len(area) == 2 else [*area, *area]
    return row | dict(zip(("cba", "cba_name"), names, strict=False))


@cache
def sound_rows() -> dict[str, list[dict]]:
    return {kind: rows_of(kind, text) for kind, text in SOUND.items()}


def release(changed: dict[str, str] | None = None) -> duckdb.DuckDBPyConnection:
    """The sound release, with the files of ``changed`` in the place of its own."""
    rows = sound_rows() | {kind: rows_of(kind, x) for kind, x in (changed or {}).items()}
    con = staged(
        DMEPOS.declared, rows, release_id="DMEPOS25Q1", calendar_year=2025, effective_from=QUARTER,
        is_sample=False, main_file=FILE,
    )  # fmt: skip
    con.execute("CREATE TABLE stage.loaded_file (file_kind VARCHAR, file VARCHAR)")
    con.execute("INSERT INTO stage.loaded_file SELECT unnest(?), 'file'", [list(SOUND)])
    con.execute("CREATE TABLE stage.dme_quarter (file_kind VARCHAR, year INTEGER, quarter INTEGER)")
    con.execute("INSERT INTO stage.dme_quarter VALUES ('dme_pen', 2025, 1)")
    stage_cells(con)
    return con


@cache
def computed() -> duckdb.DuckDBPyConnection:
    """The sound release with the tables that follow from it. Tests read it and never change it."""
    con = release()
    for name, query in DMEPOS.model.tables.items():
        con.execute(f"CREATE TABLE {name} AS {query()}")
    return con
