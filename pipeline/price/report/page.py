"""A report as one HTML page that needs nothing else."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.errors import printable
from pipeline.price.report.figures import Table

HERE = Path(__file__).parent


def page(subject: str, found: list[Table]) -> str:
    """The page of a report on the file called ``subject``."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("page.html")
    return template.render(
        subject=printable(subject), tables=found, shown=shown, words=words, is_number=is_number
    )


def shown(value: Any) -> str:
    """A value as a cell has it: numbers with commas, amounts with their cents."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return f"{value:,}" if is_number(value) else printable(str(value))


def is_number(value: Any) -> bool:
    """Whether a value stands to the right."""
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def words(name: str) -> str:
    """The name of a column as a head: price_status is Price status, hcpcs_code HCPCS code."""
    said = name.replace("_", " ")
    return said[:1].upper() + said[1:] if not said.startswith("hcpcs") else f"HCPCS{said[5:]}"
