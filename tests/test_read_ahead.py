"""A release that is read while another one is computed is what it is alone; none is lost or mixed."""

import json
import threading
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.refresh import reader
from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.store.shelf import DESCRIPTION
from tests.helpers.bundles import SAMPLE
from tests.helpers.releases import Maker, timeline

pytestmark = pytest.mark.whole

SOUND, WITHOUT_INDICES, REFUSED, LAST = "rvu25a", "rvu25b", "rvu25c", "rvu25d"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Four releases in turn: the indices of the second and the RVUs of the third cannot be read."""
    raw = tmp_path_factory.mktemp("made")
    maker = Maker(SAMPLE)
    for posting in timeline(2025, 2025):
        maker.write(posting, raw, as_zip=False)
    [indices] = (raw / WITHOUT_INDICES).glob("GPCI*")
    indices.write_bytes(indices.read_bytes().replace(b"ALABAMA", b"ALA\xffBAMA,,"))
    [values] = (raw / REFUSED).glob("PPRRVU*")
    values.write_bytes(values.read_bytes().replace(b"99213", b"9921?"))
    return raw


def run(place: Path, made: Path, *names: str) -> Outcome:
    """Refresh a place whose raw folder has these releases."""
    raw = place / "raw"
    raw.mkdir(parents=True)
    for name in names:
        (raw / name).symlink_to(made / name)
    return refresh(Options(raw, place / "warehouse"), Report(quiet=True))


def artefacts(place: Path) -> dict[str, dict]:
    """What each finished artefact of a release says of itself, but for the time of its files."""
    found = {}
    for path in (place / "warehouse" / "artefacts").glob(f"*/{DESCRIPTION}"):
        described = json.loads(path.read_text())["artefact"]
        if described["stage"] in ("read", "model"):
            found[path.parent.name] = {k: v for k, v in described.items() if k != "stamps"}
    return found


@pytest.mark.slow
def test_releases_read_beside_one_another_are_what_each_is_alone(made, tmp_path, monkeypatch):
    read_in = []
    read_release = reader.read_release

    def noting(found, *others):
        read_in.append((found.bundle.name, threading.current_thread() is threading.main_thread()))
        return read_release(found, *others)

    monkeypatch.setattr(reader, "read_release", noting)
    together = run(tmp_path / "all", made, SOUND, WITHOUT_INDICES, REFUSED, LAST)
    # Whether it was asked for: after one that cannot be read, nothing is computed meanwhile.
    assert read_in == [
        (SOUND, True),
        (WITHOUT_INDICES, False),
        (WITHOUT_INDICES, True),
        (REFUSED, False),
        (LAST, True),
    ]
    assert together.built == ["RVU25A", "RVU25B", "RVU25D"]
    assert [reason.split(",")[0] for reason in together.refused] == ["rvu25c/PPRRVU2025_Jul.csv"]
    alone: dict[str, dict] = {}
    for name in (SOUND, WITHOUT_INDICES):
        run(tmp_path / name, made, name)
        alone |= artefacts(tmp_path / name)
    beside = artefacts(tmp_path / "all")
    assert alone.items() <= beside.items()
    assert (len(alone), len(beside)) == (4, 6)
    again = refresh(Options(tmp_path / "all/raw", tmp_path / "all/warehouse"), Report(quiet=True))
    assert (again.outcome, again.built) == ("nothing_new", [])


def test_a_run_that_fails_waits_for_what_it_reads_ahead_and_leaves_nothing_of_it(
    made, tmp_path, monkeypatch
):
    ended = []
    read_release = reader.read_release

    def noting(found, *others):
        unfinished = read_release(found, *others)
        unfinished.compared.add_done_callback(lambda _: ended.append(found.bundle.name))
        return unfinished

    def fail(*_):
        raise PipelineError("the disk is full")

    monkeypatch.setattr(reader, "read_release", noting)
    monkeypatch.setattr("pipeline.refresh.release_artefacts.build_model", fail)
    with pytest.raises(PipelineError, match="the disk is full"):
        run(tmp_path, made, SOUND, LAST)
    assert sorted(ended) == [SOUND, LAST]
    assert list((tmp_path / "warehouse" / "artefacts").glob("*")) == []
