"""Kinds of mutation of a bundle that is a zip."""

import io
import warnings
import zipfile
from collections.abc import Callable
from random import Random

from tests.soak.mutation.mutant import BUNDLE, Files, kind, put

ZIP = f"{BUNDLE}.zip"
CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


def zipped(files: Files, add: Callable[[zipfile.ZipFile], None] = lambda archive: None) -> bytes:
    """The files as a zip, with what ``add`` puts in last."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            put(archive, path.removeprefix(f"{BUNDLE}/"), content)
        add(archive)
    return data.getvalue()


def _replace_by(files: Files, data: bytes) -> None:
    files.clear()
    files[ZIP] = data


@kind("a good zip", expect="loads")
def good_zip(rng: Random, files: Files) -> str:
    _replace_by(files, zipped(files))
    return ZIP


@kind("a byte of a zip's data flipped", expect="seen")
def flip_in_data(rng: Random, files: Files) -> str:
    data = bytearray(zipped(files))
    # Behind the first local header, so that it is the compressed data that is hit.
    starts = [data.find(LOCAL), data.find(LOCAL, 100)]
    place = rng.randrange(starts[0] + 60, starts[1] - 1)
    data[place] ^= 1 << rng.randrange(8)
    _replace_by(files, bytes(data))
    return f"{ZIP}, byte {place}"


@kind("a byte of a zip's directory flipped")
def flip_in_directory(rng: Random, files: Files) -> str:
    data = bytearray(zipped(files))
    place = rng.randrange(data.find(CENTRAL), len(data))
    data[place] ^= 1 << rng.randrange(8)
    _replace_by(files, bytes(data))
    return f"{ZIP}, byte {place}"


@kind("a checksum in a zip changed", expect="seen")
def other_checksum(rng: Random, files: Files) -> str:
    data = bytearray(zipped(files))
    data[data.find(CENTRAL) + 16 + rng.randrange(4)] ^= 1 << rng.randrange(8)
    _replace_by(files, bytes(data))
    return ZIP


@kind("a zip cut short", expect="seen")
def cut_zip(rng: Random, files: Files) -> str:
    data = zipped(files)
    # What a zip's last bytes after the length of its comment would be is nothing.
    _replace_by(files, data[: rng.randrange(len(data) - 1)])
    return ZIP


@kind("a zip in a zip", expect="seen")
def nested_zip(rng: Random, files: Files) -> str:
    inner = zipped(files)
    _replace_by(files, zipped({f"{BUNDLE}/{ZIP}": inner}))
    return ZIP


@kind("a zip that claims to be encrypted", expect="seen")
def encrypted_zip(rng: Random, files: Files) -> str:
    data = bytearray(zipped(files))
    data[data.find(CENTRAL) + 8] |= 1
    if rng.randrange(2):
        data[data.find(LOCAL) + 6] |= 1
    _replace_by(files, bytes(data))
    return ZIP


@kind("a compression that nobody knows", expect="seen")
def unknown_compression(rng: Random, files: Files) -> str:
    data = bytearray(zipped(files))
    method = rng.choice((1, 6, 9, 95, 97, 99))
    data[data.find(CENTRAL) + 10] = method
    data[data.find(LOCAL) + 8] = method
    _replace_by(files, bytes(data))
    return f"{ZIP}: {method}"


@kind("a name twice in a zip", expect="seen")
def name_twice(rng: Random, files: Files) -> str:
    path = rng.choice(sorted(files))
    name = path.removeprefix(f"{BUNDLE}/")
    name = rng.choice((name, name, name.lower(), f"copy/{name}"))
    content = rng.choice((files[path], files[path][: len(files[path]) // 2]))
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        _replace_by(files, zipped(files, lambda archive: put(archive, name, content)))
    return f"{ZIP}: {name}"


@kind("a path that leads out of a zip", expect="seen")
def path_out(rng: Random, files: Files) -> str:
    outside = (
        "../GPCI2025.txt",
        "/etc/GPCI2025.txt",
        "a/../../GPCI.csv",
        "..\\GPCI.csv",
        "C:\\GPCI.csv",
    )
    name = rng.choice(outside)
    _replace_by(files, zipped(files, lambda archive: put(archive, name, "x")))
    return f"{ZIP}: {name}"


@kind("a zip that claims a huge size", expect="seen")
def huge_size(rng: Random, files: Files) -> str:
    data = bytearray(zipped(files))
    place = data.find(CENTRAL) + 24
    data[place : place + 4] = rng.choice((1 << 31, (1 << 32) - 2, 1 << 30 | 1)).to_bytes(
        4, "little"
    )
    _replace_by(files, bytes(data))
    return ZIP


@kind("an empty zip", expect="seen")
def empty_zip(rng: Random, files: Files) -> str:
    _replace_by(files, rng.choice((zipped({}), b"", b"PK\x03\x04", END)))
    return ZIP
