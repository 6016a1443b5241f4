// What other fee schedules pay for a code: the answer that comes first where one of them pays it, and
// the office, the surgical center and the hospital side by side.
"use strict";

Site.fees = {};
Site.parts = Site.parts || {};

// Who pays a service outside of institutions: an amount of these is the answer to "what is paid".
Site.fees.payers = ["office", "lab", "supplier", "ambulance"];

// What other schedules say beside a release: {label, said: [{setting, schedule, amount, ...}]}; null where
// none knows the code.
Site.fees.of = async function (code, beside = Site.release) {
  if (!Site.site.fee_files) return null;
  const [about, found] = await Promise.all([Site.load("fees"), Site.entry("fee", Site.site.fee_files, code)]);
  if (!found) return null;
  const number = [...Site.site.loaded].reverse().findIndex((one) => one.release_id === beside.release_id);
  const [, said] = found.said.filter(([from]) => from <= number).pop() || [0, []];
  const kinds = Site.unpacked(about.kinds);
  const releases = Site.unpacked(about.releases).filter((one) => one.beside === beside.release_id)
    .map((one) => ({ ...one, isOver: Site.day(one.effective_to) < Site.day(beside.effective_from) }));
  return { label: found.label, said: said.map((line) => Site.fees.one(line, kinds, releases)) };
};

Site.fees.one = function ([kind, text, modifiers], kinds, releases) {
  const { schedule, setting, amount_unit: unit, amount_status: status, reason, share } = kinds[kind];
  const [lowest, highest, ...unitOfPlaces] = text.split(" ");
  return {
    schedule, setting, status, reason, share, modifiers: modifiers || "", amount: highest ? null : lowest || null, lowest, highest,
    unit: unit || unitOfPlaces.join(" "), release: releases.find((one) => one.schedule === schedule) || null,
  };
};

Site.fees.isPaid = (one) => one.amount !== null || Boolean(one.highest);

// Whether an amount is what a code pays, and not one of an institution beside it.
Site.fees.answers = (one) => Site.fees.payers.includes(one.setting) && Site.fees.isPaid(one);

// $10.56, or $44.16 to $98.07 where it depends on the place.
Site.fees.amount = function (one) {
  const money = (value) => Site.moneyOfFee(one.schedule, value);
  if (one.highest) return Site.filled("fee.range", { lowest: money(one.lowest), highest: money(one.highest) });
  if (one.amount !== null) return [Site.bdi(money(one.amount))];
  return [Site.words(`fee.reason_${one.reason}`)];
};

// What an amount is for; the dosages of drugs are CMS's own words.
Site.fees.unit = function (one) {
  if (!Site.fees.isPaid(one) || one.unit === "service" || !one.unit) return null;
  const name = one.unit.startsWith("statute mile") ? "mile" : one.unit;
  return Site.messages[`fee.per_${name}`] ? [Site.words(`fee.per_${name}`)] : Site.filled("fee.per_dosage", { dosage: one.unit });
};

Site.fees.note = function (one) {
  const parts = [
    Site.messages[`fee.${one.status}`] && [Site.words(`fee.${one.status}`)],
    one.share !== null && Site.fees.isPaid(one) && Site.filled("fee.share", { share: Site.figure("share", Number(one.share) / 100) }),
  ].filter(Boolean);
  return parts.flatMap((part, n) => [n > 0 && " · ", part]);
};

// The release that answers, with its days where they are over.
Site.fees.source = function (one) {
  const { release } = one;
  if (!release) return null;
  return [Site.bdi(Site.dated(release.release_id, release.effective_from)), release.isOver && [" ", h("span", { class: "warning" },
    Site.filled("fee.last_loaded", { from: Site.date(release.effective_from), to: Site.date(release.effective_to) }))]];
};

// The answers of those schedules that pay a code, above everything else.
Site.parts.paidElsewhere = function (fees) {
  const paid = (fees ? fees.said : []).filter(Site.fees.answers);
  if (!paid.length) return null;
  const [first] = paid;
  return h("section", { class: "answer", "aria-labelledby": "answer" },
    h("h2", { id: "answer" }, Site.words(`fee.schedule_${first.schedule}`)),
    h("ul", {}, paid.map((one) => h("li", { "data-fee": `${one.schedule} ${one.modifiers}`.trim() },
      h("strong", { class: "figure" }, Site.fees.amount(one)), " ", h("span", {}, Site.fees.unit(one)),
      one.modifiers && [" ", h("span", { class: "tag", dir: "ltr" }, one.modifiers), " ", Site.messages[`fee.modifier_${one.modifiers}`] && h("span", { class: "muted" }, Site.words(`fee.modifier_${one.modifiers}`))]))),
    h("p", { class: "muted small" }, Site.fees.source(first), ...Site.fees.note(first).length ? [" · ", Site.fees.note(first)] : []));
};

// Every setting with what is paid there or why nothing is, and what the patient's visit comes to in all.
Site.parts.settings = function (found, fees) {
  const others = (fees ? fees.said : []).filter((one) => ["asc", "outpatient_hospital"].includes(one.setting) && !one.modifiers);
  const { profile } = found;
  const isPriced = profile.price_status === "priced";
  if (!others.length || (!isPriced && !others.some(Site.fees.isPaid))) return null;
  const own = (setting, name) => isPriced && [Site.words(`fee.setting_${setting}`), { figure: Site.inSetting(profile, name, "payment") },
    setting === "office" && profile.nonfacility_na !== "true" ? Site.money(profile.nonfacility_payment) : null, Site.bdi(Site.releaseHere())];
  // The technical part of a test is the facility's, and of what else the practitioner is paid there another row
  // or code says; amounts of two times have no sum.
  const isTest = found.rows.some((row) => row.modifier === "" && "134".includes(row.pctc_indicator));
  const total = (one) => (isPriced && !isTest && profile.facility_na !== "true" && one.amount !== null && one.release && !one.release.isOver
    ? Site.money((Site.cents(profile.facility_payment) + Site.cents(one.amount)) / 100) : null);
  const lines = [own("office", "nonfacility"), own("facility_professional", "facility"), ...others.map((one) => [
    Site.words(`fee.setting_${one.setting}`),
    { figure: h("span", { "data-setting": one.setting, class: Site.fees.isPaid(one) ? null : "reason" }, Site.fees.amount(one), " ", Site.fees.unit(one)) },
    total(one), [Site.fees.source(one), Site.fees.note(one).length > 0 && h("span", { class: "muted" }, " · ", Site.fees.note(one))]])].filter(Boolean);
  // In an office the practitioner is all that is paid.
  const hasTotal = others.some((one) => total(one) !== null);
  const kept = lines.map(([name, amount, sum, source]) => (hasTotal ? [name, amount, { figure: sum }, source] : [name, amount, source]));
  return Site.part("fee.settings", "fees", Site.table(["", { figure: [Site.words("fee.amount"), Site.place.nationalTag()] },
    hasTotal && { figure: Site.words("fee.total") }, Site.words("page.release")].filter((one) => one !== false), kept, Site.words("fee.settings")),
  h("p", { class: "small muted" }, Site.words("fee.settings_note")));
};

// Everything that other schedules say of a code that the Physician Fee Schedule does not list.
Site.parts.everySchedule = function (fees) {
  const lines = fees.said.map((one) => [[Site.words(`fee.setting_${one.setting}`), one.modifiers && [" ", h("span", { class: "tag", dir: "ltr" }, one.modifiers)]],
    { figure: [Site.fees.amount(one), " ", Site.fees.unit(one)] },
    [Site.words(`fee.schedule_${one.schedule}`), " · ", Site.fees.source(one), Site.fees.note(one).length > 0 && h("span", { class: "muted" }, " · ", Site.fees.note(one))]]);
  return Site.part("fee.settings", "fees", Site.table(["", { figure: Site.words("fee.amount") }, Site.words("page.source")], lines, Site.words("fee.settings")),
    h("p", { class: "small muted" }, Site.words("fee.settings_note")));
};
