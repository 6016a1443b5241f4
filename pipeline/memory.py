"""Too little memory: asked before what cannot end well, and told in a sentence where it shows.

Some libraries end the whole process where they are denied memory, which nothing can catch: so a
limit (``ulimit -v``) is compared first with what a command was measured to need.
"""

import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import PipelineError, TooLittleMemoryError

# Address space in bytes. Measured: questions end the process at 0.5 GB and not at 0.8, prices of
# codes at 1.5 GB and not at 1.8, a build of RVU25D with one thread at 1.5 GB and not at 2.0.
FOR_A_COMMAND = 1_000_000_000
FOR_PRICES = 2_000_000_000
FOR_A_BUILD = 2_400_000_000
PER_THREAD = 200_000_000

# What DuckDB, Polars, Python and the loader of libraries say where they get no memory or no thread.
WORDS = (
    "Out of Memory Error", "can't start new thread", "memory allocation of", "ThreadPoolBuildError",
    "failed to spawn thread", "failed to map segment", "Cannot allocate memory", "bad_alloc",
)  # fmt: skip


def refuse_little_memory(needed: int) -> None:
    """Raise TooLittleMemoryError where the limit of address space is below ``needed`` bytes."""
    limit = _limit()
    if limit is not None and limit < needed:
        raise TooLittleMemoryError(
            f"This needs {_megabytes(needed)} of address space, and the limit is "
            f"{_megabytes(limit)} (ulimit -v): raise it. What is published is unchanged."
        )


def needed_by_build(threads: int) -> int:
    """The address space in bytes that a build may take."""
    return FOR_A_BUILD + PER_THREAD * (threads - 1)


@contextmanager
def memory_watched() -> Iterator[None]:
    """Raise TooLittleMemoryError in the place of whatever was raised for want of memory."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, TooLittleMemoryError) or not _is_shortage(error):
            raise
        limit = _limit()
        stated = f" (ulimit -v is {_megabytes(limit)})" if limit is not None else ""
        raise TooLittleMemoryError(
            f"There is too little memory, or too few threads are allowed, for this{stated}. Close "
            "other programs or raise the limit. What is published is unchanged."
        ) from None


def _is_shortage(error: BaseException) -> bool:
    """Whether want of memory is behind an error, also where a sentence was made of it."""
    if isinstance(error, PipelineError):
        return error.__context__ is not None and _is_shortage(error.__context__)
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    return any(words in str(error) for words in WORDS)


def _limit() -> int | None:
    limits = [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
    return min((limit for limit in limits if limit != resource.RLIM_INFINITY), default=None)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
