// Words in the language in use, and figures as that language writes them.
"use strict";

Site.words = function (name, count) {
  const forms = Site.messages[name];
  if (!forms) return name;
  return forms.length === 1 ? forms[0] : forms[Site.plural(count ?? 0)];
};

// A text with {names} filled in, as a list of texts and elements.
Site.filled = function (name, values = {}, count = values.n) {
  const number = typeof count === "string" ? Number(count.replace(/\D/g, "")) : count;
  return Site.words(name, number).split(/\{(\w+)\}/).map((part, n) => {
    if (n % 2 === 0) return part;
    const value = values[part];
    return value instanceof Node ? value : Site.bdi(String(value ?? ""));
  });
};

// The same as one plain text, for attributes.
Site.plain = function (name, values = {}) {
  return Site.filled(name, values).map((part) => part.textContent ?? part).join("");
};

// The rules of critical care in the language in use, by their English texts; a page that shows them
// loads them.
Site.loadRules = async function () {
  const isThere = Site.site.rule_languages.includes(Site.language);
  Site.rules = isThere ? await Site.load(`lang/rules-${Site.language}`) : {};
};

// A rule in the language in use, or in English where it has no translation.
Site.rule = function (text) {
  const own = Site.rules[text];
  return own ? h("span", {}, own) : h("span", { lang: "en", dir: "ltr" }, text);
};

// Figures and codes keep their own direction inside a text that runs from the right.
Site.bdi = function (text) {
  const element = document.createElement("bdi");
  element.textContent = text;
  return element;
};

// Words one after the other, with the comma of the language.
Site.listed = (...words) => words.join({ ar: "، ", zh: "，" }[Site.language] || ", ");

// The same inside a plain text or a picture; the direction is that of its first strong sign.
Site.isolated = (text) => `\u2068${text}\u2069`;

// Digits stay those of the source in every language, so that figures can be compared with it. Where a
// minus, a plus, a percent or a dollar sign stands is for the language to say.
Site.format = function (options) {
  const key = JSON.stringify(options);
  Site.formats = Site.formats || {};
  Site.formats[key] = Site.formats[key] || new Intl.NumberFormat(Site.locale, { numberingSystem: "latn", ...options });
  // Some languages tell this dollar from others, which here is the only one.
  return (value) => Site.formats[key].format(value).replace("-", "−").replace("US$", "$");
};

Site.number = function (value, least, most = least) {
  return Site.format({ minimumFractionDigits: least, maximumFractionDigits: most })(value);
};

Site.percent = function (value, digits = 0, isSigned = false) {
  return Site.format({ style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits,
    signDisplay: isSigned ? "exceptZero" : "auto" })(value);
};

Site.figure = function (kind, value) {
  if (value === null || value === undefined || value === "") return "NA";
  switch (kind) {
    case "money": return Site.money(value);
    case "rvu": return Site.number(value, 2, 4);
    case "share": return Site.percent(value);
    case "percentile": return Site.ordinal(value);
    case "ratio": return value >= 1 ? Site.number(value, 1) : Site.number(value, 2);
    case "factor": return Site.number(value, 4);
    case "count": return Site.number(value, 0);
    default: return String(value);
  }
};

// English writes its percentiles as 1st, 2nd, 3rd; the other languages as numbers.
Site.ordinal = function (value) {
  const number = Site.number(value, 0);
  if (Site.language !== "en") return number;
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(Math.round(value));
  return number + { one: "st", two: "nd", few: "rd", other: "th" }[rule];
};

Site.money = function (value, digits = 2, isSigned = false) {
  if (value === null || value === undefined) return "NA";
  return Site.format({ style: "currency", currency: "USD", currencyDisplay: "narrowSymbol", minimumFractionDigits: digits,
    maximumFractionDigits: digits, signDisplay: isSigned ? "exceptZero" : "auto" })(value);
};

// Payment limits of drugs have tenths of a cent, in whatever setting they are paid.
Site.moneyOfFee = (schedule, value) => Site.money(value, schedule === "asp" || Math.round(1000 * value) % 10 ? 3 : 2);

// The payment or the total of RVUs in a setting; NA where CMS marks the service as rarely or never
// done there, for the file then repeats the figure of the other setting.
Site.inSetting = function (profile, setting, name) {
  if (profile[`${setting}_na`] === "true") return "NA";
  const value = profile[`${setting}_${name}`];
  return name.endsWith("rvu") ? Site.figure("rvu", value) : Site.money(value);
};

Site.hasRvus = (row) => ["work_rvu", "nonfacility_total_rvu", "facility_total_rvu"].some((name) => Number(row[name]) > 0);

// An amount in whole cents, which are added without a remainder.
Site.cents = (value) => Math.round(Number(value) * 100);

Site.signedMoney = (value) => Site.money(value, 2, true);

// A day as the release writes it, so that it reads the same in every language.
Site.day = function (text) {
  return String(text).slice(0, 10);
};

// The same day as the language writes it, and the month of a day.
Site.date = (text) => Site.calendar(text, { dateStyle: "medium" });
Site.month = (text) => Site.calendar(text, { year: "numeric", month: "long" });

Site.calendar = function (text, parts) {
  const settings = { ...parts, timeZone: "UTC", calendar: "gregory", numberingSystem: "latn" };
  return new Intl.DateTimeFormat(Site.locale, settings).format(new Date(Site.day(text)));
};

// A release as people date it: the month from which it is in effect, and its name.
Site.dated = (name, since) => `${Site.month(since)} · ${name}`;

Site.releaseName = function (release) {
  const held = Site.site.loaded.find((one) => one.release_id === release);
  return held ? Site.dated(release, held.effective_from) : release;
};

// The release in use.
Site.releaseHere = () => Site.releaseName(Site.release.release_id);

// The sentences that hold for a code, with its figures, by topic.
Site.sentences = function (profile) {
  const values = {};
  for (const [column, kind] of Object.entries(Site.site.kinds)) {
    values[column] = Site.figure(kind, profile[column]);
  }
  values.section = Site.words(`section.${profile.section}`);
  for (const column of Object.keys(values).filter((name) => name.endsWith("_locality_name"))) values[column] = Site.place.title(values[column]);
  return profile.sentences.split(",").filter(Boolean).map((name) => {
    const rule = Site.site.sentences[name];
    // An element can stand in one place only, so that each sentence has links of its own.
    for (const column of ["max_hcpcs_code", "endoscopic_base_code"]) {
      if (profile[column]) values[column] = Site.codeLink(profile[column]);
    }
    const parts = Site.filled(`sentence.${name}`, values, Number(profile[rule.counted] || 0));
    const hasAmount = Site.words(`sentence.${name}`, 2).split(/[{}]/).some((column) => Site.site.kinds[column] === "money");
    return { name, topic: rule.topic, provisional: rule.provisional, isNational: hasAmount && rule.topic !== "places" && !rule.says_national, parts };
  });
};
