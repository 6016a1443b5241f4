"""Ways to damage a release, each with the rule and the words by which it has to be refused.

Each takes the raw folder and returns the file and the line that the message has to name. What
comes of it is the exit code of a refresh over a warehouse that holds the release undamaged:

=========  ==========================================================================
HELD       13: the bundle, or a file of it that the warehouse holds, is refused, and the
           release stays as it was built before
NOTHING    3: the bundle is refused and was never built under its name
UNREAD     11: another form of a file is left unread, and the release is built again
=========  ==========================================================================
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.helpers import bundles
from tests.helpers.damaged_file import (
    CPR,
    PPRRVU,
    add_escaping_path,
    cell,
    claim_a_huge_size,
    cut_in_half,
    cut_within_a_line,
    damage_a_member,
    drop_eleven_localities,
    empty,
    encrypt,
    header_damage,
    keep_only_the_header,
    make_malpractice_negative,
    open_a_quote,
    put_unknown_byte,
    swap_header_cells,
    swap_work_and_practice_expense,
    without,
)

# The good release lies in this folder of raw; its name must not look like a release's.
BUNDLE = "october"
GPCI = "GPCI2025.csv"

HELD, NOTHING, UNREAD = 13, 3, 11

Place = tuple[str, int | None]


def in_pprrvu(edit: Callable[[Path], int | None]) -> Callable[[Path], Place]:
    return lambda raw: (f"{BUNDLE}/{PPRRVU}", edit(raw / BUNDLE / PPRRVU))


def in_gpci(edit: Callable[[Path], int | None]) -> Callable[[Path], Place]:
    return lambda raw: (f"{BUNDLE}/{GPCI}", edit(raw / BUNDLE / GPCI))


def as_zip(edit: Callable[[Path], str]) -> Callable[[Path], Place]:
    def damage(raw: Path) -> Place:
        path = bundles.zip_folder(raw / BUNDLE, raw / f"{BUNDLE}.zip")
        return f"{BUNDLE}.zip{edit(path)}", None

    return damage


def beside(edit: Callable[[Path], str]) -> Callable[[Path], Place]:
    return lambda raw: (edit(raw), None)


def name_no_release(raw: Path) -> Place:
    path = rename_pprrvu(raw, "PPRRVU.csv")
    bundles.replace_text(path, "Physician Fee Schedule Relative Value File", "figures")
    return f"{BUNDLE}/{path.name}", 1


def name_an_unknown_month(raw: Path) -> Place:
    path = rename_pprrvu(raw, "PPRRVU2025.csv")
    bundles.replace_text(path, "October Release", "May Release")
    return f"{BUNDLE}/{path.name}", 1


def rename_pprrvu(raw: Path, name: str) -> Path:
    return (raw / BUNDLE / PPRRVU).rename(raw / BUNDLE / name)


def leave_only_gpci(raw: Path) -> str:
    (raw / "gpci_only").mkdir()
    shutil.copyfile(raw / BUNDLE / GPCI, raw / "gpci_only" / GPCI)
    return "gpci_only"


def add_empty_folder(raw: Path) -> str:
    (raw / "nothing").mkdir()
    return "nothing"


def add_unknown_file(raw: Path) -> str:
    (raw / BUNDLE / "prices.csv").write_text("a,b\n1,2\n")
    return f"{BUNDLE}/prices.csv"


def add_broken_symlink(raw: Path) -> str:
    (raw / "usb_disk").symlink_to("no_such_place")
    return "usb_disk"


def add_second_pprrvu(raw: Path) -> str:
    second = raw / BUNDLE / "PPRRVU25_APR.csv"
    shutil.copyfile(raw / BUNDLE / PPRRVU, second)
    bundles.replace_text(second, "Heart and breathing", "Heart or breathing")
    return BUNDLE


def add_same_release_with_other_bytes(raw: Path) -> str:
    shutil.copytree(raw / BUNDLE, raw / "october_again")
    for path in (raw / "october_again").glob("PPRRVU*"):
        bundles.replace_text(path, "Heart and breathing", "Heart or breathing")
    return "october_again"


def add_false_workbook(raw: Path) -> str:
    (raw / BUNDLE / "GPCI2025.xlsx").write_text("no workbook")
    return f"{BUNDLE}/GPCI2025.xlsx"


def add_huge_workbook(raw: Path) -> str:
    path = raw / BUNDLE / "GPCI2025.xlsx"
    shutil.copyfile(bundles.SAMPLE / path.name, path)
    bundles.declare_size(path, 1 << 31)
    return f"{BUNDLE}/GPCI2025.xlsx"


def add_txt_with_another_number(raw: Path) -> Place:
    path = raw / BUNDLE / "GPCI2025.txt"
    shutil.copyfile(bundles.SAMPLE / path.name, path)
    line = bundles.edit_line(path, "02102 ", lambda text: text.replace("1.081", "1.082"))
    return f"{BUNDLE}/GPCI2025.txt", line


def add_txt_without_a_record(raw: Path) -> Place:
    path = raw / BUNDLE / "GPCI2025.txt"
    shutil.copyfile(bundles.SAMPLE / path.name, path)
    bundles.drop_line(path, "02102 ")
    return f"{BUNDLE}/{GPCI}", bundles.line_number(raw / BUNDLE / GPCI, "02102,")


def name_like_another_release(raw: Path) -> Place:
    path = rename_pprrvu(raw, "PPRRVU25_APR.csv")
    (raw / BUNDLE).rename(raw / "rvu25a")
    return f"rvu25a/{path.name}", 1


DAMAGES = {
    # name: (damage, rule, words that the sentence must have, what comes of it)
    "truncated_zip": (
        as_zip(cut_in_half),
        "readable",
        "it breaks off, as a download that did not end",
        NOTHING,
    ),
    "damaged_zip_member": (as_zip(damage_a_member), "readable", "cannot be read", NOTHING),
    "zip_path_escapes": (as_zip(add_escaping_path), "path", '"../GPCI2025.txt"', NOTHING),
    "zip_bomb": (as_zip(claim_a_huge_size), "size", "2,147,483,648 bytes", NOTHING),
    "encrypted_zip": (as_zip(encrypt), "readable", "is encrypted", NOTHING),
    "empty_file": (in_gpci(empty), "empty", "the file is empty", HELD),
    "column_removed": (
        in_pprrvu(header_damage(without(bundles.TEAM))),
        "header",
        "no column is named like team_surgeon_indicator",
        HELD,
    ),
    "header_cells_swapped": (
        in_pprrvu(swap_header_cells),
        "technical_rows_have_no_work",
        "is technical and has work RVU",
        HELD,
    ),
    "data_columns_swapped": (
        in_pprrvu(swap_work_and_practice_expense),
        "sum of facility_total_rvu",
        "facility_total_rvu is",
        HELD,
    ),
    "letters_in_a_number": (
        in_pprrvu(cell(CPR, bundles.WORK, "4.O0")),
        "type of work_rvu",
        'work_rvu is "4.O0" where a number',
        HELD,
    ),
    "number_with_too_many_decimals": (
        in_pprrvu(cell(CPR, bundles.WORK, "4.005")),
        "type of work_rvu",
        'work_rvu is "4.005"',
        HELD,
    ),
    "number_left_out": (
        in_pprrvu(cell(CPR, bundles.WORK, "")),
        "type of work_rvu",
        "is expected",
        HELD,
    ),
    "duplicated_key": (
        in_pprrvu(lambda path: bundles.repeat_line(path, CPR)),
        "key",
        'the key hcpcs_code "92950", modifier "" occurs more than once',
        HELD,
    ),
    "negative_rvu": (
        in_pprrvu(make_malpractice_negative),
        "minimum of mp_rvu",
        'mp_rvu is "-0.40" where at least 0 is expected',
        HELD,
    ),
    "total_does_not_add_up": (
        in_pprrvu(cell(CPR, bundles.F_TOTAL, "5.44")),
        "sum of facility_total_rvu",
        "facility_total_rvu is 5.44, but work_rvu + facility_pe_rvu + mp_rvu is "
        "4.00 + 1.03 + 0.40 = 5.43",
        HELD,
    ),
    "two_conversion_factors": (
        in_pprrvu(cell(CPR, bundles.CONVERSION_FACTOR, "32.3466")),
        "one_conversion_factor",
        "conversion factor 32.3466 on 1 rows, beside 32.3465",
        HELD,
    ),
    "not_windows_1252": (in_pprrvu(put_unknown_byte), "encoding", "byte 0x81", HELD),
    "cut_within_a_line": (
        in_pprrvu(cut_within_a_line),
        "cell_count",
        "where 31 are expected",
        HELD,
    ),
    "quote_never_closed": (in_pprrvu(open_a_quote), "csv", "not a readable CSV record", HELD),
    "no_data": (in_pprrvu(keep_only_the_header), "no_data", "the file has no data line", HELD),
    "no_title": (name_no_release, "identity", "no title line", HELD),
    "unknown_month": (name_an_unknown_month, "identity", 'the month "May"', HELD),
    "gpci_with_98_localities": (
        in_gpci(drop_eleven_localities),
        "localities_are_those_of_the_year",
        "the file names 98 localities where 109 exist that year",
        HELD,
    ),
    "gpci_out_of_range": (
        in_gpci(cell("10112,", 5, "8.69")),
        "maximum of pe_gpci",
        "at most 3",
        HELD,
    ),
    "alaska_without_floor": (
        in_gpci(cell("02102,", 4, "1.000")),
        "alaska_has_its_work_floor",
        "instead of 1.500",
        HELD,
    ),
    "files_without_pprrvu": (beside(leave_only_gpci), "release", "no PPRRVU file", HELD),
    "empty_folder": (beside(add_empty_folder), "not_empty", "so it is no release", HELD),
    "broken_symlink": (
        beside(add_broken_symlink),
        "readable",
        "the symlink leads nowhere (rule: readable). Bring back what it leads to",
        HELD,
    ),
    "two_pprrvu_in_one_folder": (
        beside(add_second_pprrvu),
        "release",
        "two files of one kind and form: PPRRVU2025_Oct_sample.csv and PPRRVU25_APR.csv",
        HELD,
    ),
    "same_release_with_other_bytes": (
        beside(add_same_release_with_other_bytes),
        "posting",
        "october is RVU25D RELEASED 2025-09-12 as well, with other bytes",
        HELD,
    ),
    "false_workbook": (beside(add_false_workbook), "workbook", "not a readable workbook", UNREAD),
    "huge_workbook": (beside(add_huge_workbook), "size", "would unpack to", UNREAD),
    "forms_differ_in_a_number": (
        add_txt_with_another_number,
        "forms agree",
        'pe_gpci of 02102 01 is "1.082", but "1.081" in GPCI2025.csv',
        HELD,
    ),
    "forms_differ_in_a_record": (
        add_txt_without_a_record,
        "forms agree",
        "the record 02102 01 is missing in GPCI2025.txt",
        HELD,
    ),
    "folder_named_like_another_release": (
        name_like_another_release,
        "identity",
        "the title says 2025 and release D, but rvu25a is named like RVU25A, and PPRRVU25_APR.csv is named after "
        "April 2025",
        NOTHING,
    ),
}
