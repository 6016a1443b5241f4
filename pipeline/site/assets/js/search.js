// The field of the search with its list of results, for keyboard, pointer and screen reader.
"use strict";

Site.search = { most: 40, index: null, release: "", engine: ["search-index", "search-query", "search-spelling"] };

// Whoever does not search loads no more than this file.
Site.search.ready = function () {
  Site.search.loading = Site.search.loading || Promise.all(Site.search.engine.map((name) => new Promise((resolve, reject) => {
    document.head.append(h("script", { src: `assets/js/${name}.js`, onload: resolve, onerror: reject }));
  })));
  return Site.search.loading;
};

// Loads what is searched when it is first needed, and again when language or release change.
Site.search.prepare = async function () {
  const key = `${Site.release.release_id} ${Site.language}`;
  if (Site.search.release === key && Site.search.index) return;
  const [words, figures] = await Promise.all(
    [Site.load("search"), Site.load(`${Site.release.release_id}/search`), Site.search.ready()]);
  if (Site.search.release === key && Site.search.index) return;
  Site.search.index = Site.search.indexed(words, figures);
  Site.search.release = key;
};

// ``choose`` is called with the code that is taken, or with several, as in "99213,99214".
Site.search.connect = function (input, panel, list, status, choose) {
  const box = { input, panel, list, status, choose, options: [], active: -1 };
  // A region that is heard has to be there before its words are.
  box.heard = h("p", { class: "visually-hidden", role: "status" });
  panel.after(box.heard);
  const update = () => Site.search.update(box);
  input.addEventListener("focus", () => { Site.search.prepare(); if (input.value) update(); });
  input.addEventListener("input", update);
  input.addEventListener("blur", () => Site.search.close(box));
  input.addEventListener("keydown", (event) => Site.search.key(box, event));
};

Site.search.close = function (box) {
  box.panel.hidden = true;
  box.active = -1;
  box.input.setAttribute("aria-expanded", "false");
  box.input.removeAttribute("aria-activedescendant");
};

// One code has its page, several are compared.
Site.search.open = function (codes) {
  location.href = Site.link(codes.includes(",") ? "compare" : "code", codes);
};

Site.search.take = function (box, option) {
  Site.search.close(box);
  if (option.dataset.claim) {
    location.href = `${Site.link("claim")}&claim=${encodeURIComponent(option.dataset.claim)}`;
    return;
  }
  box.choose(option.dataset.code);
};

Site.search.activate = function (box, n) {
  box.options[box.active]?.setAttribute("aria-selected", "false");
  box.active = (n + box.options.length) % box.options.length;
  const option = box.options[box.active];
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  box.input.setAttribute("aria-activedescendant", option.id);
};

Site.search.key = function (box, event) {
  const { options, panel } = box;
  const isOpen = !panel.hidden;
  const steps = { ArrowDown: box.active + 1, ArrowUp: box.active < 0 ? -1 : box.active - 1 };
  if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    Site.search.close(box);
  } else if (event.key in steps) {
    event.preventDefault();
    if (!isOpen) Site.search.update(box);
    else if (options.length) Site.search.activate(box, steps[event.key]);
  } else if (event.key === "Enter" && isOpen && options.length) {
    event.preventDefault();
    Site.search.take(box, options[box.active] || options[0]);
  }
};

Site.search.update = async function (box) {
  const query = box.input.value;
  if (!query.trim()) return Site.search.close(box);
  await Site.search.prepare();
  if (query !== box.input.value) return;
  const found = Site.search.find(query);
  const shown = found.hits.slice(0, Site.search.most);
  const together = Site.search.offers(query, found);
  box.active = -1;
  box.input.removeAttribute("aria-activedescendant");
  box.options = [...together, ...shown.map(Site.search.option)];
  box.options.forEach((option, n) => {
    option.id = `${box.list.id}-${n}`;
    option.addEventListener("mousedown", (event) => { event.preventDefault(); Site.search.take(box, option); });
  });
  box.list.replaceChildren(...box.options);
  const words = Site.search.status(query, found, shown.length);
  box.status.replaceChildren(...words.map((line) => h("span", {}, line)));
  box.panel.hidden = false;
  box.panel.scrollTop = 0;
  box.input.setAttribute("aria-expanded", "true");
  Site.search.say(box);
};

// What is on the screen is said once the typing rests.
Site.search.say = function (box) {
  clearTimeout(box.saying);
  box.saying = setTimeout(() => { box.heard.textContent = [...box.status.children].map((line) => line.textContent).join(" "); }, 400);
};

// How many were found, what was understood instead, and why a name may be missing, a line for each.
Site.search.status = function (query, found, shown) {
  const n = found.hits.length;
  const lines = found.missing.length ? found.missing.map((code) => Site.filled("page.search_none", { query: code }))
    : n === 0 || found.meant ? [Site.filled("page.search_none", { query })] : [];
  if (found.meant) lines.push(Site.filled("page.search_meant", { meant: found.meant }));
  if (found.isNearest) lines.push(Site.filled("page.search_nearest"));
  if (n > shown) lines.push(Site.filled("page.search_first", { shown, n: Site.number(n, 0) }));
  else if (n > 0) lines.push(Site.filled("page.search_count", { n }));
  const isFound = found.codes.length > 0 || (!found.isNearest && found.hits.some(({ entry }) => entry.name)) || /\d{3}/.test(query);
  if (Site.search.index.withheld && !isFound) lines.push(Site.filled("page.search_withheld"));
  return lines;
};

// What a query is besides the codes that it names: of several a comparison and a claim, of one with modifiers
// or units a claim.
Site.search.offers = function (query, { codes, range }) {
  if (codes.length > 1 && !range) return [Site.search.together(codes), Site.search.asClaim(query)];
  return codes.length === 1 && Site.search.isClaimLine(Site.search.index, query) ? [Site.search.asClaim(query)] : [];
};

Site.search.together = (codes) => h("li", { role: "option", "aria-selected": "false", "data-code": codes.join(","), class: "option-together" },
  h("span", { class: "result-label" }, Site.filled("page.search_compare", { codes: codes.join(", ") })));

// The same codes as lines of a claim, with their modifiers and units, in an office on the release's first day.
Site.search.asClaim = function (query) {
  const lines = Site.search.claimLines(Site.search.index, query);
  const day = Site.day(Site.release.effective_from);
  const said = lines.map(({ code, modifiers, units }) => [code, ...modifiers].join("-") + (units === "1" ? "" : ` ×${units}`));
  return h("li", { role: "option", "aria-selected": "false", class: "option-together",
    "data-claim": lines.map(({ code, modifiers, units }) => [code, modifiers.join("~"), units, "11", day].join("!")).join("_") },
  h("span", { class: "result-label" }, Site.filled("page.search_claim", { lines: h("bdi", { dir: "ltr" }, said.join(", ")) })));
};

Site.search.option = function ({ entry, topic }) {
  // Without a name it goes by the phrase that it answers best.
  const label = entry.name || entry.topic?.label || entry.synonyms || entry.section;
  const further = [topic?.label, entry.section].filter((text) => text && text !== label);
  return h("li", { role: "option", "aria-selected": "false", "data-code": entry.code, class: entry.isListed ? null : "option-unlisted" },
    h("span", { class: "code", dir: "ltr" }, entry.code), " ",
    h("span", { class: "result-label" }, h("span", { dir: "auto" }, label), " ",
      further.length > 0 && h("span", { class: "muted" }, further.map((text, n) => [n > 0 && " · ", h("bdi", {}, text)]))), " ",
    h("span", { class: "result-figures" }, entry.isListed ? Site.search.figures(entry) : h("span", {}, Site.search.absence(entry))));
};

Site.search.figures = function ({ status, work, payment, setting, fee }) {
  const inWords = status && Site.search.shortened(Site.words(`status_code.${status}`));
  return [
    fee && Site.search.feeInWords(fee),
    payment && h("span", {}, Site.words(`code.${setting}`), " ", h("bdi", { class: "figure" }, Site.money(payment)), Site.place.isKnown() && [" ", Site.words("place.national")]),
    work && h("span", {}, Site.words("code.work"), " ", Site.bdi(Site.figure("rvu", work))),
    status && h("span", {}, Site.bdi(status), " · ", inWords),
  ].filter(Boolean).flatMap((part) => [part, " "]);
};

// A label up to what explains it.
Site.search.shortened = (text) => text.split(/[:.,;،؛：。，；(（]/)[0].trim();

// Which other schedule pays a code, and what: an amount, or from the lowest to the highest of all places.
Site.search.feeInWords = function ({ schedule, modifiers, lowest, highest }) {
  const money = (value) => h("bdi", { class: "figure" }, Site.moneyOfFee(schedule, value));
  const amount = highest ? Site.filled("fee.range", { lowest: money(lowest), highest: money(highest) }) : money(lowest);
  return h("span", { "data-fee": schedule }, Site.search.shortened(Site.words(`fee.schedule_${schedule}`)), " ",
    modifiers && [h("bdi", { dir: "ltr" }, modifiers), " "], amount);
};

// Where a code is listed that the release shown has not; numbers of releases count from the oldest.
Site.search.absence = function ({ first, last }) {
  const oldestFirst = [...Site.site.loaded].reverse();
  const shown = oldestFirst.findIndex((one) => one.release_id === Site.release.release_id);
  const named = (number) => Site.releaseName(oldestFirst[number].release_id);
  if (first > shown) return Site.filled("page.search_later", { release: named(first) });
  return last < shown ? Site.filled("page.search_deleted", { release: named(last + 1), last: named(last) }) : [];
};
