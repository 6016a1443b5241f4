"""Print what a release costs that is added to one, to 25 and to 100 already there: ``make bench-history``.

The releases are made from CMS's RVU25D, so that each has its size; the additions take turns, and
each begins from a warehouse of its own that holds what was there before. By stages it is told
which step grows with what is held.
"""

import sys
import tempfile
from pathlib import Path

from tests.bench.budget import REST, Spent, sampled
from tests.bench.measure import RELEASE, Measured, measure, median, ratio
from tests.bench.pages import weight_of
from tests.bench.place import FEES, Place
from tests.bench.queries import bench_queries
from tests.bench.stages import STAGES
from tests.helpers.releases import Maker, timeline

RUNS = 3

# What is there, and what is added: what a release has stays the same from 2021 on.
COUNTS = (1, 25, 100)
ADDED = "RVU26A"

# Asked of a release more beside 100, against one beside one.
ALLOWED_RATIO, ALLOWED_PEAK = 1.2, 700


def prepared(folder: Path, counts: tuple[int, ...] = COUNTS) -> tuple[dict[int, Place], Path]:
    """Warehouses of so many releases, and the release that is to be added to each."""
    postings = timeline(2000, 2026)
    last = next(n for n, posting in enumerate(postings) if posting.release_id == ADDED)
    made = folder / "made"
    made.mkdir(parents=True)
    maker = Maker(RELEASE)
    *there, added = (
        maker.write(posting, made, as_zip=False)
        for posting in postings[last - max(counts) : last + 1]
    )
    places = {count: Place(folder / f"{count}") for count in counts}
    for count, place in places.items():
        place.put_in(*there[-count:])
        built = place.refresh()
        print(
            f"{count:>3} releases from nothing: {built.wall:6.2f} s, {built.wall / count:5.2f} each, cpu "
            f"{built.cpu / count:5.2f} each, peak {built.peak:4.0f} MB",
            flush=True,
        )
    return places, added


def bench_history(folder: Path, counts: tuple[int, ...] = COUNTS) -> None:
    """Measure the additions, then what is asked of the warehouse that each gives."""
    places, added = prepared(folder, counts)
    found: dict[int, list[Measured]] = {count: [] for count in counts}
    for _ in range(RUNS):
        for count, place in places.items():
            found[count].append(place.with_more(folder / f"more-{count}", added).refresh())
    first, *_, last = counts
    for count, measured in found.items():
        print(
            f"one release added to {count:>3}: {median(measured, 'wall'):6.2f} s, cpu "
            f"{median(measured, 'cpu'):6.2f} s, peak {median(measured, 'peak'):4.0f} MB; against {first}: "
            f"{ratio(measured, found[first], 'wall'):.2f} (cpu {ratio(measured, found[first], 'cpu'):.2f})"
        )
    print(
        f"asked of {last} against {first}: at most {ALLOWED_RATIO}, and a peak of {ALLOWED_PEAK} MB"
    )
    for count in counts:
        _ask(count, Place(folder / f"more-{count}"))
    print(f"the queries of docs/queries.md over {last + 1} releases")
    bench_queries(Place(folder / f"more-{last}").warehouse.database)
    _print_growth(
        {
            n: sampled(place.with_more(folder / "sampled", added).to_refresh()).stages
            for n, place in places.items()
        }
    )
    for count, place in places.items():
        _bench_site(count, place, added, folder / "scratch")


def _ask(count: int, place: Place) -> None:
    """What the commands take that are called most."""
    warehouse = ["--warehouse", str(place.warehouse.folder)]
    asked = {
        "refresh with nothing new": place.to_refresh(),
        "status": ["status", *warehouse],
        "show 99213": ["show", "99213", *warehouse],
    }
    for words, arguments in asked.items():
        taken = [measure([str(FEES), *arguments], allowed=(0, 11)) for _ in range(RUNS)]
        print(
            f"fees {words}, {count + 1} releases: {median(taken, 'wall'):.2f} s, cpu {median(taken, 'cpu'):.2f} s"
        )


def _print_growth(stages: dict[int, dict[str, Spent]]) -> None:
    """The processor time of each stage, those that grow most first."""
    first, *_, last = stages
    print("processor seconds by stage" + "".join(f"{f'beside {count}':>12}" for count in stages))
    none = Spent()

    def cpu(stage: str, count: int) -> float:
        return stages[count].get(stage, none).cpu

    for stage in sorted((*STAGES, REST), key=lambda x: cpu(x, first) - cpu(x, last)):
        print(f"  {stage:<32}" + "".join(f"{cpu(stage, count):12.2f}" for count in stages))


def _bench_site(count: int, place: Place, added: Path, scratch: Path) -> None:
    """What the same costs, once, where the exports hold the pages, of which most stay the same files."""
    place.refresh("--site")
    print(f"pages of {count:>3}: {weight_of(place.warehouse.current / 'site')}")
    found = place.with_more(scratch, added).refresh("--site")
    print(
        f"one release added to {count:>3}, pages included: {found.wall:6.2f} s, cpu "
        f"{found.cpu:6.2f} s, peak {found.peak:4.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    if not RELEASE.is_dir():
        sys.exit(f"error: the bench needs CMS's files of RVU25D in {RELEASE}")
    with tempfile.TemporaryDirectory() as place:
        bench_history(Path(place), tuple(map(int, sys.argv[1:])) or COUNTS)
