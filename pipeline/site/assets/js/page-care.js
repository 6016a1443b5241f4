// The calculator of critical care: what is known of a date on one side, its codes on the other.
"use strict";

Site.page = {};

Site.page.asked = { minutes: 104, payer: "medicare", age: 40, unit: "year", setting: "inpatient", isLaterDay: false };

Site.page.render = async function () {
  Site.frame.title(Site.words("care.heading"));
  const heading = [h("h1", {}, Site.words("care.heading")), h("p", { class: "lead" }, Site.words("care.lead"))];
  if (!Site.site.has_care) return Site.show(heading, h("p", { class: "warning" }, Site.words("care.absent")));
  const [tables] = await Promise.all([Site.care.tables(), Site.loadRules()]);
  const address = Site.address();
  const { asked } = Site.page;
  asked.day = address.on || asked.day || Site.day(Site.release.effective_from);
  if (address.minutes) asked.minutes = Site.page.ofADay(address.minutes);
  if (address.payer === "cpt" || address.payer === "medicare") asked.payer = address.payer;
  const result = h("div", { class: "care-result", "aria-live": "polite" });
  const update = async () => result.replaceChildren(...(await Site.page.result(tables, asked)).flat().filter(Boolean));
  Site.show(heading, h("div", { class: "care" }, Site.page.form(asked, update), result), Site.page.rules(tables, asked));
  await update();
};

// A number of minutes as it is counted: whole, and of one day.
Site.page.ofADay = (text) => Math.max(0, Math.min(1440, Math.floor(Number(text)) || 0));

Site.page.form = function (asked, update) {
  const set = (name, read) => (event) => { asked[name] = read(event.target); update(); };
  const option = (value, words, chosen) => h("option", { value, selected: value === chosen }, Site.words(words));
  const field = (id, words, ...controls) => h("div", { class: "field" }, h("label", { for: id }, Site.words(words)), controls);
  const minutes = (id, type) => h("input", { id, type, min: 0, max: type === "range" ? 300 : 1440, value: asked.minutes, "aria-label": type === "range" ? Site.words("care.minutes") : null });
  const [number, slider] = [minutes("care-minutes", "number"), minutes("care-slider", "range")];
  for (const input of [number, slider]) {
    input.addEventListener("input", () => {
      asked.minutes = Site.page.ofADay(input.value);
      (input === number ? slider : number).value = asked.minutes;
      update();
    });
  }
  // Once it is typed, what stands there is what was counted.
  number.addEventListener("change", () => { number.value = asked.minutes; });
  return h("form", { class: "care-form", onsubmit: (event) => event.preventDefault() },
    field("care-minutes", "care.minutes", number, slider),
    h("fieldset", {}, h("legend", {}, Site.words("care.payer")), ["medicare", "cpt"].map((payer) => h("label", { class: "choice" },
      h("input", { type: "radio", name: "payer", value: payer, checked: asked.payer === payer, onchange: set("payer", (target) => target.value) }), " ", Site.words(`care.payer_${payer}`)))),
    field("care-day", "care.day", h("input", { id: "care-day", type: "date", value: asked.day, onchange: set("day", (target) => target.value || asked.day) })),
    field("care-age", "care.age", h("div", { class: "age" },
      h("input", { id: "care-age", type: "number", min: 0, max: 130, value: asked.age, oninput: set("age", (target) => Math.max(0, Math.floor(Number(target.value)) || 0)) }),
      h("select", { "aria-label": Site.words("care.age"), onchange: set("unit", (target) => target.value) },
        ["day", "month", "year"].map((unit) => option(unit, `care.unit_${unit}`, asked.unit))))),
    field("care-where", "care.where", h("select", { id: "care-where", onchange: set("setting", (target) => target.value) },
      ["inpatient", "outpatient", "emergency", "office", "transport"].map((setting) => option(setting, `care.${setting}`, asked.setting)))),
    h("label", { class: "choice" }, h("input", { type: "checkbox", id: "care-later", checked: asked.isLaterDay, onchange: set("isLaterDay", (target) => target.checked) }), " ", Site.words("care.later_day")));
};

Site.page.result = async function (tables, asked) {
  const answer = Site.care.answer(tables, asked);
  const release = Site.care.releaseOn(asked.day);
  const priced = await Promise.all(answer.lines.map((line) => Site.page.price(line, answer.rows[0].setting, release)));
  const problem = !answer.hasRule ? "care.no_rule" : !answer.lines.length ? "care.too_few" : null;
  const picture = answer.family && answer.hasRule ? Site.charts.ruler(tables, answer.family, asked.day, asked.minutes) : null;
  const reasons = [...answer.rows.slice(0, 1), ...answer.lines];
  const seen = [...new Map(reasons.map((row) => [row.meaning, row])).values()];
  return [
    h("h2", {}, Site.words("care.result")),
    problem ? h("p", { class: "warning", id: "care-problem" }, Site.words(problem)) : Site.page.codes(priced, answer, release),
    answer.byDay && h("p", {}, Site.words("care.by_day")),
    picture,
    h("details", { class: "small", open: true }, h("summary", {}, Site.words("care.why")), h("ul", { class: "prose" }, seen.map((row) =>
      h("li", {}, Site.rule(row.meaning), " ", h("span", { class: "muted", lang: "en", dir: "ltr" }, row.source), row.evidence === "E" && [" ", Site.provisional()])))),
  ].filter(Boolean);
};

Site.page.price = async function (line, setting, release) {
  const found = release && await Site.codeData(release.release_id, line.code);
  if (!found) return { ...line, work: null, paid: null, sum: null, localities: [] };
  const { localities } = await Site.releaseData(release.release_id);
  const paid = Site.place.amount(found.rows[0], setting, found.profile.conversion_factor, localities);
  const each = Site.place.paid(paid);
  return { ...line, work: found.profile.work_rvu, paid, localities, sum: each === null ? null : (Site.cents(each) * line.units) / 100 };
};

Site.page.codes = function (priced, answer, release) {
  const setting = answer.rows[0].setting === "facility" ? "facility" : "office";
  return [
    Site.table([Site.words("section.code"), { figure: Site.words("care.units") }, { figure: Site.words("code.work") }, { figure: Site.words("care.each") }, { figure: Site.words("care.sum") }],
      priced.map((line) => [Site.codeLink(line.code), { figure: h("span", { "data-units": line.code }, Site.number(line.units, 0)) },
        { figure: Site.figure("rvu", line.work) }, { figure: line.paid ? Site.place.shown(line.paid) : "NA" }, { figure: Site.money(line.sum) }]), Site.words("care.result")),
    Site.page.together(priced),
    release ? h("p", { class: "small muted" }, Site.listed(Site.place.heading(priced[0].localities), Site.words(`code.${setting}`)), " ", h("span", { class: "tag" }, Site.bdi(Site.releaseName(release.release_id))), " ",
      h("a", { href: Site.link("method", "care") }, Site.words("page.how_derived")))
      : h("p", { class: "warning" }, Site.words("care.no_release")),
  ];
};

// What all codes of the date come to, where each of them has an amount.
Site.page.together = function (priced) {
  if (priced.length < 2 || priced.some((line) => line.sum === null)) return null;
  const cents = priced.reduce((sum, line) => sum + Math.round(line.sum * 100), 0);
  return h("p", { class: "together" }, Site.words("care.together"), " ", h("strong", { class: "figure", id: "care-together" }, Site.money(cents / 100)));
};

Site.page.rules = function (tables, asked) {
  const services = (bundling) => {
    const rows = tables.bundled_service.filter((row) => row.bundling === bundling && Site.care.inForce(row, asked.day)
      && (row.payer === "any" || row.payer === asked.payer));
    return rows.length > 0 && Site.part(bundling === "bundled" ? "care.bundled" : "care.separate", "care", h("ul", { class: "services" }, rows.map((row) => h("li", {},
      row.vanished_in_release_id || row.code_presence === "never_listed" ? h("s", { class: "code" }, row.hcpcs_code) : Site.codeLink(row.hcpcs_code), " ",
      Site.rule(row.meaning.split(":")[0]),
      row.vanished_in_release_id && h("span", { class: "warning" }, " ", Site.filled("care.gone", { release: Site.releaseName(row.vanished_in_release_id) })),
      row.evidence === "E" && [" ", Site.provisional()]))));
  };
  const kinds = [...new Set(tables.bundled_service.map((row) => row.bundling))].sort();
  return h("div", { class: "parts" }, Site.parts.ages(tables, asked.day), kinds.map(services), Site.part("care.also", "care", h("ul", { class: "prose" },
    tables.billing_rule.filter((row) => Site.care.inForce({ ...row, effective_from: row.effective_from || "" }, asked.day)).map((row) => h("li", {},
      row.claim_modifier && h("strong", {}, `${row.claim_modifier}: `), Site.rule(row.meaning), " ", h("span", { class: "muted small", lang: "en", dir: "ltr" }, row.source), row.evidence === "E" && [" ", Site.provisional()])))));
};
