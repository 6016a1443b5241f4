"""Files and folders of the warehouse: lists of hashes, and removal of whatever is in the way."""

import shutil
from pathlib import Path


def read_sums(path: Path) -> dict[str, str]:
    """The hash of each file in a list as sha256sum writes it; empty where it cannot be read."""
    try:
        lines = [line.split("  ", 1) for line in path.read_text("utf-8").splitlines()]
        return {name: digest for digest, name in lines}
    except (OSError, ValueError):
        return {}


def write_sums(path: Path, hashes: dict[str, str]) -> None:
    """Write such a list, ``hashes`` by the path of each file from the list's folder, in one step."""
    beside = path.with_name(f".{path.name}.new")
    remove(beside)
    lines = [f"{digest}  {name}\n" for name, digest in sorted(hashes.items())]
    beside.write_text("".join(lines), encoding="utf-8")
    beside.chmod(0o444)
    beside.replace(path)


def remove(path: Path) -> None:
    """Remove a file, a symlink or a folder, where there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
