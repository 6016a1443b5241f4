"""The command ``fees``: one file per command, and one place where errors become exit codes."""

import io
import sys
from importlib import import_module
from pathlib import Path

import click

from pipeline import __version__
from pipeline.errors import INTERRUPTED, OutputError, PipelineError, UsageError, forbidden
from pipeline.interrupt import SENTENCE, end_by_signals
from pipeline.memory import FOR_A_COMMAND, memory_watched, refuse_little_memory
from pipeline.terminal import failure_of, open_streams, settle_streams, warn

# The module of each command, where it is not called like the command.
MODULES = {"critical-care": "critical_care", "forget": "refresh"}
COMMANDS = (
    "critical-care", "describe", "diff", "edits", "export", "fetch", "forget", "layout", "licence", "mcp", "price",
    "query", "refresh", "report", "show", "site", "status",
)  # fmt: skip


# How Americans spell it.
SPELLINGS = {"license": "licence"}


class Commands(click.Group):
    """Commands that are imported when they are called: a question waits for nothing that only a
    refresh needs.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        cmd_name = SPELLINGS.get(cmd_name, cmd_name)
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"pipeline.cli.{MODULES.get(cmd_name, cmd_name)}")
        return getattr(module, cmd_name.replace("-", "_"))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done or nothing to do; 1 a fault of the program; 2 called wrongly; 3 an "
    "input was refused; 4 a release is no longer in the raw folder; 5 a check failed; 6 what was "
    "asked for is not there; 7 another refresh is running; 8 the license of the codes is not "
    "accepted; 9 CMS could not be reached or sent something else; 10 the warehouse cannot be "
    "written or read; 11 published, with warnings about the data; 12 there is too little memory; 13 an "
    "input was refused and everything else is published; 14 what was asked for could not be "
    "printed; 130 interrupted. On 2 to 10 and 12 what is published is unchanged.",
)
@click.version_option(__version__)
def fees() -> None:
    """Medicare fee schedules from CMS in DuckDB, checked against CMS's own amounts."""
    refuse_little_memory(FOR_A_COMMAND)


def main() -> None:
    """Run ``fees``; a user's mistake is one sentence and an exit code, never a traceback."""
    open_streams()
    end_by_signals()
    try:
        _run()
    except PipelineError as error:
        warn(f"error: {error}")
        sys.exit(error.exit_code)
    except click.ClickException as error:
        words = io.StringIO()
        error.show(words)
        warn(*words.getvalue().splitlines())
        sys.exit(error.exit_code)
    except click.Abort:
        # A question got no answer.
        warn(SENTENCE.rstrip())
        sys.exit(INTERRUPTED)
    finally:
        settle_streams()


def _run() -> None:
    try:
        with memory_watched():
            fees(standalone_mode=False)
    except SystemExit as ended:
        # So Click ends where the reader of its help had enough; no command ends with 1.
        if ended.code != 1:
            raise
    except OSError as error:
        # Click prints help by itself.
        failure = failure_of(sys.stdout)
        if failure is not None:
            raise OutputError(f"Standard output cannot be written: {failure.strerror}.") from None
        # Where cron makes the warehouse for one user, others may be kept out of parts of it.
        if isinstance(error, PermissionError) and error.filename:
            raise forbidden(error.filename) from None
        if isinstance(error, FileNotFoundError) and _current_folder_is_gone():
            message = "The folder that this was called in is gone: change into one that is there."
            raise UsageError(message) from None
        raise


def _current_folder_is_gone() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False
