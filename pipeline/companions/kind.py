"""What is particular to one kind of file that lies beside releases."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class CompanionKind:
    """A kind of file that lies beside releases.

    ``table`` is the public table that it becomes, '' where it is only compared with. Of two
    functions one may be named, as ``module:function``: ``frame`` makes the rows of that table out
    of what was read (``FileRead``) and the rows that were accepted; ``build``, for files that are
    too large to be read whole, does everything (``Member``, kind, ``Artefact``, threads).
    ``folders`` hold the SQL of it.
    """

    table: str = ""
    frame: str = ""
    build: str = ""
    folders: tuple[Path, ...] = ()

    @property
    def modules(self) -> list[str]:
        """The modules that read it."""
        return sorted(name.partition(":")[0] for name in (self.frame, self.build) if name)


def function_named(name: str) -> Callable[..., Any]:
    """The function that is named as ``module:function``.

    It is imported when a file is read: whoever only asks what kinds there are need not wait for
    what reads them, Polars above all.
    """
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)
