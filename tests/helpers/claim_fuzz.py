"""Files of claim lines at random: heads, dialects, encodings and types, right and wrong ones.

Each is told from its seed alone. A fuzzed file knows what every line of it may come out as, so that
a price of something that was not understood is noticed, and a line that got lost.
"""

import codecs
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import xlsxwriter

from pipeline.errors import PipelineError
from pipeline.price import duckdb_engine as engine
from pipeline.store.database import csv_text

COLUMNS = (
    "claim_id", "claim_line_number", "date_of_service", "hcpcs_code", "modifier_1", "modifier_2", "units",
    "place_of_service", "service_zip_code", "charge",
)  # fmt: skip

# Of each column texts that mean something, with what they mean, and texts that mean nothing.
MEANT = {
    "modifier_1": {"": "", "25": "25", "xu": "XU", "26": "26", "TC": "TC", "tc": "TC", " 26": "26", "26.0": "26"},
    "modifier_2": {"": "", "76": "76", "gc": "GC", "LD": "LD"},
    "units": {"1": "1", "2": "2", "1.0": "1", "03": "3", " 2 ": "2"},
    "date_of_service": {"2025-10-02": "2025-10-02", "2025-12-31 00:00:00": "2025-12-31", "2025-11-05": "2025-11-05"},
    "charge": {"": "", "12.50": "12.50", "100": "100", "99.9": "99.90", "250.000": "250"},
    "hcpcs_code": {"99291": "99291", "27447": "27447", " 20610": "20610", "g0278": "G0278"},
    "claim_line_number": {"1": "1", "2": "2", "3.0": "3"},
}  # fmt: skip
MEANINGLESS = {
    "claim_id": ["NULL", "<NA>", "#N/A", "1.23457E+15"],
    "modifier_1": ["26TC", "-26", "026", "ZZ", "2 6", "26/TC", "?", "26.5", "2\u200b6", "NULL", "None", "#N/A"],
    "modifier_2": ["QQQ", "0", "XX", "5O", "T C"],
    "units": ["1.5", "2.60", "1e2", "0x10", "1_0", "l", "1.0.0", "1 000", "--1", "½", "١", "NaN", "inf", "true"],
    "date_of_service": ["10/02/25", "2025-02-30", "2025-10-02T00:00:00+05:00", "2.10.2025", "45932", "now", "02-Okt-2025"],
    "charge": ["12.345", "5$", "1,5", "1e2", "1_0", "NaN", "5-", "0x1"],
    "claim_line_number": ["A", "1.5", "1e0", "1_0"],
}  # fmt: skip
# How a file may write its days, and what it may not mix with them.
DAYS = {
    "": "20251002",
    "%Y%m%d": "2025-10-02",
    "%m/%d/%Y": "20251002",
    "%d-%b-%Y": "10/02/2025",
    "%m/%d/%Y 12:00:00 AM": "2025-10-02",
}
CLAIM_IDS = [
    "#1",
    "'x",
    "O'Neill",
    "",
    "A|B;C,D\tE",
    "=1+1",
    "Ñandú",
    "é",
    "//",
    "A B",
    "0001",
    "-- x",
]
# Files whose lines are priced in one run.
TOGETHER = 250
PROBLEMS = (
    "joined",
    "short",
    "long",
    "unfinished",
    "nul",
    "undefined_byte",
    "twice",
    "no_column",
    "empty_head",
)


@dataclass
class FuzzedFile:
    """A file and what is right: its lines as they mean, or that it must be refused whole."""

    path: Path
    lines: list[dict[str, str]] = field(default_factory=list)
    faults: list[set[str]] = field(default_factory=list)
    problem: str = ""


def fuzzed(folder: Path, seed: int) -> FuzzedFile:
    """The file of a seed, one in four Parquet."""
    chance = random.Random(seed)
    number = chance.choice([0, 1, 2, 5, 20, 20, 60])
    drawn = [_line(chance) for _ in range(number)]
    _write_days(chance, drawn)
    file = FuzzedFile(
        folder / f"claims {seed}[1]#.csv", [x[1] for x in drawn], [x[2] for x in drawn]
    )
    written = [x[0] for x in drawn]
    form = chance.random()
    if form < 0.2:
        file.path = file.path.with_suffix(".parquet")
        _write_parquet(chance, file.path, written)
    elif form < 0.3:
        file.path = file.path.with_suffix(chance.choice([".xlsx", ".duckdb"]))
        _write_table(chance, file.path, written)
    else:
        file.problem = chance.choice(PROBLEMS) if chance.random() < 0.3 else ""
        _write_text(chance, file, written)
    return file


def _line(chance: random.Random) -> tuple[dict, dict, set[str]]:
    """A line as written, as it is meant, and the columns that mean nothing."""
    place = {
        "place_of_service": "21",
        "service_zip_code": "94110",
        "claim_id": chance.choice(CLAIM_IDS),
    }
    written, meant, faults = dict(place), dict(place), set()
    for column, values in MEANT.items():
        if column in MEANINGLESS and chance.random() < 0.06:
            written[column], meant[column] = chance.choice(MEANINGLESS[column]), ""
            faults.add(column)
        else:
            written[column] = chance.choice(list(values))
            meant[column] = values[written[column]]
    return written, meant, faults


def _write_days(chance: random.Random, drawn: list[tuple[dict, dict, set[str]]]) -> None:
    """Write the days of a file in one form; where that is clear, one line has another."""
    form = chance.choice(list(DAYS))
    good = [(x, y) for x, y, faults in drawn if "date_of_service" not in faults]
    # Of as many days in two forms neither is the one of most.
    form = form if 2 * len(good) > len(drawn) else ""
    for written, meant in good:
        if form:
            day = date.fromisoformat(meant["date_of_service"])
            written["date_of_service"] = day.strftime(form)
    if len(good) > 4 and chance.random() < 0.5:
        odd = chance.choice([x for x in drawn if "date_of_service" not in x[2]])
        odd[0]["date_of_service"], odd[1]["date_of_service"] = DAYS[form], ""
        odd[2].add("date_of_service")


def _write_table(chance: random.Random, path: Path, written: list[dict]) -> None:
    """A workbook or the one table of a database, every cell a text."""
    frame = pl.DataFrame(written, schema=dict.fromkeys(COLUMNS, pl.String))
    frame = frame.rename({x: _head(chance, x) for x in COLUMNS})
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path)) as con:
            con.execute("CREATE TABLE claim AS FROM frame")
        return
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, values in enumerate([frame.columns, *frame.iter_rows()]):
            for column, value in enumerate(values):
                sheet.write_string(row, column, value)


def _write_parquet(chance: random.Random, path: Path, written: list[dict]) -> None:
    frame = pl.DataFrame(written, schema=dict.fromkeys(COLUMNS, pl.String))
    for column, kind in (
        ("units", pl.Float64),
        ("modifier_1", pl.Float64),
        ("charge", pl.Float32),
        ("units", pl.Int64),
    ):
        letters = {"xu", "TC", "tc", "99.9"}
        plain = {x for x in MEANT[column] if x.strip() == x} - letters
        if chance.random() < 0.3 and set(frame[column].cast(pl.String)) <= plain:
            numbers = pl.col(column).replace({"": None}).cast(pl.Float64).cast(kind)
            frame = frame.with_columns(numbers)
            break
    frame.rename({x: _head(chance, x) for x in COLUMNS}).write_parquet(path)


def _head(chance: random.Random, name: str) -> str:
    return chance.choice([name, name, name, name.upper(), name.title(), f" {name}"])


def _write_text(chance: random.Random, file: FuzzedFile, written: list[dict]) -> None:
    delimiter = chance.choice(",,,\t;|")
    ends = chance.choice(["\n", "\n", "\r\n", "\r"])
    heads = [_head(chance, x) for x in COLUMNS]
    extra = chance.choice(["", "", 'remark "x"', "x'); --", "units_2", "Ñ"])
    rows = [
        [x[name] for name in COLUMNS] + ([chance.choice(["", "y"])] if extra else [])
        for x in written
    ]
    always = chance.random() < 0.3

    def joined(cells: list[str]) -> str:
        return delimiter.join(_cell(x, delimiter, always) for x in cells)

    table = [joined([*heads, *([extra] if extra else [])]), *map(joined, rows)]
    table = _spoiled(chance, file, table, delimiter, bool(extra))
    text = ends.join(table) + chance.choice(["", ends, ends * 3])
    data = _encoded(chance, file, text)
    packed = chance.choice(["", "", "", ".gz", ".zst"])
    if packed:
        plain = file.path.with_suffix(chance.choice([".csv", ".tsv", ".txt"]))
        file.path = Path(f"{plain}{packed}")
        data = pa.compress(data, {".gz": "gzip", ".zst": "zstd"}[packed], asbytes=True)
        if not file.problem and chance.random() < 0.1:
            file.problem, data = "cut", data[:-3]
    file.path.write_bytes(data)


def _cell(text: str, delimiter: str, always: bool) -> str:
    if always or delimiter in text or '"' in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _spoiled(
    chance: random.Random, file: FuzzedFile, table: list[str], delimiter: str, is_wide: bool
) -> list[str]:
    """The lines with the fault that the file is to have; no fault where it has no line for one."""
    place = chance.randrange(1, len(table)) if len(table) > 1 else 0
    head, other = table[0], chance.choice([x for x in ",;\t|" if x != delimiter])
    if file.problem == "empty_head":
        return ["", *table]
    if file.problem == "no_column":
        return [head.replace(_found(head, "units"), "pieces", 1), *table[1:]]
    if file.problem == "twice":
        return [f"{x}{delimiter}{'Units' if n == 0 else '1'}" for n, x in enumerate(table)]
    if file.problem == "joined":
        second = chance.choice(
            [table, [x.replace(delimiter, other) for x in table], [head + delimiter + "more"]]
        )
        return table + second
    if not place or file.problem == "":
        file.problem = "" if file.problem != "undefined_byte" else file.problem
        return table
    spoil = {
        "short": lambda x: "1",
        "long": lambda x: x + (delimiter + "1") * 2,
        "unfinished": lambda x: '"' + x.replace('"', ""),
        "nul": lambda x: x + "\0",
    }.get(file.problem, lambda x: x)
    return [*table[:place], spoil(table[place]), *table[place + 1 :]]


def _found(head: str, name: str) -> str:
    at = head.lower().index(name)
    return head[at : at + len(name)]


def _encoded(chance: random.Random, file: FuzzedFile, text: str) -> bytes:
    if file.problem == "undefined_byte":
        return text.encode("utf-8") + b"\x81"
    plain = all(ord(x) < 256 for x in text)
    encodings = [
        "utf-8",
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-be",
        *(["cp1252"] if plain else []),
    ]
    encoding = chance.choice(encodings)
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    return mark + text.encode(encoding)


def read(con, file: FuzzedFile) -> tuple[str, str]:
    """Read a file; what came of it and what was wrong with that, '' for nothing.

    What it has is put to the lines that are priced together.
    """
    try:
        engine.read_lines(con, file.path)
    except PipelineError as error:
        wrong = "" if file.problem else f"refused without a fault: {error}"
        return f"refused ({file.problem or 'no fault'})", wrong
    lines = "SELECT * EXCLUDE (line_id) FROM incoming_line ORDER BY line_id"
    con.execute(f"CREATE TABLE IF NOT EXISTS fuzzed_line AS {lines} LIMIT 0")
    [(before,)] = con.sql("SELECT count(*) FROM fuzzed_line").fetchall()
    con.execute(f"INSERT INTO fuzzed_line {lines}")
    [(after,)] = con.sql("SELECT count(*) FROM fuzzed_line").fetchall()
    if file.problem:
        return "priced", f"read although {file.problem}"
    wrong = f"{len(file.lines)} lines in, {after - before} out"
    return "priced, a line for each", "" if after - before == len(file.lines) else wrong


def price_together(con, files: list[FuzzedFile], out: Path) -> list[str]:
    """Price the lines of all files that were read; what is wrong with any."""
    con.execute(
        "CREATE OR REPLACE VIEW incoming_line AS SELECT rowid AS line_id, * FROM fuzzed_line"
    )
    query = engine.price(con, with_trace=True)
    names = con.sql(query).columns
    engine.write(con, query, out)
    lines = con.sql(f"FROM {csv_text(out, names)}").pl().to_dicts()
    con.execute("DROP VIEW incoming_line; DROP TABLE fuzzed_line")
    meant = [(f, x, faults) for f in files for x, faults in zip(f.lines, f.faults, strict=True)]
    found = zip(lines, meant, strict=True)
    return [f"{f.path.name}: {wrong}" for line, (f, x, y) in found if (wrong := _wrong(line, x, y))]


def _wrong(line: dict, meant: dict, faults: set[str]) -> str:
    named = (line["not_understood"] or "").split(" ")[0]
    if (line["claim_id"] or "") != meant["claim_id"].strip():
        return f"claim {line['claim_id']} for {meant['claim_id']}"
    if faults:
        refused = line["price_status"] == "refused" and line["allowed_amount"] is None
        return (
            ""
            if refused and named in faults
            else f"{faults} came out as {line['price_status']} {named}"
        )
    if named:
        return f"{line['not_understood']} was meant to be understood"
    known = {name: line[name] or "" for name in ("hcpcs_code", "units", "date_of_service")}
    # The trace has units with one decimal, for miles have tenths.
    known["units"] = known["units"].removesuffix(".0")
    return "" if all(known[name] == meant[name] for name in known) else f"{known} for {meant}"


def claims(database: Path, folder: Path, count: int, first: int = 0) -> tuple[Counter, list[str]]:
    """Read ``count`` fuzzed files and price their lines; what came of them, and what went wrong."""
    outcomes: Counter = Counter()
    faults: list[str] = []
    with engine.pricer(database, threads=1) as con:
        for begin in range(first, first + count, TOGETHER):
            read_files = []
            for seed in range(begin, min(begin + TOGETHER, first + count)):
                file = fuzzed(folder, seed)
                try:
                    outcome, wrong = read(con, file)
                except Exception as error:
                    outcome, wrong = "an exception", f"{type(error).__name__}: {error}"
                file.path.unlink()
                outcomes[outcome] += 1
                faults += [f"{file.path.name}: {wrong}"] * bool(wrong)
                read_files += [file] * outcome.startswith("priced")
            outcomes["lines priced or refused"] += sum(len(x.lines) for x in read_files)
            outcomes["values refused"] += sum(len(y) for x in read_files for y in x.faults)
            # Where a line was lost already, the others stand in no known place.
            faults += [] if faults else price_together(con, read_files, folder / "prices.csv")
    return outcomes, faults
