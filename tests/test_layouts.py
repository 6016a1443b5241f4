"""Declared layouts agree with the tables; a draft is what the declared one is, and never loaded."""

import json
from decimal import Decimal
from pathlib import Path

import bundles
import eras
import pytest
from click.testing import CliRunner

from pipeline.cli import pfs
from pipeline.cli.layout_draft import draft_layout
from pipeline.errors import RefusedError, UsageError
from pipeline.pfs.identify import file_kinds, schedule
from pipeline.pfs.release import RELEASE_FILES
from pipeline.read.file import read_file
from pipeline.read.layout import load_layouts

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
    result = CliRunner().invoke(pfs, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


# ---------------------------------------------------------------- what is declared


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_layout_gives_every_column_of_its_table_once(layout):
    loaded = [x.name for x in layout.columns if x.loaded and x.name]
    loaded += [name for name, _ in layout.absent]
    expected = [x for x in schedule().tables[layout.table].column_names if x != "source_line"]
    assert sorted(loaded) == sorted(expected)
    assert layout.kind in file_kinds()
    assert layout.evidence in ("P", "S")
    assert layout.source
    assert layout.name.startswith(f"{layout.kind}_{layout.first_year}")


def test_no_year_has_two_layouts_of_a_file_of_a_release():
    for year in range(2000, 2031):
        kinds = [x.kind for x in LAYOUTS.values() if x.is_for(year) and x.kind in RELEASE_FILES]
        assert len(kinds) == len(set(kinds)), year


def test_2013_has_the_columns_of_2020_on_weaker_evidence():
    early, late = LAYOUTS["pprrvu_2013"], LAYOUTS["pprrvu_2020"]
    assert early.columns == late.columns
    assert (early.evidence, late.evidence) == ("S", "P")


@pytest.mark.parametrize("year", [2003, 2009, 2011, 2012, 2027])
def test_years_that_no_source_tells_of_are_not_declared(year):
    assert not [x for x in LAYOUTS.values() if x.kind == "pprrvu" and x.is_for(year)]


# ---------------------------------------------------------------- list


def test_the_list_names_every_layout_with_years_forms_and_evidence():
    lines = run("layout", "list").splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == list(LAYOUTS)
    row = next(line.split() for line in lines if line.startswith("pprrvu_2013"))
    assert row == ["pprrvu_2013", "pprrvu", "2013-2019", "csv,xlsx,txt", "31", "S"]


def test_the_list_as_json_has_the_sources_too():
    listed = json.loads(run("layout", "list", "--json"))
    assert {row["layout"]: row["source"] for row in listed} == {
        name: layout.source for name, layout in LAYOUTS.items()
    }


# ---------------------------------------------------------------- drafts


REAL = {
    "rvu25d/PPRRVU2025_Oct.csv": "pprrvu_2020",
    "rvu25d/PPRRVU2025_Oct.xlsx": "pprrvu_2020",
    "rvu22a/PPRRVU22_JAN.csv": "pprrvu_2020",
    "rvu26c/PPRRVU2026_Jul_nonQPP.csv": "pprrvu_2026",
    "rvu25d/GPCI2025.csv": "gpci_2021",
    "rvu22a/GPCI2022.xlsx": "gpci_2021",
    "rvu25d/25LOCCO.csv": "locco_2021",
    "rvu25d/25LOCCO.xlsx": "locco_2021",
    "rvu25d/ANES2025.csv": "anes_2021",
    "rvu25d/ANES2025.xlsx": "anes_2021",
    "rvu25d/OPPSCAP_Oct.csv": "oppscap_2020",
    "rvu25d/OPPSCAP_Oct.xlsx": "oppscap_2020",
}


def decided(text: str) -> str:
    """A draft as a person completes it: years where the file names none, evidence and source."""
    text = text.replace('evidence = "draft"', 'evidence = "S"').replace(
        'year = "TODO"', "year = 2025"
    )
    return text.replace('source = "TODO"', 'source = "a test"')


@pytest.mark.real
@pytest.mark.skipif(not CMS.exists(), reason=f"CMS's files are not in {CMS}")
@pytest.mark.parametrize(("name", "layout"), REAL.items())
def test_the_draft_of_a_known_file_is_its_declared_layout(tmp_path, name, layout):
    text = decided(draft_layout(CMS / name))
    [drafted] = load_layouts(in_folder(tmp_path, drafted=text))
    declared = LAYOUTS[layout]
    assert [(x.name, x.header) for x in drafted.columns] == [
        (x.name, x.header) for x in declared.columns
    ]
    assert (drafted.kind, drafted.table) == (declared.kind, declared.table)
    assert drafted.header_rows == declared.header_rows


def test_the_draft_of_a_file_of_the_sample_is_its_declared_layout(tmp_path):
    for form in ("csv", "xlsx"):
        text = decided(draft_layout(bundles.SAMPLE / f"PPRRVU2025_Oct_sample.{form}"))
        folder = tmp_path / form
        folder.mkdir()
        [drafted] = load_layouts(in_folder(folder, drafted=text))
        declared = LAYOUTS["pprrvu_2020"]
        assert [(x.name, x.header, x.pad) for x in drafted.columns] == [
            (x.name, x.header, x.pad) for x in declared.columns
        ]
        assert (drafted.first_year, drafted.last_year) == (2025, 2025)


def test_a_draft_is_not_loaded_before_it_is_complete(tmp_path):
    path = eras.write_pprrvu(tmp_path / "PPRRVU12.csv", 2012, "January", "34.0376")
    folder = tmp_path / "layouts"
    folder.mkdir()
    text = draft_layout(path)
    with pytest.raises(RefusedError, match=r"is a draft: to be decided are source, evidence"):
        load_layouts(in_folder(folder, pprrvu_2012=text))


def test_a_completed_draft_reads_the_file_it_was_made_from(tmp_path):
    """2012 looks like 2010 here, so that every column is known; the fixed ones are not loaded."""
    path = eras.write_pprrvu(tmp_path / "PPRRVU12.csv", 2012, "January", "34.0376")
    text = decided(draft_layout(path))
    assert "# No header cell names: pricing_indicator" in text
    text = text.replace("header_rows = 5", 'header_rows = 5\nabsent = { pricing_indicator = "" }')
    text = text.replace('name = "fully', 'loaded = false\nname = "fully')
    folder = tmp_path / "layouts"
    folder.mkdir()
    layouts = load_layouts(in_folder(folder, pprrvu_2012=text))
    read = read_file(path.read_bytes(), path.name, layouts, schedule().tables)
    assert read.frame["nonfacility_pe_rvu"].to_list()[0] == Decimal("3.00")
    assert (len(read.frame), read.layout.first_year) == (5, 2012)


def test_an_unknown_column_is_left_to_a_person(tmp_path):
    path = bundles.copy_sample(tmp_path / "sample") / "PPRRVU2025_Oct_sample.csv"
    words = iter(["", "", "", "NEW (2028)", "WORD"])

    def widened(cells: list[str]) -> list[str]:
        return [*cells[:6], next(words, "x"), *cells[6:]]

    bundles.edit_column(path, 6, widened)
    text = draft_layout(path)
    column = '# 7: "NEW (2028) WORD"\n[[column]]\nname = "TODO"\nheader = \'NEW \\(2028\\) WORD\'\n'
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
        ('evidence = "P"\ncolumns_of = "nowhere"', "not a layout"),
        ('evidence = "P"\n', "not a layout: 'column'"),
        ('evidence = "P"\nkinds = "x"\n[[column]]\nname = "a"', "not a layout.*kinds"),
        ('evidence = "E"\n[[column]]\nname = "a"', 'evidence .to be "P" or "S"'),
    ],
)
def test_a_layout_file_with_a_mistake_is_refused_in_a_sentence(tmp_path, text, words):
    with pytest.raises(RefusedError, match=words):
        load_layouts(in_folder(tmp_path, wrong=text))
