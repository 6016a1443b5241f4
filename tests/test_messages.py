"""Every message is there in every language, with the figures that belong into it."""

from string import Formatter

import pytest

from pipeline.site import messages
from pipeline.site.messages import HEADER, LANGUAGES, catalogue, catalogue_path, english, update

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
        if not name.startswith(("sentence.", "status_code.", "global_days.", "method.")):
            continue
        for form in translated[name]:
            assert form not in forms, (language, name)
            numbers = [n for n in ("000", "010", "090", "109.25") if n in forms[-1]]
            assert all(number in form for number in numbers), (language, name)


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
