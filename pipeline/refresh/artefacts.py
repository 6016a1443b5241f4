"""The artefacts of all inputs: what is on the shelf is taken from there, the rest is made."""

from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial

from pipeline.command import command
from pipeline.errors import RefusedError
from pipeline.refresh.inputs import SortedInputs
from pipeline.refresh.options import Options
from pipeline.refresh.release_artefacts import ReleaseMaker
from pipeline.release import companion
from pipeline.release.change import change_between, definitions_for
from pipeline.release.history import order_postings, series_in_force
from pipeline.release.warehouse_inputs import Companion, WarehouseInputs
from pipeline.report import Report
from pipeline.schedules.all import companion_kinds, schedule_named
from pipeline.store.shelf import Artefact, Shelf

# So many unknown files of one folder or zip are named one by one.
MOST_NAMED = 3


@dataclass
class Made:
    """The contents of the new warehouse, and who makes its releases.

    ``built`` names what was not on the shelf, ``refused`` the bundles that were left out, ``pages``
    what the releases have of the site, where it was written.
    """

    maker: ReleaseMaker
    contents: WarehouseInputs = field(default_factory=lambda: WarehouseInputs([], [], {}, []))
    pages: list[Artefact] = field(default_factory=list)

    @property
    def built(self) -> list[str]:
        """The names of what was not on the shelf."""
        return self.maker.made

    @property
    def artefacts(self) -> list[Artefact]:
        """What the next refresh takes from the shelf."""
        return [*self.contents.artefacts, *self.maker.copies, *self.pages]

    @property
    def refused(self) -> dict[str, RefusedError]:
        """The bundles that were refused, each with its error."""
        return self.maker.refused


def make_artefacts(
    options: Options,
    shelf: Shelf,
    inputs: SortedInputs,
    held: set[str],
    side: Executor,
    report: Report,
) -> Made:
    """Find or make every artefact, and put the postings into their order.

    ``held`` are the holdings of the build in force. A bundle that is refused is left out, or stays
    as an earlier build has it. Raises RefusedError where no release is left.
    """
    kept = frozenset(held - set(options.forget))
    maker = ReleaseMaker(shelf, inputs, side, report, options.threads, kept)
    made = Made(maker)
    _make_companions(made, shelf, inputs, report)
    for name, of in inputs.copies.items():
        report.step("same", name, f"all its files are in {of}")
    unknown = [n for n, verdict in inputs.remembered.verdicts.items() if verdict == "unknown"]
    _tell_unknown(unknown, report)
    for name in inputs.lists_of_changes:
        report.remind(f"{name} lists changes by its name and is not read; its table is")
    try:
        made.contents.postings, made.contents.periods = order_postings(maker.make_all())
        _compare_neighbours(made, shelf, side, options.threads)
    except BaseException:
        maker.give_up()
        raise
    return made


def _tell_unknown(names: list[str], report: Report) -> None:
    """Say which files are not read; of a folder or zip with many of them only how many."""
    by_folder: dict[str, list[str]] = {}
    for name in names:
        by_folder.setdefault(name.rpartition("/")[0], []).append(name)
    for folder, of_folder in by_folder.items():
        if folder and len(of_folder) > MOST_NAMED:
            detail = f"{len(of_folder)} files that this program does not read; {command('status')} has them"
            report.step("ignore", folder, detail)
            continue
        for name in of_folder:
            report.step("ignore", name, "not a file that this program reads")


def _make_companions(made: Made, shelf: Shelf, inputs: SortedInputs, report: Report) -> None:
    for member, kind, made_from in inputs.companions:
        declared = companion_kinds()[kind]
        artefact = shelf.find(companion.STAGE, made_from, companion.definitions_for(declared))
        if artefact is None:
            report.start("read", member.base_name)
            try:
                artefact = companion.make_companion(
                    member, kind, declared, shelf, made_from, made.maker.threads
                )
            except RefusedError as error:
                error.note_input(member.label)
                raise
            made.built.append(member.label)
            report.step("read", member.base_name, kind)
        member.forget_bytes()
        made.contents.companions.append(Companion(kind, declared, artefact))


def _compare_neighbours(made: Made, shelf: Shelf, side: Executor, threads: int) -> None:
    """What changed from each release in force to the next of its series."""
    for of_series in series_in_force(made.contents.postings):
        schedule = schedule_named(of_series[0].schedule)
        if schedule.change is None:
            continue
        change, definitions = schedule.change, definitions_for(schedule.change)
        compare = partial(change_between, change, definitions, shelf=shelf, threads=threads)
        # Two of the largest at once would fill the memory.
        each = map if schedule.model.too_large_for_memory else side.map
        for after, artefact in zip(
            of_series[1:], each(compare, of_series, of_series[1:]), strict=True
        ):
            made.contents.changes[change.table, after.release_id] = artefact
