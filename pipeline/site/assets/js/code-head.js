// The top of a code's page: what it is, what it is worth and what it pays.
"use strict";

Site.parts = Site.parts || {};

Site.parts.head = function (found, fees, sentences) {
  const { code, profile } = found;
  const answer = Site.parts.paidElsewhere(fees);
  return h("div", { class: "code-head" }, Site.parts.title(code, profile, found.label),
    h("p", { class: "code-tags" }, Site.releaseTag(), " ",
      h("span", { class: "muted" }, Site.filled("page.in_force", { from: Site.date(Site.release.effective_from), to: Site.date(Site.release.effective_to) })), " ",
      h("a", { href: Site.link("compare", code) }, Site.words("code.compare_with"))),
    answer, h("dl", { class: "facts" }, Site.parts.facts(found, Boolean(answer))),
    h("p", { class: "status-meaning" }, Site.words(`status_code.${profile.status_code}`)),
    // Whoever has been told what another schedule pays need not hear that one may.
    profile.price_status !== "priced" && !(answer && profile.price_status === "other_benefit") && Site.parts.said(sentences, ["payment"]));
};

// Where the code belongs, the code, and its name if it may be shown.
Site.parts.title = function (code, profile, label) {
  const owner = profile && profile.code_system === "CDT" ? "ADA" : "AMA";
  return [
    profile && h("p", { class: "path" },
      h("a", { href: Site.link("section", profile.section) }, Site.words(`section.${profile.section}`)),
      profile.subsection && [" › ", Site.words(`subsection.${profile.subsection}`)]),
    h("h1", {}, h("span", { class: "code", dir: "ltr" }, code), " ",
      label ? h("span", { class: "code-label", dir: "auto" }, label)
        : profile && h("span", { class: "code-label muted" }, Site.filled("code.withheld", { owner }))),
  ];
};

Site.parts.fact = function (label, value, note, id) {
  return h("div", { class: "fact" }, h("dt", {}, label),
    h("dd", { id, class: typeof value === "string" && !/\d|^NA$/.test(value) ? "fact-words" : "figure" }, value), h("dd", { class: "fact-note" }, note));
};

// Only what the code has: a laboratory test has no RVUs, an anesthesia service no global period.
Site.parts.facts = function ({ profile, rows, anesthesia }, isPaidElsewhere) {
  const { fact } = Site.parts;
  const na = (setting) => (profile[`${setting}_na`] === "true" ? Site.words("code.na") : null);
  const hasRvus = Site.hasRvus(profile);
  const isPriced = profile.price_status === "priced";
  const settings = [["nonfacility", "office"], ["facility", "facility"]];
  return [
    ...(isPriced ? settings.map(([setting, name]) => fact(Site.listed(Site.place.heading(), Site.words(`code.${name}`)),
      na(setting) ? "NA" : Site.place.shown(Site.place.amount(rows[0], setting, profile.conversion_factor)), na(setting), `${name}-payment`))
      : [!isPaidElsewhere && !anesthesia && fact(Site.words("code.payment"), Site.words(`no_amount.${profile.price_status}`), null, "no-payment")]),
    hasRvus && fact(Site.words("code.work_alone"), Site.figure("rvu", profile.work_rvu), null, "work-rvu"),
    ...(hasRvus ? settings.map(([setting, name]) => fact(Site.listed(Site.words("code.total"), Site.words(`code.${name}`)),
      Site.inSetting(profile, setting, "total_rvu"), na(setting), `${name}-total`)) : []),
    anesthesia && fact(Site.words("anesthesia.base_units"), Site.number(anesthesia.base_units, 0), null, "base-units"),
    (hasRvus || profile.global_days !== "XXX") && fact(Site.words("code.global"), profile.global_days, Site.words(`global.${profile.global_days}`), "global-days"),
    fact(Site.words("code.status"), Site.words(`status.${profile.status_code}`), profile.status_code, "status-code"),
  ].filter(Boolean);
};
