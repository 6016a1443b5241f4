"""Write the whole site of a warehouse into a folder."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb

from pipeline.errors import NotThereError
from pipeline.publish.licensed_text import exported_query
from pipeline.release.held import near_names
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.formula import factor_of
from pipeline.schedules.pfs.sentences import figure_kind, sentences
from pipeline.site.code_data import description, profile_columns
from pipeline.site.code_volumes import write_codes
from pipeline.site.fees import begin_fees, write_fees
from pipeline.site.folder import replaced_files
from pipeline.site.kept_files import put_kept
from pipeline.site.messages import LANGUAGES, RULE_LANGUAGES, catalogue, translated_rules
from pipeline.site.pages import write_pages
from pipeline.site.pricing import write_pricing
from pipeline.site.release_pages import gather
from pipeline.site.row_data import write_rows
from pipeline.site.search import search_words
from pipeline.site.shard import (
    Folder,
    as_json,
    entries,
    has_table,
    packed,
    query,
    rows,
    write_code_shards,
)
from pipeline.store.database import stored_select
from pipeline.store.shelf import Artefact, Shelf
from pipeline.store.spill import spill_folder
from schemas.definitions import load_schedule

OF_A_LOADED_RELEASE = ("release_id", "effective_from", "effective_to", "factors")

WORDS_OF_CLAIMS = ("claim.", "provider.", "step.", "reason.", "place_of_service.")

# Which table has to be there for which data; they hold curated rules.
CARE_TABLES = ("care_decision", "time_rule", "time_unit", "bundled_service", "billing_rule")


def write_site(
    con: duckdb.DuckDBPyConnection, folder: Path, with_licensed_text: bool, only: tuple[str, ...]
) -> None:
    """Write the site in place of the one in ``folder``, once the new one is whole.

    Files that no site put there stay; UsageError where one is in the way.
    ``with_licensed_text`` says whether the user's license covers the descriptors of CPT and CDT
    codes. The site has the releases ``only``, or all where none is named; NotThereError names
    one that the warehouse does not hold.
    """
    with replaced_files(folder) as beside:
        # Nothing is taken over: the pages may have texts that those of the exports have not.
        shelf = Shelf(Path(spill_folder()))
        data = Folder(beside / "data", folder / "data", is_linked=False)
        write_site_into(con, data, with_licensed_text, shelf, {}, only)


def write_site_into(
    con: duckdb.DuckDBPyConnection,
    data: Folder,
    with_licensed_text: bool,
    shelf: Shelf,
    made_after: dict[str, str],
    only: tuple[str, ...] = (),
) -> list[Artefact]:
    """Write the data, and above their folder pages, styles and scripts; nothing is there yet.

    What a release or a volume of codes has is taken from the ``shelf`` where it was made after
    the same definitions. Returns those artefacts.
    """
    set_views(con, with_licensed_text)
    loaded = entries(con, "release")
    releases = _chosen(loaded, only)
    has_fees = begin_fees(con)
    artefacts = list(gather(con, data, shelf, made_after, {x["release_id"] for x in releases}))
    for artefact in artefacts:
        put_kept(artefact, data)
    code_files, volumes = write_codes(con, data, artefacts, shelf, made_after)
    texts, specialties = _annotations(con), _specialties(con)
    files: dict[str, str | dict[int, str]] = {
        "code_files": code_files,
        "text_files": _write_texts(data, texts, specialties),
        "fee_files": write_fees(con, data) if has_fees else "",
    }
    _write_common(con, data, releases, loaded, specialties, files)
    data.write("search", search_words(con, texts))
    write_rows(con, data)
    for name in ("said", "cell", "fee"):
        con.execute(f"DROP TABLE IF EXISTS site_{name}")
    write_pricing(con, data)
    _write_languages(data)
    write_pages(data.path.parent)
    return [*artefacts, *volumes]


def _write_texts(
    data: Folder, texts: dict[str, list[list]], specialties: dict[str, list[list]]
) -> str:
    """Write what is written about codes, and by whom each is given; returns the files."""
    records = {
        code: as_json(
            {"annotations": texts.get(code, []), "specialties": specialties.get(code, [])}
        )
        for code in {*texts, *specialties}
    }
    return write_code_shards(data, "text", records)


def set_views(con: duckdb.DuckDBPyConnection, with_licensed_text: bool) -> None:
    """Set what the queries of the pages read beside public tables.

    Tables with texts of others are read under names of the site, without what is withheld. What is
    found by reading every release is a table, ``site_row`` and ``site_place_name``.
    """
    con.execute(f"CREATE OR REPLACE TEMP VIEW numbered_release AS {query('numbered_release')}")
    named = load_schedule("hcpcs").public_tables
    for table in (*schedule().public_tables, *named):
        if any(column.owned_by for column in table.columns) and has_table(con, table.name):
            stored = stored_select(table)
            shown = stored if with_licensed_text else exported_query(table, stored)
            con.execute(f"CREATE OR REPLACE TEMP VIEW site_{table.name} AS {shown}")
    for name in ("row", "place_name"):
        con.execute(f"CREATE OR REPLACE TEMP TABLE site_{name} AS {query(name)}")


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
    data: Folder,
    releases: list[dict],
    loaded: list[dict],
    specialties: dict[str, list[list]],
    files: dict[str, str | dict[int, str]],
) -> None:
    [build] = con.execute("SELECT build_id, is_sample, notice FROM build").fetchall()
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
        "rule_languages": RULE_LANGUAGES,
        "kinds": {column.name: figure_kind(column) for column in profile_columns()},
        "sentences": {
            one.name: {
                "topic": one.topic,
                "counted": one.counted_column,
                "provisional": one.evidence == "E",
                "says_national": "national" in one.text,
            }
            for one in sentences()
        },
        "has_care": bool(care),
        # A page asks for the rules on time and age only where they name its code.
        "care_codes": sorted(_codes_of_care(care)),
        # Of the last year that is loaded, as are all the specialties; null without a file.
        "utilization_year": next((found[0][-1] for found in specialties.values()), None),
        # In percent, as a decimal text; a page writes it as its language does.
        "limiting_charge_percent": str(100 * Decimal(factor_of("limiting_charge"))),
        **description(),
        **files,
    }
    data.write("site", common)
    data.write("care", care)
    anesthesia = {
        "units": packed(entries(con, "anesthesia_unit")),
        "factors": packed(entries(con, "anesthesia_factor")),
    }
    data.write("anesthesia", anesthesia)


def _codes_of_care(care: dict[str, dict]) -> set[str]:
    """The codes that minutes or ages decide."""
    tables = [care[name] for name in ("care_decision", "time_unit") if care.get(name)]
    return {code for table in tables for code in table["hcpcs_code"][0]}


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


def _write_languages(data: Folder) -> None:
    rules = {}
    for language in LANGUAGES:
        found = catalogue(language)
        # The plural rule is an expression that gettext and the browser read alike.
        rules[language] = f"(n) => Number({found.plural_rule})"
        # Forms that are all alike are one form.
        messages = {
            name: forms if len(set(forms)) > 1 else forms[:1]
            for name, forms in found.messages.items()
        }
        # Only one page says the words of claims.
        of_claims = {x: messages.pop(x) for x in list(messages) if x.startswith(WORDS_OF_CLAIMS)}
        data.write(f"lang/{language}-claim", of_claims)
        data.write(f"lang/{language}", messages)
    pairs = ", ".join(f"{as_json(language)}: {rule}" for language, rule in rules.items())
    data.write_script("plural", f"{{{pairs}}}")
    for language in RULE_LANGUAGES:
        data.write(f"lang/rules-{language}", translated_rules(language))
