"""What can go wrong when files are fetched from CMS; the exit codes are in ``pipeline.errors``."""

from pipeline.errors import PipelineError


class LicenceError(PipelineError):
    """The user has not accepted the license of the codes."""

    exit_code = 8


class FetchError(PipelineError):
    """A file could not be had from CMS; no file was put into the raw folder for it."""

    exit_code = 9


class LicencePageError(FetchError):
    """CMS shows its license page where something else was asked for."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"CMS shows its license page instead of {url}: open that in a browser, download the zip "
            "by hand and put it into the raw folder."
        )


class TemporaryError(FetchError):
    """A failure that may be gone at the next attempt, not before ``wait`` seconds."""

    def __init__(self, message: str, wait: float = 0) -> None:
        super().__init__(message)
        self.wait = wait


class OfflineError(FetchError):
    """There is no connection to the server at all."""
