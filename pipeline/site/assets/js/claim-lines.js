// The lines of the claim as a form: fields in rows, which the keyboard adds and takes away.
"use strict";

Site.claim.widths = { code: "6", modifiers: "7", units: "4", pos: "4", day: "10", minutes: "4", charge: "8" };

Site.claim.form = function (state, update) {
  const body = h("tbody", {}, state.lines.map((line, n) => Site.claim.row(state, line, n, update)));
  const heading = (name) => h("th", { scope: "col" }, Site.words(`claim.${name}`));
  return h("form", { class: "claim-form", onsubmit: (event) => { event.preventDefault(); Site.claim.add(state, state.lines.length - 1, update); } },
    Site.claim.terms(state, update),
    h("div", { class: "table", tabindex: "0", role: "group", "aria-label": Site.words("claim.lines") },
      h("table", { class: "claim-lines" },
        h("thead", {}, h("tr", {}, Site.claim.fields.map(heading), h("td"))), body)),
    h("p", { class: "claim-buttons" },
      h("button", { type: "submit", id: "claim-add" }, Site.words("claim.add")), " ",
      h("span", { class: "small muted" }, Site.words("claim.keys"))));
};

Site.claim.row = function (state, line, n, update) {
  const field = (name) => {
    const input = h("input", {
      type: name === "day" ? "date" : "text", value: line[name], size: Site.claim.widths[name], autocomplete: "off", spellcheck: "false",
      "data-field": name, "aria-label": Site.plain("claim.field_of", { field: Site.words(`claim.${name}`), n: String(n + 1) }),
      list: name === "pos" ? "claim-places" : null, dir: "ltr",
    });
    input.addEventListener("change", () => { line[name] = input.value; update(); });
    return h("td", {}, input);
  };
  return h("tr", { "data-line": n, onkeydown: (event) => Site.claim.key(event, state, n, update) }, Site.claim.fields.map(field),
    h("td", {}, h("button", {
      type: "button", class: "quiet", "aria-label": Site.plain("claim.remove", { n: String(n + 1) }),
      onclick: () => Site.claim.take(state, n, update),
    }, "×")));
};

// Enter adds a line below, Ctrl+Backspace or Ctrl+Delete takes the line away.
Site.claim.key = function (event, state, n, update) {
  const isInput = event.target.tagName === "INPUT";
  if (event.key === "Enter" && isInput) {
    event.preventDefault();
    state.lines[n][event.target.dataset.field] = event.target.value;
    Site.claim.add(state, n, update);
  } else if (event.ctrlKey && (event.key === "Backspace" || event.key === "Delete")) {
    event.preventDefault();
    Site.claim.take(state, n, update);
  }
};

Site.claim.add = function (state, n, update) {
  state.lines.splice(n + 1, 0, Site.claim.empty(state.lines[n]));
  update(n + 1);
};

Site.claim.take = function (state, n, update) {
  state.lines.splice(n, 1);
  if (!state.lines.length) state.lines.push(Site.claim.empty(null));
  update(Math.min(n, state.lines.length - 1));
};

// What holds for the whole claim: who bills, and where.
Site.claim.terms = function (state, update) {
  const set = (name, read) => (event) => { state[name] = read(event.target); update(); };
  const check = (name, words) => h("label", { class: "choice" },
    h("input", { type: "checkbox", checked: state[name], onchange: set(name, (target) => target.checked) }), " ", Site.words(words));
  return h("div", { class: "claim-terms" },
    Site.claim.where(state, update),
    h("div", { class: "field" }, h("label", { for: "claim-kind" }, Site.words("claim.kind")),
      h("select", { id: "claim-kind", onchange: set("kind", (target) => target.value) },
        Site.claim.kinds.map((kind) => h("option", { value: kind, selected: kind === state.kind }, Site.words(`provider.${kind}`))))),
    check("isParticipating", "claim.participating"), check("isQualified", "claim.qualified"));
};

// Where the service was given, by ZIP code or from the list: of this claim alone, whatever is remembered.
Site.claim.where = function (state, update) {
  const status = h("p", { class: "place-status small", role: "status" });
  const input = h("input", { id: "claim-zip", type: "text", inputmode: "numeric", size: "10", maxlength: "10", autocomplete: "off", dir: "ltr", value: state.zip });
  const list = h("select", { id: "claim-place", dir: "ltr" });
  const show = async () => {
    const found = await Site.claim.ofZip(state);
    const fits = ([locality]) => !found.localities || found.localities.includes(locality);
    const places = Site.data.localities.filter(fits);
    const chosen = found.locality || state.place;
    list.replaceChildren(h("option", { value: "" }, "–"), ...Site.place.choice.options(places, places.find(([locality]) => locality === chosen) || null));
    const problem = found.localities ? "place.zip_several" : state.zip && !found.locality ? "place.zip_unknown" : null;
    status.replaceChildren(...(problem ? Site.filled(problem, { zip: state.zip }) : []));
  };
  input.addEventListener("change", () => {
    Object.assign(state, { zip: input.value.replace(/[\s-]/g, ""), place: "" });
    show();
    update();
  });
  list.addEventListener("change", async () => {
    // A place that the ZIP code does not leave open is another place.
    if (!(await Site.claim.ofZip(state)).localities) state.zip = input.value = "";
    state.place = list.value;
    show();
    update();
  });
  show();
  return h("div", { class: "field claim-where" }, h("label", { for: "claim-zip" }, Site.words("claim.zip")), input, status,
    h("label", { for: "claim-place" }, Site.words("place.locality")), list, h("p", { class: "small muted" }, Site.words("claim.own_place")));
};

Site.claim.kinds = ["physician", "npp", "csw", "mft", "mhc", "dietitian", "midwife", "other"];

Site.claim.places = (rules) => h("datalist", { id: "claim-places" },
  rules.place_of_service.map((row) => h("option", { value: row.place_of_service }, Site.words(`place_of_service.${row.place_of_service}`))));
