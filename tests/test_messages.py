"""Every message is there in every language, with the figures that belong into it."""

import re
from pathlib import Path
from string import Formatter

import pytest

from pipeline.schedules.pfs.price.curated import rows as curated
from pipeline.site import messages
from pipeline.site.messages import (
    HEADER,
    LANGUAGES,
    RULE_LANGUAGES,
    catalogue,
    catalogue_path,
    english,
    rules,
    rules_path,
    translated_rules,
    update,
    update_rules,
)
from schemas.definitions import SCHEMAS

SCRIPTS = Path(messages.__file__).parent / "assets" / "js"
OTHERS = [language for language in LANGUAGES if language != "en"]


def names_in(text: str) -> list[str]:
    """The names in braces of a text, sorted."""
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name})


def test_the_ten_languages_are_those_that_were_asked_for():
    assert list(LANGUAGES) == ["en", "es", "zh", "ru", "ar", "vi", "fr", "de", "ko", "tl"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_exists(language):
    found = catalogue(language)
    assert found.unfinished == ()
    assert list(found.messages) == list(english())
    assert len(found.messages) > 350


@pytest.mark.parametrize("language", OTHERS)
def test_every_form_of_a_message_keeps_the_placeholders_of_an_english_form(language):
    translated = catalogue(language).messages
    for name, forms in english().items():
        expected = [names_in(form) for form in forms]
        for form in translated[name]:
            assert names_in(form) in expected, (language, name, form)


@pytest.mark.parametrize("language", OTHERS)
def test_every_counted_message_has_as_many_forms_as_the_language_counts(language):
    translated = catalogue(language).messages
    rule = catalogue(language).plural_rule
    numbers = {"ar": 6, "ru": 3, "zh": 1, "ko": 1, "vi": 1}.get(language, 2)
    assert ("?" in rule) == (numbers > 2)
    for name, forms in english().items():
        assert len(translated[name]) == (numbers if len(forms) > 1 else 1), name


@pytest.mark.parametrize("language", OTHERS)
def test_sentences_are_translated_and_no_code_or_date_is_lost(language):
    """A translation differs from the English text and keeps every number that stands in it."""
    translated = catalogue(language).messages
    for name, forms in english().items():
        if not name.startswith(
            ("sentence.", "status_code.", "global_days.", "method.", "place_of_service.")
        ):
            continue
        for form in translated[name]:
            assert form not in forms, (language, name)
            numbers = [n for n in ("000", "010", "090") if n in forms[-1]]
            assert all(number in form for number in numbers), (language, name)


# Words that readers of the language found wrong, and what they mean to them.
WRONG = {
    "en": [
        "stands at",
        "runs over",
        "No 150 percent",
        "advanced payment",
        "Both sides (",
        "109.25",
    ],
    "es": [
        "se informa",
        "informe el",
        "de pago avanzados (QP",
        "gastos de la práctica",
        "cara a cara",
    ],
    "fr": [
        "cession",
        "prestataire de Medicare",
        "prestataire contractuel",
        "Étendue",
        "'",
        "fait ici",
    ],
    # A transfer of claims; places; visitors; payments of any kind; announcements.
    "de": ["Abtretung", " Ort", "Besuch", "Zahlung", "gezahlt", "gemeldet", "andere Relativwerte"],
    # Internal medicine; a clan; a bill beside a claim; chapters.
    "zh": ["内科", "诊视", "家族", "账单", "章节", "指定付款", "高级付款", "没有 150%"],
    # A waiver; temporary; a rate; a date for the history; a comma from the left.
    "ar": ["التنازل", "لا مدفوع", "المعدّل", "المدفوع الوطني", "مؤقت.", "ثنائيي", ", "],
    "ru": ["назначенную сумму", "передовых моделей"],
    "vi": ["chuyển nhượng", "mã bổ sung", "Nội khoa", "báo cáo mã", "thanh toán nâng cao có"],
    "ko": ["내과", "지정을", "고급 지급"],
    "tl": ["advanced payment", "Ari ng", "pansamantala", "prosedyur", "iuulat ang code"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_readers_found_wrong_do_not_come_back(language):
    texts = [form for forms in catalogue(language).messages.values() for form in forms]
    assert [(word, text) for word in WRONG[language] for text in texts if word in text] == []
    # A decimal in a text would have the point of English where the language has a comma.
    if language in ("fr", "de", "ru", "vi"):
        assert [text for text in texts if re.search(r"\d\.\d", text)] == []


@pytest.mark.parametrize("language", RULE_LANGUAGES)
def test_every_rule_of_critical_care_is_translated(language, monkeypatch, tmp_path):
    found = translated_rules(language)
    assert list(found) == list(rules())
    assert [text for text, own in found.items() if own == text] == []
    # Modifiers and numbers of months stay what they are.
    for text, own in found.items():
        assert set(re.findall(r"\b(?:FS|FT|25|24)\b", text)) <= set(re.findall(r"[A-Z]+|\d+", own))
    copy = tmp_path / f"{language}.po"
    copy.write_bytes(rules_path(language).read_bytes())
    monkeypatch.setattr(messages, "rules_path", lambda _: copy)
    update_rules(language)
    assert copy.read_bytes() == (SCHEMAS / "pfs" / "messages" / "rules" / copy.name).read_bytes()


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_says_that_it_is_not_certified_and_is_current(language, monkeypatch, tmp_path):
    text = catalogue_path(language).read_text("utf-8")
    assert text.startswith(f"# {HEADER}\n") and "NOT CERTIFIED" in HEADER
    copy = tmp_path / f"{language}.po"
    copy.write_text(text, encoding="utf-8")
    monkeypatch.setattr(messages, "catalogue_path", lambda _: copy)
    update(language)
    assert copy.read_text("utf-8") == text


def test_a_changed_english_text_makes_its_translation_doubtful(monkeypatch, tmp_path):
    copy = tmp_path / "de.po"
    copy.write_bytes(catalogue_path("de").read_bytes())
    monkeypatch.setattr(messages, "catalogue_path", lambda _: copy)
    monkeypatch.setattr(messages, "english", lambda: {"nav.home": ("Every code",)})
    update("de")
    assert catalogue("de").unfinished == ("nav.home",)


# What only those who keep the tables know: their names, and how far somebody got with a source.
INTERNAL = re.compile(r"not opened|not\s+opened|first day that was examined|[Tt]able [a-z]+_[a-z]+")
SHOWN = ("time_rule", "care_decision", "billing_rule", "bundled_service")


def test_every_reason_that_the_pages_give_for_a_claim_line_is_said_in_words():
    scripts = "".join(path.read_text("utf-8") for path in SCRIPTS.glob("*.js"))
    gates = {row["rule"] for row in curated("pricing_rule") if row["gate_status"]}
    given = gates & {*re.findall(r'"(\w+)"', scripts)}
    assert len(given) > 40
    assert {x for x in given if not {f"reason.{x}", f"price_status.{x}"} & {*english()}} == set()


def test_texts_and_sources_that_pages_show_speak_of_no_table_and_no_search():
    folder = SCHEMAS / "pfs"
    paths = [folder / "reference" / f"{name}.csv" for name in SHOWN]
    paths += sorted((folder / "annotation").rglob("*.yaml"))
    assert len(paths) > 10
    assert [
        (x.name, INTERNAL.findall(x.read_text("utf-8")))
        for x in paths
        if INTERNAL.search(x.read_text("utf-8"))
    ] == []
