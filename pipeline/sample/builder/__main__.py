"""Write the sample release of the Physician Fee Schedule from three small tables.

The tables in ``pipeline/sample`` hold the figures: ``figures.csv`` (one row per code and modifier),
``localities.csv`` (one row per payment locality) and ``zips.csv`` (some ZIP codes). This turns
them into the files of a release, in the layouts and with the oddities of CMS's own files of
October 2025, because those oddities are what a reader of such files has to survive.

    python -m pipeline.sample.builder            writes the folder rvu25d-sample
    python -m pipeline.sample.builder --check    only compares, and fails on a difference
"""

import argparse
import sys
import tempfile
import zipfile
from pathlib import Path

from pipeline.sample import SAMPLE, SAMPLE_BUNDLE
from pipeline.sample.builder import anes, gpci, locco, oppscap, pfrev, pprrvu, zip5
from pipeline.sample.builder.tables import Tables

FILE_KINDS = (pprrvu, gpci, locco, anes, oppscap, pfrev, zip5)


def main(sample: Path = SAMPLE) -> int:
    """Write the release of a sample folder, or compare it with its tables; the exit status."""
    parser = argparse.ArgumentParser(description="Write the sample release from the three tables.")
    parser.add_argument(
        "--check", action="store_true", help="only compare; exit with 1 on a difference"
    )
    release = sample / SAMPLE_BUNDLE.name
    if not parser.parse_args().check:
        write_release(sample, release)
        return 0
    different = differing_files(sample, release)
    if different:
        print(
            f"The sample release is not what the tables give: {', '.join(different)}."
            " Write it anew with: make sample",
            file=sys.stderr,
        )
        return 1
    return 0


def write_release(sample: Path, folder: Path) -> None:
    """Write to ``folder`` all files of the release that the tables in ``sample`` give."""
    tables = Tables.read(sample)
    folder.mkdir(parents=True, exist_ok=True)
    for file_kind in FILE_KINDS:
        file_kind.write(folder, tables)


def differing_files(sample: Path, folder: Path) -> list[str]:
    """Return the names of the files that are missing, too many or not what the tables give."""
    with tempfile.TemporaryDirectory() as temporary:
        write_release(sample, Path(temporary))
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
