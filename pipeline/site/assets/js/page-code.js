// The page of one code in one release.
"use strict";

Site.page = {};

Site.page.kinds = ["clinical_context", "physician_responsibility", "documentation", "examples", "questions", "cross_references", "synonyms"];

Site.page.render = async function ({ subject }) {
  const code = Site.codeWritten(subject);
  const [found, history, fees, time] = await Promise.all([
    Site.codeData(Site.release.release_id, code), Site.history(code), Site.fees.of(code), Site.parts.time(code),
  ]);
  Site.frame.title(code);
  if (!found) return Site.page.absent(code, history, fees);
  Object.assign(found, await Site.entry("text", Site.site.text_files, code));
  if (found.profile.price_status === "anesthesia") found.anesthesia = await Site.anesthesia(code);
  const sentences = Site.sentences(found.profile);
  const { parts } = Site;
  Site.show(
    parts.head(found, fees, sentences),
    h("div", { class: "parts" },
      parts.annotations(found, ["plain_language"]), time, parts.anesthesia(found.anesthesia), parts.settings(found, fees),
      parts.payment(found, sentences), parts.value(found, sentences), parts.places(found, sentences),
      parts.comparison(found, sentences), parts.global(found, sentences),
      h("div", { class: "parts-two" }, parts.annotations(found, Site.page.kinds)),
      parts.rules(found), parts.components(found, sentences), parts.history(found, history),
      parts.specialties(found),
      parts.about(found)));
  Site.contents();
};

// A code that the release does not list: what other schedules say of it, and which releases have it.
Site.page.absent = function (code, history, fees) {
  const releases = history.map(({ release }) => release);
  const known = fees && fees.said.length > 0;
  const oldestFirst = Site.site.loaded.map((one) => one.release_id).reverse();
  const numbers = releases.map((release) => oldestFirst.indexOf(release));
  Site.show(
    known ? h("div", { class: "code-head" }, Site.parts.title(code, null, fees.label))
      : h("h1", {}, Site.filled("page.no_code", { release: Site.releaseHere(), code: code || "–" })),
    known && h("p", { class: "muted" }, Site.filled("fee.not_in_pfs", { release: Site.releaseHere() })),
    releases.length > 0 && h("p", { id: "absence" }, Site.search.absence({ first: Math.min(...numbers), last: Math.max(...numbers) })),
    releases.length > 0 && h("p", {}, Site.filled("page.other_release", {
      releases: h("span", {}, releases.map((release, n) => [n > 0 && ", ", Site.releaseLink("code", code, release)])),
    })),
    known && [Site.parts.paidElsewhere(fees), h("div", { class: "parts" }, Site.parts.everySchedule(fees))]);
};
