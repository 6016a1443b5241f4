"""Releases of any quarter in CMS's own layout, made from one release: history for tests and bench.

``Maker(source)`` takes the CSV files of the sample or of a real release of 2020 to 2025. What it
writes is a function of the seed, the posting and the source alone, so that any posting can be
made without those before it. From quarter to quarter a few codes come, go, change their status
or are revalued; from year to year practice expense, indices and factors change. Sums, component
rules, CMS's amounts (OPPSCAP, ANES) and the localities of the year stay right, and the
conversion factor is the known one, so that a good release is made and no damaged one.
"""

import csv
import hashlib
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from tests.helpers.releases_files import Companions, factor_on, reference, written

MONTHS = {"A": "January", "B": "April", "C": "July", "D": "October"}

# Positions in the 31-column PPRRVU file (pfs-rules 1.3), and where 2026 has one more.
CODE, MODIFIER, STATUS, NOT_USED, WORK, NF_PE, F_PE = 0, 1, 3, 4, 5, 6, 8
MP, NF_TOTAL, F_TOTAL, PCTC, ENDOSCOPIC_BASE, FACTOR, OPPS_PE, OPPS_MP = (
    10, 11, 12, 13, 23, 24, 28, 30,
)  # fmt: skip
PRICING = 23
HEAD = 10

# PC/TC indicators of a test (4) and the codes of its parts, which add up to it.
PARTS_OF_TESTS = ("2", "3", "4")


@dataclass(frozen=True)
class Posting:
    """One posting of a release; a ``revision`` is the same release posted again."""

    year: int
    letter: str
    released: date
    revision: int = 0

    @property
    def release_id(self) -> str:
        """As the warehouse names it: RVU24AR."""
        return f"RVU{self.year % 100:02d}{self.letter}"

    @property
    def quarter(self) -> int:
        """A number that grows by one each quarter."""
        return self.year * 4 + "ABCD".index(self.letter[0])

    @property
    def effective_from(self) -> date:
        """The first day of the quarter, or the one that is known of this release."""
        periods = reference("effective_period.csv")
        known = {row["release_id"]: date.fromisoformat(row["effective_from"]) for row in periods}
        first_month = 1 + 3 * "ABCD".index(self.letter[0])
        return known.get(self.release_id, date(self.year, first_month, 1))

    @property
    def name(self) -> str:
        """A name as CMS's zips have it: rvu25a, rvu25a-updated-01_10_2025."""
        again = self.released + timedelta(days=21)
        return self.release_id.lower() + (f"-updated-{again:%m_%d_%Y}" if self.revision else "")

    def posted_again(self, same_day: bool) -> "Posting":
        """The same release posted anew: with other bytes, and another RELEASED date or not."""
        released = self.released if same_day else self.released + timedelta(days=18)
        return replace(self, revision=self.revision + 1, released=released)


def timeline(first: int = 2020, last: int = 2026) -> list[Posting]:
    """Every quarter of these years in its order, and the correction that took effect in 2024."""
    found = []
    for year in range(first, last + 1):
        for number, letter in enumerate("ABCD"):
            # None of these days is one on which CMS posted a release whose rows are counted.
            month, of_year = (12, year - 1) if number == 0 else (3 * number, year)
            found.append(Posting(year, letter, date(of_year, month, 19)))
            if (year, letter) == (2024, "A"):
                found.append(Posting(2024, "AR", date(2024, 3, 9)))
    return found


class Maker:
    """Makes postings from the CSV files in a folder."""

    def __init__(self, source: Path, seed: int = 1) -> None:
        self.seed = seed
        [path] = source.glob("PPRRVU*.csv")
        with path.open(encoding="cp1252", newline="") as file:
            lines = list(csv.reader(file))
        self.head = lines[:HEAD]
        self.groups: dict[str, list[list[str]]] = defaultdict(list)
        for line in lines[HEAD:]:
            if len(line[CODE].strip()) == 5:
                self.groups[line[CODE]].append(line)
        self.bases = {row[ENDOSCOPIC_BASE] for rows in self.groups.values() for row in rows}
        self.companions = Companions(source)

    def write(self, posting: Posting, raw: Path, as_zip: bool | None = None) -> Path:
        """Write one posting below ``raw``, as a folder or a zip (None: some so, some so)."""
        if as_zip is None:
            as_zip = self._draw(2, posting.release_id, "zip") == 1
        files = self.files(posting)
        target = raw / (posting.name + (".zip" if as_zip else ""))
        if as_zip:
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in files.items():
                    # Entries are dated alike, so that the same files give the same zip.
                    archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
            return target
        target.mkdir()
        for name, data in files.items():
            (target / name).write_bytes(data)
        return target

    def files(self, posting: Posting) -> dict[str, bytes]:
        """The files of a posting by name."""
        rows = self.rows(posting)
        year, day = posting.year, posting.effective_from
        head = self._dated_head(posting)
        if year < 2026:
            factor = factor_on(day, "pfs", "all")
            found = {f"{_pprrvu_name(posting)}.csv": _pprrvu(head, rows, factor)}
        else:
            factor = factor_on(day, "pfs", "nonqp")
            some = [row for row in rows if row[STATUS] in "ACRT"]
            of_qp = factor_on(day, "pfs", "qp")
            found = {
                f"{_pprrvu_name(posting)}_nonQPP.csv": _pprrvu(head, rows, factor, "9"),
                f"{_pprrvu_name(posting)}_QPP.csv": _pprrvu(head, some, of_qp, "1"),
            }
        month = {"A": "Jan", "B": "APR", "C": "JUL", "D": "Oct"}[posting.letter[0]]
        return found | self.companions.files(year, day, month, factor, rows, self._draw)

    # ---------------------------------------------------------------- what changes with time

    def rows(self, posting: Posting) -> list[list[str]]:
        """The rows of PPRRVU in the quarter of a posting, in 31 columns."""
        corrected = self._correctable[: 3 + len(self._correctable) // 500]
        found = []
        for code, group in self.groups.items():
            rows = [row.copy() for row in group]
            if self._is_plain(rows):
                first, last = self._life(code)
                if not first <= posting.quarter < last:
                    continue
                self._change_practice_expense(rows[0], posting.year)
                self._change_status(rows[0], posting.quarter)
            cents = self._revaluation(code, posting.quarter)
            cents += posting.revision if code in corrected else 0
            if cents and _has_work_of_its_own(rows):
                for row in rows:
                    _add(row, (WORK, NF_TOTAL, F_TOTAL), 0 if row[MODIFIER] == "TC" else cents)
            found += rows
        return found

    def _draw(self, among: int, *parts: object) -> int:
        text = " ".join(map(str, (self.seed, *parts)))
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % among

    def _is_plain(self, rows: list[list[str]]) -> bool:
        """Whether nothing else depends on the code: no components, no base, no OPPS amount, no test."""
        [row, *others] = rows
        has_opps = row[OPPS_PE] != "0.00" or row[OPPS_MP] != "0.00"
        is_alone = row[CODE] not in self.bases and row[PCTC] not in PARTS_OF_TESTS
        return not others and row[MODIFIER] == "" and not has_opps and is_alone

    def _life(self, code: str) -> tuple[int, int]:
        quarter = 2013 * 4 + self._draw(14 * 4, code, "quarter")
        fate = self._draw(50, code, "fate")
        return (quarter if fate == 0 else 0, quarter if fate == 1 else 9999 * 4)

    def _change_status(self, row: list[str], quarter: int) -> None:
        changes_in = 2013 * 4 + self._draw(14 * 4, row[CODE], "status")
        if row[STATUS] == "A" and quarter >= changes_in and self._draw(20, row[CODE], "I") == 0:
            # Medicare no longer pays it, and the RVUs stay for information.
            row[STATUS], row[NOT_USED] = "I", "+"

    def _change_practice_expense(self, row: list[str], year: int) -> None:
        cents = self._draw(7, row[CODE], year) - 3
        if row[STATUS] in "ART" and min(_cents(row[NF_PE]), _cents(row[F_PE])) > 3:
            _add(row, (NF_PE, NF_TOTAL, F_PE, F_TOTAL), cents)

    def _revaluation(self, code: str, quarter: int) -> int:
        is_due = quarter >= 2013 * 4 + self._draw(14 * 4, code, "revalued")
        return self._draw(60, code, "cents") if is_due and self._draw(6, code, "due") == 0 else 0

    @cached_property
    def _correctable(self) -> list[str]:
        """Codes that a re-posting corrects, the first ones first."""
        usable = [
            code
            for code, rows in self.groups.items()
            if _has_work_of_its_own(rows) and self._life(code) == (0, 9999 * 4)
        ]
        return sorted(usable, key=lambda code: self._draw(1 << 60, code, "corrected"))

    def _dated_head(self, posting: Posting) -> list[list[str]]:
        head = [row.copy() for row in self.head]
        month = MONTHS[posting.letter[0]]
        head[0][2] = (
            f"{posting.year} National Physician Fee Schedule Relative Value File {month} Release"
        )
        for row in head[1:3]:
            row[2] = re.sub(r"\b20\d\d(/\d\d)?\b", str(posting.year), row[2])
        head[4][2] = f"RELEASED {posting.released:%m/%d/%Y}"
        return head


def _pprrvu_name(posting: Posting) -> str:
    number = "ABCD".index(posting.letter[0])
    if (posting.year, number) < (2025, 2):
        return f"PPRRVU{posting.year % 100:02d}_{('JAN', 'APR', 'JUL', 'OCT')[number]}"
    return f"PPRRVU{posting.year}_{('Jan', 'Apr', 'Jul', 'Oct')[number]}"


def _pprrvu(head: list[list[str]], rows: list[list[str]], factor: str, pricing: str = "") -> bytes:
    """The file with one conversion factor; with 32 columns where there is a PRIC IND."""
    lines = [*head, *([*row[:FACTOR], factor, *row[FACTOR + 1 :]] for row in rows)]
    if pricing:
        above = ["PRIC" if i == HEAD - 2 else "IND" if i == HEAD - 1 else "" for i in range(HEAD)]
        added = [*above, *(pricing for _ in rows)]
        lines = [
            [*line[:PRICING], cell, *line[PRICING:]]
            for line, cell in zip(lines, added, strict=True)
        ]
    return written(lines)


def _has_work_of_its_own(rows: list[list[str]]) -> bool:
    """A code of status A with work, alone or as the sum of 26 and TC."""
    statuses = {row[STATUS] for row in rows}
    modifiers = [row[MODIFIER] for row in rows]
    has_work = rows[0][WORK] != "0.00" and rows[0][PCTC] not in PARTS_OF_TESTS
    return statuses == {"A"} and has_work and modifiers in ([""], ["", "26", "TC"])


def _add(row: list[str], columns: tuple[int, ...], cents: int) -> None:
    for column in columns:
        total = _cents(row[column]) + cents
        row[column] = f"{total // 100}.{total % 100:02d}"


def _cents(text: str) -> int:
    return int(text.replace(".", ""))
