"""What changes from run to run: the inputs as last seen, the run history, a hold after a rollback.

Everything lies in ``warehouse/state/``; nothing else of the warehouse changes when a refresh
finds nothing to do.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipeline import __version__
from pipeline.errors import PipelineError
from pipeline.read.bundle import FileStamp
from pipeline.store.notes import UNREADABLE, read_note

# A damaged file breaks its rules in every line; this many are kept for a person to look at.
MOST_FINDINGS = 1000

# The run history holds at least so many runs, the newest, and at most twice as many.
RUNS_KEPT = 1000


@dataclass
class Inputs:
    """The inputs of the last build that was published, as they were seen.

    ``stamps`` tell without reading that nothing changed; ``hashes`` has the SHA-256 of each
    member under the name of the file on disk; ``verdicts`` says what became of each file.
    ``made_from`` has, by bundle, the hash by which its artefact is found again; ``refused`` the
    bundles that were refused, each with its sentence; ``unreadable`` names what could not be
    read, which another permission may mend without a change of the file.
    """

    build_id: str = ""
    fingerprint: str = ""
    raw: str = ""
    skip: list[str] = field(default_factory=list)
    stamps: list[FileStamp] = field(default_factory=list)
    hashes: dict[str, dict[str, str]] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    made_from: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    @property
    def contents(self) -> dict[str, str]:
        """The SHA-256 of every file, by its label."""
        return {label: x for members in self.hashes.values() for label, x in members.items()}


@dataclass(frozen=True)
class Seen:
    """What is published, as it was when every byte of it was last known to be right.

    The name of the stamp of the ``database`` is its build; ``exports`` is a hash of the stamps of
    all exported files.
    """

    database: FileStamp
    exports: str


@dataclass(frozen=True)
class Hold:
    """After a rollback: ``held_back`` is not built again while the inputs have these contents.

    ``at`` is the time of the rollback and ``in_force`` the build that it returned to.
    """

    at: str
    in_force: str
    held_back: str
    contents: dict[str, str]


def now() -> str:
    """The time as it is noted: UTC, in seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class State:
    """The folder ``warehouse/state``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._inputs = folder / "inputs.json"
        self._history = folder / "runs.jsonl"
        self._refused = folder / "refused.json"
        self._hold = folder / "hold.json"
        self._seen = folder / "published.json"

    def read_inputs(self) -> Inputs:
        """The inputs as last seen; empty where nothing was built yet."""
        # Whatever stood there, the inputs are read again and it is written anew.
        return read_note(self._inputs, Inputs) or Inputs()

    def write_inputs(self, inputs: Inputs) -> None:
        """Remember the inputs of the build that was just published."""
        replace_text(self._inputs, json.dumps(asdict(inputs), indent=1))

    def read_hold(self) -> Hold | None:
        """The hold that a rollback left, or None."""
        return read_note(self._hold, Hold)

    def write_hold(self, hold: Hold | None) -> None:
        """Remember a hold, or that there is none any more."""
        if hold:
            replace_text(self._hold, json.dumps(asdict(hold), indent=1))
        elif not self._hold.is_dir():
            self._hold.unlink(missing_ok=True)

    def read_seen(self) -> Seen | None:
        """What is published, as it was seen last; None where that is not known."""
        return read_note(self._seen, Seen)

    def write_seen(self, seen: Seen) -> None:
        """Remember what is published, so that it need not be read to know that it is whole."""
        replace_text(self._seen, json.dumps(asdict(seen)) + "\n")

    def record_run(self, outcome: str, **details: object) -> None:
        """Append one line to the run history, and shorten that where it has grown long."""
        self.folder.mkdir(parents=True, exist_ok=True)
        run = {"at": now(), "outcome": outcome, **details, "version": __version__}
        lines = self._history_lines()
        with self._history.open("a", encoding="utf-8") as file:
            # A run that was killed while it wrote left half a line, which ends here.
            file.write("\n" if lines and not lines[-1].endswith("\n") else "")
            file.write(json.dumps(run, default=str) + "\n")
        if len(lines) >= 2 * RUNS_KEPT:
            replace_text(self._history, "".join(self._history_lines()[-RUNS_KEPT:]))

    def runs(self) -> list[dict]:
        """The run history, the newest run last."""
        found = []
        for line in self._history_lines():
            with suppress(*UNREADABLE):
                run = json.loads(line)
                found += [run] if is_run(run) else []
        return found

    def _history_lines(self) -> list[str]:
        try:
            return self._history.read_text("utf-8", errors="replace").splitlines(keepends=True)
        except OSError:
            return []

    def write_refused(self, errors: Iterable[PipelineError]) -> None:
        """Keep everything that was wrong with the inputs that were refused last, if any was."""
        findings = [vars(x) for error in errors for x in getattr(error, "findings", [])]
        if findings:
            replace_text(self._refused, json.dumps(findings[:MOST_FINDINGS], indent=1))


def is_run(run: object) -> bool:
    """Whether a line of the history has what every run has."""
    return isinstance(run, dict) and all(isinstance(run.get(x), str) for x in ("at", "outcome"))


def replace_text(path: Path, text: str) -> None:
    """Write a small file in one step, so that it is never half there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    for one in (path, temporary):
        if one.is_dir():
            # An empty folder in the place of a file is nobody's; another is left to its owner.
            one.rmdir()
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
