"""The tools that an assistant is offered: each asks what a command asks, and says what its ``--json`` says.

Every call opens the warehouse anew, so that one that a refresh replaced is answered from at once.
Amounts are texts, digit by digit: who reads JSON makes a float of a number.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import click
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from pipeline import __version__
from pipeline.cli.diff import changed_rows, pair_of
from pipeline.cli.options import open_warehouse, unspaced
from pipeline.cli.price import SAY_WHERE
from pipeline.cli.price import answer as price_answer
from pipeline.cli.price import price as price_command
from pipeline.cli.query_apart import asked_apart, plain
from pipeline.cli.show import answer as show_answer
from pipeline.cli.show import show as show_command
from pipeline.errors import PipelineError, UsageError, printable

INSTRUCTIONS = (
    "Medicare fee schedules of CMS, from the warehouse on this machine. Use price for what Medicare "
    "allows for a claim line and why, show or fee for what a code is worth, diff for what changed between two "
    "releases, query for anything else. Amounts are US dollars. Name the release, and say "
    "where a rule is provisional. An amount that is null has a reason, which is the answer."
)

# What one query may take.
MOST_ROWS = 1000
MOST_SECONDS = 20.0

# More than any claim has; each takes its time, and an assistant waits for the answer.
MOST_LINES = 100

# What the command says of its options, said of the arguments of a tool.
IN_TOOLS = {
    SAY_WHERE: "Say where: zip_code, as in 94110, or locality with its MAC, as in 01112-05.",
}

READ_ONLY = ToolAnnotations(read_only_hint=True, open_world_hint=False)

Code = Annotated[
    str, Field(description="An HCPCS or CPT code, as in 99214, or with a modifier: 45378-53")
]
Day = Annotated[
    str | None,
    Field(description="The day of service, YYYY-MM-DD; without it the latest releases answer"),
]
Zip = Annotated[str | None, Field(description="Where: a ZIP code of 5 or 9 digits")]
Locality = Annotated[
    str | None, Field(description="Where: MAC and payment locality, as in 01112-05")
]
State = Annotated[str | None, Field(description="Where: a state, as in CA")]


def server_of(warehouse: Path) -> MCPServer:
    """The server of one warehouse; each tool answers with a JSON object and with tool errors."""
    asks = _Tools(warehouse)
    tools = [_tool(x) for x in (asks.show, asks.fee, asks.price, asks.diff, asks.query)]
    return MCPServer(
        "cms-fee-schedules", instructions=INSTRUCTIONS, version=__version__, tools=tools
    )


class _PlainTool(Tool):
    """A tool that says in a sentence of ours which argument is wrong, what was given and what is taken."""

    async def run(
        self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False
    ) -> Any:
        """The answer to a call. Raises ToolError where its arguments are not those of the tool."""
        try:
            self.fn_metadata.validate_arguments(arguments)
        except ValidationError as error:
            # An argument of several types has an error for each: one tells what is wrong.
            found = {str(one["loc"][0]): one for one in reversed(error.errors())}
            sentences = (self._wrong(name, one) for name, one in reversed(found.items()))
            raise ToolError(" ".join(sentences)) from None
        return await super().run(arguments, context, convert_result)

    def _wrong(self, name: str, error: ErrorDetails) -> str:
        known = self.parameters["properties"]
        if name not in known:
            return f"{self.name} takes no argument {name}; it takes {', '.join(known)}."
        about = known[name].get("description")
        about = f" ({about})" if about else ""
        if error["type"] == "missing":
            return f"{self.name} needs the argument {name}{about}."
        given = _shown(error["input"])
        given += " among them" if isinstance(error["loc"][-1], int) else ""
        return f"{self.name} takes for {name} {_taken(known[name])}, not {given}{about}."


# What an argument of a type in its JSON Schema is called.
TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list of texts",
}

# As much of a value as a message shows.
MOST_SHOWN = 60


def _taken(schema: dict[str, Any]) -> str:
    """What an argument takes, as in: a whole number from 1 to 1000."""
    # A whole number is a number, and null is leaving it out.
    types = [one["type"] for one in schema.get("anyOf", [schema])]
    words = TYPES["number" if "number" in types else types[0]]
    if "minItems" in schema:
        return words.replace("list of", f"list of {schema['minItems']} to {schema['maxItems']}")
    return words + (
        f" from {schema['minimum']} to {schema['maximum']}" if "minimum" in schema else ""
    )


def _shown(value: Any) -> str:
    """A value that was given, as JSON has it; of a list its length, which is what may be wrong with it."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = json.dumps(value, ensure_ascii=False)
    return printable(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}...")


def _tool(ask: Callable[..., Any]) -> Tool:
    """A tool that refuses an argument that it does not have: left out, it would change the answer."""
    tool = _PlainTool.from_function(ask, annotations=READ_ONLY, structured_output=True)
    model = tool.fn_metadata.arg_model
    model.model_config["extra"] = "forbid"
    model.model_rebuild(force=True)
    tool.parameters = model.model_json_schema(by_alias=True)
    return tool


class _Tools:
    """The tools; one answers at a time, for settings of DuckDB hold for all that is open."""

    def __init__(self, warehouse: Path) -> None:
        self.warehouse = warehouse
        self.lock = threading.Lock()

    def show(
        self,
        code: Code,
        on: Day = None,
        zip_code: Zip = None,
        locality: Locality = None,
        state: State = None,
        release: Annotated[
            str | None, Field(description="A release, as in RVU25D, instead of a day")
        ] = None,
        units: Annotated[
            int | float | None,
            Field(description="Also what so many units are paid; miles may have one decimal"),
        ] = None,
    ) -> dict[str, Any]:
        """All that is known of one code: which fee schedules pay it and how much in each setting, or why
        none does; RVUs, payments, rules with their evidence, and the descriptor as the warehouse has it."""
        with self._asking():
            return self._show(code, on, zip_code, locality, state, release, units)

    def fee(
        self,
        code: Code,
        on: Day = None,
        zip_code: Zip = None,
        locality: Locality = None,
        state: State = None,
    ) -> dict[str, Any]:
        """What Medicare pays for a code, in short: one row a schedule and setting with release, amount or
        reason, and the rules of payment with their evidence."""
        with self._asking():
            found = self._show(code, on, zip_code, locality, state, None, None)
            return {
                name: found[name]
                for name in ("hcpcs_code", "when", "where", "is_sample", "fee", "reason", "rule")
            }

    def price(
        self,
        lines: Annotated[
            list[str],
            Field(
                min_length=1,
                max_length=MOST_LINES,
                description="The lines of one claim: code, modifiers after hyphens, units after a colon, as in 99214-25, 97110:3, A0425:12.4",
            ),
        ],
        on: Annotated[str, Field(description="The date of service, YYYY-MM-DD")],
        zip_code: Zip = None,
        locality: Locality = None,
        place_of_service: Annotated[str, Field(description="Two digits; 11 is an office")] = "11",
        charge: Annotated[
            str | None, Field(description="What was charged for each line, as in 125.00")
        ] = None,
        provider: Annotated[
            str, Field(description="physician, npp, csw, mft, mhc, dietitian, midwife or other")
        ] = "physician",
        minutes: Annotated[int | None, Field(description="Minutes of anesthesia")] = None,
        is_participating: bool = True,
        is_apm_qualified: bool = False,
        is_assigned: Annotated[
            bool,
            Field(
                description="Whether the claim is assigned; one of a provider who does not participate may not be"
            ),
        ] = True,
        deductible_left: Annotated[
            str | None,
            Field(
                description="What the patient still owes of the Part B deductible, as in 120.00; without it the deductible is taken as met"
            ),
        ] = None,
    ) -> dict[str, Any]:
        """What Medicare allows for the lines of one claim, with every step of each price: the release, the
        locality, the rule, its evidence and source, and whether it is provisional; or why a line has no price."""
        arguments = _arguments(
            on=on, zip=zip_code, locality=locality or None, pos=place_of_service,
            charge=charge, provider=provider, minutes=minutes,
        )  # fmt: skip
        arguments += [] if deductible_left is None else [f"--deductible-left={deductible_left}"]
        arguments += [] if is_assigned else ["--unassigned"]
        arguments += [] if is_participating else ["--non-participating"]
        arguments += ["--apm-qualified"] if is_apm_qualified else []
        with self._asking():
            said = price_command.make_context("price", [*arguments, "--", *lines]).params
            return plain(price_answer(said.pop("what"), said, self.warehouse))

    def diff(
        self,
        before: Annotated[str, Field(description="A release, as in RVU25A, or a posting of one")],
        after: Annotated[str, Field(description="The later one")],
        code: Annotated[
            str | None, Field(description="Only this code; without it a summary")
        ] = None,
        locality: Annotated[
            str | None, Field(description="With a code: the payment there, as in 01112-05")
        ] = None,
    ) -> dict[str, Any]:
        """What changed between two releases of the Physician Fee Schedule: a summary, or of one code its
        values, payments and what changed them."""
        from pipeline.schedules.pfs.change.summary import page

        with self._asking(), open_warehouse(self.warehouse) as con:
            if locality and not code:
                raise UsageError("Name a code, too.")
            pair = pair_of(con, unspaced(before), unspaced(after))
            named = {
                name: one["posting_id"] for name, one in zip(("before", "after"), pair, strict=True)
            }
            if not code:
                return named | {"summary": page(con, *pair)}
            locality = unspaced(locality) if locality else None
            return plain(named | {"rows": changed_rows(con, pair, unspaced(code), locality)})

    def query(
        self,
        sql: Annotated[
            str, Field(description="One SELECT in DuckDB's SQL over the published tables")
        ],
        rows: Annotated[int, Field(ge=1, le=MOST_ROWS, description="At most so many rows")] = 100,
    ) -> dict[str, Any]:
        """Rows of one read-only SELECT. Tables and their columns are described in duckdb_tables() and
        duckdb_columns(). No file can be read or written."""
        with self._asking():
            return asked_apart(self.warehouse, sql, rows, MOST_SECONDS)

    def _show(self, code, on, zip_code, locality, state, release, units) -> dict[str, Any]:
        arguments = _arguments(
            on=on, zip=zip_code, locality=locality, state=state, release=release, units=units
        )
        said = show_command.make_context("show", [*arguments, "--", code]).params
        said.pop("as_json")
        return plain(show_answer(**said | {"warehouse": self.warehouse}))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with self.lock:
            try:
                yield
            except click.BadParameter as error:
                # The arguments of a tool are called as the parameters of the command, not as its options.
                name = error.param.name if error.param else "An argument"
                raise ToolError(f"{name}: {error.message}") from None
            except click.ClickException as error:
                raise ToolError(error.format_message()) from None
            except PipelineError as error:
                raise ToolError(IN_TOOLS.get(str(error), str(error))) from None


def _arguments(**options: Any) -> list[str]:
    """Options of a command as it is called; those that are None are left out."""
    return [f"--{name}={value}" for name, value in options.items() if value is not None]
