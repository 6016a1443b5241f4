// The parts of a code's page. Each takes what was found of the code and gives an element or null.
"use strict";

Site.parts = Site.parts || {};

Site.parts.said = function (sentences, topics) {
  const mine = sentences.filter((one) => topics.includes(one.topic));
  return mine.length ? h("ul", { class: "said" }, mine.map((one) =>
    h("li", { "data-sentence": one.name }, one.parts, one.isNational && Site.place.nationalTag(), one.provisional && [" ", Site.provisional()]))) : null;
};

Site.parts.value = function (found, sentences) {
  const { profile } = found;
  if (!Site.hasRvus(profile)) return null;
  const lines = [["work", "work_rvu", "work_rvu"], ["practice", "nonfacility_pe_rvu", "facility_pe_rvu"],
    ["malpractice", "mp_rvu", "mp_rvu"]]
    .map(([name, office, facility]) => [Site.words(`code.${name}`), { figure: Site.figure("rvu", profile[office]) }, { figure: Site.figure("rvu", profile[facility]) }]);
  lines.push([Site.words("code.total"), ...["nonfacility", "facility"].map((setting) => ({ figure: Site.inSetting(profile, setting, "total_rvu") }))]);
  return Site.part("code.value", "value", Site.charts.breakdown(profile), Site.parts.said(sentences, ["value"]),
    Site.asTable(Site.table(["", { figure: Site.words("code.office") }, { figure: Site.words("code.facility") }], lines, Site.words("code.value"))));
};

Site.parts.payment = function (found, sentences) {
  const { profile } = found;
  const line = (label, begin, local) => profile[`${begin}nonfacility_${local.of}`] !== null && [label,
    ...["nonfacility", "facility"].map((setting) =>
      ({ figure: profile[`${setting}_na`] === "true" ? "NA" : Site.place.money(local.amount(found.rows[0], setting, local.factor), profile[`${begin}${setting}_${local.of}`]) }))];
  const paid = (factor) => ({ of: "payment", amount: Site.place.payment, factor });
  const factorClass = Site.words(`code.class_${profile.conversion_factor_class}`);
  const lines = [
    line([Site.place.heading(), ` (${factorClass}, `, Site.bdi(Site.figure("factor", profile.conversion_factor)), ")"], "", paid(profile.conversion_factor)),
    line([Site.place.heading(), ` (${Site.words("code.class_qp")}, `, Site.bdi(Site.figure("factor", profile.qp_conversion_factor)), ")"], "qp_", paid(profile.qp_conversion_factor)),
    line([Site.words("code.limiting"), " ", Site.provisional()], "", { of: "limiting_charge", amount: Site.place.limiting, factor: profile.conversion_factor }),
  ].filter(Boolean);
  // What is said of a code without a price stands at the top of the page.
  if (!lines.length) return null;
  return Site.part("code.payment", "payment", Site.parts.said(sentences, ["payment"]),
    Site.table(["", { figure: Site.words("code.office") }, { figure: Site.words("code.facility") }], lines, Site.words("code.payment")));
};

Site.parts.places = function (found, sentences) {
  if (!found.office || found.profile.locality_count === "0") {
    const unknown = Site.parts.said(sentences, ["places"]);
    return unknown && Site.part("code.places", "places", unknown);
  }
  const amount = (name, n) => (found.profile[`${{ office: "nonfacility" }[name] || name}_na`] === "true" ? "NA" : Site.money(found[name][n] / 100));
  const holder = h("div", {});
  const amounts = h("p", { class: "place-amounts", role: "status" });
  const choice = h("select", { id: "place", dir: "ltr" }, h("option", { value: "" }, "–"),
    Site.place.choice.options(Site.data.localities, null));
  const update = () => {
    const n = Site.data.localities.findIndex(([locality]) => locality === choice.value);
    holder.replaceChildren(Site.charts.places(found, choice.value));
    amounts.replaceChildren(...(n < 0 ? [] : ["office", "facility"].flatMap((name) =>
      [Site.words(`code.${name}`), " ", h("strong", { class: "figure", "data-place-amount": name }, amount(name, n)), "  "])));
  };
  const mine = Site.place.of(Site.data.localities);
  choice.value = mine ? mine[0] : "";
  choice.addEventListener("change", () => Site.place.choice.use(choice.value));
  update();
  const lines = Site.data.localities.map(([locality, state, name], n) => [h("span", {}, Site.place.title(name), " ", h("span", { class: "muted" }, Site.bdi(`${state} ${locality}`))),
    { figure: amount("office", n) }, { figure: amount("facility", n) }]);
  return Site.part("code.places", "places", Site.parts.said(sentences, ["places"]),
    h("div", { class: "place-choice" }, h("label", { for: "place" }, Site.words("code.places_pick")), choice, amounts), holder,
    Site.asTable(Site.table([Site.words("code.place"), { figure: Site.words("code.office") }, { figure: Site.words("code.facility") }], lines, Site.words("code.places"))));
};

Site.parts.comparison = function (found, sentences) {
  const { code, profile } = found;
  const section = Site.data.sections.find((one) => one.section === profile.section);
  const codes = (text) => text.split(",").filter(Boolean);
  const near = [...codes(profile.neighbours_below), code, ...codes(profile.neighbours_above)];
  // Nothing is compared of a code that has no work and that nobody pays from it.
  if (profile.ranked_work_rvu === null && near.length < 2 && !Site.hasRvus(profile)) return null;
  return Site.part("code.comparison", "comparison", Site.parts.said(sentences, ["comparison"]),
    profile.ranked_work_rvu !== null && section.steps.length > 1 && Site.charts.distribution(section, code, Number(profile.ranked_work_rvu)),
    near.length > 1 && [h("h3", {}, Site.words("code.neighbours")),
      h("ol", { class: "chips" }, near.map((one) => h("li", { class: one === code ? "chip-mine" : null }, one === code ? h("span", { class: "code", dir: "ltr" }, one) : Site.codeLink(one))))]);
};

Site.parts.global = function (found, sentences) {
  const said = Site.parts.said(sentences, ["global"]);
  const timeline = Site.charts.timeline(found.profile);
  if (found.profile.global_days === "XXX") return null;
  return (said || timeline) && Site.part("code.global", "global", said, timeline);
};

Site.parts.components = function (found, sentences) {
  const { profile } = found;
  const parts = [["part_26", "professional"], ["part_TC", "technical"], ["part_53", "discontinued"]]
    .filter(([, name]) => profile[`${name}_price_status`] !== "");
  const family = profile.endoscopic_family.split(",").filter(Boolean);
  if (!parts.length && !family.length) return null;
  const line = (label, work) => {
    const row = found.rows.find((one) => one.modifier === ({ part_whole: "" }[label] ?? label.slice(5)));
    return [Site.words(`code.${label}`), { figure: Site.figure("rvu", work) }, ...["nonfacility", "facility"].flatMap((setting) => [
      { figure: row[`${setting}_na`] === "true" ? Site.na() : Site.figure("rvu", row[`${setting}_total_rvu`]) },
      { figure: Site.place.shown(Site.place.amount(row, setting, profile.conversion_factor)) }])];
  };
  const whole = profile.modifier === "" ? [line("part_whole", profile.work_rvu)] : [];
  const lines = [...whole, ...parts.map(([label, name]) => line(label, name === "technical" ? "0.00" : profile[`${name}_work_rvu`]))];
  const [office, facility] = [Site.words("code.office"), Site.words("code.facility")];
  return Site.part("code.parts", "parts", Site.parts.said(sentences, ["parts", "family"]),
    parts.length > 0 && Site.table(["", { figure: Site.words("code.work") }, { figure: `${office}, RVU` }, { figure: office }, { figure: `${facility}, RVU` }, { figure: facility }], lines, Site.words("code.parts")),
    family.length > 0 && [h("h3", {}, Site.filled("code.family_of", { code: profile.endoscopic_base_code || found.code })),
      h("ul", { class: "chips" }, family.map((one) => h("li", { class: one === found.code ? "chip-mine" : null }, Site.codeLink(one))))]);
};

// Amounts of several releases are national, whatever place is chosen.
Site.parts.nationally = (setting) => Site.listed(Site.words("code.payment"), Site.words(`code.${setting}`));

Site.parts.history = function (found, history) {
  const releases = [...Site.site.loaded].reverse();
  const of = (release) => history.find((one) => one.release === release.release_id);
  const work = releases.map((one) => of(one)?.work ?? null);
  const paid = ["office", "facility"].map((name) => ({ name: Site.words(`code.${name}`), classes: name, values: releases.map((one) => of(one)?.[name].national ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null));
  const pictures = [];
  if (releases.length > 1 && work.some((value) => Number(value) > 0)) {
    pictures.push(h("figure", {}, h("figcaption", {}, Site.words("code.work_alone")),
      Site.charts.history(releases, [{ name: Site.words("code.work"), classes: "work", values: work }], "rvu")));
  }
  if (releases.length > 1 && paid.length) {
    pictures.push(h("figure", {}, h("figcaption", {}, Site.words("code.payment")), Site.charts.history(releases, paid, "money"),
      Site.legend(paid.map(({ name, classes }) => [`fill-${classes}`, name]))));
  }
  // A record without amounts, as of a code that is new, is no change of amounts.
  const causes = (entry) => Object.entries(entry.causes)
    .filter(([setting, cause]) => cause && Number(cause.change) !== 0 && !entry[setting].isNa)
    .map(([setting, { change, rvu, factor }]) => {
      const rounding = Site.cents(change) - Site.cents(rvu) - Site.cents(factor);
      return h("li", { "data-cause": setting }, Site.filled("code.cause", {
        setting: Site.parts.nationally(setting), change: Site.signedMoney(change), rvu: Site.signedMoney(rvu), factor: Site.signedMoney(factor),
      }), rounding !== 0 && [" ", Site.filled("code.cause_rounding", { rounding: Site.signedMoney(rounding / 100) })]);
    });
  // A column in which no release has a figure is left out.
  const columns = [["work", (one) => Number(one.work) > 0, (one) => Site.figure("rvu", one.work)],
    ...["office", "facility"].map((name) => [name, (one) => one[name].national !== null, (one) => Site.place.shown(one[name])])]
    .filter(([, has]) => history.some(has));
  const lines = [...history].reverse().map((one) => [Site.releaseLink("code", found.code, one.release), Site.bdi(one.status),
    ...columns.map(([, , shown]) => ({ figure: shown(one) })), Site.parts.changeWords(one.change, one.names)]);
  const now = history.findIndex(({ release }) => release === Site.release.release_id);
  const isChange = ({ change }) => !["first_loaded", "factor_only", "unchanged"].includes(change);
  const last = history.slice(0, now + 1).reverse().find(isChange);
  const gone = history[now] && history[now].vanished;
  return Site.part("code.history", "history",
    h("ul", { class: "said" },
      h("li", {}, last ? Site.filled("code.last_changed", { release: Site.releaseName(last.release), change: h("span", {}, Site.parts.changeWords(last.change, last.names)) })
        : Site.filled("code.never_changed", { release: Site.releaseName(history[0].release) })),
      last && causes(last),
      gone && h("li", { class: "warning" }, Site.filled("code.vanished", { release: Site.releaseName(gone) }))),
    h("div", { class: "pictures" }, pictures),
    Site.table([Site.words("page.release"), Site.words("code.status"), ...columns.map(([name]) => ({ figure: name === "work" ? Site.words("code.work") : Site.parts.nationally(name) })), Site.words("code.changed")], lines, Site.words("code.history")));
};

Site.parts.specialties = function (found) {
  const rows = found.specialties || [];
  if (!rows.length) return null;
  const lines = rows.map(([name, services, all]) => [h("span", { lang: "en", dir: "ltr" }, name),
    { figure: Site.number(services, 0) }, { figure: Site.figure("share", services / all) }]);
  return Site.part("code.specialties", null, h("p", {}, Site.filled("code.services_of", { year: rows[0][3] })),
    Site.table([Site.words("code.specialty"), { figure: Site.words("code.services") }, { figure: "%" }], lines, Site.words("code.specialties")));
};

// What is written about a code, by kind, in the language in use or else in English.
Site.parts.annotations = function (found, kinds) {
  const mine = (kind) => {
    const all = (found.annotations || []).filter(([of]) => of === kind);
    const own = all.filter(([, language]) => language === Site.language);
    return own.length ? own : all.filter(([, language]) => language === "en");
  };
  return kinds.map((kind) => [kind, mine(kind)]).filter(([, entries]) => entries.length).map(([kind, entries]) => {
    const language = entries[0][1];
    const text = ([, , question, related, words]) => [question && h("strong", { class: "question" }, question), related && [Site.codeLink(related), " "], words];
    const isList = ["documentation", "examples", "cross_references"].includes(kind);
    const body = kind === "synonyms" ? h("p", {}, entries.map((entry) => entry[4]).join(" · "))
      : isList ? h("ul", {}, entries.map((entry) => h("li", {}, text(entry)))) : entries.map((entry) => h("p", {}, text(entry)));
    const sources = [...new Set(entries.map(([, , , , , evidence, source, day]) => `${source} (${evidence}, ${Site.day(day)})`))];
    // One note for a card: where its words are from and, if not the reader's, in which language.
    const note = language === Site.language ? Site.words("page.source") : `${Site.words("page.source")} · ${Site.words("page.english_only")}`;
    return Site.part(`annotation.${kind}`, null, h("div", { lang: language, dir: language === "ar" ? "rtl" : "ltr", class: "prose" }, body),
      h("details", { class: "small" }, h("summary", {}, note), h("ul", { lang: "en", dir: "ltr" }, sources.map((one) => h("li", {}, one)))));
  });
};

Site.parts.about = function (found) {
  const { utilization_year: year } = Site.site;
  const unknown = year ? Site.filled("code.specialties_absent", { year }) : Site.words("code.specialties_unknown");
  return h("section", { class: "part about" }, h("h2", {}, Site.words("code.about")),
    h("p", { class: "small" }, Site.filled("code.about_text", { release: Site.dated(Site.release.posting_id, Site.release.effective_from), file: Site.release.source_file || "–", date: Site.release.released_on ? Site.date(Site.release.released_on) : "–" }), " ",
      h("a", { href: Site.link("method") }, Site.words("nav.method"))),
    !(found.specialties || []).length && h("p", { class: "small" }, Site.words("code.specialties"), ": ", unknown));
};
