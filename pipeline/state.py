"""What changes from run to run: the inputs as last seen, the run history, a hold after a rollback.

Everything lies in ``warehouse/state/``; nothing else of the warehouse changes when a refresh
finds nothing to do.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipeline import __version__
from pipeline.bundle import FileStamp

# The run history holds at least so many runs, the newest, and at most twice as many.
RUNS_KEPT = 1000


@dataclass
class Inputs:
    """The inputs of the last build that was published, as they were seen.

    ``database_sha256`` is the hash of the database as it was published; ``stamps`` tell without reading that nothing changed; ``hashes`` has the SHA-256 of each
    member under the name of the file on disk; ``verdicts`` says what became of each file.
    """

    build_id: str = ""
    database_sha256: str = ""
    fingerprint: str = ""
    raw: str = ""
    skip: list[str] = field(default_factory=list)
    stamps: list[FileStamp] = field(default_factory=list)
    hashes: dict[str, dict[str, str]] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)

    @property
    def contents(self) -> dict[str, str]:
        """The SHA-256 of every file, by its label."""
        return {label: x for members in self.hashes.values() for label, x in members.items()}


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
        self._database = folder / "database.json"

    def read_inputs(self) -> Inputs:
        """The inputs as last seen; empty where nothing was built yet."""
        try:
            entries = json.loads(self._inputs.read_text("utf-8"))
            entries["stamps"] = [FileStamp(**stamp) for stamp in entries["stamps"]]
            return Inputs(**entries)
        except (OSError, ValueError, TypeError, KeyError):
            # Whatever stood there, the inputs are read again and it is written anew.
            return Inputs()

    def write_inputs(self, inputs: Inputs) -> None:
        """Remember the inputs of the build that was just published."""
        replace_text(self._inputs, json.dumps(asdict(inputs), indent=1))

    def read_hold(self) -> Hold | None:
        """The hold that a rollback left, or None."""
        try:
            return Hold(**json.loads(self._hold.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write_hold(self, hold: Hold | None) -> None:
        """Remember a hold, or that there is none any more."""
        if hold:
            replace_text(self._hold, json.dumps(asdict(hold), indent=1))
        else:
            self._hold.unlink(missing_ok=True)

    def read_database(self) -> FileStamp | None:
        """The database as it was when it was opened last; its build stands for its name."""
        try:
            return FileStamp(**json.loads(self._database.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write_database(self, stamp: FileStamp) -> None:
        """Remember the database and its build, so that it need not be opened to know that."""
        replace_text(self._database, json.dumps(asdict(stamp)))

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
            with suppress(ValueError):
                run = json.loads(line)
                found += [run] if isinstance(run, dict) else []
        return found

    def _history_lines(self) -> list[str]:
        try:
            return self._history.read_text("utf-8", errors="replace").splitlines(keepends=True)
        except FileNotFoundError:
            return []

    def write_refused(self, findings: list[dict]) -> None:
        """Keep everything that was wrong with the input that was refused last."""
        replace_text(self._refused, json.dumps(findings, indent=1))


def replace_text(path: Path, text: str) -> None:
    """Write a small file in one step, so that it is never half there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
