// Which critical care codes a situation gives: a look-up in the curated tables, the same rows as
// the command line reads.
"use strict";

Site.care = {};

// The curated tables, each as a list of rows with names.
Site.care.tables = async function () {
  const found = await Site.load("care");
  return Object.fromEntries(Object.entries(found).map(([name, columns]) => [name, Site.unpacked(columns)]));
};

Site.care.daysPerMonth = 30.4375;

// Completed days and months of an age; a whole year counts up to its last month.
Site.care.age = function (number, unit) {
  if (unit === "day") return { day: number, month: Math.floor(number / Site.care.daysPerMonth) };
  const months = unit === "month" ? number : 12 * number + 11;
  return { day: Math.floor(months * Site.care.daysPerMonth), month: months };
};

Site.care.decisions = function (tables, asked) {
  const age = Site.care.age(asked.age, asked.unit);
  return tables.care_decision.filter((row) => row.care_setting === asked.setting
    && (row.payer === "any" || row.payer === asked.payer) && Site.care.inForce(row, asked.day)
    && age[row.first_age_unit] >= row.first_age
    && (row.last_age === null || age[row.last_age_unit] <= row.last_age));
};

Site.care.inForce = (row, day) => row.effective_from <= day && (row.effective_to === null || day <= row.effective_to);

// What the rule says that a range of minutes follows from.
Site.care.rule = (tables, row) => tables.time_rule.find((rule) => ["code_family", "payer", "effective_from", "hcpcs_code"].every((name) => rule[name] === row[name]));

// The ranges of minutes of a family under one payer's rule in force on a day.
Site.care.ranges = function (tables, family, payer, day) {
  return tables.time_unit.filter((row) => row.code_family === family && row.payer === payer && Site.care.inForce(row, day));
};

// {rows, lines: [{code, units, meaning...}], byDay, hasRule}
Site.care.answer = function (tables, asked) {
  const rows = Site.care.decisions(tables, asked);
  if (!rows.length) return { rows, lines: [], byDay: false, hasRule: false };
  if (rows[0].code_role.endsWith("_day")) {
    const role = asked.isLaterDay ? "subsequent_day" : "initial_day";
    const lines = rows.filter((row) => row.code_role === role).map((row) => ({ ...row, code: row.hcpcs_code, units: 1 }));
    return { rows, lines, byDay: true, hasRule: true };
  }
  const ranges = Site.care.ranges(tables, rows[0].code_family, asked.payer, asked.day);
  const lines = ranges.filter((row) => row.first_minute <= asked.minutes && (row.last_minute === null || asked.minutes <= row.last_minute))
    .map((row) => ({ ...Site.care.rule(tables, row), ...row, code: row.hcpcs_code }));
  return { rows, lines, byDay: false, hasRule: ranges.length > 0, family: rows[0].code_family };
};

Site.care.releaseOn = function (day) {
  return Site.site.releases.find((one) => Site.day(one.effective_from) <= day && day <= Site.day(one.effective_to)) || null;
};
