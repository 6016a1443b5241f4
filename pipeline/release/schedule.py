"""What a fee schedule is: everything that is particular to one, and nothing else.

The machinery of ``pipeline/`` serves any schedule and knows none by name: it takes what is
declared here. Each schedule has a folder in ``pipeline/schedules`` with its SQL, a folder in
``schemas`` with its columns, tables, layouts, kinds of files and curated tables, and one
``FeeSchedule`` in the list ``pipeline.schedules.all.SCHEDULES``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.companions.kind import CompanionKind
from pipeline.release.identity import Identity
from pipeline.release.listing import Listing
from pipeline.release.reconcile import Reconciled
from pipeline.store.shelf import Artefact
from pipeline.store.sql import compose
from schemas.definitions import Schedule, load_schedule

if TYPE_CHECKING:
    from pipeline.release.warehouse_inputs import Companion

Connection = duckdb.DuckDBPyConnection
Queries = dict[str, Callable[[], str]]


def modules_of(*functions: Callable[..., Any] | None) -> list[str]:
    """The modules of ``pipeline`` that functions are of."""
    plain = [getattr(function, "func", function) for function in functions if function]
    return sorted({function.__module__ for function in plain})


def _nothing(*_: object) -> None:
    """Where a schedule has nothing to add."""


def _no_rules(con: Connection, rows: list[dict]) -> list[dict]:
    return []


def _no_reconciliation(*_: object) -> list[Reconciled]:
    return []


@dataclass(frozen=True)
class Aside:
    """A table that is only exported; ``query`` gives its SELECT, rows in the order of their key.

    ``words`` names columns of few distinct texts, each with the table that has all of them. The
    SELECT casts such a column ``x`` to the type ``x_word``, an ENUM: it looks the same in the file,
    and of millions of rows it is carried and written in a third of the time.
    """

    table: str
    query: Callable[[], str]
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """How the tables of one release follow from its files, one SELECT a table.

    The first of ``tables`` has a row for each line of the main file, or of the files whose kinds
    ``rows_of`` names; it and those of ``shared_with`` together, where the lines are divided. ``several_lines``
    names the layouts of files that have several lines for such a row.

    ``stage`` makes what the SELECTs need besides ``stage.KIND`` and ``this_release``. ``tables``
    are computed in their order, then the checks run; ``first_check`` is the one without which
    none can be computed. Those that are ``too_large_for_memory`` are written as they are computed, and
    checks read the files: each file of the release is kept in the order of its key, so that none need
    sort all of them. Where each release ``restates_history``, the warehouse holds the rows of the
    latest of each series alone, because those of the ones before stand in it. ``aside`` is written
    while ``later`` ones are computed. ``curated`` names the tables of ``reference/`` and ``folders`` the SQL that
    all of it follows from; ``checks`` are folders of checks that it shares with another schedule, whose
    files have the same columns.
    """

    tables: Queries
    stage: Callable[[Connection, Artefact], None] = _nothing
    later: Queries = field(default_factory=dict)
    aside: Aside | None = None
    rows_of: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    several_lines: tuple[str, ...] = ()
    first_check: str = ""
    too_large_for_memory: bool = False
    restates_history: bool = False
    reconcile: Callable[[Connection, Artefact], list[Reconciled]] = _no_reconciliation
    curated: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    checks: tuple[Path, ...] = ()

    @property
    def table_names(self) -> tuple[str, ...]:
        """The tables that the warehouse holds of each release."""
        return (*self.tables, *self.later)

    @property
    def modules(self) -> list[str]:
        """The modules that compute it."""
        return modules_of(self.stage, self.reconcile, *self.queries.values())

    @property
    def queries(self) -> Queries:
        """The SELECT of every table, also of the one that is only exported."""
        aside = {self.aside.table: self.aside.query} if self.aside else {}
        return self.tables | self.later | aside

    @property
    def exported_names(self) -> tuple[str, ...]:
        """The tables that are written as a file per release."""
        return (*self.table_names, *([self.aside.table] if self.aside else []))


@dataclass(frozen=True)
class Summary:
    """A page about the latest change, and the release that it is of."""

    release_id: str
    text: str


@dataclass(frozen=True)
class Change:
    """What changed from a release to the next: ``table`` holds it.

    ``query`` gives the SELECT of it for a SELECT of two releases, over the ``compared`` tables;
    ``folders`` hold the SQL of it. ``summary`` gives the latest change in words, None where there
    is none.
    """

    table: str
    compared: tuple[str, ...]
    query: Callable[[str], str]
    folders: tuple[Path, ...]
    summary: Callable[[Connection], Summary | None] = _nothing


@dataclass(frozen=True)
class Whole:
    """What spans releases in the warehouse.

    ``curated`` are the SELECTs of the curated tables that are public as they are. ``fill`` adds
    what follows from curated files alone, ``views`` what is no file of ``view``, and ``macros`` come after;
    ``hold`` holds both against the releases. ``reconcile`` compares CMS's files beside the
    releases. ``made_from`` are the folders and files that all of it follows from.
    """

    curated: Queries = field(default_factory=dict)
    fill: Callable[[Connection], None] = _nothing
    views: Callable[[Connection], None] = _nothing
    macros: Callable[[Connection], None] = _nothing
    hold: Callable[[Connection], None] = _nothing
    reconcile: Callable[[Connection, list["Companion"]], None] = _nothing
    made_from: Callable[[], list[Path]] = list

    @property
    def modules(self) -> list[str]:
        """The modules that make it."""
        steps = (self.fill, self.views, self.macros, self.hold, self.reconcile, self.made_from)
        named = modules_of(*steps, *self.curated.values())
        return [name for name in named if name.startswith("pipeline.")]


@dataclass(frozen=True)
class FeeSchedule:
    """One fee schedule.

    ``name`` is that of its folders, ``home`` the one with its SQL: ``check/release``,
    ``check/warehouse``, ``view``, ``across``, ``fee.sql``, ``price.sql`` and ``place.sql``. ``identify`` says which posting a
    main file is of, by its first lines, the name of its bundle and its own; ``period`` gives the
    first and the last day of service of a release of a year; ``dated_by`` names the curated tables
    that both go by, and ``listing`` says where CMS lists its releases. ``without`` says, by kind of
    file, what a release has not that came without one. ``lifetimes`` names the table that knows the
    first and the last day of codes (``added_on``, ``terminated_on``), where it has one, and ``classes``
    the one that says what kind of service a code is. ``selects`` are the SELECTs that stand for
    ``$name`` in ``fee.sql`` and ``across``, where several say the same. (What is due by now stands apart, in ``periods``
    of its folder: see ``schedules/due.py``.)
    ``rules`` gives for rows of ``fee`` what becomes of their amounts, as rent by month.
    """

    name: str
    title: str
    home: Path
    identify: Callable[[list[str], str, str], Identity]
    period: Callable[[str, int], tuple[date, date]]
    model: Model
    dated_by: tuple[str, ...] = ()
    listing: Listing | None = None
    without: dict[str, str] = field(default_factory=dict)
    change: Change | None = None
    companions: dict[str, CompanionKind] = field(default_factory=dict)
    whole: Whole = field(default_factory=Whole)
    lifetimes: str = ""
    rules: Callable[[Connection, list[dict]], list[dict]] = _no_rules
    classes: str = ""
    selects: Queries = field(default_factory=dict)

    @cached_property
    def declared(self) -> Schedule:
        """Its columns, tables and curated files."""
        return load_schedule(self.name)

    @property
    def fee(self) -> Path:
        """The SELECT of what it says of each code, in the shape that ``release/fee`` tells."""
        return self.home / "fee.sql"

    @property
    def fee_query(self) -> str:
        """The same, put together."""
        return compose(self.fee, **self.composed_selects)

    @property
    def composed_selects(self) -> dict[str, str]:
        """Its ``selects``, each put together."""
        return {name: query() for name, query in self.selects.items()}

    @property
    def price(self) -> Path:
        """The SELECT of what it pays claim lines, in the shape that ``price/own_schedule/plan.py`` tells."""
        return self.home / "price.sql"

    @property
    def place(self) -> Path:
        """The SELECT of what it knows of ZIP codes, in the shape that ``release/place`` tells."""
        return self.home / "place.sql"

    @property
    def across(self) -> Path:
        """The comparisons with other schedules, in the shape that ``release/across`` tells."""
        return self.home / "across"

    @property
    def release_checks(self) -> Path:
        """The checks over one release."""
        return self.home / "check" / "release"

    @property
    def warehouse_checks(self) -> Path:
        """The checks over the whole warehouse."""
        return self.home / "check" / "warehouse"

    def reference_files(self, names: tuple[str, ...]) -> list[Path]:
        """The curated files of these names, those that it has."""
        paths = [self.declared.reference_file(name) for name in names]
        return [path for path in paths if path.exists()]
