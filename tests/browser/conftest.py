"""The site of the sample, once as it is and once with rules for critical care, and a browser."""

import shutil
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipeline.cli import fees
from tests.browser.place import HOSTILE, LICENSED, Reader

try:
    from playwright import sync_api
except ModuleNotFoundError:
    # The group browser is not installed: make test-site installs it and runs these.
    collect_ignore_glob = ["test_*.py"]

# Without the windows, tabs and menus of the whole browser a page takes a third of the processor.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture(scope="session")
def site(sample_warehouse, tmp_path_factory) -> Path:
    """The folder that ``fees site`` writes for the sample warehouse."""
    return written(sample_warehouse, tmp_path_factory.mktemp("site") / "site")


@pytest.fixture(scope="session")
def site_with_care(sample_warehouse, tmp_path_factory) -> Path:
    """The same of a warehouse with rules for critical care and a hostile label."""
    warehouse = tmp_path_factory.mktemp("care") / "warehouse"
    shutil.copytree(sample_warehouse, warehouse, symlinks=True)
    database = warehouse / "fee_schedule.duckdb"
    database.chmod(0o644)
    with duckdb.connect(str(database)) as con:
        con.execute((Path(__file__).parent / "care_tables.sql").read_text("utf-8"))
        con.execute("UPDATE rvu SET description = ? WHERE hcpcs_code = 'G0105'", [HOSTILE])
        con.execute(
            "UPDATE rvu SET description = ?, description_status = 'cms' WHERE hcpcs_code = '33952'",
            [LICENSED],
        )
    return written(warehouse, warehouse.parent / "site")


@pytest.fixture(scope="session")
def real_site(real_warehouse, built_once) -> Path:
    """The site of all of CMS's real files, once for all processes; skipped where those are not."""
    folder = built_once("real_site", lambda folder: written(real_warehouse, folder / "site"))
    return folder / "site"


def written(warehouse: Path, folder: Path, *options: str) -> Path:
    """Write a site by the command and return its folder."""
    places = ["--warehouse", str(warehouse), "--out", str(folder)]
    result = CliRunner().invoke(fees, ["site", *places, *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium without any network.

    It ends with its file: Playwright keeps an event loop running meanwhile, beside which the tests of
    other files could not run one of their own.
    """
    if CHROMIUM is None:
        pytest.skip("Debian's chromium-headless-shell is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def reader(browser, site):
    """Somebody at a desk, who reads the site of the sample."""
    yield from reading(browser, site)


@pytest.fixture
def real_reader(browser, real_site):
    """Somebody who reads the site of CMS's real files."""
    yield from reading(browser, real_site)


@pytest.fixture
def care_reader(browser, site_with_care):
    """Somebody who reads the site that has rules for critical care."""
    yield from reading(browser, site_with_care)


@pytest.fixture
def phone_reader(browser, site):
    """Somebody with a phone, in the dark."""
    yield from reading(browser, site, viewport={"width": 360, "height": 740}, color_scheme="dark")


def reading(browser, site: Path, **settings):
    """A reader of a site, of whose browser nothing may be complained in the end."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
    one = Reader(context.new_page(), site)
    yield one
    context.close()
    assert one.complaints == []
    assert all(url.startswith(("file:", "about:", "data:")) for url in one.requests)
