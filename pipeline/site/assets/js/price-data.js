// What claims are priced by: the curated rules, the rows of codes, the places. Money is whole cents
// and every factor a whole number of millionths, both BigInt, so that no amount is ever a float.
"use strict";

Site.price = {};

Site.price.one = 1000000n;

// A decimal text as a whole number of its last digit: scaled("0.85", 6) is 850000n.
Site.price.scaled = function (text, digits) {
  const [whole, part = ""] = String(text).split(".");
  return BigInt(whole + part.slice(0, digits).padEnd(digits, "0"));
};

Site.price.factor = (text) => Site.price.scaled(text, 6);

// Rounded half up, away from zero.
Site.price.divided = function (number, by) {
  const half = number < 0n ? -by : by;
  return (2n * number + half) / (2n * by);
};

Site.price.times = (cents, factor) => Site.price.divided(cents * factor, Site.price.one);

Site.price.least = (amount, cap) => (cap !== null && cap < amount ? cap : amount);

// The rules, each curated table as rows with names.
Site.price.rules = async function () {
  const found = await Site.load("price");
  const tables = Object.entries(found.tables).map(([name, { columns, rows }]) =>
    [name, rows.map((row) => Object.fromEntries(columns.map((column, n) => [column, row[n]])))]);
  const effects = Object.groupBy(Object.fromEntries(tables).modifier_effect, (row) => row.effect);
  return { ...found, ...Object.fromEntries(tables), effects };
};

// The release of the pages that is in force on a day; the later one where there are two.
Site.price.releaseOn = (day) => Site.site.releases.find((one) => Site.day(one.effective_from) <= day && day <= Site.day(one.effective_to)) || null;

// Everything that pricing these lines looks at, so that pricing itself waits for nothing.
Site.price.known = async function (lines) {
  const rules = await Site.price.rules();
  const days = lines.map((line) => line.day).filter(Boolean);
  const releases = [...new Set(days.map(Site.price.releaseOn).filter(Boolean))];
  const known = { rules, localities: new Map(), rows: new Map(), everSurgery: new Set() };
  for (const { release_id: id } of releases) {
    known.localities.set(id, new Map((await Site.releaseData(id)).localities.map((place) => [place[0], place])));
  }
  const codes = new Set(lines.map((line) => line.code));
  for (const { hcpcs_code: test, part_code: part } of rules.global_test_part) if (codes.has(test)) codes.add(part);
  await Site.price.readCodes(known, [...codes]);
  const bases = [...known.rows.values()].map((row) => row.endoscopic_base_code).filter((base) => base && !codes.has(base));
  await Site.price.readCodes(known, [...new Set(bases)]);
  return known;
};

Site.price.readCodes = async function (known, codes) {
  const held = new Set(Site.site.releases.map((one) => one.release_id));
  for (const [n, states] of (await Promise.all(codes.map(Site.states))).entries()) {
    for (const state of states.filter((one) => one && held.has(one.release))) {
      for (const row of Site.rows(state.cells)) {
        known.rows.set(`${state.release} ${codes[n]} ${row.modifier}`, { ...row, code: codes[n], release: state.release });
        if (row.modifier === "" && Site.price.isSurgery(row)) known.everSurgery.add(codes[n]);
      }
    }
  }
};

Site.price.isSurgery = (row) => ["000", "010", "090"].includes(row.global_days) && ["priced", "carrier_priced"].includes(row.price_status);

Site.price.row = (known, release, code, component) => known.rows.get(`${release} ${code} ${component}`) || null;

Site.price.isBase = (known, release, code) => known.rules.bases.some(([releases, codes]) =>
  releases.split(" ").includes(release) && codes.split(" ").includes(code));

// The row of dated rows that holds on a day, or null.
Site.price.onDay = (rows, day) => rows.find((row) => row.effective_from <= day && day <= (row.effective_to || "9999-12-31")) || null;

Site.price.inRanges = (code, rows) => rows.some((row) => row.first_code <= code && code <= row.last_code);

// What further services of a day are multiplied by in one part, or null where nothing is known.
Site.price.later = function (known, part, indicator, day) {
  const rows = known.rules.multiple_procedure_factor.filter((row) => row.part === part && row.multiple_procedure_indicator === indicator);
  const row = Site.price.onDay(rows, day);
  return row && Site.price.factor(row.factor);
};

// A modifier's meaning for an effect, such as that of 62 for surgeon_role: the row or null.
Site.price.said = (known, modifiers, effect) => known.rules.effects[effect].filter((row) => modifiers.has(row.claim_modifier));
