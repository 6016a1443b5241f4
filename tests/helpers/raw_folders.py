"""Raw folders for the tests of what lies in them: one with a release, and how it is looked into."""

from pathlib import Path

from pipeline.read.raw_folder import RawFolder, look_into, open_zips
from pipeline.read.sort import SortedBundle, sort_bundle
from tests.helpers import bundles

GPCI = bundles.SAMPLE / "GPCI2025.csv"
PPRRVU = bundles.SAMPLE / "PPRRVU2025_Oct_sample.csv"


def folder_of_october(place: Path) -> Path:
    """A raw folder with one release, whose files are those of the sample as CSV."""
    folder = place / "raw" / "october"
    bundles.as_release(bundles.copy_sample(folder))
    return folder.parent


def opened(raw: Path, skip: tuple[str, ...] = ()) -> RawFolder:
    """What lies in a raw folder with its zips open; what cannot be opened is raised."""
    found = look_into(raw, skip)
    open_zips(found, skip)
    for error in found.refused.values():
        raise error
    return found


def sorted_bundles(raw: Path) -> list[SortedBundle]:
    """The bundles of a raw folder, each with its files by kind."""
    return [sort_bundle(bundle) for bundle in opened(raw).bundles]
