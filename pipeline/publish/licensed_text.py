"""What exports leave out: texts that the AMA (CPT) and the ADA (CDT) own.

A user's own warehouse holds them, from the files that the user obtained; what is passed on
does not (NOTICE). Which columns may hold such a text is said in ``schemas/``, as ``owned_by``:
nothing here knows a table by its name.
"""

from schemas.definitions import Column, Table, catalog
from schemas.derive import quoted

# A HCPCS Level II code of CMS begins with a letter other than D; all others are CPT or CDT.
OF_CMS = "regexp_matches({}, '^[A-CE-Z]')"

# Where the code of a row stands, the surest column first.
CODE_COLUMNS = ("hcpcs_code", "record_key")


def exported_query(table: Table, query: str) -> str:
    """The rows of ``query``, a SELECT of the table's columns, as they may leave the warehouse.

    This is the one place through which whatever leaves it goes: exports, ``fees export``, pages.
    """
    owned = {
        column.name: _is_withheld(table, column) for column in table.columns if column.owned_by
    }
    if not owned:
        return query
    replaced = [f"if({condition}, '', {name}) AS {name}" for name, condition in owned.items()]
    if "description_status" in table.column_names:
        anything = " OR ".join(f"({condition})" for condition in owned.values())
        replaced.append(f"if({anything}, 'withheld', description_status) AS description_status")
    return f"SELECT * REPLACE ({', '.join(replaced)}) FROM ({query})"


def _is_withheld(table: Table, column: Column) -> str:
    """The condition, never NULL, under which a text stays behind."""
    conditions = []
    codes = [name for name in CODE_COLUMNS if name in table.column_names]
    if codes:
        conditions.append(f"NOT {OF_CMS.format(codes[0])}")
    elif "code_system" in table.column_names:
        conditions.append("code_system <> 'HCPCS'")
    if column.owned_by == "column_name":
        names = ", ".join(quoted(name) for name in _owned_columns())
        conditions.append(f"column_name IN ({names})")
    if "description_status" in table.column_names:
        conditions.append("description_status = 'cms'")
    # Beside no code nothing shows whose text it is.
    return " AND ".join(conditions) or "true"


def _owned_columns() -> list[str]:
    columns = catalog().columns.values()
    return sorted(column.name for column in columns if column.owned_by == "code_system")
