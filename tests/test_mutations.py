"""Damaged and altered bundles: one of every tenth kind; ``make soak`` makes five hundred."""

import pytest

from tests.helpers.marks import cases
from tests.soak.mutation.all_kinds import ALL
from tests.soak.mutation.invariants import violations
from tests.soak.mutation.mutant import ANES, GPCI, OPPSCAP, PPRRVU, Mutant, edit_row, good
from tests.soak.mutation.verdict import FAULT, FEW, REFUSED, UNSEEN, judge

pytestmark = pytest.mark.slow

# The kinds that are cheap (a zip is refused at once), and every tenth one of the rest, of which every
# third runs with the slow tests and the others with the longest; make soak makes all of them.
KINDS = {kind.name: kind for kind in ALL}
ZIPS = [name for name in KINDS if "zip" in name or "compression" in name]
OTHERS = [name for name in KINDS if name not in ZIPS][::10]


@pytest.mark.parametrize("name", cases([*ZIPS, *OTHERS], set(OTHERS) - set(OTHERS[::3])))
def test_a_mutant_is_refused_or_loaded_with_every_line_accounted_for(name, tmp_path):
    mutant = KINDS[name].mutant(0)
    verdict = judge(mutant, tmp_path / "mutant")
    assert verdict.outcome != FAULT, f"{mutant.where}: {verdict.words}"


def test_every_kind_has_a_name_of_its_own_and_its_mutants_differ_from_the_good_bundle():
    assert len(KINDS) == len(ALL)
    same = [
        kind.name
        for kind in ALL
        if kind.expect != "loads" and all(kind.mutant(n).files == good(kind.base) for n in range(3))
    ]
    assert same == []


def test_the_same_number_makes_the_same_mutant():
    assert [kind.mutant(7) for kind in ALL[::9]] == [kind.mutant(7) for kind in ALL[::9]]


# ---------------------------------------------------------------- the judge itself


def test_the_judge_finds_fault_with_a_good_bundle_that_should_have_been_seen(tmp_path):
    verdict = judge(Mutant("none", good(), "nowhere", expect="seen"), tmp_path / "mutant")
    assert (verdict.outcome, "where seen is due" in verdict.words) == (FAULT, True)


def test_the_judge_finds_fault_with_more_values_than_a_row_or_two_that_nothing_tells(tmp_path):
    files = dict(good())
    for line in range(20, 20 + FEW):
        edit_row(files, PPRRVU, line, lambda row: row.__setitem__(2, "another text"))
    mutant = Mutant("none", files, PPRRVU)
    verdict = judge(mutant, tmp_path / "mutant")
    assert (verdict.outcome, verdict.undetected) == (UNSEEN, ("rvu.description",))
    edit_row(files, PPRRVU, 50, lambda row: row.__setitem__(2, "another text"))
    verdict = judge(mutant, tmp_path / "mutant")
    assert (verdict.outcome, f"{FEW + 1} rows" in verdict.words) == (FAULT, True)


def test_the_judge_finds_fault_with_what_is_published_in_place_of_a_true_value(tmp_path):
    files = dict(good())
    # A name is of the kinds that nothing tells; here nothing but true values may be published.
    edit_row(files, GPCI, 10, lambda row: row.__setitem__(3, "ANOTHER NAME"))
    verdict = judge(Mutant("none", files, GPCI, expect="exact"), tmp_path / "mutant")
    assert (verdict.outcome, "where exact is due" in verdict.words) == (FAULT, True)


def test_the_judge_finds_fault_with_a_refusal_where_values_are_equal(tmp_path):
    files = good() | {PPRRVU: b"x"}
    assert judge(Mutant("none", files, PPRRVU), tmp_path / "mutant").outcome == REFUSED
    verdict = judge(Mutant("none", files, PPRRVU, expect="loads"), tmp_path / "mutant")
    assert verdict.outcome == FAULT


def test_a_good_bundle_breaks_no_invariant():
    assert violations(good()) == []


@pytest.mark.parametrize(
    ("path", "line", "column", "value", "broken"),
    [
        (PPRRVU, 300, 11, "99.99", "total"),
        (PPRRVU, 300, 24, "33.0000", "conversion factor"),
        (PPRRVU, 300, 3, "Z", "domain of column 4"),
        (PPRRVU, 300, 27, "88", "imaging family"),
        (PPRRVU, 300, 5, "1,00", "not readable"),
        (GPCI, 10, 5, "1.999", "ANES"),
        (GPCI, 10, 2, "77", "localities of GPCI"),
        (ANES, 10, 3, "1.00", "ANES"),
        (OPPSCAP, 10, 5, "1.00", "OPPSCAP amount"),
        (OPPSCAP, 10, 4, "78", "OPPSCAP has"),
    ],
)
def test_an_invariant_tells_what_is_wrong(path, line, column, value, broken):
    files = dict(good())
    edit_row(files, path, line, lambda row: row.__setitem__(column, value))
    assert any(found.startswith(broken) for found in violations(files))
