"""Options that several commands share."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.command import FOLDERS, advising_for, command
from pipeline.errors import (
    NotThereError,
    PipelineError,
    exists,
    forbidden,
    refuse_dead_link,
    require_utf8,
)
from pipeline.publish.published import database_of, left_by_clients, version_of
from pipeline.store.spill import spill_folder
from schemas import CONTRACT_VERSION
from schemas.derive import quoted

if TYPE_CHECKING:
    import duckdb


def _folder(context: click.Context, parameter: click.Parameter, value: str) -> Path:
    if not value.strip():
        raise click.BadParameter("name a folder; an empty name means none", context, parameter)
    refuse_dead_link(Path(value))
    return Path(value)


def _warehouse(context: click.Context, parameter: click.Parameter, value: str) -> Path:
    folder = _folder(context, parameter, value)
    if os.path.lexists(folder) and not folder.is_dir():
        raise click.BadParameter(f"{folder} is no folder", context, parameter)
    require_utf8(folder)
    # Of a command that takes a raw folder that one is meant, named or not.
    if all(x.name != "raw" for x in context.command.params):
        context.with_resource(advising_for(partial(raw_of, folder)))
    return folder


def raw_of(warehouse: Path) -> str:
    """The raw folder that a warehouse was made from; '' where that is not known."""
    from pipeline.publish.swap import Warehouse
    from pipeline.store.state import State

    with suppress(OSError, PipelineError):
        return State(Warehouse(warehouse).state).read_inputs().raw
    return ""


raw_option = click.option(
    "--raw",
    default=FOLDERS["--raw"][0],
    envvar=FOLDERS["--raw"][1],
    show_default=True,
    callback=_folder,
    metavar="DIR",
    help="Folder with CMS's zips or unpacked folders. It is only read.",
)

warehouse_option = click.option(
    "--warehouse",
    default=FOLDERS["--warehouse"][0],
    envvar=FOLDERS["--warehouse"][1],
    show_default=True,
    callback=_warehouse,
    metavar="DIR",
    help="Folder of the database and its exports.",
)


def unspaced(written: str) -> str:
    """A code or a name without the blanks around it and around its hyphens, which come with what is pasted.

    One that is nothing but blanks stays, for it is no leaving out.
    """
    return re.sub(r"\s*-\s*", "-", written.strip()) or written


class Named(click.ParamType):
    """A code or a name of CMS's, such as a release, a place or a modifier."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name without blanks."""
        return unspaced(str(value))


class Day(click.DateTime):
    """A day as the command takes it, and as it is told to whoever writes it otherwise."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The day, at midnight."""
        try:
            return super().convert(value.strip() if isinstance(value, str) else value, param, ctx)
        except click.BadParameter:
            self.fail(f'"{value}" is no date; write it as in 2025-10-02.', param, ctx)


on_option = click.option(
    "--on",
    type=Day(),
    metavar="DAY",
    help="The day of service, as in 2024-03-09: the release in force then.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@contextmanager
def open_warehouse(folder: Path) -> "Iterator[duckdb.DuckDBPyConnection]":
    """A read-only connection to the published database.

    Raises NotThereError where there is none, where programs left changes beside it that are no
    part of the build, and where it was made by a version of the program that this one cannot read.
    """
    import duckdb

    with _connection(folder) as con:
        made_by = con.execute("SELECT contract_version FROM build").fetchall()[0][0]
        there, here = version_of(made_by), version_of(CONTRACT_VERSION)
        other = f"{folder} is of contract {made_by}, and this program of {CONTRACT_VERSION}"
        if there[0] > here[0]:
            raise NotThereError(f"{other}: update the program.")
        try:
            yield con
        except (duckdb.CatalogException, duckdb.BinderException):
            if there >= here:
                raise
            raise NotThereError(f"{other}; run: {command('refresh')}") from None
        except duckdb.Error as error:
            raise damage_of(folder, error) or error from None


def damage_of(folder: Path, error: Exception) -> NotThereError | None:
    """What to say where DuckDB found that bytes of the published database are not what was written."""
    if not str(error).startswith("Corrupt database file"):
        return None
    # Its size and time may be as they were: then only its bytes tell a refresh of the damage.
    again = command("refresh --verify")
    return NotThereError(f"{database_of(folder)} is damaged ({error}); run: {again}")


def require_warehouse(folder: Path) -> None:
    """Raise NotThereError where ``open_warehouse`` does."""
    with open_warehouse(folder):
        pass


def _connection(folder: Path) -> "duckdb.DuckDBPyConnection":
    import duckdb

    path = database_of(folder)
    try:
        is_there = exists(path)
    except PermissionError:
        raise forbidden(path) from None
    if not is_there:
        raise NotThereError(
            f"There is no warehouse in {folder}; make one with: {command('refresh')}"
        )
    for log in left_by_clients(path):
        raise NotThereError(
            f"{log} holds changes of a program that opened the database without -readonly, and "
            f"they are no part of the build; to remove them: {command('refresh')}"
        )
    if not os.access(path, os.R_OK):
        raise forbidden(path)
    try:
        # Left open after an error, it would have a later one of this process see the file that was.
        with ExitStack() as opened:
            con = opened.enter_context(duckdb.connect(str(path), read_only=True))
            # Else DuckDB draws a bar over what is printed for programs, after two seconds.
            con.execute("SET enable_progress_bar_print = false")
            # Else beside the database, where only a refresh may write.
            con.execute(f"SET temp_directory = {quoted(spill_folder())}")
            con.execute("SELECT contract_version FROM build").fetchall()[0]
            opened.pop_all()
            return con
    except (duckdb.Error, IndexError) as error:
        # Size and time of the file may be as they were: then only its bytes tell a refresh of the damage.
        other = NotThereError(
            f"{path} cannot be read ({error}); run: {command('refresh --verify')}"
        )
        raise damage_of(folder, error) or other from None
