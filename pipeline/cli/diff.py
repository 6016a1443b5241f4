"""``fees diff``: what changed between any two releases."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.csv_text import csv_text
from pipeline.cli.options import Named, json_option, open_warehouse, warehouse_option
from pipeline.cli.query import aligned
from pipeline.cli.target import written_anew
from pipeline.command import command
from pipeline.errors import NotThereError, UsageError
from pipeline.terminal import say, say_json, tell

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PARTS = ("rvu", "gpci", "conversion_factor", "rounding")


@click.command()
@click.argument(
    "before", type=Named(), help="A release (RVU24B) or a posting of one (RVU25A@2024-12-23)."
)
@click.argument("after", type=Named(), help="The later one.")
@click.option(
    "--code", metavar="CODE", type=Named(), help="Only this code, with what changed its payment."
)
@click.option(
    "--locality", metavar="MAC-LOCALITY", type=Named(), help="With --code: the payment there."
)
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write every row that changed.",
)
@warehouse_option
@json_option
def diff(
    before: str,
    after: str,
    code: str | None,
    locality: str | None,
    csv_file: Path | None,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Show what changed from one release to another: codes, values, payments and why."""
    if locality and not code:
        raise UsageError("Name a code, too: --code CODE.")
    from pipeline.schedules.pfs.change.any_pair import name_of
    from pipeline.schedules.pfs.change.summary import page

    with open_warehouse(warehouse) as con:
        pair = pair_of(con, before, after)
        if not (code or as_json or csv_file):
            say(*page(con, *pair).split("\n"))
            return
        rows = changed_rows(con, pair, code, locality)
    if csv_file:
        _write_csv(rows, csv_file, warehouse)
    if as_json:
        say_json(rows)
    elif csv_file:
        tell(f"wrote {csv_file}: {len(rows):,} rows")
    else:
        say(*_of_one_code(rows, (code or "").upper(), name_of(pair[0]), name_of(pair[1])))


def pair_of(con: "DuckDBPyConnection", before: str, after: str) -> tuple[dict, dict]:
    """The two releases that are compared; raises UsageError and NotThereError."""
    from pipeline.schedules.pfs.change.any_pair import name_of
    from pipeline.schedules.pfs.lookup import When, find_release

    # What a release changed stands under its own name, so the later one is told of first.
    for name in (after, before):
        _refuse_other_schedule(con, name)
    pair = find_release(con, When(before)), find_release(con, When(after))
    if pair[0]["posting_id"] == pair[1]["posting_id"]:
        raise UsageError(f"{name_of(pair[0])} and {name_of(pair[1])} are one posting.")
    return pair


def changed_rows(
    con: "DuckDBPyConnection", pair: tuple[dict, dict], code: str | None, locality: str | None
) -> list[dict]:
    """The rows that differ between two releases, of all codes or of one, national or in a locality."""
    from pipeline.schedules.pfs.change.any_pair import compare, compare_in_locality, name_of
    from pipeline.schedules.pfs.lookup import find_place
    from pipeline.store.database import rows_of

    place = find_place(con, pair[1], None, locality)
    compare(con, *pair)
    query = "FROM compared_pair WHERE $code IN ('', hcpcs_code) ORDER BY hcpcs_code, modifier"
    values = {"code": code.upper() if code else ""}
    if code and not rows_of(con, "FROM rvu WHERE hcpcs_code = $code LIMIT 1", values):
        names = " nor ".join(name_of(one) for one in pair)
        raise NotThereError(f"Neither {names} has {values['code']}.")
    if not place:
        return rows_of(con, query, values)
    # A payment that did not change is a row, too, so that no row is none in one of the releases.
    if not (rows := compare_in_locality(con, pair, values["code"], place)):
        before, after = (name_of(one) for one in pair)
        raise NotThereError(
            f"{before} and {after} do not both have a payment for {values['code']} in "
            f"{place['mac']}-{place['locality_number']}; what changed in the country: "
            + command(f"diff {before} {after} --code {values['code']}")
        )
    return rows


def _refuse_other_schedule(con: "DuckDBPyConnection", name: str) -> None:
    """Say where the changes of another schedule's release are; raises UsageError."""
    from pipeline.schedules.all import schedule_named

    found = con.execute(
        "SELECT release_id, schedule FROM release "
        "WHERE schedule <> 'pfs' AND upper($name) IN (release_id, posting_id)",
        {"name": name},
    ).fetchone()
    if not found:
        return
    release_id, schedule = found[0], schedule_named(found[1])
    sql = (
        f"FROM {schedule.change.table} WHERE release_id = '{release_id}'" if schedule.change else ""
    )
    advice = "; for what it changed: " + command(f'query "{sql}"') if sql else ""
    raise UsageError(
        f"{release_id} is of the {schedule.title}, and this compares releases of the Physician Fee "
        f"Schedule{advice}"
    )


def _write_csv(rows: list[dict], target: Path, warehouse: Path) -> None:
    with written_anew(target, warehouse) as beside:
        text = csv_text(rows[0] if rows else [], (row.values() for row in rows))
        beside.write_text(text, encoding="utf-8", newline="")


def _of_one_code(rows: list[dict], code: str, before: str, after: str) -> list[str]:
    if not rows:
        return [f"{code} is the same in {before} and {after}."]
    lines = [f"{code} from {before} to {after}", ""]
    values = [
        (row["modifier"], label, row[f"{name}_before"], row[f"{name}_after"])
        for row in rows
        for name, label in (
            ("status_code", "status"),
            ("work_rvu", "work RVU"),
            ("nonfacility_pe_rvu", "pe office"),
            ("facility_pe_rvu", "pe facility"),
            ("mp_rvu", "mp"),
        )
        if f"{name}_before" in row
    ]
    if values:
        lines += [*aligned(["mod", "value", before, after], values), ""]
    lines += [x for row in rows if (line := _differing(row)) for x in (line, "")]
    amounts = [
        (row["modifier"], words, *_amounts(row, setting))
        for row in rows
        for setting, words in (("nonfacility", "office"), ("facility", "facility"))
    ]
    names = ["mod", "setting", before, after, "change", "by RVUs", "by GPCIs", "by the factor", "by rounding"]  # fmt: skip
    return [*lines, *aligned(names, amounts)]


def _differing(row: dict) -> str:
    """Which columns of ``rvu`` differ, where the row is one of ``rvu_change``."""
    named = [row.get("changed_values"), row.get("changed_indicators")]
    code = "-".join(x for x in (row["hcpcs_code"], row["modifier"]) if x)
    listed = ",".join(x for x in named if x).replace(",", ", ")
    return f"{code} differs in {listed}" if listed else ""


def _amounts(row: dict, setting: str) -> list:
    paid = [row[f"{setting}_payment_{x}"] for x in ("before", "after", "change")]
    return paid + [row[f"{setting}_due_to_{part}"] for part in PARTS]
