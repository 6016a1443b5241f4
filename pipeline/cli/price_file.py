"""``fees price FILE``: a file of claim lines priced into another."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.cli.options import require_warehouse
from pipeline.cli.query import aligned
from pipeline.errors import UsageError
from pipeline.terminal import tell, tell_json, warn

FORMS = (".parquet", ".csv")


def price_file(
    file: Path, out: Path | None, warehouse: Path, as_json: bool, said: dict[str, Any]
) -> None:
    """Price a file beside its target, put it in place, and say what came of it."""
    import duckdb

    from pipeline.price import duckdb_engine as engine
    from pipeline.price.target import target_of, written_beside
    from pipeline.publish.swap import Warehouse

    if out is None or out.suffix.lower() not in FORMS:
        raise UsageError("Say where the prices go: --out NAME.parquet or --out NAME.csv.")
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    target = target_of(out, file, warehouse)
    require_warehouse(warehouse)
    try:
        with (
            written_beside(target, out.suffix) as beside,
            engine.pricer(Warehouse(warehouse).database, memory_limit=said["memory"]) as con,
        ):
            ignored = engine.read_lines(con, file)
            with _bar(not as_json) as progress:
                query = engine.price(con, said["trace"], progress)
                progress("prices", con)
                engine.write(con, query, beside)
            counts = engine.summary(con, query, beside)
    except (duckdb.Error, OSError) as error:
        raise UsageError(f"{file} was not priced: {error}") from None
    _say_summary(file, out, ignored, counts, as_json)


def _say_summary(
    file: Path, out: Path, ignored: list[str], counts: list[tuple], as_json: bool
) -> None:
    names = ["price_status", "reason", "line_count", "allowed_amount"]
    if as_json:
        rows = [dict(zip(names, row, strict=True)) for row in counts]
        found = {"file": str(file), "out": str(out), "ignored_columns": ignored, "summary": rows}
        tell_json(found)
        return
    if ignored:
        warn(f"warning: columns that are not read: {', '.join(ignored)}")
    total = sum(row[2] for row in counts)
    tell(f"wrote {out}: {total:,} lines", "", *aligned(names, counts))


@contextmanager
def _bar(wanted: bool) -> Iterator[Any]:
    """A progress bar over the steps, each as far as DuckDB says that it is."""
    if not wanted or not sys.stderr.isatty():
        yield lambda name, con: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from pipeline.price.plan import steps

    columns = (TextColumn("{task.description:<16}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(steps(with_trace=True)) + 1)

        def report(name: str, con: Any) -> None:
            # A step is shown as begun; the ones before it are done.
            progress.update(task, description=name.replace("_", " "), advance=1)

        yield report
