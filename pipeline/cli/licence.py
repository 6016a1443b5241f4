"""``fees licence``: what the licence of the codes asks, and the user's answer to it."""

import sys
from pathlib import Path

import click

from pipeline.cli.options import json_option, warehouse_option
from pipeline.command import command
from pipeline.errors import UsageError
from pipeline.fetch.licence import VERSION, WORDS, Answer, read_answer, write_answer
from pipeline.terminal import say, tell, tell_json


@click.command()
@click.option("--show", is_flag=True, help="Show the words and the answer, and ask nothing.")
@click.option("--accept", is_flag=True, help="Accept without being asked, for scripts of yours.")
@click.option("--withdraw", is_flag=True, help="Take the acceptance back.")
@warehouse_option
@json_option
def licence(show: bool, accept: bool, withdraw: bool, warehouse: Path, as_json: bool) -> None:
    """Show what is asked of those who download from CMS, and remember the answer."""
    if sum((show, accept, withdraw)) > 1:
        raise UsageError("Choose one of --show, --accept and --withdraw.")
    state = warehouse / "state"
    given = read_answer(state)
    if accept:
        given = write_answer(state, "accepted")
    elif withdraw:
        given = write_answer(state, "withdrawn")
    if as_json:
        tell_json(vars(given) | {"version_in_force": VERSION})
        return
    if not withdraw:
        say(*WORDS.split("\n"))
    may_ask = sys.stdin.isatty() and not (show or accept or withdraw)
    if may_ask and not given.is_accepted and click.confirm("Do you accept those terms?"):
        given = write_answer(state, "accepted")
    tell(_sentence(given))


def _sentence(given: Answer) -> str:
    accept = command("licence --accept")
    if given.is_accepted:
        return f"Accepted on {given.answered_at[:10]} (words of version {given.version})."
    if given.answer == "accepted":
        return f"Version {given.version} was accepted; the words have changed: {accept}"
    if given.answer == "withdrawn":
        return f"Withdrawn on {given.answered_at[:10]}: nothing is downloaded."
    return f"Not accepted: nothing is downloaded. To accept: {accept}"
