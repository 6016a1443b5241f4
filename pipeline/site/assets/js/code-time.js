// Codes that minutes decide: what a day's minutes make under both ways of counting, which codes an
// age and a place have, and anesthesia, which is paid by base units and time.
"use strict";

Site.parts = Site.parts || {};

// The parts on time and age of a code; none for one of which the care tables say nothing.
Site.parts.time = async function (code) {
  if (!(Site.site.care_codes || []).includes(code)) return [];
  const tables = await Site.care.tables();
  const day = Site.day(Site.release.effective_from);
  const timed = tables.time_unit.find((row) => row.hcpcs_code === code);
  const decided = tables.care_decision.some((row) => row.hcpcs_code === code);
  return [timed && Site.parts.minutes(tables, timed.code_family, day), decided && Site.parts.ages(tables, day)];
};

// The codes of a family that some minutes make, as in "99291 ×1, 99292 ×2".
Site.care.made = function (ranges, minutes) {
  return ranges.filter((row) => row.first_minute <= minutes && (row.last_minute === null || minutes <= row.last_minute));
};

Site.parts.minutes = function (tables, family, day) {
  const payers = ["medicare", "cpt"].map((payer) => [payer, Site.care.ranges(tables, family, payer, day)]).filter(([, ranges]) => ranges.length);
  if (!payers.length) return null;
  const made = (ranges, minutes) => {
    const rows = Site.care.made(ranges, minutes);
    return rows.length ? rows.map((row, n) => [n > 0 && ", ", h("span", { class: "code", dir: "ltr" }, `${row.hcpcs_code} ×${row.units}`)]) : Site.words("time.none");
  };
  const hasCalculator = family === "critical_care";
  const link = (minutes) => (hasCalculator ? h("a", { href: `${Site.link("critical-care")}&minutes=${minutes}` }, Site.bdi(String(minutes))) : Site.bdi(String(minutes)));
  const said = Site.care.edges(payers.map(([, ranges]) => ranges)).map((minutes) => h("li", { "data-minutes": minutes },
    Site.filled("time.at", { minutes: link(minutes), ...Object.fromEntries(payers.map(([payer, ranges]) => [payer, h("span", {}, made(ranges, minutes))])) })));
  const shown = payers.map(([payer, ranges]) => {
    const firsts = [...new Set(ranges.map((row) => row.first_minute))].sort((one, other) => one - other);
    const lines = [0, ...firsts].slice(0, 7).map((first, n, all) => {
      const next = [0, ...firsts][n + 1];
      const until = next ? `–${next - 1}` : "+";
      return [Site.bdi(`${first}${until}`), h("span", { "data-payer": payer, "data-from": first }, all.length && made(ranges, first))];
    });
    return h("div", {}, h("h3", {}, Site.words(`care.payer_${payer}`)),
      Site.table([Site.words("time.minutes"), Site.words("section.codes")], lines, Site.words(`care.payer_${payer}`)));
  });
  return Site.part("time.heading", "care", said.length > 0 && h("ul", { class: "said" }, said), h("div", { class: "two" }, shown),
    hasCalculator && h("p", {}, h("a", { href: Site.link("critical-care") }, Site.words("time.calculator"))));
};

// The minutes where something begins: the first code, and a further one under each payer with the minute before it.
Site.care.edges = function (payers) {
  const edges = payers.map((ranges) => [...new Set(ranges.map((row) => row.first_minute))].sort((one, other) => one - other).slice(0, 2));
  const [first] = edges[0];
  const further = edges.map(([, second]) => second).filter(Boolean).sort((one, other) => one - other);
  return [...new Set([first, further.length && further[0] - 1, ...further])].filter(Boolean);
};

Site.care.settings = ["inpatient", "outpatient", "emergency", "office", "transport"];

// Which codes an age has in each place.
Site.parts.ages = function (tables, day) {
  const rows = tables.care_decision.filter((row) => Site.care.inForce(row, day));
  const order = (row) => (row.first_age_unit === "day" ? row.first_age : row.first_age * Site.care.daysPerMonth);
  const bands = [...new Map(rows.map((row) => [row.age_band, row])).values()].sort((one, other) => order(one) - order(other));
  const settings = Site.care.settings.filter((setting) => rows.some((row) => row.care_setting === setting));
  const codes = (band, setting) => [...new Set(rows.filter((row) => row.age_band === band.age_band && row.care_setting === setting).map((row) => row.hcpcs_code))];
  const lines = bands.map((band) => [Site.care.ageWords(band), ...settings.map((setting) =>
    codes(band, setting).map((code, n) => [n > 0 && h("br", {}), Site.codeLink(code)]))]);
  return Site.part("time.ages", "care", Site.table([Site.words("care.age"), ...settings.map((setting) => Site.words(`care.${setting}`))], lines, Site.words("time.ages")));
};

Site.care.ageWords = function (band) {
  const written = (number, unit) => (unit === "month" && number % 12 === 0 && number > 24
    ? `${number / 12} ${Site.words("care.unit_year")}` : `${number} ${Site.words(`care.unit_${unit}`)}`);
  const first = written(band.first_age, band.first_age_unit);
  return band.last_age === null ? `≥ ${first}` : `${first} – ${written(band.last_age, band.last_age_unit)}`;
};

// ---------------------------------------------------------------- anesthesia

// {base_units, year, factors: [{factor_class, factor}]}, or null for a code without base units.
Site.anesthesia = async function (code) {
  const { units, factors } = await Site.load("anesthesia") || { units: {}, factors: {} };
  const year = Site.release.calendar_year;
  const mine = Site.unpacked(units).filter((row) => row.hcpcs_code === code && row.calendar_year <= year).pop();
  return mine ? { ...mine, factors: Site.unpacked(factors).filter((row) => row.release_id === Site.release.release_id) } : null;
};

// (base units + minutes / 15) times the factor, in whole numbers and rounded once, half up.
Site.anesthesiaPayment = function (base, minutes, factor) {
  const tenThousandths = Math.round(Number(factor) * 10000);
  const scaled = (base * 15 + minutes) * tenThousandths;
  return Math.floor((scaled * 2 + 1500) / 3000) / 100;
};

Site.parts.anesthesia = function (one) {
  if (!one) return null;
  const minutes = 60;
  const place = Site.place.of(Site.data.localities);
  const factors = [
    ...one.factors.map((row) => [[Site.words("anesthesia.national"), row.factor_class === "qp" && `, ${Site.words("code.class_qp")}`], row.factor, 4]),
    place && place[6] && [Site.place.name(place), place[6], 2],
  ].filter(Boolean);
  const lines = factors.map(([name, factor, digits]) => [name, { figure: Site.bdi(Site.money(factor, digits)) },
    { figure: h("strong", { "data-anesthesia": factor }, Site.money(Site.anesthesiaPayment(one.base_units, minutes, factor))) }]);
  const values = { base: one.base_units, minutes, time: Site.number(minutes / 15, 0, 1), units: Site.number(one.base_units + minutes / 15, 0, 1) };
  return Site.part("anesthesia.heading", "payment", h("p", {}, Site.filled("anesthesia.example", values)),
    lines.length > 0 && Site.table(["", { figure: Site.words("home.factor") }, { figure: Site.filled("anesthesia.for_minutes", { minutes }) }], lines, Site.words("anesthesia.heading")),
    one.calendar_year < Site.release.calendar_year && h("p", { class: "small muted" }, Site.filled("anesthesia.units_of", { year: one.calendar_year })),
    h("p", { class: "small muted" }, Site.words("anesthesia.place")));
};
