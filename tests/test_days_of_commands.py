"""Days as they are written behind commands."""

import pytest
from click.testing import CliRunner

from pipeline.cli import fees


@pytest.mark.parametrize(
    "command",
    [
        ["show", "99213", "--on"],
        ["show", "99213", "--known-on"],
        ["edits", "99213", "--on"],
        ["critical-care", "--minutes", "50", "--on"],
    ],
)
def test_a_day_that_is_none_is_told_with_one_as_it_is_written(command):
    told = CliRunner().invoke(fees, [*command, "10/02/2025"])
    assert told.exit_code == 2
    assert '"10/02/2025" is no date; write it as in 2025-10-02.' in told.output
