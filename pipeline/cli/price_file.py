"""``fees price FILE``: a file of claim lines priced into another."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from pipeline.cli.options import damage_of, require_warehouse
from pipeline.cli.query import aligned
from pipeline.cli.report import page_target, write_page
from pipeline.errors import UsageError, exists, require_utf8
from pipeline.terminal import tell, tell_json, warn

if TYPE_CHECKING:
    from pipeline.price.claim_file import Lines, Said
    from pipeline.price.paid.plan import Terms
    from pipeline.price.report.figures import Table
    from pipeline.price.source import Wanted

# Options of one claim that say one value for all lines of a file, with the columns that they fill.
FOR_ALL = {
    "day": "date_of_service",
    "zip_code": "service_zip_code",
    "mac": "service_mac",
    "locality": "service_locality_number",
    "pos": "place_of_service",
    "units": "units",
    "provider": "provider_kind",
    "deductible_left": "deductible_left",
}
FLAGS = {
    "non_participating": ("is_participating", "false"),
    "apm_qualified": ("is_apm_qualified", "true"),
    "unassigned": ("is_assigned", "false"),
}
# Options that say something of a file alone, by the parameter that each fills.
FILE_ONLY = {
    "trace": "--trace",
    "deductible": "--deductible",
    "claims": "--claims",
    "report": "--report",
    "memory": "--memory",
    "profile": "--profile",
    "map_file": "--columns",
    "sheet": "--sheet",
    "table": "--table",
    "query": "--query",
    "only_results": "--only-results",
    "dry_run": "--dry-run",
}
ENDS = "NAME.parquet, NAME.csv or NAME.tsv, packed as .gz or .zst"


def is_about_a_file(what: tuple[str, ...], said: dict[str, Any]) -> bool:
    """Whether a call of ``fees price`` names a file, and no codes."""
    from pipeline.price.source import is_file_of_lines

    return said["database"] is not None or (len(what) == 1 and is_file_of_lines(what[0]))


def price_file(
    what: tuple[str, ...], out: Path | None, warehouse: Path, as_json: bool, said: dict[str, Any]
) -> None:
    """Price a file beside its target, put it in place, and say what came of it."""
    import duckdb

    wanted = _wanted(what, said)
    if not said["dry_run"]:
        _require_target(out)
    if not (exists(wanted.file) and wanted.file.is_file()):
        raise UsageError(f"There is no file {wanted.file}.")
    require_utf8(wanted.file.absolute(), wanted.table, wanted.query)
    require_warehouse(warehouse)
    try:
        if said["dry_run"]:
            _dry_run(wanted, warehouse, as_json, said)
        else:
            assert out is not None
            _price(wanted, out, warehouse, as_json, said)
    except (duckdb.Error, OSError) as error:
        # Of two databases nobody could say which one is damaged.
        damage = damage_of(warehouse, error) if said["database"] is None else None
        raise damage or UsageError(f"{wanted.file} was not priced: {error}") from None


def _wanted(what: tuple[str, ...], said: dict[str, Any]) -> "Wanted":
    from pipeline.price.source import Wanted

    if said["database"] is not None and what:
        raise UsageError(
            "--from names the database that has the lines; give no other file or code."
        )
    file = said["database"] or Path(what[0])
    return Wanted(file, said["sheet"] or "", said["table"] or "", said["query"] or "")


def _require_target(out: Path | None) -> None:
    from pipeline.price.duckdb_engine import form_of_output

    if out is None or not form_of_output(out):
        raise UsageError(f"Say where the prices go: --out {ENDS}.")


def _price(
    wanted: "Wanted", out: Path, warehouse: Path, as_json: bool, said: dict[str, Any]
) -> None:
    from pipeline.price import duckdb_engine as engine
    from pipeline.price.contradictions import contradictions
    from pipeline.price.edits.plan import left_out
    from pipeline.price.edits.unknown import unknown_to_edits
    from pipeline.price.missing import refused_for_a_time, refused_for_a_word
    from pipeline.price.paid.plan import Terms
    from pipeline.price.report import figures
    from pipeline.price.target import target_of, written_beside
    from pipeline.publish.swap import Warehouse

    without = left_out(said["without"], said["without_edits"])
    target = target_of(out, wanted.file, warehouse)
    claims = _claims_target(said["claims"], out, wanted.file, warehouse)
    page = page_target(said["report"], wanted.file, warehouse) if said["report"] else None
    terms = Terms(said["deductible"], has_sequestration=not said["without_sequestration"])
    end = engine.form_of_output(claims) if claims else ""
    with (
        written_beside(target, engine.form_of_output(out)) as beside,
        written_beside(claims, end) if claims else nullcontext() as claims_beside,
        engine.pricer(Warehouse(warehouse).database, memory_limit=said["memory"]) as con,
    ):
        lines = engine.take_lines(con, wanted, _said(said))
        if not said["memory"]:
            engine.make_room(con, len(lines.carried))
        with _bar(not as_json) as progress:
            query = engine.price(
                con, said["trace"], progress, terms, lines.carried, without, engine.FEW_LINES
            )
            progress("prices", con)
            written = engine.write(con, query, beside)
        engine.refuse_lost_lines(con, written, wanted.file.name)
        terms = engine.met_terms(con, terms)
        priced = figures.lines_of(con, beside)
        summary = figures.summary(con, priced)
        if claims_beside:
            engine.write(con, figures.claims_query(priced), claims_beside)
        notes = [
            *refused_for_a_word(con, priced),
            *refused_for_a_time(con, priced),
            *contradictions(con),
            *unknown_to_edits(con, without),
        ]
        report = list(figures.tables(con, priced)) if page else []
    if page:
        write_page(page, str(wanted.file), report)
    _say_summary(wanted.file, out, lines, summary, terms, notes, as_json)


def _claims_target(claims: Path | None, out: Path, file: Path, warehouse: Path) -> Path | None:
    """Where a row per claim goes, if it is asked for; raises UsageError where that cannot be."""
    from pipeline.price.duckdb_engine import form_of_output
    from pipeline.price.target import target_of

    if claims is None:
        return None
    if not form_of_output(claims):
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


def _dry_run(wanted: "Wanted", warehouse: Path, as_json: bool, said: dict[str, Any]) -> None:
    from pipeline.price import duckdb_engine as engine
    from pipeline.price.dry_run import as_data, understood, words
    from pipeline.publish.swap import Warehouse

    with engine.pricer(Warehouse(warehouse).database, memory_limit=said["memory"]) as con:
        lines = engine.take_lines(con, wanted, _said(said))
        found = understood(con, lines)
    if as_json:
        tell_json(as_data(found))
    else:
        tell(*words(found))


def _said(said: dict[str, Any]) -> "Said":
    """What the call says of the lines of the file."""
    from pipeline.price.claim_file import Said
    from pipeline.price.column_map import read_map
    from pipeline.price.plan import results

    return Said(
        profile=said["profile"] or "",
        column_map=read_map(said["map_file"]) if said["map_file"] else None,
        assumed=_assumed(said),
        results=None if said["only_results"] else results(said["trace"]),
    )


def _assumed(said: dict[str, Any]) -> dict[str, str]:
    """The values that the call says for all lines; what an option is without being said is none."""
    given = _given()
    for name, option in (("charge", "--charge"), ("minutes", "--minutes")):
        if name in given:
            raise UsageError(
                f"{option} is for codes; a file has a column of its own for each line."
            )
    values = {column: str(said[name]) for name, column in FOR_ALL.items() if name in given}
    return values | {column: value for name, (column, value) in FLAGS.items() if name in given}


def _given() -> set[str]:
    """The parameters that the call says; what an option is without being said is none."""
    context = click.get_current_context()
    return {
        name
        for name in context.params
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }


def refuse_file_options() -> None:
    """Raise UsageError where a call about codes says what only a file has: it would count for nothing."""
    if said := [option for name, option in FILE_ONLY.items() if name in _given()]:
        raise UsageError(
            f"{said[0]} is for a file of claim lines; leave it out where codes are given."
        )


def _say_summary(
    file: Path,
    out: Path,
    lines: "Lines",
    summary: "Table",
    terms: "Terms",
    notes: list[dict],
    as_json: bool,
) -> None:
    from pipeline.price.carried import renamed
    from pipeline.price.report.figures import nothing_priced

    warning = nothing_priced(summary)
    other_names = renamed(lines.carried)
    if as_json:
        found = {
            "file": str(file),
            "out": str(out),
            "map": lines.column_map.name if lines.column_map else None,
            "is_recognised": lines.is_recognised,
            "assumed": dict(lines.assumed),
            "ignored_columns": lines.ignored,
            "unread_sheets": list(lines.source.unread_sheets),
            "renamed_columns": other_names,
            "columns_without_zeros": lines.without_zeros,
            "lines_of_several_days": lines.of_several_days,
            "deductible": terms.deductible,
            "has_sequestration": terms.has_sequestration,
            "summary": [dict(zip(summary.columns, row, strict=True)) for row in summary.rows],
            "total": summary.total(),
            "notes": notes,
            "warning": warning,
        }
        tell_json(found)
        return
    for note in _notes(lines, other_names):
        warn(note)
    warn(*(f"note: {note['words']}" for note in notes))
    total = summary.total()
    rows = [*summary.rows, ("total", "", *list(total.values()))]
    withheld = "" if terms.has_sequestration else "; no sequestration"
    noun = "line" if total["line_count"] == 1 else "lines"
    tell(f"wrote {out}: {total['line_count']:,} {noun}", "", *aligned(list(summary.columns), rows))
    tell("", f"{DEDUCTIBLE[terms.deductible]}{withheld}")
    if warning:
        warn(f"warning: {warning}")


def _notes(lines: "Lines", other_names: dict[str, str]) -> list[str]:
    notes = []
    if lines.is_recognised and lines.column_map:
        notes.append(
            f"note: read as {lines.column_map.name}, by the names of its columns; "
            "--dry-run says what to know about it"
        )
    if lines.assumed:
        assumed = ", ".join(f"{column} {value}" for column, value in lines.assumed.items())
        notes.append(f"note: taken for all lines: {assumed}")
    if lines.without_zeros:
        names = ", ".join(lines.without_zeros)
        notes.append(f"note: leading zeros restored: {names}")
    if lines.words_on_days:
        notes.append(f"note: {lines.words_on_days}")
    if others := lines.source.unread_sheets:
        listed = ", ".join(others)
        notes.append(f"warning: sheets that are not read (--sheet NAME reads one): {listed}")
    if lines.ignored:
        notes.append(f"warning: columns that are not read: {', '.join(lines.ignored)}")
    if other_names:
        pairs = ", ".join(f"{old} is {new}" for old, new in other_names.items())
        notes.append(f"note: columns of the input under another name: {pairs}")
    return notes


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
