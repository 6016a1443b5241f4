"""Where prices of a file are written: what is there stays what it is, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipeline.cli.price import price
from pipeline.errors import RefusedError, TooLittleMemoryError, UsageError
from pipeline.price import duckdb_engine
from tests.helpers.claim_lines import (
    FIRST_HOUR,
    HEADS,
    text,
)
from tests.helpers.marks import cases

pytestmark = pytest.mark.whole

# ---------------------------------------------------------------- the target


@pytest.fixture
def command(sample_warehouse: Path, tmp_path: Path):
    file = tmp_path / "lines.csv"
    file.write_text(text(FIRST_HOUR))

    def run(out: Path) -> None:
        words = [str(file), "--out", str(out), "--warehouse", str(sample_warehouse)]
        CliRunner().invoke(price, words, catch_exceptions=False)

    return run


def test_a_symlink_stays_and_what_it_leads_to_is_written_with_its_mode(command, tmp_path):
    (tmp_path / "private").mkdir()
    real, link = tmp_path / "private" / "real.csv", tmp_path / "prices.csv"
    real.write_text("old")
    real.chmod(0o600)
    link.symlink_to(real)
    command(link)
    assert link.is_symlink()
    assert "229.88" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "private").iterdir()) == ["real.csv"]


def test_a_new_file_has_the_mode_that_the_user_gives_to_new_files(command, tmp_path):
    before = os.umask(0o027)
    try:
        command(tmp_path / "prices.csv")
    finally:
        os.umask(before)
    assert (tmp_path / "prices.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("how", ["symlink_to", "hardlink_to"])
def test_the_file_to_be_priced_is_no_target_by_any_name(command, tmp_path, how):
    link = tmp_path / "prices.csv"
    getattr(link, how)(tmp_path / "lines.csv")
    with pytest.raises(UsageError, match="it is the file that is read"):
        command(link)
    assert (tmp_path / "lines.csv").read_text() == text(FIRST_HOUR)


def test_no_folder_no_device_and_nothing_of_the_warehouse_is_a_target(
    command, tmp_path, sample_warehouse
):
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for out in ("folder.csv", "pipe.csv"):
        with pytest.raises(UsageError, match="a folder or a device"):
            command(tmp_path / out)
    with pytest.raises(UsageError, match="it lies in the warehouse"):
        command(sample_warehouse / "prices.csv")


@pytest.mark.usefixtures("hangup_is_heard")
@pytest.mark.parametrize(
    "number", cases([signal.SIGHUP, signal.SIGTERM, signal.SIGINT], [signal.SIGHUP, signal.SIGINT])
)
def test_a_signal_leaves_no_claim_line_behind(sample_warehouse, tmp_path, number):
    spill, table = tmp_path / "spill", tmp_path / "lines.parquet"
    spill.mkdir()
    with duckdb.connect() as con:
        lines = "SELECT 'A' || range AS claim_id, 1 AS claim_line_number, DATE '2025-10-02' AS date_of_service, '27447' AS hcpcs_code, 1 AS units, '21' AS place_of_service, '94110' AS service_zip_code FROM range(3000000)"
        con.execute(f"COPY ({lines}) TO '{table}'")
    out = tmp_path / "prices.csv"
    words = [
        "price",
        str(table),
        "--out",
        str(out),
        "--warehouse",
        str(sample_warehouse),
        "--memory",
        "300MB",
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *words],
        env=os.environ | {"TMPDIR": str(spill)}, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 30
    while not list(tmp_path.glob(".pfs-price-*")) and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.5)
    process.send_signal(number)
    assert process.wait(30) == 130
    assert list(spill.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lines.parquet", "spill"]


@pytest.mark.slow
def test_a_file_of_many_columns_is_priced_within_the_usual_memory(sample_warehouse, tmp_path):
    file, out = tmp_path / "lines.csv", tmp_path / "prices.csv"
    others = tuple(f"x{n}" for n in range(1200))
    file.write_text(text((*FIRST_HOUR, *others), heads=(*HEADS, *others)))
    words = [str(file), "--out", str(out), "--warehouse", str(sample_warehouse)]
    assert CliRunner().invoke(price, words, catch_exceptions=False).exit_code == 0
    with pytest.raises(TooLittleMemoryError, match=r"keeps to 600MB.*--memory 3GB"):
        CliRunner().invoke(price, [*words, "--memory", "600MB"], catch_exceptions=False)


@pytest.mark.slow
def test_lines_are_written_in_the_order_in_which_they_came(sample_warehouse, tmp_path):
    file, texts, table = (tmp_path / name for name in ("lines.parquet", "o.csv", "o.parquet"))
    # As many as several threads share, and of so many kinds that some have the place in a table of
    # hashes in common, which joins do not keep in order either.
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT range::VARCHAR AS claim_id, range::INTEGER AS claim_line_number, DATE '2025-10-02' AS date_of_service, "
            "(90000 + range % 10000)::VARCHAR AS hcpcs_code, 1 + range // 10000 AS units, '11' AS place_of_service, '94110' AS service_zip_code, "
            f"'x' AS line_id FROM range(400000)) TO '{file}' (ROW_GROUP_SIZE 20480)"
        )
        with duckdb_engine.pricer(sample_warehouse / "fee_schedule.duckdb", threads=4) as pricer:
            duckdb_engine.read_lines(pricer, file)
            query = duckdb_engine.price(pricer, with_trace=False)
            for out in (texts, table):
                duckdb_engine.write(pricer, query, out)
                numbers = con.execute(f"SELECT claim_line_number FROM '{out}'").fetchnumpy()
                assert (numbers["claim_line_number"] == range(400_000)).all()


def test_a_file_that_changes_while_it_is_read_is_refused(sample_warehouse, tmp_path):
    file = tmp_path / "lines.parquet"
    lines = (
        f"COPY (SELECT '1' AS claim_id, 1 AS claim_line_number, DATE '2025-10-02' AS date_of_service, '{{}}' AS hcpcs_code, "
        f"1 AS units, '11' AS place_of_service, '94110' AS service_zip_code) TO '{file}'"
    )
    with duckdb_engine.pricer(sample_warehouse / "fee_schedule.duckdb") as con:
        con.execute(lines.format("99291"))
        duckdb_engine.read_lines(con, file)
        query = duckdb_engine.price(con, with_trace=False)
        con.execute(lines.format("99213"))
        written = duckdb_engine.write(con, query, tmp_path / "o.parquet")
        with pytest.raises(RefusedError, match="0 of its 1 lines were priced: it changed while"):
            duckdb_engine.refuse_lost_lines(con, written, file.name)
