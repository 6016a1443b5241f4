"""What things are: columns, tables, file layouts and curated reference tables.

A column is defined once, in ``<schedule>/columns.toml``. The Pandera model, the
DuckDB type and comment, the JSON Schema and the data dictionary follow from it.
"""

# The first number rises when a public table or column is renamed, removed or changes its
# meaning; the second when one is added. See "Compatibility" in docs/exports.md.
CONTRACT_VERSION = "3.2"
