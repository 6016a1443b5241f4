"""What changes from run to run: the inputs as last seen, the run history, the lock.

Everything lies in ``warehouse/state/``; nothing else of the warehouse changes when a refresh
finds nothing to do.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipeline.bundle import FileStamp


@dataclass
class Inputs:
    """The inputs of the published build, as they were seen.

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


class State:
    """The folder ``warehouse/state``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock_path = folder / "refresh.lock"
        self._inputs = folder / "inputs.json"
        self._history = folder / "runs.jsonl"
        self._refused = folder / "refused.json"

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
        _replace_text(self._inputs, json.dumps(asdict(inputs), indent=1))

    def record_run(self, outcome: str, **details: object) -> None:
        """Append one line to the run history."""
        self.folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        line = json.dumps({"at": now, "outcome": outcome, **details}, default=str)
        with self._history.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def last_runs(self, count: int) -> list[dict]:
        """The last lines of the run history, the newest last."""
        if not self._history.exists():
            return []
        runs = []
        for line in self._history.read_text("utf-8", errors="replace").splitlines()[-count:]:
            # A run that was killed while it wrote leaves half a line.
            with suppress(ValueError):
                runs.append(json.loads(line))
        return runs

    def write_refused(self, findings: list[dict]) -> None:
        """Keep everything that was wrong with the input that was refused last."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace_text(self._refused, json.dumps(findings, indent=1))


def _replace_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
