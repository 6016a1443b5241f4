"""Files of the pages as they are read: data files are packed."""

import base64
import re
import zlib
from pathlib import Path

PACKED = re.compile(r'Site\.put\("[^"]+", "([A-Za-z0-9+/=]*)"\);\n')


def text_of(path: Path) -> str:
    """The text of a file of the pages; of a packed data file the JSON that it hands over."""
    text = path.read_text("utf-8")
    found = PACKED.fullmatch(text)
    return zlib.decompress(base64.b64decode(found[1])).decode() if found else text
