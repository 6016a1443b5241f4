"""Sentences about codes: rules of the table ``sentence`` over the rows of ``code_profile``.

A rule has a condition in SQL and a text in which ``{name}`` stands for a column of the
profile. Which rules hold is decided once, in SQL, and kept in ``code_profile.sentences``;
whoever shows them, in whatever language, only fills in the figures.
"""

from dataclasses import dataclass
from functools import cache
from string import Formatter

from pipeline.schedules.pfs.declared import schedule
from schemas.definitions import Column, read_reference
from schemas.derive import quoted


@dataclass(frozen=True)
class Sentence:
    """One rule; ``text_one`` and ``counted_column`` are '' where nothing is counted."""

    name: str
    topic: str
    condition: str
    counted_column: str
    text: str
    text_one: str
    evidence: str


@cache
def sentences() -> tuple[Sentence, ...]:
    """The rules, in the order in which they are said."""
    return tuple(
        Sentence(
            row["sentence_name"],
            row["sentence_topic"],
            row["sentence_condition"],
            row["counted_column"],
            row["sentence_text"],
            row["sentence_text_one"],
            row["evidence"],
        )
        for row in read_reference(schedule().reference_file("sentence"))
    )


def placeholders(text: str) -> list[str]:
    """The names in braces of a text, in their order."""
    return [name for _, name, _, _ in Formatter().parse(text) if name]


def figure_kind(column: Column) -> str:
    """How a figure is shown: money, rvu, share, percentile, ratio, factor, count or text."""
    if column.unit.startswith("US dollars per"):
        return "factor"
    units = {
        "US dollars": "money",
        "relative value units": "rvu",
        "share of the global fee": "share",
        "percent": "percentile",
        "ratio": "ratio",
    }
    return units.get(column.unit, "count" if column.type == "INTEGER" else "text")


def names_expression() -> str:
    """The SQL expression of ``sentences``: the names of the rules that hold, with commas."""
    cases = ", ".join(
        f"CASE WHEN {rule.condition} THEN {quoted(rule.name)} END" for rule in sentences()
    )
    return f"concat_ws(',', {cases})"


def english_query() -> str:
    """The SELECT of what is said of every code, in English, over ``code_profile``."""
    cases = "\n".join(f"WHEN {quoted(rule.name)} THEN {_english(rule)}" for rule in sentences())
    return f"""
SELECT release_id, hcpcs_code, sentence_number, sentence_topic, sentence_name,
  CASE sentence_name {cases} END AS sentence, evidence
FROM (
  SELECT *, unnest(string_split(sentences, ',')) AS sentence_name,
    generate_subscripts(string_split(sentences, ','), 1) AS sentence_number
  FROM code_profile
)
JOIN sentence USING (sentence_name)"""


def _english(rule: Sentence) -> str:
    if not rule.counted_column:
        return _filled(rule.text)
    one, many = _filled(rule.text_one), _filled(rule.text)
    return f"CASE WHEN {rule.counted_column} = 1 THEN {one} ELSE {many} END"


def _filled(text: str) -> str:
    parts = []
    for words, name, _, _ in Formatter().parse(text):
        parts += [quoted(words)] if words else []
        parts += [_figure(name)] if name else []
    return " || ".join(parts)


def _figure(name: str) -> str:
    kind = figure_kind(schedule().tables["code_profile"].column(name))
    if kind == "text":
        return name
    return {
        "money": f"'$' || format('{{:,.2f}}', {name})",
        # Two decimals at least, more where a median has them.
        "rvu": f"regexp_replace(CAST(CAST({name} AS DECIMAL(12,4)) AS VARCHAR), '0{{1,2}}$', '')",
        "factor": f"CAST({name} AS VARCHAR)",
        "share": f"CAST(CAST({name} * 100 AS INTEGER) AS VARCHAR) || '%'",
        "percentile": _ordinal(f"CAST(round({name}, 0) AS INTEGER)"),
        # Rounded as a decimal, half up; format() would round a binary fraction.
        "ratio": f"CASE WHEN {name} >= 1 THEN format('{{:,.1f}}', round({name}, 1)) "
        f"ELSE format('{{:.2f}}', round({name}, 2)) END",
        "count": f"format('{{:,}}', {name})",
    }[kind]


def _ordinal(number: str) -> str:
    """A whole number as English counts in order: 1st, 2nd, 3rd, 11th."""
    ending = (
        f"CASE WHEN {number} % 100 BETWEEN 11 AND 13 THEN 'th' WHEN {number} % 10 = 1 THEN 'st' "
        f"WHEN {number} % 10 = 2 THEN 'nd' WHEN {number} % 10 = 3 THEN 'rd' ELSE 'th' END"
    )
    return f"CAST({number} AS VARCHAR) || {ending}"
