// A claim: its lines through all steps, in the order of the command line.
"use strict";

// Where a supply is sold and not part of a service.
Site.price.homes = ["04", "12", "13", "14", "33"];

// Each line priced: {status, reason, amount in cents or null, work: RVUs, rank, notes}.
Site.price.claim = function (known, lines) {
  const works = lines.map(Site.price.work);
  Site.price.edits(known, works);
  for (const work of works) Site.price.alone(known, work);
  const days = Object.values(Object.groupBy(works, (work) => work.day || ""));
  for (const day of days) Site.price.paidAlone(known, day);
  for (const day of days) Site.price.dayRules(known, day);
  return works.map((work) => ({ ...Site.price.finished(known, work), work }));
};

Site.price.alone = function (known, work) {
  try {
    if (work.day && !Site.price.releaseOn(work.day)) Site.price.refuse("refused", "release_missing");
    if (Site.price.isOfAnother(known, work)) Site.price.refuse("another_schedule", "another_schedule");
    Site.price.lookUp(known, work);
    Site.price.unitAmount(known, work);
  } catch (refusal) {
    if (!(refusal instanceof Site.price.Refusal)) throw refusal;
    Object.assign(work, { status: refusal.status, reason: refusal.reason });
  }
};

// Whether another schedule may pay the code: these pages price the Physician Fee Schedule alone.
Site.price.isOfAnother = function (known, work) {
  const release = work.day && Site.price.releaseOn(work.day);
  if (!release) return false;
  const component = Site.price.componentsOf(work.modifiers).pop() || "";
  const row = Site.price.row(known, release.release_id, work.code, component);
  if (!row) return !Site.price.row(known, release.release_id, work.code, "");
  return row.price_status === "other_benefit" || (row.status_code === "P" && Site.price.homes.includes(work.line.pos));
};

// Some services are paid only where nothing else of the day is.
Site.price.paidAlone = function (known, day) {
  const isPaidHere = (work) => {
    const release = work.day && Site.price.releaseOn(work.day);
    if (!release) return false;
    const component = Site.price.componentsOf(work.modifiers).pop() || "";
    const row = Site.price.row(known, release.release_id, work.code, component) || Site.price.row(known, release.release_id, work.code, "");
    return row && row.status_code !== "T" && ["priced", "carrier_priced", "anesthesia"].includes(row.price_status);
  };
  if (!day.some(isPaidHere)) return;
  for (const work of day) {
    if (!work.reason && work.row.status_code === "T") Object.assign(work, { status: "bundled", reason: "paid_alone_only" });
  }
};

Site.price.finished = function (known, work) {
  const { modifiers } = work;
  const none = (status, reason) => ({ status, reason, amount: null });
  if (work.reason) return none(work.status, work.reason);
  if (modifiers.has("22")) return none("by_report", "increased_service");
  if (modifiers.has("52") && work.charge === null) return none("by_report", "reduced_service");
  let amount = work.total ?? Site.price.least(work.amount, work.cap) * work.units;
  const less = (name, factor) => {
    if (factor === Site.price.one) return;
    amount = Site.price.times(amount, factor);
    work.notes.push([name, factor]);
  };
  if (work.total === null && work.cap !== null && work.cap < work.amount) work.notes.push(["opps_cap", null]);
  for (const [name, factor] of Site.price.lineFactors(known, work)) less(name, factor);
  if (work.charge !== null && work.charge < amount) { amount = work.charge; work.notes.push(["charge", null]); }
  less("therapy_assistant", Site.price.assistantShare(known, work));
  return { status: "priced", reason: "", amount };
};

// What of its amount a line is paid, each with its name.
Site.price.lineFactors = function (known, work) {
  const { modifiers, line } = work;
  const [role] = Site.price.said(known, modifiers, "surgeon_role");
  const [anesthesia] = Site.price.said(known, modifiers, "anesthesia");
  return [
    [role?.effect_value, role ? Site.price.factor(role.factor) : Site.price.one],
    ["directed", anesthesia ? Site.price.factor(anesthesia.factor) : Site.price.one],
    ["provider", work.row.status_code === "J" ? Site.price.one : Site.price.providerShare(known, work)],
    ["non_participating", line.isParticipating ? Site.price.one : Site.price.factor(known.rules.steps.non_participating)],
  ];
};

Site.price.providerShare = function (known, work) {
  const { modifiers, line, day } = work;
  if (modifiers.has("AS")) return Site.price.factor(known.rules.steps.non_physician);
  const named = Site.price.said(known, modifiers, "provider").map((row) => row.effect_value).sort().pop();
  const kind = line.kind === "physician" && named ? named : line.kind;
  const row = Site.price.onDay(known.rules.provider_kind.filter((one) => one.provider_kind === kind), day);
  return row ? Site.price.factor(row.factor) : Site.price.one;
};

Site.price.assistantShare = function (known, work) {
  const [named] = Site.price.said(known, work.modifiers, "therapy_assistant");
  const isTherapy = work.row.multiple_procedure_indicator === "5" || work.row.pctc_indicator === "7"
    || Site.price.said(known, work.modifiers, "therapy_plan").length > 0;
  if (!named || !isTherapy) return Site.price.one;
  const row = Site.price.onDay(known.rules.modifier_factor.filter((one) => one.claim_modifier === named.claim_modifier), work.day);
  return row ? Site.price.factor(row.factor) : Site.price.one;
};
