"""Columns and tables as data classes, read from the TOML files of a schedule."""

import csv
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parent

# What no one schedule owns.
COMMON = SCHEMAS / "common"


@dataclass(frozen=True)
class Column:
    """One column: see the head of ``columns.toml`` for the meaning of each field."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    cms_name: str = ""
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    domain: tuple[str, ...] = ()
    nullable: bool = False
    free_text: bool = False
    owned_by: str = ""
    flag: str = ""
    unflag: str = ""

    @property
    def is_decimal(self) -> bool:
        """Whether the column holds exact decimals."""
        return self.type.startswith("DECIMAL")

    @property
    def decimal_places(self) -> tuple[int, int]:
        """Precision and scale of a decimal column."""
        precision, scale = self.type.removeprefix("DECIMAL(").rstrip(")").split(",")
        return int(precision), int(scale)

    @property
    def comment(self) -> str:
        """The words that stand in ``COMMENT ON``, Parquet metadata and the dictionary."""
        words = self.meaning
        if self.unit:
            words += f" Unit: {self.unit}."
        if self.cms_name:
            words += f" CMS calls it {self.cms_name}."
        if self.owned_by:
            words += " In exports it is '' where the text is, or may be, the AMA's (CPT) or the ADA's (CDT)."
        return words


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its key, its columns in order, what it refers to."""

    name: str
    row: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    per_release: bool = False
    view: bool = False
    exported: bool = True
    time_views: tuple[str, ...] = ()
    leaves_out: tuple[tuple[str, str], ...] = ()
    references: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    @property
    def comment(self) -> str:
        """The words that stand in ``COMMENT ON TABLE``."""
        words = f"One row per {self.row}. {self.meaning}"
        if self.leaves_out:
            listed = "; ".join(f"{name} ({reason})" for name, reason in self.leaves_out)
            words += f" Not compared: {listed}."
        return words

    def superseded(self, posting_id: Column) -> "Table":
        """The same table in schema ``superseded``: its rows are those of postings out of force."""
        key = ("posting_id", *(name for name in self.key if name != "release_id"))
        return replace(
            self,
            name=f"superseded.{self.name}",
            row=self.row.replace("release", "superseded posting"),
            columns=(posting_id, *self.columns),
            key=key,
            time_views=(),
        )

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError if the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


@dataclass(frozen=True)
class Schedule:
    """All that ``schemas/`` says about one fee schedule, or about all of them together."""

    folder: Path
    columns: dict[str, Column]
    tables: dict[str, Table]
    indicator_values: dict[str, tuple[str, ...]] = field(repr=False)

    @property
    def name(self) -> str:
        """The short name, which is that of its folder."""
        return self.folder.name

    @property
    def public_tables(self) -> list[Table]:
        """The tables of schema ``main``, in the order of ``tables.toml``."""
        return [table for name, table in self.tables.items() if "." not in name]

    def reference_file(self, name: str) -> Path:
        """The path of a curated reference table."""
        return self.folder / "reference" / f"{name}.csv"


def read_reference(path: Path) -> list[dict[str, str]]:
    """Read a curated CSV file as one dictionary of texts per row."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def load_schedule(name: str) -> Schedule:
    """Read what ``schemas/`` says of the schedule ``name`` (``pfs``), with what all share.

    A column or table of ``common`` is declared once; where its domain is that of an indicator,
    each schedule has the values of its own.
    """
    folder = SCHEMAS / name
    values = _indicator_values(folder)
    shared = _columns(COMMON, values)
    columns = shared | _columns(folder, values)
    tables = _tables(COMMON, shared) | _tables(folder, columns)
    return Schedule(folder, columns, tables, values)


@cache
def catalog() -> Schedule:
    """The columns and tables of all schedules together, the shared ones first."""
    schedules = [load_schedule(name) for name in schedule_names()]
    columns: dict[str, Column] = {}
    tables: dict[str, Table] = {}
    for one in schedules:
        columns = one.columns | columns
        tables |= {name: table for name, table in one.tables.items() if name not in tables}
    shared = list(_declared("tables", COMMON))
    ordered = [*shared, *(name for name in tables if name not in shared)]
    return Schedule(COMMON, columns, {name: tables[name] for name in ordered}, {})


@cache
def schedule_names() -> tuple[str, ...]:
    """The names of all schedules that ``schemas/`` declares; ``pfs`` comes first."""
    names = [x.parent.name for x in SCHEMAS.glob("*/tables.toml") if x.parent != COMMON]
    return tuple(sorted(names, key=lambda name: (name != "pfs", name)))


@cache
def _declared(what: str, folder: Path) -> dict[str, dict]:
    """What a file declares, which is read once and left as it is: every schedule reads the shared ones."""
    return tomllib.loads((folder / f"{what}.toml").read_text("utf-8"))


def _columns(folder: Path, values: dict[str, tuple[str, ...]]) -> dict[str, Column]:
    return {name: _column(name, one, values) for name, one in _declared("columns", folder).items()}


def _tables(folder: Path, columns: dict[str, Column]) -> dict[str, Table]:
    return {name: _table(name, one, columns) for name, one in _declared("tables", folder).items()}


def _indicator_values(folder: Path) -> dict[str, tuple[str, ...]]:
    path = folder / "reference" / "indicator_value.csv"
    values: dict[str, tuple[str, ...]] = {}
    for row in read_reference(path) if path.exists() else []:
        values[row["indicator"]] = (*values.get(row["indicator"], ()), row["value"])
    return values


def _column(name: str, entry: dict, indicator_values: dict[str, tuple[str, ...]]) -> Column:
    entry = dict(entry)
    domain = entry.pop("domain", ())
    if domain == "indicator_value":
        # Some files leave an indicator out altogether, which reads as ''.
        values = indicator_values.get(name, ())
        domain = values + (() if "" in values else ("",))
    return Column(name=name, domain=tuple(domain), **entry)


def _otherwise(column: Column, here: dict[str, Any]) -> Column:
    """A column as one table declares it otherwise."""
    domain = tuple(here.get("domain", column.domain))
    return replace(column, **(here | {"domain": domain}))


def _in_table(column: Column, nullable: bool, owned_by: str) -> Column:
    """A column as it is in a table; most are as they are declared, and a copy of each takes long."""
    nullable = nullable or column.nullable
    if (nullable, owned_by) == (column.nullable, column.owned_by):
        return column
    return replace(column, nullable=nullable, owned_by=owned_by)


def _table(name: str, entry: dict, columns: dict[str, Column]) -> Table:
    entry = dict(entry)
    nullable = set(entry.pop("nullable", ()))
    owned_by = entry.pop("owned_by", {})
    columns = columns | {
        name: _otherwise(columns[name], here) for name, here in entry.pop("here", {}).items()
    }
    named = tuple(
        _in_table(
            columns[column], column in nullable, owned_by.get(column, columns[column].owned_by)
        )
        for column in entry.pop("columns")
    )
    entry["leaves_out"] = tuple(entry.get("leaves_out", {}).items())
    for key in ("key", "references", "examples", "time_views"):
        entry[key] = tuple(entry.get(key, ()))
    return Table(name=name, columns=named, **entry)
