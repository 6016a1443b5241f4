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

Site.lists.isNa = (row, setting) => row[`${setting}_na`] && row.price_status === "priced";

Site.lists.numberOf = (value) => (value === null ? null : Number(value));

// What a listed code pays in a setting, as Site.place.amount says it. Practice expense is what is left of the
// total.
Site.lists.amount = function (row, setting, { localities, factor }) {
  const [oppsWork, nonfacility, facility, oppsMp] = row.opps_rvus ? row.opps_rvus.split("|") : ["0", "0", "0", "0"];
  const pe = (Site.cents(row[`${setting}_total_rvu`]) - Site.cents(row.work_rvu) - Site.cents(row.mp_rvu)) / 100;
  return Site.place.amount({
    ...row, [`${setting}_na`]: String(row[`${setting}_na`]), paid_work_rvu: row.work_rvu, [`${setting}_pe_rvu`]: pe,
    opps_work_rvu: oppsWork, nonfacility_opps_pe_rvu: nonfacility, facility_opps_pe_rvu: facility, opps_mp_rvu: oppsMp,
  }, setting, factor, localities);
};

// Work of a code without any RVUs is none, not zero.
Site.lists.work = (row) => (Site.hasRvus(row) ? row.work_rvu : null);

// As plain figures with the decimals of the tables, for a file.
Site.lists.written = ({ isNa, national }) => (isNa ? "NA" : national === null ? "" : national.toFixed(2));
Site.lists.writtenHere = ({ isNa, local }) => (isNa ? "NA" : local === null ? "" : local.toFixed(2));
