// What every page has around its content: language, release, theme, notices, search.
"use strict";

Site.frame = {};

Site.frame.start = async function () {
  const site = await Site.load("site");
  Site.site = { ...site, releases: Site.unpacked(site.releases), loaded: Site.unpacked(site.loaded) };
  Site.frame.theme(Site.remembered("theme"));
  Site.frame.listen();
  await Site.frame.open();
};

// Everything that follows from the address.
Site.frame.open = async function () {
  const address = Site.address();
  const asked = address.lang || Site.remembered("lang") || "en";
  Site.language = Object.hasOwn(Site.site.languages, asked) ? asked : "en";
  const [messages, plurals] = await Promise.all([Site.load(`lang/${Site.language}`), Site.load("plural")]);
  Site.messages = messages;
  Site.plural = plurals[Site.language];
  // Spanish as it is written in the United States, where figures have a decimal point.
  Site.locale = { tl: "fil", es: "es-US" }[Site.language] || Site.language;
  Site.formats = {};
  Site.search.index = null;
  Site.release = Site.site.releases.find((one) => one.release_id === address.release)
    || Site.site.releases.find((one) => one.is_latest) || Site.site.releases[0];
  Site.data = await Site.releaseData(Site.release.release_id);
  Site.frame.words();
  Site.place.choice.show();
  Site.frame.notices(address);
  await Site.page.render(address);
  document.body.dataset.ready = `${Site.language} ${location.hash}`;
};

Site.frame.words = function () {
  document.documentElement.lang = Site.language;
  document.documentElement.dir = Site.language === "ar" ? "rtl" : "ltr";
  for (const element of document.querySelectorAll("[data-words]")) {
    element.textContent = Site.words(element.dataset.words);
  }
  for (const link of document.querySelectorAll("[data-page-link]")) {
    link.href = Site.link(link.dataset.pageLink);
  }
  const input = document.getElementById("search-input");
  input.placeholder = Site.words("page.search_hint");
  document.getElementById("search-results").setAttribute("aria-label", Site.words("page.search"));
  document.getElementById("language").value = Site.language;
  const theme = document.getElementById("theme");
  theme.title = Site.words("page.theme");
  theme.setAttribute("aria-label", theme.title);
  document.getElementById("release").replaceChildren(...Site.site.releases.map((one) => h("option", {
    value: one.release_id, selected: one === Site.release,
  }, Site.releaseName(one.release_id) + (one.is_latest ? ` (${Site.words("page.latest")})` : ""))));
  // On a phone the pages run on sideways.
  document.querySelector(".pages [aria-current]")?.scrollIntoView({ inline: "nearest", block: "nearest" });
  document.getElementById("copyright").textContent = Site.site.notice;
};

Site.frame.notices = function ({ subject, release }) {
  const notices = [];
  if (release && release !== Site.release.release_id) {
    const held = Site.site.releases.map((one, n) => [n > 0 && ", ", Site.releaseLink(document.body.dataset.page, subject, one.release_id)]);
    notices.push(Site.filled("page.release_absent", { asked: Site.releaseName(release), shown: Site.releaseHere(), releases: h("span", {}, held) }));
  }
  const place = Site.place.of(Site.data.localities);
  if (place && place[3] === null) notices.push(Site.filled("place.no_indices", { release: Site.releaseHere() }));
  const last = Site.day(Site.release.effective_to);
  if (last < new Date().toISOString().slice(0, 10)) notices.push(Site.filled("page.ended", { release: Site.releaseHere(), to: Site.date(last) }));
  if (Site.site.is_sample) notices.push(Site.words("page.sample"));
  if (Site.language !== "en") notices.push(Site.words("page.not_certified"));
  document.getElementById("notices").replaceChildren(...notices.map((text) => h("p", {}, text)));
};

Site.frame.title = function (text) {
  document.title = text ? `${text} · ${Site.words("page.title")}` : Site.words("page.title");
};

Site.frame.theme = function (theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
};

Site.frame.go = function (changes) {
  const address = { ...Site.address(), ...changes };
  const { subject, release, ...named } = address;
  const first = subject.split(",").map(encodeURIComponent).join(",");
  const at = release ? `@${encodeURIComponent(release)}` : "";
  const values = Object.entries(named).filter(([, value]) => value).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`);
  location.hash = `#${first}${at}${values.join("")}`;
};

Site.frame.listen = function () {
  window.addEventListener("hashchange", async () => {
    await Site.frame.open();
    if (document.activeElement === document.body) document.getElementById("content").focus({ preventScroll: true });
  });
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("content").focus();
  });
  document.getElementById("language").addEventListener("change", (event) => {
    Site.remember("lang", event.target.value);
    Site.frame.go({ lang: event.target.value });
  });
  document.getElementById("release").addEventListener("change", (event) => Site.frame.go({ release: event.target.value }));
  document.getElementById("theme").addEventListener("click", () => {
    const isDark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    Site.remember("theme", isDark ? "light" : "dark");
    Site.frame.theme(isDark ? "light" : "dark");
  });
  const [input, panel, list, status] = ["search-input", "search-panel", "search-results", "search-status"]
    .map((id) => document.getElementById(id));
  Site.search.connect(input, panel, list, status, Site.search.open);
  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !isTyping) { event.preventDefault(); input.focus(); }
  });
};

document.addEventListener("DOMContentLoaded", Site.frame.start);
