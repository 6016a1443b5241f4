"""Marks that tests share."""

from collections.abc import Collection, Iterable

import pytest

# Run by make test-long alone: the same is found in another way by what always runs.
LONG = [pytest.mark.slow, pytest.mark.long]


def cases(values: Iterable, long: Collection) -> list:
    """The values of a parameter, of which some are for make test-long."""
    return [pytest.param(x, marks=LONG if x in long else []) for x in values]
