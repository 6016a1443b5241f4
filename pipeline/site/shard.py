"""Data files of the site: each is a script that hands one value to the page.

A value is JSON, deflated, in base64: a page that is opened from a folder loads what a server would
have compressed, and nothing but a script.
"""

import base64
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from pipeline.store.shelf import link_or_copy

QUERIES = Path(__file__).parent / "query"

# The most that a file with codes holds, so that a page opens at once and the files are not too
# many. A single code is never divided. Deflated it is about a third of that.
MOST_BYTES = 32_000


class DataFiles:
    """Data files of a site, each with its name (``RVU25D/release``) and one value."""

    def write(self, name: str, value: Any) -> None:
        """Write a value as a data file."""
        self.write_text(name, as_json(value))

    def write_text(self, name: str, text: str) -> None:
        """Write a value that is JSON already."""
        self.write_script(name, self.deflated(name, text))

    def write_once(self, folder: str, value: Any) -> str:
        """Write a value under a name that follows from it, which is returned."""
        text = as_json(value)
        name = f"{folder}/{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        if not self.has(name):
            self.write_text(name, text)
        return name

    def write_script(self, name: str, value: str) -> None:
        """Write a value as the expression that JavaScript reads, a text for one that is packed."""
        raise NotImplementedError

    def deflated(self, name: str, text: str) -> str:
        """A JSON text as the expression of it, for the data file of that name."""
        return _deflated(text)

    def has(self, name: str) -> bool:
        """Whether a data file was written already."""
        raise NotImplementedError


class Scripts(DataFiles):
    """Data files that are held in memory, for ``site``: the expression of each by its name."""

    def __init__(self, site: "Folder | None" = None) -> None:
        self.by_name: dict[str, str] = {}
        self.site = site

    def deflated(self, name: str, text: str) -> str:
        return self.site.deflated(name, text) if self.site else _deflated(text)

    def write_script(self, name: str, value: str) -> None:
        self.by_name[name] = value

    def has(self, name: str) -> bool:
        return name in self.by_name


class Folder(DataFiles):
    """The data files of a new site, of which those that say what they said before are not written.

    ``former`` is the folder of data of the site before, if there is one: a file of the same name
    and bytes is linked, so that it stays the same file. ``is_linked`` says whether files of
    artefacts are linked too, and not copied. ``hashes`` has the hash of each of those.
    """

    def __init__(self, path: Path, former: Path | None = None, is_linked: bool = True) -> None:
        self.path = path
        self.former = former
        self.is_linked = is_linked
        self.written: set[str] = set()
        self.linked: set[str] = set()
        self.hashes: dict[str, str] = {}
        self._folders: set[str] = set()

    def deflated(self, name: str, text: str) -> str:
        # What is there already is inflated ten times as fast as the text would be deflated again.
        former = _expression(name, self._former(name) or b"")
        return former if _inflated(former) == text else _deflated(text)

    def write_script(self, name: str, value: str) -> None:
        script, place = _script(name, value), self._place(name)
        if self._link_former(name, script, place):
            self.linked.add(name)
        else:
            Path(place).write_bytes(script)
            self.written.add(name)

    def write_aside(self, path: str, name: str, value: str) -> None:
        """Write a data file of that name into an artefact, whose files nobody changes again."""
        script = _script(name, value)
        self._make_folder_of(path)
        # A file of somebody's folder would become read-only with those of the artefact.
        if not (self.is_linked and self._link_former(name, script, path)):
            Path(path).write_bytes(script)

    def _link_former(self, name: str, script: bytes, place: str) -> bool:
        """Link the file of the site before, where it says the same; whether it does."""
        if self._former(name) != script:
            return False
        link_or_copy(self._former_place(name), place)
        return True

    def take(self, path: str, name: str, digest: str) -> None:
        """Have a file of an artefact, whose hash is known, as a data file."""
        place = self._place(name)
        if self._is_former(path, name):
            link_or_copy(self._former_place(name), place)
            self.linked.add(name)
        else:
            if self.is_linked:
                link_or_copy(path, place)
            else:
                shutil.copyfile(path, place)
            self.written.add(name)
        self.hashes[name] = digest

    def _is_former(self, path: str, name: str) -> bool:
        """Whether a file is that of the site before; it is another of the same bytes in a copy."""
        try:
            is_same = os.path.samefile(path, self._former_place(name))  # noqa: PTH121
        except OSError:
            return False
        return is_same or self._former(name) == Path(path).read_bytes()

    def _place(self, name: str) -> str:
        # There are thousands of data files, and a Path costs ten times as much as a text.
        place = f"{self.path}/{name}.js"
        self._make_folder_of(place)
        return place

    def _make_folder_of(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)

    def _former_place(self, name: str) -> str:
        return f"{self.former}/{name}.js" if self.former else ""

    def _former(self, name: str) -> bytes | None:
        """The file of that name in the site before; None where there is none."""
        try:
            return Path(self._former_place(name)).read_bytes() if self.former else None
        except OSError:
            return None

    def has(self, name: str) -> bool:
        return name in self.written or name in self.linked


def _script(name: str, value: str) -> bytes:
    return f"Site.put({json.dumps(name)}, {value});\n".encode()


def _deflated(text: str) -> str:
    """A JSON text as the expression of it, deflated and in base64."""
    return json.dumps(base64.b64encode(zlib.compress(text.encode(), 9)).decode())


def _expression(name: str, script: bytes) -> str:
    """The expression in a data file; '' where the file is not as one is written."""
    before, after = _script(name, "|").split(b"|")
    if not (script.startswith(before) and script.endswith(after)):
        return ""
    return script[len(before) : -len(after)].decode("ascii", errors="replace")


def _inflated(expression: str) -> str:
    """The JSON text of a deflated one; '' where it is none."""
    try:
        text = base64.b64decode(expression.strip('"'), validate=True)
        return zlib.decompress(text).decode()
    except (ValueError, zlib.error):
        return ""


def packed(found: list[dict]) -> dict[str, list]:
    """A table by column: its different values, and for each row the number of its value.

    The values of most columns repeat, and names in every row weigh more than the values.
    """
    return {name: _numbered([row[name] for row in found]) for name in (found[0] if found else ())}


def _numbered(cells: list[Any]) -> list[list]:
    """The different values of a column in their order, and for each cell the number of its value."""
    values: dict[Any, Any] = {}
    # To Python True is 1; a list is told from others by its text.
    told = [(type(x), as_json(x) if isinstance(x, list) else x) for x in cells]
    for key, cell in zip(told, cells, strict=True):
        values.setdefault(key, cell)
    numbers = {key: number for number, key in enumerate(values)}
    return [list(values.values()), [numbers[key] for key in told]]


def write_code_shards(folder: DataFiles, name: str, records: dict[str, str]) -> str:
    """Write records of codes, JSON already, into files ``name/START``.

    Each file holds consecutive codes and is named after what the first of them begins with.
    Returns those names in their order: a code is in the last file whose name is not above it.
    """

    def write(file: tuple[str, list[str]]) -> str:
        start, codes = file
        lines = ",\n".join(f"{as_json(code)}:{records[code]}" for code in codes)
        folder.write_text(f"{name}/{start}", f"{{{lines}}}")
        return start

    # Deflating and writing keep no other thread of Python waiting.
    with ThreadPoolExecutor(max_workers=2) as side:
        return " ".join(side.map(write, _divided(sorted(records), records)))


def _divided(
    codes: list[str], records: dict[str, str], length: int = 1
) -> Iterator[tuple[str, list[str]]]:
    """Consecutive codes by file. Codes that begin alike share one as far as it has room.

    Where they do not fit they are divided by one character more, so that a record that grows
    moves the borders of the files beside it and no others.
    """
    held: list[str] = []
    for _, found in groupby(codes, key=lambda code: code[:length]):
        group = list(found)
        if _size(group, records) > MOST_BYTES and length < len(group[0]):
            yield from _file(held, length)
            held = []
            yield from _divided(group, records, length + 1)
        elif held and _size(held, records) + _size(group, records) > MOST_BYTES:
            yield from _file(held, length)
            held = group
        else:
            held += group
    yield from _file(held, length)


def _file(codes: list[str], length: int) -> Iterator[tuple[str, list[str]]]:
    if codes:
        yield codes[0][:length], codes


def _size(codes: Iterable[str], records: dict[str, str]) -> int:
    return sum(len(records[code]) for code in codes)


def as_json(value: Any) -> str:
    """JSON without blanks; exact decimals and dates are texts."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    # The file may be shown or embedded elsewhere: nothing in it may look like a tag.
    return text.replace("<", "\\u003c")


def rows(con: duckdb.DuckDBPyConnection, name: str, **values: Any) -> list[tuple]:
    """The rows of a query of the site, with decimals as texts."""
    return [tuple(row) for row in _plain_rows(con.execute(query(name), values))]


def entries(con: duckdb.DuckDBPyConnection, name: str, **values: Any) -> list[dict[str, Any]]:
    """The same rows as dictionaries."""
    cursor = con.execute(query(name), values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in _plain_rows(cursor)]


def _plain_rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[list]:
    described = enumerate(cursor.description or [])
    decimals = [place for place, (_, kind, *_) in described if str(kind).startswith("DECIMAL")]
    for row in map(list, cursor.fetchall()):
        for place in decimals:
            if row[place] is not None:
                row[place] = str(row[place])
        yield row


def query(name: str) -> str:
    """A query of the site."""
    return (QUERIES / f"{name}.sql").read_text("utf-8")


def has_table(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the warehouse has a table; some come from files that not everybody has."""
    query = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = ?"
    return con.execute(query, [name]).fetchall()[0][0] > 0
