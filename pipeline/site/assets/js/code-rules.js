// How a code is billed, row by row, and what a release changed of it, by name.
"use strict";

Site.parts.ruleNames = ["multiple_procedure_indicator", "bilateral_indicator", "assistant_surgeon_indicator", "co_surgeon_indicator",
  "team_surgeon_indicator", "pctc_indicator", "supervision_indicator", "imaging_family_indicator"];

// CMS states an indicator for each row of a code: where its rows differ, each value stands with its rows.
Site.parts.rules = function (found) {
  // A code without RVUs to which no rule applies, as a laboratory test, has no list of them.
  const applies = (row) => Site.parts.ruleNames.some((name) => !/^(0|9|09|99|)$/.test(row[name]));
  if (!Site.hasRvus(found.profile) && !found.rows.some(applies)) return null;
  const lines = Site.parts.ruleNames.flatMap((name) => {
    const values = [...new Set(found.rows.map((row) => row[name]))];
    return values.map((value) => {
      const rows = found.rows.filter((row) => row[name] === value);
      const where = values.length > 1 && h("span", { class: "muted small" }, ` ${rows.map(Site.parts.rowName).join(", ")}`);
      return [[Site.words(`rule.${name}`), where], { figure: h("bdi", { "data-rule": name, "data-rows": rows.map((row) => row.modifier).join() }, value) },
        Site.words(`${name}.${value}`)];
    });
  });
  return Site.part("code.rules", "rules", Site.table([Site.words("code.rule"), { figure: Site.words("code.value_of") }, Site.words("code.meaning")], lines, Site.words("code.rules")));
};

Site.parts.rowName = ({ modifier }) => Site.words(`code.part_${modifier || "whole"}`);

// "indicators changed: Bilateral surgery (50), Physician supervision (TC)". Figures stand beside it already.
Site.parts.changeWords = function (change, names) {
  const kinds = ["status_changed", "revalued", "indicators_only", "factor_only"];
  const named = kinds.includes(change) ? Site.parts.namedChanges(names) : [];
  return [Site.words(`change.${change}`), named.length > 0 && `: ${named.join(", ")}`];
};

Site.parts.namedChanges = function (names) {
  const rows = new Map();
  const place = (full) => Site.site.row_columns.indexOf(full.split(":").pop());
  for (const full of [...names].sort((one, other) => place(one) - place(other))) {
    const [name, modifier] = full.split(":").reverse();
    const words = Site.parts.nameOfColumn(name);
    if (words) rows.set(words, [...(rows.get(words) || []), modifier || ""]);
  }
  return [...rows].map(([words, modifiers]) => {
    const parts = [...new Set(modifiers)].filter(Boolean);
    return parts.length && !modifiers.includes("") ? `${words} [${parts.join(", ")}]` : words;
  });
};

// Null for totals, which follow from their parts, and for a status, whose change is a kind of its own.
Site.parts.nameOfColumn = function (name) {
  const setting = name.startsWith("nonfacility_") ? "office" : "facility";
  const rule = name.replace(/^(nonfacility|facility)_/, "");
  if (Site.parts.ruleNames.includes(name)) return Site.words(`rule.${name}`);
  if (name.endsWith("_total_rvu") || name === "status_code") return null;
  if (name.includes("opps_")) return Site.words("changed.opps");
  if (rule === "pe_rvu") return `${Site.words("code.practice")} (${Site.words(`code.${setting}`)})`;
  if (rule === "na") return `NA (${Site.words(`code.${setting}`)})`;
  const others = { work_rvu: "code.work", paid_work_rvu: "code.work", mp_rvu: "code.malpractice", global_days: "code.global" };
  return Site.words(others[name] || `changed.${name.endsWith("_share") ? "share" : name}`);
};
