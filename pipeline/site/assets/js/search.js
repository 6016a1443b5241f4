// Search over all codes while typing: the index of the release is loaded when it is first needed.
"use strict";

Site.search = { most: 40, index: null, release: "" };

Site.search.prepare = async function () {
  const release = Site.release.release_id;
  if (Site.search.release === release && Site.search.index) return;
  const found = await Site.load(`${release}/search`);
  const places = found.places.map(([section, part]) => {
    const translated = [Site.words(`section.${section}`), part && Site.words(`subsection.${part}`)];
    return { section: translated[0], text: [...translated, section, part].join(" ") };
  });
  Site.search.index = found.lines.split("\n").map((line) => {
    const [code, place, label = "", words = ""] = line.split("\t");
    const { section, text } = places[place];
    return { code, label: label || words, section, text: ` ${label} ${words} ${text}`.toLowerCase() };
  });
  Site.search.release = release;
};

// Codes that begin with the query come first, then those where every word begins a word.
Site.search.find = function (query) {
  const asked = query.trim().toLowerCase();
  if (!asked) return [];
  const code = asked.toUpperCase();
  const words = asked.split(/\s+/);
  const byCode = [];
  const byWord = [];
  for (const entry of Site.search.index) {
    if (entry.code.startsWith(code)) byCode.push(entry);
    else if (words.every((word) => Site.search.begins(entry, word))) byWord.push(entry);
  }
  return byCode.concat(byWord);
};

Site.search.begins = function (entry, word) {
  let at = entry.text.indexOf(word);
  while (at >= 0) {
    // In Chinese and Korean words are not divided, so that any place begins one.
    if (!/[\p{L}\p{N}]/u.test(entry.text[at - 1]) || /[^\u0000-\u024f]/.test(word)) return true;
    at = entry.text.indexOf(word, at + 1);
  }
  return entry.code.toLowerCase().startsWith(word);
};

// A field with its list of results; ``choose`` is called with the code that is taken.
Site.search.connect = function (input, panel, list, status, choose) {
  let options = [];
  let active = -1;
  const close = () => {
    panel.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const activate = (n) => {
    options[active]?.setAttribute("aria-selected", "false");
    active = (n + options.length) % options.length;
    options[active].setAttribute("aria-selected", "true");
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
  };
  const update = async () => {
    const query = input.value;
    if (!query.trim()) return close();
    await Site.search.prepare();
    if (query !== input.value) return;
    const found = Site.search.find(query);
    const shown = found.slice(0, Site.search.most);
    active = -1;
    options = shown.map((entry, n) => h("li", {
      id: `${list.id}-${n}`, role: "option", "aria-selected": "false", "data-code": entry.code,
      onmousedown: (event) => { event.preventDefault(); close(); choose(entry.code); },
    }, h("span", { class: "code", dir: "ltr" }, entry.code),
      h("span", { class: "result-label" }, h("span", { dir: "auto" }, entry.label || entry.section),
        entry.label && h("span", { class: "muted" }, entry.section))));
    list.replaceChildren(...options);
    status.replaceChildren(...(found.length === 0
      ? Site.filled("page.search_none", { query })
      : found.length > shown.length
        ? Site.filled("page.search_first", { shown: shown.length, n: Site.number(found.length, 0) })
        : Site.filled("page.search_count", { n: found.length })));
    panel.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  input.addEventListener("focus", () => { Site.search.prepare(); if (input.value) update(); });
  input.addEventListener("input", update);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && options.length) { event.preventDefault(); activate(active + 1); }
    if (event.key === "ArrowUp" && options.length) { event.preventDefault(); activate(active < 0 ? -1 : active - 1); }
    if (event.key === "Escape") close();
    if (event.key === "Enter") {
      const taken = options[active] || options[0];
      if (!panel.hidden && taken) { event.preventDefault(); close(); choose(taken.dataset.code); }
    }
  });
};
