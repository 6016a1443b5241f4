"""The stages of a refresh, and the functions that each consists of.

A thread is in the stage of the innermost of these functions that it is in; what it does in none
of them is not accounted for.
"""

from importlib import import_module

STAGES: dict[str, tuple[str, ...]] = {
    "imports": ("importlib._bootstrap:_find_and_load",),
    "definitions": (
        "schemas.definitions:catalog",
        "schemas.definitions:load_schedule",
        "schemas.views:views_of",
        "pipeline.read.layout:load_layouts",
        "pipeline.read.sort:file_kinds",
    ),
    "hashing of code and definitions": (
        "pipeline.site.definition:definitions",
        "pipeline.store.fingerprint:definitions_in",
        "pipeline.store.fingerprint:definitions_of",
        "pipeline.store.fingerprint:definitions_of_layouts",
        "pipeline.store.fingerprint:definitions_of_queries",
        "pipeline.store.fingerprint:fingerprint",
        "pipeline.store.fingerprint:hash_of_code",
        "pipeline.store.fingerprint:told_once.<locals>.told",
        "pipeline.release.warehouse:definitions",
    ),
    "looking at what is held": (
        "pipeline.publish.holdings:published_files",
        "pipeline.publish.proof:damage",
        "pipeline.publish.swap:read_manifest",
        "pipeline.refresh.begin:put_in_order",
        "pipeline.refresh.new_database:_is_as_published",
        "pipeline.store.shelf:Shelf._find",
        "pipeline.store.state:State.read_inputs",
    ),
    "reading": (
        "pipeline.read.raw_folder:look_into",
        "pipeline.refresh.inputs:sort_inputs",
        "pipeline.release.companion:make_companion",
        "pipeline.release.files:read_other_forms",
        "pipeline.release.read:read_release",
    ),
    "proving": (
        "pipeline.read.validate:validate",
        "pipeline.release.across:reconcile_schedules",
        "pipeline.release.check:check_first",
        "pipeline.release.check:check_release",
        "pipeline.release.files:compare_forms_of",
        "pipeline.release.reconcile:compare",
        "pipeline.release.warehouse:_refuse_repeated_companion",
        "pipeline.release.warehouse_check:check",
        "pipeline.schedules.pfs.reconcile.companion:reconcile_companions",
        "pipeline.schedules.pfs.release_tables:reconcile",
    ),
    "computing": (
        "pipeline.release.change:change_between",
        "pipeline.release.history:order_postings",
        "pipeline.release.model:build_model",
    ),
    "writing": (
        "pipeline.release.model:_write_aside",
        "pipeline.release.model:_write_reports",
        "pipeline.release.model:write_exported",
        "pipeline.release.read:_write_reports",
        "pipeline.store.shelf:Artefact.note_table",
        "pipeline.store.shelf:finish_artefact",
        "polars.dataframe.frame:DataFrame.write_parquet",
    ),
    "assembling": (
        "pipeline.release.warehouse:assemble",
        "pipeline.release.warehouse:open_warehouse",
        "pipeline.refresh.new_database:NewDatabase.close",
        "pipeline.refresh.new_database:NewDatabase.filled",
    ),
    "commenting": ("pipeline.release.warehouse:_comment",),
    "exporting": (
        "pipeline.publish.export:link_releases",
        "pipeline.publish.export:write_manifest",
        "pipeline.publish.export:write_tables",
        "pipeline.publish.export:_write_whole_table",
        "pipeline.refresh.build:_write_changes",
    ),
    "pages": ("pipeline.site.exported:write_exported_site",),
    "publishing": (
        "pipeline.publish.proof:note_seen",
        "pipeline.publish.swap:prune",
        "pipeline.publish.swap:publish",
        "pipeline.refresh.new_database:_proved",
        "pipeline.refresh.build:_remove_unfinished",
        "pipeline.store.shelf:Shelf.prune",
        "pipeline.store.state:State.write_inputs",
    ),
}

STAGE_OF = {name: stage for stage, names in STAGES.items() for name in names}

# What a thread is in that waits for another one, or for work.
WAITING = {"threading:Condition.wait", "concurrent.futures.thread:_worker"}


def unknown() -> list[str]:
    """The names in the table that are no function, as after a renaming."""
    return [name for name in [*STAGE_OF, *WAITING] if not _is_there(name)]


def _is_there(name: str) -> bool:
    module, _, qualified = name.partition(":")
    found: object = import_module(module)
    for part in qualified.replace(".<locals>", "").split("."):
        inner = getattr(getattr(found, "__code__", None), "co_consts", ())
        codes = [x for x in inner if getattr(x, "co_name", "") == part]
        found = getattr(found, part, None) or (codes[0] if codes else None)
    return found is not None
