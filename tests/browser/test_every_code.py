"""What the pages say of every code, held against the tables: each sentence, change and indicator."""

import json
import re
from decimal import Decimal

import duckdb
import pytest

from pipeline.site.build import write_site
from tests.browser.conftest import reading
from tests.browser.test_changes_of_a_code import amounts

# Every page is written as a reader gets it, but for pictures, the list of localities, and their names,
# which the tables have as CMS writes them.
READ = """async (codes) => {
  Site.picture = () => document.createElement("i");
  Site.place.title = (name) => name;
  Site.parts.places = (found, sentences) => Site.parts.said(sentences, ["places"]);
  const content = document.getElementById("content");
  const all = (selector, told) => [...content.querySelectorAll(selector)].map(told);
  const pages = {};
  for (const code of codes) {
    await Site.page.render({ subject: code });
    pages[code] = {
      heading: content.querySelector("h1").textContent,
      said: all("[data-sentence]", (one) => [one.dataset.sentence, one.textContent]),
      lists: all("ul.said li", (one) => one.textContent),
      causes: Object.fromEntries(all("[data-cause]", (one) => [one.dataset.cause, one.textContent])),
      empty: all(".parts > .part, .facts, .answer, tbody td, dd:not(.fact-note)", (one) => {
        const inner = one.cloneNode(true);
        for (const head of inner.querySelectorAll(".part-head, thead, caption")) head.remove();
        return !inner.textContent.trim() && !inner.querySelector("i");
      }),
      rules: all("[data-rule]", (one) => [one.dataset.rule, one.dataset.rows, one.textContent]),
    };
  }
  return JSON.stringify(pages);
}"""

# That there is nothing to say: the page may leave out a card that would say only this.
NOTHING = {
    "global_xxx",
    "no_rvus",
    "not_ranked_no_work",
    "not_ranked_carrier",
    "not_ranked_not_payable",
}

DOES_NOT_APPLY = {"9", "09", "99", "0"}

# A figure or a word that is not there.
BLANK = re.compile(
    r"(?:^|[\s(])(?:–|NA)(?:[.,;)]|\s(?!\()|$)|undefined|null|NaN|[{}]|\b(?:code|rule|change|changed|sentence)\.[a-z]"
)

SENTENCES = """
    SELECT hcpcs_code, list([sentence_name, sentence] ORDER BY sentence_topic, sentence_number)
    FROM code_sentence WHERE release_id = ? GROUP BY hcpcs_code
"""
PAYMENTS = "SELECT hcpcs_code, release_id, nonfacility_payment, facility_payment FROM code_history"
RULES = """
    SELECT hcpcs_code, list(DISTINCT [name, modifier, value])
    FROM (UNPIVOT (SELECT * FROM rvu WHERE release_id = ?) ON
      multiple_procedure_indicator, bilateral_indicator, assistant_surgeon_indicator, co_surgeon_indicator,
      team_surgeon_indicator, pctc_indicator, supervision_indicator, imaging_family_indicator)
    GROUP BY hcpcs_code
"""


def check_every_code(reader, con: duckdb.DuckDBPyConnection, release: str) -> int:
    """Read the page of every code of a release; returns how many causes of changes were read."""
    sentences = dict(con.execute(SENTENCES, [release]).fetchall())
    rules = dict(con.execute(RULES, [release]).fetchall())
    payments = {
        (code, at): (office, facility)
        for code, at, office, facility in con.sql(PAYMENTS).fetchall()
    }
    order = [
        x
        for (x,) in con.sql(
            "SELECT release_id FROM release WHERE schedule = 'pfs' AND is_current ORDER BY effective_from"
        ).fetchall()
    ]
    page = reader.open(f"code.html#@{release}")
    pages = json.loads(page.evaluate(READ, sorted(rules)))
    assert len(pages) == len(rules) > 300
    causes = 0
    for code, shown in pages.items():
        assert code in shown["heading"], code
        assert not any(shown["empty"]), code
        check_sentences(code, shown, sentences.get(code, []))
        told = {
            (name, row, value) for name, rows, value in shown["rules"] for row in rows.split(",")
        }
        stated = {tuple(one) for one in rules[code]}
        # A card of indicators that all say that they do not apply is left out.
        assert told == stated or (not told and {x for *_, x in stated} <= DOES_NOT_APPLY), code
        for setting, text in shown["causes"].items():
            change, *parts = amounts(text)
            assert change == sum(parts), text
            assert change == change_of_payment(payments, order, code, setting, shown["lists"]), (
                code,
                text,
            )
            causes += 1
    return causes


def check_sentences(code: str, shown: dict, expected: list) -> None:
    """Each sentence stands there as in the tables, and none has a blank."""
    told = dict(expected)
    assert told.keys() - NOTHING <= {name for name, _ in shown["said"]} <= told.keys(), code
    for name, text in shown["said"]:
        assert text.startswith(told[name]), (code, text)
    for text in shown["lists"]:
        assert not BLANK.search(text), (code, text)


def change_of_payment(payments, order, code, setting, lists) -> Decimal:
    """What the payment changed by in the release of the last change, as the tables have it."""
    [release] = {
        x
        for text in lists
        if "Last changed in" in text
        for x in order
        if re.search(rf"\b{x}\b", text)
    }
    before = order[order.index(release) - 1]
    n = ["office", "facility"].index(setting)
    return payments[code, release][n] - payments[code, before][n]


def test_every_code_of_two_releases_is_told_as_the_tables_have_it(browser, two_releases, tmp_path):
    write_site(two_releases, tmp_path / "site", with_licensed_text=False, only=())
    for reader in reading(browser, tmp_path / "site"):
        causes = [check_every_code(reader, two_releases, name) for name in ("RVU25C", "RVU25D")]
    assert causes[0] == 0 < causes[1]


@pytest.mark.real
@pytest.mark.long
@pytest.mark.parametrize("release", ["RVU25A", "RVU26B"])
def test_every_code_of_cms_s_releases_is_told_as_the_tables_have_it(
    real_reader, real_warehouse, release
):
    """RVU25A comes after other years: most amounts changed; RVU26B has new codes and two factors."""
    with duckdb.connect(str(real_warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        assert check_every_code(real_reader, con, release) > 10_000
