"""Claim lines as users have them, brought into the declared layout.

Nothing is dropped here, and nothing is rounded or guessed: a value counts only as what it is
without doubt. One that is not understood leaves NULL in its column, the column's name in
``unreadable`` and both in ``remark``, so that the line is priced as refused.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from pipeline.errors import UsageError, printable
from pipeline.price.cell import (
    AROUND,
    DEFAULTS,
    IDENTITIES,
    LETTERS,
    Cell,
    is_no_identity,
    not_understood,
    plain_cell,
    remark_of,
    value_of,
)
from pipeline.price.facility import SAID, refuse_facility_claims
from pipeline.price.miles import (
    ADVICE,
    WHOLE,
    has_tenths,
    is_of_miles,
    miles_begun,
    not_driven,
)
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.price.curated import kind_spellings
from schemas.definitions import Column
from schemas.derive import identifier, quoted

REQUIRED = (
    "claim_id", "claim_line_number", "date_of_service", "hcpcs_code", "units", "place_of_service",
)  # fmt: skip

# The option that says one value for all lines.
SAID_FOR_ALL = {
    "date_of_service": "--on DATE",
    "units": "--units 1",
    "place_of_service": "--pos 11",
}

# What a map says where nobody numbered the lines of a claim.
WITHOUT_NUMBERS = 'claim_line_number = { value = "1" }'

# As many names of columns as a message lists.
MOST_HEADS = 40


def columns() -> tuple[Column, ...]:
    """The columns of a file of claim lines."""
    return schedule().tables["price.claim_line"].columns


def read_columns() -> tuple[Column, ...]:
    """The same as pricing reads them: units are whole, and a mile that was not driven whole is said apart."""
    return tuple(replace(x, type="INTEGER") if x.name == "units" else x for x in columns())


def column_names() -> set[str]:
    """The names that a column of a file of claim lines may have, in small letters."""
    return {column.name for column in columns()}


# What other programs call a column of modifiers: mod1, ModA, Modifier #1, Modifier(s), proc_modifier_1_code, M1,
# HCPCS_1ST_MDFR_CD, mods1to4, SV101-3, CPT/Mod. One that was last modified, or a description, ends in another word.
MODIFIERS = re.compile(
    r"(.*[ _./-]|.*(hcpcs|cpt|procedure|proc|px|code|line|item|service|svc|charge|chg|bill|all))?"
    r"(mod|modif|modifier|mdf|mdfr)(s|[(]s[)])?"
    r"([ _.#()\[\]-]*(code|cd|list|string|one|two|three|four|first|second|third|fourth|[0-9]|[a-d]|i{1,3}|iv)s?)*+[ .)\]]*"
    r"([ _-]?(to|-)[ _-]?[0-9])?"
    r"|sv101[ _.-]0?[3-6]|m[ _-]?[1-4]"
)

# What stands between the words of a head: Date of Service.
BETWEEN_WORDS = re.compile(r"[\s-]+")

# A modifier by its number in the vocabulary of OMOP, 0 where there is none.
MODIFIER_CONCEPT = "modifier_concept_id"

# The column of a trace that names the value of a line which was not read, and which the trace lacks.
LOST = "unreadable"


def is_modifier(name: str) -> bool:
    """Whether a column, by its name in small letters, has modifiers."""
    return MODIFIERS.fullmatch(name) is not None


def known_name(head: str) -> str:
    """The column that a head names, whatever its case, the blanks around it and those between its words.

    A name that was wrapped in Excel has an end of a line between them.
    """
    name = " ".join(head.split()).lower()
    ours = BETWEEN_WORDS.sub("_", name)
    # To call a column revenue_code is to say that lines without one are of no facility.
    return ours if ours in column_names() and ours not in SAID else name


def unknown_columns(found: Mapping[str, str]) -> list[str]:
    """The columns of a file that pricing does not read."""
    return [head for head in found if known_name(head) not in column_names()]


def check_heads(
    heads: Iterable[str], assumed: Collection[str] = (), *, takes_map: bool = True
) -> None:
    """Raise UsageError where a column that no line can do without is missing, or one is twice.

    ``assumed`` are columns of which one value is said for all lines. Where the caller has no way to
    give a map, ``takes_map`` is false, and none is advised.
    """
    heads = list(heads)
    named = Counter(map(known_name, heads))
    refuse_facility_claims(named)
    _refuse_missing({*named, *assumed}, heads, takes_map)
    refuse_repeated(heads, column_names())
    _refuse_other_modifiers(named, takes_map)


def refuse_repeated(heads: Iterable[str], read: Collection[str]) -> None:
    """Raise UsageError where a column that is read is there twice: the values of one would be lost."""
    named = Counter(map(known_name, heads))
    if repeated := [name for name, count in named.items() if count > 1 and name in read]:
        raise UsageError(
            f"The file of claim lines has the column {printable(repeated[0])} more than once. "
            "Give each a name of its own."
        )


def check_cells(cells: Collection[str], heads: Iterable[str], unused: Iterable[str]) -> None:
    """Raise UsageError where a map leaves out what no line can do without, or the modifiers."""
    named = [*map(known_name, unused), *cells]
    refuse_facility_claims(named)
    _refuse_missing(cells, heads)
    _refuse_other_modifiers(named)


# What is advised where lines come in a frame that takes no map, as Spark's.
NAME_IN_THE_FRAME = (
    "Rename those that are these (withColumnRenamed), and add one that is the same for all lines "
    '(as in withColumn("units", lit(1))).'
)


def _refuse_missing(found: Collection[str], heads: Iterable[str], takes_map: bool = True) -> None:
    if missing := [name for name in REQUIRED if name not in found]:
        heads = list(heads)
        more = f" and {len(heads) - MOST_HEADS} more" if len(heads) > MOST_HEADS else ""
        listed = printable(", ".join(heads[:MOST_HEADS])) + more
        advice = _map_of_missing(missing) if takes_map else NAME_IN_THE_FRAME
        if sum(bool(head.strip()) for head in heads) == 1 < len(heads):
            advice += " Where that is a title, remove all lines above the names of the columns."
        raise UsageError(
            f"The file of claim lines has no column {', '.join(missing)}; it has: {listed}. {advice}"
        )


def _map_of_missing(missing: Collection[str]) -> str:
    hints = [SAID_FOR_ALL[name] for name in missing if name in SAID_FOR_ALL]
    python = 'in Python a value, as in columns={"units": {"value": 1}}'
    hint = f" For all lines alike: {', '.join(hints)} ({python})." if hints else ""
    if "claim_line_number" in missing:
        hint += f" Where lines have no numbers, {WITHOUT_NUMBERS} leaves them in their order."
    return f"A map says which columns they are (--columns FILE, in Python columns=).{hint}"


def _refuse_other_modifiers(named: Iterable[str], takes_map: bool = True) -> None:
    """Raise UsageError where modifiers stand under another name only: none would be read."""
    named = list(named)
    known = {f"modifier_{place}" for place in (1, 2, 3, 4)}
    others = [printable(name) for name in named if is_modifier(name)]
    if others and not known & set(named):
        # As many as a line has; one that has a further one is refused.
        first = others[:4]
        read_from = json.dumps(first if len(first) > 1 else first[0], ensure_ascii=False)
        in_map = (
            ", or say in a map (--columns FILE, in Python columns=) where they are, which is "
            f"two lines: [columns] and modifiers = {read_from}"
        )
        raise UsageError(
            f"The file of claim lines has its modifiers in a column {others[0]}, which is not read, "
            "and without them the amounts would be wrong. Name the columns modifier_1 to modifier_4, "
            f"one modifier each{in_map if takes_map else ''}. If they are something else, rename them."
        )


def plain_query(cells: Mapping[str, Cell], source: str) -> str:
    """A SELECT of one row: of each column of texts whether every value stands as it is read.

    The texts of a plain column have no blank, none is missing, letters are of the case that
    they are read in, and what tells lines apart is no word for nothing.
    """
    tests = []
    for name, cell in cells.items():
        if not (cell.is_text_of_file and cell.column.type == "VARCHAR" and not cell.is_made):
            continue
        if cell.form:
            # Its first values show already that they do not stand as they are read.
            continue
        # Blanks that are no ASCII are blanks, too: any other character is looked at.
        other = [f"contains({cell.source}, ' ')", f"strlen({cell.source}) <> length({cell.source})"]
        other += [f"contains({cell.source}, '-')"] if name == "service_zip_code" else []
        other += [f"{cell.source} = ''"] if name in DEFAULTS else []
        if name in LETTERS:
            other.append(f"{cell.source} <> {LETTERS[name]}({cell.source})")
        if name in IDENTITIES:
            signs = (*AROUND, ".0")
            other += [f"contains({cell.source}, {quoted(x)})" for x in signs]
            other.append(is_no_identity(cell.source))
        if name == "provider_kind":
            words = [word for spelled in kind_spellings().values() for word in spelled]
            other.append(f"{cell.source} in ({', '.join(map(quoted, words))})")
        test = f"count({cell.source}) = count(*) and not bool_or({' or '.join(other)})"
        if name == "provider_kind":
            # So many words are looked for among the few that there are, and not on every line.
            test = f"(select {test} from (select distinct {cell.source} from {source}))"
        tests.append(f"{test} as {name}")
    return f"select {', '.join(tests) or 'count(*) as nothing'}\nfrom {source}"


def incoming_query(
    found: Mapping[str, str], source: str, line_id: str = "", plain: Collection[str] = ()
) -> str:
    """The SELECT of ``incoming_line`` over ``source``, which has the columns and types ``found``.

    It is for lines that have our names, such as those of a frame of Spark: no map is advised.

    ``line_id`` is an expression that numbers the lines, ``plain`` are columns whose texts are
    taken as they stand. Raises UsageError where a column that no line can do without is missing,
    where two have one name, and where one holds lists or bytes.
    """
    check_heads(found, takes_map=False)
    cells = cells_of(found)
    further = further_modifiers(unread(found, cells), cells)
    return lines_query({**cells, **further}, source, line_id, plain)


def lines_query(
    cells: Mapping[str, Cell],
    source: str,
    line_id: str = "",
    plain: Collection[str] = (),
    carried: Iterable[str] = (),
) -> str:
    """The same SELECT over cells; ``carried`` are expressions of further columns, with their names."""
    selected = [f"{line_id} as line_id"] if line_id else []
    values = {
        x.name: cells[x.name].source if x.name in plain else value_of(x, cells.get(x.name))
        for x in read_columns()
    }
    tests = {name: not_understood(cell) for name, cell in cells.items() if name not in plain}
    remarks = {name: remark_of(cells[name]) for name in tests}
    rest = _take_miles(cells["units"], values, tests, remarks)
    selected += [f"{value} as {name}" for name, value in values.items()]
    tested = [name for name, test in tests.items() if test]
    names = {name: quoted(cells[name].column.name) for name in tested}
    selected.append(f"{rest} as mile_not_driven")
    selected.append(f"{_first(tested, tests, names)} as unreadable")
    selected.append(f"{_first(tested, tests, remarks)} as remark")
    listed = ",\n  ".join([*selected, *carried])
    return f"select\n  {listed}\nfrom {source}"


def _take_miles(
    units: Cell, values: dict[str, str], tests: dict[str, str], remarks: dict[str, str]
) -> str:
    """The expression of ``mile_not_driven``; the other ones take units that are miles with one decimal.

    They are looked at where units are no whole number, so that other lines cost nothing.
    """
    code = values["hcpcs_code"]
    tenths = has_tenths(code, units)
    if not tenths:
        return WHOLE
    taken = f"case when {tenths} then {miles_begun(units)} end"
    values["units"] = f"coalesce({values['units']}, {taken})"
    tests["units"] = f"({tests['units']}) and not ({tenths})"
    remarks["units"] += (
        f" || case when {is_of_miles(code)} then {quoted(f' ({ADVICE})')} else '' end"
    )
    return f"case when {tenths} then {not_driven(units)} else {WHOLE} end"


def cells_of(found: Mapping[str, str]) -> dict[str, Cell]:
    """The cells of a file whose columns have our names."""
    declared = {column.name: column for column in read_columns()}
    return {
        name: plain_cell(declared[name], head, identifier(head), kind)
        for head, kind in found.items()
        if (name := known_name(head)) in declared
    }


def unread(found: Mapping[str, str], cells: Mapping[str, Cell]) -> list[tuple[str, str, str]]:
    """Names, expressions and types of the columns of a file with our names that are none of ours."""
    return [(x, identifier(x), kind) for x, kind in found.items() if known_name(x) not in cells]


def further_modifiers(
    heads: Iterable[tuple[str, str, str]], cells: Mapping[str, Cell]
) -> dict[str, Cell]:
    """Cells of numbered modifiers that are not read, as of a fifth: a line with one is refused.

    ``heads`` are names, expressions and types of the columns that are not read. A modifier that stands
    among those that are read is no further one. Which modifier a concept is only its vocabulary
    tells, so that a line is refused too that has a concept and no modifier; and so is one of a priced
    file whose trace has not got a value of it.
    """
    named = [cells[x] for x in (f"modifier_{place}" for place in (1, 2, 3, 4)) if x in cells]
    known = ", ".join(["''", *(f"upper(coalesce({cell.text}, ''))" for cell in named)])
    found = {}
    for head, source, kind in heads:
        name = known_name(head)
        if is_modifier(name) and any(x.isdigit() for x in name):
            cell = plain_cell(Column(name, "VARCHAR", ""), head, source, kind)
            test = f"upper(coalesce({cell.text}, '')) not in ({known})"
            found[f"further {head}"] = replace(cell, refused=test, shown=cell.text, is_made=True)
        elif name == MODIFIER_CONCEPT:
            cell = plain_cell(Column(name, "VARCHAR", ""), head, source, kind)
            blank = [f"coalesce({read.text}, '') = ''" for read in named]
            test = " and ".join([f"regexp_matches(coalesce({cell.text}, ''), '^[1-9]')", *blank])
            found[f"further {head}"] = replace(cell, refused=test, shown=cell.text, is_made=True)
        elif name == LOST:
            cell = plain_cell(Column(name, "VARCHAR", ""), head, source, kind)
            test = (
                f"coalesce({cell.text}, '') in ({', '.join(map(quoted, sorted(column_names())))})"
            )
            found[f"further {head}"] = replace(cell, refused=test, shown=cell.text, is_made=True)
    return found


def _first(tested: list[str], tests: Mapping[str, str], said: Mapping[str, str]) -> str:
    if not tested:
        return "''"
    cases = " ".join(f"when {tests[name]} then {said[name]}" for name in tested)
    return f"case {cases} else '' end"
