"""Declared layouts agree with the tables; a draft is what the declared one is, and never loaded."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import fees
from pipeline.cli.layout_draft import draft_layout
from pipeline.errors import RefusedError, UsageError
from pipeline.read.file import read_file
from pipeline.read.layout import load_layouts
from pipeline.read.sort import all_layouts, file_kinds
from pipeline.sample import DMEPOS_BUNDLE
from pipeline.schedules.asp.definition import ASP
from pipeline.schedules.pfs.declared import schedule
from tests.helpers import bundles, eras

FOLDER = schedule().folder / "layouts"
LAYOUTS = {layout.name: layout for layout in load_layouts(FOLDER)}
CMS = Path(__file__).parent.parent.parent / "shared" / "data"


def in_folder(folder: Path, **files: str) -> Path:
    """A layout folder with these files."""
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def run(*arguments: str) -> str:
    """What a command prints."""
    result = CliRunner().invoke(fees, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


# ---------------------------------------------------------------- what is declared


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_layout_gives_every_column_of_its_table_once(layout):
    loaded = [x.name for x in layout.columns if x.loaded and x.name]
    expected = [x for x in schedule().tables[layout.table].column_names if x != "source_line"]
    assert sorted(loaded) == sorted(expected)
    assert layout.kind in file_kinds()
    assert layout.key_columns
    assert all(one.source and one.grade in ("P", "S") for one in layout.evidence)


def test_a_kind_of_file_has_one_layout_however_its_words_changed():
    """And one more for each other place of its fields in fixed width."""
    named = [x.kind for x in LAYOUTS.values() if x.forms != (("txt", "txt"),)]
    assert sorted(named) == sorted({x.kind for x in LAYOUTS.values()})


@pytest.mark.parametrize(
    ("kind", "year", "form", "is_declared"),
    [
        ("pprrvu", 2026, "txt", True),
        ("pprrvu", 2010, "csv", True),
        ("pprrvu", 2010, "txt", False),
        ("pprrvu", 2027, "csv", False),
        ("gpci", 2026, "txt", False),
        ("anes", 2022, "csv", True),
    ],
)
def test_a_year_is_evidence_for_some_forms_and_no_gate(kind, year, form, is_declared):
    assert LAYOUTS[kind].is_declared(year, form) is is_declared


# ---------------------------------------------------------------- list


def test_the_list_names_every_layout_with_years_forms_and_evidence():
    lines = run("layout", "list").splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == [layout.name for layout in all_layouts()]
    row = next(line for line in lines if line.startswith("locco"))
    assert row.split(maxsplit=4) == [
        "locco",
        "locco",
        "csv,xlsx,xls,txt",
        "5",
        "2018-2020 S, 2021-2025 P",
    ]


def test_the_list_as_json_has_the_sources_too():
    listed = json.loads(run("layout", "list", "--json"))
    declared = {layout.name: layout for layout in all_layouts()}
    for row in listed:
        sources = sorted(one.source for one in declared[row["layout"]].evidence)
        assert sorted(one["source"] for one in row["evidence"]) == sources


# ---------------------------------------------------------------- drafts


REAL = {
    "rvu25d/PPRRVU2025_Oct.csv": "pprrvu",
    "rvu25d/PPRRVU2025_Oct.xlsx": "pprrvu",
    "rvu22a/PPRRVU22_JAN.csv": "pprrvu",
    "rvu26c/PPRRVU2026_Jul_nonQPP.csv": "pprrvu",
    "rvu25d/GPCI2025.csv": "gpci",
    "rvu22a/GPCI2022.xlsx": "gpci",
    "rvu26b/GPCI2026.csv": "gpci",
    "rvu25d/25LOCCO.csv": "locco",
    "rvu25d/ANES2025.xlsx": "anes",
    "rvu25d/OPPSCAP_Oct.csv": "oppscap",
}


def test_a_draft_that_cannot_be_written_is_told_of(tmp_path) -> None:
    [file] = DMEPOS_BUNDLE.glob("DMEPOS*.csv")
    target = str(tmp_path / "nowhere" / "drafted.toml")
    result = CliRunner().invoke(fees, ["layout", "draft", str(file), "--out", target])
    assert isinstance(result.exception, UsageError)
    assert "drafted.toml cannot be written: No such file or directory." in str(result.exception)


def decided(text: str) -> str:
    """A draft as a person completes it: years where the file names none, grade and source."""
    text = text.replace('grade = "draft"', 'grade = "S"').replace('year = "TODO"', "year = 2025")
    return text.replace('source = "TODO"', 'source = "a test"')


@pytest.mark.real
@pytest.mark.skipif(not CMS.exists(), reason=f"CMS's files are not in {CMS}")
@pytest.mark.parametrize(("name", "layout"), REAL.items())
def test_the_draft_of_a_known_file_has_the_declared_roles_in_the_order_of_the_file(
    tmp_path, name, layout
):
    """Of GPCI2026 the column without the floor is not offered as the one that is paid."""
    [drafted] = load_layouts(in_folder(tmp_path, drafted=decided(draft_layout(CMS / name))))
    declared = LAYOUTS[layout]
    words = {x.name: (x.words, x.unless, x.key, x.pad) for x in declared.columns}
    assert {x.name for x in declared.columns if x.is_needed} <= {x.name for x in drafted.columns}
    assert all(words[x.name] == (x.words, x.unless, x.key, x.pad) for x in drafted.columns)
    assert (drafted.kind, drafted.table) == (declared.kind, declared.table)


def test_the_draft_of_a_file_of_any_schedule_has_all_that_its_layout_declares(tmp_path) -> None:
    [sample] = (bundles.SAMPLE.parent / "asp25q3-sample").glob("*.csv")
    text = draft_layout(sample)
    [drafted] = load_layouts(in_folder(tmp_path, drafted=decided(text)))
    declared = next(x for x in all_layouts() if x.kind == "asp")
    assert drafted.columns == declared.columns
    assert (drafted.forms, drafted.line_feeds) == (declared.forms, True)
    assert "put it into schemas/asp/layouts" in text


def test_the_draft_of_a_wide_table_has_its_columns_that_become_rows(tmp_path) -> None:
    """Where CMS words those anew, a person changes one pattern and removes what stands above it."""
    sample = DMEPOS_BUNDLE / "DMEPOS_JAN_sample.csv"
    text = draft_layout(sample)
    declared = next(x for x in all_layouts() if x.name == "dmepos")
    [drafted] = load_layouts(in_folder(tmp_path, drafted=decided(text)))
    assert (drafted.columns, drafted.melt) == (declared.columns, declared.melt)
    reworded = tmp_path / "DMEPOS_JAN.csv"
    reworded.write_bytes(sample.read_bytes().replace(b"(NR)", b"NONRURAL"))
    assert "\n[melt]\nwords = '(?P<state>" in draft_layout(reworded)


def test_a_column_of_days_whose_words_are_new_has_days_of_the_same_form(tmp_path) -> None:
    [sample] = (bundles.SAMPLE.parent / "clfs25q4-sample").glob("*.csv")
    path = tmp_path / sample.name
    path.write_bytes(sample.read_bytes().replace(b"EFF_DATE", b"In force from"))
    text = draft_layout(path).replace('name = "TODO"', 'name = "effective_from"')
    [drafted] = load_layouts(in_folder(tmp_path, drafted=decided(text)))
    assert {column.date for column in drafted.columns} == {"YYYYMMDD"}


def test_a_layout_that_says_nothing_of_a_column_is_refused_with_its_name(tmp_path) -> None:
    [sample] = (bundles.SAMPLE.parent / "asp25q3-sample").glob("*.csv")
    text = re.sub(r"\[\[column]]\nname = \"note\"\n(.+\n)*", "", decided(draft_layout(sample)))
    layouts = load_layouts(in_folder(tmp_path, drafted=text))
    tables = ASP.declared.tables
    with pytest.raises(RefusedError, match=r"drafted.toml: the layout says nothing of note \("):
        read_file(sample.read_bytes(), sample.name, layouts, tables)


COPYRIGHT = (
    "CPT codes, words and other data only are copyright 2026, 2026 by their owner, all of it"
)
TALL = [",,,NON-FAC,,", "HCPCS,,STATUS,TOTAL,,CONV", "CODE,MOD,CODE,RVU,NEW,FACTOR"]
MADE = {
    "PUF_CLFS_CY2027_Q1V1.csv": (
        ["YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC"],
        "2027,A0001,,20270101,N,00012.00,words",
    ),
    # No cell of the records below is a number alone.
    "January 2027 Web Addendum B.12312026.csv": (
        ["HCPCS Code,Short Descriptor,SI,APC,A new weight,What is paid now"],
        "A0001,words,E1,, ,",
    ),
    # All words are new, and only the shape of a code tells where the records begin.
    "MCR_MUE_PractitionerServices_Eff_01-01-2027.csv": (["What,How many,Why"], "A0001,two,words"),
    "PPRRVU2027_Jan.csv": (TALL, "A0001,,A,words,1.00,33.4009"),
}


@pytest.mark.parametrize(
    "titles", [["A TITLE OF 2027,,", COPYRIGHT], [COPYRIGHT, "", '"One, two"']]
)
@pytest.mark.parametrize(("name", "made"), MADE.items())
def test_the_head_of_a_draft_is_not_the_copyright_line_above_it_nor_a_record(
    tmp_path, name, made, titles
):
    head, record = made
    path = tmp_path / name
    path.write_text("\r\n".join([*titles, *head, record, record]), encoding="cp1252")
    stacked = zip(*(line.split(",") for line in head), strict=True)
    numbered = enumerate((" ".join(filter(None, cells)) for cells in stacked), start=1)
    lines = [line for line in draft_layout(path).splitlines() if line[:3].strip("# ").isdigit()]
    assert lines == [f'# {number}: "{cell}"' for number, cell in numbered]


def test_a_draft_is_not_loaded_before_it_is_complete(tmp_path):
    path = eras.write_pprrvu(tmp_path / "PPRRVU12.csv", 2012, "January", "34.0376")
    folder = tmp_path / "layouts"
    folder.mkdir()
    with pytest.raises(RefusedError, match=r"is a draft: to be decided are .*source, grade"):
        load_layouts(in_folder(folder, pprrvu_2012=draft_layout(path)))


def test_an_unknown_column_is_left_to_a_person(tmp_path):
    path = bundles.copy_sample(tmp_path / "sample") / "PPRRVU2025_Oct_sample.csv"
    words = iter(["", "", "", "NEW (2028)", "WORD"])

    def widened(cells: list[str]) -> list[str]:
        return [*cells[:6], next(words, "x"), *cells[6:]]

    bundles.edit_column(path, 6, widened)
    text = draft_layout(path)
    column = (
        '# 7: "NEW (2028) WORD"\n[[column]]\nname = "TODO"\nwords = \'^NEW \\(2028\\) WORD$\'\n'
    )
    assert column in text
    folder = tmp_path / "layouts"
    folder.mkdir()
    with pytest.raises(RefusedError, match="to be decided are column 7"):
        load_layouts(in_folder(folder, drafted=decided(text)))


def test_a_fixed_width_file_tells_its_length_and_where_no_field_can_lie():
    text = draft_layout(bundles.SAMPLE / "PPRRVU2025_Oct_sample.txt")
    assert "[txt]\nrecord_length = 171\n" in text
    assert "121-127" in text
    assert "does not tell which field lies where" in text


def test_a_draft_goes_to_a_file_that_is_not_there_yet(tmp_path):
    path = bundles.SAMPLE / "GPCI2025.csv"
    target = tmp_path / "gpci_2030.toml"
    assert "review it" in run("layout", "draft", str(path), "--out", str(target))
    assert target.read_text(encoding="utf-8") == run("layout", "draft", str(path))
    with pytest.raises(UsageError, match="is there already"):
        run("layout", "draft", str(path), "--out", str(target))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rvu13a.zip", "unpack it"),
        ("prices.csv", "named like no data file"),
        ("GPCI.csv", "header"),
    ],
)
def test_what_no_draft_can_be_made_of_is_said(tmp_path, name, words):
    (tmp_path / name).write_bytes(b"just one line\r\n")
    with pytest.raises(UsageError, match=words):
        draft_layout(tmp_path / name)


# ---------------------------------------------------------------- files that people wrote


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind = ", "not a layout"),
        ("kind = 'x'", "not a layout: 'evidence'"),
        ("[[evidence]]\ngrade = 'P'\n", "not a layout: 'column'"),
        ("[[evidence]]\ngrade = 'P'\n[[column]]\nname = 'a'\nword = 'b'", "not a layout.*word"),
        ("[[evidence]]\ngrade = 'P'\n[[column]]\nname = 'a'\nwords = '('", "not a layout.*"),
        ("[[evidence]]\ngrade = 'E'\n[[column]]\nname = 'a'", 'grade .to be "P" or "S"'),
    ],
)
def test_a_layout_file_with_a_mistake_is_refused_in_a_sentence(tmp_path, text, words):
    with pytest.raises(RefusedError, match=words):
        load_layouts(in_folder(tmp_path, wrong=text))
