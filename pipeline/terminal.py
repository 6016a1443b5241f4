"""What goes to standard output and standard error: in one place, so that it holds everywhere

- that no text out of a file steers the terminal (``printable``), and
- that a stream which cannot be written (closed, a full disk, a reader that went away) is never
  taken for a fault of the warehouse.

``say`` is for an answer, which must arrive; ``tell`` for words about what was done, and ``warn``
for what is said beside, which may be lost.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any, TextIO

from pipeline.errors import OutputError, printable

STREAMS = ("stdin", "stdout", "stderr")


def say(*lines: str) -> None:
    """Print lines to standard output; raises OutputError where they cannot be written.

    A reader that has enough (head, say) is no error.
    """
    say_data("".join(f"{printable(line)}\n" for line in lines))


def say_data(text: str) -> None:
    """Print a text for programs as it is; a terminal is shown what does not steer it."""
    if sys.stdout is not None and sys.stdout.isatty():
        text = "\n".join(map(printable, text.split("\n")))
    failure = _write(sys.stdout, text)
    if failure:
        raise OutputError(f"Standard output cannot be written: {failure.strerror}.")


def say_json(value: Any) -> None:
    """Print a value as JSON."""
    say_data(as_json(value) + "\n")


def tell(*lines: str) -> None:
    """Print to standard output what was done; that stands even where nobody hears of it."""
    try:
        say(*lines)
    except OutputError as error:
        warn(f"warning: {error}")


def tell_json(value: Any) -> None:
    """Print as JSON what was done."""
    try:
        say_json(value)
    except OutputError as error:
        warn(f"warning: {error}")


def warn(*lines: str, stream: TextIO | None = None, end: str = "\n") -> None:
    """Print lines to standard error (or to another ``stream``), where that can be written."""
    stream = stream or sys.stderr
    if stream is not None:
        with suppress(OSError):
            stream.write("".join(f"{printable(line)}{end}" for line in lines))
            stream.flush()


def as_json(value: Any) -> str:
    """A value as JSON, strictly: every digit of a decimal, a number that is none as a text."""
    # Imported here because most commands print no JSON.
    import simplejson

    return simplejson.dumps(_plain(value), use_decimal=True, allow_nan=False, indent=1)


def _plain(value: Any) -> Any:
    """The value made of what JSON has; a date or time is a text of ISO 8601."""
    if isinstance(value, dict):
        return {x if isinstance(x, str) else str(_plain(x)): _plain(y) for x, y in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return value if isfinite(value) else str(Decimal(value))
    if isinstance(value, Decimal):
        return value if value.is_finite() else str(value)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def open_streams() -> None:
    """Open standard streams that the caller closed, or files of ours would take their place."""
    for number, name in enumerate(STREAMS):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is that of the stream.
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    for stream in _outgoing():
        # A character that the terminal has no sign for is no reason to say nothing.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def settle_streams() -> None:
    """Send nowhere what cannot be written, or Python would end with a code of its own."""
    for stream in _outgoing():
        failure_of(stream)


def failure_of(stream: TextIO) -> OSError | None:
    """Why what was printed to a stream cannot be written; then all further goes nowhere."""
    return _write(stream, "")


def _outgoing() -> Iterator[TextIO]:
    yield from (stream for stream in (sys.stdout, sys.stderr) if stream is not None)


def _write(stream: TextIO | None, text: str) -> OSError | None:
    """Write and flush; returns the failure, but not that of a reader who has enough."""
    if stream is None:
        return None
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return None if isinstance(error, BrokenPipeError) else error
    return None
