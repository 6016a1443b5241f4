"""Write the whole site of a warehouse into a folder."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb

from pipeline.errors import NotThereError
from pipeline.publish.licensed_text import exported_query
from pipeline.read.bundle import hash_of_parts
from pipeline.release.held import near_names
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.formula import factor_of
from pipeline.schedules.pfs.sentences import figure_kind, sentences
from pipeline.site.folder import replaced_files
from pipeline.site.messages import LANGUAGES, catalogue
from pipeline.site.pages import write_pages
from pipeline.site.release_data import PROFILE_COLUMNS, write_release
from pipeline.site.shard import (
    as_json,
    entries,
    has_table,
    packed,
    rows,
    write_code_shards,
    write_shard,
    write_shard_text,
)
from pipeline.store.database import stored_select

OF_A_LOADED_RELEASE = ("release_id", "effective_from", "effective_to", "factors")

# Which table has to be there for which data; they hold curated rules.
CARE_TABLES = ("care_decision", "time_rule", "time_unit", "bundled_service", "billing_rule")


# Asked before a release is written, with its id and a hash of what its data share with other
# releases; true where the data are there already.
TakeOver = Callable[[str, str], bool]


def write_site(
    con: duckdb.DuckDBPyConnection, folder: Path, with_licensed_text: bool, only: tuple[str, ...]
) -> None:
    """Write the site in place of the one in ``folder``, once the new one is whole.

    Files that no site put there stay; UsageError where one is in the way.
    ``with_licensed_text`` says whether the user's licence covers the descriptors of CPT and CDT
    codes. The site has the releases ``only``, or all where none is named; NotThereError names
    one that the warehouse does not hold.
    """
    with replaced_files(folder) as beside:
        write_site_into(con, beside, with_licensed_text, only)


def write_site_into(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    with_licensed_text: bool,
    only: tuple[str, ...] = (),
    take_over: TakeOver = lambda release_id, shared: False,
) -> None:
    """Write pages, styles, scripts and data below ``folder``, which holds nothing yet."""
    data = folder / "data"
    _set_what_may_be_shown(con, with_licensed_text)
    loaded = entries(con, "release")
    releases = _chosen(loaded, only)
    # The view looks at every release at once, so it is asked once.
    con.execute("CREATE OR REPLACE TEMP TABLE site_history AS FROM code_history")
    texts, specialties = _annotations(con), _specialties(con)
    history = _write_history(con, data)
    _write_common(con, data, releases, loaded, history, specialties)
    for code in sorted({*texts, *specialties}):
        about = {"annotations": texts.get(code, []), "specialties": specialties.get(code, [])}
        write_shard(data, f"text/{code}", about)
    shared = hash_of_parts([as_json(texts), *sorted(specialties)])
    for release in releases:
        name = release["release_id"]
        if not take_over(name, shared):
            write_release(con, data, name, texts, set(specialties))
    con.execute("DROP TABLE site_history")
    _write_languages(data)
    write_pages(folder)


def _set_what_may_be_shown(con: duckdb.DuckDBPyConnection, with_licensed_text: bool) -> None:
    """Tables with texts of others are read under names of the site, without what is withheld."""
    for table in schedule().public_tables:
        if any(column.owned_by for column in table.columns):
            stored = stored_select(table)
            query = stored if with_licensed_text else exported_query(table, stored)
            con.execute(f"CREATE OR REPLACE TEMP VIEW site_{table.name} AS {query}")


def _chosen(loaded: list[dict], only: tuple[str, ...]) -> list[dict]:
    there = [release["release_id"] for release in loaded]
    for name in only:
        if name not in there:
            raise NotThereError(
                f"The warehouse holds no release {name} (it holds: {near_names(there, name)})."
            )
    return [release for release in loaded if not only or release["release_id"] in only]


def _write_common(
    con: duckdb.DuckDBPyConnection,
    data: Path,
    releases: list[dict],
    loaded: list[dict],
    history: str,
    specialties: dict[str, list[list]],
) -> None:
    [build] = con.execute("SELECT build_id, is_sample, notice FROM build").fetchall()
    profile = schedule().tables["code_profile"]
    care = {
        name: packed(entries(con, name))
        for name in CARE_TABLES
        if all(has_table(con, table) for table in CARE_TABLES)
    }
    common = {
        "build_id": build[0],
        "is_sample": build[1],
        "notice": build[2],
        "releases": packed(releases),
        # Histories go over every release that is loaded, whether or not the site has it.
        "loaded": packed(
            [{name: release[name] for name in OF_A_LOADED_RELEASE} for release in loaded]
        ),
        "languages": LANGUAGES,
        "kinds": {name: figure_kind(profile.column(name)) for name in PROFILE_COLUMNS},
        "sentences": {
            one.name: {
                "topic": one.topic,
                "counted": one.counted_column,
                "provisional": one.evidence == "E",
            }
            for one in sentences()
        },
        "has_care": bool(care),
        # Of the last year that is loaded, as are all the specialties; null without a file.
        "utilization_year": next((found[0][-1] for found in specialties.values()), None),
        "history_shards": history,
        # In percent, as a decimal text; a page writes it as its language does.
        "limiting_charge_percent": str(100 * Decimal(factor_of("limiting_charge"))),
    }
    write_shard(data, "site", common)
    write_shard(data, "care", care)


def _annotations(con: duckdb.DuckDBPyConnection) -> dict[str, list[list]]:
    found: dict[str, list[list]] = defaultdict(list)
    if has_table(con, "annotation") and has_table(con, "code_family"):
        for code, *entry in rows(con, "annotation"):
            found[code].append(entry)
    return dict(found)


def _specialties(con: duckdb.DuckDBPyConnection) -> dict[str, list[list]]:
    found: dict[str, list[list]] = defaultdict(list)
    if has_table(con, "specialty_volume"):
        for code, *entry in rows(con, "specialty"):
            found[code].append(entry)
    return dict(found)


def _write_history(con: duckdb.DuckDBPyConnection, data: Path) -> str:
    """Write the history of every code; returns the files as write_code_shards does."""
    return write_code_shards(data, "history", dict(rows(con, "history")))


def _write_languages(data: Path) -> None:
    for language in LANGUAGES:
        found = catalogue(language)
        # The plural rule is an expression that gettext and the browser read alike.
        rule = f"(n) => Number({found.plural_rule})"
        # Forms that are all alike are one form.
        messages = {
            name: forms if len(set(forms)) > 1 else forms[:1]
            for name, forms in found.messages.items()
        }
        value = f'{{"plural": {rule}, "messages": {as_json(messages)}}}'
        write_shard_text(data, f"lang/{language}", value)
