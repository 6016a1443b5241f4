"""Which release a bundle is: what title, names and RELEASED date say, and what most of them say."""

import pytest

from pipeline.errors import RefusedError
from pipeline.read.sort import kind_of
from pipeline.schedules.pfs.identity import effective_period, identify
from pipeline.schedules.pfs.release_name import claim_of_file


def head(title: str = "", released: str = "") -> list[str]:
    """The first lines of a PPRRVU file."""
    full = f"{title[:4]} National Physician Fee Schedule Relative Value File{title[4:]}"
    return [full if title else "HDR CPT CODES", f"RELEASED {released}" if released else "HDR ONLY"]


# What the file says, the name of its bundle and its own; which posting that is, and what is said
# of it (part of each remark, ; between them).
TOLD = [
    # Every January to come.
    ("2027 January Release", "11/20/2026", "rvu27a", "PPRRVU2027_Jan.csv", "RVU27A@2026-11-20", ""),
    ("2030 October Release", "9/1/2030", "x", "PPRRVU2030_Oct.csv", "RVU30D@2030-09-01", ""),
    # The title decides where the zip has a name of its own.
    ("2024 April Release", "03/15/2024", "2024.zip", "PPRRVU24_APR.csv", "RVU24B@2024-03-15", ""),
    ("2024 APRIL RELEASE", "03/15/2024", "2024.zip", "P.csv", "RVU24B@2024-03-15", ""),
    # Fixed width only: the names tell.
    ("", "", "rvu26b", "PPRRVU2026_Apr_nonQPP.txt", "RVU26B@undated", "no title;RELEASED"),
    ("", "", "rvu26b", "PPRRVU2026.txt", "RVU26B@undated", "no title;RELEASED"),
    ("", "", "texts", "PPRRVU21_JAN.txt", "RVU21A@undated", "no title;RELEASED"),
    ("", "", "rvu08ar.zip", "PPRRVU08.txt", "RVU08AR@undated", "no title;RELEASED"),
    ("", "", "old", "PPRRVU17_JULY_V0503.txt", "RVU17C@undated", "no title;RELEASED"),
    ("", "", "old", "PRREV05D.txt", "RVU05D@undated", "no title;RELEASED"),
    ("", "", "rvu13ar.zip", "PPRRVU13_V0828.csv", "RVU13AR@undated", "no title;RELEASED"),
    # A missing date alone.
    ("2025 July Release", "", "rvu25c", "PPRRVU2025_Jul.csv", "RVU25C@undated", "RELEASED"),
    # A folder of another name, and a title that CMS forgot to renew.
    ("2025 October Release", "09/11/2025", "rvu25a", "PPRRVU2025_Oct.csv", "RVU25D@2025-09-11",
     "rvu25a is named like RVU25A, but it is taken for RVU25D"),
    ("2025 January Release", "12/29/2025", "rvu26a", "PPRRVU2026_Jan.csv", "RVU26A@2025-12-29",
     "the title says 2025 and release A, but it is taken for RVU26A"),
    ("2018", "12/29/2018", "rvu19a", "PPRRVU19_JAN.csv", "RVU19A@2018-12-29", "the title says 2018"),
    # A month or a code that nobody has seen.
    ("2025 May Release", "09/11/2025", "rvu25d", "PPRRVU2025_Oct.csv", "RVU25D@2025-09-11", '"May"'),
    ("2027 April Release", "03/11/2027", "rvu27f", "PPRRVU27_APR.csv", "RVU27B@2027-03-11",
     "RVU27F, which is no release of CMS"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "released", "bundle", "file", "posting", "said"), TOLD)
def test_a_release_is_what_most_of_its_titles_and_names_say(
    title, released, bundle, file, posting, said
):
    found = identify(head(title, released), bundle, f"{bundle}/{file}")
    assert found.posting_id == posting
    expected = said.split(";") if said else []
    assert len(found.remarks) == len(expected)
    assert all(part in remark for part, remark in zip(expected, found.remarks, strict=True))


@pytest.mark.parametrize(
    ("title", "released", "bundle", "file", "said"),
    [
        ("2025 October Release", "", "rvu25a", "P.csv", "the title says 2025 and release D, but rvu25a is named"),
        # Of both quarters this might be the date.
        ("2026 January Release", "03/10/2026", "rvu26b", "P.csv", "the title says 2026 and release A, but"),
        ("2025 May Release", "", "downloads", "P.csv", 'the month "May", in which no release is known'),
        ("2025 May Release", "", "rvu25d", "P.csv", 'names the month "May", in which no release is known, but rvu25d'),
        ("2025", "09/11/2025", "downloads", "P.csv", "does not tell which release it is"),
        ("", "", "downloads", "PPRRVU.txt", "no title line that names its release"),
        ("", "", "rvu25x", "PPRRVU25.txt", "no title line that names its release"),
        ("", "", "rvu25d", "PPRRVU25_APR.txt", "rvu25d is named like RVU25D, but PPRRVU25_APR.txt is named"),
        ("2025 October Release", "13/40/2025", "rvu25d", "P.csv", "RELEASED 13/40/2025 is no date"),
    ],
)  # fmt: skip
def test_a_release_that_nothing_decides_is_refused(title, released, bundle, file, said):
    with pytest.raises(RefusedError, match=said):
        identify(head(title, released), bundle, file)


@pytest.mark.parametrize("spaces", ["", "  "])
def test_titles_with_other_words_are_titles(spaces):
    line = (
        f"2026{spaces} MEDICARE National Physician Fee Schedule Relative Value File January Release"
    )
    found = identify([line, "RELEASED 12/29/2025"], "zip", "PPRRVU2026_Jan_nonQPP.csv")
    assert (found.release_id, found.title) == ("RVU26A", line)


def test_the_notice_of_the_fixed_width_form_is_in_lines_of_its_own():
    lines = [
        "HDR CPT CODES AND DESCRIPTIONS ONLY ARE COPYRIGHT",
        "HDR 2026 AMERICAN MEDICAL",
        "0001F x",
    ]
    found = identify(lines, "rvu26b", "PPRRVU2026_Apr_nonQPP.txt")
    assert found.notice == "CPT CODES AND DESCRIPTIONS ONLY ARE COPYRIGHT 2026 AMERICAN MEDICAL"


def test_a_correction_begins_with_its_quarter_unless_its_own_day_is_known():
    assert [str(x) for x in effective_period("RVU27AR", 2027)] == ["2027-01-01", "2027-03-31"]
    assert [str(x) for x in effective_period("RVU24AR", 2024)] == ["2024-03-09", "2024-03-31"]


@pytest.mark.parametrize("end", ["", " (1)", "_V0503"])
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        *(
            (words, "pprrvu_qpp")
            for words in ("_QPP", "-QPP", " QPP", "QPP", "_QP", "_qpp", "_Qualifying")
        ),
        *(
            (words, "pprrvu")
            for words in ("_nonQPP", "_NON_QPP", "-non-QPP", " Non QPP", "nonqp", "_Non-Qualifying")
        ),
        *((words, "pprrvu") for words in ("", "_QPX")),
    ],
)
def test_a_file_of_2026_is_that_of_qualifying_participants_however_words_are_separated(
    words, kind, end
):
    name = f"PPRRVU2026_Jul{words}{end}.csv"
    assert kind_of(name).name == kind
    told = claim_of_file(name)
    assert (told.year, told.month) == (2026, "July")
