"""The command ``pfs``: one file per command, and one place where errors become exit codes."""

import sys

import click

from pipeline import __version__
from pipeline.cli.export import export
from pipeline.cli.query import query
from pipeline.cli.refresh import forget, refresh
from pipeline.cli.show import show
from pipeline.cli.status import status
from pipeline.errors import PipelineError


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done or nothing to do; 1 a fault of the program; 2 called wrongly; 3 an "
    "input was refused; 4 a release is no longer in the raw folder; 5 a check failed; 6 what was "
    "asked for is not there; 7 another refresh is running. On 2 to 7 the warehouse is unchanged.",
)
@click.version_option(__version__, prog_name="pfs")
def pfs() -> None:
    """CMS's Physician Fee Schedule in DuckDB, checked against CMS's own amounts."""


for command in (refresh, status, show, query, export, forget):
    pfs.add_command(command)


def main() -> None:
    """Run ``pfs``; a user's mistake is one sentence and an exit code, never a traceback."""
    try:
        pfs(standalone_mode=False)
    except PipelineError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: nothing was published", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a pipe (head, say) has enough.
        sys.stderr.close()
