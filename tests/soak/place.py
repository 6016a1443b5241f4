"""Places for faults: a warehouse with an old build, and a raw folder from which a new one follows."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.helpers.bundles import SAMPLE
from tests.helpers.releases import Maker, Posting, timeline
from tests.soak.judge import NOTHING, Whole, whole

PFS = str(Path(sys.executable).with_name("pfs"))
DIES = [sys.executable, "-m", "tests.soak.dies"]
# Published, or published with warnings about the data.
DONE = (0, 11)
PROJECT = Path(__file__).parent.parent.parent

MAKER = Maker(SAMPLE)
JANUARY, APRIL, JULY, OCTOBER = timeline(2025, 2025)

Step = Callable[[Path], None]


def add(posting: Posting) -> Step:
    """Put a release into a raw folder."""
    return lambda raw: _write(posting, raw)


def post_again(posting: Posting) -> Step:
    """Put another posting of a release beside the one that is there."""
    return add(posting.posted_again(same_day=False))


def _write(posting: Posting, raw: Path) -> None:
    MAKER.write(posting, raw, as_zip=False)


# What a refresh may have to do, as what came into the raw folder one refresh after another.
CHANGES: dict[str, list[Step]] = {
    "from nothing": [add(JANUARY)],
    "one release more": [add(JANUARY), add(APRIL)],
    "a release posted again": [add(JANUARY), post_again(JANUARY)],
    "a fourth build": [add(JANUARY), add(APRIL), add(JULY), add(OCTOBER)],
}


@dataclass(frozen=True)
class Place:
    """A refresh that is due: ``old`` is published in ``template``, ``new`` follows from ``raw``.

    ``seconds`` is how long it takes undisturbed, ``lines`` what it prints meanwhile, and
    ``borders`` the changes of names that it makes (see ``dies``). ``asked`` are further
    arguments of the refresh.
    """

    name: str
    raw: Path
    template: Path
    old: Whole
    new: Whole
    seconds: float
    lines: list[str]
    borders: list[str]
    asked: tuple[str, ...] = ()

    def warehouse(self, name: str) -> Path:
        """A copy of the old warehouse for one fault."""
        copy = self.template.with_name(name)
        shutil.copytree(self.template, copy, symlinks=True)
        return copy

    def arguments(self, warehouse: Path) -> list[str]:
        """The arguments of ``pfs`` for the refresh that is due."""
        return ["refresh", *self.asked, "--raw", str(self.raw), "--warehouse", str(warehouse)]


def make_place(folder: Path, name: str, *asked: str) -> Place:
    """Make the old warehouse, and learn from a copy of it what the new one is.

    ``asked`` are further arguments of every refresh.
    """
    steps = CHANGES[name]
    raw, template = folder / "raw", folder / "old"
    raw.mkdir(parents=True)
    template.mkdir()
    for step in steps[:-1]:
        step(raw)
        refresh(raw, template, *asked)
    steps[-1](raw)
    old = whole(template) if len(steps) > 1 else NOTHING
    place = Place(name, raw, template, old, NOTHING, 0.0, [], [], asked)
    undisturbed = place.warehouse("undisturbed")
    began = time.monotonic()
    told = run([*DIES, "0", *place.arguments(undisturbed)])
    seconds = time.monotonic() - began
    assert told.returncode in DONE, told.stderr
    borders = re.findall(r"^border: \d+ (.*)$", told.stderr, re.MULTILINE)
    lines = [line for line in told.stderr.splitlines() if not line.startswith("border: ")]
    new = whole(undisturbed)
    assert new.build_id != old.build_id
    return replace(place, new=new, seconds=seconds, lines=lines, borders=borders)


def refresh(raw: Path, warehouse: Path, *asked: str) -> None:
    """One refresh that must succeed."""
    told = run([PFS, "refresh", *asked, "--raw", str(raw), "--warehouse", str(warehouse)])
    assert told.returncode in DONE, told.stderr


def run(command: list[str], **options) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and keep what it says."""
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False, **options
    )


def start(command: list[str]) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, which may be killed as a whole."""
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
