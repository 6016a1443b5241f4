"""Pricing on DuckDB: one machine, as many lines as its disk holds."""

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from pipeline.command import command
from pipeline.errors import NotThereError, TooLittleMemoryError, UsageError, refuse
from pipeline.interrupt import undone_by_signal
from pipeline.price.carried import Carried, with_input
from pipeline.price.claim_file import read_lines, set_lines, take_lines
from pipeline.price.claim_steps import FewLines, settle
from pipeline.price.plan import READS, USUAL, Terms, priced_line, results, steps
from pipeline.store.step import Step
from schemas.derive import quoted

__all__ = ["met_terms", "price", "pricer", "read_lines", "set_lines", "take_lines", "write"]

# Amounts and claim ids repeat so seldom that a dictionary of them is tried in vain; nobody looks for
# a single value of the columns that have one, so no Bloom filter is written.
PARQUET = "FORMAT parquet, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1000, WRITE_BLOOM_FILTER false"

# Every group of rows in a Parquet file repeats the words of a column that is kept as numbers.
MOST_WORDS = 2000

# In megabytes: what pricing keeps to, and for each column of the input beyond so many.
USUAL_MEMORY = 800
MEMORY_OF_A_COLUMN = 2
FEW_COLUMNS = 100

# So many lines take as long either way (measured: 0.9 s beside 2.2 for one, 2.3 each for a thousand).
FEW_LINES = 500

# Each is told what is being done, before it is done.
Progress = Callable[[str, duckdb.DuckDBPyConnection], None]


@contextmanager
def pricer(
    database: Path, threads: int | None = None, memory_limit: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads a published warehouse and keeps its own tables beside it.

    What does not fit into memory goes to a temporary folder that is gone afterwards. Raises
    UsageError where the limit is no amount of memory or ``threads`` no number of them, and TooLittleMemoryError where it is too
    little for what is asked of the connection.
    """
    if threads is not None and (not isinstance(threads, int) or threads < 1):
        raise UsageError(f"threads is a whole number from 1 on, not {threads!r}.")
    with _spill_folder() as spill:
        limit = memory_limit or f"{USUAL_MEMORY}MB"
        con = _connect(limit, spill)
        try:
            if threads:
                con.execute(f"SET threads = {threads}")
            # Lines stream through joins with small tables, never the other way round.
            con.execute("SET disabled_optimizers = 'build_side_probe_side'")
            con.execute("SET enable_progress_bar_print = false")
            # No day depends on where the machine stands.
            con.execute("SET TimeZone = 'UTC'")
            con.execute(f"ATTACH {quoted(str(database.absolute()))} AS fee_schedule (READ_ONLY)")
            _show_tables(con, database)
            yield con
        except duckdb.OutOfMemoryException:
            raise TooLittleMemoryError(
                f"Pricing keeps to {'its usual memory' if memory_limit is None else limit}, which is "
                'too little for this. Allow it more: --memory 3GB (in Python memory="3GB").'
            ) from None
        finally:
            con.close()


def make_room(con: duckdb.DuckDBPyConnection, columns: int) -> None:
    """Raise the usual limit for lines with so many ``columns`` of their own.

    Every operator sets a vector of each column aside, which counts whether it is filled or not.
    """
    limit = USUAL_MEMORY + MEMORY_OF_A_COLUMN * max(0, columns - FEW_COLUMNS)
    con.execute(f"SET memory_limit = '{limit}MB'")


def _connect(memory_limit: str, spill: str) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(config={"memory_limit": memory_limit, "temp_directory": spill})
    except duckdb.ParserException:
        raise UsageError(
            f'The memory is a number with a unit, such as 800MB or 3GB, not "{memory_limit}".'
        ) from None


def _show_tables(con: duckdb.DuckDBPyConnection, database: Path) -> None:
    for name in READS:
        try:
            con.execute(f"CREATE VIEW {name} AS FROM fee_schedule.{name}")
        except duckdb.CatalogException:
            raise NotThereError(
                f"{database} has no table {name}: another version of this program made it. "
                f"Build it again with: {command('refresh')}"
            ) from None


@contextmanager
def _spill_folder() -> Iterator[str]:
    """A folder for claim lines, which must not stay there however the process ends."""
    with (
        tempfile.TemporaryDirectory(prefix="pfs-price-") as spill,
        undone_by_signal(lambda: shutil.rmtree(spill, ignore_errors=True)),
    ):
        yield spill


def price(
    con: duckdb.DuckDBPyConnection,
    with_trace: bool,
    progress: Progress = lambda *_: None,
    terms: Terms = USUAL,
    carried: Sequence[Carried] = (),
    without: Collection[str] = (),
    few: int = 0,
) -> str:
    """Run every step and return the SELECT that gives the priced lines in the order they came.

    Where no line says what is left of the deductible, nothing of it is looked for. ``carried`` are
    the columns of the input that stand before the results, ``without`` names edits that are not
    asked (``ncci``, ``mue``, ``global``, ``g2211``). Up to ``few`` lines are priced as one claim is:
    what a file of millions gains by takes longer than all the rest of them.
    """
    terms = met_terms(con, terms)
    plan = steps(with_trace, terms, without)
    if con.execute(f"SELECT 1 FROM incoming_line OFFSET {few} LIMIT 1").fetchall():
        _run(con, plan, progress)
    else:
        settle(con)
        FewLines(con).run(plan)
    query = priced_line(with_trace, (*(x.name for x in carried), "line_id"), terms)
    return with_input(query, carried, results(with_trace))


def _run(con: duckdb.DuckDBPyConnection, plan: Iterable[Step], progress: Progress) -> None:
    for step in plan:
        progress(step.name, con)
        kind = "TABLE" if step.is_table else "VIEW"
        con.execute(f"CREATE OR REPLACE {kind} {step.name} AS {step.query}")
        for column in step.words:
            _number_words(con, step.name, column)
        for table in step.frees:
            con.execute(f"DROP TABLE {table}")


def met_terms(con: duckdb.DuckDBPyConnection, terms: Terms) -> Terms:
    """The terms of a run: the deductible is taken as met where no line says what is left of it."""
    said = "SELECT 1 FROM incoming_line WHERE deductible_left IS NOT NULL LIMIT 1"
    if terms.deductible != "given" or con.execute(said).fetchall():
        return terms
    return replace(terms, deductible="met")


def _number_words(con: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    """Keep a column of few texts as ENUM: it looks the same, and is carried and written faster."""
    found = con.execute(
        f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1"
    )
    words = [quoted(text) for (text,) in found.fetchall()]
    if 0 < len(words) <= MOST_WORDS:
        texts = ", ".join(words)
        con.execute(f"ALTER TABLE {table} ALTER {column} TYPE ENUM ({texts})")


# What a text file is divided by and how it is packed, by the end of its name.
TEXTS = {
    f"{kind}{packed}": (delimiter, compression)
    for kind, delimiter in ((".csv", ","), (".tsv", "\t"))
    for packed, compression in (("", "none"), (".gz", "gzip"), (".zst", "zstd"))
}


def form_of_output(file: Path) -> str:
    """The end of a name by which a file is written: .parquet or one of ``TEXTS``; '' for no such."""
    name = file.name.lower()
    return next((end for end in (".parquet", *TEXTS) if name.endswith(end)), "")


def write(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> int:
    """Write priced lines as Parquet or text, by the name of the file; returns their number."""
    form = PARQUET
    if text := TEXTS.get(form_of_output(file)):
        delimiter, compression = map(quoted, text)
        form = f"FORMAT csv, HEADER true, DELIMITER {delimiter}, COMPRESSION {compression}"
    # Into the file as it stands, whose mode its owner has set.
    options = f"{form}, PRESERVE_ORDER true, USE_TMP_FILE false"
    target = f"{quoted(str(file.absolute()))} ({options})"
    written = con.execute(f"COPY ({query}) TO {target}").fetchall()
    return int(written[0][0])


def refuse_lost_lines(con: duckdb.DuckDBPyConnection, written: int, name: str) -> None:
    """Raise RefusedError where not every line of the input was written."""
    [(count,)] = con.execute("SELECT count(*) FROM incoming_line").fetchall()
    if written != count:
        message = f"{written:,} of its {count:,} lines were priced: it changed while it was read"
        raise refuse(name, "claim_lines", message, advice="Price it again.")
