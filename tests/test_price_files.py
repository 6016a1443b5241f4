"""Files of claim lines as programs write them: read right, or refused with the line and the cause.

Most are only read: what a line that is understood costs is for other tests. The amounts are those of
the sample, which has CMS's figures of October 2025.
"""

import csv
import re
from datetime import date

import polars as pl
import pytest

from pipeline.errors import RefusedError, UsageError
from pipeline.price.layout import is_modifier
from tests.helpers.claim_fuzz import claims
from tests.helpers.claim_lines import (
    FIRST_HOUR,
    HEADS,
    amounts,
    first_hours,
    text,
)

pytestmark = pytest.mark.whole

# As it is understood.
FIRST = {
    "date_of_service": date(2025, 10, 2), "hcpcs_code": "99291", "modifier_1": "", "units": 1,
    "place_of_service": "21", "service_zip_code": "94110",
}  # fmt: skip


def understood(lines: list[dict]) -> list[str]:
    """Of each line that it is the first hour of critical care that was written, or what else."""
    return [
        line["remark"] or ("a first hour" if FIRST.items() <= line.items() else repr(line))
        for line in lines
    ]


def test_what_is_written_in_any_way_comes_out_as_it_is(priced, tmp_path):
    claim_ids = ["#1", "O'Neill", "'x", "y'", "//1", "--2", "Peña 1", "a|b;c\td"]
    file = tmp_path / "lines.csv"
    file.write_text(text(*first_hours(claim_id=claim_ids)), encoding="utf-16")
    lines = priced(file)
    assert [line["claim_id"] for line in lines] == claim_ids
    assert amounts(lines) == ["229.88"] * len(claim_ids)


# ---------------------------------------------------------------- the dialect


@pytest.mark.parametrize(
    "claim_ids",
    [["#1", "2", "#3"], ["1"] * 3 + ["#4"] + ["5"] * 16, ["O'Neill", "'x", "y'"], ["//1", "--2"]],
)
def test_no_sign_makes_a_line_a_comment_and_no_apostrophe_a_quotation(read, tmp_path, claim_ids):
    file = tmp_path / "lines.csv"
    file.write_text(text(*first_hours(claim_id=claim_ids)))
    lines = read(file)
    assert [line["claim_id"] for line in lines] == claim_ids
    assert set(understood(lines)) == {"a first hour"}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_head_line_alone_decides_the_delimiter(read, tmp_path, delimiter):
    file = tmp_path / "lines.csv"
    other = "a|b;c,d" if delimiter == "\t" else "a\tb"
    cell = f'"{other}{delimiter}x"'
    file.write_text(text(*first_hours(claim_id=[cell] * 3), delimiter=delimiter))
    lines = read(file)
    assert [line["claim_id"] for line in lines] == [f"{other}{delimiter}x"] * 3
    assert understood(lines) == ["a first hour"] * 3


def test_the_first_quotation_mark_may_stand_far_below(read, tmp_path):
    file = tmp_path / "lines.csv"
    chest = ["c", "1", "2025-10-02", "99291", "", "1", "21", "94110"]
    late = [*chest[:5], '"1"', '"21"', '"94110"']
    file.write_text(text(*[chest] * 30_000, late))
    lines = read(file)
    assert len(lines) == 30_001
    assert understood([lines[0], lines[-1]]) == ["a first hour"] * 2


@pytest.mark.parametrize(
    ("lines", "advice"),
    [
        ("Charges of October\n\n" + text(FIRST_HOUR), "line 1: .* remove all lines above the names"),
        ('Charges of 5" pipes\n' + text(FIRST_HOUR), "line 1: .* remove all lines above the names"),
        ("Charges of October" + "," * 7 + "\n" + text(FIRST_HOUR), "has no column .* remove all lines above the names"),
        ("ISA*00*          *00*          *ZZ*A*ZZ*B*251002*1200*^*00501*1*0*P*:~\n", "line 1: .* Export its service lines"),
        (text(FIRST_HOUR) + "(1 row affected)\n", "line 3: .* a note or a total, remove it"),
        (text(FIRST_HOUR) * 2, "line 3: .* Remove it where the columns below it are those above it"),
    ],
)  # fmt: skip
def test_the_advice_on_lines_that_are_none_says_what_to_do_about_them(
    read, tmp_path, lines, advice
):
    file = tmp_path / "lines.csv"
    file.write_text(lines)
    with pytest.raises((RefusedError, UsageError), match=advice):
        read(file)


JOINED = {
    "with_another_head": (text(FIRST_HOUR, FIRST_HOUR) + text((*FIRST_HOUR, "9"), heads=(*HEADS, "charge")), 4),
    "with_the_same_head": (text(FIRST_HOUR) * 2, 3),
    "with_another_delimiter": (text(FIRST_HOUR) + text(FIRST_HOUR, delimiter=";"), 3),
    "with_quoted_heads": (text(FIRST_HOUR) + text(heads=tuple(f'"{x}"' for x in HEADS)), 3),
    "in_another_order": (text(FIRST_HOUR) + text(FIRST_HOUR[::-1], heads=HEADS[::-1]), 3),
    "after_a_value_of_two_lines": (text(("A\nB", *FIRST_HOUR[1:])).replace("A\nB", '"A\nB"') + text(), 4),
}  # fmt: skip


@pytest.mark.parametrize("name", JOINED)
def test_two_files_joined_into_one_are_refused_with_the_line(read, tmp_path, name):
    written, line = JOINED[name]
    file = tmp_path / "lines.csv"
    file.write_text(written)
    with pytest.raises(RefusedError, match=rf"line {line}: column names stand among the lines"):
        read(file)


MORE_HEADS = (*HEADS, "charge", "given_allowed_amount")
BROKEN = {
    "too_few_cells": (text(FIRST_HOUR, FIRST_HOUR[:-1]), "line 3: the line has 7 cells where the head has 8"),
    "too_many_cells": (text(FIRST_HOUR, (*FIRST_HOUR, "x")), "line 3: the line has 9 cells where the head has 8"),
    "a_charge_with_an_unquoted_comma": (text((*FIRST_HOUR, "900.00", ""), (*FIRST_HOUR, "3,500.00", ""), heads=MORE_HEADS), "line 3: the line has 11 cells where the head has 10"),
    "the_same_beside_quoted_values": (text((*FIRST_HOUR, '"1,900.00"', ""), (*FIRST_HOUR, "3,500.00", ""), heads=MORE_HEADS), "line 3: the line has 11 cells where the head has 10"),
    "a_quotation_without_end": (text(('"A', *FIRST_HOUR[1:]), FIRST_HOUR), "line 3: a quotation mark"),
    "text_after_a_quotation": (text(FIRST_HOUR, ('"A"b', *FIRST_HOUR[1:])), "line 3: a quotation mark"),
    "a_character_nul": (text(FIRST_HOUR, ("A\0", *FIRST_HOUR[1:])), "line 3: it holds a character NUL"),
    "a_value_of_megabytes": (text(FIRST_HOUR, ("A" * 2_500_000, *FIRST_HOUR[1:])), "line 3: a value has more than 131,072 characters"),
    "a_quoted_value_without_bound": (text(FIRST_HOUR, ('"' + "A" * 200_000 + '"', *FIRST_HOUR[1:])), "line 3: a value has more than 131,072 characters"),
    "no_delimiter": ("claim_id\nA\n", "line 1: the names of the columns are not divided"),
    "no_head": ("\n" + text(FIRST_HOUR), "line 1: the first line is empty"),
    "a_word_for_excel": ("sep=,\n" + text(FIRST_HOUR), "line 1: the first line says how cells are divided.* Remove that line"),
    "nothing": ("", "it is empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_the_line_and_the_cause(read, tmp_path, name):
    written, said = BROKEN[name]
    file = tmp_path / "lines.csv"
    file.write_text(written)
    with pytest.raises(RefusedError, match=said):
        read(file)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "mixed"])
def test_every_kind_of_line_end_and_empty_lines(read, tmp_path, ends):
    file = tmp_path / "lines.csv"
    written = text(*first_hours(claim_id=["1", "2", "3"])) + "\n\n"
    some = ("\r\n", 2) if ends == "mixed" else (ends, -1)
    file.write_bytes(written.replace("\n", *some).encode())
    assert understood(read(file)) == ["a first hour"] * 3


@pytest.mark.parametrize("quotation", ["", '"'])
def test_a_delimiter_at_the_end_of_every_line_is_no_cell(read, tmp_path, quotation):
    file = tmp_path / "lines.csv"
    lines = first_hours(claim_id=[f"{quotation}{n}{quotation}" for n in "123"])
    file.write_text(text(*((*line, "") for line in lines)))
    assert understood(read(file)) == ["a first hour"] * 3


# ---------------------------------------------------------------- encodings and heads


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_name_that_was_wrapped_in_excel_is_that_of_its_column(read, tmp_path, delimiter):
    heads = tuple(f'"{x}"'.replace("_", "\r\n") if x == "date_of_service" else x for x in HEADS)
    file = tmp_path / "lines.csv"
    written = text(*first_hours(claim_id=["1", "2"]), heads=heads, delimiter=delimiter)
    file.write_text(written, newline="")
    assert understood(read(file)) == ["a first hour"] * 2


def test_tabs_and_ends_of_lines_around_an_identity_are_none_of_it(read, tmp_path):
    """A tab before a number keeps a spreadsheet from making one of it; two patients would be made of one.

    Any other value with a tab is unknown, and has no amount.
    """
    said = ["12", "\t12\t", "\t 12", "12 \t\t", "\r\n12\r\n"]
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    file.write_text(text(*first_hours(claim_id=[f'"{one}"' for one in said])), newline="")
    pl.DataFrame(first_hours(claim_id=said), schema=list(HEADS), orient="row").write_parquet(table)
    for one in (file, table):
        found = read(one)
        assert understood(found) == ["a first hour"] * 5
        assert {line["claim_id"] for line in found} == {"12"}


@pytest.mark.parametrize("form", ["csv", "utf-16", "parquet"])
def test_a_text_that_is_written_as_a_formula_of_excel_is_that_text(read, tmp_path, form):
    """="00123" keeps zeros that Excel would take off; it stands bare or, as Excel saves it, in quotation marks."""
    rows = first_hours(claim_id=["0012", "0012"])
    as_formulas = [[f'="{cell}"' for cell in row] for row in rows]
    if form == "parquet":
        file = tmp_path / "lines.parquet"
        pl.DataFrame(as_formulas, schema=HEADS, orient="row").write_parquet(file)
    else:
        file = tmp_path / "lines.csv"
        as_formulas[1] = ['"' + cell.replace('"', '""') + '"' for cell in as_formulas[1]]
        file.write_text(text(*as_formulas), encoding="utf-8" if form == "csv" else form)
    lines = read(file)
    assert [line["claim_id"] for line in lines] == ["0012", "0012"]
    assert understood(lines) == ["a first hour"] * 2
    # Another formula is no text.
    file = tmp_path / "other.csv"
    file.write_text(text(*first_hours(units=["=1+1", '="1"&"2"'])))
    assert [line["unreadable"] for line in read(file)] == ["units", "units"]
    # Of Parquet the first values tell which columns have such texts; a later one tells nobody apart.
    file = tmp_path / "later.parquet"
    later = first_hours(claim_id=["0012"] * 1000 + ['="0012"'])
    pl.DataFrame(later, schema=HEADS, orient="row").write_parquet(file)
    assert [line["unreadable"] for line in read(file)][999:] == ["", "claim_id"]


def test_a_number_that_was_written_as_a_float_tells_nobody_apart(read, tmp_path):
    """As where two exports are put together, of which a program read one into floats."""
    said = ["12", "12.0", "12.0 ", "12.00", "12.1", "A.0"]
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    file.write_text(text(*first_hours(claim_id=said)))
    pl.DataFrame(first_hours(claim_id=said), schema=list(HEADS), orient="row").write_parquet(table)
    for one in (file, table):
        found = [line["claim_id"] for line in read(one)]
        assert found == ["12", "12", "12", "12.00", "12.1", "A.0"]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""), ("utf-16-le", b"\xff\xfe"),
     ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b"")],
)  # fmt: skip
def test_every_encoding_that_programs_write(read, tmp_path, encoding, mark):
    file = tmp_path / "lines.csv"
    file.write_bytes(mark + text(*first_hours(claim_id=["Peña 1", "é"])).encode(encoding))
    lines = read(file)
    assert [line["claim_id"] for line in lines] == ["Peña 1", "é"]
    assert understood(lines) == ["a first hour", "a first hour"]


def test_a_byte_that_is_no_text_is_refused_with_its_line(read, tmp_path):
    file = tmp_path / "lines.csv"
    file.write_bytes(text(FIRST_HOUR, FIRST_HOUR).encode().replace(b"\nA", b"\nA\x81", 1))
    with pytest.raises(RefusedError, match="line 2: a character is neither UTF-8 nor Windows-1252"):
        read(file)


def test_a_stray_byte_does_not_make_other_characters_of_a_text_in_utf_8(read, tmp_path):
    file = tmp_path / "lines.csv"
    lines = text(*first_hours(claim_id=["Müller", "Muller"])).encode()
    file.write_bytes(lines.replace(b"Muller", b"M\xfcller"))
    with pytest.raises(RefusedError, match="line 3: a byte is no UTF-8, in which other lines"):
        read(file)


@pytest.mark.parametrize("between", ["_", " ", "  ", "-"])
def test_heads_in_any_case_with_blanks_around_and_between_their_words(read, tmp_path, between):
    heads = tuple(f" {head.upper().replace('_', between)} " for head in HEADS)
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    file.write_text(text(FIRST_HOUR, heads=heads))
    pl.DataFrame([FIRST_HOUR], schema=list(heads), orient="row").write_parquet(table)
    assert understood(read(file)) == understood(read(table)) == ["a first hour"]


def test_a_column_that_stands_twice_is_refused(read, tmp_path):
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    file.write_text(text((*FIRST_HOUR, "3"), heads=(*HEADS, "Units")))
    pl.DataFrame([(*FIRST_HOUR, "3")], schema=[*HEADS, "Units"], orient="row").write_parquet(table)
    for one in (file, table):
        with pytest.raises(UsageError, match="the column units more than once"):
            read(one)


@pytest.mark.parametrize(
    "head",
    [
        "modifier",
        "Mod1",
        "HCPCS Modifier",
        "mods",
        "modifier_cd_1",
        "HCPCS_1ST_MDFR_CD",
        "mdfr_cd_1",
        "pricing_modifier",
        "service_modifier_code",
        "SV101-3",
        "ModA",
        "mods1to4",
        "modifier_1_code",
        "Modifier #1",
        "Procedure Modifier (1)",
        "mod_1_cd",
        "ServiceModifier1",
        "modifier_list",
        "M1",
        "Modifier(s)",
        "Mod.",
        "Mod II",
        "Modifiers[0]",
        "CPT/Mod",
        "ChargeMod1",
        "LineItemModifier1",
        "pxmod1",
        "modifier string",
    ],
)
def test_modifiers_under_another_name_do_not_count_as_none(read, tmp_path, head):
    """The professional part alone (26) is a quarter of the whole amount."""
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    heads = tuple(head if one == "modifier_1" else one for one in HEADS)
    assert head in heads
    file.write_text(text(FIRST_HOUR, heads=heads))
    pl.DataFrame([FIRST_HOUR], schema=list(heads), orient="row").write_parquet(table)
    for one in (file, table):
        with pytest.raises(
            UsageError, match=re.escape(f"a column {head.lower()}, which is not read")
        ):
            read(one)


def test_modifiers_under_a_wrapped_name_or_five_of_them_do_not_count_as_none(read, tmp_path):
    """The advice is a map that is read: a line has four modifiers, and one with a fifth is refused."""
    file = tmp_path / "lines.csv"
    file.write_text(text(FIRST_HOUR, heads=[x.replace("modifier_1", '"Mod\n1"') for x in HEADS]))
    with pytest.raises(UsageError, match=r'a column mod 1, .* modifiers = "mod 1"'):
        read(file)
    assert understood(read(file, '[columns]\nmodifiers = "mod 1"')) == ["a first hour"]
    heads = [x for x in HEADS if x != "modifier_1"] + [f"mod{place}" for place in "12345"]
    line = [x for x, head in zip(FIRST_HOUR, HEADS, strict=True) if head != "modifier_1"]
    file.write_text(text((*line, *[""] * 5), (*line, *[""] * 4, "26"), heads=heads))
    with pytest.raises(UsageError) as error:
        read(file)
    advice = re.search(r"modifiers = \[.*?\]", str(error.value))
    assert advice
    assert understood(read(file, f"[columns]\n{advice[0]}")) == ["a first hour", 'mod5 "26"']


def test_heads_that_only_look_like_modifiers_are_columns_as_any():
    heads = [
        "last_modified",
        "modifier_description",
        "modality",
        "mod_date",
        "payment_mode",
        "m10",
        "mrn",
        "model",
    ]
    assert not any(map(is_modifier, [*heads, "mod" + "cd" * 10_000 + "x"]))


def test_modifiers_beside_those_that_are_read_are_ignored_as_any_column(read, tmp_path):
    file = tmp_path / "lines.csv"
    file.write_text(text((*FIRST_HOUR, "x"), heads=(*HEADS, "modifier")))
    assert understood(read(file)) == ["a first hour"]


def test_a_further_modifier_refuses_its_line_where_none_that_is_read_says_it(read, tmp_path):
    """26 in a fifth column is a quarter of the whole amount."""
    heads = (*HEADS, "Modifier_5", "line mod 2")
    lines = [(*FIRST_HOUR, x, y) for x, y in (("", ""), ("26", " "), ("", "gc"))]
    # What is read already is no further one.
    lines += [(*FIRST_HOUR[:4], "GC", *FIRST_HOUR[5:], "", "gc")]
    assert heads[4] == "modifier_1"
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    file.write_text(text(*lines, heads=heads))
    pl.DataFrame(lines, schema=list(heads), orient="row").write_parquet(table)
    for one in (file, table):
        said = ["", 'modifier_5 "26"', 'line mod 2 "gc"', ""]
        assert [line["remark"] for line in read(one)] == said


def test_a_line_whose_value_a_trace_has_lost_is_refused_when_it_is_priced_again(read, tmp_path):
    """A modifier that a profile could not read is blank in the trace, and the line no line without one."""
    file = tmp_path / "lines.csv"
    lines = [(*FIRST_HOUR, said) for said in ("", "modifier_1", "no")]
    file.write_text(text(*lines, heads=(*HEADS, "unreadable")))
    assert [line["remark"] for line in read(file)] == ["", 'unreadable "modifier_1"', ""]


def test_a_head_is_never_run_as_sql(priced, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sql = "x\") FROM (SELECT 'a' AS x); COPY (SELECT 42 AS n) TO 'written_by_a_head.csv'; --"
    names = [sql, 'remark "internal"', "it's", "$units", "{units}", "%s"]
    file, table = tmp_path / "lines.csv", tmp_path / "lines.parquet"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([[*names, *HEADS], [*names, *FIRST_HOUR]])
    pl.DataFrame([[*names, *FIRST_HOUR]], schema=[*names, *HEADS], orient="row").write_parquet(
        table
    )
    assert amounts(priced(file)) == amounts(priced(table)) == ["229.88"]
    assert not (tmp_path / "written_by_a_head.csv").exists()


@pytest.mark.parametrize("folder", ["units=5", "year=2025/month=10", "a*", "claims[1]", "it's"])
def test_a_path_is_no_pattern_and_no_data(read, tmp_path, folder):
    place = tmp_path / folder
    place.mkdir(parents=True)
    (tmp_path / "claims1").mkdir()
    neighbour = text(("ANOTHER PATIENT", *FIRST_HOUR[1:]))
    for name in ("claims1/claims1.csv", "claims1/claims[1].csv", f"{folder}/claims1.csv"):
        (tmp_path / name).write_text(neighbour)
    file, table = place / "claims[1].csv", place / "claims[1].parquet"
    file.write_text(text(FIRST_HOUR))
    pl.DataFrame([FIRST_HOUR], schema=list(HEADS), orient="row").write_parquet(table)
    for one in (file, table):
        lines = read(one)
        assert [line["claim_id"] for line in lines] == ["A"]
        assert understood(lines) == ["a first hour"]


@pytest.mark.slow
def test_of_any_file_every_line_comes_out_or_the_file_is_refused(sample_warehouse, tmp_path):
    """A few of the five thousand of ``make soak SOAK=claims``."""
    outcomes, faults = claims(sample_warehouse / "fee_schedule.duckdb", tmp_path, count=120)
    assert faults == []
    assert outcomes["priced, a line for each"] > 60
    assert sum(n for what, n in outcomes.items() if what.startswith("refused (")) > 15
    assert outcomes["values refused"] > 200
