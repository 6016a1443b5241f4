"""Back to the build before, and the hold that keeps a scheduled refresh from undoing that.

A rollback publishes the earlier build in the same two steps as any other. The hold is written
first: a run that is killed between the steps is finished by the next one and held all the same.
It lasts until the contents of the raw folder change or somebody calls for ``--forward``.
"""

from dataclasses import replace

from pipeline.command import command
from pipeline.errors import CheckError, NotThereError, exists
from pipeline.publish.proof import publish_again
from pipeline.publish.swap import Warehouse, finish_publication, read_manifest, releases_in
from pipeline.refresh.begin import put_in_order
from pipeline.refresh.options import Options, Outcome
from pipeline.report import Report
from pipeline.store.state import Hold, Inputs, State, now


def roll_back(warehouse: Warehouse, report: Report) -> Outcome:
    """Put the build before the one in force in force again; NotThereError where none is kept."""
    state = State(warehouse.state)
    put_in_order(warehouse, report)
    finish_publication(warehouse)
    leaving = warehouse.published_build_id()
    if not leaving:
        raise NotThereError(f"{warehouse.folder} holds no whole build; run: {command('refresh')}")
    hold = _hold_after(leaving, state)
    target = build_before(warehouse, hold.held_back)
    before = state.read_hold()
    if target:
        state.write_hold(replace(hold, in_force=target))
    if not target or not publish_again(warehouse, target):
        state.write_hold(before)
        raise NotThereError(
            f"No build before {leaving} is kept whole in {warehouse.builds}, so there is none to "
            "return to; nothing was changed."
        )
    report.step("publish", target, f"back from {leaving}")
    manifest = warehouse.manifest() or {}
    is_sample = bool(manifest["is_sample"])
    return Outcome(
        "rolled_back", target, is_sample, releases_in(manifest), held_back=hold.held_back
    )


def build_before(warehouse: Warehouse, held_back: str) -> str:
    """The build that a rollback would return to, or '' where there is none."""
    manifest = warehouse.manifest()
    build_id = manifest["changes"]["previous_build_id"] if manifest else ""
    is_kept = build_id and exists(warehouse.kept_database(build_id))
    # Where inputs went back and forth, builds do so too; a rollback never goes forward again.
    return build_id if is_kept and build_id != held_back else ""


def _hold_after(leaving: str, state: State) -> Hold:
    """The hold for a rollback from a build; a second rollback in a row holds the same build."""
    hold = state.read_hold()
    if hold and hold.in_force == leaving:
        return replace(hold, at=now())
    inputs = state.read_inputs()
    contents = inputs.contents if inputs.build_id == leaving else {}
    return Hold(now(), "", leaving, contents)


def hold_in_force(options: Options, warehouse: Warehouse, state: State) -> Hold | None:
    """The hold that this refresh has to keep, or None."""
    hold = state.read_hold()
    if hold is None or options.forward or options.forget:
        return None
    # Else the rollback was killed before its first step, or another build was published since.
    return hold if warehouse.published_build_id() == hold.in_force else None


def put_back_held(warehouse: Warehouse, damaged: list[str]) -> str:
    """Put the build that a hold keeps in force back where it was lost; its id, or ''.

    ``damaged`` says what of the published build is not as it was. Raises CheckError where the
    build is lost: what is held back must not come into force because of that.
    """
    hold = State(warehouse.state).read_hold()
    published = warehouse.published_build_id()
    if hold is None or published not in ("", hold.in_force) or (published and not damaged):
        return ""
    if publish_again(warehouse, hold.in_force):
        return hold.in_force
    lost = "; ".join(damaged) or "its database or its exports are gone"
    raise CheckError(
        f"Build {hold.in_force}, to which a rollback returned, is no longer whole ({lost}), and "
        f"what is held back was not put in its place; to do that: {command('refresh --forward')}"
    )


def is_unchanged(hold: Hold, inputs: Inputs) -> bool:
    """Whether the inputs are those of the build that is held back.

    Where those could not be told at the rollback, what lies there first counts as them.
    """
    return hold.contents in ({}, inputs.contents)


def held(hold: Hold, warehouse: Warehouse) -> Outcome:
    """The outcome of a refresh that does nothing because of a hold."""
    manifest = read_manifest(warehouse.current) or {"releases": [], "is_sample": False}
    is_sample = bool(manifest["is_sample"])
    return Outcome(
        "held", hold.in_force, is_sample, releases_in(manifest), held_back=hold.held_back
    )
