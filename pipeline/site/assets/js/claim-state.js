// The claim on the page, and the same in the address: &claim=CODE!MODIFIERS!UNITS!POS!DAY!MINUTES!CHARGE_...
// &by=KIND&at=LOCALITY&zip=ZIP. Whoever follows the link sees the same claim.
"use strict";

Site.claim = {};

Site.claim.fields = ["code", "modifiers", "units", "pos", "day", "minutes", "charge"];

Site.claim.empty = (before) => ({ code: "", modifiers: "", units: "1", minutes: "", charge: "", pos: before ? before.pos : "11", day: before ? before.day : Site.day(Site.release.effective_from) });

// Every blank becomes ~, which no field holds; a field may hold a decimal point, so ! divides them.
Site.claim.written = (lines) => lines.map((line) => Site.claim.fields.map((name) => String(line[name]).trim().replace(/[\s,]+/g, "~")).join("!")).join("_");

Site.claim.read = (text) => text.split("_").filter(Boolean).map((part) => {
  const values = part.split("!");
  return Object.fromEntries(Site.claim.fields.map((name, n) => [name, (values[n] || "").replaceAll("~", " ")]));
});

// {lines, kind, isParticipating, isQualified, zip, place: a locality or ""} of an address. A claim that names
// no place is in that which is remembered.
Site.claim.state = function (address) {
  const lines = Site.claim.read(address.claim || "");
  return {
    lines: lines.length ? lines : [Site.claim.empty(null)],
    kind: address.by || "physician", isParticipating: address.par !== "no", isQualified: address.qp === "yes",
    zip: address.zip || "", place: address.at || (address.zip ? "" : Site.place.key),
  };
};

Site.claim.address = (state) => ({
  claim: Site.claim.written(state.lines), by: state.kind === "physician" ? "" : state.kind, par: state.isParticipating ? "" : "no",
  qp: state.isQualified ? "yes" : "", at: state.place, zip: state.zip,
});

// Where a claim is priced: {locality}, or the {reason} that there is none.
Site.claim.placeOf = async function (zip, locality, day) {
  if (!zip) return locality ? { locality } : { reason: "locality_missing" };
  if (![5, 9].includes(zip.length)) return { reason: "zip_unknown" };
  const found = /^\d/.test(zip) ? await Site.place.ofZip(zip.slice(0, 5), day || "9999-12-31") : {};
  if (locality) return found.locality && found.locality !== locality ? { reason: "locality_conflict" } : { locality };
  if (found.locality) return found;
  if (!found.localities) return { reason: "zip_unknown" };
  return { reason: zip.length === 9 ? "zip9_unknown" : "zip4_needed" };
};

// What the ZIP code of a claim says on its first day, as Site.place.ofZip does; nothing without one.
Site.claim.ofZip = async function ({ zip, lines }) {
  return /^(\d{5}|\d{9})$/.test(zip) ? Site.place.ofZip(zip.slice(0, 5), lines[0].day || "9999-12-31") : {};
};

// A line as pricing reads it: units and minutes as numbers, the charge in cents; what is no number is NaN,
// which pricing refuses. Of units that may be miles it also reads the tenths.
Site.claim.line = function (state, line, place) {
  const number = (text, form = /^\d+$/) => (form.test(text.trim()) ? Number(text) : NaN);
  const charge = line.charge.trim().replace(/^\$/, "");
  // In an address a blank stands where a comma was.
  const isAmount = /^(\d{1,10}(\.\d{0,2}0*)?|\d{1,3}([ ,]\d{3}){1,3}\.\d{2})$/.test(charge);
  return {
    code: line.code.trim().toUpperCase(), modifiers: line.modifiers.toUpperCase().split(/[\s,]+/).filter(Boolean),
    units: number(line.units, /^(\d{1,6}(\.0*)?|\d{0,6}\.[1-9]0*)$/), pos: line.pos.trim(), day: line.day, place, kind: state.kind,
    charge: charge === "" ? null : isAmount ? Site.price.scaled(charge.replace(/[ ,]/g, ""), 2) : -1n,
    isParticipating: state.isParticipating, isQualified: state.isQualified, minutes: line.minutes.trim() === "" ? null : number(line.minutes),
  };
};

Site.claim.priced = async function (state) {
  const lines = await Promise.all(state.lines.map(async (line) =>
    Site.claim.line(state, line, await Site.claim.placeOf(state.zip, state.place, line.day))));
  return Site.price.claim(await Site.price.known(lines), lines);
};
