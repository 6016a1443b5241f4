"""What a few lines can do without: steps that find nothing, and rows of tables that are not theirs.

The SQL of a step is what it is for a file. A step over nothing gives nothing, so it is left out where
what it waits for is empty. A step that looks codes and places up in large tables is shown the rows of
these lines alone: views of the names of those tables, that the engine need not read the whole of.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.price.own_schedule import plan as own
from pipeline.price.paid import plan as paid
from pipeline.schedules.pfs.price import plan as pfs
from pipeline.store.step import Step
from schemas.derive import identifier, quoted

if TYPE_CHECKING:
    import duckdb

SAME_DAY = (
    "later_factor", "touched_line", "touched_amount", "test_part_amount", "pair_of_sides", "ruled_line", "same_day", "day_word",
)  # fmt: skip
IN_GLOBAL_PERIOD = ("denied_line", "global_service", "global_period", "global_line")

# The tables of schedules that pay lines by themselves which say what codes they list.
LISTS = ("lab_fee", "drug_limit", "dme_item", "dme_cba_fee", "dme_mail_order_fee", "ambulance_fee")
LISTED = " UNION ALL ".join(f"SELECT hcpcs_code FROM {name}" for name in LISTS)

# Steps that find nothing, by the rows without which they do.
WAITS_FOR = (
    {"zip9_place": "FROM claim_line WHERE plus_four <> ''"}
    | dict.fromkeys(("code_pair", "ncci_line"), "FROM edit_line")
    | dict.fromkeys(("unit_limit", "mue_line"), "FROM mue WHERE hcpcs_code IN ($codes)")
    | dict.fromkeys(IN_GLOBAL_PERIOD, "FROM surgery_patient")
    | {"complexity_line": "FROM claim_line WHERE hcpcs_code = 'G2211'"}
    | dict.fromkeys(SAME_DAY, "FROM touched_group")
    | dict.fromkeys((step.name for step in own.steps()), f"FROM ({LISTED}) WHERE hcpcs_code IN ($codes)")
)  # fmt: skip


# What an optimizer does that few rows gain by; all else takes longer than it spares.
WORTH_IT = (
    "filter_pushdown", "unused_columns", "deliminator", "column_lifetime", "join_filter_pushdown",
)  # fmt: skip


def settle(con: "duckdb.DuckDBPyConnection") -> None:
    """Set a connection up for few lines."""
    known = {row[0] for row in con.execute("SELECT name FROM duckdb_optimizers()").fetchall()}
    disabled = ",".join(sorted(known.difference(WORTH_IT)))
    # One thread does the work of a few rows before others have begun; no day depends on where the
    # machine stands.
    con.execute(f"SET disabled_optimizers = '{disabled}'; SET threads = 1; SET TimeZone = 'UTC'")


@cache
def empty_steps() -> Mapping[str, str]:
    """The columns, with their types, of each step that may be left out and that others read."""
    found: dict[str, list[str]] = {}
    with Path(__file__).with_name("empty_step.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["step"], []).append(f"{row['column']} {row['type']}")
    return {step: ", ".join(columns) for step, columns in found.items()}


class FewLines:
    """The steps over the lines of ``incoming_line``, in a connection to a published warehouse."""

    def __init__(self, con: "duckdb.DuckDBPyConnection") -> None:
        self.con = con
        self.catalog = con.execute("SELECT current_database()").fetchall()[0][0]
        self.codes = self._listed("incoming_line", "hcpcs_code")
        self.known: dict[str, bool] = {}

    def run(self, steps: Iterable[Step]) -> None:
        """Keep each step as a temporary table, an empty one where it finds nothing."""
        for step in steps:
            rows = WAITS_FOR.get(step.name)
            if rows is None or self._are_there(rows.replace("$codes", self.codes)):
                self._make(step)
            elif columns := empty_steps().get(step.name):
                self.con.execute(f"CREATE OR REPLACE TEMP TABLE {step.name} ({columns})")

    def _are_there(self, rows: str) -> bool:
        if rows not in self.known:
            self.known[rows] = bool(self.con.execute(f"SELECT 1 {rows} LIMIT 1").fetchall())
        return self.known[rows]

    def _make(self, step: Step) -> None:
        shown = self._shown(step.name)
        for table, condition in shown.items():
            rows = f"FROM {identifier(self.catalog)}.main.{table} WHERE {condition}"
            self.con.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS {rows}")
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {step.name} AS {self._query(step)}")
        for table in shown:
            self.con.execute(f"DROP VIEW temp.{table}")

    def _query(self, step: Step) -> str:
        """The SELECT of a step, of a curated table with the rows that these lines name."""
        if step.name == "modifier_meaning":
            return pfs.modifier_meaning(self._texts("modifier_of_set", "claim_modifier"))
        if step.name == "service_share":
            return paid.service_share(self._texts("claim_line", "hcpcs_code"))
        return step.query

    def _shown(self, step: str) -> dict[str, str]:
        """The tables of which a step is shown a part, each with the condition of its rows."""
        if step == "used_code":
            return dict.fromkeys(("rvu", "global_test_part"), f"hcpcs_code IN ({self.codes})")
        if step == "price_basis":
            codes = self._listed("used_code", "hcpcs_code")
            of_code = f"hcpcs_code IN ({codes})"
            families = f"{of_code} OR endoscopic_base_code IN ({codes})"
            return {"payment_national": of_code, "rvu": families}
        if step == "code_pair":
            pairs = f"column1 IN ({self.codes}) AND column2 IN ({self.codes})"
            return {"ncci_pair": pairs}
        if step in ("zip_place", "zip9_place"):
            zip_codes = self._listed("claim_line", "zip_code")
            return {f"{step.removesuffix('_place')}_locality": f"zip_code IN ({zip_codes})"}
        return {}

    def _listed(self, table: str, column: str) -> str:
        return ", ".join(quoted(text) for text in self._texts(table, column))

    def _texts(self, table: str, column: str) -> list[str]:
        rows = self.con.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()
        return [text for (text,) in rows]
