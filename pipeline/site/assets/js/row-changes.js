// What differs between any two releases, row by row: a code by itself, or with a modifier (26, TC, 53).
"use strict";

Site.changes = {};

Site.changes.kinds = ["added", "removed", "status_changed", "revalued", "indicators_only", "description_only", "factor_only", "unchanged"];

// What both releases list has the kind of the first of these that differs.
Site.changes.states = {
  status_changed: "status_code", revalued: "value_state", indicators_only: "indicator_state", factor_only: "payment_state", description_only: "description_state",
};

// The rows that one of two releases lists, each with its kind of change and its place in the files.
Site.changes.between = async function (before, after) {
  const [rows, was, is] = await Promise.all([Site.changes.rows(), Site.changes.columns(`states/${before}`), Site.changes.columns(`states/${after}`)]);
  return rows.map((row, n) => ({ ...row, n, kind: Site.changes.kind(was, is, n) })).filter(({ kind }) => kind);
};

// Every row of any release, in the order of the files: {code, modifier, section}.
Site.changes.rows = async function () {
  const { sections, lines } = await Site.load("rows");
  let section = "";
  return Array.from(Site.codeLines(lines), ([code, modifier = "", number = ""]) => {
    section = number ? sections[number] : section;
    return { code, modifier, section };
  });
};

// A file with a line for each row, by column.
Site.changes.columns = async function (name) {
  const found = await Site.load(name);
  return Object.fromEntries(Object.entries(found).map(([column, lines]) => [column, lines.split("\n")]));
};

Site.changes.kind = function (was, is, n) {
  if (!was.status_code[n]) return is.status_code[n] ? "added" : null;
  if (!is.status_code[n]) return "removed";
  const found = Object.entries(Site.changes.states).find(([, state]) => was[state][n] !== is[state][n]);
  return found ? found[0] : "unchanged";
};

// The same rows in the order of their codes, with their names and what each release says of them.
Site.changes.told = async function (found, before, after) {
  const load = async (release) => {
    const [states, amounts] = await Promise.all([Site.changes.columns(`states/${release}`), Site.changes.columns(`amounts/${release}`)]);
    return { ...amounts, status_code: states.status_code };
  };
  const [was, is, words] = await Promise.all([load(before), load(after), Site.load("search")]);
  const names = new Map(Array.from(Site.codeLines(words.codes), ([code, , name = ""]) => [code, name]));
  return found.map((row) => ({ ...row, label: names.get(row.code), before: Site.changes.side(was, row.n), after: Site.changes.side(is, row.n) }))
    .sort((one, other) => (one.code + one.modifier < other.code + other.modifier ? -1 : 1));
};

// What a release says of a row, with its national amounts as Site.place.amount says them, or null where it
// does not list it. Work of a row without any RVUs is none, not zero.
Site.changes.side = function (columns, n) {
  if (!columns.status_code[n]) return null;
  const [office, facility] = [columns.nonfacility_payment[n], columns.facility_payment[n]];
  const side = {
    status_code: columns.status_code[n], price_status: columns.price_status[n], work_rvu: columns.work_rvu[n],
    nonfacility_payment: office, facility_payment: facility === "=" ? office : facility,
    nonfacility_na: String(columns.na[n].includes("n")), facility_na: String(columns.na[n].includes("f")),
  };
  return {
    ...side, work: columns.na[n].includes("w") ? null : Number(side.work_rvu),
    nonfacility: Site.place.nationally(side, "nonfacility"), facility: Site.place.nationally(side, "facility"),
  };
};

// By how much the amount of a setting changed, in dollars and as a share of what it was; null where
// either side has none.
Site.changes.difference = function ({ before, after }, setting) {
  const [was, is] = [before, after].map((side) => side && side[setting].national);
  if (was === null || is === null) return null;
  return { change: (Site.cents(is) - Site.cents(was)) / 100, share: was > 0 ? is / was - 1 : null };
};
