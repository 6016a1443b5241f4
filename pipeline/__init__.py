"""CMS fee schedule files into a DuckDB warehouse that can be trusted to the cent."""

__version__ = "0.1.0"
