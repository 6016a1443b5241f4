"""What a run tells while it goes: aligned lines on a terminal, plain lines elsewhere."""

import sys
import time
from typing import TextIO

from pipeline.terminal import warn


class Report:
    """Prints one line per step; ``quiet`` prints none (for ``--json``)."""

    def __init__(self, quiet: bool = False, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.quiet = quiet
        self.warnings: list[str] = []
        self.reminders: list[str] = []
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

    def warn(self, text: str) -> None:
        """Say what the user should look at in the data that was built; the run goes on."""
        self.warnings.append(text)
        self._say_warning(text)

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
