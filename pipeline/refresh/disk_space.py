"""Whether the disk has room for a build, asked before the first byte of it is written."""

import shutil
from pathlib import Path

from pipeline.errors import StorageError
from pipeline.read.raw_folder import RawFolder
from pipeline.store.state import Inputs

# Measured on RVU22A to RVU26C: the artefacts of a release have 3.8 times the bytes of its folder
# and up to 9.8 times those of its zip; database and whole-table exports of five releases have
# 1.1 times the bytes of their zips and folders, and those of the sample 25 MB.
ARTEFACTS_PER_NEW_BYTE = 11
BUILD_PER_BYTE = 2
BUILD_AT_LEAST = 45_000_000
# The pages of RVU25A to RVU25D take 6.5 times the bytes of CMS's zip in small files, each a block
# or more, and what they share 8 MB.
SITE_PER_BYTE = 7
SITE_AT_LEAST = 10_000_000


def needed_bytes(found: RawFolder, before: Inputs, program: str) -> int:
    """What a build of these inputs may take on disk, where ``before`` was built already."""
    known = set(before.stamps) if before.fingerprint == program else set()
    new = sum(stamp.size for stamp in found.stamps if stamp not in known)
    every = sum(stamp.size for stamp in found.stamps)
    return ARTEFACTS_PER_NEW_BYTE * new + BUILD_PER_BYTE * every + BUILD_AT_LEAST


def needed_by_site(found: RawFolder) -> int:
    """What the pages of these inputs may take besides, all written anew."""
    return SITE_PER_BYTE * sum(stamp.size for stamp in found.stamps) + SITE_AT_LEAST


def refuse_full_disk(warehouse: Path, needed: int) -> None:
    """Raise StorageError where the disk of the warehouse has less than ``needed`` bytes free."""
    free = shutil.disk_usage(warehouse).free
    if free < needed:
        raise StorageError(
            f"The disk of {warehouse} has {_megabytes(free)} free, and this build may need "
            f"{_megabytes(needed)}; nothing was changed. Make room, or name another place with "
            "--warehouse."
        )


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
