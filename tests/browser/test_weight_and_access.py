"""Every page opens with less than 200 KB and without a fault of accessibility, at real size too."""

import re

import pytest

from tests.browser.place import PAGES
from tests.helpers.marks import cases

MOST_BYTES = 200_000

# In pixels, that of a small phone.
PHONE = {"width": 360, "height": 740}

# All that a page says, to those who see it and to those who hear it.
SAID = """(body) => body.innerText + [...body.querySelectorAll('title, [aria-label]')]
  .map((one) => one.getAttribute('aria-label') || one.textContent).join()"""

# Of other releases and languages, where another address asks for the same page.
LIKE_OTHERS = (
    "section.html#Surgery@RVU25D", "critical-care.html#&lang=ru", "code.html#45378@RVU25A", "code.html#70450@RVU25B",
)  # fmt: skip

# Russian has the heaviest words, and the releases before 2026 have amounts in every locality.
REAL_PAGES = (
    *PAGES, "code.html#92950@RVU25D", "code.html#33952@RVU25D&lang=ru", "code.html#99291&lang=ar",
    "compare.html#92950,33952,99291&lang=ru", "changes.html#&lang=ru", "changes.html#@RVU26C&against=RVU25A&lang=ru",
    "section.html#Surgery&lang=ru", "critical-care.html#@RVU25D&lang=ar", *LIKE_OTHERS,
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_light_without_fault_and_no_wider_than_a_phone(reader, con, address):
    """It opens without a server, network or complaint, and names no release without its month."""
    page = reader.open(address)
    check_weight_and_access(reader)
    assert page.locator("h1").inner_text()
    assert page.title().endswith("Fee schedule") or address == "index.html"
    releases = [name for (name,) in con.sql("select release_id from release").fetchall()]
    said = page.locator("body").evaluate(SAID)
    named = re.findall(rf"(.?.?)\b(?:{'|'.join(releases)})\b", said)
    # A claim without a line is of no day, so of no release.
    assert set(named) == {"· "} or (address == "claim.html" and not named)
    page.set_viewport_size(PHONE)
    # Pictures are drawn anew at their new width.
    page.wait_for_function("document.documentElement.scrollWidth <= 360", timeout=5000)


@pytest.mark.parametrize("address", ["code.html#92950&lang=ar", "index.html#&lang=zh"])
def test_axe_finds_no_fault_on_a_phone_in_the_dark(phone_reader, address):
    phone_reader.open(address)
    assert phone_reader.faults_of_accessibility() == []


CONTRAST = """() => {
  const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const colour = (text) => text.match(/[0-9.]+/g).map(Number);
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const card = (element) => colour(getComputedStyle(element.closest(".part, .care-result")).backgroundColor);
  const shown = (element, paper) => {
    let opacity = 1;
    for (let one = element; one.closest("svg") && one.tagName !== "svg"; one = one.parentNode) opacity *= getComputedStyle(one).opacity;
    return colour(getComputedStyle(element).fill).slice(0, 3).map((value, n) => value * opacity + paper[n] * (1 - opacity));
  };
  const under = (text) => {
    const box = text.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const holds = (rect) => { const r = rect.getBoundingClientRect(); return r.x <= x && x <= r.right && r.y <= y && y <= r.bottom; };
    return [...text.closest("svg").querySelectorAll("rect")].filter(holds).pop();
  };
  const faults = [];
  for (const picture of document.querySelectorAll(".picture svg")) {
    const paper = card(picture);
    for (const one of picture.querySelectorAll("rect:not(.fill-track), circle")) {
      const found = ratio(shown(one, paper), paper);
      if (found < 3) faults.push(`${one.getAttribute("class")} ${found.toFixed(2)}`);
    }
    for (const one of picture.querySelectorAll("text")) {
      const back = under(one);
      const found = ratio(shown(one, paper), back ? shown(back, paper) : paper);
      if (found < 4.5) faults.push(`text ${one.getAttribute("class")} ${found.toFixed(2)}`);
    }
  }
  return [...new Set(faults)];
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shapes_and_texts_inside_pictures_stand_out(care_reader, theme):
    """Of graphics three to one, of texts four and a half to one; axe does not look into pictures."""
    care_reader.page.emulate_media(color_scheme=theme)
    for address in ("code.html#33952", "code.html#99291", "critical-care.html"):
        page = care_reader.open(address)
        page.wait_for_selector(".picture svg")
        assert page.evaluate(CONTRAST) == [], address


# Of most kinds of pages the heaviest is enough.
LIGHTER = [x for x in PAGES if not x.startswith(("index.html", "claim.html"))]


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.parametrize("address", cases(REAL_PAGES, (*LIKE_OTHERS, *LIGHTER)))
def test_a_page_of_cms_s_files_is_light_and_without_fault(real_reader, address):
    real_reader.open(address)
    check_weight_and_access(real_reader)


def check_weight_and_access(reader) -> None:
    """What a page loaded at opening is little, and axe finds no fault in it."""
    loaded = reader.loaded_bytes()
    assert len(loaded) > 15
    assert sum(loaded.values()) < MOST_BYTES, loaded
    assert reader.faults_of_accessibility() == []
