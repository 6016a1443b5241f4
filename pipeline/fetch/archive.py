"""Whether a downloaded file is a whole and harmless zip."""

import zipfile
import zlib
from pathlib import Path

from pipeline.fetch.client import Manners
from pipeline.fetch.errors import FetchError, LicencePageError, TemporaryError

# So much of a page is looked at to tell a licence from another page.
PAGE_HEAD = 200_000


def check_zip(path: Path, url: str, manners: Manners) -> None:
    """Read the zip to its end, within limits.

    Raises LicencePageError or FetchError where it is a web page instead, FetchError where it
    would unpack to more than any release, and TemporaryError where it is damaged, because
    another download may be whole.
    """
    _refuse_page(path, url)
    if not zipfile.is_zipfile(path):
        raise TemporaryError(f"{url} gave a file that is no whole zip.")
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive, url, manners)
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise TemporaryError(f"{url} gave a zip that cannot be read: {error}.") from None
    except RuntimeError as error:
        # This is how zipfile says that a member is encrypted.
        raise FetchError(f"{url} gave a zip that cannot be read: {error}.") from None
    if damaged:
        raise TemporaryError(f"{url} gave a zip whose file {damaged} is damaged.")


def _refuse_page(path: Path, url: str) -> None:
    with path.open("rb") as file:
        head = file.read(PAGE_HEAD)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text.startswith(b"<"):
        return
    if b"license" in text or b"licence" in text:
        raise LicencePageError(url)
    raise FetchError(
        f"{url} gave a web page instead of a zip: open it in a browser, and if a zip is offered "
        "there, put that into the raw folder."
    )


def _refuse_bomb(archive: zipfile.ZipFile, url: str, manners: Manners) -> None:
    # zipfile unpacks no more of a member than its declared size, so that this sum is a bound.
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > manners.largest_unpacked or len(members) > manners.most_members:
        raise FetchError(
            f"{url} gave a zip that would unpack to {len(members):,} files with {unpacked:,} bytes, "
            f"more than any release of CMS (at most {manners.most_members:,} and "
            f"{manners.largest_unpacked:,} are taken)."
        )
