"""``fees status``: what is loaded, from which bytes, what failed last and what to do next."""

from pathlib import Path

import click

from pipeline.cli.options import json_option, require_warehouse, warehouse_option
from pipeline.command import command
from pipeline.errors import NotThereError
from pipeline.refresh.status import status_of
from pipeline.release.reconcile import agreement, is_of_forms
from pipeline.terminal import say, say_json


@click.command()
@warehouse_option
@json_option
def status(warehouse: Path, as_json: bool) -> None:
    """Say what the warehouse holds, where it came from, what went wrong last and what to do."""
    found = status_of(warehouse)
    if as_json:
        say_json(found)
    elif found["build"]:
        _print_loaded(found)
    if not as_json:
        _print_operation(found)
    if not found["build"]:
        # A database that cannot be read says so in its own words.
        require_warehouse(warehouse)
        raise NotThereError(
            f"What is in {warehouse} cannot be read; build it: {command('refresh')}"
        )


def _more(warning: dict) -> str:
    count = warning["finding_count"] - 1
    return f" ({count:,} more)" if count else ""


def _print_loaded(found: dict) -> None:
    build = found["build"]
    if build["is_sample"]:
        say("SAMPLE: this warehouse is built from the embedded sample, not from a CMS release.")
    say(f"build      {build['build_id']}  contract {build['contract_version']}")
    if found["is_whole"]:
        say(f"           built {found['built_at']}, published {found['published_at']}")
    else:
        say("           database and exports are not one whole build; the next refresh mends it")
    say(f"raw        {found['raw']}")
    for release in found["releases"]:
        missing = f"  lacks {release['missing_files']}" if release["missing_files"] else ""
        latest = "  latest" if release["is_latest"] else ""
        replaced = release["superseded_by"]
        how = f"replaced by {replaced}, for" if replaced else "in force"
        say(
            f"release    {release['posting_id']:<24} {how} {release['effective_from']} to "
            f"{release['effective_to']}  from {release['bundle']} "
            f"(sha256 {release['content_sha256'][:12]}){latest}{missing}"
        )
    lines = sum(row["line_count"] for row in found["source_files"])
    say(
        f"files      {len(found['source_files'])} read, {lines:,} lines, "
        f"{found['quarantined_lines']:,} set aside"
    )
    for row in found["reconciliation"]:
        if not is_of_forms(row["comparison"]):
            say(
                f"compared   {row['release_id']} {row['comparison']}: {agreement(row)} "
                f"({row['verdict']}). {row['message']}".rstrip()
            )
    forms = [row for row in found["reconciliation"] if is_of_forms(row["comparison"])]
    equal = sum(row["verdict"] == "equal" for row in forms)
    known = sum(row["verdict"] == "known_differences" for row in forms)
    other = len(forms) - equal - known
    say(
        f"forms      {len(forms)} pairs compared: {equal} equal, {known} with known differences "
        f"in texts, {other} with others"
    )
    for row in found["warnings"]:
        say(
            f"warning    {row['release_id']} {row['check_name']}: {row['first_finding']}{_more(row)}"
        )
    for name in found["ignored"]:
        say(f"ignored    {name}")
    for name in found["unknown"]:
        say(f"unknown    {name}")
    for row in found["unread"]:
        say(f"unread     {row['source_file']}: {row['unread_reason']}")
    for name in found["copies"]:
        say(f"copy       {name}")
    for name in found["skipped"]:
        say(f"skipped    {name}")


def _print_operation(found: dict) -> None:
    hold, failure, fetch = found["hold"], found["last_failure"], found["fetch"]
    if found["rollback_to"]:
        say(f"rollback   would return to {found['rollback_to']}")
    if hold:
        say(f"held back  {hold['held_back']}, since the rollback of {hold['at']}")
    if fetch["licence"] == "accepted":
        say(f"CMS asked  {fetch['asked_at'] or 'never'}  {fetch['failure']}".rstrip())
    for run in found["last_runs"]:
        count = run.get("warnings", 0)
        warned = f"{count:,} warning{'' if count == 1 else 's'}" if count else ""
        said = run.get("message") or warned
        say(f"run        {run['at']}  {run['outcome']}  {said}".rstrip())
    for sentence in found["refused"].values():
        say(f"refused    {sentence}")
    if failure and not failure["is_over"]:
        say(f"failed     {failure['at']}  {failure.get('message', '')}")
    for entry in found["stale"]:
        say(f"stale      {entry['message']}")
    if found["running"]:
        say(f"running    {found['running']}")
    if found["next_step"]:
        say(f"next       {found['next_step']}")
