"""All exported tables as a Frictionless Data Package, for tools that open one.

A table is a resource over its CSV files, which every such tool reads, or over its Parquet files
where it is not exported as CSV. See https://datapackage.org/.
"""

from collections import defaultdict

from schemas.definitions import Table
from schemas.derive import table_schema

DATA_PACKAGE = "datapackage.json"

PROFILES = "https://datapackage.org/profiles/2.0/"

# The forms of which one describes a table, the preferred one last.
FORMS = {
    "parquet": {"format": "parquet", "mediatype": "application/vnd.apache.parquet"},
    "csv": {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"},
}

SOURCE = {
    "title": "Centers for Medicare & Medicaid Services (CMS), Physician Fee Schedule",
    "path": "https://www.cms.gov/medicare/payment/fee-schedules/physician",
}


def data_package(build: dict, tables: list[Table], files: list[dict]) -> dict:
    """The descriptor of a package of ``tables``, whose ``files`` are entries of the manifest.

    ``build`` is the row of table ``build``.
    """
    paths = defaultdict(list)
    for file in files:
        paths[file["table"], file["format"]].append(file["path"])
    return {
        "$schema": f"{PROFILES}datapackage.json",
        "name": "cms-fee-schedules",
        "id": build["build_id"],
        "version": build["contract_version"],
        "title": "CMS fee schedules",
        "description": build["notice"],
        "sources": [SOURCE],
        "resources": [_resource(table, paths) for table in tables],
    }


def _resource(table: Table, paths: dict[tuple[str, str], list[str]]) -> dict:
    form = [form for form in FORMS if (table.name, form) in paths][-1]
    return {
        "$schema": f"{PROFILES}dataresource.json",
        "name": table.name,
        "type": "table",
        "description": table.comment,
        "path": sorted(paths[table.name, form]),
        **FORMS[form],
        "schema": table_schema(table),
    }
