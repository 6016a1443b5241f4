// What the releases say of a code. Its record is a list of runs: a run begins with the release in
// which something is another than before, and holds what is another, by the number of its column.
// Records are kept in volumes, of which each holds the runs of some years.
"use strict";

// A code's entry in the file that holds it: the last one of ``starts`` that is not above the code.
Site.entry = async function (folder, starts, code) {
  const start = starts.split(" ").filter((one) => one && one <= code).pop();
  const held = start && await Site.load(`${folder}/${start}`);
  return held && Object.hasOwn(held, code) ? held[code] : null;
};

// Every release that is loaded, oldest first, with what it says of a code:
// {release, cells by column, change: what it changed or null}, or null where it does not list it.
Site.states = async function (code) {
  const volumes = Object.entries(Site.site.code_files);
  const records = await Promise.all(volumes.map(([volume, files]) => Site.entry(`codes/${volume}`, files, code)));
  const runs = new Map(records.flatMap((record) => record || []).map((run) => [run[0], run]));
  let cells = null;
  return [...Site.site.loaded].reverse().map(({ release_id: release }) => {
    const run = runs.get(release);
    if (run) cells = run.length === 1 ? null : { ...cells, ...Site.named(run[1]) };
    return cells && { release, cells, change: (run && run[2]) || null };
  });
};

Site.named = (written) => Object.fromEntries(Object.entries(written).map(([n, value]) => [Site.site.columns[n - 1], value]));

// A column that is not written is empty: a text that is '', or a figure that there is none of.
Site.filledIn = (name, value) => value || (Site.site.texts.includes(name) ? "" : null);

// The rows of a code, the whole service first, then 26, 53, TC: each with its RVUs, indicators and payments.
Site.rows = function (cells) {
  return cells.rows.split(";").map((row) => Object.fromEntries(row.split("|").map((value, n) => {
    const name = Site.site.row_columns[n];
    return [name, Site.filledIn(name, value)];
  })));
};

// {code, label, profile, rows, office, facility} of a release: the profile as in code_profile, and
// the cents in each locality, where the code has a national price. Null where it is not listed.
Site.codeData = async function (release, code) {
  const [states, data] = await Promise.all([Site.states(code), Site.releaseData(release)]);
  const state = states.find((one) => one && one.release === release);
  if (!state) return null;
  const rows = Site.rows(state.cells);
  const profile = Site.profile(state.cells, rows, data);
  const found = { code, label: state.cells.label || "", profile, rows };
  if (profile.price_status !== "priced" || profile.locality_count === "0") return found;
  const [office, facility] = ["nonfacility", "facility"].map((setting) =>
    data.localities.map((place) => Site.paymentCents(rows[0], setting, place, profile.conversion_factor)));
  Site.places(profile, { nonfacility: office, facility }, data.localities);
  return { ...found, office, facility };
};

Site.profile = function (cells, rows, data) {
  const [own] = rows;
  const section = data.sections.find((one) => one.section === cells.section);
  const parts = Object.entries(Site.site.parts);
  return Object.fromEntries(Object.keys(Site.site.kinds).map((name) => {
    const part = parts.find(([begin]) => name.startsWith(`${begin}_`));
    if (part) {
      const row = rows.find((one) => one.modifier === part[1]);
      const column = name.slice(part[0].length + 1);
      return [name, row ? row[column] : Site.filledIn(name, "")];
    }
    if (Site.site.of_section.includes(name)) return [name, section[name]];
    return [name, Object.hasOwn(own, name) ? own[name] : Site.filledIn(name, cells[name])];
  }));
};

// The amount and the name of the lowest, median and highest locality.
Site.places = function (profile, cents, localities) {
  for (const rank of ["lowest", "median", "highest"]) {
    for (const setting of ["nonfacility", "facility"]) {
      const n = localities.findIndex(([locality]) => locality === profile[`${rank}_${setting}_locality`]);
      profile[`${rank}_${setting}_payment`] = (cents[setting][n] / 100).toFixed(2);
      profile[`${rank}_${setting}_locality_name`] = localities[n][2];
    }
  }
};

// What Medicare allows for a row in a place, in whole cents: the payment formula, rounded once, and
// not above the OPPS amount. Null where the indices of the place are not known.
Site.paymentCents = function (row, setting, place, factor) {
  const fee = Site.feeCents([row.paid_work_rvu, row[`${setting}_pe_rvu`], row.mp_rvu], place, factor);
  if (fee === null) return null;
  const opps = [row.opps_work_rvu, row[`${setting}_opps_pe_rvu`], row.opps_mp_rvu];
  return Number(opps[1]) + Number(opps[2]) > 0 ? Math.min(fee, Site.feeCents(opps, place, factor)) : fee;
};

// RVUs have 2 decimals, indices 3 and factors 4: as whole numbers they are exact, and so is their
// sum. ``place`` is a locality of the release: its indices stand after its key, state and name.
Site.feeCents = function (rvus, place, factor) {
  const indices = place.slice(3, 6);
  if (indices.some((one) => one === null)) return null;
  const weighed = rvus.reduce((sum, rvu, n) => sum + Math.round(rvu * 100) * Math.round(indices[n] * 1000), 0);
  return Math.floor((weighed * Math.round(factor * 10000) + 5000000) / 10000000);
};

// What a code was in each release that lists it, oldest first: {release, status, work, office and facility as
// Site.place.amount says them, change, names of the columns that changed, vanished: the release that lists it no more, causes}.
Site.history = async function (code) {
  const states = await Site.states(code);
  return states.map((state, n) => state && Site.historyOf(state, n, states)).filter(Boolean);
};

Site.historyOf = function ({ release, cells, change }, n, states) {
  const [own] = Site.rows(cells);
  const [kind, names, ...causes] = change || [n === 0 ? "first_loaded" : "unchanged", "", null, null, null, null, null, null];
  const cause = ([amount, rvu, factor]) => (amount === null ? null : { change: amount, rvu, factor });
  const next = n + 1 < states.length && !states[n + 1];
  return {
    release, status: own.status_code, work: Site.hasRvus(own) ? own.work_rvu : null, office: Site.place.nationally(own, "nonfacility"), facility: Site.place.nationally(own, "facility"),
    change: kind, names: names.split(",").filter(Boolean), vanished: next ? Site.site.loaded[states.length - 2 - n].release_id : "",
    causes: { office: cause(causes.slice(0, 3)), facility: cause(causes.slice(3)) },
  };
};
