"""What belongs to another user: a sentence that names it, as where cron keeps the warehouse to itself."""

from pathlib import Path

import pytest

from tests.soak.place import PFS, run
from tests.soak.storage import AS_MODES_SAY


@pytest.mark.parametrize(
    ("kept_from_others", "command", "named"),
    [
        ("warehouse", "licence", "warehouse/state/settings.json"),
        ("warehouse", "query", "warehouse/fee_schedule.duckdb"),
        ("warehouse/state", "status", "warehouse/state/settings.json"),
        ("warehouse/fee_schedule.duckdb", "query", "warehouse/fee_schedule.duckdb"),
    ],
)
def test_what_a_user_has_no_permission_for_is_named(tmp_path, kept_from_others, command, named):
    (tmp_path / "warehouse" / "state").mkdir(parents=True)
    (tmp_path / "warehouse" / "fee_schedule.duckdb").touch()
    (tmp_path / kept_from_others).chmod(0)
    said = ["from build"] if command == "query" else []
    told = run([*AS_MODES_SAY, PFS, command, *said, "--warehouse", str(tmp_path / "warehouse")])
    (tmp_path / kept_from_others).chmod(0o700)
    assert told.returncode == 10, told.stderr
    assert told.stderr == (
        f"error: You have no permission for {tmp_path / named}: see whose it is (ls -ld), and run "
        "this as that user, or have its mode changed.\n"
    )


def test_a_raw_folder_that_cannot_be_looked_into_is_not_to_be_skipped(tmp_path: Path):
    raw = tmp_path / "raw"
    raw.mkdir(0)
    options = ["--raw", str(raw), "--warehouse", str(tmp_path / "w")]
    told = run([*AS_MODES_SAY, PFS, "refresh", "--no-fetch", *options])
    raw.chmod(0o700)
    assert told.returncode == 3, told.stderr
    assert told.stderr.endswith(
        f"error: {raw}: the folder cannot be read: Permission denied (rule: readable). Make it readable.\n"
    )
