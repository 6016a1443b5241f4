"""The licence: asked of the user, remembered, and passed on only where CMS asks for it."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.licence import licence as licence_command
from pipeline.errors import PipelineError, UsageError
from pipeline.fetch.errors import FetchError, LicenceError
from pipeline.fetch.licence import (
    ACCEPTANCE,
    VERSION,
    WHERE_TO_READ,
    WORDS,
    is_licence_address,
    read_answer,
    write_answer,
)
from pipeline.fetch.run import FetchOptions
from tests.fetch.place import run


def test_without_the_licence_nothing_is_asked(place, server):
    state = place.warehouse / "state"
    write_answer(state, "withdrawn")
    with pytest.raises(LicenceError, match="is no longer accepted, so nothing was asked of CMS"):
        run(place)
    (state / "settings.json").write_text(
        json.dumps(
            {"licence": {"answer": "accepted", "answered_at": "2020", "version": VERSION - 1}}
        )
    )
    with pytest.raises(LicenceError, match="in words that have changed since"):
        run(place)
    (state / "settings.json").unlink()
    with pytest.raises(LicenceError, match=r"has not been accepted.*answer with fees licence"):
        run(place)
    assert LicenceError.exit_code == 8
    assert server.requests == []


def answer_licence(place: FetchOptions, *arguments: str) -> Result:
    """``fees licence`` as a user or a script calls it."""
    return CliRunner().invoke(licence_command, [*arguments, "--warehouse", str(place.warehouse)])


def test_pfs_licence_remembers_the_answer(place):
    state = place.warehouse / "state"
    (state / "settings.json").write_text(json.dumps({"other": 1}))
    shown = answer_licence(place)
    assert shown.stdout.startswith(WORDS)
    assert "Not accepted: nothing is downloaded." in shown.stdout
    assert not read_answer(state).is_accepted
    assert f"Accepted on {datetime.now(UTC):%Y-%m-%d}" in answer_licence(place, "--accept").stdout
    assert read_answer(state).is_accepted
    assert json.loads(answer_licence(place, "--json").stdout)["answer"] == "accepted"
    assert "Withdrawn on" in answer_licence(place, "--withdraw").stdout
    assert "Withdrawn on" in answer_licence(place, "--show").stdout
    assert json.loads((state / "settings.json").read_text())["other"] == 1
    assert isinstance(answer_licence(place, "--accept", "--show").exception, UsageError)


@pytest.mark.parametrize("content", ["{", "[]", '{"licence": []}', '{"licence": {"version": "x"}}'])
def test_settings_that_cannot_be_read_are_told(place, content):
    (place.warehouse / "state" / "settings.json").write_text(content)
    assert isinstance(answer_licence(place).exception, UsageError)


def test_our_words_are_ours_and_say_where_to_read_the_terms():
    assert WHERE_TO_READ in WORDS
    assert is_licence_address(WHERE_TO_READ)
    # What is sent to CMS in the user's name is said before the user is asked.
    assert "&".join(f"{name}={value}" for name, value in ACCEPTANCE.items()) in WORDS
    assert max(map(len, WORDS.splitlines())) < 100


def test_every_failure_has_its_exit_code():
    assert all(issubclass(error, PipelineError) for error in (LicenceError, FetchError))
    assert (LicenceError.exit_code, FetchError.exit_code) == (8, 9)
