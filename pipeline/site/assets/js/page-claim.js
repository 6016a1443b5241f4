// Price a claim: its lines above, and below them what Medicare allows for each and why.
"use strict";

Site.page = {};

Site.page.render = async function (address) {
  Object.assign(Site.messages, await Site.load(`lang/${Site.language}-claim`));
  Site.frame.title(Site.words("claim.heading"));
  const state = Site.claim.state(address);
  const rules = await Site.price.rules();
  const form = h("div", {});
  const result = h("div", { class: "claim-result", "aria-live": "polite" });
  const update = async (focused = null) => {
    Site.page.toAddress(state);
    if (focused !== null) {
      form.replaceChildren(Site.claim.form(state, update));
      form.querySelector(`[data-line="${focused}"] input`).focus();
    }
    const priced = await Site.claim.priced(state);
    await Promise.all(priced.filter(({ status }) => status === "another_schedule").map(Site.page.addFees));
    result.replaceChildren(...Site.page.result(state, priced).flat(Infinity).filter(Boolean));
  };
  form.replaceChildren(Site.claim.form(state, update));
  Site.show(h("h1", {}, Site.words("claim.heading")), h("p", { class: "lead" }, Site.words("claim.lead")),
    Site.claim.places(rules), form, result,
    h("section", { class: "part" }, h("h2", {}, Site.words("claim.limits_heading")), h("p", {}, Site.words("claim.limits")),
      h("p", { class: "small muted" }, Site.words("claim.rounding"))));
  await update();
};

// The claim stands in the address without a new step of the browser's way back.
Site.page.toAddress = function (state) {
  const { subject, release, lang } = Site.address();
  const at = release ? `@${encodeURIComponent(release)}` : "";
  const values = Object.entries({ lang, ...Site.claim.address(state) }).filter(([, value]) => value);
  history.replaceState(null, "", `#${encodeURIComponent(subject)}${at}${values.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("")}`);
  document.body.dataset.ready = `${Site.language} ${location.hash}`;
};

Site.page.dollars = (cents) => (cents === null ? "" : `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`);

// BigInt to the number that is shown: cents of a claim are far below what a number holds exactly.
Site.page.money = (cents) => Site.money(Number(cents) / 100);

// Work RVUs times units of a line that has an amount, in hundredths; otherwise null, and for anesthesia, which has
// none.
Site.page.wrvu = ({ work, status }) => (status === "priced" && work.row.price_status !== "anesthesia" ? Site.price.scaled(work.row.work_rvu, 2) * BigInt(work.line.units || 0) : null);

Site.page.result = function (state, priced) {
  const filled = priced.filter(({ work }) => work.code);
  if (!filled.length) return [h("p", { class: "muted" }, Site.words("claim.empty"))];
  const paid = filled.filter((one) => one.status === "priced");
  const total = paid.reduce((sum, one) => sum + one.amount, 0n);
  const wrvu = filled.reduce((sum, one) => sum + (Site.page.wrvu(one) || 0n), 0n);
  const lines = filled.map((one) => Site.page.line(one));
  const fact = (words, value, id) => h("div", { class: "fact" }, h("dt", {}, Site.words(words)), h("dd", { class: "figure", id }, value));
  return [
    h("h2", {}, Site.words("claim.result")),
    h("dl", { class: "facts" }, fact("claim.total", paid.length ? Site.page.money(total) : "NA", "claim-total"),
      fact("claim.wrvu", Site.figure("rvu", paid.length ? Number(wrvu) / 100 : null), "claim-wrvu"), fact("claim.priced", Site.isolated(`${paid.length} / ${filled.length}`), "claim-priced")),
    Site.table([Site.words("claim.code"), Site.words("claim.why"), { figure: Site.words("code.work_alone") }, { figure: Site.words("claim.allowed") }],
      lines, Site.words("claim.result")),
    Site.page.buttons(state, filled),
  ];
};

Site.page.line = function (one) {
  const { work } = one;
  const wrvu = Site.page.wrvu(one);
  const label = [Site.codeLink(work.code), work.modifiers.size > 0 && [" ", h("span", { class: "muted", dir: "ltr" }, [...work.modifiers].join(" "))],
    work.release && h("span", { class: "row-label" }, Site.bdi(Site.releaseName(work.release.release_id)))];
  return [label, one.status === "priced" ? Site.page.notes(work) : [Site.page.reason(one), Site.page.elsewhere(one)],
    { figure: wrvu === null ? "NA" : Site.figure("rvu", Number(wrvu) / 100) }, { figure: one.amount === null ? Site.noAmount(one.status === "another_schedule" ? "other_benefit" : one.status) : Site.page.money(one.amount) }];
};

Site.page.percent = (factor) => `${Site.number(Number(factor) / 10000, 0, 2)}%`;

// What made the amount another than the fee, each with its percentage.
Site.page.notes = function ({ notes, line, setting, rank }) {
  const said = [Site.words(`code.${setting === "facility" ? "facility" : "office"}`)];
  if (line.units > 1) said.push(Site.plain("claim.times", { n: String(line.units) }));
  if (rank) said.push(`${Site.words("claim.rank")} ${Site.isolated(rank)}`);
  for (const [name, factor] of notes) {
    said.push(factor === null || factor === 0n ? Site.words(`step.${name}`) : `${Site.words(`step.${name}`)} ${Site.isolated(Site.page.percent(factor))}`);
  }
  return h("span", { class: "small" }, [...new Set(said)].join(" · "));
};

// Why there is no amount: a rule of claims, or the code's own status.
Site.page.reason = function ({ reason }) {
  const words = Site.messages[`reason.${reason}`] ? `reason.${reason}` : `price_status.${reason}`;
  return h("span", { class: "warning small", "data-reason": reason }, Site.words(words));
};

// What other schedules pay for the code of a line on its day: with its modifiers, or with any where none of
// those is the line's.
Site.page.addFees = async function (one) {
  const { code, day, modifiers } = one.work;
  const beside = day && Site.price.releaseOn(day);
  const fees = beside && await Site.fees.of(code, beside);
  const paid = (fees ? fees.said : []).filter(Site.fees.answers);
  const fitting = paid.filter((fee) => fee.modifiers.split(" ").filter(Boolean).every((modifier) => modifiers.has(modifier)));
  one.fees = fitting.length ? fitting : paid;
};

// The same in words: what is no part of the sum, with its schedule and its release.
Site.page.elsewhere = ({ fees = [] }) => fees.map((fee) => h("span", { class: "elsewhere small", "data-fee": `${fee.schedule} ${fee.modifiers}`.trim() },
  Site.words(`fee.schedule_${fee.schedule}`), " ", fee.modifiers && [Site.bdi(fee.modifiers), " "],
  h("strong", {}, Site.fees.amount(fee)), " ", Site.fees.unit(fee), h("span", { class: "row-label" }, Site.fees.source(fee))));

Site.page.buttons = function (state, priced) {
  const status = h("span", { class: "small muted", role: "status" });
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = Site.words("claim.copied");
    } catch {
      status.textContent = Site.words("claim.copy_refused");
    }
  };
  const csv = Site.page.csv(priced);
  return h("p", { class: "claim-buttons" },
    h("button", { type: "button", id: "claim-copy", onclick: () => copy(csv.replaceAll(",", "\t")) }, Site.words("claim.copy")), " ",
    h("button", { type: "button", id: "claim-link", onclick: () => copy(location.href) }, Site.words("claim.link")), " ",
    h("a", { id: "claim-csv", class: "button", download: "claim.csv", href: `data:text/csv;charset=utf-8,${encodeURIComponent(csv)}` }, Site.words("claim.csv")), " ", status);
};

// The columns of the command line's input and results; no value holds a comma or a quote.
Site.page.csv = function (priced) {
  const columns = ["date_of_service", "hcpcs_code", "modifiers", "units", "place_of_service", "locality", "release_id", "rank", "work_rvu", "price_status", "reason", "allowed_amount"];
  const plain = (text) => String(text ?? "").replace(/[",\r\n]/g, " ");
  const lines = priced.map((one) => {
    const { work } = one;
    const wrvu = Site.page.wrvu(one);
    return [work.day, work.code, [...work.modifiers].join(" "), work.line.units, work.line.pos, work.place ? work.place[0] : "",
      work.release ? work.release.release_id : "", work.rank || "", wrvu === null ? "" : Site.page.dollars(wrvu), one.status, one.reason, Site.page.dollars(one.amount)].map(plain).join(",");
  });
  return `${[columns.join(","), ...lines].join("\r\n")}\r\n`;
};
