// One line by itself: whether it can be priced, and the amount of a unit. The steps are those of the
// command line; the rules are rows of the curated tables.
"use strict";

// There is no price: the status and the rule that says so.
Site.price.Refusal = class extends Error {
  constructor(status, reason) {
    super(reason);
    Object.assign(this, { status, reason });
  }
};

Site.price.refuse = function (status, reason) { throw new Site.price.Refusal(status, reason); };

// A line on its way to a price. ``line`` is {code, modifiers, units, pos, day, place, charge, kind,
// isParticipating, isQualified, minutes}; place is {locality} or {reason}.
Site.price.work = function (line, number) {
  return {
    line, number, code: line.code, modifiers: new Set(line.modifiers), day: line.day, row: null, place: null, setting: "", factor: 0n,
    component: "", amount: 0n, cap: null, sides: Site.price.one, bothSides: Site.price.one, split: Site.price.one, days: [1n, 1n],
    units: 1n, total: null, charge: null, status: "priced", reason: "", edit: "", notes: [],
  };
};

Site.price.componentsOf = (modifiers) => ["26", "53", "TC"].filter((one) => modifiers.has(one));

Site.price.contradict = function (known, modifiers) {
  const different = (effect) => new Set(Site.price.said(known, modifiers, effect).map((row) => row.effect_value)).size;
  const bothKinds = modifiers.has("CT") && (modifiers.has("FX") || modifiers.has("FY"));
  return bothKinds || ["component", "global_part", "surgeon_role", "anesthesia"].some((effect) => different(effect) > 1);
};

Site.price.lookUp = function (known, work) {
  const { line, modifiers, day } = work;
  const { rules } = known;
  const isWhole = (value, most) => Number.isInteger(value) && value >= 1 && value <= most;
  if (!day) Site.price.refuse("refused", "date_missing");
  // Of miles the tenths count as one that was begun.
  if (!isWhole(rules.miles.includes(line.code) ? Math.ceil(line.units) : line.units, 9999)) Site.price.refuse("refused", "units_out_of_range");
  if (line.charge !== null && (line.charge < 0n || line.charge > 9999999999n)) Site.price.refuse("refused", "charge_out_of_range");
  const kinds = rules.provider_kind.filter((row) => row.provider_kind === line.kind);
  if (!kinds.length) Site.price.refuse("refused", "provider_kind_unknown");
  if (line.minutes !== null && !isWhole(line.minutes, 9999)) Site.price.refuse("refused", "minutes_out_of_range");
  const unknown = [...modifiers].find((one) => !rules.modifier.some((row) => row.claim_modifier === one));
  if (unknown) Site.price.refuse("refused", "modifier_unknown");
  if (!kinds.some((row) => row.effective_from <= day)) Site.price.refuse("not_payable", "provider_not_recognized");
  const pos = rules.place_of_service.find((row) => row.place_of_service === line.pos);
  const began = rules.place_of_service_date.find((row) => row.place_of_service === line.pos);
  if (!pos || (began && day < began.effective_from)) Site.price.refuse("refused", "place_of_service_unknown");
  work.setting = pos.setting_from && day < pos.setting_from ? pos.setting_before : pos.setting;
  work.hospital = pos.hospital;
  const release = Site.price.releaseOn(day);
  if (!release) Site.price.refuse("refused", "release_missing");
  work.release = release;
  if (line.place.reason) Site.price.refuse("refused", line.place.reason);
  work.place = known.localities.get(release.release_id).get(line.place.locality);
  if (!work.place) Site.price.refuse("refused", "locality_unknown");
  Site.price.gates(known, work);
  Site.price.findFactor(known, work);
};

Site.price.since = (known, work, program) => known.rules.factors.filter(([of, , from]) =>
  of === program && Site.day(work.release.effective_from) < from && from <= work.day);

// That of all others stands for those who qualify only where one factor is for all (until 2025).
Site.price.anesthesiaFactor = function ({ line, place, release }) {
  const isForAll = !line.isQualified || release.factors.some((one) => one.factor_class === "all");
  return (line.isQualified && place[7]) || (isForAll && place[6]) || null;
};

Site.price.findFactor = function (known, work) {
  const { release, line } = work;
  if (work.row.status_code === "J" && (Site.price.since(known, work, "anesthesia").length || !Site.price.anesthesiaFactor(work))) {
    Site.price.refuse("gpci_missing", "anesthesia_factor_missing");
  }
  // A locality's factor of anesthesia has its indices in it.
  if (work.row.status_code === "J") return;
  if (work.place[3] === null) Site.price.refuse("gpci_missing", "gpci_missing");
  const own = line.isQualified ? "qp" : "nonqp";
  const factors = Object.fromEntries(release.factors.map((one) => [one.factor_class, one.factor]));
  let factor = factors[own] || factors.all;
  if (!factor) Site.price.refuse("gpci_missing", "conversion_factor_missing");
  // A factor that came after the release counts from its day.
  for (const [, of, , later] of Site.price.since(known, work, "pfs")) if (of === "all" || of === own) factor = later;
  work.factor = Site.price.scaled(factor, 4);
};

Site.price.gates = function (known, work) {
  const { modifiers, code, line } = work;
  const release = work.release.release_id;
  const refuse = Site.price.refuse;
  const roles = new Set(Site.price.said(known, modifiers, "surgeon_role").map((row) => row.effect_value));
  if (Site.price.contradict(known, modifiers)) refuse("refused", "modifier_conflict");
  [work.component = ""] = Site.price.componentsOf(modifiers);
  const row = Site.price.row(known, release, code, work.component);
  if (!row && !Site.price.row(known, release, code, "")) refuse("refused", "code_unknown");
  const [denial] = ["PA", "PB", "PC", "GZ", "GY"].filter((one) => modifiers.has(one));
  if (denial) refuse(...{ GZ: ["not_payable", "denial_expected"], GY: ["not_covered", "excluded_by_statute"] }[denial] || ["not_covered", "wrong_surgery"]);
  if (work.edit) refuse("not_payable", work.edit);
  if (!row) refuse(...(work.component === "53" ? ["by_report", "discontinued_procedure"] : ["not_payable", "component_not_separate"]));
  work.row = row;
  if (!["priced", "anesthesia"].includes(row.price_status)) refuse(row.price_status, row.price_status);
  Site.price.hospital(known, work);
  if (modifiers.has("56")) refuse("not_payable", "preoperative_part_in_surgery");
  const isSplit = modifiers.has("54") || modifiers.has("55");
  if (isSplit && ["pre", "intra", "post"].every((part) => Number(row[`${part}operative_share`]) === 0)) refuse("not_payable", "split_not_defined");
  const both = modifiers.has("50") || (modifiers.has("RT") && modifiers.has("LT"));
  if (both && line.units > 1 && !modifiers.has("55")) refuse("refused", "bilateral_units");
  if ((roles.has("assistant") || roles.has("npp_assistant")) && "19".includes(row.assistant_surgeon_indicator)) refuse("not_payable", "assistant_never_paid");
  if (roles.has("co_surgeon") && "09".includes(row.co_surgeon_indicator)) refuse("not_payable", "co_surgeon_not_permitted");
  if (roles.has("team")) refuse(...("09".includes(row.team_surgeon_indicator) ? ["not_payable", "team_not_permitted"] : ["by_report", "team_by_report"]));
  if (both && row.bilateral_indicator === "9") refuse("by_report", "bilateral_not_defined");
  if (modifiers.has("55") && line.units > 1) {
    const period = { "010": 10, "090": 90 }[row.global_days] || 0;
    if (line.units > period) refuse("refused", "postoperative_days_out_of_range");
    work.days = [BigInt(line.units), BigInt(period)];
  }
  const anesthesia = Site.price.said(known, modifiers, "anesthesia");
  if (anesthesia.length && row.status_code !== "J") refuse("refused", "anesthesia_modifier_elsewhere");
  if (row.status_code === "J") Site.price.anesthesiaGates(known, work, anesthesia);
};

// What is paid to the hospital, and not to those who work there.
Site.price.hospital = function (known, work) {
  const { row, hospital, component } = work;
  const kind = row.pctc_indicator;
  const refuse = Site.price.refuse;
  if (kind === "8" && hospital !== "inpatient") refuse("not_payable", "smear_outside_inpatient");
  if (!hospital) return;
  if (kind === "5") refuse("not_payable", "incident_to_in_hospital");
  if (component === "TC" || kind === "3") refuse("not_payable", "technical_part_in_hospital");
  if (kind === "1" && component === "" && Site.price.row(known, row.release, work.code, "26")) refuse("not_payable", "whole_test_in_hospital");
  if (kind === "4") refuse("not_payable", "global_test_in_hospital");
  if (kind === "7" && work.line.kind === "other") refuse("not_payable", "therapist_in_hospital");
};

Site.price.isWithoutTime = (known, code) => known.rules.anesthesia_without_time.some((row) => row.hcpcs_code === code);

Site.price.anesthesiaGates = function (known, work, roles) {
  const { line, code } = work;
  const byUnit = known.rules.anesthesia_add_on.some((row) => row.hcpcs_code === code && row.is_paid_by_unit === "true");
  if (line.units > 1 && !byUnit) Site.price.refuse("refused", "anesthesia_units");
  const isTimed = !Site.price.isWithoutTime(known, code) && !roles.some((row) => row.effect_value === "supervised");
  if (isTimed && line.minutes === null) Site.price.refuse("refused", "anesthesia_minutes_missing");
  // The file of the year, or the last before it, or the first there is: one for all codes.
  const years = [...new Set(known.rules.base_units.map(([year]) => year))].sort();
  const year = years.filter((one) => one <= work.release.calendar_year).pop() ?? years[0];
  const found = known.rules.base_units.find(([of, , codes]) => of === year && codes.split(" ").includes(code));
  if (!found) Site.price.refuse("refused", "base_units_missing");
  [, work.baseUnits] = found;
};

// The payment formula in cents; RVUs in hundredths, those of practice expense times ``share``.
Site.price.formula = function (work, rvus, share = Site.price.one) {
  const shares = [Site.price.one, share, Site.price.one];
  const sum = rvus.reduce((all, rvu, n) => all + Site.price.scaled(rvu, 2) * shares[n] * Site.price.scaled(work.place[3 + n], 3), 0n);
  return Site.price.divided(sum * work.factor, 10000000n * Site.price.one);
};

Site.price.fee = (work, row) => Site.price.formula(work, [row.paid_work_rvu, row[`${work.setting}_pe_rvu`], row.mp_rvu]);

// What part of the package, which days of it and how many sides make of a fee.
Site.price.share = function (work, fee) {
  const [days, period] = work.days;
  const byDays = Site.price.divided(Site.price.times(fee, work.split) * days, period);
  return Site.price.times(byDays, work.sides);
};

Site.price.unitAmount = function (known, work) {
  const { line, row, modifiers } = work;
  work.charge = line.charge;
  work.units = BigInt(line.units);
  if (row.status_code === "J") { work.amount = Site.price.anesthesia(known, work, line.minutes); return; }
  const [pre, intra, post] = ["pre", "intra", "post"].map((part) => Site.price.factor(row[`${part}operative_share`]));
  const split = { 54: pre + intra, 55: post, 78: intra || Site.price.one };
  const part = ["54", "55", "78"].find((one) => modifiers.has(one));
  if (part) { work.split = split[part]; work.notes.push(["split", work.split]); }
  Site.price.sidesOf(work);
  if (modifiers.has("55")) work.units = 1n;
  work.amount = Site.price.share(work, Site.price.fee(work, row));
  Site.price.capOf(work);
  Site.price.equipment(known, work);
};

Site.price.sidesOf = function (work) {
  const { row, modifiers, line } = work;
  work.bothSides = { 1: 1500000n, 3: 2000000n }[row.bilateral_indicator] || Site.price.one;
  const sides = ["50", "RT", "LT"].filter((one) => modifiers.has(one));
  const isBoth = sides.includes("50") || sides.length === 2;
  const isTwoUnits = !modifiers.has("55") && !sides.length && line.units === 2 && "12".includes(row.bilateral_indicator);
  if (isBoth || isTwoUnits) work.sides = work.bothSides;
  if (isTwoUnits && !isBoth) work.units = 1n;
  if (work.sides !== Site.price.one) work.notes.push(["both_sides", work.sides]);
};

// The OPPS amount, which the fee of imaging is not above.
Site.price.capOf = function (work) {
  const { row, setting } = work;
  const isOwn = work.line.isQualified && row.qp_opps_mp_rvu !== null;
  const pe = row[`${isOwn ? "qp_" : ""}${setting}_opps_pe_rvu`];
  const mp = isOwn ? row.qp_opps_mp_rvu : row.opps_mp_rvu;
  if (Number(pe) + Number(mp) > 0) work.cap = Site.price.share(work, Site.price.formula(work, [row.opps_work_rvu, pe, mp]));
};

Site.price.anesthesia = function (known, work, minutes) {
  let tenths = 10n * BigInt(work.baseUnits);
  if (work.modifiers.has("AD")) tenths = 30n;
  else if (!Site.price.isWithoutTime(known, work.code)) tenths += Site.price.divided(10n * BigInt(minutes), 15n);
  return Site.price.divided(tenths * Site.price.scaled(Site.price.anesthesiaFactor(work), 2), 10n);
};

// Poor equipment takes its share of the technical part, of the fee and of its cap.
Site.price.equipment = function (known, work) {
  const { row, component, modifiers } = work;
  const named = Site.price.said(known, modifiers, "equipment").map((one) => one.claim_modifier)
    .filter((name) => name !== "CT" || Site.price.inRanges(work.code, known.rules.ct_code));
  const factor = named.reduce((all, name) => {
    const found = Site.price.onDay(known.rules.modifier_factor.filter((one) => one.claim_modifier === name), work.day);
    return found ? Site.price.times(all, Site.price.factor(found.factor)) : all;
  }, Site.price.one);
  const kind = row.pctc_indicator;
  if (component === "26" || !"13".includes(kind) || factor === Site.price.one) return;
  const own = component === "" && kind === "1" ? Site.price.row(known, row.release, work.code, "26") : null;
  if (component === "" && kind === "1" && !own) return;
  const spared = own ? Site.price.times(Site.price.fee(work, own), work.sides) : 0n;
  work.amount = spared + Site.price.times(work.amount - spared, factor);
  if (work.cap !== null) work.cap = spared + Site.price.times(work.cap - spared, factor);
  work.notes.push(["equipment", factor]);
};
