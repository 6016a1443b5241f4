"""Layouts of CMS's files: which columns a kind of file has, and the words that name them.

A layout is a TOML file in ``schemas/<schedule>/layouts``. It declares roles: the words by which a
head names a column, the shape of its values where it is part of a record's key, and the position of
its field in the fixed-width form. The years that a source tells of are evidence for a layout and no
gate: a file of another year loads where it proves itself, and is called inferred.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from pipeline.errors import refuse
from pipeline.read.separated import SEPARATED

# What a draft has where a person has to decide; a layout with it is not loaded.
UNDECIDED = "TODO"

# P: CMS's file or its documentation was read. S: a public source tells of it.
GRADES = ("P", "S")

# How a day may be written, and the pattern and directives by which it is read. One in ISO's form is
# understood in every file: workbooks give their days so.
ISO = "YYYY-MM-DD"
DATE_FORMS = {
    ISO: (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "%Y-%m-%d"),
    "YYYYMMDD": (r"[0-9]{8}", "%Y%m%d"),
    "YYYYDDD": (r"[0-9]{7}", "%Y%j"),
    "MM/DD/YYYY": (r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "%m/%d/%Y"),
}


@lru_cache(maxsize=2**15)
def _has(words: str, cell: str) -> bool:
    """Whether a pattern is found in a cell; most cells above a table are blank or come again."""
    return re.search(words, cell, re.IGNORECASE) is not None


@dataclass(frozen=True)
class Counts:
    """Where a field counts: in records whose ``column`` has ``value``; in all others it means
    something else, and ``otherwise`` stands for it."""

    column: str
    value: str
    otherwise: str


@dataclass(frozen=True)
class LayoutColumn:
    """One column of a layout; ``name`` is '' for filler.

    ``words`` is a regular expression that the words of its head must contain, ``unless`` one that
    they must not. ``key`` is the shape of a value where the column is part of what a record is
    known by. ``absent`` is the value of every record where a file lacks the column; a column
    without one is needed. A file does not lack it where words like ``hint`` stand above a column
    that is none of the others. A column that is named and not ``loaded`` is read past. Where a file
    lacks the column and has the one that ``instead`` names, that one is meant.

    ``forms`` are the forms of a file that have the column, where CMS leaves it out of others; it is
    not compared with those. ``gaps`` are the forms in which CMS leaves cells of it blank that others
    have: such a cell is a difference that is listed and refuses nothing. Of the column that says what
    a line is, ``goes_on`` is a regular expression of the values of one that goes on with the record
    above it. ``none`` are the texts that stand for no value (``N/A``); where ``blank``
    is false a blank cell is none of them. Of a number, ``words_to`` is the column that has the words of
    cells in which words stand in its place, or nothing (``See note``): such a cell has no number, and
    what its words say is decided elsewhere. ``lost`` is what is left of a value of ``length`` characters
    where a spreadsheet took its zeros in front. ``shape`` is what a value looks like in the text forms.
    Of a flag, ``any_mark`` says that any text is the mark, but for a number and a no. Of a number,
    ``percent`` says that it is a percentage (``20%``, in workbooks 0.2), and ``rounded`` that a workbook
    has more digits than CMS states; of a day, ``date`` is one of ``DATE_FORMS``. ``counts`` says in
    which records the field has the meaning of the column, where it depends on another one.
    """

    name: str
    words: str = ""
    unless: str = ""
    key: str = ""
    txt: tuple[int, int] | None = None
    txt_implied_decimals: int = 0
    pad: int = 0
    loaded: bool = True
    absent: str | None = None
    hint: str = ""
    instead: str = ""
    forms: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    goes_on: str = ""
    none: tuple[str, ...] = ()
    length: int = 0
    lost: str = ""
    blank: bool = True
    words_to: str = ""
    any_mark: bool = False
    shape: str = ""
    percent: bool = False
    rounded: bool = False
    date: str = ISO
    counts: Counts | None = None

    def is_headed(self, cell: str) -> bool:
        """Whether the words above a column are this one's."""
        if not self.words or not _has(self.words, cell):
            return False
        return not self.unless or not _has(self.unless, cell)

    def fits_key(self, cell: str) -> bool:
        """Whether a cell has the shape of the column's values, or of one that lost its zeros."""
        return re.fullmatch(self.key, cell) is not None or (
            self.lost != "" and re.fullmatch(self.lost, cell) is not None
        )

    @property
    def is_needed(self) -> bool:
        """Whether a file without the column cannot be read."""
        return bool(self.name) and self.loaded and self.absent is None


@dataclass(frozen=True)
class Evidence:
    """How well a layout is known for some years, by which source, and in which forms ('' any)."""

    first_year: int
    last_year: int
    grade: str
    source: str
    forms: tuple[str, ...] = ()

    def is_for(self, year: int | None, extension: str = "") -> bool:
        """Whether it tells of a year (any, where it is unknown) and a form."""
        of_form = not self.forms or not extension or extension in self.forms
        return of_form and (year is None or self.first_year <= year <= self.last_year)


@dataclass(frozen=True)
class Melt:
    """Columns of a wide table that become rows: one per record and column.

    ``words`` is a regular expression that the whole head of such a column matches; its named groups
    are the columns of the rows that tell one from another, and ``value`` is the one for the cell;
    ``says`` has other words for what a group says, in capitals, each with ours. In a form without a head the names that the layout gives its fields stand for heads.
    """

    words: str
    value: str
    says: tuple[tuple[str, str], ...] = ()

    def said(self, head: str) -> tuple[str, ...] | None:
        """What the head of a column that becomes rows says; None where it is none."""
        found = re.fullmatch(self.words, head)
        ours = dict(self.says)
        return (
            tuple(ours.get(x.upper(), x) for x in found.groupdict("").values()) if found else None
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that a row has besides those of its record."""
        return (*re.compile(self.words).groupindex, self.value)


@dataclass(frozen=True)
class FixedWidth:
    """What is particular to the fixed-width form; ``record_length`` is None where it varies."""

    record_length: int | None = None


@dataclass(frozen=True)
class Layout:
    """One layout of one kind of file.

    ``sheet`` is a regular expression that the name or the title of its sheet contains, where a
    workbook has several; with ``sheet_names_day`` a day in that name is the first of the release.
    ``notice`` is one that the first cell of each line contains that may stand above a table without
    a head, or among the lines that a record runs on over. With ``line_feeds`` a quoted cell may run
    over several lines, and with ``runs_on`` a record over the lines below it that have no key.
    """

    name: str
    kind: str
    table: str
    columns: tuple[LayoutColumn, ...]
    evidence: tuple[Evidence, ...]
    has_head: bool = True
    txt: FixedWidth | None = None
    fill_down: tuple[str, ...] = ()
    repeats_records: bool = False
    names_year: bool = False
    forms: tuple[tuple[str, str], ...] = ()
    sheet: str = ""
    sheet_names_day: bool = False
    notice: str = ""
    line_feeds: bool = False
    runs_on: bool = False
    melt: Melt | None = None

    def form_of(self, extension: str) -> str:
        """How a file of this extension is to be read: ``txt`` (fixed width), a workbook (``xlsx``,
        ``xls``), or one of ``SEPARATED``."""
        return dict(self.forms).get(extension, extension)

    @property
    def extensions(self) -> tuple[str, ...]:
        """The extensions of the files that this layout reads."""
        if self.forms:
            return tuple(extension for extension, _ in self.forms)
        with_head = ("csv", "xlsx") if self.has_head else ()
        return (*with_head, "txt") if self.txt else with_head

    @property
    def key_columns(self) -> tuple[LayoutColumn, ...]:
        """The columns that a record is known by."""
        return tuple(column for column in self.columns if column.key)

    @property
    def kind_of_line(self) -> LayoutColumn | None:
        """The column that says whether a line goes on with the record above it."""
        return next((column for column in self.columns if column.goes_on), None)

    def is_declared(self, year: int | None, extension: str = "") -> bool:
        """Whether a source tells that files of this year and form have this layout."""
        return any(one.is_for(year, extension) for one in self.evidence)


@cache
def load_layouts(folder: Path) -> tuple[Layout, ...]:
    """Read every layout of a schedule, in the order of their file names."""
    return tuple(_load(path) for path in sorted(folder.glob("*.toml")))


def _load(path: Path) -> Layout:
    try:
        return _layout(path)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, re.error) as error:
        # Layout files are written by people: an entry may be missing, misspelt or broken.
        advice = "Compare it with the layouts beside it."
        raise refuse(path.name, "layout", f"not a layout: {error}", advice=advice) from None


def _layout(path: Path) -> Layout:
    entry = tomllib.loads(path.read_text("utf-8"))
    _refuse_draft(entry, path)
    melt = _melt(entry.pop("melt")) if "melt" in entry else None
    columns = _columns(entry.pop("column"), melt, entry.pop("dates", ISO))
    for pattern in ("sheet", "notice"):
        re.compile(entry.get(pattern, ""))
    evidence = tuple(
        Evidence(**{**one, "forms": tuple(one.get("forms", ()))}) for one in entry.pop("evidence")
    )
    txt = FixedWidth(**entry.pop("txt")) if "txt" in entry else None
    entry["fill_down"] = tuple(entry.get("fill_down", ()))
    entry["forms"] = tuple(entry.get("forms", {}).items())
    for _, form in entry["forms"]:
        if form not in (*SEPARATED, "txt", "xlsx", "xls"):
            raise ValueError(f'"{form}" is no form of a file')
    return Layout(name=path.stem, columns=columns, evidence=evidence, txt=txt, melt=melt, **entry)


def _melt(entry: dict) -> Melt:
    return Melt(**{**entry, "says": tuple(entry.get("says", {}).items())})


def _columns(entries: list[dict], melt: Melt | None, dates: str) -> tuple[LayoutColumn, ...]:
    """The declared columns, and those of ``melt`` and for words of which nothing else is declared.

    ``dates`` is the form of days in columns that declare none.
    """
    declared = [_column({"date": dates} | entry) for entry in entries]
    become = (*(melt.names if melt else ()), *(x.words_to for x in declared if x.words_to))
    names = {column.name for column in declared}
    columns = (*declared, *(LayoutColumn(name, date=dates) for name in become if name not in names))
    # No head names the columns that the words and cells of others become.
    return tuple(replace(x, absent="") if x.name in become else x for x in columns)


def _column(entry: dict) -> LayoutColumn:
    lists = {name: tuple(entry[name]) for name in ("txt", "forms", "gaps", "none") if name in entry}
    counts = {"counts": Counts(**entry["counts"])} if "counts" in entry else {}
    column = LayoutColumn(**{**entry, **lists, **counts})
    if column.date not in DATE_FORMS:
        raise ValueError(f'"{column.date}" is no form of a day')
    patterns = (
        column.words, column.unless, column.key, column.hint, column.shape, column.goes_on, column.lost,
    )  # fmt: skip
    for pattern in patterns:
        re.compile(pattern)
    return column


def _refuse_draft(entry: dict, path: Path) -> None:
    """Raise RefusedError where a person has not decided all that a layout says."""
    undecided = [
        f"column {number}"
        for number, column in enumerate(entry.get("column", ()), start=1)
        if UNDECIDED in (column["name"], column.get("words"))
    ]
    for one in entry["evidence"]:
        undecided += [key for key, value in one.items() if str(value).startswith(UNDECIDED)]
        if one.get("grade") not in GRADES:
            undecided.append('grade (to be "P" or "S")')
    if undecided:
        message = f"the layout is a draft: to be decided are {', '.join(undecided)}"
        advice = "Complete it from CMS's documentation, or move it out of the folder."
        raise refuse(path.name, "layout", message, advice=advice)


def layouts_of(layouts: tuple[Layout, ...], kind: str, extension: str = "") -> tuple[Layout, ...]:
    """The layouts of a kind of file, of those that have the form of ``extension``."""
    return tuple(
        x for x in layouts if x.kind == kind and (not extension or extension in x.extensions)
    )


def layouts_for(
    layouts: tuple[Layout, ...], kind: str, extension: str, file: str
) -> tuple[Layout, ...]:
    """The layouts that a file may have; raises RefusedError where its form is none of its kind."""
    found = layouts_of(layouts, kind, extension)
    if found:
        return found
    forms = sorted({x for one in layouts_of(layouts, kind) for x in one.extensions})
    message = f"a file of kind {kind} with the ending .{extension} is not known"
    advice = (
        f"Known endings: {', '.join(forms)}. Open it in a spreadsheet and save it as one of these, "
        "or leave it out with --skip NAME."
    )
    raise refuse(file, "layout", message, advice=advice)
