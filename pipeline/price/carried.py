"""Every column of the input beside the prices: as it stands, under its own name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.price.plan import in_order
from pipeline.price.source import Head
from schemas.derive import identifier

# They name the line: where the input has them, they stand once, as the input has them.
OF_THE_LINE = ("claim_id", "claim_line_number")


# What a report compares and counts by: it stands under these names too, whatever the input calls it.
OF_THE_REPORT = ("hcpcs_code", "given_allowed_amount", "given_paid_amount")


@dataclass(frozen=True)
class Carried:
    """A column of the input: how the plan calls it, and its name in the output.

    Without a ``head`` it is a column of claim lines as it was read.
    """

    name: str
    head: Head | None
    title: str


def selected(carried: Sequence[Carried]) -> list[str]:
    """The columns as the input has them, under the names that the plan knows."""
    return [f"{x.head.sql} as {x.name}" for x in carried if x.head]


def carried_columns(heads: Sequence[Head], results: Sequence[str]) -> list[Carried]:
    """The columns of the input with the names that they have in the output.

    One that is called like a result is put after the word input, and of several of one name each
    but the first has a number: case does not tell columns apart.
    """
    taken = {x.lower() for x in results}
    found: list[Carried] = []
    for place, head in enumerate(heads, 1):
        name = head.name.strip() or f"column_{place}"
        if name.lower() in taken and name not in OF_THE_LINE:
            name = f"input_{name}"
        title, number = name, 1
        while title.lower() in taken - set(OF_THE_LINE) or title.lower() in _titles(found):
            number += 1
            title = f"{name}_{number}"
        found.append(Carried(f"carried_{place}", head, title))
    return found


def for_report(read: Collection[str], carried: Sequence[Carried]) -> list[Carried]:
    """What a report needs of the columns that were ``read`` under another name of the input."""
    return [
        Carried(name, None, name)
        for name in OF_THE_REPORT
        if name in read and name not in _titles(carried)
    ]


def _titles(found: Sequence[Carried]) -> set[str]:
    return {x.title.lower() for x in found}


def with_input(query: str, carried: Sequence[Carried], results: Sequence[str]) -> str:
    """The SELECT of the output: the columns of the input, in their order, then the results.

    ``query`` gives both, and ``line_id``.
    """
    titles = {x.title for x in carried}
    own = [f"{x.name} as {identifier(x.title)}" for x in carried]
    return in_order([*own, *(x for x in results if x not in titles)], query)


def renamed(carried: Sequence[Carried]) -> dict[str, str]:
    """The columns whose name in the output is another than in the input."""
    return {x.head.name: x.title for x in carried if x.head and x.head.name.strip() != x.title}
