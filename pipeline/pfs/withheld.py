"""What exports leave out: descriptors that the AMA (CPT) and the ADA (CDT) own.

A user's own warehouse holds them, from the files that the user obtained; what is passed on
does not (NOTICE).
"""

from schemas.definitions import Table

# A HCPCS Level II code of CMS begins with a letter other than D; all others are CPT or CDT.
NOT_CMS = "NOT regexp_matches(record_key, '^[A-CE-Z]')"


def exported_query(table: Table, query: str) -> str:
    """The rows of ``query``, a SELECT of the table's columns, as they may leave the warehouse."""
    if table.name == "rvu":
        withheld = "description_status = 'cms' AND code_system IN ('CPT', 'CDT')"
        return (
            f"SELECT * REPLACE (if({withheld}, '', description) AS description, "
            f"if({withheld}, 'withheld', description_status) AS description_status) FROM ({query})"
        )
    if table.name == "reconciliation_difference":
        withheld = f"column_name = 'description' AND {NOT_CMS}"
        return (
            f"SELECT * REPLACE (if({withheld}, '', our_value) AS our_value, "
            f"if({withheld}, '', other_value) AS other_value) FROM ({query})"
        )
    return query
