"""The public views: an SQL file each, or made from a template for a table that has ``time_views``."""

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from schemas.definitions import SCHEMAS, Schedule, Table, load_schedule, schedule_names

PIPELINE = SCHEMAS.parent / "pipeline"

# One SELECT for each of the views in time that any table may have.
TEMPLATES = PIPELINE / "release" / "view"


@dataclass(frozen=True)
class View:
    """One view: ``path`` is its SELECT, in which ``words`` stand for each ``$word``.

    ``of`` is the table whose columns it shows, ``adds`` names further ones, and ``only`` says
    in a sentence which rows it has; ``table`` is the view as a table.
    """

    path: Path
    of: str
    adds: tuple[str, ...]
    only: str
    table: Table
    words: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the view."""
        return self.table.name


@cache
def views_of(name: str) -> tuple[View, ...]:
    """The views of a schedule, sorted by name."""
    schedule = load_schedule(name)
    views = [_from_file(schedule, path) for path in view_folder(name).glob("*.sql")]
    for table in schedule.tables.values():
        views += [_from_template(schedule, table, suffix) for suffix in table.time_views]
    return tuple(sorted(views, key=lambda view: view.name))


def all_views() -> list[View]:
    """The views of all schedules."""
    return [view for name in schedule_names() for view in views_of(name)]


def view_folder(name: str) -> Path:
    """Where the SQL files of the views of a schedule are."""
    return PIPELINE / "schedules" / name / "view"


def _from_file(schedule: Schedule, path: Path) -> View:
    """A view whose SQL file begins with ``-- of: TABLE``."""
    head = _head(path)
    return _view(schedule, path, path.stem, schedule.tables[head.pop(0).removeprefix("of: ")], head)


def _from_template(schedule: Schedule, table: Table, suffix: str) -> View:
    """A view of the rows of a table in time; a row's own first day counts within its release."""
    path = TEMPLATES / f"{suffix}.sql"
    view = _view(schedule, path, f"{table.name}_{suffix}", table, _head(path))
    row, days = f"{table.name}.*", "period.effective_from, period.effective_to"
    if "effective_from" in table.column_names:
        later = f"greatest({table.name}.effective_from, period.effective_from)"
        row, days = f"{row} replace ({later} as effective_from)", "period.effective_to"
    words = {"table": table.name, "schedule": schedule.name, "row": row, "days": days}
    return replace(view, words=words)


def _head(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [line.removeprefix("-- ") for line in lines[:3] if line.startswith("-- ")]


def _view(schedule: Schedule, path: Path, name: str, of: Table, head: list[str]) -> View:
    adds: tuple[str, ...] = ()
    if head[0].startswith("adds: "):
        named = head.pop(0).removeprefix("adds: ").split(", ")
        adds = tuple(column for column in named if column not in of.column_names)
    columns = (*of.columns, *(schedule.columns[column] for column in adds))
    table = replace(
        of, name=name, view=True, columns=columns, meaning=f"{of.meaning} {head[0]}", time_views=()
    )
    return View(path, of.name, adds, head[0], table)
