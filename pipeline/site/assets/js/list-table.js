// A table of many lines: sorted by any column, filtered by words, and taken along as a file.
"use strict";

// A column is {name, heading, cell, value, text}: ``cell`` writes a row's figure or words, ``value``
// gives what it is sorted by (null comes last), ``text`` what the file has. Without a heading it is in
// the file alone, and without a text on the page alone. ``count`` and ``all`` name the words for how many
// rows there are and for showing all of them.
Site.listTable = function ({ columns, rows, caption, most = Infinity, group = null, order = null, count = "page.search_count", all = "section.show_all" }) {
  const shown = columns.filter((one) => one.heading);
  const state = { sorted: order, isDown: Boolean(order), most, words: [], keeps: () => true };
  const texts = new Map();
  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, columns.map((one) => (one.search || one.text || (() => ""))(row)).join(" ").toLowerCase());
    return texts.get(row);
  };
  const chosen = () => {
    const kept = rows.filter((row) => state.keeps(row) && state.words.every((word) => textOf(row).includes(word)));
    const by = columns.find((one) => one.name === state.sorted);
    return by ? Site.sorted(kept, by.value, state.isDown) : kept;
  };
  const status = h("p", { class: "small muted", role: "status" });
  const more = h("button", { type: "button", class: "wide", onclick: () => { state.most = Infinity; draw(); } });
  const body = h("tbody", {});
  const heads = shown.map((one) => h("th", { scope: "col", class: one.isFigure ? "figure" : null },
    h("button", { type: "button", class: "sort", onclick: () => {
      state.isDown = state.sorted === one.name ? !state.isDown : Boolean(one.isFigure);
      state.sorted = one.name;
      draw();
    } }, one.heading)));
  const line = (row) => h("tr", {}, shown.map((one, n) => h(n === 0 ? "th" : "td", { scope: n === 0 ? "row" : null, class: one.isFigure ? "figure" : null }, one.cell(row))));
  const grouped = (found) => found.flatMap((row, n) => {
    const isFirst = group && !state.sorted && group.of(row) && (n === 0 || group.of(row) !== group.of(found[n - 1]));
    return [...(isFirst ? [h("tr", { class: "group" }, h("th", { scope: "rowgroup", colspan: shown.length }, group.heading(row)))] : []), line(row)];
  });
  const draw = () => {
    const found = chosen();
    body.replaceChildren(...grouped(found.slice(0, state.most)));
    heads.forEach((head, n) => head.setAttribute("aria-sort", shown[n].name !== state.sorted ? "none" : state.isDown ? "descending" : "ascending"));
    const n = Site.number(found.length, 0);
    status.replaceChildren(...(found.length > state.most ? Site.filled("page.search_first", { shown: Site.number(state.most, 0), n }) : Site.filled(count, { n })));
    more.hidden = found.length <= state.most;
    more.replaceChildren(...Site.filled(all, { n }));
  };
  draw();
  const table = h("div", { class: "table", tabindex: "0", role: "group", "aria-label": caption },
    h("table", {}, h("caption", { class: "visually-hidden" }, caption), h("thead", {}, h("tr", {}, heads)), body));
  return {
    table, status, more, chosen,
    // Leaves the rows that fit in the table.
    keep: (keeps) => { state.keeps = keeps; draw(); },
    find: (text) => { state.words = text.toLowerCase().split(/\s+/).filter(Boolean); draw(); },
  };
};

// Rows by a value; those that have none stand at the end whichever way it goes.
Site.sorted = function (rows, valueOf, isDown) {
  const valued = rows.map((row) => [valueOf(row), row]);
  const compare = ([one], [other]) => {
    if (one === null || other === null) return (one === null) - (other === null);
    const order = typeof one === "number" ? one - other : String(one).localeCompare(String(other), Site.locale, { numeric: true });
    return isDown ? -order : order;
  };
  return valued.sort(compare).map(([, row]) => row);
};

// A table with its tools: words to filter by, further choices, and the file of what is left.
Site.toolTable = function (name, settings, ...choices) {
  const list = Site.listTable(settings);
  const filter = h("input", { type: "search", class: "table-filter", "aria-label": Site.words("page.search"), placeholder: Site.words("page.search"), oninput: ({ target }) => list.find(target.value) });
  const written = settings.columns.filter((one) => one.text);
  const csv = Site.csvButton(name, written.map((one) => one.name), () => list.chosen().map((row) => written.map((one) => one.text(row))));
  return { list, content: [h("p", { class: "table-tools" }, filter, " ", choices.map((one) => [one, " "]), csv), list.status, list.table, list.more] };
};
