"""Words that people read, in English and in other languages.

English stands where it belongs: labels in ``labels.toml``, meanings and sentences in the
curated tables. Every other language is a gettext catalogue in ``schemas/pfs/messages/``, which
names each message by its context. The rules of critical care stand in curated tables; their
catalogues, in ``messages/rules/`` and in some languages only, name each by its English text. The
translations are not certified.

python -m pipeline.site.messages            brings the catalogues up to the English words
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from pipeline.schedules.pfs.declared import schedule
from schemas.definitions import read_reference

# By their own names, as a reader looks for them.
LANGUAGES = {
    "en": "English",
    "es": "Español",
    "zh": "中文",
    "ru": "Русский",
    "ar": "العربية",
    "vi": "Tiếng Việt",
    "fr": "Français",
    "de": "Deutsch",
    "ko": "한국어",
    "tl": "Tagalog",
}

# In which the rules of critical care are translated; the others show them in English.
RULE_LANGUAGES = ("es", "zh", "ar")

# The first day that a layout can read; what ended before it is in no warehouse.
FIRST_DAY = "2020-01-01"

HEADER = "Translations for this project, not reviewed by native speakers; NOT CERTIFIED."

# One text, or the singular and the plural of what is counted.
Words = tuple[str, ...]


@dataclass(frozen=True)
class Translated:
    """One language: its messages by name, and its plural rule as an expression over ``n``."""

    messages: dict[str, Words]
    plural_rule: str
    unfinished: tuple[str, ...] = ()


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return schedule().folder / "messages" / f"{language}.po"


@cache
def english() -> dict[str, Words]:
    """Every message by name in English, in the order of the catalogues."""
    return dict(
        [
            *_labels(),
            *_sentences(),
            *_indicator_values(),
            *_price_statuses(),
            *_sections(),
            *_places(),
        ]
    )


def catalogue(language: str) -> Translated:
    """The messages of a language; ``unfinished`` names those that are missing or doubtful."""
    if language == "en":
        return Translated(english(), get_plural("en").plural_expr)
    with catalogue_path(language).open("rb") as file:
        found = read_po(file, locale=language)
    by_name = {message.context: message for message in found if message.id}
    messages, unfinished = {}, []
    for name in english():
        message = by_name.get(name)
        forms = _forms(message.string) if message else ()
        if message is None or message.fuzzy or not forms or not all(forms):
            unfinished.append(name)
        else:
            messages[name] = forms
    return Translated(messages, found.plural_expr, tuple(unfinished))


def rules_path(language: str) -> Path:
    """Where the rules of critical care in a language lie."""
    return catalogue_path(language).parent / "rules" / f"{language}.po"


@cache
def rules() -> tuple[str, ...]:
    """The rules of critical care in English, as the pages show them, each once."""
    tables = ("care_decision", "time_rule", "billing_rule", "bundled_service")
    texts = [
        # Of a bundled service the pages show its name; the rest is the same for all.
        row["meaning"].split(":")[0] if table == "bundled_service" else row["meaning"]
        for table in tables
        for row in read_reference(schedule().reference_file(table))
    ]
    return tuple(dict.fromkeys(texts))


def translated_rules(language: str) -> dict[str, str]:
    """The rules of critical care in a language by their English texts, those that are there."""
    with rules_path(language).open("rb") as file:
        found = read_po(file, locale=language)
    known = {message.id: _forms(message.string) for message in found if not message.fuzzy}
    return {text: known[text][0] for text in rules() if known.get(text, ("",))[0]}


def update_rules(language: str) -> None:
    """Add rules that are new to the catalogue of a language, and drop those that are gone."""
    known = translated_rules(language)
    template = Catalog(locale=language, charset="utf-8")
    for text in rules():
        template.add(text, string=known.get(text, ""))
    _write(template, rules_path(language))


def update(language: str) -> None:
    """Add what is new in English to a catalogue, and mark what changed as doubtful."""
    path = catalogue_path(language)
    template = Catalog(locale=language, charset="utf-8")
    for name, words in english().items():
        template.add(words if len(words) > 1 else words[0], context=name)
    if path.exists():
        with path.open("rb") as file:
            kept = read_po(file, locale=language)
        former = {message.context: message for message in kept if message.id}
        for message in template:
            old = former.get(message.context)
            if message.id and old:
                message.string = old.string
                if old.id != message.id or old.fuzzy:
                    message.flags.add("fuzzy")
    _write(template, path)


def _write(found: Catalog, path: Path) -> None:
    # No day and no program in the head: the file changes only when its words do.
    head = (
        f"# {HEADER}\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {found.locale_identifier}\\n"\n'
        f'"Plural-Forms: {found.plural_forms}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    with path.open("wb") as file:
        file.write(head.encode("utf-8"))
        write_po(file, found, width=0, omit_header=True)


def _forms(string: str | tuple[str, ...] | list[str] | None) -> Words:
    return (string,) if isinstance(string, str) else tuple(string or ())


def _label_groups() -> dict[str, dict]:
    return tomllib.loads((schedule().folder / "labels.toml").read_text("utf-8"))


def _labels() -> Iterator[tuple[str, Words]]:
    for group, entries in _label_groups().items():
        for name, words in entries.items():
            forms = (words,) if isinstance(words, str) else tuple(words)
            yield f"{group}.{name}", forms


def _sentences() -> Iterator[tuple[str, Words]]:
    for row in read_reference(schedule().reference_file("sentence")):
        forms = (row["sentence_text_one"], row["sentence_text"])
        yield f"sentence.{row['sentence_name']}", tuple(filter(None, forms))


def _indicator_values() -> Iterator[tuple[str, Words]]:
    # Those that the pages explain.
    explained = {"status_code", "global_days", *_label_groups()["rule"]}
    for row in read_reference(schedule().reference_file("indicator_value")):
        if row["indicator"] in explained and (row["effective_to"] or FIRST_DAY) >= FIRST_DAY:
            yield f"{row['indicator']}.{row['value']}", (row["meaning"],)


def _price_statuses() -> Iterator[tuple[str, Words]]:
    for row in read_reference(schedule().reference_file("price_status")):
        yield f"price_status.{row['price_status']}", (row["meaning"],)


def _sections() -> Iterator[tuple[str, Words]]:
    rows = read_reference(schedule().reference_file("code_section"))
    for name in dict.fromkeys(row["section"] for row in rows):
        yield f"section.{name}", (name,)
    for name in dict.fromkeys(row["subsection"] for row in rows if row["subsection"]):
        yield f"subsection.{name}", (name,)


def _places() -> Iterator[tuple[str, Words]]:
    for row in read_reference(schedule().reference_file("place_of_service")):
        yield f"place_of_service.{row['place_of_service']}", (row["place_name"],)


if __name__ == "__main__":
    for language in LANGUAGES:
        if language != "en":
            update(language)
    for language in RULE_LANGUAGES:
        update_rules(language)
