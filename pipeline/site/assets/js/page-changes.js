// What a release changed from the one loaded before it.
"use strict";

Site.page = {};

Site.page.kinds = ["added", "removed", "status_changed", "revalued", "indicators_only", "description_only", "factor_only", "unchanged"];

// Where a row of what moved has the two settings: payment before, after, and what RVUs and the
// conversion factor did to it.
Site.page.places = { office: [7, 8, 11, 12], facility: [9, 10, 13, 14] };

Site.page.render = async function () {
  const { release_id: release } = Site.release;
  const n = Site.site.loaded.findIndex((one) => one.release_id === release);
  const previous = Site.site.loaded[n + 1];
  const heading = h("h1", {}, Site.filled("changes.heading", { release }));
  Site.frame.title(Site.plain("changes.heading", { release }));
  if (!previous) return Site.show(heading, h("p", {}, Site.filled("changes.first", { release })));
  const found = await Site.load(`${release}/changes`);
  const total = (kind) => Object.values(found.counts).reduce((sum, counts) => sum + (counts[kind] || 0), 0);
  return Site.show(heading,
    h("p", { class: "lead" }, Site.filled("changes.against", { previous: previous.release_id }), " ", Site.page.factor(previous)),
    h("dl", { class: "facts" }, Site.page.kinds.map((kind) => h("div", { class: "fact" },
      h("dt", {}, Site.words(`change.${kind}`)), h("dd", { class: "figure", "data-kind": kind }, Site.number(total(kind), 0))))),
    h("div", { class: "parts" },
      ["facility", "office"].map((setting) => Site.page.moved(found.moved, setting)),
      Site.part("changes.by_section", "history", Site.page.bySection(found.counts)),
      ["added", "removed", "status_changed"].map((kind) => Site.page.listed(found.listed, kind, previous))));
};

Site.page.factor = function (previous) {
  const [after, before] = [Site.release, previous].map((one) => Number(one.factors[0].factor));
  const change = ((after / before - 1) * 100);
  const percent = `${change > 0 ? "+" : change < 0 ? "−" : ""}${Site.number(Math.abs(change), 2)}%`;
  return Site.filled("changes.factor", { before: Site.number(before, 4), after: Site.number(after, 4), percent });
};

Site.page.moved = function (moved, setting) {
  const side = (name) => {
    const rows = moved[`${setting}_${name}`];
    const lines = rows.slice(0, 10).map((row) => {
      const [before, after, rvu, factor] = Site.page.places[setting].map((at) => row[at]);
      return [Site.codeLink(row[0]), { figure: Site.money(before) }, { figure: Site.money(after) },
        { figure: Site.signedMoney((Site.cents(after) - Site.cents(before)) / 100) },
        { figure: Site.signedMoney(rvu) }, { figure: Site.signedMoney(factor) }];
    });
    return h("div", {}, h("h3", {}, Site.words(`changes.${name}`)),
      lines.length ? Site.table([Site.words("section.code"), { figure: Site.words("changes.before") }, { figure: Site.words("changes.after") }, { figure: Site.words("changes.difference") }, { figure: Site.words("code.value") }, { figure: Site.words("home.factor") }],
        lines, `${Site.words(`code.${setting}`)}: ${Site.words(`changes.${name}`)}`)
        : h("p", { class: "muted" }, Site.words("changes.nothing")));
  };
  const part = Site.part("code.payment", "payment", h("div", { class: "two" }, side("rises"), side("falls")));
  part.querySelector("h2").append(`, ${Site.words(`code.${setting}`)}`);
  part.querySelector("h2").id = `moved-${setting}`;
  part.setAttribute("aria-labelledby", `moved-${setting}`);
  return part;
};

Site.page.bySection = function (counts) {
  const lines = Site.data.sections.filter((one) => counts[one.section]).map((one) => [
    h("a", { href: Site.link("section", one.section) }, Site.words(`section.${one.section}`)),
    ...Site.page.kinds.map((kind) => ({ figure: Site.number(counts[one.section][kind] || 0, 0) }))]);
  return Site.table([Site.words("section.heading"), ...Site.page.kinds.map((kind) => ({ figure: Site.words(`change.${kind}`) }))], lines, Site.words("changes.by_section"));
};

Site.page.listed = function (listed, kind, previous) {
  const rows = listed.filter(([, change]) => change === kind);
  if (!rows.length) return null;
  const release = kind === "removed" ? previous.release_id : Site.release.release_id;
  const isHeld = Site.site.releases.some((one) => one.release_id === release);
  return Site.part(`change.${kind}`, "history", h("ul", { class: "chips chips-dense" }, rows.map(([code, , before, after]) =>
    h("li", {}, isHeld ? h("a", { href: Site.link("code", code, release), class: "code" }, Site.bdi(code)) : h("span", { class: "code" }, Site.bdi(code)),
      kind === "status_changed" && h("span", { class: "muted", dir: "ltr" }, ` ${before}→${after}`)))));
};
