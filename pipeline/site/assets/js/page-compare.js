// Codes side by side, each a column.
"use strict";

Site.page = {};

Site.page.render = async function ({ subject }) {
  Site.frame.title(Site.words("compare.heading"));
  const codes = [...new Set(subject.split(",").map(Site.codeWritten).filter(Boolean))];
  const found = await Promise.all(codes.map(Site.page.found));
  const known = found.filter(Boolean);
  const absent = codes.filter((code, n) => !found[n]);
  Site.show(h("h1", {}, Site.words("compare.heading")), h("p", {}, Site.releaseTag()), Site.page.adder(codes),
    absent.map((code) => h("p", { class: "warning" }, Site.filled("page.no_code", { release: Site.releaseHere(), code }))),
    known.length ? Site.page.columns(known, codes) : h("p", { class: "muted" }, Site.words("compare.empty")));
};

// What is known of a code; of one without a price here, what other schedules pay for it too.
Site.page.found = async function (code) {
  const found = await Site.codeData(Site.release.release_id, code);
  if (!found || found.profile.price_status === "priced") return found;
  const fees = await Site.fees.of(code);
  return { ...found, elsewhere: (fees ? fees.said : []).filter(Site.fees.answers) };
};

Site.page.adder = function (codes) {
  const input = h("input", {
    id: "compare-add", type: "search", autocomplete: "off", spellcheck: "false", role: "combobox", "aria-expanded": "false",
    "aria-controls": "compare-results", "aria-autocomplete": "list", placeholder: Site.words("page.search_hint"),
  });
  const list = h("ul", { id: "compare-results", role: "listbox", "aria-label": Site.words("page.search") });
  const status = h("p", { class: "search-status" });
  const panel = h("div", { class: "search-panel", hidden: true }, status, list);
  Site.search.connect(input, panel, list, status, (code) => Site.frame.go({ subject: [...new Set([...codes, ...code.split(",")])].join(",") }));
  return h("div", { class: "search compare-add" }, h("label", { for: "compare-add" }, Site.words("compare.hint")), input, panel);
};

Site.page.columns = function (known, codes) {
  const amount = (setting) => ({ rows: [row], profile }) => Site.place.amount(row, setting, profile.conversion_factor);
  const limiting = (one) => {
    const paid = amount("facility")(one);
    const local = paid.local && Site.place.limiting(one.rows[0], "facility", one.profile.conversion_factor);
    return { figure: Site.place.shown({ ...paid, local, national: paid.national && one.profile.facility_limiting_charge }) };
  };
  const work = ({ profile }) => (Site.hasRvus(profile) ? profile.work_rvu : null);
  const rvu = (name) => ({ profile }) => ({ figure: Site.figure("rvu", Site.hasRvus(profile) ? profile[name] : null) });
  const inSetting = (setting, name) => (one) => (one.profile[`${setting}_na`] === "true" ? { figure: Site.na() } : rvu(`${setting}_${name}`)(one));
  const [office, facility] = [Site.words("code.office"), Site.words("code.facility")];
  const lines = [
    [Site.listed(Site.place.heading(), office), Site.page.bar(known, "office", (one) => Site.place.paid(amount("nonfacility")(one)),
      (one) => (one.elsewhere?.length ? Site.page.elsewhere(one) : Site.place.shown(amount("nonfacility")(one))))],
    [Site.listed(Site.place.heading(), facility), Site.page.bar(known, "facility", (one) => Site.place.paid(amount("facility")(one)),
      (one) => Site.place.shown(amount("facility")(one)))],
    [Site.words("code.work"), Site.page.bar(known, "work", work, (one) => Site.figure("rvu", work(one)))],
    [Site.listed(Site.words("code.practice"), office), inSetting("nonfacility", "pe_rvu")],
    [Site.listed(Site.words("code.practice"), facility), inSetting("facility", "pe_rvu")],
    [Site.words("code.malpractice"), rvu("mp_rvu")],
    [Site.listed(Site.words("code.total"), office), inSetting("nonfacility", "total_rvu")],
    [Site.listed(Site.words("code.total"), facility), inSetting("facility", "total_rvu")],
    [Site.listed(Site.words("code.limiting"), facility), limiting],
    [Site.words("code.status"), (one) => ({ figure: Site.bdi(one.profile.status_code) })],
    [Site.words("code.global"), (one) => ({ figure: Site.bdi(one.profile.global_days) })],
    ...["multiple_procedure_indicator", "bilateral_indicator", "assistant_surgeon_indicator", "co_surgeon_indicator"].map((name) =>
      [Site.words(`rule.${name}`), (one) => ({ figure: h("abbr", { title: Site.words(`${name}.${one.profile[name]}`) }, Site.bdi(one.profile[name])) })]),
  ];
  const headings = known.map((one) => ({ figure: h("span", { class: "compare-head" }, Site.codeLink(one.code),
    one.label && h("span", { class: "row-label", dir: "auto" }, one.label),
    h("button", { type: "button", class: "quiet", "aria-label": Site.plain("compare.remove", { code: one.code }),
      onclick: () => Site.frame.go({ subject: codes.filter((code) => code !== one.code).join(",") }) }, "×")) }));
  const table = Site.table(["", ...headings], lines.map(([label, value]) => [label, ...known.map(value)]), Site.words("compare.heading"));
  table.classList.add("compared");
  table.style.setProperty("--compared", known.length);
  return table;
};

// The schedules that pay a code which has no price here, each with its amount.
Site.page.elsewhere = ({ elsewhere }) => elsewhere.map((one) => h("span", { class: "elsewhere" },
  Site.fees.amount(one), " ", Site.fees.unit(one),
  h("span", { class: "row-label" }, one.modifiers && [h("bdi", { dir: "ltr" }, one.modifiers), " · "],
    Site.search.shortened(Site.words(`fee.schedule_${one.schedule}`)), " · ", Site.fees.source(one))));

// A figure with a bar below it, as long as its share of the highest of those compared.
Site.page.bar = function (known, classes, valueOf, shown) {
  const most = Math.max(...known.map((one) => Number(valueOf(one) || 0)));
  return (one) => {
    const value = valueOf(one);
    const share = most > 0 ? Math.round((Number(value || 0) / most) * 100) : 0;
    return { figure: [shown(one), value !== null && svg("svg", { class: "mini-bar", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { width: 100, height: 6, class: "fill-track" }), svg("rect", { x: 100 - share, width: share, height: 6, class: `fill-${classes}` }))] };
  };
};
