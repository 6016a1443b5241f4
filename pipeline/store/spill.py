"""Where DuckDB puts what does not fit into memory: a folder of this process, gone at its end.

DuckDB's own choice is ``.tmp`` in the current folder, or a folder beside the database: either may
be read-only, belong to somebody else, or keep for ever what a killed process left there.
"""

import atexit
import shutil
import tempfile
from contextlib import ExitStack
from functools import cache, partial
from itertools import count
from pathlib import Path

from pipeline.command import command
from pipeline.errors import StorageError, require_utf8
from pipeline.interrupt import undone_by_signal

_numbers = count(1)


def spill_folder() -> str:
    """A folder for one connection, made by DuckDB where it needs one.

    Each connection has its own, for the names of the files in it are the same in all. Raises
    StorageError where no temporary folder can be written.
    """
    return str(_of_process() / str(next(_numbers)))


@cache
def _of_process() -> Path:
    try:
        require_utf8(tempfile.gettempdir())
        folder = Path(tempfile.mkdtemp(prefix="pfs-spill-"))
    except OSError as error:
        raise StorageError(
            f"There is no temporary folder that can be written ({error.strerror}); name one: "
            f"TMPDIR=FOLDER {command('...')}"
        ) from None
    remove = partial(shutil.rmtree, folder, ignore_errors=True)
    until_the_end = ExitStack()
    until_the_end.callback(remove)
    until_the_end.enter_context(undone_by_signal(remove))
    atexit.register(until_the_end.close)
    return folder
