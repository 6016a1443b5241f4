"""The data dictionary ``DICTIONARY.md``, written from the definitions of columns and tables.

python -m schemas.dictionary            writes it
python -m schemas.dictionary --check    exits with 1 and a sentence where it is out of date
"""

import argparse
import sys
from collections.abc import Iterable

from schemas import CONTRACT_VERSION
from schemas.definitions import (
    SCHEMAS,
    Column,
    Schedule,
    Table,
    catalog,
    load_schedule,
    read_reference,
    schedule_names,
)
from schemas.views import all_views

PROJECT = SCHEMAS.parent
DICTIONARY = PROJECT / "DICTIONARY.md"

INTRODUCTION = f"""\
# Data dictionary

Every public table in `warehouse/fee_schedule.duckdb` and in `warehouse/exports/`, its columns, and
what CMS calls them. The same words are comments in the database, metadata of the Parquet files and
descriptions in `schema/TABLE.json`. This page is for contract version {CONTRACT_VERSION}.

This page is generated from `schemas/`; change a word there and run `make dictionary`.

Rules that hold in every table:

- A code, a modifier or a locality number is text and keeps its leading zeros.
- An unknown or absent text is `''`. Only columns marked "yes" under NULL can be NULL.
- Money, relative value units and indices are exact decimals.
- A table with `release_id` has every loaded release. The views `..._current` show the latest one;
  `..._in_force` have the first and last date of service that a row is for.
- Postings that CMS has since replaced are in the schema `superseded`, in the same tables, with
  `posting_id`. The views `..._as_known` show both, with the days on which a row was the best known.
"""

INDICATORS = """\
## Values of indicators

Each value of each indicator, with its meaning and source, is a row of `indicator_value`:

```sql
select value, meaning from indicator_value where indicator = 'global_days' order by value
```
"""


def dictionary(schedule: Schedule) -> str:
    """The whole page."""
    views = _views()
    parts = [
        INTRODUCTION,
        _contents(schedule.public_tables),
        *(_table(table, views.get(table.name, [])) for table in schedule.public_tables),
        INDICATORS,
        _price_status(),
        _rank_status(schedule.columns["rank_status"]),
        _glossary(schedule),
    ]
    return "\n".join(parts)


def _views() -> dict[str, list[tuple[str, str]]]:
    """The views over each table, with the sentence in their head that says what they leave out."""
    views: dict[str, list[tuple[str, str]]] = {}
    for view in all_views():
        words = f"{view.only} It has {_code_list(view.adds)} as well." if view.adds else view.only
        views.setdefault(view.of, []).append((view.name, words))
    return views


def _contents(tables: list[Table]) -> str:
    rows = [(f"[{table.name}](#{table.name})", table.row) for table in tables]
    others = [
        "- [Values of indicators](#values-of-indicators)",
        "- [Values of price_status](#values-of-price_status)",
        "- [Values of rank_status](#values-of-rank_status)",
        "- [CMS's names](#cmss-names)",
    ]
    heading = "## Contents\n\n"
    return heading + _grid(("table", "one row per"), rows) + "\n" + _lines(others)


def _table(table: Table, views: list[tuple[str, str]]) -> str:
    facts = [f"- Key: {_code_list(table.key)}"]
    if table.references:
        facts.append(f"- References: {_code_list(table.references)}")
    facts += [f"- View `{name}`: {only}" for name, only in views]
    if table.per_release:
        facts.append(f"- Exports: one file per release, `{table.name}/RELEASE.parquet`")
    columns = [
        (
            f"`{column.name}`",
            column.type,
            column.unit,
            column.meaning,
            column.cms_name,
            "yes" if column.nullable else "",
        )
        for column in table.columns
    ]
    head = ("column", "type", "unit", "meaning", "CMS's name", "NULL")
    examples = "".join(f"\n```sql\n{example}\n```\n" for example in table.examples)
    return (
        f"## {table.name}\n\n{table.comment}\n\n{_lines(facts)}\n{_grid(head, columns)}{examples}"
    )


def _price_status() -> str:
    files = [load_schedule(name).reference_file("price_status") for name in schedule_names()]
    rows = [row for file in files if file.exists() for row in read_reference(file)]
    values = [(f"`{row['price_status']}`", row["meaning"]) for row in rows]
    return "## Values of price_status\n\n" + _grid(("value", "meaning"), values)


def _rank_status(column: Column) -> str:
    return f"## Values of rank_status\n\n{column.meaning}\n"


def _glossary(schedule: Schedule) -> str:
    """CMS's column names in alphabetical order, with where each came from and went to."""
    named = [column for column in schedule.columns.values() if column.cms_name]
    named.sort(key=lambda column: (column.cms_name.upper(), column.name))
    rows = [
        (
            column.cms_name,
            f"`{column.name}`",
            _having(column, (x for name, x in schedule.tables.items() if "." in name)),
            _having(column, schedule.public_tables),
        )
        for column in named
    ]
    heading = (
        "## CMS's names\n\n"
        "Where a column of CMS's files went. A column without a public table is only compared "
        "with what the pipeline computes; the files are named by their kind.\n\n"
    )
    return heading + _grid(("CMS's name", "column", "CMS's files", "public tables"), rows)


def _having(column: Column, tables: Iterable[Table]) -> str:
    return _code_list(
        table.name.removeprefix("stage.") for table in tables if column.name in table.column_names
    )


def _grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    cells = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return _lines("| " + " | ".join(line) + " |" for line in cells)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _code_list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main() -> int:
    """Write the page, or with ``--check`` only say whether it is current."""
    parser = argparse.ArgumentParser(prog="python -m schemas.dictionary")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if outdated")
    only_check = parser.parse_args().check
    text = dictionary(catalog())
    if not only_check:
        DICTIONARY.write_text(text, encoding="utf-8")
    elif not DICTIONARY.exists() or DICTIONARY.read_text(encoding="utf-8") != text:
        print("DICTIONARY.md is not what schemas/ says: run make dictionary.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
