"""The two names of the command, ``fees`` and ``pfs``: advice uses the one that the user typed."""

import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

NAMES = ("fees", "pfs")

# The folders that a call names, each with its default and with what names it in the environment,
# and the commands that ask for them.
FOLDERS = {"--raw": ("raw", "PFS_RAW"), "--warehouse": ("warehouse", "PFS_WAREHOUSE")}
WITHOUT_WAREHOUSE = ("describe", "layout", "report")
WITH_RAW = ("fetch", "forget", "refresh")


# What finds the raw folder that a warehouse was made from, where a call names the warehouse alone.
_raw_of_warehouse: ContextVar[Callable[[], str]] = ContextVar("_raw_of_warehouse", default=str)


@contextmanager
def advising_for(raw_of_warehouse: Callable[[], str]) -> Iterator[None]:
    """In it, advice names the raw folder of a warehouse where the call names none, if it can be read.

    It is looked up once advice is given: most calls give none.
    """
    token = _raw_of_warehouse.set(raw_of_warehouse)
    try:
        yield
    finally:
        _raw_of_warehouse.reset(token)


def command(words: str) -> str:
    """A call of this program to type next, such as ``fees refresh`` for ``refresh``.

    It is of the folders that the user named. Where another program runs this one, the first name
    stands. A text that is kept in a warehouse does not come from here: it must not depend on how
    the refresh was called.
    """
    typed = Path(sys.argv[0]).stem
    if typed not in NAMES:
        return f"{NAMES[0]} {words}"
    return " ".join([typed, words, *_folders_for(words.split()[0])])


def _folders_for(called: str) -> list[str]:
    """The folders of this call that another command has to be told of as well."""
    wanted = {"--raw": called in WITH_RAW, "--warehouse": called not in WITHOUT_WAREHOUSE}
    found = []
    for option in (x for x in FOLDERS if wanted[x]):
        default, variable = FOLDERS[option]
        in_environment = os.environ.get(variable, "")
        named = _value_of(option) or in_environment or (_known_raw() if option == "--raw" else "")
        # Where the environment names another folder, the default has to be named as well.
        if named and (named != default or in_environment):
            found += [option, shlex.quote(named)]
    return found


def _known_raw() -> str:
    """The raw folder of the warehouse; '' where it is the one that is taken where none is named."""
    raw = _raw_of_warehouse.get()()
    return raw if os.access(raw, os.R_OK) and Path(raw) != Path("raw").resolve() else ""


def _value_of(option: str) -> str:
    """What was typed for an option, as a word of its own or after an equals sign; '' for nothing."""
    words = sys.argv[1:]
    found = ""
    # Of an option that stands twice the last one counts.
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == option:
            found = following
        elif word.startswith(f"{option}="):
            found = word.removeprefix(f"{option}=")
    return found


def skip_option(name: str) -> str:
    """The option that leaves out a file, zip or folder, as a shell takes it: CMS's names have blanks."""
    return f"--skip {shlex.quote(name)}"
