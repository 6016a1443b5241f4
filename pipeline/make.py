"""The artefacts of all inputs: what is on the shelf is taken from there, the rest is made."""

from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.artefact import Artefact, Shelf
from pipeline.inputs import SortedInputs, SortedRelease
from pipeline.options import Options
from pipeline.pfs import companion, release_model, release_read
from pipeline.pfs.change import change_between
from pipeline.pfs.contents import Companion, Contents
from pipeline.pfs.history import order_postings
from pipeline.pfs.release_model import UnfinishedModel, build_model
from pipeline.pfs.release_read import read_release
from pipeline.report import Report


@dataclass
class Made:
    """The contents of the new warehouse; ``built`` names what was not on the shelf.

    At most one model is left unfinished, so that memory does not grow with the releases.
    """

    contents: Contents = field(default_factory=lambda: Contents([], [], {}, []))
    built: list[str] = field(default_factory=list)
    unfinished: UnfinishedModel | None = None

    def finish(self) -> None:
        """Wait for what is still being written."""
        if self.unfinished:
            self.unfinished.finish()
            self.unfinished = None


def make_artefacts(
    options: Options, shelf: Shelf, inputs: SortedInputs, side: Executor, report: Report
) -> Made:
    """Find or make every artefact, and put the postings into their order.

    Raises RefusedError where an input cannot be trusted.
    """
    made = Made()
    for member, kind, made_from in inputs.companions:
        artefact = shelf.find(companion.STAGE, made_from, companion.definitions)
        if artefact is None:
            report.start("read", member.base_name)
            artefact = companion.build_companion(member, kind, shelf, made_from, options.threads)
            made.built.append(member.label)
            report.step("read", member.base_name, kind)
        member.forget_bytes()
        made.contents.companions.append(Companion(kind, artefact))
    for name, of in inputs.copies.items():
        report.step("same", name, f"all its files are in {of}")
    built = []
    try:
        for release in inputs.releases:
            read, model = _release(release, options, shelf, side, made, report)
            built.append((read, model, release.origin))
        made.contents.postings, made.contents.periods = order_postings(built)
        _compare_neighbours(made, shelf, options.threads)
    except BaseException:
        if made.unfinished:
            made.unfinished.give_up()
        raise
    return made


def _release(
    release: SortedRelease,
    options: Options,
    shelf: Shelf,
    side: Executor,
    made: Made,
    report: Report,
) -> tuple[Artefact, Artefact]:
    bundle = release.bundle.bundle
    read = shelf.find(release_read.STAGE, release.made_from, release_read.definitions)
    unfinished = None
    if read is None:
        report.start("read", bundle.name)
        unfinished = read_release(release.bundle, shelf, release.made_from, side)
        read = unfinished.artefact
    name = read.facts["release_id"]
    model = shelf.find(release_model.STAGE, read.content("stage."), release_model.definitions)
    modelling = None
    try:
        if model is None:
            report.start("compute", name)
            made.finish()
            modelling = build_model(read, shelf, options.threads, side)
            model = modelling.artefact
        if unfinished:
            unfinished.finish()
    except BaseException:
        if unfinished:
            unfinished.give_up()
        if modelling:
            modelling.give_up()
        raise
    made.unfinished = modelling or made.unfinished
    if unfinished or modelling:
        made.built.append(name)
        report.step("read" if unfinished else "compute", name, bundle.name)
    bundle.forget_bytes()
    return read, model


def _compare_neighbours(made: Made, shelf: Shelf, threads: int) -> None:
    """What changed from each release in force to the next."""
    current = [posting for posting in made.contents.postings if posting.is_current]
    current.sort(key=lambda posting: posting.row["effective_from"])
    for before, after in pairwise(current):
        made.contents.changes[after.release_id] = change_between(before, after, shelf, threads)
