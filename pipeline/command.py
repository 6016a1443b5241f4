"""The two names of the command, ``fees`` and ``pfs``: advice uses the one that the user typed."""

import shlex
import sys
from pathlib import Path

NAMES = ("fees", "pfs")

# The folders that a call names, with their defaults, and the commands that ask for each.
FOLDERS = {"--raw": "raw", "--warehouse": "warehouse"}
WITHOUT_WAREHOUSE = ("describe", "layout", "report")
WITH_RAW = ("fetch", "forget", "refresh")


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
    for option, default in FOLDERS.items():
        named = _value_of(option)
        if wanted[option] and named not in ("", default):
            found += [option, shlex.quote(named)]
    return found


def _value_of(option: str) -> str:
    """What was typed for an option, as a word of its own or after an equals sign; '' for nothing."""
    words = sys.argv[1:]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == option:
            return following
        if word.startswith(f"{option}="):
            return word.removeprefix(f"{option}=")
    return ""


def skip_option(name: str) -> str:
    """The option that leaves out a file, zip or folder, as a shell takes it: CMS's names have blanks."""
    return f"--skip {shlex.quote(name)}"
