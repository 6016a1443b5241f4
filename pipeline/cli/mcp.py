"""``fees mcp``: answers for an assistant on the user's machine, from the user's own warehouse."""

import sys
from pathlib import Path

import click

from pipeline.cli.options import require_warehouse, warehouse_option
from pipeline.errors import UsageError


@click.command()
@warehouse_option
def mcp(warehouse: Path) -> None:
    """Serve the warehouse to an assistant over the Model Context Protocol (stdin and stdout).

    Nothing can be changed by it, and no other file is read.
    """
    try:
        from pipeline.cli.mcp_server import server_of
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise UsageError(
            "fees mcp needs the extra mcp; install it in the checkout with: "
            f"{sys.executable} -m pip install '.[mcp]'"
        ) from None
    require_warehouse(warehouse)
    server_of(warehouse).run("stdio")
