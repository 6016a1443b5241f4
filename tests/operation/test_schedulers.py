"""The examples for cron and systemd work as they are printed."""

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.whole

PROJECT = Path(__file__).parent.parent.parent
EXAMPLES = PROJECT / "examples"
SERVICE, TIMER = EXAMPLES / "pfs-refresh.service", EXAMPLES / "pfs-refresh.timer"

# All that cron sets, but for HOME.
CRON = {"SHELL": "/bin/sh", "PATH": "/usr/bin:/bin", "LOGNAME": "nobody"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with the project in it, as the examples expect that, and nothing set up."""
    project = tmp_path / "cms-fee-schedules"
    project.mkdir()
    for name in ("pyproject.toml", "Makefile", "README.md"):
        shutil.copy2(PROJECT / name, project / name)
    for name in ("raw", "warehouse"):
        (project / name).mkdir()
    # Setting up takes a network, so that the environment of these tests stands in for it.
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "fees").symlink_to(Path(sys.executable).parent / "fees")
    installed = project / ".venv" / "lib" / "python3" / "site-packages"
    installed.mkdir(parents=True)
    (installed / "__editable__.cms_fee_schedules.pth").touch()
    (project / ".venv" / ".base").touch()
    return tmp_path


def cron_line() -> tuple[list[str], str]:
    """The five fields and the command of the one line of the example."""
    lines = (EXAMPLES / "crontab").read_text().splitlines()
    (line,) = [line for line in lines if line and not line.startswith("#")]
    *fields, command = line.split(" ", 5)
    return fields, command


def units(path: Path) -> configparser.ConfigParser:
    """A unit file; a key that occurs twice is an error."""
    parser = configparser.ConfigParser(interpolation=None, comment_prefixes=("#",))
    parser.optionxform = str
    parser.read(path)
    return parser


def run_in(home: Path, command: str, folder: Path) -> subprocess.CompletedProcess:
    """Run a command as a scheduler does: no terminal, and next to no environment."""
    environment = CRON | {"HOME": str(home)}
    return subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.slow
def test_the_line_for_cron_refreshes_and_then_is_silent_and_so_does_the_service(home):
    fields, command = cron_line()
    assert len(fields) == 5
    assert all(field == "*" or field.isdigit() for field in fields)
    # In a crontab a percent sign ends the command.
    assert "%" not in command
    first = run_in(home, command, home)
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert "embedded SAMPLE" in first.stderr
    assert (home / "cms-fee-schedules" / "warehouse" / "fee_schedule.duckdb").exists()
    second = run_in(home, command, home)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    # The service refreshes the same warehouse: it puts right what is missing there.
    service = units(SERVICE)["Service"]
    folder = Path(service["WorkingDirectory"].replace("%h", str(home)))
    current = folder / "warehouse" / "exports" / "current"
    current.unlink()
    assert run_in(home, service["ExecStart"], folder).returncode == 0
    assert (current / "manifest.json").exists()


@pytest.mark.slow
def test_cron_is_told_of_a_failure(home):
    (home / "cms-fee-schedules" / "raw" / "rvu26d.zip").write_text("no zip")
    failed = run_in(home, cron_line()[1], home)
    assert failed.returncode == 2
    assert "error: rvu26d.zip: not a readable zip" in failed.stderr


def test_the_units_have_what_they_need():
    service, timer = units(SERVICE), units(TIMER)
    assert service["Service"]["Type"] == "oneshot"
    assert "OnCalendar" in timer["Timer"]
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"
    # A timer starts the service of its own name.
    assert SERVICE.stem == TIMER.stem
    assert "Install" not in service


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_units(home, tmp_path):
    for path in (SERVICE, TIMER):
        shutil.copy2(path, tmp_path / path.name)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(tmp_path / TIMER.name)],
        env=os.environ | {"HOME": str(home), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    about_ours = [line for line in checked.stderr.splitlines() if "pfs-refresh" in line]
    assert (checked.returncode, about_ours) == (0, [])


@pytest.mark.parametrize("name", ["crontab", "pfs-refresh.service", "pfs-refresh.timer"])
def test_no_example_names_a_place_of_one_computer(name):
    words = (EXAMPLES / name).read_text().split()
    assert [word for word in words if word.startswith(("/home", "/work", "/root", "/tmp"))] == []
