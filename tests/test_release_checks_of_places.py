"""What the files of localities always keep: indices, anesthesia factors, counties and capped amounts."""

from pathlib import Path

import pytest

from pipeline.schedules.pfs.release_tables import stage_anes_head
from pipeline.store.shelf import Artefact
from tests.helpers.small import release
from tests.test_release_checks import CHECKS, SOUND, many


@pytest.mark.parametrize(("year", "is_held"), [(2016, False), (2017, True)])
def test_puerto_rico_had_indices_of_its_own_until_2016(year, is_held):
    rows = many("mac loc gw gpe gmp locality_name", "1{0} 00 1.0{1} 0.9{1} {1}.5 PLACE")
    rows += "\n09202 20 0.904 0.684 0.249 PUERTO_RICO\n09202 50 1 1.008 0.986 VIRGIN_ISLANDS"
    con = release(SOUND, rows, year=year)
    con.execute("UPDATE stage.gpci SET locality_name = replace(locality_name, '_', ' ')")
    found = con.sql(CHECKS["gpci_proves_its_columns"].query).fetchall()
    assert len(found) == (3 if is_held else 0), found


def test_the_row_of_the_nation_in_old_indices_is_no_locality():
    con = release(SOUND, "mac loc gw gpe gmp\n00000 00 1 1 1\n10112 00 1 1 1")
    assert con.sql("SELECT mac FROM locality").fetchall() == [("10112",)]


@pytest.mark.parametrize(
    ("year", "stated", "finding_in"),
    [
        (2025, "20.3178", ""),
        (2025, "20.32", ""),
        (2025, "20.3179", "anesthesia_factor_is_the_known_one"),
        (2021, "21.5607", ""),
        (2021, "21.5507", "anesthesia_factor_is_the_known_one"),
        (2020, "22.2016", ""),
        (2020, "22.2116", "anesthesia_factor_is_that_of_other_sources"),
        (2012, "21.5200", "anesthesia_factor_is_that_of_other_sources"),
    ],
)
def test_the_anesthesia_factor_is_compared_to_as_many_decimals_as_both_have(
    year, stated, finding_in
):
    """2021 and 2020 are known to the cent; of 2012 the sources disagree, so nothing is known."""
    con = release(SOUND, year=year, national_anes=stated)
    names = [name for name in CHECKS if name.startswith("anesthesia_factor")]
    assert [name for name in names if con.sql(CHECKS[name].query).fetchall()] == (
        [finding_in] if finding_in else []
    )


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("20.3178", "; it is the one of 2025, and the file may be of that year"),
        ("20.4975", "to compare 20.4975 with"),
    ],
)
def test_a_year_whose_anesthesia_factor_is_not_known_is_told_if_it_is_an_earlier_one(stated, words):
    """Else the file of last year would pass for that of a new one by its name alone."""
    con = release(SOUND, year=2027, national_anes=stated)
    [found] = con.sql(CHECKS["anesthesia_factor_is_that_of_other_sources"].query).fetchall()
    assert found[2].endswith(words)


@pytest.mark.parametrize(("year", "count"), [(2020, 0), (2021, 1), (2026, 1), (2027, 0)])
def test_a_work_index_below_its_floor_is_found_in_the_years_of_the_floor(year, count):
    """A file with the index without floor alone is right once the floor has ended."""
    gpci = "mac loc gw gpe gmp\n10112 00 0.988 0.875 0.566\n01112 05 1.070 1.370 0.420"
    found = release(SOUND, gpci, year=year).sql(CHECKS["work_floor_is_in_force"].query).fetchall()
    assert len(found) == count
    assert all("1 of 2 localities have a work index below 1.0 (10112-00" in row[2] for row in found)


@pytest.mark.parametrize(
    ("anes", "locco", "blamed"),
    [("00", "00", "gpci"), ("00", "01", "anes"), ("01", "00", "locco"), ("00", "", "anes")],
)
def test_of_three_locality_files_the_one_that_stands_alone_is_wrong(anes, locco, blamed):
    head = "mac loc gw gpe gmp\n10112 "
    con = release(
        SOUND,
        head + "01 1 1 1",
        anes=f"mac loc anesthesia_conversion_factor\n10112 {anes} 19.31",
        locco=f"mac loc\n10112 {locco}" if locco else "",
    )
    found = con.sql(CHECKS["locality_files_have_the_same_keys"].query).fetchall()
    assert {row[0] for row in found} == {blamed}


@pytest.mark.parametrize("kind", ["gpci", "anes", "locco"])
def test_localities_of_another_year_are_found_in_each_file_that_names_them(kind):
    head = {"gpci": "gw gpe gmp", "anes": "anesthesia_conversion_factor", "locco": "counties"}[kind]
    place = f"mac loc {head}\n01112 07 1" + " 1 1" * (kind == "gpci")
    # 01112-07 is a locality until 2023.
    found = release(SOUND, **{kind: place}).sql(CHECKS["localities_are_those_of_the_year"].query)
    told = {file_kind: text for file_kind, _, text in found.fetchall() if "01112-07" in text}
    assert told == {
        kind: "locality 01112-07 is not known; the file names 1 localities where 109 exist that year"
    }


def test_oppscap_lists_six_localities_under_a_second_mac():
    con = release(
        "code mod st work nf_pe opps_pe\n70496 - A 1 9 2",
        "mac loc gw gpe gmp\n01182 18 1 1 1",
        oppscap="code mac loc facility_price nonfacility_price\n70496 01112 18 97.04 97.04",
    )
    assert con.sql(CHECKS["oppscap_localities_exist"].query).fetchall() == []


@pytest.mark.parametrize(
    ("head", "factors"),
    [
        ("Locality Name National Anes CF of 20.3178", [("all", "20.317800")]),
        ("Anes CF of 20.3178", [("all", "20.317800")]),
        (
            "Locality Name Non-Qualifying APM National Anes CF (with 2.5% Statutory increase) of 20.49754 "
            "Qualifying APM National Anes CF (with 2.5% statutory increase) of 20.599835",
            [("nonqp", "20.497540"), ("qp", "20.599835")],
        ),
        ("Locality Name 2024 Anesthesia Conversion Factor", []),
    ],
)
def test_the_head_of_anes_states_the_national_factor_of_each_class(head, factors):
    """The factor of 2026 is stated to more decimals than other sources have; that is no difference."""
    con = release(SOUND, year=2026)
    con.execute("DROP TABLE stage.anes_header")
    stage_anes_head(con, Artefact("", "read", "", {}, Path(), {"heads": {"anes": head}}))
    rows = con.sql("SELECT * FROM stage.anes_header ORDER BY ALL").fetchall()
    assert [(row[0], str(row[1])) for row in rows] == factors
    if len(factors) == 2:
        assert not con.sql(CHECKS["anesthesia_factor_is_that_of_other_sources"].query).fetchall()
