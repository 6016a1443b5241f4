"""Days, codes and names as they are written behind commands."""

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


@pytest.mark.whole
@pytest.mark.parametrize(
    ("written", "pasted"),
    [
        (["show", "99291"], ["show", " \u00a099291\u00a0\n"]),
        (["show", "45378-53", "--on", "2025-10-02"], ["show", "45378 - 53", "--on", "2025-10-02 "]),
        (["show", "99291", "--release", "SAMPLERVU25D"], ["show", "99291", "--release", "\tSAMPLERVU25D\r\n"]),
        (["show", "99291", "--locality", "01112-05"], ["show", "99291", "--locality", " 01112-05"]),
        (["price", "99214-25:2", "--on", "2025-10-02", "--zip", "94110"], ["price", " 99214 - 25 : 2 ", "--on", "2025-10-02\n", "--zip", " 94110 "]),
        (["price", "99214", "--on", "2025-10-02", "--mac", "01112", "--locality", "05"], ["price", "99214", "--on", "2025-10-02", "--mac", " 1112", "--locality", "5 "]),
        (["edits", "99213", "20610"], ["edits", "99213 ", "\u00a020610"]),
        (["critical-care", "--minutes", "80", "--on", "2025-10-02", "--locality", "01112-05"], ["critical-care", "--minutes", "80", "--on", " 2025-10-02", "--locality", "01112-05 "]),
        (["diff", "SAMPLERVU25D", "SAMPLERVU25D"], ["diff", "SAMPLERVU25D ", "SAMPLERVU25D\n"]),
        (["describe", "rvu"], ["describe", " RVU "]),
    ],
)  # fmt: skip
def test_blanks_that_come_with_what_is_pasted_change_nothing(sample_warehouse, written, pasted):
    where = {"PFS_WAREHOUSE": str(sample_warehouse)}
    told = [CliRunner(env=where).invoke(fees, words) for words in (written, pasted)]
    # What a command refuses it says in an exception.
    assert f"{told[0].output}{told[0].exception}" == f"{told[1].output}{told[1].exception}"
    assert told[0].output or "are one posting" in str(told[0].exception)


@pytest.mark.whole
def test_a_place_of_blanks_alone_is_not_left_out(sample_warehouse):
    words = ["show", "99291", "--zip", " ", "--warehouse", str(sample_warehouse)]
    told = CliRunner().invoke(fees, words)
    assert told.exit_code and '" " is no ZIP code' in f"{told.output}{told.exception}"
