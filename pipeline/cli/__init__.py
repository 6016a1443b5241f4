"""The command ``pfs``: one file per command, and one place where errors become exit codes."""

import os
import signal
import sys
from typing import NoReturn

import click

from pipeline import __version__
from pipeline.cli.critical_care import critical_care
from pipeline.cli.describe import describe
from pipeline.cli.diff import diff
from pipeline.cli.export import export
from pipeline.cli.fetch import fetch
from pipeline.cli.layout import layout
from pipeline.cli.licence import licence
from pipeline.cli.price import price
from pipeline.cli.query import query
from pipeline.cli.refresh import forget, refresh
from pipeline.cli.show import show
from pipeline.cli.site import site
from pipeline.cli.status import status
from pipeline.errors import INTERRUPTED, PipelineError


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done or nothing to do; 1 a fault of the program; 2 called wrongly; 3 an "
    "input was refused; 4 a release is no longer in the raw folder; 5 a check failed; 6 what was "
    "asked for is not there; 7 another refresh is running; 8 the licence of the codes is not "
    "accepted; 9 CMS could not be reached or sent something else; 10 the warehouse cannot be "
    "written; 11 published, with warnings about the data; 130 interrupted. On 2 to 10 what is "
    "published is unchanged.",
)
@click.version_option(__version__, prog_name="pfs")
def pfs() -> None:
    """CMS's Physician Fee Schedule in DuckDB, checked against CMS's own amounts."""


COMMANDS = (
    refresh, fetch, licence, status, show, diff, price, critical_care, query, describe, export, site, forget,
    layout,
)  # fmt: skip
for command in COMMANDS:
    pfs.add_command(command)


def _end_interrupted() -> NoReturn:
    click.echo("interrupted: the next refresh finishes or repeats what was begun", err=True)
    sys.exit(INTERRUPTED)


def main() -> None:
    """Run ``pfs``; a user's mistake is one sentence and an exit code, never a traceback."""
    # A scheduler ends a run with SIGTERM; it then cleans up as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        pfs(standalone_mode=False)
        sys.stdout.flush()
    except PipelineError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _end_interrupted()
    except RuntimeError as error:
        # DuckDB's own word for Ctrl-C while it computes.
        if "interrupted" not in str(error).lower():
            raise
        _end_interrupted()
    except BrokenPipeError:
        # The reader of the pipe (head, say) has enough; what is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
