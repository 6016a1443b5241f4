// The lists of codes of a release, by section and subsection, and what each code pays.
"use strict";

Site.lists = {};

Site.lists.settings = { office: "nonfacility", facility: "facility" };

// The codes of a section in their order, or those of one ``part`` of it.
Site.lists.load = async function (section, part) {
  const n = Site.data.sections.findIndex((one) => one.section === section);
  const files = Site.data.lists[n].filter(([name]) => !part || name === part);
  const lists = await Promise.all(files.map(async ([, file]) => Site.unpacked(await Site.load(file))));
  return lists.flat().sort((one, other) => (one.hcpcs_code < other.hcpcs_code ? -1 : 1));
};

// What an amount of my place takes: the localities and the factor of the release in use.
Site.lists.place = () => ({
  localities: Site.data.localities, factor: Site.release.factors.find((one) => one.factor_class !== "qp").factor,
});

// Only what would have an amount has none because it is rarely or never done there.
Site.lists.isNa = (row, setting) => row[`${setting}_na`] && row.price_status === "priced";

Site.lists.numberOf = (value) => (value === null ? null : Number(value));

// What a listed code pays in a setting: {isNa, reason, national, local} in dollars; ``local`` is null
// without a place. Practice expense is what is left of the total.
Site.lists.amount = function (row, setting, { localities, factor }) {
  if (Site.lists.isNa(row, setting)) return { isNa: true, reason: null, national: null, local: null };
  const national = row[`${setting}_payment`];
  if (national === null) return { isNa: false, reason: row.price_status, national, local: null };
  const [oppsWork, nonfacility, facility, oppsMp] = row.opps_rvus ? row.opps_rvus.split("|") : ["0", "0", "0", "0"];
  const pe = (Site.cents(row[`${setting}_total_rvu`]) - Site.cents(row.work_rvu) - Site.cents(row.mp_rvu)) / 100;
  const rvus = {
    price_status: row.price_status, paid_work_rvu: row.work_rvu, [`${setting}_pe_rvu`]: pe, mp_rvu: row.mp_rvu, opps_work_rvu: oppsWork,
    nonfacility_opps_pe_rvu: nonfacility, facility_opps_pe_rvu: facility, opps_mp_rvu: oppsMp,
  };
  return { isNa: false, reason: null, national: Number(national), local: Site.place.payment(rvus, setting, factor, localities) };
};

Site.lists.cell = function ({ isNa, reason, national, local }) {
  if (isNa) return Site.na();
  return national === null ? Site.noAmount(reason) : Site.place.money(local, national);
};

// The amount in use: that of my place, or else the national one; null where there is none.
Site.lists.paid = ({ national, local }) => local ?? national;

// As plain figures with the decimals of the tables, for a file.
Site.lists.written = ({ isNa, national }) => (isNa ? "NA" : national === null ? "" : national.toFixed(2));
Site.lists.writtenHere = ({ isNa, local }) => (isNa ? "NA" : local === null ? "" : local.toFixed(2));
