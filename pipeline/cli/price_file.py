"""``fees price FILE``: a file of claim lines priced into another."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli.options import require_warehouse
from pipeline.cli.query import aligned
from pipeline.cli.report import write_page
from pipeline.errors import UsageError
from pipeline.terminal import tell, tell_json, warn

if TYPE_CHECKING:
    from pipeline.price.paid.plan import Terms
    from pipeline.price.report.figures import Table

FORMS = (".parquet", ".csv")


def price_file(
    file: Path, out: Path | None, warehouse: Path, as_json: bool, said: dict[str, Any]
) -> None:
    """Price a file beside its target, put it in place, and say what came of it."""
    import duckdb

    from pipeline.price import duckdb_engine as engine
    from pipeline.price.paid.plan import Terms
    from pipeline.price.report import figures
    from pipeline.price.target import target_of, written_beside
    from pipeline.publish.swap import Warehouse

    if out is None or out.suffix.lower() not in FORMS:
        raise UsageError("Say where the prices go: --out NAME.parquet or --out NAME.csv.")
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    target = target_of(out, file, warehouse)
    claims = _claims_target(said["claims"], out, file, warehouse)
    require_warehouse(warehouse)
    terms = Terms(said["deductible"], has_sequestration=not said["without_sequestration"])
    try:
        with (
            written_beside(target, out.suffix) as beside,
            written_beside(claims, claims.suffix) if claims else nullcontext() as claims_beside,
            engine.pricer(Warehouse(warehouse).database, memory_limit=said["memory"]) as con,
        ):
            ignored = engine.read_lines(con, file)
            with _bar(not as_json) as progress:
                query = engine.price(con, said["trace"], progress, terms)
                progress("prices", con)
                engine.write(con, query, beside)
            terms = engine.met_terms(con, terms)
            lines = figures.lines_of(con, beside)
            summary = figures.summary(con, lines)
            if claims_beside:
                progress("claims", con)
                engine.write(con, figures.claims_query(con, lines), claims_beside)
            report = list(figures.tables(con, lines)) if said["report"] else []
    except (duckdb.Error, OSError) as error:
        raise UsageError(f"{file} was not priced: {error}") from None
    if said["report"]:
        write_page(said["report"], str(file), report)
    _say_summary(file, out, ignored, summary, terms, as_json)


def _claims_target(claims: Path | None, out: Path, file: Path, warehouse: Path) -> Path | None:
    """Where a row per claim goes, if it is asked for; raises UsageError where that cannot be."""
    from pipeline.price.target import target_of

    if claims is None:
        return None
    if claims.suffix.lower() not in FORMS:
        raise UsageError("Say where the claims go: --claims NAME.parquet or --claims NAME.csv.")
    target = target_of(claims, file, warehouse)
    if target == target_of(out, file, warehouse):
        raise UsageError(f"{claims} is the target of the lines; name another file for the claims.")
    return target


# What a run took for the deductible, in words.
DEDUCTIBLE = {
    "given": "deductible: as the lines say it (deductible_left)",
    "annual": "deductible: that of the year, run over the lines of each patient",
    "met": "deductible: taken as met",
}


def _say_summary(
    file: Path, out: Path, ignored: list[str], summary: "Table", terms: "Terms", as_json: bool
) -> None:
    if as_json:
        found = {
            "file": str(file),
            "out": str(out),
            "ignored_columns": ignored,
            "deductible": terms.deductible,
            "has_sequestration": terms.has_sequestration,
            "summary": [dict(zip(summary.columns, row, strict=True)) for row in summary.rows],
            "total": summary.total(),
        }
        tell_json(found)
        return
    if ignored:
        warn(f"warning: columns that are not read: {', '.join(ignored)}")
    total = summary.total()
    rows = [*summary.rows, ("total", "", *list(total.values()))]
    withheld = "" if terms.has_sequestration else "; no sequestration"
    tell(f"wrote {out}: {total['line_count']:,} lines", "", *aligned(list(summary.columns), rows))
    tell("", f"{DEDUCTIBLE[terms.deductible]}{withheld}")


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
