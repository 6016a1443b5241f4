"""CMS's ZIP files: which contractor and locality a ZIP code lies in, quarter by quarter."""

import polars as pl

from pipeline.companions.zip_proof import prove_zips
from pipeline.read.file import FileRead

# CMS's ZIP files divide two states; everywhere else they use postal abbreviations.
DIVIDED_STATES = {"EK": "KS", "WK": "KS", "EM": "MO", "WM": "MO"}


def rows(read: FileRead, accepted: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``zip_locality`` or ``zip9_locality``, each for the quarter that its YYYYQ names.

    Raises RefusedError where the values contradict their columns.
    """
    prove_zips(accepted, read.file)
    year = pl.col("year_quarter").str.head(4).cast(pl.Int32)
    first_month = pl.col("year_quarter").str.tail(1).cast(pl.Int32) * 3 - 2
    begins = pl.date(year, first_month, 1)
    return accepted.with_columns(
        begins.alias("effective_from"),
        begins.dt.offset_by("2mo").dt.month_end().alias("effective_to"),
        pl.col("cms_state_code").replace(DIVIDED_STATES).alias("state"),
        pl.lit(read.file).alias("source_file"),
    )
