"""Which column of a file is which of ours: a map in TOML, of the user or of a known kind of file.

What a map says wrongly is one sentence that names the map, the entry and what to write.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError, printable
from pipeline.price.dates import FORMS
from pipeline.price.layout import REQUIRED, column_names, known_name
from schemas.definitions import SCHEMAS

PROFILES = SCHEMAS / "pfs" / "claim_profiles"

# Not a column of ours: up to four modifiers in one column, or a column for each.
MODIFIERS = "modifiers"
PLACES = tuple(f"modifier_{place}" for place in (1, 2, 3, 4))

# The value of the file itself, where a map says what all other words mean.
SAME = "*"

KEYS = (
    "column",
    "columns",
    "value",
    "values",
    "otherwise",
    "blank",
    "pattern",
    "date",
    "times",
    "when",
    "until",
)
TOP = ("columns", "profile", "missing")
OF_PROFILE = ("name", "meaning", "source", "recognised_by", "slots", "of_lines", "notes", "query")


@dataclass(frozen=True)
class When:
    """A value counts where another column says so; ``instead`` has what stands for other words."""

    column: str
    words: tuple[str, ...]
    instead: Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """How one column of ours is read.

    ``columns`` are those of the file, of which the first that is filled counts on each line;
    ``value`` is one for all lines instead. What ``pattern`` puts in parentheses is the value,
    ``values`` says what words mean (``otherwise`` all others, ``*`` themselves), ``blank`` what no value means, and
    ``times`` by what a number is multiplied. ``date`` is the form of days, and ``until`` the column
    of the last one of a line.
    """

    columns: tuple[str, ...] = ()
    value: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    blank: str | None = None
    pattern: str = ""
    date: str = ""
    times: str = ""
    when: When | None = None
    until: str = ""
    # Whether a file may lack its columns, as a file of a known kind may.
    is_optional: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is one column as it stands; days may have a form of their own."""
        return len(self.columns) == 1 and self == replace(
            Reading(self.columns), date=self.date, until=self.until, is_optional=self.is_optional
        )


@dataclass(frozen=True)
class ColumnMap:
    """The readings of a file by our columns. ``name`` is what the user knows the map by.

    ``missing`` are the words that stand for no value in every column, as NA does in files of R.
    Where there are ``slots``, each row holds that many lines, whose columns ``of_lines`` end in _1, _2 and so on.
    """

    name: str
    readings: Mapping[str, Reading]
    missing: tuple[str, ...] = ()
    recognised_by: tuple[str, ...] = ()
    slots: int = 0
    of_lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    query: str = ""


def profile_names() -> list[str]:
    """The kinds of files that are known."""
    return sorted(path.stem for path in PROFILES.glob("*.toml"))


@cache
def profile(name: str) -> ColumnMap:
    """The map of a known kind of file."""
    if name not in profile_names():
        raise UsageError(f'There is no profile "{name}"; there are {", ".join(profile_names())}.')
    written = tomllib.loads((PROFILES / f"{name}.toml").read_text("utf-8"))
    made = _map(f"profile {name}", written, TOP + OF_PROFILE)
    return replace(
        made,
        readings={x: replace(y, is_optional=True) for x, y in made.readings.items()},
        recognised_by=tuple(written["recognised_by"]),
        slots=written.get("slots", 0),
        of_lines=tuple(written.get("of_lines", ())),
        notes=tuple(written.get("notes", ())),
        query=written.get("query", ""),
    )


def recognised(heads: Iterable[str]) -> str:
    """The profile of a file that lacks our columns and has those of a known kind; '' for none.

    Raises UsageError where it has those of several kinds.
    """
    found = {known_name(head) for head in heads}
    if set(REQUIRED) <= found:
        return ""
    fitting = [
        name
        for name in profile_names()
        if {x.lower() for x in profile(name).recognised_by} <= found
    ]
    if len(fitting) > 1:
        listed = " or ".join(fitting)
        python = f'in Python profile="{fitting[0]}"'
        raise UsageError(f"The file may be of several kinds; say --profile {listed} ({python}).")
    return fitting[0] if fitting else ""


def read_map(file: Path) -> ColumnMap:
    """The map that a user wrote; ``profile`` in it names one that it changes."""
    try:
        written = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise UsageError(f"There is no file {file}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read as a map of columns: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is no TOML: {error}.") from None
    return made_map(file.name, written)


def made_map(name: str, written: Mapping[str, Any]) -> ColumnMap:
    """The map that ``written`` says, with the tables of a map in TOML; ``name`` is that of messages."""
    made = _map(name, written, TOP)
    if "profile" in written:
        return over(profile(str(written["profile"])), made)
    if not made.readings and not made.missing:
        raise UsageError(
            f'{name} maps no column; write lines as units = "QTY" below [columns] '
            '(in Python columns={"units": "QTY"}).'
        )
    return made


def over(first: ColumnMap, second: ColumnMap) -> ColumnMap:
    """The first map with the readings of the second in place of its own."""
    name = f"{second.name} over {first.name}"
    taken = set(second.readings)
    # Modifiers in one column and in four are two ways to say the same.
    taken |= {*PLACES} if MODIFIERS in taken else {MODIFIERS} if taken & {*PLACES} else set()
    kept = {x: y for x, y in first.readings.items() if x not in taken}
    missing = first.missing + second.missing
    return replace(first, name=name, readings=kept | dict(second.readings), missing=missing)


def _map(name: str, written: Mapping[str, Any], known: Iterable[str]) -> ColumnMap:
    _refuse_unknown(name, "", written, known)
    columns = written.get("columns", {})
    if not isinstance(columns, dict):
        raise UsageError(f"{name}: columns is a table; write [columns] on a line of its own.")
    _refuse_unknown(name, "columns", columns, {*column_names(), MODIFIERS})
    readings: dict[str, Reading] = {}
    for ours, said in columns.items():
        if ours == MODIFIERS and isinstance(said, list):
            if len(said) > 4:
                raise UsageError(
                    f"{name}: modifiers has {len(said)} columns; a line has four at most."
                )
            readings |= {x: _reading(name, x, y) for x, y in zip(PLACES, said, strict=False)}
        else:
            readings[ours] = _reading(name, ours, said)
    if MODIFIERS in readings and readings[MODIFIERS].value is not None:
        raise UsageError(
            f"{name}: modifiers is read from columns; one that is the same for all lines is written as "
            'modifier_1 = { value = "26" }.'
        )
    if MODIFIERS in readings and set(PLACES) & set(readings):
        raise UsageError(f"{name}: say modifiers or modifier_1 to modifier_4, not both.")
    return ColumnMap(name, readings, _missing(name, written))


def _missing(name: str, written: Mapping[str, Any]) -> tuple[str, ...]:
    words = written.get("missing", [])
    if not isinstance(words, list) or not all(isinstance(x, str) and x.strip() for x in words):
        raise UsageError(f'{name}: missing is a list of words; write missing = ["NA"].')
    return tuple(words)


def _refuse_unknown(name: str, where: str, found: Iterable[str], known: Iterable[str]) -> None:
    known = sorted(known)
    # A mapping of Python may have keys that are no texts.
    for key in map(str, found):
        if key not in known:
            near = get_close_matches(key.lower(), known, 1)
            what = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
            place = f"{where} has" if where else "it has"
            raise UsageError(printable(f'{name}: {place} "{key}", which is not known; {what}'))


def _reading(name: str, ours: str, said: Any) -> Reading:
    if isinstance(said, str):
        said = {"column": said}
    if isinstance(said, list):
        said = {"columns": said}
    if not isinstance(said, dict):
        raise UsageError(
            f'{name}: {ours} is {said!r}; write a column of the file, {ours} = "THEIR_COLUMN", '
            f'or one value for all lines, {ours} = {{ value = "{said}" }}.'
        )
    _refuse_unknown(name, ours, said, KEYS)
    if len({"column", "columns", "value"} & set(said)) != 1:
        raise UsageError(f"{name}: {ours} needs one of column, columns and value.")
    if "value" in said and len(said) > 1:
        raise UsageError(f"{name}: {ours} has a value for all lines and takes nothing beside it.")
    columns = said["columns"] if "columns" in said else [said["column"]] if "column" in said else []
    if not isinstance(columns, list) or not all(isinstance(x, str) and x for x in columns):
        raise UsageError(
            f"{name}: {ours} has a column that is no name; write it in quotation marks."
        )
    return Reading(
        columns=tuple(columns),
        value=_text(said["value"]) if "value" in said else None,
        values={str(x).upper(): _text(y) for x, y in _table(name, ours, said, "values").items()},
        otherwise=_text(said["otherwise"]) if "otherwise" in said else None,
        blank=_text(said["blank"]) if "blank" in said else None,
        pattern=_pattern(name, ours, said),
        date=_date(name, ours, said),
        times=_times(name, ours, said),
        when=_when(name, ours, said),
        until=_until(name, ours, said),
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table(name: str, ours: str, said: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = said.get(key, {})
    if not isinstance(found, dict):
        raise UsageError(
            f'{name}: {key} of {ours} is a table; write {key} = {{ "1" = "physician" }}.'
        )
    return found


def _pattern(name: str, ours: str, said: Mapping[str, Any]) -> str:
    pattern = said.get("pattern", "")
    try:
        groups = re.compile(str(pattern)).groups
    except re.error as error:
        raise UsageError(f"{name}: pattern of {ours} is no regular expression ({error}).") from None
    if pattern and not groups:
        raise UsageError(f"{name}: pattern of {ours} needs parentheses around what the value is.")
    return str(pattern)


def _date(name: str, ours: str, said: Mapping[str, Any]) -> str:
    form = str(said.get("date", ""))
    if not form:
        return ""
    if ours != "date_of_service":
        raise UsageError(f"{name}: {ours} is no date; leave date out.")
    known = {x.lower(): x for x in FORMS}
    if form.lower() not in known:
        raise UsageError(f'{name}: date = "{form}" is not known; write one of {", ".join(FORMS)}.')
    return known[form.lower()]


def _times(name: str, ours: str, said: Mapping[str, Any]) -> str:
    times = str(said.get("times", ""))
    if times and not re.fullmatch(r"[0-9]{1,4}([.][0-9]{1,4})?", times):
        raise UsageError(f"{name}: times of {ours} is no number; write it as 15 or 0.01.")
    return times


def _when(name: str, ours: str, said: Mapping[str, Any]) -> When | None:
    found = _table(name, ours, said, "when")
    if not found:
        return None
    words = found.get("is")
    words = [words] if isinstance(words, str) else words
    if set(found) - {"column", "is", "instead"} or not found.get("column") or not words:
        raise UsageError(
            f'{name}: when of {ours} needs a column and its words; write when = {{ column = "BASIS", is = ["UN"] }}.'
        )
    others = _table(name, f"when of {ours}", found, "instead")
    instead = {str(x).upper(): _text(y) for x, y in others.items()}
    return When(str(found["column"]), tuple(str(x).upper() for x in words), instead)


def _until(name: str, ours: str, said: Mapping[str, Any]) -> str:
    until = said.get("until", "")
    if until and ours != "date_of_service":
        raise UsageError(f"{name}: {ours} is no date; leave until out.")
    if not isinstance(until, str):
        raise UsageError(f'{name}: until of {ours} is a column; write until = "SVC_TO".')
    return until
