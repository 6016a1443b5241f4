"""The indices and the factor of a release beside those of its year, of other years and of what it replaces."""

import pytest

from pipeline.errors import CheckError
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.schedules.pfs.tables import WAREHOUSE_CHECKS
from pipeline.store import database
from pipeline.store.sql import load_checks
from tests.helpers import bundles

CHECKS = {check.name: check for check in load_checks(WAREHOUSE_CHECKS)}
PLACES = 10
FEW = "a_few_indices_do_not_change_within_the_year"


def findings(releases: dict[str, str]) -> dict[str, list[str]]:
    """Which releases each check names.

    ``releases`` gives the set of indices of each, by a letter: A and B differ everywhere, a is
    A but for two localities, w is A with another work index.
    """
    con = database.connect(1)
    con.execute(
        "CREATE TABLE release (release_id VARCHAR, posting_id VARCHAR, calendar_year INT, "
        "effective_from DATE, is_current BOOLEAN)"
    )
    con.execute(
        "CREATE TABLE source_file (release_id VARCHAR, posting_id VARCHAR, source_file VARCHAR, "
        "file_kind VARCHAR, is_loaded BOOLEAN)"
    )
    con.execute(
        "CREATE TABLE locality (release_id VARCHAR, mac VARCHAR, locality_number VARCHAR, "
        "work_gpci DECIMAL(5,3), pe_gpci DECIMAL(5,3), mp_gpci DECIMAL(5,3), gpci_status VARCHAR)"
    )
    for name, kind in releases.items():
        year, month = 2000 + int(name[3:5]), 3 * "ABCD".index(name[5]) + 1
        con.execute("INSERT INTO release VALUES (?, ?, ?, ?, true)", [name, name, year, f"{year}-{month:02}-01"])  # fmt: skip
        con.execute(
            "INSERT INTO source_file VALUES (?, ?, ?, 'gpci', true)", [name, name, f"{name}/GPCI"]
        )
        for number in range(PLACES):
            other = kind == "B" or (kind == "a" and number < 2)
            pe, work = ("1.100" if other else "0.900"), ("1.010" if kind == "w" else "1.000")
            con.execute("INSERT INTO locality VALUES (?, '10112', ?, ?, ?, '0.500', 'cms')", [name, f"{number:02}", work, pe])  # fmt: skip
    names = (
        "indices_are_of_their_year",
        "indices_stay_within_the_year",
        FEW,
    )
    return {name: sorted(row[0] for row in con.sql(CHECKS[name].query).fetchall()) for name in names}  # fmt: skip


@pytest.mark.parametrize(
    "releases, of_another_year, changed",
    [
        # The rule: one set within a year.
        ({"RVU24D": "A", "RVU25A": "B", "RVU25B": "B"}, [], []),
        # Two years may have the same.
        ({"RVU24D": "A", "RVU25A": "A", "RVU25B": "A"}, [], []),
        # A year's first release has no neighbour yet.
        ({"RVU24D": "A", "RVU25A": "A"}, [], []),
        ({"RVU24D": "A", "RVU25A": "B", "RVU25B": "A"}, ["RVU25B"], ["RVU25B"]),
        ({"RVU24D": "A", "RVU25A": "B", "RVU25B": "A", "RVU25C": "B"}, ["RVU25B"], ["RVU25B", "RVU25C"]),
        # Without the other year's release: only that it changed.
        ({"RVU25A": "B", "RVU25B": "A"}, [], ["RVU25B"]),
        # CMS changes two localities within a year, or the floor of work.
        ({"RVU24D": "A", "RVU25A": "a", "RVU25B": "A"}, [], []),
        ({"RVU24D": "A", "RVU25A": "w", "RVU25B": "A"}, [], []),
    ],
)  # fmt: skip
def test_another_years_indices_are_told_by_the_neighbours(releases, of_another_year, changed):
    found = findings(releases)
    assert found["indices_are_of_their_year"] == of_another_year
    assert found["indices_stay_within_the_year"] == changed


def test_one_index_that_changes_within_a_year_is_named_and_many_are_not():
    """A value that was edited: neither ANES nor OPPSCAP need be there to tell."""
    assert findings({"RVU25A": "a", "RVU25B": "A"})[FEW] == ["RVU25B"] * 2
    assert findings({"RVU25A": "A", "RVU25B": "A", "RVU25C": "a"})[FEW] == ["RVU25C"] * 2
    for others in (("A", "A"), ("A", "B"), ("A", "w")):
        assert findings(dict(zip(("RVU25A", "RVU25B"), others, strict=True)))[FEW] == []
    # The first of a year may have any.
    assert findings({"RVU24D": "a", "RVU25A": "A"})[FEW] == []


@pytest.mark.slow
def test_a_refresh_refuses_another_years_indices_by_name(tmp_path):
    """RVU25D has those of RVU24D under the title of 2025; neither ANES nor OPPSCAP is there to tell."""
    raw = tmp_path / "raw"
    for name, year, month, factor in (
        ("rvu24d", 2024, "October", "33.2875"),
        ("rvu25c", 2025, "July", "32.3465"),
        ("rvu25d", 2025, "October", "32.3465"),
    ):
        folder = bundles.as_release(bundles.copy_sample(raw / name), year, month)
        for companion in ("ANES2025.csv", "25LOCCO.csv", "OPPSCAP_Oct.csv"):
            (folder / companion).unlink()
        [pprrvu] = folder.glob("PPRRVU*")
        bundles.replace_text(pprrvu, "32.3465", factor, count=-1)
    bundles.edit_column(raw / "rvu25c" / "GPCI2025.csv", 4, other_practice_expense)
    with pytest.raises(CheckError) as refused:
        refresh(Options(raw=raw, warehouse=tmp_path / "refused"), Report(quiet=True))
    expected = "RVU25D has the indices of RVU24D, of another year, and not those of RVU25C"
    assert expected in str(refused.value)
    advised = "rvu25d/GPCI2025.csv"
    assert f"--skip {advised}" in str(refused.value)
    options = Options(raw=raw, warehouse=tmp_path / "without", skip=(advised,))
    outcome = refresh(options, Report(quiet=True))
    assert "RVU25D" in outcome.releases


def other_practice_expense(cells: list[str]) -> list[str]:
    """A record of GPCI with a practice expense index of a hundredth more."""
    if cells[0].isdigit():
        cells[5] = f"{float(cells[5]) + 0.01:.3f}"
    return cells


@pytest.mark.parametrize(
    ("factor", "evidence", "count"),
    [("34.2861", "from_file", 1), ("33.7203", "from_file", 0), ("34.2861", "P", 0)],
)
def test_a_posting_that_changes_the_conversion_factor_says_so_where_no_source_does(
    factor, evidence, count
):
    con = database.connect(1)
    con.execute(
        "CREATE SCHEMA superseded; CREATE TABLE release AS FROM (VALUES "
        "('RVU27A', 'RVU27A@1', DATE '2027-01-01', false, 'RVU27AR@2'), "
        "('RVU27AR', 'RVU27AR@2', DATE '2027-01-01', true, '')) "
        "x(release_id, posting_id, effective_from, is_current, superseded_by)"
    )
    con.execute(
        "CREATE TABLE superseded.payment_national AS SELECT 'RVU27A@1' AS posting_id, "
        "'all' AS conversion_factor_class, 33.7203 AS conversion_factor"
    )
    con.execute(
        "CREATE TABLE payment_national AS SELECT 'RVU27AR' AS release_id, "
        f"'all' AS conversion_factor_class, {factor} AS conversion_factor"
    )
    con.execute(
        "CREATE TABLE conversion_factor AS SELECT 'pfs' AS program, 'all' AS conversion_factor_class, "
        f"DATE '2027-01-01' AS effective_from, NULL::DATE AS effective_to, '{evidence}' AS evidence"
    )
    found = con.sql(CHECKS["a_later_posting_keeps_the_conversion_factor"].query).fetchall()
    assert [row[0] for row in found] == ["RVU27AR"] * count
    assert all("34.2861, and 33.7203 in RVU27A@1" in row[1] for row in found)
