// What a release changed from another: from the one loaded before it, or from any that the reader chooses.
"use strict";

Site.page = {};

// ``against`` names the release that is compared with, where it is not the one before.
Site.page.render = async function ({ against }) {
  const { release_id: release } = Site.release;
  const loaded = Site.site.loaded.map((one) => one.release_id);
  const previous = loaded[loaded.indexOf(release) + 1] || "";
  const others = loaded.filter((one) => one !== release);
  const before = others.includes(against) ? against : previous;
  const named = { release: Site.releaseHere() };
  Site.frame.title(Site.plain("changes.heading", named));
  const head = [
    h("h1", {}, Site.filled("changes.heading", named)),
    !previous && h("p", {}, Site.filled("changes.first", named)),
    others.length > 0 && Site.page.choice(others, before, previous),
    against && against !== release && against !== before && h("p", { class: "warning" }, Site.filled("page.release_absent", {
      asked: against, shown: before ? Site.releaseName(before) : Site.releaseHere(), releases: Site.listed(...others.map(Site.releaseName)) })),
  ];
  if (!before) return Site.show(head);
  const [found, moved] = await Promise.all([Site.changes.between(before, release), before === previous && Site.load(`${release}/moved`)]);
  const changed = found.filter(({ kind }) => kind !== "unchanged");
  const list = Site.page.list(changed, before, release);
  return Site.show(head,
    h("p", { class: "lead" }, Site.page.factor(before)),
    h("dl", { class: "facts" }, Site.changes.kinds.map((kind) => Site.page.count(kind, found, list.show))),
    h("p", { class: "small muted" }, Site.words("changes.national"), " ", Site.words("changes.by_row")),
    h("div", { class: "parts" }, list.part,
      moved && ["facility", "office"].map((setting) => Site.page.moved(moved, setting)),
      Site.part("changes.by_section", "history", Site.page.bySection(found))));
};

Site.page.choice = function (others, before, previous) {
  const option = (one) => h("option", { value: one, selected: one === before },
    Site.releaseName(one) + (one === previous ? ` (${Site.words("changes.previous")})` : ""));
  const choice = h("select", { id: "against", onchange: ({ target }) => Site.frame.go({ against: target.value === previous ? "" : target.value }) },
    !before && h("option", { value: "" }, "–"), others.map(option));
  return h("p", { class: "place-choice" }, h("label", { for: "against" }, Site.words("changes.against")), choice);
};

// From 2026 there are two factors; the amounts are those of the first.
Site.page.factor = function (previous) {
  const [before, after] = [previous, Site.release.release_id].map((release) => Site.site.loaded.find((one) => one.release_id === release).factors[0]);
  const filled = Site.filled("changes.factor", { before: Site.number(before.factor, 4), after: Site.number(after.factor, 4), percent: Site.percent(after.factor / before.factor - 1, 2, true) });
  return after.factor_class === "all" ? filled : [filled, " · ", Site.words(`code.class_${after.factor_class}`)];
};

// How many rows changed in a way, which leads to them in the list.
Site.page.count = function (kind, found, show) {
  const n = found.filter((row) => row.kind === kind).length;
  const figure = Site.number(n, 0);
  return h("div", { class: "fact" }, h("dt", {}, Site.words(`change.${kind}`)), h("dd", { class: "figure", "data-kind": kind },
    n > 0 && kind !== "unchanged" ? h("button", { type: "button", class: "sort to-list", "aria-label": Site.listed(Site.words(`change.${kind}`), figure), onclick: () => show(kind) }, figure) : figure));
};

// The list of all rows that changed: its amounts are loaded and written when it is asked for, of all
// kinds or of one.
Site.page.list = function (changed, before, after) {
  const holder = h("div", {});
  const kinds = Site.changes.kinds.filter((kind) => changed.some((row) => row.kind === kind));
  const choice = h("select", { "aria-label": Site.words("changes.kind") }, h("option", { value: "" }, Site.words("changes.all_kinds")),
    kinds.map((kind) => h("option", { value: kind }, Site.words(`change.${kind}`))));
  const show = async (kind) => {
    button.hidden = true;
    choice.value = kind;
    if (!holder.hasChildNodes()) {
      const rows = await Site.changes.told(changed, before, after);
      const { list, content } = Site.toolTable(`${after}-against-${before}`, {
        rows, caption: Site.words("changes.all"), columns: Site.page.columns(before, after), most: 200, count: "changes.rows", all: "changes.show_all" }, choice);
      choice.addEventListener("change", () => list.keep((row) => !choice.value || row.kind === choice.value));
      holder.replaceChildren(...content);
    }
    choice.dispatchEvent(new Event("change"));
    part.scrollIntoView({ block: "start" });
  };
  const button = h("button", { type: "button", class: "wide", onclick: () => show("") }, Site.filled("changes.show_all", { n: Site.number(changed.length, 0) }));
  const part = Site.part("changes.all", "history", changed.length ? button : h("p", {}, Site.words("changes.nothing")), holder);
  return { part, show };
};

Site.page.settings = { office: "nonfacility", facility: "facility" };

// What is said of a row; the file has the status, the price status and the difference in dollars besides.
Site.page.columns = function (before, after) {
  const sides = [["before", (row) => row.before], ["after", (row) => row.after]];
  const both = (name, of) => sides.map(([side, told]) => ({ name: `${name}_${side}`, text: (row) => (told(row) ? of(told(row)) : "") }));
  const heading = (name, side) => Site.listed(Site.words(`code.${name}`), Site.words(`changes.${side}`));
  const held = Site.site.releases.map((one) => one.release_id);
  return [
    { name: "release_id", text: () => after }, { name: "previous_release_id", text: () => before },
    { name: "hcpcs_code", heading: Site.words("section.code"), value: (row) => row.code + row.modifier, text: (row) => row.code,
      cell: (row) => [Site.page.code(row, held, row.after ? after : before), row.label && [" ", h("span", { class: "row-label", dir: "auto" }, row.label)]] },
    { name: "modifier", text: (row) => row.modifier, search: (row) => row.modifier && `${row.code}-${row.modifier}` },
    { name: "label", text: (row) => row.label },
    { name: "section", text: (row) => row.section, search: (row) => Site.words(`section.${row.section}`) },
    { name: "change_kind", heading: Site.words("code.changed"), value: (row) => Site.words(`change.${row.kind}`), cell: Site.page.kind, text: (row) => row.kind, search: (row) => Site.words(`change.${row.kind}`) },
    ...both("status_code", (side) => side.status_code), ...both("price_status", (side) => side.price_status),
    ...sides.map(([side, told]) => ({
      name: `work_rvu_${side}`, heading: heading("work_alone", side), isFigure: true, cell: (row) => (told(row) ? Site.figure("rvu", told(row).work) : Site.page.notListed()),
      value: (row) => told(row) && told(row).work, text: (row) => (told(row) ? told(row).work_rvu : "") })),
    ...Object.entries(Site.page.settings).flatMap(([setting, column]) => [
      ...sides.map(([side, told]) => ({
        name: `${column}_payment_${side}`, heading: heading(setting, side), isFigure: true, cell: (row) => Site.page.amount(told(row), column),
        value: (row) => told(row) && told(row)[column].national,
        text: (row) => (told(row) ? Site.lists.written(told(row)[column]) : "") })),
      { name: `${column}_payment_change`, text: (row) => Site.changes.difference(row, column)?.change.toFixed(2) ?? "" },
      { name: `${column}_payment_percent`, heading: Site.listed(Site.words(`code.${setting}`), "%"), isFigure: true, cell: (row) => Site.page.percent(row, column),
        value: (row) => Site.changes.difference(row, column)?.share ?? null, text: (row) => Site.page.written(Site.changes.difference(row, column)) },
    ]),
  ];
};

// The code with its modifier, and the way to its page in a release that these pages hold.
Site.page.code = function ({ code, modifier }, held, release) {
  const name = Site.bdi(modifier ? `${code}-${modifier}` : code);
  return held.includes(release) ? h("a", { href: Site.link("code", code, release), class: "code" }, name) : h("span", { class: "code" }, name);
};

Site.page.kind = (row) => [Site.words(`change.${row.kind}`),
  row.kind === "status_changed" && h("span", { class: "muted", dir: "ltr" }, ` ${row.before.status_code}→${row.after.status_code}`)];

Site.page.notListed = () => h("span", { class: "muted" }, Site.words("changes.not_listed"));

Site.page.amount = (side, setting) => (side ? Site.place.shown(side[setting]) : Site.page.notListed());

// Where either side has no amount there is no change of amounts; beside it stands why.
Site.page.percent = function (row, setting) {
  const share = Site.changes.difference(row, setting)?.share ?? null;
  return share === null ? "" : Site.percent(share, 1, true);
};

Site.page.written = (difference) => (difference && difference.share !== null ? (100 * difference.share).toFixed(2) : "");

Site.page.moved = function (moved, setting) {
  const side = (name) => {
    const lines = moved[`${setting}_${name}`].map(([code, before, after, rvu, factor]) =>
      [Site.codeLink(code), { figure: Site.money(before) }, { figure: Site.money(after) },
        { figure: Site.signedMoney((Site.cents(after) - Site.cents(before)) / 100) },
        { figure: Site.signedMoney(rvu) }, { figure: Site.signedMoney(factor) }]);
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

Site.page.bySection = function (found) {
  const bySection = Map.groupBy(found, ({ section }) => section);
  const listed = Site.data.sections.map((one) => one.section);
  // A section may be left with rows that were removed alone.
  const lines = [...listed, ...[...bySection.keys()].filter((one) => !listed.includes(one))].filter((one) => bySection.has(one)).map((one) => [
    h("a", { href: Site.link("section", one) }, Site.words(`section.${one}`)),
    ...Site.changes.kinds.map((kind) => ({ figure: Site.number(bySection.get(one).filter((row) => row.kind === kind).length, 0) }))]);
  return Site.table([Site.words("section.heading"), ...Site.changes.kinds.map((kind) => ({ figure: Site.words(`change.${kind}`) }))], lines, Site.words("changes.by_section"));
};
