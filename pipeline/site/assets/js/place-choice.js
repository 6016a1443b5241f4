// The choice of my place in the header: by ZIP code, by state, or from the list of localities.
"use strict";

Site.place.choice = {};

Site.place.choice.show = function () {
  const place = Site.place.of(Site.data.localities);
  const holder = document.getElementById("my-place");
  const wasOpen = holder.firstElementChild && holder.firstElementChild.open;
  const status = h("p", { class: "place-status small", role: "status" });
  const list = h("select", { id: "place-list", dir: "ltr", onchange: (event) => Site.place.choice.use(event.target.value) },
    h("option", { value: "" }, Site.words("place.national")), Site.place.choice.options(Site.data.localities, place));
  const input = h("input", { id: "place-input", type: "search", autocomplete: "postal-code", spellcheck: "false", placeholder: Site.words("place.hint") });
  const look = (event) => { event.preventDefault(); Site.place.choice.look(input.value, status, list); };
  holder.replaceChildren(h("details", { open: wasOpen },
    h("summary", {}, h("span", { class: place ? "visually-hidden" : "place-label" }, Site.words("place.mine")), " ",
      h("strong", { id: "place-name" }, place ? Site.bdi(Site.place.name(place)) : Site.words("place.national"))),
    h("div", { class: "place-panel" },
      h("form", { onsubmit: look },
        h("label", { for: "place-input" }, Site.words("place.zip_or_state")),
        h("div", { class: "place-row" }, input, h("button", { type: "submit" }, Site.words("place.find")))),
      status,
      h("label", { for: "place-list" }, Site.words("place.locality")), list,
      h("p", { class: "small muted" }, Site.words("place.kept")),
      place && h("button", { type: "button", id: "place-remove", onclick: () => Site.place.choice.use("") }, Site.words("place.remove")))));
};

Site.place.choice.options = (localities, place) => Site.place.byState(localities).map(([state, places]) =>
  h("optgroup", { label: state || "–" }, places.map((one) => h("option", { value: one[0], selected: one === place }, Site.place.name(one)))));

Site.place.choice.use = async function (locality) {
  Site.place.use(locality);
  Site.place.choice.show();
  Site.frame.notices(Site.address());
  await Site.page.render(Site.address());
};

// What was typed: five or nine digits are a ZIP code, two letters a state.
Site.place.choice.look = async function (typed, status, list) {
  const text = typed.trim().toUpperCase();
  const say = (...said) => status.replaceChildren(...said);
  const digits = text.replace("-", "");
  if (/^(\d{5}|\d{9})$/.test(digits)) {
    const found = await Site.place.ofZip(digits.slice(0, 5), Site.day(Site.release.effective_from));
    if (found.locality && Site.data.localities.some(([one]) => one === found.locality)) return Site.place.choice.use(found.locality);
    if (!found.localities) return say(...Site.filled("place.zip_unknown", { zip: digits }));
    say(...Site.filled("place.zip_several", { zip: digits.slice(0, 5) }));
    return Site.place.choice.offer(list, ([locality]) => found.localities.includes(locality));
  }
  const ofState = Site.data.localities.filter(([, state]) => state === text);
  if (ofState.length === 1) return Site.place.choice.use(ofState[0][0]);
  if (!ofState.length) return say(...Site.filled("place.not_understood", { typed: text || "–" }));
  say(...Site.filled("place.state_several", { state: text, n: String(ofState.length) }));
  return Site.place.choice.offer(list, ([, state]) => state === text);
};

// Leaves the localities that fit in the list, to choose one of them.
Site.place.choice.offer = function (list, fits) {
  const fitting = Site.data.localities.filter(fits);
  list.replaceChildren(h("option", { value: "" }, "–"), ...Site.place.choice.options(fitting, null));
  list.value = "";
  list.focus();
};
