"""Which posting of which release a file of payment limits is: by its days and by its name."""

from pipeline.release.identity import Identity
from pipeline.release.posted_quarter import identify_posting


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """The posting of a file; raises RefusedError where it says no quarter, or two of them."""
    return identify_posting("ASP", head, bundle, file)
