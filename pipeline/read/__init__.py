"""From bytes and a declared layout to a typed frame with line numbers.

Knows nothing of DuckDB, releases or payments.
"""
