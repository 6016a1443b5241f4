"""What a run tells while it goes: aligned lines on a terminal, plain lines elsewhere."""

import sys
import time
from typing import TextIO

from pipeline.command import command
from pipeline.terminal import warn


class Report:
    """Prints one line per step; ``quiet`` prints none (for ``--json``)."""

    def __init__(self, quiet: bool = False, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.quiet = quiet
        self.warnings: list[str] = []
        self.reminders: list[str] = []
        self._known = 0
        self._began = time.monotonic()
        self._on_terminal = self.stream.isatty()

    def start(self, stage: str, subject: str) -> None:
        """Say on a terminal what is going on; the line of the step takes its place."""
        if self._on_terminal and not self.quiet:
            warn(f"{stage:<9} {subject:<34} ...", stream=self.stream, end="\r")

    def step(self, stage: str, subject: str, detail: str = "") -> None:
        """Say that a stage is done with a subject."""
        if self.quiet:
            return
        if self._on_terminal:
            seconds = time.monotonic() - self._began
            line = f"{stage:<9} {subject:<34} {detail:<58} {seconds:6.1f} s"
        else:
            line = f"{stage}: {subject}" + (f": {detail}" if detail else "")
        warn(line, stream=self.stream)

    def warn(self, text: str, is_known: bool = False) -> None:
        """Say what the user should look at in the data that was built; the run goes on.

        What is known since an earlier run counts as a warning all the same, and is printed as one of
        their number by ``sum_up_known``.
        """
        self.warnings.append(text)
        if is_known:
            self._known += 1
        else:
            self._say_warning(text)

    def sum_up_known(self) -> None:
        """Say in one line how many warnings are known since an earlier run, and where they stand."""
        if self._known:
            count = f"{self._known:,} warning{'' if self._known == 1 else 's'}"
            self._say_warning(f"{count} as in the build before; to see them: {command('status')}")
            self._known = 0

    def remind(self, text: str) -> None:
        """Say what the user should see to and is no fault of the data that was built."""
        self.reminders.append(text)
        self._say_warning(text)

    def refuse(self, text: str) -> None:
        """Say that an input was left out; the rest of the run stands."""
        self._say("error", text)

    def _say_warning(self, text: str) -> None:
        self._say("warning", text)

    def _say(self, kind: str, text: str) -> None:
        if not self.quiet:
            warn(f"{kind}: {text}", stream=self.stream)
