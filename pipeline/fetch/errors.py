"""What can go wrong when files are fetched from CMS.

The exit codes continue those of ``pipeline.errors``:

====  =============================================================================
code  meaning
====  =============================================================================
8     the licence of the codes has not been accepted: nothing was asked of CMS
9     CMS could not be reached, failed, or sent something else than was asked for
====  =============================================================================
"""

from pipeline.errors import PipelineError


class LicenceError(PipelineError):
    """The user has not accepted the licence of the codes."""

    exit_code = 8


class FetchError(PipelineError):
    """A file could not be had from CMS; no file was put into the raw folder for it."""

    exit_code = 9


class LicencePageError(FetchError):
    """CMS asks for its licence to be accepted first, which only a person can do."""

    def __init__(self, url: str) -> None:
        super().__init__(
            "CMS asks for its licence to be accepted before this download, which this program "
            f"never does for you: open {url} in a browser, download the zip by hand and put it "
            "into the raw folder."
        )


class TooLargeError(FetchError):
    """The answer is larger than anything that CMS puts there."""


class TemporaryError(FetchError):
    """A failure that may be gone at the next attempt.

    ``retry_after`` is what the server asks to wait before that, in seconds.
    """

    def __init__(self, message: str, retry_after: float = 0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OfflineError(TemporaryError):
    """There is no connection to the server at all."""
