"""What can be seen to be wrong in a bundle of CSV files, told without a line of the pipeline.

pfs-rules 2 (invariants 1 to 8, domains), 3.2 (OPPSCAP), 3.4 (ANES), 4 (factor) and 7
(localities), each once, over the cells as they stand in the files. A mutant that breaks one of
these may not be loaded without a word.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from tests.helpers.releases_files import (
    LISTED_TWICE,
    anes,
    capped,
    factor_on,
    localities_of,
    locality_key,
)
from tests.soak.mutation.mutant import ANES, GPCI, LOCCO, OPPSCAP, PPRRVU, Files

Rows = list[list[str]]

DAY = date(2025, 10, 1)

DOMAINS = {
    1: ("", "26", "TC", "53"),
    3: tuple("ABCDEFGHIJMNPQRTX"),
    4: ("", "+"),
    7: ("", "NA"),
    9: ("", "NA"),
    13: tuple("0123456789"),
    14: ("000", "010", "090", "MMM", "XXX", "YYY", "ZZZ"),
    18: tuple("012345679"),
    19: tuple("01239"),
    20: tuple("0129"),
    21: tuple("0129"),
    22: tuple("0129"),
    25: ("01", "02", "03", "04", "05", "06", "09", "21", "22", "66", "6A", "77", "7A"),
    26: ("0",),
    27: ("88", "99"),
}
RVUS = (5, 6, 8, 10)


def violations(files: Files) -> list[str]:
    """The invariants that a bundle breaks, the first row of each; [] where none can tell."""
    try:
        rows = [
            [cell.strip() for cell in row] for row in _table(files[PPRRVU], 10) if _has_code(row)
        ]
        found = [*_of_rows(rows), *_of_codes(rows), *_of_companions(files, rows)]
    except (ValueError, KeyError, IndexError, UnicodeDecodeError, csv.Error) as error:
        return [f"not readable: {error!r}"]
    return found


def _has_code(row: list[str]) -> bool:
    return len(row) > 2 and any(cell.strip(" \x1a") for cell in row)


def table_of(data: bytes) -> Rows:
    """The records of a CSV file with any line ends; the n-th stands on line n."""
    return [next(csv.reader([line]), []) for line in re.split(r"\r\n|\r|\n", decoded(data))]


def decoded(data: bytes) -> str:
    """The text of a file: UTF-16 where its mark says so, else CMS's Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    return data.removeprefix(b"\xef\xbb\xbf").decode("cp1252")


def _table(data: bytes, first: int) -> Rows:
    return table_of(data)[first:]


def _number(text: str) -> int:
    """A number with two decimals as a whole number of hundredths."""
    if not re.fullmatch(r"0*\d*\.\d\d0*|\d+|\d+\.", text):
        raise ValueError(f"{text!r} is no number with two decimals")
    whole, _, rest = text.partition(".")
    return int(f"{whole}{rest[:2]:0<2}")


def _of_rows(rows: Rows) -> Iterator[str]:
    for row in rows:
        work, nf_pe, f_pe, mp = (_number(row[column]) for column in RVUS)
        shares = sum(_number(row[column]) for column in (15, 16, 17))
        opps_pe, opps_f_pe, opps_mp = (_number(row[column]) for column in (28, 29, 30))
        has_rvus, is_paid = work + nf_pe + f_pe + mp > 0, row[3] in "ART"
        broken = {
            "code": not re.fullmatch(r"[0-9A-Z]{4}[0-9A-Z]", row[0]),
            "total": (_number(row[11]), _number(row[12])) != (work + nf_pe + mp, work + f_pe + mp),
            "status A has RVUs": row[3] == "A" and not has_rvus,
            "status without RVUs": row[3] in "CEJMP" and has_rvus,
            "TC has no work": (row[1] == "TC" or row[13] == "3") and work > 0,
            "shares": not (shares == 0 or (shares == 100 and row[14] in ("010", "090"))),
            "NA is a copy": nf_pe != f_pe and (row[7] == "NA" or (row[9] == "NA" and is_paid)),
            "OPPS values": opps_pe != opps_f_pe or (row[1] == "26" and opps_pe + opps_mp > 0),
            "not used": (row[4] == "+") != (has_rvus and row[3] not in "ARTC"),
            "endoscopic base": (row[18] == "3") != bool(row[23]),
            "imaging family": (row[18] == "4") != (row[27] == "88"),
            "conversion factor": row[24].rstrip("0") != "32.3465",
        }
        broken |= {
            f"domain of column {column + 1}": row[column] not in known
            for column, known in DOMAINS.items()
        }
        yield from (f"{name}: {row[0]} {row[1]}" for name, is_broken in broken.items() if is_broken)


def _of_codes(rows: Rows) -> Iterator[str]:
    keys = Counter((row[0], row[1]) for row in rows)
    yield from (f"key twice: {key}" for key, count in keys.items() if count > 1)
    codes = {row[0] for row in rows}
    for row in rows:
        if row[23] and (row[23] not in codes or row[23] == row[0]):
            yield f"endoscopic base of {row[0]} is no other code"
    by_key = {(row[0], row[1]): row for row in rows}
    for row in rows:
        parts = [by_key.get((row[0], modifier)) for modifier in ("26", "TC")]
        if row[1] or None in parts or any(part[3] != row[3] for part in parts):
            continue
        sums = [sum(_number(part[column]) for part in parts) for column in RVUS]
        if row[3] in "ART" and sums != [_number(row[column]) for column in RVUS]:
            yield f"components of {row[0]}"
    for code in {row[0] for row in rows if row[1] == "TC" or (row[1] == "26" and row[13] != "6")}:
        of_code = sorted((row[1], row[13]) for row in rows if row[0] == code)
        if of_code != [("", "1"), ("26", "1"), ("TC", "1")]:
            yield f"not all components of {code}"


def _of_companions(files: Files, rows: Rows) -> Iterator[str]:
    gpci = [row for row in _table(files[GPCI], 3) if row and row[0].strip().isdigit()]
    places = {locality_key(row[0], row[2]): row for row in gpci}
    if set(places) != localities_of(2025) or len(gpci) != len(places):
        yield "localities of GPCI"
    if any(row[1] == "AK" and row[4].rstrip("0") != "1.5" for row in gpci):
        yield "floor of Alaska"
    said = {locality_key(row[0], row[1]): row[3].strip() for row in _numbered(files[ANES])}
    due = {locality_key(row[0], row[1]): row[3].strip() for row in anes(2025, DAY, places)[1:-1]}
    if said != due or len(_numbered(files[ANES])) != len(due):
        yield f"ANES: {sorted(set(said.items()) ^ set(due.items()))[:2]}"
    if {locality_key(row[0], row[1]) for row in _numbered(files[LOCCO])} != set(places):
        yield "localities of LOCCO"
    yield from _of_oppscap(_table(files[OPPSCAP], 1), rows, places)


def _numbered(data: bytes) -> Rows:
    return [row for row in table_of(data) if row and row[0].strip().isdigit()]


def _of_oppscap(lines: Rows, rows: Rows, places: dict) -> Iterator[str]:
    by_key = {(row[0], row[1]): row for row in rows}
    lines = [line for line in lines if len(line) > 4 and line[0].strip()]
    counted: Counter = Counter()
    for line in lines:
        row = by_key.get((line[0], line[1].strip()))
        mac, locality = locality_key(line[3], line[4])
        counted[line[0], line[1].strip()] += 1
        shared = mac == "01112" and locality in LISTED_TWICE
        place = places.get(("01182" if shared else mac, locality))
        if row is None or row[3] != line[2].strip() or place is None:
            yield f"OPPSCAP has {line[:5]}"
        elif [x.strip() for x in line[5:7]] != capped(
            row, by_key.get((row[0], "26")), place, factor_on(DAY, "pfs", "all")
        ):
            yield f"OPPSCAP amount of {line[:5]}"
    if len({tuple(line[:5]) for line in lines}) != len(lines):
        yield "OPPSCAP has a key twice"
    if len(set(counted.values())) > 1:
        yield "OPPSCAP lacks localities of a code"
    for row in rows:
        if row[3] == "C" and row[28] != "0.00" and (row[0], row[1]) not in counted:
            yield f"OPPSCAP lacks {row[0]} {row[1]}"
