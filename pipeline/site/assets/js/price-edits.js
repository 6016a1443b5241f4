// Which lines of a claim are denied because of others: visits and procedures in the global period of a
// surgery, and G2211 beside a visit with modifier 25.
"use strict";

Site.price.dayAfter = function (day, days) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
};

Site.price.edits = function (known, works) {
  const dated = works.filter((work) => work.day);
  const surgeries = dated.map((work) => Site.price.surgeryOf(known, work)).filter(Boolean);
  for (const work of dated) for (const surgery of surgeries) Site.price.inPeriod(known, work, surgery);
  for (const lines of Object.values(Object.groupBy(dated, (work) => work.day))) Site.price.complexity(known, lines);
};

Site.price.deny = (work, edit) => { work.edit = work.edit || edit; };

Site.price.partOf = (work) => ["78", "56", "55", "54"].find((one) => work.modifiers.has(one)) || "";

// Day, global days and part of the package of a surgery; null where the line is none.
Site.price.surgeryOf = function (known, work) {
  const release = Site.price.releaseOn(work.day);
  const row = release && Site.price.row(known, release.release_id, work.code, "");
  const component = Site.price.componentsOf(work.modifiers).pop() || "";
  const part = Site.price.partOf(work);
  const isAssistant = Site.price.roleOf(known, work).endsWith("assistant");
  if (!row || !Site.price.isSurgery(row) || isAssistant || ["56", "78"].includes(part) || ["TC", "53"].includes(component)) return null;
  if (Site.price.said(known, work.modifiers, "denial").length) return null;
  return { day: work.day, period: row.global_days, part };
};

// Where roles contradict each other, the last one in the order of text stands for all.
Site.price.roleOf = (known, work) => Site.price.said(known, work.modifiers, "surgeon_role").map((row) => row.effect_value).sort().pop() || "";

Site.price.inPeriod = function (known, work, { day, period, part }) {
  const { modifiers } = work;
  const last = Site.price.dayAfter(day, Number(period));
  const when = day < work.day && work.day <= last && part !== "54" ? "after"
    : work.day === day && part !== "55" ? "on"
      : period === "090" && part !== "55" && Site.price.dayAfter(work.day, 1) === day ? "before" : "";
  if (!when) return;
  const isExcused = (kind) => known.rules.edit_modifier.some((row) => row.service_kind === kind && row.period_part === when
    && ["", period].includes(row.global_days) && modifiers.has(row.claim_modifier) && row.effective_from <= work.day);
  const visits = known.rules.edit_code.filter((row) => row.code_list === "global_visit");
  if (Site.price.inRanges(work.code, visits) && !isExcused("visit")) Site.price.deny(work, "global_visit");
  if (when === "after" && Site.price.isProcedure(known, work) && !isExcused("procedure")) Site.price.deny(work, "global_procedure");
};

Site.price.isProcedure = (known, work) => known.everSurgery.has(work.code) && !Site.price.roleOf(known, work)
  && (Site.price.componentsOf(work.modifiers).pop() || "") !== "TC" && ["", "78"].includes(Site.price.partOf(work));

Site.price.complexity = function (known, lines) {
  const isIn = (work, list) => Site.price.inRanges(work.code, known.rules.edit_code.filter((row) =>
    row.code_list === list && row.effective_from <= work.day && work.day <= row.effective_to));
  const hasVisit = lines.some((work) => work.modifiers.has("25") && isIn(work, "complexity_visit"));
  if (!hasVisit || lines.some((work) => isIn(work, "complexity_exception"))) return;
  for (const work of lines) if (work.code === "G2211") Site.price.deny(work, "visit_complexity_with_25");
};
