"""Print what a release costs that is added to one, and to twenty-five already there.

The releases are made from CMS's RVU25D, so that each has its size; the two additions take
turns, and each begins from a warehouse of its own that holds what was there before.
"""

import shutil
import statistics
import tempfile
from pathlib import Path

from tests.bench.measure import PROJECT, RELEASE, Measured, measure
from tests.bench.pages import weight_of
from tests.helpers.releases import Maker, timeline

RUNS = 3
THERE = 25


def refresh(raw: Path, warehouse: Path, *asked: str) -> Measured:
    """Measure one refresh as a process of its own; ``asked`` are further arguments."""
    pfs = str(PROJECT / ".venv" / "bin" / "pfs")
    places = ["--raw", str(raw), "--warehouse", str(warehouse)]
    return measure([pfs, "refresh", "--no-fetch", *asked, *places], allowed=(0, 11))


def prepare(folder: Path, releases: list[Path]) -> Path:
    """A place whose warehouse holds these releases."""
    (folder / "raw").mkdir(parents=True)
    for release in releases:
        (folder / "raw" / release.name).symlink_to(release)
    refresh(folder / "raw", folder / "warehouse")
    return folder


def add(prepared: Path, release: Path, scratch: Path, *asked: str) -> Measured:
    """Measure adding a release to a copy of a place, whose unchanging files are links."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(prepared / "raw", scratch / "raw", symlinks=True)
    (scratch / "raw" / release.name).symlink_to(release)
    shutil.copytree(
        prepared / "warehouse", scratch / "warehouse", symlinks=True, copy_function=_link
    )
    return refresh(scratch / "raw", scratch / "warehouse", *asked)


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def bench_history(folder: Path) -> None:
    """Measure, and print the ratio of both additions and their peak memory."""
    made = folder / "made"
    made.mkdir(parents=True)
    maker = Maker(RELEASE)
    postings = timeline(2020, 2026)[: THERE + 1]
    releases = [maker.write(posting, made, as_zip=False) for posting in postings]
    *there, added = releases
    one = prepare(folder / "one", [there[-1]])
    many = prepare(folder / "many", there)
    found: dict[str, list[Measured]] = {"one": [], "many": []}
    for _ in range(RUNS):
        found["one"].append(add(one, added, folder / "scratch"))
        found["many"].append(add(many, added, folder / "scratch"))
    idle = [refresh(folder / "scratch" / "raw", folder / "scratch" / "warehouse") for _ in range(5)]
    to_one, to_many = (statistics.median(x.wall for x in found[name]) for name in found)
    allowed = 1.3 * to_one + 0.1 * THERE
    print(f"one release added to one:         {to_one:5.2f} s, peak {_peak(found['one']):4.0f} MB")
    print(
        f"one release added to {THERE}:          {to_many:5.2f} s, peak {_peak(found['many']):4.0f} MB"
    )
    print(f"ratio {to_many / to_one:.2f}; allowed 1.3 x + 0.1 s x {THERE} = {allowed:.2f} s")
    print(f"nothing new with {THERE + 1} releases: {statistics.median(x.wall for x in idle):.2f} s")
    _bench_site(folder, {"one": one, f"{THERE}": many}, added)


def _bench_site(folder: Path, prepared: dict[str, Path], added: Path) -> None:
    """What the same costs where the exports hold the pages, of which most stay the same files."""
    for name, place in prepared.items():
        from_nothing = refresh(place / "raw", place / "warehouse", "--site")
        found = [add(place, added, folder / "scratch", "--site") for _ in range(RUNS)]
        print(f"pages of {name:>3} made for the first time:        {from_nothing.wall:6.2f} s")
        print(
            f"pages of {name:>3}: {weight_of(place / 'warehouse' / 'exports' / 'current' / 'site')}"
        )
        taken = statistics.median(x.wall for x in found)
        print(
            f"one release added to {name:>3}, pages included: {taken:6.2f} s, peak {_peak(found):4.0f} MB"
        )


def _peak(measured: list[Measured]) -> float:
    return statistics.median(one.peak for one in measured)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        bench_history(Path(place))
