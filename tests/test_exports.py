"""The exports keep their promises: manifest, checksums, equal forms."""

import csv
import datetime
import json
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import jsonschema
import pytest

from pipeline.store.database import MOST_JSON_ROWS, ordered_select
from pipeline.store.shelf import sha256_of
from tests.helpers.exported import (
    BESIDE_THE_LIST,
    IN_TEXT_FORMS,
    PUBLIC,
    csv_rows,
    data_file,
    relative_files,
)

pytestmark = pytest.mark.whole

# ---------------------------------------------------------------- manifest


def test_manifest_keeps_its_schema(exports, manifest):
    schema = json.loads((exports / "manifest.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.validate(
        manifest, schema, cls=jsonschema.Draft202012Validator, format_checker=checker
    )


def test_manifest_lists_every_file_and_nothing_else(exports, manifest):
    listed = [entry["path"] for entry in manifest["files"]]
    assert len(listed) == len(set(listed))
    assert set(listed) == relative_files(exports) - BESIDE_THE_LIST


def test_every_file_has_the_listed_hash_and_size(exports, manifest):
    for entry in manifest["files"]:
        path = exports / entry["path"]
        assert (path.stat().st_size, sha256_of(path)) == (entry["bytes"], entry["sha256"]), path


def test_every_file_has_the_listed_rows(exports, manifest, reader):
    for entry in manifest["files"]:
        rows = count_rows(reader, exports / entry["path"], entry["table"], entry["format"])
        assert rows == entry["rows"], entry["path"]


def count_rows(reader, path: Path, table: str, form: str) -> int:
    """The rows of an exported file; a schema has none."""
    if form == "parquet":
        return reader.sql(f"select count(*) from '{path}'").fetchall()[0][0]
    if form == "csv":
        return len(csv_rows(reader, path, table))
    return len(json.loads(path.read_text())) if form == "json" else 0


def test_manifest_counts_the_rows_of_every_table(manifest, con):
    counted = {name: con.sql(f"select count(*) from {name}").fetchall()[0][0] for name in PUBLIC}
    assert manifest["tables"] == counted


def test_manifest_and_database_are_of_one_build(manifest, exports, con):
    build_id = con.sql("select build_id from build").fetchall()[0][0]
    assert manifest["build_id"] == build_id == exports.name


# ---------------------------------------------------------------- the data package


@pytest.fixture(scope="module")
def package(exports) -> dict:
    """The descriptor of the Frictionless Data Package."""
    return json.loads((exports / "datapackage.json").read_text())


def test_data_package_has_every_table_and_no_file_twice(package, manifest):
    assert [resource["name"] for resource in package["resources"]] == list(PUBLIC)
    paths = [path for resource in package["resources"] for path in resource["path"]]
    listed = {entry["path"] for entry in manifest["files"]}
    assert len(paths) == len(set(paths))
    assert set(paths) <= listed
    assert package["version"] == manifest["contract_version"]


def test_data_package_says_the_columns_types_and_keys_of_every_table(package):
    for resource in package["resources"]:
        table, schema = PUBLIC[resource["name"]], resource["schema"]
        assert [field["name"] for field in schema["fields"]] == table.column_names
        assert [field["x-duckdb-type"] for field in schema["fields"]] == [
            column.type for column in table.columns
        ]
        assert schema["primaryKey"] == list(table.key)
        for key in schema["foreignKeys"]:
            there = PUBLIC[key["reference"]["resource"]]
            assert set(key["fields"]) <= set(table.column_names), table.name
            assert set(key["reference"]["fields"]) <= set(there.column_names), table.name


def test_every_cell_is_of_the_type_and_keeps_the_constraints_of_the_data_package(package, exports):
    for resource in package["resources"]:
        if resource["format"] == "csv":
            [path] = resource["path"]
            with (exports / path).open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    for field in resource["schema"]["fields"]:
                        assert keeps(row[field["name"]], field), (path, field["name"], row)


# How Frictionless writes a value of a type; a text may be anything.
LEXICAL = {
    "number": r"-?\d+(\.\d+)?",
    "integer": r"-?\d+",
    "date": r"\d{4}-\d\d-\d\d",
    "boolean": "true|false",
    "string": "(?s:.*)",
}


def keeps(cell: str, field: dict) -> bool:
    """Whether a cell of a CSV file is what the field of a Table Schema says."""
    said = field["constraints"]
    if cell in field.get("missingValues", []):
        return "required" not in said
    return (
        re.fullmatch(LEXICAL[field["type"]], cell) is not None
        and re.search(said.get("pattern", ""), cell) is not None
        and cell in said.get("enum", [cell])
        and ("minimum" not in said or Decimal(cell) >= said["minimum"])
        and ("maximum" not in said or Decimal(cell) <= said["maximum"])
    )


def test_foreign_keys_of_the_data_package_lead_somewhere(package, two_releases):
    """They do in a warehouse of any releases, so the descriptor of one may say so of all."""
    for resource in package["resources"]:
        for key in resource["schema"]["foreignKeys"]:
            fields, there = ", ".join(key["fields"]), ", ".join(key["reference"]["fields"])
            lost = f"select {fields} from {resource['name']} where ({fields}) is not null except "
            lost += f"select {there} from {key['reference']['resource']}"
            assert two_releases.sql(lost).fetchall() == [], (resource["name"], key)


# ---------------------------------------------------------------- files and their values


@pytest.mark.parametrize("extension", ["parquet", "csv", "json"])
def test_every_table_lies_where_the_contract_says(exports, manifest, extension):
    for table in PUBLIC:
        assert (exports / "schema" / f"{table}.json").is_file(), table
        left_out = extension != "parquet" and table not in IN_TEXT_FORMS
        is_long = extension == "json" and manifest["tables"][table] >= MOST_JSON_ROWS
        path = data_file(exports, table, extension)
        # Nothing else lies there, or the folder would not open as a data set.
        expected = set() if left_out or is_long else {path.name}
        assert relative_files(path.parent) == expected, path


def test_no_table_is_called_like_a_folder_beside_the_tables():
    assert PUBLIC.keys().isdisjoint({"csv", "json", "schema", "site"})


def test_json_is_written_below_ten_thousand_rows_only(manifest):
    assert MOST_JSON_ROWS == 10_000
    written = {entry["table"] for entry in manifest["files"] if entry["format"] == "json"}
    small = {table for table in PUBLIC if manifest["tables"][table] < 10_000}
    # The sample has a table on either side of the limit.
    assert written == small == set(IN_TEXT_FORMS)


@pytest.fixture(scope="module")
def rows_of(exports) -> dict[str, list[tuple]]:
    """The rows of each table, as its Parquet file has them."""
    with duckdb.connect() as reader:
        paths = {table: data_file(exports, table, "parquet") for table in PUBLIC}
        return {table: reader.sql(f"from '{path}'").fetchall() for table, path in paths.items()}


def test_parquet_is_the_table_in_the_order_of_its_key(rows_of, con):
    for table, found in rows_of.items():
        assert found == con.sql(ordered_select(PUBLIC[table])).fetchall(), table


def test_parquet_has_the_declared_columns_and_types(exports, reader):
    for table in PUBLIC:
        path = data_file(exports, table, "parquet")
        described = [row[:2] for row in reader.sql(f"describe from '{path}'").fetchall()]
        declared = [(column.name, column.type) for column in PUBLIC[table].columns]
        assert described == declared, table


def test_csv_has_the_values_of_the_parquet(exports, reader, rows_of):
    for table in IN_TEXT_FORMS:
        rows = csv_rows(reader, data_file(exports, table, "csv"), table)
        assert rows == rows_of[table], table


def test_json_has_the_values_of_the_parquet(exports, rows_of):
    for table in IN_TEXT_FORMS:
        text = data_file(exports, table, "json").read_text()
        entries = json.loads(text, parse_float=Decimal)
        names = PUBLIC[table].column_names
        expected = [dict(zip(names, map(as_in_json, row), strict=True)) for row in rows_of[table]]
        assert entries == expected, table


def as_in_json(value: object) -> object:
    """JSON has no dates; a decimal is a number and equal by value."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def test_json_rows_keep_the_schema_beside_them(exports):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    for table in IN_TEXT_FORMS:
        schema = json.loads((exports / "schema" / f"{table}.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
        for row in json.loads(data_file(exports, table, "json").read_text()):
            assert [error.message for error in validator.iter_errors(row)] == [], table


def test_schema_says_key_types_and_meaning(exports):
    for name, table in PUBLIC.items():
        schema = json.loads((exports / "schema" / f"{name}.json").read_text())
        assert schema["x-key"] == list(table.key), name
        assert schema["description"] == table.comment, name
        properties = schema["properties"].items()
        described = {x: (y["x-duckdb-type"], y["description"]) for x, y in properties}
        declared = {column.name: (column.type, column.comment) for column in table.columns}
        assert described == declared, name


def test_parquet_metadata_has_the_words_of_the_database(exports, reader, con):
    comments = dict(
        con.sql(
            "select table_name, comment from duckdb_tables() where schema_name = 'main' union all "
            "select view_name, comment from duckdb_views() where schema_name = 'main'"
        ).fetchall()
    )
    of_columns: dict[str, dict[str, str]] = {}
    for table, column, comment in con.sql(
        "select table_name, column_name, comment from duckdb_columns() where schema_name = 'main'"
    ).fetchall():
        of_columns.setdefault(table, {})[column] = comment
    for table in PUBLIC:
        path = data_file(exports, table, "parquet")
        stored = reader.sql(f"select key, value from parquet_kv_metadata('{path}')").fetchall()
        metadata = {key.decode(): value.decode() for key, value in stored}
        assert metadata["table_name"] == table
        assert metadata["table_comment"] == comments[table], table
        assert json.loads(metadata["column_comments"]) == of_columns[table], table
        assert json.loads(metadata["table_key"]) == list(PUBLIC[table].key), table
