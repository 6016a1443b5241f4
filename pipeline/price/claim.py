"""The lines of one claim, for somebody who waits for the answer: the steps of a file, over few lines.

What a file of millions of lines gains by is left out here, for it takes longer than all the rest:
texts are not made numbers, and an optimizer that looks for the best order of joins finds none. What is
read several times is computed once, even what a file recomputes to save memory.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.command import command
from pipeline.errors import NotThereError
from pipeline.price.claim_steps import FewLines, settle
from pipeline.price.layout import REQUIRED, columns, incoming_query
from pipeline.price.plan import USUAL, Terms, in_order, priced_line, results, steps

if TYPE_CHECKING:
    import duckdb


def price_claim(
    con: "duckdb.DuckDBPyConnection",
    lines: Iterable[Mapping[str, Any]],
    with_trace: bool,
    without: Collection[str] = (),
    terms: Terms = USUAL,
) -> list[dict[str, Any]]:
    """The priced lines of one claim in the order given, with the columns of ``plan.RESULT`` and TRACE.

    ``con`` is a read-only connection to a published warehouse, which keeps the steps as temporary
    tables. ``lines`` have values of the columns of ``price.claim_line``, by name; a column that a
    line leaves out is missing. Where no line has ``deductible_left``, it is taken as met. Raises NotThereError where the warehouse is of another version.
    """
    import duckdb

    lines = list(lines)
    settle(con)
    _set_lines(con, lines)
    is_given = any(line.get("deductible_left") is not None for line in lines)
    terms = terms if is_given else replace(terms, deductible="met")
    try:
        FewLines(con).run(steps(with_trace, terms, without))
        priced = priced_line(with_trace, ("line_id",), terms)
        found = con.execute(in_order(results(with_trace), priced))
    except duckdb.CatalogException as error:
        raise NotThereError(
            f"The warehouse was made by another version of this program ({str(error).splitlines()[0]}). "
            f"Build it again with: {command('refresh')}"
        ) from None
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def zip_file_of_another_time(con: "duckdb.DuckDBPyConnection") -> str:
    """Which file of ZIP codes stood in for one of the day of the claim that was priced; '' where none did."""
    found = con.execute(
        "SELECT DISTINCT file.effective_from, file.effective_to FROM service_day AS day "
        "JOIN zip_locality AS file ON file.effective_from = day.zip_file_from "
        "WHERE day.is_zip_file_of_another_time "
        "UNION ALL SELECT DISTINCT file.effective_from, file.effective_to FROM service_day AS day "
        "JOIN zip9_locality AS file ON file.effective_from = day.zip9_file_from "
        "WHERE day.is_zip9_file_of_another_time"
    ).fetchall()
    if not found:
        return ""
    first, last = found[0]
    return f"The ZIP code file of {first} to {last} is used; none that is loaded covers the date of service."


def _set_lines(con: "duckdb.DuckDBPyConnection", lines: list[Mapping[str, Any]]) -> None:
    declared = {x.name: x.type for x in columns() if x.name in REQUIRED or _is_given(x.name, lines)}
    values = ", ".join(f"cast(? AS {kind}) AS {name}" for name, kind in declared.items())
    rows = " UNION ALL ".join(f"SELECT {number} AS place, {values}" for number in range(len(lines)))
    given = [line.get(name) for line in lines for name in declared]
    query = incoming_query(declared, f"({rows}) AS written_line", "place")
    con.execute(f"CREATE OR REPLACE TEMP TABLE incoming_line AS {query}", given)


def _is_given(column: str, lines: list[Mapping[str, Any]]) -> bool:
    """Whether any line says something there: what tests a value takes longer to parse than to run."""
    return any(line.get(column) not in (None, "") for line in lines)
