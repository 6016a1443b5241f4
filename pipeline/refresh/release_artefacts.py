"""The two artefacts of each release; a file that cannot be trusted is left unread, a release left out.

A release is read again without what was found to be damaged or contradicted, until what is left
holds together. A bundle that is refused stays as an earlier build has it, if any has.
"""

from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field

from pipeline.errors import ChangedError, RefusedError
from pipeline.read.bundle import RAW_FOLDER
from pipeline.read.unproven import LeftOut, UnprovenError
from pipeline.refresh.inputs import SortedInputs, SortedRelease, name_to_skip, release_key
from pipeline.refresh.reader import Reader
from pipeline.release import model as release_model
from pipeline.release import read as release_read
from pipeline.release.files import members_by_kind
from pipeline.release.history import Built, says_the_same, tie_of
from pipeline.release.model import UnfinishedModel, build_model
from pipeline.release.read import FACTS
from pipeline.release.schedule import FeeSchedule
from pipeline.report import Report
from pipeline.schedules.all import SCHEDULES, schedule_named
from pipeline.store.shelf import Artefact, Shelf
from schemas.definitions import schedule_names


@dataclass
class ReleaseMaker:
    """Makes the artefacts of releases, or takes them from the shelf.

    ``made`` names what was not on the shelf, ``refused`` the bundles that were left out, each
    with its error; ``held`` names what the build in force has and must keep. ``copies`` are the
    artefacts of bundles that say what another one says: kept, so that those are not read again.
    At most one model is left unfinished, so that memory does not grow with the releases.
    """

    shelf: Shelf
    inputs: SortedInputs
    side: Executor
    report: Report
    threads: int
    held: frozenset[str] = frozenset()
    made: list[str] = field(default_factory=list)
    refused: dict[str, RefusedError] = field(default_factory=dict)
    copies: list[Artefact] = field(default_factory=list)
    _finishing: Future[None] | None = None

    def __post_init__(self) -> None:
        """Ask once for each schedule what reading and computing it depends on."""
        self._of_reading = {one.name: release_read.definitions_for(one) for one in SCHEDULES}
        self._of_computing = {one.name: release_model.definitions_for(one) for one in SCHEDULES}
        self._reader = Reader(self.inputs, self.shelf, self.side, self.held, self._is_read)

    def make_all(self) -> list[Built]:
        """The artefacts of every release that can be had; raises RefusedError where none can."""
        self.refused |= self.inputs.refused
        built = []
        for release in self.inputs.releases:
            built += self._first_sound(release)
        built = self._without_ties(self._without_copies(built))
        held = [
            one
            for name in self.refused
            for key in self._refused_with(name)
            for one in self._held(name, key)
        ]
        built += [one for one in held if not tie_of(one, built)]
        if not built:
            raise next(iter(self.refused.values()))
        return built

    def finish(self) -> None:
        """Wait for what is still being written."""
        if self._finishing:
            self._finishing.result()
            self._finishing = None

    def give_up(self) -> None:
        """Let what is still being written, or is read ahead, come to its end."""
        self._reader.give_up()
        if self._finishing:
            wait([self._finishing])

    def _first_sound(self, release: SortedRelease) -> list[Built]:
        """A release as a list of one, or of none where it is refused.

        Where nothing is wrong but its name, or that the files of another release lie beside its own,
        a bundle with the same files may be sound.
        """
        for one in (release, *self.inputs.repeated.get(release.name, ())):
            try:
                built = [(*self._make(one), one.origin)]
            except ChangedError:
                raise
            except RefusedError as error:
                name_to_skip(error, one.bundle)
                self.refused[one.name] = error
                if error.findings[0].rule not in ("identity", "release"):
                    break
            else:
                self.inputs.note_release(one)
                return built
        return []

    def _without_copies(self, built: list[Built]) -> list[Built]:
        """Of bundles of one posting with the same rows (files saved with other line ends, say) the one
        with the most forms.
        """
        kept: list[Built] = []
        for one in sorted(built, key=lambda one: -sum(one[0].facts["form_counts"].values())):
            of = next((other for other in kept if says_the_same(one[0], other[0])), None)
            if of is None:
                kept.append(one)
                continue
            name, other = (x[0].facts["bundle"] or RAW_FOLDER for x in (one, of))
            self.report.step("same", name, f"all its rows are in {other}")
            self.copies += one[:2]
            key = release_key(one[0].facts["bundle"], one[0].facts["schedule"])
            self.inputs.note_copy(next(x for x in self._all_releases if x.name == key))
        return [one for one in built if any(one is x for x in kept)]

    @property
    def _all_releases(self) -> list[SortedRelease]:
        """The bundles of releases, those with the same files among them."""
        return [*self.inputs.releases, *(x for xs in self.inputs.repeated.values() for x in xs)]

    def _without_ties(self, built: list[Built]) -> list[Built]:
        """Of two bundles of one posting the one that is held already counts, else neither does."""
        before = self.inputs.before.made_from
        kept = []
        for one in built:
            name = release_key(one[0].facts["bundle"], one[0].facts["schedule"])
            error = tie_of(one, built)
            if error and before.get(name) != one[0].made_from:
                self.refused[name] = error
            else:
                kept.append(one)
        return kept

    def _refused_with(self, name: str) -> list[str]:
        """The releases that a refusal takes away: one, or whatever a bundle held that cannot be opened."""
        known = self.refused.keys() | {release.name for release in self._all_releases}
        keys = [release_key(name, schedule) for schedule in schedule_names()]
        return [key for key in keys if key == name or key not in known]

    def _held(self, name: str, key: str) -> list[Built]:
        """What an earlier build has of a release that is refused now, as a list of one or none."""
        made_from = self.inputs.before.made_from.get(key, "")
        found = (self._held_read(made_from, one) for one in SCHEDULES)
        read = next((one for one in found if one), None)
        model = self._held_model(read) if read else None
        if read is None or model is None:
            return []
        release_id = read.facts["release_id"]
        self.report.step("held", release_id, f"as it was before {name} was refused")
        self.refused[name].note_held(release_id)
        return [(read, model, self.inputs.origin_of(read.facts["bundle"]))]

    def _held_read(self, made_from: str, schedule: FeeSchedule) -> Artefact | None:
        """What was read of a release; an update of the program does not take it away."""
        wanted = release_read.STAGE, made_from, self._of_reading[schedule.name]
        read = self.shelf.find(*wanted) or self.shelf.find_of_earlier(*wanted)
        return read if read and read.facts.keys() == FACTS else None

    def _held_model(self, read: Artefact) -> Artefact | None:
        """The model of a release that is held, as it was where today's checks refuse it."""
        try:
            model, begun = self._model(read)
        except (RefusedError, UnprovenError):
            definitions = self._of_computing[read.facts["schedule"]]
            made_from = read.content("stage.")
            return self.shelf.find_of_earlier(release_model.STAGE, made_from, definitions)
        self._finish_aside(begun)
        return model

    def _finish_aside(self, begun: UnfinishedModel | None) -> None:
        """Let the side finish a model that was begun: it hashes files that are still being written."""
        if begun:
            self._finishing = self.side.submit(begun.finish)

    def _is_read(self, release: SortedRelease) -> bool:
        return self._find_read(release.made_from, schedule_named(release.schedule)) is not None

    def _find_read(self, made_from: str, schedule: FeeSchedule) -> Artefact | None:
        return self.shelf.find(release_read.STAGE, made_from, self._of_reading[schedule.name])

    def _make(self, release: SortedRelease) -> tuple[Artefact, Artefact]:
        """Both artefacts of a release, read without whatever of it cannot be trusted."""
        left_out = self._reader.left_out(release)
        while True:
            try:
                return self._try(release, left_out)
            except UnprovenError as error:
                left_out.add(
                    error, members_by_kind(release.bundle, schedule_named(release.schedule))
                )

    def _try(self, release: SortedRelease, left_out: LeftOut) -> tuple[Artefact, Artefact]:
        bundle, schedule = release.bundle.bundle, schedule_named(release.schedule)
        read, unfinished = None, None
        if not left_out.causes:
            read = self._find_read(release.made_from, schedule)
        if read is None:
            self.report.start("read", bundle.name)
            unfinished = self._reader.read(release, left_out)
            read = unfinished.artefact
        begun = None
        try:
            model, begun = self._model(read)
            if unfinished:
                unfinished.finish()
        except BaseException:
            for one in (unfinished, begun):
                if one:
                    one.give_up()
            raise
        self._finish_aside(begun)
        if unfinished or begun:
            self.made.append(read.facts["release_id"])
            self.report.step("read" if unfinished else "compute", self.made[-1], bundle.name)
        release.bundle.forget_bytes()
        return read, model

    def _model(self, read: Artefact) -> tuple[Artefact, UnfinishedModel | None]:
        """The model of what was read, and the same as long as it is not finished."""
        schedule = schedule_named(read.facts["schedule"])
        definitions = self._of_computing[schedule.name]
        model = self.shelf.find(release_model.STAGE, read.content("stage."), definitions)
        if model:
            return model, None
        self.report.start("compute", read.facts["release_id"])
        self.finish()
        begun = build_model(read, schedule, self.shelf, self.threads, self.side)
        return begun.artefact, begun
