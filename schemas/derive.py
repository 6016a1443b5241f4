"""What follows from a table's definition: DuckDB DDL and comments, JSON Schema, metadata."""

import json
import re

from schemas.definitions import Column, Table

JSON_TYPES = {
    "BOOLEAN": "boolean",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
}


def quoted(text: str) -> str:
    """A text as an SQL literal (``COMMENT ON`` takes no parameters)."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as an SQL identifier, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def create_table_sql(table: Table) -> str:
    """The statement that creates the table, NOT NULL except where a column says otherwise."""
    lines = [
        f"  {identifier(column.name)} {column.type}{'' if column.nullable else ' NOT NULL'}"
        for column in table.columns
    ]
    return f"CREATE TABLE {table.name} (\n" + ",\n".join(lines) + "\n)"


def comment_sql(table: Table, words: str = "") -> list[str]:
    """The statements that put the table's words (or other ``words``) into the database."""
    kind = "VIEW" if table.view else "TABLE"
    statements = [f"COMMENT ON {kind} {table.name} IS {quoted(words or table.comment)}"]
    for column in table.columns:
        statements.append(
            f"COMMENT ON COLUMN {table.name}.{identifier(column.name)} IS {quoted(column.comment)}"
        )
    return statements


def json_schema(table: Table, contract_version: str) -> dict:
    """A JSON Schema of one row of the table as its JSON and CSV exports write it.

    Decimals are numbers with a fixed scale; ``x-duckdb-type`` gives their exact type.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.name,
        "description": table.comment,
        "type": "object",
        "required": table.column_names,
        "additionalProperties": False,
        "properties": {column.name: _json_property(column) for column in table.columns},
        "x-key": list(table.key),
        "x-references": list(table.references),
        "x-contract-version": contract_version,
    }


def _json_property(column: Column) -> dict:
    kind = "number" if column.is_decimal else JSON_TYPES.get(column.type, "string")
    entry: dict = {
        "type": [kind, "null"] if column.nullable else kind,
        "description": column.comment,
    }
    entry["x-duckdb-type"] = column.type
    if column.owned_by:
        entry["x-owned-by"] = column.owned_by
    if column.type == "DATE":
        entry["format"] = "date"
    if column.pattern:
        entry["pattern"] = f"^(?:{column.pattern})$"
    if column.domain:
        entry["enum"] = [*column.domain, None] if column.nullable else list(column.domain)
    for bound in ("minimum", "maximum"):
        if getattr(column, bound) is not None:
            entry[bound] = getattr(column, bound)
    return entry


# References that name whole columns and nothing else: a -> table.b, or (a, b) -> table.
REFERENCE = re.compile(
    r"(?P<one>\w+) -> (?P<table>\w+)\.(?P<column>\w+)|\((?P<several>[\w, ]+)\) -> (?P<of>\w+)"
)


def table_schema(table: Table) -> dict:
    """The table as a Table Schema of Frictionless, for its CSV files.

    There an empty cell is NULL in the columns that may be NULL, and in all others a text.
    """
    references = [REFERENCE.fullmatch(reference) for reference in table.references]
    return {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": [_foreign_key(found) for found in references if found],
        "missingValues": [],
    }


def _field(column: Column) -> dict:
    kind = "date" if column.type == "DATE" else JSON_TYPES.get(column.type, "string")
    constraints: dict = {} if column.nullable else {"required": True}
    if column.pattern:
        constraints["pattern"] = f"^(?:{column.pattern})$"
    if column.domain:
        constraints["enum"] = list(column.domain)
    for bound in ("minimum", "maximum"):
        if getattr(column, bound) is not None:
            constraints[bound] = getattr(column, bound)
    return {
        "name": column.name,
        "type": "number" if column.is_decimal else kind,
        "description": column.comment,
        "x-duckdb-type": column.type,
        "constraints": constraints,
        **({"missingValues": [""]} if column.nullable else {}),
    }


def _foreign_key(found: re.Match) -> dict:
    fields = [found["one"]] if found["one"] else found["several"].split(", ")
    there = [found["column"]] if found["one"] else fields
    reference = {"resource": found["table"] or found["of"], "fields": there}
    return {"fields": fields, "reference": reference}


def parquet_metadata(table: Table) -> dict[str, str]:
    """Key-value metadata of the table's Parquet files: the same words as in the database."""
    columns = {column.name: column.comment for column in table.columns}
    return {
        "table_name": table.name,
        "table_comment": table.comment,
        "table_key": json.dumps(list(table.key)),
        "column_comments": json.dumps(columns, ensure_ascii=False),
    }
