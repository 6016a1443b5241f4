// Elements. Texts from the data only ever become text nodes or attributes, never markup.
"use strict";

const SVG = "http://www.w3.org/2000/svg";

Site.make = function (namespace, tag, attributes, children) {
  const element = namespace
    ? document.createElementNS(namespace, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
};

const h = (tag, attributes, ...children) => Site.make(null, tag, attributes, children);
const svg = (tag, attributes, ...children) => Site.make(SVG, tag, attributes, children);

Site.codeLink = function (code) {
  return h("a", { href: Site.link("code", code), class: "code" }, Site.bdi(code || "–"));
};

// A part of a page: heading, the way to its derivation, content.
Site.part = function (name, method, ...content) {
  const id = `part-${name.replace(/\W/g, "-")}`;
  return h("section", { class: "part", "aria-labelledby": id },
    h("div", { class: "part-head" },
      h("h2", { id }, Site.words(name)),
      method && h("a", { class: "derived", href: Site.link("method", method) },
        Site.words("page.how_derived"), h("span", { class: "visually-hidden" }, `: ${Site.words(name)}`))),
    ...content);
};

// A table with its headings; cells are texts, elements, or {figure: text}.
Site.table = function (headings, lines, caption) {
  const cell = (value, n) => {
    const isFigure = value && typeof value === "object" && "figure" in value;
    const content = isFigure ? value.figure : value;
    const classes = isFigure ? "figure" : null;
    return n === 0 ? h("th", { scope: "row", class: classes }, content) : h("td", { class: classes }, content);
  };
  return h("div", { class: "table", tabindex: "0", role: "group", "aria-label": caption },
    h("table", {},
      h("caption", { class: "visually-hidden" }, caption),
      h("thead", {}, h("tr", {}, headings.map((heading) => {
        const isFigure = heading && typeof heading === "object" && "figure" in heading;
        return heading === "" ? h("td") : h("th", { scope: "col", class: isFigure ? "figure" : null }, isFigure ? heading.figure : heading);
      }))),
      h("tbody", {}, lines.map((line) => h("tr", {}, line.map(cell))))));
};

// The same figures as a picture, for those who would rather read them.
Site.asTable = function (table) {
  return h("details", { class: "as-table" }, h("summary", {}, Site.words("page.as_table")), table);
};

Site.provisional = function () {
  return h("span", { class: "tag tag-provisional" }, Site.words("page.provisional"));
};

Site.releaseTag = function () {
  return h("span", { class: "tag" }, Site.bdi(Site.releaseHere()));
};

Site.show = function (...content) {
  document.getElementById("content").replaceChildren(...content.flat(Infinity).filter(Boolean));
};

// NA, where CMS marks a service as rarely or never done in a setting.
Site.na = () => h("abbr", { title: Site.words("code.na") }, "NA");

// Why there is no amount, in its place; the whole reason is read at it.
Site.noAmount = (status) => h("abbr", { class: "reason", title: Site.words(`price_status.${status}`) }, Site.words(`no_amount.${status}`));

// Hands the lines that ``linesOf`` gives over as a file for a spreadsheet; codes keep their zeros, because
// they are quoted texts.
Site.csvButton = function (name, headings, linesOf) {
  const quoted = (value) => `"${String(value ?? "").replaceAll('"', '""')}"`;
  return h("button", {
    type: "button",
    onclick: () => {
      const text = [headings, ...linesOf()].map((line) => line.map(quoted).join(",")).join("\r\n");
      const link = h("a", { href: URL.createObjectURL(new Blob([`\ufeff${text}\r\n`], { type: "text/csv" })), download: `${name}.csv` });
      link.click();
      URL.revokeObjectURL(link.href);
    },
  }, "CSV");
};
