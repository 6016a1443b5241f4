"""What becomes of a file that cannot be trusted: it is left unread, and its release goes on."""

from dataclasses import dataclass

from pipeline.errors import RefusedError
from pipeline.read.bundle import Member


class UnprovenError(Exception):
    """A file of a release, or one form of it, cannot be read or is contradicted by its values.

    ``label`` names the form; '' stands for the file in all its forms. The release is read again
    without it; ``cause`` says why.
    """

    def __init__(self, kind: str, cause: RefusedError, label: str = "") -> None:
        super().__init__(str(cause))
        self.kind = kind
        self.cause = cause
        self.label = label


@dataclass(frozen=True)
class Unread:
    """A member of a release that is left unread, and the reason in a sentence."""

    kind: str
    member: Member
    reason: str


def file_of(release_id: str, kind: str) -> str:
    """What a file of a release is called among what a warehouse holds, as in ``RVU25D/gpci``."""
    return f"{release_id}/{kind}"


class LeftOut:
    """The members of one release that are left unread, by label, each with what is wrong with it.

    ``held`` names the files of releases that the build in force has: a release is not read
    without one of them.
    """

    def __init__(self, main_kind: str, held: frozenset[str] = frozenset()) -> None:
        self.main_kind = main_kind
        self.held = held
        self.causes: dict[str, RefusedError] = {}

    def add(self, error: UnprovenError, members: dict[str, list[Member]]) -> None:
        """Leave out what ``error`` is about; ``members`` are those of the release, by kind.

        Raises the cause where the main file is left in no form: without it there is no release.
        """
        of_kind = [member.label for member in members[error.kind]]
        for label in [error.label] if error.label else of_kind:
            self.causes[label] = error.cause
        if error.kind == self.main_kind and set(of_kind) <= self.causes.keys():
            raise next(self.causes[label] for label in self.causes if label in of_kind)
