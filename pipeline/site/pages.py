"""The pages themselves: one shell per kind, with its styles and scripts."""

import shutil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.site.messages import LANGUAGES, english

HERE = Path(__file__).parent

# Each page with the scripts that only it needs.
PAGES = {
    "index": ["page-home"],
    "code": [
        *("chart-breakdown", "chart-distribution", "chart-places", "chart-history"),
        *("chart-timeline", "care-rules", "code-fees", "code-time", "code-head"),
        *("code-sections", "code-rules", "code-contents", "page-code"),
    ],
    "section": ["chart-distribution", "code-lists", "list-table", "page-section"],
    "compare": ["code-fees", "page-compare"],
    "changes": ["code-lists", "list-table", "row-changes", "page-changes"],
    "critical-care": ["chart-ruler", "care-rules", "code-time", "page-care"],
    "claim": [
        *("price-data", "price-line", "price-day", "price-edits", "price-claim"),
        *("code-fees", "claim-state", "claim-lines", "page-claim"),
    ],
    "method": ["page-method"],
}
# The search loads what it looks with when somebody searches.
SHARED = ["core", "code-data", "text", "element", "svg", "place", "place-choice", "search", "frame"]


def write_pages(folder: Path) -> None:
    """Write every page and what it loads, but for the data, below ``folder``."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("page.html")
    words = {name.replace(".", "_", 1): forms[-1] for name, forms in english().items()}
    for page, scripts in PAGES.items():
        html = template.render(
            page=page, scripts=[*SHARED, *scripts], words=words, languages=LANGUAGES
        )
        (folder / f"{page}.html").write_text(html, encoding="utf-8")
    shutil.copytree(HERE / "assets", folder / "assets", copy_function=_copy_asset)


def _copy_asset(source: str, target: str) -> None:
    """Copy an asset; comments and margins of scripts are for those who read the sources."""
    if not source.endswith(".js"):
        shutil.copy(source, target)
        return
    lines = (line.strip() for line in Path(source).read_text("utf-8").splitlines())
    kept = [line for line in lines if line and not line.startswith("//")]
    Path(target).write_text("\n".join(kept) + "\n", "utf-8")
