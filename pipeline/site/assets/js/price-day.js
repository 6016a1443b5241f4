// What the lines of one day make of each other: sides, ranks of surgery and endoscopy, technical and
// professional parts of tests, therapy, sessions of anesthesia.
"use strict";

// In the order of {amount or another figure} from the highest, equal ones by code, component and place.
Site.price.inOrder = function (works, figure) {
  const order = Site.price.compare;
  return [...works].sort((one, other) => order(figure(other), figure(one)) || order(one.code, other.code)
    || order(one.component, other.component) || one.tiePlace - other.tiePlace);
};

Site.price.compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

// Where amounts are equal, what more is paid of comes first: a total is the same whichever line is first.
Site.price.rankTies = function (known, works) {
  const order = Site.price.compare;
  const most = (work) => work.line.charge ?? 10n ** 12n;
  for (const work of works) work.laterShare = Site.price.laterShare(known, work);
  [...works].sort((one, other) => order(other.laterShare, one.laterShare) || order(most(other), most(one))
    || order(other.units, one.units) || one.number - other.number).forEach((work, place) => { work.tiePlace = place; });
};

// What of the amount that the day leaves is paid, as far as it is known.
Site.price.laterShare = function (known, work) {
  if (work.modifiers.has("22")) return 0n;
  return [...Site.price.lineFactors(known, work), ["", Site.price.assistantShare(known, work)]]
    .reduce((all, [, factor]) => all * factor, 1n);
};

Site.price.dayRules = function (known, works) {
  const open = works.filter((work) => !work.reason && work.row.status_code !== "T");
  Site.price.rankTies(known, open);
  // Who assists is not the one who operates, and two who operate together are two.
  const assists = (work) => Site.price.said(known, work.modifiers, "surgeon_role").some((row) => row.effect_value.endsWith("assistant"));
  for (const isAssistant of [false, true]) Site.price.rulesOf(known, open.filter((work) => assists(work) === isAssistant));
};

Site.price.rulesOf = function (known, open) {
  Site.price.sessions(known, open);
  for (const indicators of ["23", "4", "5", "6", "7", "019"]) {
    let lines = open.filter((work) => indicators.includes(work.row.multiple_procedure_indicator));
    if (indicators === "23") {
      // A return to the operating room is not ranked; its sides are like those of any.
      Site.price.pairSides(lines.filter((work) => work.modifiers.has("78")));
      lines = lines.filter((work) => !work.modifiers.has("78"));
    }
    if (indicators === "4") lines = lines.filter((work) => !Site.price.said(known, work.modifiers, "session").length);
    Site.price.pairSides(lines);
    if (indicators === "23") Site.price.surgery(known, lines);
    else if (indicators === "5") Site.price.therapy(known, lines);
    else if ("467".includes(indicators)) Site.price.components(known, lines, indicators);
  }
};

// Of one session the highest base units once, with all the time, whoever takes part.
Site.price.sessions = function (known, open) {
  const special = (code) => Site.price.isWithoutTime(known, code) || known.rules.anesthesia_add_on.some((row) => row.hcpcs_code === code);
  const roleOf = (work) => Site.price.said(known, work.modifiers, "anesthesia").map((row) => row.claim_modifier).sort().pop() || "";
  const mine = open.filter((work) => work.row.status_code === "J" && roleOf(work) !== "AD"
    && !Site.price.said(known, work.modifiers, "session").length && !special(work.code));
  for (const lines of Object.values(Object.groupBy(mine, roleOf))) {
    if (lines.length < 2) continue;
    const [first, ...others] = Site.price.inOrder(lines, (work) => work.baseUnits);
    first.total = Site.price.anesthesia(known, first, lines.reduce((sum, work) => sum + work.line.minutes, 0));
    const together = lines.some((work) => work.line.charge === null) ? null : lines.reduce((sum, work) => sum + work.line.charge, 0n);
    for (const work of lines) work.charge = together;
    for (const work of others) { work.total = 0n; work.notes.push(["session", 0n]); }
  }
};

// A right and a left side on two lines are both sides, paid on the right one.
Site.price.pairSides = function (lines) {
  const alone = lines.filter((work) => !work.modifiers.has("50") && work.modifiers.has("RT") !== work.modifiers.has("LT")
    && work.units === 1n && "012".includes(work.row.bilateral_indicator));
  const key = (work) => [work.code, work.component, ...["54", "55", "78"].filter((one) => work.modifiers.has(one)), work.line.units].join(" ");
  for (const group of Object.values(Object.groupBy(alone, key))) {
    const [rights, lefts] = ["RT", "LT"].map((side) => Site.price.inOrder(group.filter((work) => work.modifiers.has(side)), (work) => work.amount));
    rights.slice(0, lefts.length).forEach((right, n) => Site.price.pair(right, lefts[n]));
  }
};

Site.price.pair = function (right, left) {
  right.amount = Site.price.times(right.amount, right.bothSides);
  if (right.cap !== null) right.cap = Site.price.times(right.cap, right.bothSides);
  right.sides = right.bothSides;
  right.notes.push(["both_sides", right.bothSides]);
  Object.assign(left, { amount: 0n, units: 0n, total: 0n, cap: null });
  left.notes.push(["other_side", 0n]);
  // Where one charge is unknown, so is the sum.
  right.charge = right.line.charge === null || left.line.charge === null ? null : right.line.charge + left.line.charge;
  left.charge = right.charge;
  const differ = right.laterShare !== left.laterShare || right.modifiers.has("52") !== left.modifiers.has("52");
  if (differ) for (const work of [right, left]) Object.assign(work, { status: "by_report", reason: "sides_differ" });
};

Site.price.surgery = function (known, lines) {
  const baseOf = (work) => work.row.endoscopic_base_code || (Site.price.isBase(known, work.row.release, work.code) ? work.code : "");
  const entities = [];
  const inFamily = new Set();
  for (const [base, members] of Object.entries(Object.groupBy(lines.filter(baseOf), baseOf))) {
    const scopes = members.filter((work) => work.row.endoscopic_base_code);
    if (!scopes.length) continue;
    for (const work of members) {
      inFamily.add(work);
      if (!work.row.endoscopic_base_code) { work.total = 0n; work.notes.push(["base_included", 0n]); }
    }
    entities.push(Site.price.family(known, base, scopes.filter((work) => work.units)));
  }
  for (const work of lines.filter((one) => !inFamily.has(one) && one.units)) {
    entities.push({ amount: work.amount, code: work.code, component: work.component, tiePlace: work.tiePlace, members: [[work, work.amount, work.amount]], isFamily: false });
  }
  Site.price.ranked(known, entities);
};

Site.price.ranked = function (known, entities) {
  let before = 0n;
  for (const { members, isFamily } of Site.price.inOrder(entities, (one) => one.amount)) {
    const count = isFamily ? 1n : members[0][0].units;
    for (const [work, whole, less] of members) {
      if (before + count > 5n && !work.reason) Object.assign(work, { status: "by_report", reason: "sixth_procedure" });
      const factor = Site.price.later(known, "whole", "2", work.day);
      const first = before === 0n ? whole : Site.price.times(whole, factor);
      const further = isFamily && before === 0n ? less : Site.price.times(less, factor);
      work.total = Site.price.least(first, work.cap) + Site.price.least(further, work.cap) * (work.units - 1n);
      work.rank = before + 1n;
      if (before > 0n || (!isFamily && work.units > 1n)) work.notes.push(["multiple", factor]);
      if (whole !== work.amount) work.notes.push(["endoscopy", null]);
    }
    before += count;
  }
};

// The scopes of a family: the dearest in full, of each other what it is worth more than their base.
Site.price.family = function (known, base, scopes) {
  let sum = 0n;
  const members = Site.price.inOrder(scopes, (work) => work.amount).map((work, position) => {
    const deduction = Site.price.share(work, Site.price.fee(work, Site.price.row(known, work.row.release, base, "")));
    const less = work.amount > deduction ? work.amount - deduction : 0n;
    const first = position ? less : work.amount;
    sum += first + less * (work.units - 1n);
    return [work, first, less];
  });
  return { amount: sum, code: base, component: "", tiePlace: 0, members, isFamily: true };
};

Site.price.components = function (known, lines, indicator) {
  const isTouched = lines.reduce((sum, work) => sum + work.units, 0n) > 1n;
  const parted = [];
  for (const work of lines) {
    const parts = Site.price.partsOf(known, work);
    if (parts) parted.push({ work, ...parts });
    else if (isTouched && !work.reason) Object.assign(work, { status: "by_report", reason: "technical_part_unknown" });
  }
  const further = { tc: Site.price.furtherUnits(parted, "tc"), pc: Site.price.furtherUnits(parted, "pc") };
  for (const parts of parted) {
    const { work } = parts;
    const factors = Object.fromEntries(["tc", "pc"].map((part) => [part, Site.price.later(known, part, indicator, work.day)]));
    work.total = 0n;
    for (let number = 0n; number < work.units; number += 1n) Site.price.addUnit(work, parts, factors, further, number);
    for (const part of ["tc", "pc"]) if (further[part].get(work) < work.units && factors[part]) work.notes.push([`${part}_reduced`, factors[part]]);
  }
};

Site.price.addUnit = function (work, parts, factors, further, number) {
  const isFurther = (part) => parts[part] > 0n && number >= further[part].get(work);
  const isReduced = (part) => isFurther(part) && factors[part] !== null;
  if (isFurther("tc") && factors.tc === null && !work.reason) Object.assign(work, { status: "by_report", reason: "reduction_unknown" });
  const piece = (part) => (isReduced(part) ? Site.price.times(parts[part], factors[part]) : parts[part]);
  // Only the technical part has a cap; a service that nothing reduces is the whole.
  const amount = isReduced("tc") || isReduced("pc") ? piece("tc") + piece("pc") : work.amount;
  const spared = parts.pc - piece("pc");
  work.total += Site.price.least(amount, work.cap === null ? null : work.cap - spared);
};

// The number of the unit of each line from which on another unit of the day is before it, in one part.
Site.price.furtherUnits = function (parted, part) {
  const found = new Map();
  let before = 0n;
  const byWork = new Map(parted.map((one) => [one.work, one[part]]));
  for (const work of Site.price.inOrder([...byWork.keys()], (one) => byWork.get(one))) {
    const counts = byWork.get(work) > 0n;
    found.set(work, !counts ? work.units : before > 0n ? 0n : 1n);
    if (counts) before += work.units;
  }
  return found;
};

// The technical and the professional part of the amount of a unit; null where they are unknown.
Site.price.partsOf = function (known, work) {
  const { row, component, amount } = work;
  const kind = row.pctc_indicator;
  if (component === "26" || kind === "2") return { tc: 0n, pc: amount };
  if (component === "TC" || kind === "3") return { tc: amount, pc: 0n };
  const paid = (one) => (work.units ? Site.price.times(Site.price.fee(work, one), work.sides) : 0n);
  if (kind === "4") {
    const tests = Site.price.partsOfTest(known, work);
    return tests && Object.fromEntries(["tc", "pc"].map((part) => [part, tests[part].reduce((sum, one) => sum + paid(one), 0n)]));
  }
  const own = Site.price.row(known, row.release, work.code, "26");
  if (kind !== "1" || !own) return null;
  return { tc: amount - paid(own), pc: paid(own) };
};

// The rows of both parts of a test that stands for the whole only; null where the release has no
// codes for its parts or they do not add up to it.
Site.price.partsOfTest = function (known, work) {
  const rows = known.rules.global_test_part.filter((one) => one.hcpcs_code === work.code)
    .map((one) => ({ part: one.part, row: Site.price.row(known, work.row.release, one.part_code, "") }));
  if (!rows.length || rows.some(({ row }) => !row || row.price_status !== "priced")) return null;
  const addsUp = (name) => rows.reduce((sum, { row }) => sum + Site.price.scaled(row[name], 2), 0n) === Site.price.scaled(work.row[name], 2);
  if (!["work_rvu", "nonfacility_pe_rvu", "facility_pe_rvu", "mp_rvu"].every(addsUp)) return null;
  const of = (part) => rows.filter((one) => one.part === part).map((one) => one.row);
  return { tc: of("tc"), pc: of("pc") };
};

Site.price.therapy = function (known, lines) {
  let before = 0n;
  const pe = (work) => work.row[`${work.setting}_pe_rvu`];
  for (const work of Site.price.inOrder(lines, (one) => Site.price.scaled(pe(one), 2) * Site.price.scaled(one.place[4], 3))) {
    const factor = Site.price.later(known, "pe", "5", work.day);
    if (factor === null && before + work.units > 1n && !work.reason) Object.assign(work, { status: "by_report", reason: "reduction_unknown" });
    const rvus = [work.row.paid_work_rvu, pe(work), work.row.mp_rvu];
    const reduced = Site.price.least(Site.price.times(Site.price.formula(work, rvus, factor ?? Site.price.one), work.sides), work.cap);
    if (work.units) {
      const first = before === 0n ? Site.price.least(work.amount, work.cap) : reduced;
      work.total = first + reduced * (work.units - 1n);
      if (before > 0n || work.units > 1n) work.notes.push(["therapy", factor]);
    }
    before += work.units;
  }
};
