"""Small JSON files that the program writes for itself, and reads with distrust.

A disk, a person or another version of the program may have left anything there.
"""

import json
import types
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")

# What comes of a file that is gone, forbidden or a folder, of bytes that are no text, of a text
# that is no JSON or nested too deeply, and of values that are none of the kind.
UNREADABLE = (OSError, ValueError, TypeError, RecursionError)


# Most values are of these, of which nothing else is to be asked.
PLAIN = [str, int, bool, dict]


def read_note(path: Path, kind: type[Kind]) -> Kind | None:
    """The value of a JSON file as ``kind`` (a dataclass, say), or None where it is none."""
    try:
        return as_kind(json.loads(path.read_text("utf-8")), kind)
    except UNREADABLE:
        return None


def as_kind(value: Any, kind: Any) -> Any:
    """A value of JSON as a dataclass, list, dict or plain type; TypeError where it is none.

    ``{"name": str}`` stands for an object that has that name and may have others.
    """
    if kind in PLAIN and type(value) is kind:
        return value
    if isinstance(kind, dict):
        named = as_kind(value, dict)
        if kind.keys() - named.keys():
            raise TypeError(f"{value!r:.50} lacks {sorted(kind.keys() - named.keys())[0]}")
        return named | {name: as_kind(named[name], inner) for name, inner in kind.items()}
    if isinstance(kind, list):
        return [as_kind(x, kind[0]) for x in as_kind(value, list)]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is types.UnionType:
        return None if value is None else as_kind(value, inner[0])
    plain = origin or (dict if is_dataclass(kind) else kind)
    if type(value) is not plain:
        raise TypeError(f"{value!r:.50} is no {kind}")
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        unknown = value.keys() - hints.keys()
        if unknown:
            raise TypeError(f"{kind} has no {sorted(unknown)[0]}")
        fields = {name: as_kind(x, hints[name]) for name, x in value.items()}
        return cast(type, kind)(**fields)
    if origin is list:
        return as_kind(value, [inner[0]])
    if origin is dict:
        return {name: as_kind(x, inner[1]) for name, x in value.items()}
    return value
