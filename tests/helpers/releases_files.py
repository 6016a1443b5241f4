"""The companions of a made release: GPCI, LOCCO, ANES and OPPSCAP of its year.

Localities are those of the year; the amounts of ANES and OPPSCAP follow from the indices and
factors of the release, by the formula of pfs-rules 3.1, 3.2 and 3.4 in whole numbers.
"""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "schemas" / "pfs" / "reference"

# GPCI, LOCCO and OPPSCAP have had their shape since then; ANES has another one from 2026.
FIRST_YEAR, LAST_ANES_YEAR = 2021, 2025

# CMS lists these localities of MAC 01182 under 01112 as well (pfs-rules 3.2).
LISTED_TWICE = ("17", "18", "71", "72", "73", "74")

Draw = Callable[..., int]
Key = tuple[str, str]


def written(lines: list[list[str]]) -> bytes:
    """Lines as CMS writes a CSV: CRLF, Windows-1252, quotes where they are needed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("cp1252")


@cache
def reference(name: str) -> list[dict[str, str]]:
    """The rows of a curated table."""
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def factor_on(day: date, program: str, factor_class: str) -> str:
    """The known conversion factor of a day."""
    [row] = [
        row
        for row in reference("conversion_factor.csv")
        if (row["program"], row["conversion_factor_class"]) == (program, factor_class)
        and row["effective_from"] <= day.isoformat() <= (row["effective_to"] or "9999")
    ]
    return row["conversion_factor"]


def localities_of(year: int) -> set[Key]:
    """The localities of a year, empty where they are not known."""
    return {
        (row["mac"], row["locality_number"])
        for row in reference("locality_of_year.csv")
        if int(row["first_year"]) <= year <= int(row["last_year"] or 9999)
    }


def locality_key(mac: str, locality: str) -> Key:
    """The key of a locality with its leading zeros."""
    return mac.strip().zfill(5), locality.strip().zfill(2)


@cache
def _scaled(text: str, places: int) -> int:
    """A decimal as a whole number of its last place."""
    return int(Decimal(text.strip()).scaleb(places))


def _thousandths(text: str) -> int:
    return _scaled(text, 3)


class Companions:
    """The companion files of the source, and those of another year made from them."""

    def __init__(self, source: Path) -> None:
        self.gpci = _lines(source, "GPCI*.csv")
        self.locco = _lines(source, "*LOCCO.csv")
        self.oppscap = _lines(source, "OPPSCAP*.csv")

    def files(
        self, year: int, day: date, month: str, factor: str, rows: list[list[str]], draw: Draw
    ) -> dict[str, bytes]:
        """The companions of a release by name; none before CMS gave them their present shape."""
        if year < FIRST_YEAR:
            return {}
        gpci = self._gpci(year, draw)
        places = {locality_key(row[0], row[2]): row for row in gpci if row[0].strip().isdigit()}
        found = {
            f"GPCI{year}.csv": written(gpci),
            f"{year % 100:02d}LOCCO.csv": written(self._locco(year, set(places))),
            f"OPPSCAP_{month}.csv": written(self._oppscap(factor, rows, places)),
        }
        if year <= LAST_ANES_YEAR:
            found[f"ANES{year}.csv"] = written(anes(year, day, places))
        return found

    def _gpci(self, year: int, draw: Draw) -> list[list[str]]:
        there = [row for row in self.gpci if row[0].strip().isdigit()]
        first = self.gpci.index(there[0])
        rows = _of_the_year(there, year, lambda row: locality_key(row[0], row[2]), _as_gpci_row)
        for row in rows:
            # The floors of Alaska and the frontier states are marked by an asterisk.
            if "*" not in row[3]:
                # Puerto Rico and the Virgin Islands, of one MAC, have the same indices.
                place = "" if row[0].strip().zfill(5) == "09202" else row[2]
                pe = _thousandths(row[5]) + draw(19, row[0], place, year) - 9
                row[5] = f"{pe / 1000:.3f}"
        return [*_dated(self.gpci[:first], year), *rows, *self.gpci[first + len(there) :]]

    def _locco(self, year: int, places: set[Key]) -> list[list[str]]:
        there = [row for row in self.locco if row[0].strip().isdigit()]
        known = {locality_key(row[0], row[1]) for row in there}
        lines = _dated(self.locco[:3], year)
        for row in self.locco[3:]:
            if row in there and locality_key(row[0], row[1]) not in places:
                continue
            lines.append(row)
            # What is missing stands below the first row of its MAC, in the block of its state.
            for key in sorted(places - known) if row in there else ():
                if key[0] == row[0].strip().zfill(5):
                    lines.append([*key, "", f"AREA {key[1]}", f"COUNTIES OF {key[1]}"])
                    known.add(key)
        return lines

    def _oppscap(
        self, factor: str, rows: list[list[str]], places: dict[Key, list[str]]
    ) -> list[list[str]]:
        by_key = {(row[0], row[1].strip()): row for row in rows}
        lines = []
        for line in self.oppscap:
            row = by_key.get((line[0], line[1].strip()))
            if row is None:
                lines.append(line)
                continue
            mac, locality = locality_key(line[3], line[4])
            shared = mac == "01112" and locality in LISTED_TWICE
            place = places.get(("01182" if shared else mac, locality))
            if place:
                prices = capped(row, by_key.get((line[0], "26")), place, factor)
                lines.append([*line[:5], *prices])
        return lines


def _lines(source: Path, pattern: str) -> list[list[str]]:
    [path] = source.glob(pattern)
    with path.open(encoding="cp1252", newline="") as file:
        return list(csv.reader(file))


def _dated(lines: list[list[str]], year: int) -> list[list[str]]:
    remark = re.compile(r" - SAMPLE.*")
    return [
        [re.sub(r"\b20\d\d\b", str(year), remark.sub("", cell)) for cell in line] for line in lines
    ]


def _of_the_year(rows: list[list[str]], year: int, key_of, added) -> list[list[str]]:
    """The rows whose localities exist in a year, and one for each that is missing."""
    wanted = localities_of(year) or {key_of(row) for row in rows}
    found = [row.copy() for row in rows if key_of(row) in wanted]
    for key in sorted(wanted - {key_of(row) for row in rows}):
        like = next((row for row in rows if key_of(row)[0] == key[0]), rows[0])
        found.append(added(key, like))
    return found


def _as_gpci_row(key: Key, like: list[str]) -> list[str]:
    return [key[0], like[1], key[1], f"AREA {key[1]}", *like[4:]]


def anes(year: int, day: date, places: dict[Key, list[str]]) -> list[list[str]]:
    """ANES of a year: the factor of each locality from the national one, shares and indices."""
    [shares] = [x for x in reference("anesthesia_share.csv") if int(x["calendar_year"]) == year]
    parts = [_thousandths(shares[f"{part}_share"]) for part in ("work", "pe", "mp")]
    national = factor_on(day, "anesthesia", "all")
    scaled = _scaled(national, 4)
    lines = [["Contractor", "Locality", "Locality Name", f"National Anes CF of {national}"]]
    for (mac, locality), row in places.items():
        # Shares and indices in thousandths, the factor in ten-thousandths: units of 10^-10.
        indices = map(_thousandths, row[4:7])
        total = scaled * sum(share * index for share, index in zip(parts, indices, strict=True))
        cents = (total + 50_000_000) // 100_000_000
        lines.append([f"{mac} ", f"{locality} ", row[3], f"{cents // 100}.{cents % 100:02d} "])
    return [*lines, ["", "", "", ""]]


def capped(
    row: list[str], professional: list[str] | None, place: list[str], factor: str
) -> list[str]:
    """The facility and the non-facility price of a row of OPPSCAP."""
    work, opps_mp = row[5], row[30]
    if row[3] == "C":
        # The ceiling of a carrier-priced whole service has the work of its 26 row.
        opps_work = professional[5] if professional and not row[1].strip() else work
        return [_price(opps_work, pe, opps_mp, place, factor) for pe in (row[29], row[28])]
    prices = []
    for pe, opps_pe in ((row[8], row[29]), (row[6], row[28])):
        fee = _price(work, pe, row[10], place, factor)
        prices.append(min(fee, _price(work, opps_pe, opps_mp, place, factor), key=Decimal))
    return prices


def _price(work: str, pe: str, mp: str, place: list[str], factor: str) -> str:
    total = sum(
        _scaled(rvu, 2) * _thousandths(index)
        for rvu, index in zip((work, pe, mp), place[4:7], strict=True)
    )
    cents = (total * _scaled(factor, 4) + 5_000_000) // 10_000_000
    return f"{cents // 100}.{cents % 100:02d}"
