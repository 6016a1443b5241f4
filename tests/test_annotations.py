"""Annotations: complete for the families that are annotated, and refused where they break a rule."""

import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import RefusedError
from pipeline.schedules.pfs.guide.annotation import load_annotations
from schemas.definitions import SCHEMAS, load_schedule

FOLDER = SCHEMAS / "pfs" / "annotation"
KINDS = set(load_schedule("pfs").columns["annotation_kind"].domain)

CRITICAL_CARE = [
    "99291",
    "99292",
    "99466",
    "99467",
    "99468",
    "99469",
    "99471",
    "99472",
    "99475",
    "99476",
    "99485",
    "99486",
]
# All codes of the range that exist: 25 of extracorporeal life support, 15 of pumps and balloons.
LIFE_SUPPORT = [
    str(code) for code in range(33946, 33990) if code not in (33950, 33960, 33961, 33972)
]


def entry(**changed: str | None) -> str:
    """An entry as YAML, with some of its lines changed, or left out where None."""
    lines = {
        "code": '"99291"',
        "kind": "plain_language",
        "evidence": "E",
        "source": "Own wording of this project",
        "written_on": "2026-11-25",
        "text": "A doctor keeps a patient alive.",
    } | changed
    written = [f"{name}: {value}" for name, value in lines.items() if value is not None]
    return "- " + "\n  ".join(written) + "\n"


@pytest.fixture
def load(tmp_path: Path):
    """A function that loads a file of annotations from its text."""

    def load(text: str, language: str = "en") -> list[dict]:
        folder = tmp_path / "annotation" / language
        folder.mkdir(parents=True)
        (folder / "made_up.yaml").write_text(text, encoding="utf-8")
        return load_annotations(tmp_path / "annotation")

    return load


# ---------------------------------------------------------------- what is there


@pytest.mark.parametrize("code", [*CRITICAL_CARE, "92950", *LIFE_SUPPORT])
def test_a_code_has_every_kind_of_annotation_of_its_own_or_of_its_family(con, code):
    found = con.execute(
        """
        select distinct annotation_kind from annotation
        where language = 'en' and (
          subject = $code
          or subject in (select code_family from code_family where hcpcs_code = $code)
        )
        """,
        {"code": code},
    ).fetchall()
    assert {row[0] for row in found} == KINDS


@pytest.mark.parametrize("code", [*CRITICAL_CARE, "92950", *LIFE_SUPPORT])
def test_a_code_is_explained_in_words_that_no_other_code_has(con, code):
    same = """
        select count(*) from annotation where annotation_kind = 'plain_language' and language = 'en'
        and annotation_text = (
          select annotation_text from annotation
          where annotation_kind = 'plain_language' and language = 'en' and subject = ?
        )
    """
    assert con.execute(same, [code]).fetchall() == [(1,)]


def test_every_annotated_family_has_members(con):
    query = """
        select subject from annotation where subject_kind = 'family'
        and subject not in (select code_family from code_family)
    """
    assert con.sql(query).fetchall() == []


def test_texts_are_whole_sentences(con):
    """In Chinese a sentence ends with a stop of its own; only Latin letters have capitals."""
    rows = con.sql("""
        select language, subject, annotation_kind, annotation_text from annotation
        where annotation_kind <> 'synonyms'
    """).fetchall()
    assert {row[0] for row in rows} == {"en", "es", "zh", "ar"}
    assert [row for row in rows if not re.fullmatch(r"[^a-z\s].*[.。]", row[3], re.DOTALL)] == []


def test_every_question_is_one(con):
    rows = con.sql("select question from annotation where annotation_kind = 'questions'").fetchall()
    assert rows
    assert [row for row in rows if not re.fullmatch(r"[^a-z\s].*[?？؟]", row[0])] == []


@pytest.mark.parametrize("language", ["es", "zh", "ar"])
def test_plain_words_context_and_questions_are_translated_one_by_one(con, language):
    """Each has as many items as in English, in words of its own; the source says that it is one."""
    kinds = "annotation_kind in ('plain_language', 'clinical_context', 'questions')"
    query = f"select subject, annotation_kind, item_number from annotation where {kinds}"
    found = con.execute(f"{query} and language = ?", [language]).fetchall()
    assert sorted(found) == sorted(con.sql(f"{query} and language = 'en'").fetchall())
    same = """
        select own.subject from annotation as own join annotation as english
        using (subject, annotation_kind, annotation_text)
        where own.language = ? and english.language = 'en'
    """
    assert con.execute(same, [language]).fetchall() == []
    sources = "select distinct source from annotation where language = ?"
    for (source,) in con.execute(sources, [language]).fetchall():
        assert source.startswith("Translation, not certified, of the English text: ")


# Codes that differ by the age of the patient or by the first day and a further one, each by words
# that only its own text has.
TOLD_APART = [
    ("33951", "birth through 5 years", "33952", "6 years or older, adults included"),
    ("33953", "birth through 5 years", "33954", "6 years or older, adults included"),
    ("33955", "birth through 5 years", "33956", "6 years or older, adults included"),
    ("33957", "birth through 5 years", "33958", "6 years or older, adults included"),
    ("33959", "birth through 5 years", "33962", "6 years or older, adults included"),
    ("33963", "birth through 5 years", "33964", "6 years or older, adults included"),
    ("33965", "birth through 5 years", "33966", "6 years or older, adults included"),
    ("33969", "birth through 5 years", "33984", "6 years or older, adults included"),
    ("33985", "birth through 5 years", "33986", "6 years or older, adults included"),
    ("99468", "up to 28 days old, first day", "99469", "up to 28 days old, each subsequent day"),
    ("99471", "through 24 months old, first day", "99472", "24 months old, each subsequent day"),
    ("99475", "2 through 5 years old, first day", "99476", "5 years old, each subsequent day"),
]


def test_the_first_words_tell_codes_apart_that_differ_by_age_or_day(con):
    query = "select annotation_text from annotation where subject = ? and language = 'en'"
    own = f"{query} and annotation_kind = 'plain_language'"
    for one, words, other, its_words in TOLD_APART:
        [[text]], [[its_text]] = (con.execute(own, [code]).fetchall() for code in (one, other))
        assert words in text[:80] and its_words not in text, one
        assert its_words in its_text[:80] and words not in its_text, other


# ---------------------------------------------------------------- errors that public pages make


def texts_of(con, code: str) -> str:
    """All that is said about a code, its families included."""
    rows = con.execute(
        """
        select question || ' ' || annotation_text from annotation
        where language = 'en' and (subject = $code
          or subject in (select code_family from code_family where hcpcs_code = $code))
        """,
        {"code": code},
    ).fetchall()
    return " ".join(row[0] for row in rows)


def test_33952_is_not_called_a_code_for_children(con):
    assert "6 years or older, adults included" in texts_of(con, "33952")


@pytest.mark.parametrize(("code", "word"), [("33946", "Starting"), ("33948", "each day after")])
def test_starting_and_daily_care_are_told_apart(con, code, word):
    own = con.execute(
        "select annotation_text from annotation where subject = ? "
        "and annotation_kind = 'plain_language' and language = 'en'",
        [code],
    ).fetchall()[0][0]
    assert word in own


def test_the_work_value_is_not_called_the_total_of_92950(con):
    assert "Is the work RVU the total value of the code? No." in texts_of(con, "92950")


def test_a_global_period_is_not_said_to_make_a_visit_payable(con):
    assert "generally not payable separately" in texts_of(con, "92950")


def test_99291_is_not_called_a_first_examination(con):
    assert "not about a first examination" in texts_of(con, "99291")


def test_the_later_threshold_is_not_limited_to_time_that_is_added_up(con):
    assert "It applies to one practitioner's time as well." in texts_of(con, "99292")


# ---------------------------------------------------------------- what is refused


def test_an_entry_becomes_rows(load):
    assert load(entry()) == [
        {
            "subject_kind": "code",
            "subject": "99291",
            "language": "en",
            "annotation_kind": "plain_language",
            "item_number": 1,
            "question": "",
            "related_code": "",
            "evidence": "E",
            "source": "Own wording of this project",
            "written_on": date(2026, 11, 25),
            "annotation_text": "A doctor keeps a patient alive.",
        }
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"source": None}, "source: Field required"),
        ({"source": "none"}, "source: String should have at least 10 characters"),
        ({"written_on": None}, "written_on: Field required"),
        ({"written_on": "last week"}, "written_on: Input should be a valid date"),
        ({"kind": "rumours"}, "entry 1: Input tag 'rumours'"),
        ({"code": '"9929"'}, "code: String should match pattern"),
        ({"code": "99291a"}, "code: String should match pattern"),
        ({"code": None}, "name a code or a family"),
        ({"family": "critical_care"}, "name a code or a family"),
        ({"code": None, "family": "no_such_family"}, "is not in code_family.csv"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"evidence": "Q"}, "evidence: Input should be"),
    ],
)
def test_an_entry_that_breaks_a_rule_is_refused_with_its_place(load, changed, words):
    with pytest.raises(RefusedError) as refused:
        load(entry(**changed))
    message = str(refused.value)
    assert message.startswith("annotation/en/made_up.yaml: ")
    assert words in message
    assert message.endswith("Correct the annotation file.")


@pytest.mark.parametrize(
    "text",
    [
        "Medicare pays $205.72 for it.",
        "It pays 205 dollars.",
        "The work RVU is 4.50.",
        "It has 4 RVUs.",
        "It needs 104 minutes.",
        "It lasts 30-minute periods.",
        "Payment falls by 2 percent.",
        "Payment falls by 2.5%.",
    ],
)
def test_a_figure_that_is_computed_elsewhere_is_refused(load, text):
    with pytest.raises(RefusedError, match="is a figure"):
        load(entry(text=text))


@pytest.mark.parametrize(
    "text", ["A child of 24 months.", "See 99291 and 99292.", "The first 28 days of life."]
)
def test_an_age_or_a_code_is_no_figure(load, text):
    assert load(entry(text=text))[0]["annotation_text"] == text


def test_two_entries_for_one_code_language_and_kind_are_refused(load):
    with pytest.raises(RefusedError, match="99291 en plain_language stands in"):
        load(entry() + entry(text="Another text."))


def test_a_key_that_stands_twice_in_an_entry_is_refused_with_its_line(load):
    with pytest.raises(RefusedError, match=r"line 1: \"source\" stands twice"):
        load(entry() + "  source: Another source of it\n")


def test_an_unknown_language_is_refused(load):
    with pytest.raises(RefusedError, match='"xx" is none of the languages'):
        load(entry(), language="xx")


def test_a_code_stays_text(load):
    """YAML would read 0188T as text but 99291 as a number, and 00100 as an octal one."""
    assert load(entry(code="00100"))[0]["subject"] == "00100"


def test_another_language_is_a_folder(load):
    assert load(entry(text="Ein Arzt hält einen Kranken am Leben."), "de")[0]["language"] == "de"
