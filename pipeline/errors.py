"""What can go wrong, in words for people: every error has a sentence and an exit code.

The exit codes are part of the public contract of the command ``fees``:

====  =============================================================================
code  meaning
====  =============================================================================
0     done, or nothing to do
1     a fault of the program itself (the only case with a traceback)
2     the command was called wrongly
3     an input was refused, and no release is left without it: nothing was published
4     a release that the warehouse holds is no longer in ``raw/``: nothing was published
5     a check over the new warehouse failed: nothing was published
6     what was asked for is not there (no warehouse, no such code or release)
7     another refresh of the same warehouse is running
8     the license of the codes has not been accepted: nothing was asked of CMS
9     CMS could not be reached, failed, or sent something else than was asked for
10    the warehouse cannot be written or read: no space, no permission
11    a build was published, with warnings about its data: look at them (no error)
12    there is too little memory, or too few threads are allowed
13    an input was refused; everything else is published, and what was held of it stays
14    what was asked for could not be printed (standard output is a full disk, say)
130   the run was interrupted (Ctrl-C, SIGTERM)
====  =============================================================================
"""

import errno
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.command import skip_option

PUBLISHED_WITH_WARNINGS = 11
INPUT_REFUSED = 13
INTERRUPTED = 130


class PipelineError(Exception):
    """An error that a user can do something about; ``str()`` is the sentence to show."""

    exit_code = 1


class UsageError(PipelineError):
    """The command was called in a way that cannot be carried out."""

    exit_code = 2


class MissingReleaseError(PipelineError):
    """The warehouse holds a release that ``raw/`` no longer has."""

    exit_code = 4


class CheckError(PipelineError):
    """A check over the new warehouse failed."""

    exit_code = 5


class NotThereError(PipelineError):
    """There is no such warehouse, release or code."""

    exit_code = 6


class StorageError(PipelineError):
    """The warehouse cannot be written, or is not to be read by this user."""

    exit_code = 10


def require_utf8(*names: object) -> None:
    """Raise UsageError where DuckDB cannot be told of a file, since its name is not in UTF-8."""
    for name in map(str, names):
        try:
            name.encode()
        except UnicodeEncodeError:
            raise UsageError(
                f"DuckDB can be told of UTF-8 only, and {name} is in another encoding: rename it."
            ) from None


def exists(path: Path) -> bool:
    """Whether there is something; PermissionError where that may not be looked at.

    Path.exists says no of that since Python 3.14, and a warehouse would pass for none.
    """
    try:
        path.stat()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return False
        raise
    except ValueError:
        return False
    return True


def refuse_dead_link(folder: Path) -> None:
    """Raise UsageError where a folder is, or lies below, a link that leads nowhere.

    Where that may not be looked at, nothing is said: whoever opens the folder says so.
    """
    with suppress(PermissionError):
        for place in (folder, *folder.parents):
            if place.is_symlink() and not exists(place):
                raise UsageError(f"{place} is a link that leads nowhere; is a disk not mounted?")


def require_kind(name: str, value: object, kind: type | tuple[type, ...], words: str) -> None:
    """Raise UsageError where an argument of a Python function is of another kind than its ``words`` say."""
    if not isinstance(value, kind):
        raise UsageError(f"{name} is {words}, not {printable(repr(value))}.")


def forbidden(path: object) -> StorageError:
    """The error for a file or folder that the user has no permission for."""
    return StorageError(
        f"You have no permission for {path}: see whose it is (ls -ld), and run this as that user, "
        "or have its mode changed."
    )


class TooLittleMemoryError(PipelineError):
    """The machine, or a limit set on the process, gives too little memory."""

    exit_code = 12


class OutputError(PipelineError):
    """Standard output cannot be written; nothing is wrong with the warehouse."""

    exit_code = 14


class LockedError(PipelineError):
    """Another refresh of the same warehouse is running."""

    exit_code = 7


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one place of a file.

    ``line`` counts from 1; ``column`` and ``value`` are '' where the whole line is meant.
    """

    rule: str
    message: str
    line: int | None = None
    column: str = ""
    value: str = ""


# What to do about an input that is refused; to leave it out is of use where nothing is held of it.
AGAIN = "Get the file again from CMS"
LEAVE_OUT = "leave this input out with --skip NAME"
SKIP = f"{AGAIN}, or {LEAVE_OUT}."


@dataclass
class RefusedError(PipelineError):
    """An input was refused: which file, where, by which rule, and what to do about it."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    advice: str = SKIP

    exit_code = 3

    def __str__(self) -> str:
        first = self.findings[0]
        where = f"{self.file}, line {first.line}" if first.line else self.file
        more = len(self.findings) - 1
        rest = f" ({more:,} more like it in this file.)" if more else ""
        message = first.message.rstrip(".")
        return printable(f"{where}: {message} (rule: {first.rule}).{rest} {self.advice}")

    def note_held(self, release_id: str) -> None:
        """Say what stays in force; skipped, the input would be missing of what the warehouse holds."""
        before, leave_out, _ = self.advice.partition(LEAVE_OUT.removesuffix("NAME"))
        if leave_out:
            done = before.removesuffix(", or ").removesuffix("; until then ")
            self.advice = f"{done}; until then {release_id} stays as it was."

    def note_input(self, name: str) -> None:
        """Say what is to be left out: without the file alone that is refused the rest may be no release."""
        self.advice = self.advice.replace("--skip NAME", skip_option(name))


def printable(text: str) -> str:
    """A text as people may see it: what a file holds or is called does not steer a terminal."""
    return "".join(x if x.isprintable() else x.encode("unicode_escape").decode() for x in text)


class ChangedError(RefusedError):
    """A file that changed while it was read: no damage, and all is to be read again."""


def refuse(file: str, rule: str, message: str, **where: object) -> RefusedError:
    """Build a refusal with one finding; ``where`` may name line, column and value."""
    advice = where.pop("advice", None)
    error = RefusedError(file, [Finding(rule, message, **where)])  # type: ignore[arg-type]
    if advice:
        error.advice = str(advice)
    return error
