"""The exports keep their promises: manifest, checksums, equal forms."""

import datetime
import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from exported import (
    BESIDE_THE_LIST,
    IN_TEXT_FORMS,
    PUBLIC,
    WITH_DATA,
    csv_rows,
    data_file,
    relative_files,
)

from pipeline.artefact import sha256_of
from pipeline.database import MOST_JSON_ROWS, ordered_select

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


# ---------------------------------------------------------------- files and their values


@pytest.mark.parametrize("table", WITH_DATA)
def test_table_lies_where_the_contract_says(exports, manifest, table):
    rows = manifest["tables"][table]
    expected = {"schema.json"}
    for extension in ("parquet", "csv", "json"):
        left_out = extension != "parquet" and table not in IN_TEXT_FORMS
        if not left_out and not (extension == "json" and rows >= MOST_JSON_ROWS):
            expected.add(
                data_file(exports, table, extension).relative_to(exports / table).as_posix()
            )
    assert relative_files(exports / table) == expected


def test_json_is_written_below_ten_thousand_rows_only(manifest):
    assert MOST_JSON_ROWS == 10_000
    written = {entry["table"] for entry in manifest["files"] if entry["format"] == "json"}
    small = {table for table in WITH_DATA if manifest["tables"][table] < 10_000}
    # The sample has a table on either side of the limit.
    assert written == small == set(IN_TEXT_FORMS)


@pytest.mark.parametrize("table", WITH_DATA)
def test_parquet_is_the_table_in_the_order_of_its_key(exports, reader, con, table):
    found = reader.sql(f"from '{data_file(exports, table, 'parquet')}'").fetchall()
    assert found == con.sql(ordered_select(PUBLIC[table])).fetchall()


@pytest.mark.parametrize("table", WITH_DATA)
def test_parquet_has_the_declared_columns_and_types(exports, reader, table):
    path = data_file(exports, table, "parquet")
    described = [row[:2] for row in reader.sql(f"describe from '{path}'").fetchall()]
    assert described == [(column.name, column.type) for column in PUBLIC[table].columns]


@pytest.mark.parametrize("table", IN_TEXT_FORMS)
def test_csv_has_the_values_of_the_parquet(exports, reader, table):
    rows = csv_rows(reader, data_file(exports, table, "csv"), table)
    assert rows == reader.sql(f"from '{data_file(exports, table, 'parquet')}'").fetchall()


@pytest.mark.parametrize("table", IN_TEXT_FORMS)
def test_json_has_the_values_of_the_parquet(exports, reader, table):
    text = data_file(exports, table, "json").read_text()
    entries = json.loads(text, parse_float=Decimal)
    rows = reader.sql(f"from '{data_file(exports, table, 'parquet')}'").fetchall()
    names = PUBLIC[table].column_names
    expected = [dict(zip(names, map(as_in_json, row), strict=True)) for row in rows]
    assert entries == expected


def as_in_json(value: object) -> object:
    """JSON has no dates; a decimal is a number and equal by value."""
    return value.isoformat() if isinstance(value, datetime.date) else value


@pytest.mark.parametrize("table", IN_TEXT_FORMS)
def test_json_rows_keep_the_schema_beside_them(exports, table):
    schema = json.loads((exports / table / "schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    for row in json.loads(data_file(exports, table, "json").read_text()):
        validator.validate(row)


@pytest.mark.parametrize("table", PUBLIC)
def test_schema_says_key_types_and_meaning(exports, table):
    schema = json.loads((exports / table / "schema.json").read_text())
    assert schema["x-key"] == list(PUBLIC[table].key)
    assert schema["description"] == PUBLIC[table].comment
    described = {x: (y["x-duckdb-type"], y["description"]) for x, y in schema["properties"].items()}
    assert described == {
        column.name: (column.type, column.comment) for column in PUBLIC[table].columns
    }


@pytest.mark.parametrize("table", WITH_DATA)
def test_parquet_metadata_has_the_words_of_the_database(exports, reader, con, table):
    path = data_file(exports, table, "parquet")
    stored = reader.sql(f"select key, value from parquet_kv_metadata('{path}')").fetchall()
    metadata = {key.decode(): value.decode() for key, value in stored}
    kind = "view" if PUBLIC[table].view else "table"
    comment = con.sql(
        f"select comment from duckdb_{kind}s() "
        f"where schema_name = 'main' and {kind}_name = '{table}'"
    ).fetchall()[0][0]
    columns = con.sql(
        "select column_name, comment from duckdb_columns() "
        f"where schema_name = 'main' and table_name = '{table}'"
    ).fetchall()
    assert metadata["table_name"] == table
    assert metadata["table_comment"] == comment
    assert json.loads(metadata["column_comments"]) == dict(columns)
    assert json.loads(metadata["table_key"]) == list(PUBLIC[table].key)
