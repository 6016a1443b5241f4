// Data files and the address. A page opened from a folder may load scripts and nothing else, so
// each data file is a script that calls Site.put, with its value packed as deflated JSON in base64.
"use strict";

const Site = { waiting: new Map(), loaded: new Map() };

Site.put = function (name, value) {
  Site.loaded.set(name, value);
};

// A promise of the value of a data file; null where there is no such file.
Site.load = function (name) {
  if (!Site.waiting.has(name)) {
    Site.waiting.set(name, new Promise((resolve) => {
      const script = document.createElement("script");
      const path = name.split("/").map(encodeURIComponent).join("/");
      script.src = `data/${path}.js`;
      script.onload = () => resolve(Site.loaded.has(name) ? Site.opened(Site.loaded.get(name)) : null);
      script.onerror = () => resolve(null);
      document.head.append(script);
    }));
  }
  return Site.waiting.get(name);
};

// The value of a data file; one that is no text was not packed.
Site.opened = async function (value) {
  if (typeof value !== "string") return value;
  const bytes = Uint8Array.from(atob(value), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
};

// The address after #: a subject, the release after @, and named values, as in
// 92950@RVU25D&lang=ar
Site.address = function () {
  const [first, ...named] = location.hash.slice(1).split("&");
  const [subject, release] = first.split("@").map(Site.decoded);
  const values = Object.fromEntries(named.map((part) => part.split("=").map(Site.decoded)));
  return { subject: subject || "", release: release || "", ...values };
};

// The code of a subject: addresses are typed too, as claims write a code (99213-25).
Site.codeWritten = (text) => text.trim().toUpperCase().replace(/^([0-9A-Z]{5})([-:_ ]{1,2}[0-9A-Z]{2})+$/, "$1");

// A broken escape in an address is taken as it stands.
Site.decoded = function (text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

// The link to a subject of a page, in the release and language in use.
Site.link = function (page, subject = "", release = Site.release && Site.release.release_id) {
  const at = release ? `@${encodeURIComponent(release)}` : "";
  const lang = Site.language && Site.language !== "en" ? `&lang=${Site.language}` : "";
  const codes = subject.split(",").map(encodeURIComponent).join(",");
  return `${page}.html#${codes}${at}${lang}`;
};

// The rows of a table that is packed by column: its different values, and for each row the number
// of its value.
Site.unpacked = function (columns) {
  const names = Object.keys(columns);
  const numbers = names.length ? columns[names[0]][1] : [];
  return numbers.map((_, n) => Object.fromEntries(names.map((name) => {
    const [values, chosen] = columns[name];
    return [name, values[chosen[n]]];
  })));
};

// The lines of a text, cell by cell; codes are written without what they share with the one before.
Site.codeLines = function* (text) {
  let before = "";
  for (const line of text ? text.split("\n") : []) {
    const [short, ...cells] = line.split("\t");
    before = before.slice(0, Math.max(0, 5 - short.length)) + short;
    yield [before, ...cells];
  }
};

// What a release has for all pages: its sections, its localities with their indices, its lists.
Site.releaseData = async function (release) {
  const data = await Site.load(`${release}/release`);
  if (!Array.isArray(data.sections)) data.sections = Site.unpacked(data.sections);
  return data;
};

// The link to a subject in another release, or its name alone where these pages do not hold it.
Site.releaseLink = function (page, subject, release) {
  const isHeld = Site.site.releases.some((one) => one.release_id === release);
  const name = Site.bdi(Site.releaseName(release));
  return isHeld ? h("a", { href: Site.link(page, subject, release) }, name) : name;
};

Site.remember = function (name, value) {
  try {
    localStorage.setItem(`fee-schedule-${name}`, value);
  } catch { /* A browser may forbid it; then nothing is remembered. */ }
};

Site.remembered = function (name) {
  try {
    return localStorage.getItem(`fee-schedule-${name}`) || "";
  } catch {
    return "";
  }
};
