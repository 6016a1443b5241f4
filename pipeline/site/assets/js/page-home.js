// The first page in the order of use: search, the tools, the sections, and what is loaded.
"use strict";

Site.page = {};

Site.page.render = async function () {
  Site.frame.title("");
  const input = h("input", {
    id: "home-search", type: "search", class: "big-search", autocomplete: "off", spellcheck: "false", role: "combobox",
    "aria-expanded": "false", "aria-controls": "home-results", "aria-autocomplete": "list",
    "aria-label": Site.words("page.search"), placeholder: Site.words("page.search_hint"),
  });
  const list = h("ul", { id: "home-results", role: "listbox", "aria-label": Site.words("page.search") });
  const status = h("p", { class: "search-status" });
  const panel = h("div", { class: "search-panel", hidden: true }, status, list);
  Site.show(
    h("div", { class: "hero" },
      h("h1", {}, Site.words("home.heading")),
      h("p", { class: "lead" }, Site.words("home.lead")),
      h("div", { class: "search home-search" }, input, panel),
      h("p", { class: "examples" }, Site.words("home.examples"), " ",
        ["99291", "92950", "33952", "G0105"].map((code) => [Site.codeLink(code), " "]))),
    Site.page.tools(),
    h("section", { "aria-labelledby": "by-section" },
      h("h2", { id: "by-section" }, Site.words("home.sections")),
      h("ul", { class: "cards" }, Site.data.sections.map(Site.page.section))),
    Site.page.releases());
  Site.search.connect(input, panel, list, status, Site.search.open);
};

// What people come to do besides looking up a code: each page with its name and what it is for.
Site.page.tasks = [["claim", "claim"], ["compare", "compare"], ["changes", "changes"], ["critical-care", "care"]];

Site.page.tools = function () {
  return h("section", { "aria-labelledby": "tools" },
    h("h2", { id: "tools" }, Site.words("home.tools")),
    h("ul", { class: "cards" }, Site.page.tasks.map(([page, name]) => h("li", { class: "card" },
      h("a", { href: Site.link(page) }, Site.words(`nav.${name}`)),
      h("span", { class: "muted" }, Site.words(`home.about_${name}`))))));
};

Site.page.section = function (section) {
  return h("li", { class: "card" },
    h("a", { href: Site.link("section", section.section) }, Site.words(`section.${section.section}`)),
    section.subsections.length === 1 && h("span", { class: "muted" }, Site.words(`subsection.${section.subsections[0][0]}`)),
    h("span", { class: "muted" }, Site.filled("home.codes", { n: Site.number(section.code_count, 0) }),
      section.priced_count > 0 && [" · ", Site.filled("home.priced", { n: Site.number(section.priced_count, 0) })]));
};

Site.page.releases = function () {
  return h("section", { "aria-labelledby": "loaded" },
    h("h2", { id: "loaded" }, Site.words("home.loaded")),
    Site.table([Site.words("page.release"), "", { figure: Site.words("home.factor") }],
      Site.site.releases.map((one) => [
        h("a", { href: Site.link("changes", "", one.release_id) }, Site.bdi(Site.releaseName(one.release_id))),
        Site.filled("page.in_force", { from: Site.date(one.effective_from), to: Site.date(one.effective_to) }),
        { figure: Site.bdi(one.factors.map((factor) => Site.number(factor.factor, 4)).join(" / ")) },
      ]), Site.words("home.loaded")));
};
