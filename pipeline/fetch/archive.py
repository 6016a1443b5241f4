"""Whether a downloaded file is a whole and harmless zip."""

from pathlib import Path

from pipeline.errors import RefusedError
from pipeline.fetch.errors import FetchError
from pipeline.zipped import DAMAGE, Entry, Zip

PIECE = 1 << 20


def check_zip(path: Path, url: str, largest: int) -> list[Entry]:
    """Read a zip to its end and give its files; FetchError where it is no whole zip.

    ``largest`` is what all files together may unpack to, in bytes.
    """
    archive = Zip(path, url)
    try:
        unpacked = sum(entry.info.file_size for entry in archive.entries)
        if unpacked > largest:
            raise FetchError(f"{url} gave a zip of {unpacked:,} bytes unpacked, as none of CMS.")
        for entry in archive.entries:
            with entry.open() as file:
                while file.read(PIECE):
                    pass
        return archive.entries
    except RefusedError as error:
        raise FetchError(f"{url} gave no zip to be trusted: {error.findings[0].message}.") from None
    except (*DAMAGE, OSError) as error:
        raise FetchError(f"{url} gave a zip that cannot be read: {error}.") from None
    finally:
        archive.close()
