"""A raw folder and a warehouse to measure refreshes in."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.publish.swap import Warehouse
from tests.bench.measure import Measured, measure

FEES = Path(sys.executable).with_name("fees")

# Published, perhaps with warnings about the data.
PUBLISHED = (0, 11)


@dataclass(frozen=True)
class Place:
    """A folder with a raw folder and a warehouse in it."""

    folder: Path

    @property
    def raw(self) -> Path:
        """Where releases are put."""
        return self.folder / "raw"

    @property
    def warehouse(self) -> Warehouse:
        """What is made of them."""
        return Warehouse(self.folder / "warehouse")

    def put_in(self, *releases: Path) -> None:
        """Let the raw folder have these releases too."""
        self.raw.mkdir(parents=True, exist_ok=True)
        for release in releases:
            (self.raw / release.name).symlink_to(release)

    def to_refresh(self, *asked: str) -> list[str]:
        """The arguments of a refresh; ``asked`` are further ones."""
        places = ["--raw", str(self.raw), "--warehouse", str(self.warehouse.folder)]
        return ["refresh", "--no-fetch", *asked, *places]

    def refresh(self, *asked: str) -> Measured:
        """Measure one refresh as a process of its own."""
        return measure([str(FEES), *self.to_refresh(*asked)], PUBLISHED)

    def with_more(self, folder: Path, *releases: Path) -> "Place":
        """A copy in a folder, in place of what was there, whose unchanging files are links."""
        shutil.rmtree(folder, ignore_errors=True)
        copy = Place(folder)
        shutil.copytree(self.raw, copy.raw, symlinks=True)
        copy.put_in(*releases)
        if self.warehouse.folder.exists():
            shutil.copytree(
                self.warehouse.folder, copy.warehouse.folder, symlinks=True, copy_function=_link
            )
        return copy


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)
