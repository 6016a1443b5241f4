"""Annotations: what a code is about, in this project's own words, from reviewed YAML files.

A file lies in ``annotation/<language>/`` and holds a list of entries, each for one code or one
family of codes and of one kind. Texts carry no figure that is computed or a rule of its own:
amounts stand in the payment tables, minutes in ``time_rule``.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from pipeline.errors import RefusedError, refuse
from pipeline.schedules.pfs.declared import schedule
from schemas.definitions import read_reference

LANGUAGES = ("en", "es", "zh", "ru", "ar", "vi", "fr", "de", "ko", "tl")

# Amounts, RVUs, shares, decimals and lengths of time: all of them are data elsewhere.
FIGURE = re.compile(
    r"[$€]|\d\s*(?:dollars?|USD|cents?)\b|\d[\d.,]*[\s-]*(?:RVUs?|minutes?|mins?|hours?|percent)\b"
    r"|\d\s*%|\b\d+\.\d+|\bRVUs?\W{0,3}(?:of|is|are|:|=)?\W{0,3}\d",
    re.IGNORECASE,
)


def _without_figures(text: str) -> str:
    found = FIGURE.search(text)
    if found:
        raise ValueError(
            f'"{found[0]}" is a figure; amounts, RVUs and minutes stand in their tables'
        )
    return text


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3),
    AfterValidator(_without_figures),
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{5}$")]
Day = Annotated[date, Field(strict=False)]


class _Entry(BaseModel):
    """What every entry says: whom it is about, how well it is founded, from where and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code | None = None
    family: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")] | None = None
    evidence: Literal["P", "S", "E"]
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10)]
    written_on: Day

    @model_validator(mode="after")
    def _has_one_subject(self) -> "_Entry":
        if (self.code is None) == (self.family is None):
            raise ValueError("name a code or a family, one of the two")
        return self

    def items(self) -> Iterator[dict[str, str]]:
        """The texts of the entry, one by one."""
        raise NotImplementedError


class TextEntry(_Entry):
    """An entry of one text."""

    kind: Literal["plain_language", "clinical_context", "physician_responsibility"]
    text: Text

    def items(self) -> Iterator[dict[str, str]]:
        yield {"annotation_text": self.text}


class ListEntry(_Entry):
    """An entry of several texts, in the order in which they are read."""

    kind: Literal["synonyms", "documentation", "examples"]
    texts: Annotated[list[Text], Field(min_length=1)]

    def items(self) -> Iterator[dict[str, str]]:
        for text in self.texts:
            yield {"annotation_text": text}


class Reference(BaseModel):
    """Another code, and what it has to do with this one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: Code
    text: Text


class ReferenceEntry(_Entry):
    """Codes that a reader may be looking for instead, or that go with this one."""

    kind: Literal["cross_references"]
    references: Annotated[list[Reference], Field(min_length=1)]

    def items(self) -> Iterator[dict[str, str]]:
        for one in self.references:
            yield {"related_code": one.code, "annotation_text": one.text}


class Question(BaseModel):
    """A question that is often asked, and the answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    question: Text
    answer: Text


class QuestionEntry(_Entry):
    """Questions that are often asked, with their answers."""

    kind: Literal["questions"]
    questions: Annotated[list[Question], Field(min_length=1)]

    def items(self) -> Iterator[dict[str, str]]:
        for one in self.questions:
            yield {"question": one.question, "annotation_text": one.answer}


Entry = Annotated[
    TextEntry | ListEntry | ReferenceEntry | QuestionEntry, Field(discriminator="kind")
]
ENTRIES: TypeAdapter[list[Entry]] = TypeAdapter(list[Entry])


class _OneKeyLoader(yaml.CBaseLoader):
    """YAML whose scalars all are texts (99291 keeps being a code) and whose keys occur once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        repeated = next((key for key in keys if keys.count(key) > 1), None)
        if repeated:
            raise yaml.constructor.ConstructorError(
                None, None, f'"{repeated}" stands twice in one entry', node.start_mark
            )
        return super().construct_mapping(node, deep)


def load_annotations(folder: Path) -> list[dict[str, Any]]:
    """The rows of table ``annotation`` from every file below ``folder``.

    Raises RefusedError naming file and entry for one without source or date, of an unknown kind
    or family, with a code of another form or a figure in its text, or that stands twice.
    """
    families = {
        row["code_family"] for row in read_reference(schedule().reference_file("code_family"))
    }
    rows: list[dict[str, Any]] = []
    seen: dict[tuple[str, str, str], str] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        language, label = path.parent.name, path.relative_to(folder.parent).as_posix()
        if language not in LANGUAGES:
            raise _refused(label, f'"{language}" is none of the languages {", ".join(LANGUAGES)}')
        for entry in _entries(path, label):
            if entry.family and entry.family not in families:
                raise _refused(label, f'the family "{entry.family}" is not in code_family.csv')
            subject = entry.code or entry.family or ""
            key = (subject, language, entry.kind)
            if key in seen:
                raise _refused(label, f"{' '.join(key)} stands in {seen[key]} already")
            seen[key] = label
            rows += _rows(entry, subject, language)
    return rows


def _entries(path: Path, label: str) -> list[Entry]:
    try:
        written = yaml.load(path.read_text("utf-8"), _OneKeyLoader)
        return ENTRIES.validate_python(written)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise _refused(label, problem, mark.line + 1 if mark else None) from None
    except ValidationError as error:
        first = error.errors()[0]
        number, *place = first["loc"] or (0,)
        where = " ".join(["entry", str(int(number) + 1), *map(str, place)])
        raise _refused(label, f"{where}: {first['msg']}") from None


def _rows(entry: Entry, subject: str, language: str) -> Iterator[dict[str, Any]]:
    for number, item in enumerate(entry.items(), start=1):
        yield {
            "subject_kind": "code" if entry.code else "family",
            "subject": subject,
            "language": language,
            "annotation_kind": entry.kind,
            "item_number": number,
            "question": "",
            "related_code": "",
            "evidence": entry.evidence,
            "source": entry.source,
            "written_on": entry.written_on,
            **item,
        }


def _refused(label: str, message: str, line: int | None = None) -> RefusedError:
    return refuse(label, "annotation", message, line=line, advice="Correct the annotation file.")
