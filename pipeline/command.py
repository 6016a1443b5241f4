"""The two names of the command, ``fees`` and ``pfs``: advice uses the one that the user typed."""

import shlex
import sys
from pathlib import Path

NAMES = ("fees", "pfs")


def command(words: str) -> str:
    """A call of this program to type next, such as ``fees refresh`` for ``refresh``.

    Where another program runs this one, the first name stands. A text that is kept in a
    warehouse does not come from here: it must not depend on how the refresh was called.
    """
    typed = Path(sys.argv[0]).stem
    return f"{typed if typed in NAMES else NAMES[0]} {words}"


def skip_option(name: str) -> str:
    """The option that leaves out a file, zip or folder, as a shell takes it: CMS's names have blanks."""
    return f"--skip {shlex.quote(name)}"
