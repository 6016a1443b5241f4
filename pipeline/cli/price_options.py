"""The options of ``fees price``: of a claim, of a file of claim lines, and of both."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import Named


class CodeOfDigits(Named):
    """A code of so many digits, of which the one zero in front may be left out: no code is shorter."""

    name = "code"

    def __init__(self, count: int) -> None:
        self.is_short = re.compile(f"[0-9]{{{count - 1}}}").fullmatch

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code with all of its digits; what is none stays, and its line is refused."""
        code = super().convert(value, param, ctx)
        return f"0{code}" if self.is_short(code) else code


FILE = click.Path(path_type=Path)

OF_A_CLAIM = (
    click.option("--on", "day", metavar="DATE", help="The date of service, as in 2025-10-02."),
    click.option("--zip", "zip_code", metavar="ZIP", type=Named(), help="Where: a ZIP code of 5 or 9 digits."),
    click.option("--mac", metavar="MAC", type=CodeOfDigits(5), help="Where: the MAC (Medicare contractor), with --locality."),
    click.option("--locality", metavar="LOCALITY", type=CodeOfDigits(2), help="Where: the payment locality of the MAC, or with its MAC, as in 01112-05."),
    click.option("--pos", metavar="POS", type=CodeOfDigits(2), default="11", show_default=True, help="The place of service: 11 is an office."),
    click.option("--units", default="1", show_default=True, help="Units of each line; miles of ambulances may have one decimal."),
    click.option("--charge", metavar="AMOUNT", help="The charge of each line, for all its units."),
    click.option("--minutes", metavar="N", help="Minutes of anesthesia."),
    click.option(
        "--provider", metavar="KIND", default="physician", show_default=True,
        help="Who rendered the service: physician, npp (nurse practitioner, physician assistant and the like), csw (clinical social worker), "
        "mft, mhc (family therapist, mental health counselor), dietitian, midwife or other.",
    ),
    click.option("--non-participating", is_flag=True, help="The provider does not participate."),
    click.option("--unassigned", is_flag=True, help="The claim is not assigned: a provider who does not participate may collect up to the limiting charge."),
    click.option("--apm-qualified", is_flag=True, help="The provider is a qualifying participant (QP) in an Advanced APM."),
    click.option("--deductible-left", metavar="AMOUNT", help="What is left of the Part B deductible before the claim; it is taken as met otherwise."),
)  # fmt: skip

OF_A_TARGET = (
    click.option("--out", type=FILE, metavar="FILE", help="Where the priced lines of a file go."),
    click.option("--trace", is_flag=True, help="With --out: add a column for every figure that the price follows from."),
    click.option(
        "--deductible", type=click.Choice(["given", "annual", "met"]), default="given", show_default=True,
        help="With --out: how the Part B deductible is taken: from the lines (deductible_left; met where they do not say), "
        "that of the year run over the lines of each patient, or as met.",
    ),
    click.option("--without-sequestration", is_flag=True, help="Do not take sequestration out of Medicare's payment."),
    click.option("--claims", type=FILE, metavar="FILE", help="With --out: write a row per claim, too."),
    click.option("--report", type=FILE, metavar="FILE", help="With --out: write a report as an HTML page, too."),
    click.option("--without-edits", is_flag=True, help="Apply none of the edits that --without names."),
    click.option("--without", metavar="EDITS", help="Edits not to apply: ncci (pairs of codes), mue (units), global (global periods), g2211; several with commas."),
    click.option("--memory", help="With --out: the most memory to use, as in 3GB.  [default: 800MB, and 2MB for each column of the file beyond 100]"),
)  # fmt: skip

OF_A_FILE = (
    click.option("--profile", metavar="NAME", help="The kind of file: ccw, synpuf, omop or 837p."),
    click.option("--columns", "map_file", type=FILE, metavar="FILE", help="A map in TOML: which column of the file is which of ours."),
    click.option("--sheet", metavar="NAME", help="The sheet of a workbook; the first one otherwise."),
    click.option("--from", "database", type=FILE, metavar="FILE", help="A DuckDB database that has the lines."),
    click.option("--table", metavar="NAME", help="The table of the database."),
    click.option("--query", metavar="SQL", help="A SELECT over the database that gives the lines."),
    click.option("--only-results", is_flag=True, help="Write the results without the columns of the input."),
    click.option("--dry-run", is_flag=True, help="Say how a file is read; price and write nothing."),
)  # fmt: skip


def price_options(function: Callable) -> Callable:
    """All of them, in the order in which help lists them."""
    for option in reversed((*OF_A_CLAIM, *OF_A_TARGET, *OF_A_FILE)):
        function = option(function)
    return function
