"""``pfs status``: what is loaded, from which bytes, and how well it agrees with CMS."""

import json
from pathlib import Path

import click

from pipeline.cli.options import json_option, open_warehouse, warehouse_option
from pipeline.publish import Warehouse
from pipeline.state import State


@click.command()
@warehouse_option
@json_option
def status(warehouse: Path, as_json: bool) -> None:
    """Say what the warehouse holds, where it came from and what went wrong last."""
    found = _status(warehouse)
    if as_json:
        click.echo(json.dumps(found, indent=1, default=str))
    else:
        _print(found)


def _status(warehouse: Path) -> dict:
    from pipeline.database import rows_of

    state = State(warehouse / "state")
    inputs = state.read_inputs()
    with open_warehouse(warehouse) as con:
        found = {
            "build": rows_of(con, "SELECT * FROM build")[0],
            "releases": rows_of(con, "SELECT * FROM release ORDER BY effective_from, posting_id"),
            "source_files": rows_of(
                con,
                "SELECT source_file, release_id, file_kind, form, sha256, line_count, loaded_count, "
                "quarantined_count FROM source_file ORDER BY source_file",
            ),
            "reconciliation": rows_of(con, "SELECT * FROM reconciliation ORDER BY ALL"),
            "warnings": rows_of(
                con,
                "SELECT check_name, release_id, finding_count, first_finding FROM check_result "
                "WHERE finding_count > 0 ORDER BY ALL",
            ),
            "quarantined_lines": rows_of(con, "SELECT count(*) AS n FROM quarantine")[0]["n"],
        }
    found["is_whole"] = Warehouse(warehouse).published_build_id() != ""
    found["raw"] = inputs.raw
    found["ignored"] = [x for x, verdict in inputs.verdicts.items() if verdict == "ignored"]
    found["skipped"] = [x for x, verdict in inputs.verdicts.items() if verdict == "skipped"]
    found["last_runs"] = state.last_runs(5)
    return found


def _print(found: dict) -> None:
    build = found["build"]
    if build["is_sample"]:
        click.echo(
            "SAMPLE: this warehouse is built from the embedded sample, not from a CMS release."
        )
    click.echo(f"build      {build['build_id']}  contract {build['contract_version']}")
    if not found["is_whole"]:
        click.echo("           publication was interrupted; the next refresh finishes it")
    click.echo(f"raw        {found['raw']}")
    for release in found["releases"]:
        missing = f"  lacks {release['missing_files']}" if release["missing_files"] else ""
        latest = "  latest" if release["is_latest"] else ""
        click.echo(
            f"release    {release['posting_id']:<24} in force {release['effective_from']} to "
            f"{release['effective_to']}  from {release['bundle']}{latest}{missing}"
        )
    lines = sum(row["line_count"] for row in found["source_files"])
    click.echo(
        f"files      {len(found['source_files'])} read, {lines:,} lines, "
        f"{found['quarantined_lines']:,} set aside"
    )
    for row in found["reconciliation"]:
        if " = " not in row["comparison"]:
            click.echo(
                f"agrees     {row['release_id']} {row['comparison']}: {row['matched_count']:,} of "
                f"{row['compared_count']:,} amounts ({row['verdict']}) {row['message']}".rstrip()
            )
    forms = [row for row in found["reconciliation"] if " = " in row["comparison"]]
    equal = sum(row["verdict"] == "equal" for row in forms)
    known = sum(row["verdict"] == "known_differences" for row in forms)
    other = len(forms) - equal - known
    click.echo(
        f"forms      {len(forms)} pairs compared: {equal} equal, {known} with known differences "
        f"in texts, {other} with others"
    )
    for row in found["warnings"]:
        click.echo(f"warning    {row['release_id']} {row['check_name']}: {row['first_finding']}")
    for name in found["ignored"]:
        click.echo(f"ignored    {name}")
    for name in found["skipped"]:
        click.echo(f"skipped    {name}")
    for run in found["last_runs"]:
        click.echo(f"run        {run['at']}  {run['outcome']}  {run.get('message', '')}".rstrip())
