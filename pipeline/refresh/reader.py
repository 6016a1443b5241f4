"""Reading the files of releases, those of the next one while the tables of the last are computed."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from itertools import pairwise

from pipeline.read.sort import main_kind
from pipeline.read.unproven import LeftOut
from pipeline.refresh.inputs import SortedInputs, SortedRelease
from pipeline.release.read import UnfinishedRead, read_release
from pipeline.schedules.all import schedule_named
from pipeline.store.shelf import Shelf


@dataclass(frozen=True)
class Ahead:
    """A release that is being read before anybody has asked for it."""

    release: SortedRelease
    reading: Future[UnfinishedRead]


class Reader:
    """Reads the releases of ``inputs``, which will be asked for in their order.

    ``held`` are the holdings of the build in force, and ``is_read`` says whether the shelf has what
    was read of a release. Never more than one release is read ahead, so that memory does not grow
    with their number.
    """

    def __init__(
        self,
        inputs: SortedInputs,
        shelf: Shelf,
        side: Executor,
        held: frozenset[str],
        is_read: Callable[[SortedRelease], bool],
    ) -> None:
        self._next = {one.name: following for one, following in pairwise(inputs.releases)}
        self._repeated = inputs.repeated
        self._shelf = shelf
        self._side = side
        self._held = held
        self._is_read = is_read
        self._ahead: Ahead | None = None

    def left_out(self, release: SortedRelease) -> LeftOut:
        """What is left unread of a release that nothing is known against: nothing."""
        return LeftOut(main_kind(release.schedule), self._held)

    def read(self, release: SortedRelease, left_out: LeftOut) -> UnfinishedRead:
        """Read a release without what is ``left_out``, then begin with the next one.

        Raises UnprovenError and RefusedError as ``read_release`` does.
        """
        ahead = self._ahead
        if ahead and ahead.release is release and not left_out.causes:
            self._ahead = None
            unfinished = ahead.reading.result()
        else:
            unfinished = self._read(release, left_out)
        following = self._next.get(release.name)
        if following and not self._ahead and self._may_be_read_beside(release, following):
            reading = self._side.submit(self._read_after, unfinished, following)
            self._ahead = Ahead(following, reading)
        return unfinished

    def give_up(self) -> None:
        """Let what is being read ahead come to its end."""
        if self._ahead:
            wait([self._ahead.reading])
            if not self._ahead.reading.exception():
                self._ahead.reading.result().give_up()
            self._ahead = None

    def _may_be_read_beside(self, release: SortedRelease, following: SortedRelease) -> bool:
        """Not where the two would fill the memory, or lie in one zip, which is closed after each."""
        models = [schedule_named(one.schedule).model for one in (release, following)]
        read_now = (release, *self._repeated.get(release.name, ()))
        return (
            not any(model.too_large_for_memory for model in models)
            and following.bundle.bundle.path not in {one.bundle.bundle.path for one in read_now}
            and not self._is_read(following)
        )

    def _read_after(self, last: UnfinishedRead, release: SortedRelease) -> UnfinishedRead:
        """Read a release once the rows of the one before it are let go of."""
        wait([last.compared])
        return self._read(release, self.left_out(release))

    def _read(self, release: SortedRelease, left_out: LeftOut) -> UnfinishedRead:
        schedule = schedule_named(release.schedule)
        return read_release(
            release.bundle, schedule, left_out, self._shelf, release.made_from, self._side
        )
