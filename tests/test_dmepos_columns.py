"""What proves the columns of equipment fees: exchanged ones are refused, and forms agree."""

import duckdb
import polars as pl
import pytest

from pipeline.errors import RefusedError
from pipeline.read.compare import compare_forms
from pipeline.read.file import FileRead
from pipeline.read.sort import kind_of
from pipeline.read.validate import validate
from pipeline.sample import DMEPOS_BUNDLE
from pipeline.schedules.dmepos.definition import DMEPOS
from pipeline.store.sql import load_checks
from tests.helpers.dmepos_files import (
    EVERY,
    TABLES,
    as_csv,
    head_of,
    items_of,
    put,
    read,
    sample_lines,
    staged_frames,
)

pytestmark = pytest.mark.whole


def exchange(head: list[str], one: str, another: str) -> None:
    """Two columns are headed by each other's words."""
    places = head.index(one), head.index(another)
    head[places[0]], head[places[1]] = another, one


@pytest.fixture(scope="module")
def sound() -> dict[str, pl.DataFrame]:
    """What the files of the sample have."""
    found = {kind: sample_lines(kind) for kind in EVERY}
    return {kind: read(as_csv(lines), name).frame for kind, (name, lines) in found.items()}


@pytest.fixture(scope="module")
def examined(sound) -> duckdb.DuckDBPyConnection:
    return staged_frames(sound)


def refused_by(
    check: str, kind: str, found: FileRead, sound: dict, con: duckdb.DuckDBPyConnection
) -> bool:
    """Whether a check, which refuses, finds something in a file beside the sound ones and nothing without it."""
    [rule] = [x for x in load_checks(DMEPOS.release_checks) if x.name == check]
    assert rule.severity == "error" and con.sql(rule.query).fetchall() == []
    put(con, kind, found.frame)
    is_found = bool(con.sql(rule.query).fetchall())
    put(con, kind, sound[kind])
    return is_found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "another", "check"),
    [
        ("Ceiling", "Floor", "fees_lie_within_their_limits"),
        ("AL (NR)", "AL (R)", "rural_fees_are_no_lower"),
        ("AL (R)", "AK (NR)", "limited_items_have_no_rural_fee"),
        ("AL (R)", "AK (R)", "rural_fees_are_continental"),
        ("AL (NR)", "NY (NR)", "regions_have_one_fee"),
        ("AL (NR)", "AK (NR)", "regions_have_one_fee"),
        ("Mod", "Mod2", "items_have_their_first_modifier"),
    ],
)
def test_exchanged_columns_of_fees_are_refused(one, another, check, sound, examined) -> None:
    name, lines = sample_lines("dmepos")
    exchange(head_of(lines), one, another)
    assert refused_by(check, "dmepos", read(as_csv(lines), name), sound, examined)


@pytest.mark.parametrize(("one", "another"), [("JURIS", "CATG"), ("Ceiling", "AL (NR)")])
def test_columns_with_values_of_their_own_are_not_taken_for_each_other(one, another) -> None:
    name, lines = sample_lines("dmepos")
    exchange(head_of(lines), one, another)
    with pytest.raises(RefusedError):
        validate(read(as_csv(lines), name), DMEPOS.declared, quarantine_rows=False)


def test_a_new_category_of_an_item_sets_it_aside_once_and_not_for_each_state() -> None:
    name, lines = sample_lines("dmepos")
    items_of(lines)[0][head_of(lines).index("CATG")] = "ZZ"
    found = read(as_csv(lines), name)
    validated = validate(found, DMEPOS.declared, quarantine_rows=False)
    [finding] = validated.set_aside
    assert (finding.rule, finding.value) == ("domain of category", "ZZ")
    assert finding.line not in validated.frame["source_line"]
    assert found.account.quarantined == 1


def test_a_new_category_is_of_few_of_the_items_however_many_fees_they_have() -> None:
    name, lines = sample_lines("dmepos")
    for item in items_of(lines)[:4]:
        item[head_of(lines).index("CATG")] = "ZZ"
    with pytest.raises(RefusedError, match="category"):
        validate(read(as_csv(lines), name), DMEPOS.declared, quarantine_rows=False)


def test_an_item_with_a_third_modifier_is_another_one_and_set_aside() -> None:
    """Beside it the item with the first two may stand, and keeps its fees."""
    name, lines = sample_lines("dmepos")
    plain = read(as_csv(lines), name).frame
    head, items = head_of(lines), items_of(lines)
    lines.insert(lines.index(head) + 1, list(items[0]))
    for line in lines[lines.index(head) :]:
        line.append({id(head): "Mod3", id(items_of(lines)[0]): "KX"}.get(id(line), ""))
    validated = validate(read(as_csv(lines), name), DMEPOS.declared, quarantine_rows=False)
    [finding] = validated.set_aside
    assert (finding.rule, finding.value) == ("domain of further_modifier", "KX")
    assert validated.frame.drop("source_line").equals(plain.drop("source_line"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", ["{} (Non-Rural)|{} (Rural)", "{}-NR|{}-R", "{} NONRURAL|{} RURAL"]
)
def test_states_may_be_headed_in_other_words_and_stand_in_another_order(words: str) -> None:
    name, lines = sample_lines("dmepos")
    plain = read(as_csv(lines), name).frame
    head = head_of(lines)
    states = [place for place, cell in enumerate(head) if cell.endswith("R)")]
    other, rural = words.split("|")
    for place in states:
        head[place] = (rural if head[place].endswith("(R)") else other).format(head[place][:2])
    order = sorted(states, key=lambda place: (place % 2, -place))
    table = lines[lines.index(head) :]
    for line in table:
        line[states[0] : states[-1] + 1] = [line[place] for place in order]
    found = read(as_csv(lines), name).frame
    key = list(TABLES["stage.dmepos"].key)
    assert found.sort(key).equals(plain.sort(key))


@pytest.mark.parametrize(
    ("kind", "one", "another", "check"),
    [
        ("dme_pen", "AL(NR)", "AL(R)", "rural_nutrition_are_no_lower"),
        ("dme_cba", "Mod", "Mod2", "area_fees_have_their_first_modifiers"),
        ("dme_cba_zip", "CBA Name Short", "CBA Name", "areas_with_fees_have_zip_codes"),
    ],
)
def test_exchanged_columns_of_other_files_are_refused(
    kind, one, another, check, sound, examined
) -> None:
    name, lines = sample_lines(kind)
    exchange(next(line for line in lines if one in line), one, another)
    assert refused_by(check, kind, read(as_csv(lines), name), sound, examined)


def test_a_table_of_before_2016_has_one_fee_for_each_state() -> None:
    name, lines = sample_lines("dmepos")
    head = head_of(lines)
    rural = [place for place, word in enumerate(head) if word.endswith("(R)")]
    for line in [head, *items_of(lines)]:
        for place in reversed(rural):
            del line[place]
    head[:] = [word.removesuffix(" (NR)") for word in head]
    found = read(as_csv(lines), name)
    assert found.layout.name == "dmepos_before_rural"
    assert found.frame.select("state", "is_rural").n_unique() == 53
    assert not found.frame["is_rural"].any()


def test_forms_of_the_sample_are_equal_also_the_one_that_only_the_read_me_tells_of() -> None:
    found = {}
    for path in DMEPOS_BUNDLE.iterdir():
        found[kind_of(path.name).name, path.suffix] = read(path.read_bytes(), path.name)
    compared = [
        compare_forms(found[kind, ".csv"], found[kind, form], TABLES[f"stage.{kind}"])
        for kind in EVERY
        for form in (".txt", ".xlsx")
    ]
    assert len(compared) == 12
    assert all(one.differences.is_empty() for one in compared)
    assert found["dmepos", ".txt"].layout.name == "dmepos_records"
