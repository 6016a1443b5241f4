// How each kind of figure is derived, with an anchor that every figure links to.
"use strict";

Site.page = {};

Site.page.render = async function ({ subject }) {
  Site.frame.title(Site.words("method.heading"));
  const titles = {
    value: "code.value", payment: "code.payment", limiting: "code.limiting", places: "code.places", fees: "fee.settings", comparison: "code.comparison",
    global: "code.global", rules: "code.rules", parts: "code.parts", history: "code.history", care: "nav.care", text: "annotation.plain_language", evidence: "page.source",
  };
  const figures = { percent: Site.number(Site.site.limiting_charge_percent, 2) };
  Site.show(h("h1", {}, Site.words("method.heading")),
    h("div", { class: "prose" }, Object.entries(titles).map(([name, title]) => h("section", { id: name, class: name === subject ? "chosen" : null },
      h("h2", {}, Site.words(title)), h("p", {}, Site.filled(`method.${name}`, figures))))));
  document.getElementById(subject)?.scrollIntoView({ block: "center" });
};
