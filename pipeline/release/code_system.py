"""Who maintains a code, by its shape: that decides whose its descriptor is."""


def code_system(code: str) -> str:
    """The SQL expression of the code system of a column: CDT (ADA), HCPCS Level II (CMS) or CPT (AMA)."""
    return (
        f"case when regexp_full_match({code}, 'D[0-9]{{4}}') then 'CDT' "
        f"when regexp_full_match({code}, '[A-Z][0-9]{{4}}') then 'HCPCS' else 'CPT' end"
    )
