"""Write the sample release of the Physician Fee Schedule from three small tables.

The tables beside this script hold the figures: ``figures.csv`` (one row per code and modifier),
``localities.csv`` (one row per payment locality) and ``zips.csv`` (some ZIP codes). The script
turns them into the files of a release, in the layouts and with the oddities of CMS's own files of
October 2025, because those oddities are what a reader of such files has to survive.

    python raw/sample/build_sample.py            writes the folder rvu25d-sample
    python raw/sample/build_sample.py --check    only compares, and fails on a difference
"""

import argparse
import sys
import tempfile
import zipfile
from pathlib import Path

from builder import anes, gpci, locco, oppscap, pfrev, pprrvu, zip5
from builder.tables import Tables

HERE = Path(__file__).resolve().parent
RELEASE_FOLDER = HERE / "rvu25d-sample"
FILE_KINDS = (pprrvu, gpci, locco, anes, oppscap, pfrev, zip5)


def main() -> int:
    """Write the sample release, or compare it with the one on disk; return the exit status."""
    parser = argparse.ArgumentParser(description="Write the sample release from the three tables.")
    parser.add_argument(
        "--check", action="store_true", help="only compare; exit with 1 on a difference"
    )
    if not parser.parse_args().check:
        write_release(RELEASE_FOLDER)
        return 0
    different = differing_files(RELEASE_FOLDER)
    if different:
        print(
            f"The sample release is not what the tables give: {', '.join(different)}."
            " Run build_sample.py without --check to write it anew.",
            file=sys.stderr,
        )
        return 1
    return 0


def write_release(folder: Path) -> None:
    """Write all files of the sample release to a folder."""
    tables = Tables.read(HERE)
    folder.mkdir(parents=True, exist_ok=True)
    for file_kind in FILE_KINDS:
        file_kind.write(folder, tables)


def differing_files(folder: Path) -> list[str]:
    """Return the names of the files that are missing, too many or not what the tables give."""
    with tempfile.TemporaryDirectory() as temporary:
        write_release(Path(temporary))
        expected, found = contents(Path(temporary)), contents(folder)
    return sorted(name for name in expected | found if expected.get(name) != found.get(name))


def contents(folder: Path) -> dict[str, bytes | dict[str, bytes]]:
    """Return what the files of a folder say, by name, for comparing them with others."""
    return {path.name: content(path) for path in folder.glob("*")}


def content(path: Path) -> bytes | dict[str, bytes]:
    """Return the bytes of a file, or of a workbook the bytes of each of its members.

    A workbook is a compressed archive, whose own bytes depend on the compression library.
    """
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


if __name__ == "__main__":
    sys.exit(main())
