// My place: the locality that somebody chose, and what Medicare pays there.
"use strict";

// The key is kept here too, where the browser forbids that it is remembered.
Site.place = { key: Site.remembered("place") };

Site.place.use = function (key) {
  Site.place.key = key;
  Site.remember("place", key);
};

// The locality in use as it stands in a release: [MAC-number, state, name, indices...]; null for none.
Site.place.of = (localities) => localities.find(([locality]) => locality === Site.place.key) || null;

// Words that CMS shortens, and those that stay in capitals or small letters.
Site.place.short = { CNTY: "County", CNTYS: "Counties", "SURR.": "Surrounding", POUGHKPSIE: "Poughkeepsie" };
Site.place.kept = ["DC", "MD", "VA", "NYC", "NJ", "N", "LLC"];

// "LOS ANGELES-LONG BEACH-ANAHEIM" as people write it.
Site.place.title = (name) => name.split(/([\s/()+,-]+)/).map((word) => {
  if (Object.hasOwn(Site.place.short, word)) return Site.place.short[word];
  if (Site.place.kept.includes(word)) return word;
  if (word === "OF") return "of";
  return word.charAt(0) + word.slice(1).toLowerCase();
}).join("");

Site.place.name = ([locality, state, name]) => (name ? `${Site.place.title(name)}, ${state}` : `${state} ${locality}`);

// Whether amounts are those of my place: one is chosen, and its indices are known.
Site.place.isKnown = function (localities = Site.data.localities) {
  const place = Site.place.of(localities);
  return place !== null && place[3] !== null;
};

// What stands over amounts, which are national ones where no place is chosen.
Site.place.heading = (localities) => Site.words(Site.place.isKnown(localities) ? "place.payment" : "code.payment");

// What stands beside an amount that is national although a place is chosen.
Site.place.nationalTag = () => Site.place.isKnown() && [" ", h("span", { class: "tag tag-national" }, Site.words("place.national"))];

// The localities of each state, both in the order of their names.
Site.place.byState = function (localities) {
  const states = Map.groupBy(localities, ([, state]) => state);
  const byName = (one, other) => Site.place.name(one).localeCompare(Site.place.name(other), "en");
  return [...states].sort(([one], [other]) => (one < other ? -1 : 1)).map(([state, places]) => [state, places.sort(byName)]);
};

// Where a ZIP code of five digits lies on a day: {locality}, or where nine digits are needed the
// {localities} that it lies in, or neither where no file lists it. The file of the day counts, or
// else the last before it, or else the first.
Site.place.ofZip = async function (zip, day) {
  const { places, runs } = await Site.load(`zip/${zip.charAt(0)}`);
  const number = Number(zip);
  const found = runs.filter(([first, count]) => first <= number && number < first + count)
    .map(([, , n]) => places[n].split("|")).sort(([one], [other]) => (one < other ? -1 : 1));
  const chosen = found.filter(([since]) => since <= day).pop() || found[0];
  if (!chosen) return {};
  const [, locality, localities] = chosen;
  return locality ? { locality } : { localities: localities.split(" ") };
};

// What Medicare pays for a row of a code in the place, in dollars; null where no place is chosen or
// the amount is not known.
Site.place.payment = function (row, setting, factor, localities = Site.data.localities) {
  const place = Site.place.of(localities);
  if (!place || !row || row.price_status !== "priced") return null;
  const cents = Site.paymentCents(row, setting, place, factor);
  return cents === null ? null : cents / 100;
};

// What a row of a code pays in a setting: {isNa, reason, national, local} in dollars. ``local`` is null without
// a place. Only what would have an amount has none because it is rarely or never done there.
Site.place.amount = function (row, setting, factor, localities = Site.data.localities) {
  const none = { isNa: false, reason: null, national: null, local: null };
  if (row.price_status !== "priced") return { ...none, reason: row.price_status };
  if (row[`${setting}_na`] === "true") return { ...none, isNa: true };
  return { ...none, national: Number(row[`${setting}_payment`]), local: Site.place.payment(row, setting, factor, localities) };
};

Site.place.nationally = (row, setting) => Site.place.amount(row, setting, null, []);

// The amount in use: that of my place, or else the national one; null where there is none.
Site.place.paid = ({ national, local }) => local ?? national;

// What stands in the place of an amount: NA or the reason where there is none.
Site.place.shown = function ({ isNa, reason, national, local }) {
  if (isNa) return Site.na();
  return national === null ? Site.noAmount(reason) : Site.place.money(local, national);
};

// The most that a provider who does not participate may charge for what is paid in the place.
Site.place.limiting = function (row, setting, factor) {
  const payment = Site.place.payment(row, setting, factor);
  return payment === null ? null : Math.floor((Site.cents(payment) * Math.round(Site.site.limiting_charge_percent * 100) + 5000) / 10000) / 100;
};

// An amount of the place with the national one beside it; the national one alone where there is no place.
Site.place.money = function (local, national) {
  if (local === null) return Site.money(national);
  return [h("span", { class: "here" }, Site.money(local)), " ",
    h("span", { class: "national" }, Site.filled("place.national_is", { amount: Site.money(national) }))];
};
