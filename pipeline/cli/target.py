"""Files that users name as targets: written beside, put in place in one step, nothing else touched."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.price.target import written_beside


def refuse_own(target: Path, warehouse: Path) -> Path:
    """Where a target leads to, symlinks followed; UsageError where that is in the warehouse."""
    try:
        real, own = target.resolve(), warehouse.resolve()
    except RuntimeError:
        # What a circle of symlinks raises.
        raise UsageError(f"{target} leads nowhere.") from None
    if real.is_relative_to(own):
        raise UsageError(f"{target} lies in the warehouse, which is not written by hand.")
    return real


@contextmanager
def written_anew(target: Path, warehouse: Path) -> Iterator[Path]:
    """A file to write, which takes the place of ``target`` at the end of the context.

    Where ``target`` is a symlink, what it leads to is replaced; a file keeps its mode. Raises
    UsageError where it cannot be written, lies in the warehouse, or is no file.
    """
    real = refuse_own(target, warehouse)
    if real.exists() and not real.is_file():
        raise UsageError(f"{target} is no file that can be written anew.")
    try:
        with written_beside(real, real.suffix) as beside:
            yield beside
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}.") from None
