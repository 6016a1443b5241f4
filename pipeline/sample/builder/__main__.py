"""Write the sample releases from small tables.

The tables in ``pipeline/sample`` hold the figures: ``figures.csv`` (one row per code and modifier),
``localities.csv`` (one row per payment locality) and ``zips.csv`` (some ZIP codes) those of the
Physician Fee Schedule; each of the other schedules has a table of its own. This turns them into the
files of a release of each, in the layouts and with the oddities of CMS's own files, because those
oddities are what a reader of such files has to survive.

    python -m pipeline.sample.builder            writes rvu25d-sample, clfs25q4-sample, ...
    python -m pipeline.sample.builder --check    only compares, and fails on a difference
"""

import argparse
import sys
import tempfile
import zipfile
from pathlib import Path

from pipeline.sample import (
    AOC_BUNDLE,
    ASC_BUNDLE,
    ASP_BUNDLE,
    DMEPOS_BUNDLE,
    HCPCS_BUNDLE,
    LAB_BUNDLE,
    MUE_BUNDLE,
    NCCI_BUNDLE,
    NDC_BUNDLE,
    OPPS_BUNDLE,
    OPPS_RULE_BUNDLE,
    RBCS_BUNDLE,
    SAMPLE,
    SAMPLE_BUNDLE,
    SAMPLE_BUNDLES,
)
from pipeline.sample.builder import (
    anes,
    aoc,
    asc,
    asp,
    clfs,
    dmepos,
    gpci,
    hcpcs,
    locco,
    mue,
    ncci,
    ndc,
    opps,
    oppscap,
    pfrev,
    pprrvu,
    rbcs,
    zip5,
)
from pipeline.sample.builder.tables import Tables

FILE_KINDS = (pprrvu, gpci, locco, anes, oppscap, pfrev, zip5)

# The releases of the other schedules, and who writes each.
OTHER_RELEASES = {
    LAB_BUNDLE: clfs.write,
    ASC_BUNDLE: asc.write,
    ASP_BUNDLE: asp.write,
    DMEPOS_BUNDLE: dmepos.write,
    MUE_BUNDLE: mue.write,
    NDC_BUNDLE: ndc.write,
    OPPS_BUNDLE: opps.write_quarter,
    OPPS_RULE_BUNDLE: opps.write_rule,
    HCPCS_BUNDLE: hcpcs.write,
    RBCS_BUNDLE: rbcs.write,
    AOC_BUNDLE: aoc.write,
    NCCI_BUNDLE: ncci.write,
}


def main(sample: Path = SAMPLE) -> int:
    """Write the releases of a sample folder, or compare them with its tables; the exit status."""
    parser = argparse.ArgumentParser(description="Write the sample releases from the tables.")
    parser.add_argument(
        "--check", action="store_true", help="only compare; exit with 1 on a difference"
    )
    if not parser.parse_args().check:
        write_releases(sample, sample)
        return 0
    different = differing_files(sample)
    if different:
        print(
            f"The sample release is not what the tables give: {', '.join(different)}."
            " Write it anew with: make sample",
            file=sys.stderr,
        )
        return 1
    return 0


def write_releases(sample: Path, folder: Path) -> None:
    """Write below ``folder`` all files of the releases that the tables in ``sample`` give."""
    tables = Tables.read(sample)
    for bundle in SAMPLE_BUNDLES:
        (folder / bundle.name).mkdir(parents=True, exist_ok=True)
    for file_kind in FILE_KINDS:
        file_kind.write(folder / SAMPLE_BUNDLE.name, tables)
    for bundle, write in OTHER_RELEASES.items():
        write(folder / bundle.name, sample)


def differing_files(sample: Path) -> list[str]:
    """Return the names of the files that are missing, too many or not what the tables give."""
    names = []
    with tempfile.TemporaryDirectory() as temporary:
        write_releases(sample, Path(temporary))
        for bundle in SAMPLE_BUNDLES:
            expected = contents(Path(temporary) / bundle.name)
            found = contents(sample / bundle.name)
            both = expected | found
            names += [name for name in both if expected.get(name) != found.get(name)]
    return sorted(names)


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
