// All sections, or one of them: its parts, how its work RVUs spread, its codes.
"use strict";

Site.page = {};

Site.page.render = async function ({ subject, part }) {
  const section = Site.data.sections.find((one) => one.section === subject);
  if (!section) return Site.page.overview();
  const isPart = section.subsections.length > 1 && section.subsections.some(([name]) => name === part);
  return Site.page.section(section, isPart ? part : "");
};

Site.page.overview = function () {
  Site.frame.title(Site.words("section.heading"));
  const name = (one) => Site.words(`section.${one.section}`);
  const median = (one) => (one.steps.length ? one.median_work_rvu : null);
  const most = (one) => (one.steps.length ? one.max_work_rvu : null);
  Site.show(h("h1", {}, Site.words("section.heading")), h("p", {}, Site.releaseTag()), Site.listTable({
    caption: Site.words("section.heading"), rows: Site.data.sections,
    columns: [
      { name: "section", heading: Site.words("section.heading"), value: name,
        cell: (one) => [h("a", { href: Site.link("section", one.section) }, name(one)), one.subsections.length === 1 && [" · ", Site.words(`subsection.${one.subsections[0][0]}`)]] },
      ...[["code_count", "section.codes"], ["priced_count", "section.with_price"]].map(([column, words]) =>
        ({ name: column, heading: Site.words(words), isFigure: true, value: (one) => Number(one[column]), cell: (one) => Site.number(one[column], 0) })),
      { name: "median", heading: Site.listed(Site.words("code.work"), Site.words("code.median")), isFigure: true, value: (one) => Site.lists.numberOf(median(one)), cell: (one) => Site.page.median(median(one)) },
      { name: "most", heading: Site.listed(Site.words("code.work"), Site.words("code.highest")), isFigure: true, value: (one) => Site.lists.numberOf(most(one)), cell: (one) => Site.figure("rvu", most(one)) },
    ],
  }).table);
};

// A median lies between two work RVUs and may have a digit more, which keeps its place in a column.
Site.page.median = (value) => (value === null ? Site.figure("rvu", null) : Site.number(value, 3));

// ``part`` names the subsection whose codes are asked for, or none.
Site.page.section = async function (section, part) {
  const name = Site.words(`section.${section.section}`);
  Site.frame.title(name);
  const top = section.highest_work;
  const codes = await Site.page.allCodes(section, part);
  Site.show(
    h("p", { class: "path" }, h("a", { href: Site.link("section") }, Site.words("section.heading"))),
    h("h1", {}, name, section.subsections.length === 1 && h("span", { class: "code-label muted" }, " ", Site.words(`subsection.${section.subsections[0][0]}`))),
    h("p", { class: "code-tags" }, Site.releaseTag(), " ", h("span", { class: "muted" }, Site.filled("home.codes", { n: Site.number(section.code_count, 0) }),
      " · ", Site.filled("home.priced", { n: Site.number(section.priced_count, 0) }))),
    h("div", { class: "parts" },
      Site.part("section.spread", "comparison", section.steps.length > 1 ? Site.charts.distribution(section) : h("p", {}, Site.words("section.no_work"))),
      section.subsections.length > 1 && Site.part("section.parts", "comparison", Site.page.subsections(section)),
      top.length > 0 && Site.part("section.highest", "value",
        Site.listTable({ rows: top, caption: Site.words("section.highest"), columns: Site.page.columns(Site.lists.place()) }).table),
      codes));
  if (part) codes.scrollIntoView({ block: "start" });
};

Site.page.partLink = (section, part) => h("a", { href: `${Site.link("section", section.section)}&part=${encodeURIComponent(part)}` }, Site.words(`subsection.${part}`));

Site.page.range = (first, last) => Site.bdi(first === last ? first : `${first}–${last}`);

Site.page.subsections = function (section) {
  const figure = (name, n, words, cell) => ({ name, heading: words, isFigure: true, value: (one) => Site.lists.numberOf(one[n]), cell: (one) => cell(one[n]) });
  const count = (value) => Site.number(value, 0);
  return Site.listTable({
    caption: Site.words("section.parts"), rows: section.subsections,
    columns: [
      { name: "subsection", heading: Site.words("section.parts"), value: ([part]) => Site.words(`subsection.${part}`), cell: ([part]) => Site.page.partLink(section, part) },
      { name: "range", heading: Site.words("section.first_last"), value: ([, first]) => first, cell: ([, first, last]) => Site.page.range(first, last) },
      figure("codes", 3, Site.words("section.codes"), count), figure("priced", 4, Site.words("section.with_price"), count),
      figure("median", 5, Site.listed(Site.words("code.work"), Site.words("code.median")), Site.page.median),
    ],
  }).table;
};

// What is said of a listed code; ``place`` has the localities and the factor of the release. The file has
// the total RVUs too, and national amounts beside those of my place.
Site.page.columns = function (place) {
  const text = (name, heading) => ({ name, heading: Site.words(heading), value: (row) => row[name], cell: (row) => Site.bdi(row[name]), text: (row) => row[name] });
  const settings = Object.entries(Site.lists.settings).map(([setting, column]) => [setting, column, (row) => Site.lists.amount(row, column, place)]);
  return [
    { name: "hcpcs_code", heading: Site.words("section.code"), value: (row) => row.hcpcs_code, text: (row) => row.hcpcs_code,
      cell: (row) => [Site.codeLink(row.hcpcs_code), row.label && [" ", h("span", { class: "row-label", dir: "auto" }, row.label)]] },
    { name: "label", text: (row) => row.label },
    { name: "subsection", text: (row) => row.subsection, search: (row) => row.subsection && Site.words(`subsection.${row.subsection}`) },
    text("status_code", "code.status"), text("global_days", "code.global"),
    { name: "work_rvu", heading: Site.words("code.work"), isFigure: true, value: (row) => Site.lists.numberOf(Site.lists.work(row)), cell: (row) => Site.figure("rvu", Site.lists.work(row)), text: (row) => row.work_rvu },
    ...settings.map(([, column]) => ({ name: `${column}_total_rvu`, text: (row) => (Site.lists.isNa(row, column) ? "NA" : row[`${column}_total_rvu`]) })),
    ...settings.map(([setting, column, amount]) => ({
      name: `${column}_payment`, heading: Site.words(`code.${setting}`), isFigure: true, cell: (row) => Site.place.shown(amount(row)),
      value: (row) => Site.place.paid(amount(row)), text: (row) => Site.lists.written(amount(row)) })),
    ...(Site.place.of(place.localities) ? settings : []).map(([, column, amount]) => ({ name: `${column}_payment_${Site.place.key}`, text: (row) => Site.lists.writtenHere(amount(row)) })),
  ];
};

// The list may be long: it is loaded and written only when it is asked for, whole or by subsection.
Site.page.allCodes = async function (section, part) {
  const holder = h("div", {});
  const show = async () => {
    const codes = await Site.lists.load(section.section, part);
    const parts = new Map(section.subsections.map((one) => [one[0], one]));
    const group = section.subsections.length > 1 && {
      of: (row) => row.subsection,
      heading: ({ subsection }) => [Site.page.partLink(section, subsection), " ", h("span", { class: "muted" }, Site.page.range(...parts.get(subsection).slice(1, 3)))],
    };
    const name = [Site.release.release_id, section.section, part].filter(Boolean).join("-");
    holder.replaceChildren(...Site.toolTable(name, { rows: codes, group, caption: Site.words("section.all_codes"), columns: Site.page.columns(Site.lists.place()) }).content);
  };
  const button = h("button", { type: "button", class: "wide", onclick: async () => { await show(); button.hidden = true; } },
    Site.filled("section.show_all", { n: Site.number(section.code_count, 0) }));
  if (!part) return Site.part("section.all_codes", "value", button, holder);
  await show();
  const back = h("p", { class: "path" }, h("a", { href: Site.link("section", section.section) }, Site.words("section.all_codes")), " › ", Site.words(`subsection.${part}`));
  return Site.part("section.all_codes", "value", back, holder);
};
