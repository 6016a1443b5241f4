"""Columns and tables as data classes, read from the TOML files of a schedule."""

import csv
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

SCHEMAS = Path(__file__).parent


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
        )

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError if the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


@dataclass(frozen=True)
class Schedule:
    """All that ``schemas/`` says about one fee schedule."""

    folder: Path
    columns: dict[str, Column]
    tables: dict[str, Table]
    indicator_values: dict[str, tuple[str, ...]] = field(repr=False)

    @property
    def public_tables(self) -> list[Table]:
        """The tables of schema ``main``, in the order of ``tables.toml``."""
        return [table for name, table in self.tables.items() if "." not in name]

    def reference_file(self, name: str) -> Path:
        """The path of a curated reference table."""
        return self.folder / "reference" / f"{name}.csv"


@dataclass(frozen=True)
class ViewHead:
    """What the first comment lines of a view's SQL file say.

    ``of`` is the table whose columns it shows, ``adds`` names further ones, and ``only`` says
    in a sentence which rows it has.
    """

    of: str
    adds: tuple[str, ...]
    only: str


def read_view_head(path: Path) -> ViewHead:
    """Read the head of a view's SQL file: ``-- of:``, perhaps ``-- adds:``, and a sentence."""
    lines = [line.removeprefix("-- ") for line in path.read_text("utf-8").splitlines()[:3]]
    adds: tuple[str, ...] = ()
    if lines[1].startswith("adds: "):
        adds = tuple(lines.pop(1).removeprefix("adds: ").split(", "))
    return ViewHead(lines[0].removeprefix("of: "), adds, lines[1])


def view_of(schedule: Schedule, path: Path) -> Table:
    """The definition of a view: that of its table, with what it adds and leaves out."""
    head = read_view_head(path)
    table = schedule.tables[head.of]
    columns = (*table.columns, *(schedule.columns[name] for name in head.adds))
    meaning = f"{table.meaning} {head.only}"
    return replace(table, name=path.stem, view=True, columns=columns, meaning=meaning)


def read_reference(path: Path) -> list[dict[str, str]]:
    """Read a curated CSV file as one dictionary of texts per row."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def load_schedule(name: str) -> Schedule:
    """Read ``columns.toml`` and ``tables.toml`` of the schedule ``name`` (``pfs``)."""
    folder = SCHEMAS / name
    indicator_values: dict[str, list[str]] = {}
    for row in read_reference(folder / "reference" / "indicator_value.csv"):
        indicator_values.setdefault(row["indicator"], []).append(row["value"])
    values = {name: tuple(listed) for name, listed in indicator_values.items()}

    columns = {
        name: _column(name, entry, values)
        for name, entry in tomllib.loads((folder / "columns.toml").read_text("utf-8")).items()
    }
    tables = {
        name: _table(name, entry, columns)
        for name, entry in tomllib.loads((folder / "tables.toml").read_text("utf-8")).items()
    }
    return Schedule(folder, columns, tables, values)


def _column(name: str, entry: dict, indicator_values: dict[str, tuple[str, ...]]) -> Column:
    domain = entry.pop("domain", ())
    if domain == "indicator_value":
        # Some files leave an indicator out altogether, which reads as ''.
        domain = indicator_values[name] + (() if "" in indicator_values[name] else ("",))
    return Column(name=name, domain=tuple(domain), **entry)


def _table(name: str, entry: dict, columns: dict[str, Column]) -> Table:
    nullable = set(entry.pop("nullable", ()))
    owned_by = entry.pop("owned_by", {})
    named = tuple(
        replace(
            columns[column],
            nullable=columns[column].nullable or column in nullable,
            owned_by=owned_by.get(column, columns[column].owned_by),
        )
        for column in entry.pop("columns")
    )
    entry["leaves_out"] = tuple(entry.get("leaves_out", {}).items())
    for key in ("key", "references", "examples"):
        entry[key] = tuple(entry.get(key, ()))
    return Table(name=name, columns=named, **entry)
