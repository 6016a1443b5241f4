"""The data dictionary is current, complete and in whole sentences, and its examples run."""

import re
import subprocess
import sys

import pytest

from pipeline.cli import main
from pipeline.cli.describe import described_macros, described_tables
from schemas import dictionary
from schemas.definitions import catalog
from schemas.views import all_views

SCHEDULE = catalog()
TABLES = SCHEDULE.public_tables

# Tables in which the sample has no rows: it comes without the file, or nothing was refused.
EMPTY_IN_THE_SAMPLE = {
    "anesthesia_base_unit", "quarantine", "specialty_volume", "service_volume",
    "zip9_locality", "lab_fee_change", "mue_change", "hcpcs_item_change", "asc_fee_change", "drug_limit_change",
    "opps_code_change", "dme_change", "ncci_pair_change", "ambulance_file_fee",
}  # fmt: skip

# A sentence may begin with the value that it explains: '' or 26.
SENTENCE = re.compile(r"[A-Z0-9'].* .*\.", re.DOTALL)

EXAMPLES = [
    pytest.param(table.name, example, id=f"{table.name}-{number}")
    for table in TABLES
    for number, example in enumerate(table.examples)
]


def section_of(table_name: str) -> str:
    """The part of the page that is about one table."""
    text = dictionary.DICTIONARY.read_text("utf-8")
    return text.split(f"\n## {table_name}\n")[1].split("\n## ")[0]


def test_the_page_is_current():
    assert dictionary.DICTIONARY.read_text("utf-8") == dictionary.dictionary(SCHEDULE)


def test_check_says_in_a_sentence_that_the_page_is_out_of_date(tmp_path, monkeypatch, capsys):
    outdated = tmp_path / "DICTIONARY.md"
    outdated.write_text("# Data dictionary\n")
    monkeypatch.setattr(dictionary, "DICTIONARY", outdated)
    monkeypatch.setattr(sys, "argv", ["dictionary", "--check"])

    assert dictionary.main() == 1
    assert capsys.readouterr().err == (
        "DICTIONARY.md is not what schemas/ says: run make dictionary.\n"
    )
    # A check changes nothing.
    assert outdated.read_text() == "# Data dictionary\n"


def test_writing_makes_the_page_current(tmp_path, monkeypatch):
    monkeypatch.setattr(dictionary, "DICTIONARY", tmp_path / "DICTIONARY.md")
    monkeypatch.setattr(sys, "argv", ["dictionary"])
    assert dictionary.main() == 0
    monkeypatch.setattr(sys, "argv", ["dictionary", "--check"])
    assert dictionary.main() == 0


def test_another_process_writes_the_same_text():
    # Sets and hashes differ between processes; a page made from one would too.
    command = "import schemas.dictionary as d; print(d.dictionary(d.catalog()), end='')"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True)
    assert done.stdout.decode() == dictionary.DICTIONARY.read_text("utf-8")


def test_every_table_and_column_occurs():
    for table in TABLES:
        section = section_of(table.name)
        assert table.comment in section
        lines = [line for line in section.splitlines() if line.startswith("| `")]
        assert [line.split("`")[1] for line in lines] == table.column_names
        for column, line in zip(table.columns, lines, strict=True):
            words = f"| {column.type} | {column.unit} | {column.meaning} | {column.cms_name} |"
            assert words in line
            assert line.endswith("| yes |" if column.nullable else "|  |")


def test_every_view_occurs_under_its_table(con):
    views = [
        row[0]
        for row in con.sql(
            "select view_name from duckdb_views() where schema_name = 'main' and not internal"
        ).fetchall()
    ]
    of_tables = {table.name for table in TABLES}
    current = [view for view in views if view not in of_tables]
    assert current
    tables = {view.name: view.of for view in all_views()}
    for view in current:
        assert f"- View `{view}`: " in section_of(tables[view])


def test_every_name_of_cms_is_in_the_glossary():
    glossary = section_of("CMS's names")
    for column in SCHEDULE.columns.values():
        if column.cms_name:
            assert f"| {column.cms_name} | `{column.name}` |" in glossary


def test_every_table_and_column_has_a_meaning_that_is_a_sentence():
    defined = [*SCHEDULE.tables.values(), *SCHEDULE.columns.values()]
    assert [x.name for x in defined if not SENTENCE.fullmatch(x.meaning)] == []


def test_every_decimal_has_a_unit():
    decimals = [x for table in TABLES for x in table.columns if x.is_decimal]
    assert decimals
    assert [column.name for column in decimals if not column.unit] == []


def test_every_table_has_two_examples_at_least():
    assert [table.name for table in TABLES if len(table.examples) < 2] == []


@pytest.mark.parametrize(("table", "example"), EXAMPLES)
def test_example_returns_rows(con, two_releases, table, example):
    # The sample is one release, and changed from nothing.
    rows = (two_releases if "change" in table else con).sql(example).fetchall()
    # A new example over an empty table belongs into the list above, so both sides are checked.
    assert bool(rows) == (table not in EMPTY_IN_THE_SAMPLE)


@pytest.mark.parametrize("status", ["price_status", "rank_status"])
def test_every_status_is_explained(status):
    section = section_of(f"Values of {status}")
    assert [x for x in SCHEDULE.columns[status].domain if x not in section] == []


@pytest.mark.slow
def test_describe_prints_the_page_of_every_table_and_view(con, capsys, monkeypatch):
    names = con.sql(
        "select table_name from information_schema.tables where table_schema = 'main'"
    ).fetchall()
    for (name,) in names:
        monkeypatch.setattr("sys.argv", ["fees", "describe", name])
        main()
        printed = capsys.readouterr().out
        table = described_tables()[name]
        assert printed.startswith(f"{name}\n{table.comment}\n")
        assert all(column.comment in printed for column in table.columns)
        assert sum(example in printed for example in table.examples) >= 2


def test_describe_says_what_every_macro_gives(con, capsys, monkeypatch):
    macros = dict(
        con.sql(
            "select distinct function_name, comment from duckdb_functions() where comment is not null and not internal"
        ).fetchall()
    )
    assert {name: words for name, (_, words) in described_macros().items()} == macros
    monkeypatch.setattr("sys.argv", ["fees", "describe", "PLACE_OF"])
    main()
    call, words = capsys.readouterr().out.splitlines()
    assert call == "place_of(at_zip, on_day := null)" and words == macros["place_of"]


@pytest.mark.parametrize("kind", ["table", "view", "column", "function"])
def test_whatever_the_database_has_says_what_it_is(con, kind):
    # A table, view or macro by its own name, and a column with that of its table.
    name = "table_name || '.' || column_name" if kind == "column" else f"{kind}_name"
    query = f"select {name} from duckdb_{kind}s() where not internal and coalesce(comment, '') = ''"
    assert con.sql(f"select count(*) from duckdb_{kind}s() where not internal").fetchall() != [(0,)]
    assert con.sql(query).fetchall() == []


def test_describe_names_the_tables_that_are_near(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["fees", "describe", "dme_fees"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 6
    assert "near to it are: dme_fee, " in capsys.readouterr().err
