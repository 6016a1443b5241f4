// All sections, or one of them: its parts, how its work RVUs spread, its codes.
"use strict";

Site.page = {};

Site.page.render = async function ({ subject }) {
  const n = Site.data.sections.findIndex((one) => one.section === subject);
  return n < 0 ? Site.page.overview() : Site.page.section(Site.data.sections[n], n);
};

Site.page.overview = function () {
  Site.frame.title(Site.words("section.heading"));
  const lines = Site.data.sections.map((one) => [
    h("a", { href: Site.link("section", one.section) }, Site.words(`section.${one.section}`),
      one.subsections.length === 1 && [" · ", Site.words(`subsection.${one.subsections[0][0]}`)]),
    { figure: Site.number(one.code_count, 0) }, { figure: Site.number(one.priced_count, 0) },
    { figure: one.steps.length ? Site.page.median(one.median_work_rvu) : "–" },
    { figure: one.steps.length ? Site.figure("rvu", one.max_work_rvu) : "–" },
  ]);
  Site.show(h("h1", {}, Site.words("section.heading")), h("p", {}, Site.releaseTag()),
    Site.table([Site.words("section.heading"), { figure: Site.words("section.codes") }, { figure: Site.words("section.with_price") },
      { figure: Site.listed(Site.words("code.work"), Site.words("code.median")) }, { figure: Site.listed(Site.words("code.work"), Site.words("code.highest")) }],
    lines, Site.words("section.heading")));
};

// A median lies between two work RVUs and may have a digit more, which keeps its place in a column.
Site.page.median = (value) => (value === null ? "–" : Site.number(value, 3));

Site.page.section = function (section, n) {
  const name = Site.words(`section.${section.section}`);
  Site.frame.title(name);
  Site.show(
    h("p", { class: "path" }, h("a", { href: Site.link("section") }, Site.words("section.heading"))),
    h("h1", {}, name, section.subsections.length === 1 && h("span", { class: "code-label muted" }, " ", Site.words(`subsection.${section.subsections[0][0]}`))),
    h("p", { class: "code-tags" }, Site.releaseTag(), " ", h("span", { class: "muted" }, Site.filled("home.codes", { n: Site.number(section.code_count, 0) }),
      " · ", Site.filled("home.priced", { n: Site.number(section.priced_count, 0) }))),
    h("div", { class: "parts" },
      Site.part("section.spread", "comparison", section.steps.length > 1 ? Site.charts.distribution(section) : h("p", {}, Site.words("section.no_work"))),
      section.subsections.length > 1 && Site.part("section.parts", "comparison", Site.page.subsections(section)),
      section.highest_work.length > 0 && Site.part("section.highest", "value", Site.page.codes(section.highest_work, Site.words("section.highest"))),
      Site.page.allCodes(section, n)));
};

Site.page.subsections = function (section) {
  return Site.table([Site.words("section.parts"), Site.words("section.first_last"), { figure: Site.words("section.codes") },
    { figure: Site.words("section.with_price") }, { figure: Site.listed(Site.words("code.work"), Site.words("code.median")) }],
  section.subsections.map(([part, first, last, count, priced, median]) => [
    Site.words(`subsection.${part}`), Site.bdi(first === last ? first : `${first}–${last}`),
    { figure: Site.number(count, 0) }, { figure: Site.number(priced, 0) }, { figure: Site.page.median(median) }]), Site.words("section.parts"));
};

Site.page.codes = function (codes, caption) {
  return Site.table([Site.words("section.code"), Site.words("code.status"), Site.words("code.global"), { figure: Site.words("code.work") },
    { figure: Site.words("code.office") }, { figure: Site.words("code.facility") }],
  codes.map(([code, , status, global, work, officeTotal, facilityTotal, office, facility, mp, opps, label]) => [
    [Site.codeLink(code), label && h("span", { class: "row-label", dir: "auto" }, " ", label)], Site.bdi(status), Site.bdi(global),
    { figure: Site.figure("rvu", work) },
    ...[["nonfacility", officeTotal, office], ["facility", facilityTotal, facility]].map(([setting, total, national]) =>
      ({ figure: Site.place.money(Site.page.here(setting, total, work, mp, opps), national) }))]), caption);
};

// The payment of a listed code at my place; practice expense is what is left of the total.
Site.page.here = function (setting, total, work, mp, opps) {
  if (mp === null) return null;
  const [oppsWork, nonfacility, facility, oppsMp] = opps ? opps.split("|") : ["0", "0", "0", "0"];
  const pe = (Site.cents(total) - Site.cents(work) - Site.cents(mp)) / 100;
  const row = {
    price_status: "priced", paid_work_rvu: work, [`${setting}_pe_rvu`]: pe, mp_rvu: mp, opps_work_rvu: oppsWork,
    nonfacility_opps_pe_rvu: nonfacility, facility_opps_pe_rvu: facility, opps_mp_rvu: oppsMp,
  };
  const usual = Site.release.factors.find((one) => one.factor_class !== "qp");
  return Site.place.payment(row, setting, usual.factor);
};

// The list may be long: it is loaded and written only when it is asked for.
Site.page.allCodes = function (section, n) {
  const holder = h("div", {});
  const button = h("button", {
    type: "button", class: "wide",
    onclick: async () => {
      const found = await Site.sectionCodes(n);
      const table = Site.page.codes(found.map(Object.values), Site.words("section.all_codes"));
      const csv = Site.csvButton(`${Site.release.release_id}-${section.section}`, Object.keys(found[0] || {}), found.map(Object.values));
      holder.replaceChildren(h("p", { class: "table-tools" }, Site.filterField(table), " ", csv), table);
      button.hidden = true;
    },
  }, Site.filled("section.show_all", { n: Site.number(section.code_count, 0) }));
  return Site.part("section.all_codes", "value", button, holder);
};
