"""What a refresh prints: few lines for many unknown files, and warnings with their number."""

import io

import pytest

from pipeline.read.file import _plain_words
from pipeline.refresh.artefacts import MOST_NAMED, _tell_unknown
from pipeline.refresh.report_build import _check_of, _lines_of_files
from pipeline.report import Report


def test_unknown_files_of_a_folder_are_one_line_where_they_are_many():
    stream = io.StringIO()
    few, many = MOST_NAMED, MOST_NAMED + 1
    loose = [f"loose{x}.csv" for x in range(many)]
    names = loose + [f"few/{x}.csv" for x in range(few)] + [f"a/b.zip/{x}.csv" for x in range(many)]
    _tell_unknown(names, Report(stream=stream))
    lines = stream.getvalue().splitlines()
    assert len(lines) == many + few + 1
    assert lines[-1].startswith(f"ignore: a/b.zip: {many} files that this program does not read")


@pytest.mark.parametrize(("count", "words"), [(1, "check x"), (1234, "check x, 1,234 findings")])
def test_a_warning_says_how_many_findings_it_stands_for(count, words):
    assert _check_of({"check_name": "x", "finding_count": count}) == words


def test_lines_that_were_set_aside_are_told_by_file():
    files = [{"source_file": f"{x}.csv", "lines": 1_000 - x} for x in range(7)]
    assert _lines_of_files(files[:1]) == "1,000 of 0.csv"
    assert _lines_of_files(files).endswith("996 of 4.csv, 1,989 of 2 more files")


def test_the_words_for_a_sheet_are_shown_without_their_pattern():
    assert _plain_words("(?<![A-Z0-9])AA(?![A-Z0-9])") == "AA"
