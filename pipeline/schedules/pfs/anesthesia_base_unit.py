"""CMS's workbook of the base units of anesthesia codes, a file beside the releases."""

import re

import polars as pl

from pipeline.errors import refuse
from pipeline.read.file import FileRead

YEAR = re.compile(r"20\d\d")


def anesthesia_base_units(read: FileRead, accepted: pl.DataFrame) -> pl.DataFrame:
    """The year stands in the header (``2022 BASE UNIT``) and nowhere else."""
    year = next((match for line in read.head if (match := YEAR.search(line))), None)
    if year is None:
        raise refuse(read.file, "identity", "the header names no year", line=1)
    return accepted.with_columns(
        pl.lit(int(year[0]), dtype=pl.Int16).alias("calendar_year"),
        pl.lit(read.file).alias("source_file"),
    )
