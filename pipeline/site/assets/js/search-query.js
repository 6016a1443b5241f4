// From what somebody types to codes: numbers first, then everyday phrases, then words.
"use strict";

const CODE = "[0-9A-Z][0-9]{3}[0-9A-Z]";
// Units as they stand behind a code: x2, x12.4 (miles of ambulances), and :3 as the command has them. Two digits
// after a colon are a modifier, as in HC:99213:25 of an electronic claim.
const UNITS = "(?:[X*×]|:(?!\\d\\d$))(\\d+(?:\\.\\d+)?)";
// A code as claims write it, with modifiers and units: 99213, 99213-25, 9921325, 99213-26-59, 99213x2.
const WRITTEN = new RegExp(`^(${CODE})(?:[-–—_:/]{0,2}[0-9A-Z]{2})*(?:${UNITS})?[-–—:.?!*%]*$`);
const UNITS_ALONE = new RegExp(`^${UNITS}$`);
const RANGE = new RegExp(`^(${CODE})[-–—](${CODE})$`);

// What matches a query: {hits, codes, range, missing, meant, isNearest}. Each hit is
// {entry, topic}; ``codes`` are those that a list names, ``meant`` is how a query was understood
// that finds nothing as it stands, and ``isNearest`` says that no code has all of its words.
Site.search.find = function (query) {
  const index = Site.search.index;
  const asked = Site.search.asked(index, query);
  if (asked.codes.length > 0) {
    const hits = asked.codes.map((code) => ({ entry: index.byCode.get(code) }));
    return { ...asked, hits };
  }
  const begun = Site.search.begun(index, query).map((entry) => ({ entry }));
  const found = Site.search.byWords(index, query);
  const hits = Site.search.unique([...begun, ...(begun.length && (found.meant || found.isNearest) ? [] : found.hits)]);
  if (hits.length && (begun.length || !found.meant)) return { codes: [], missing: [], ...found, meant: "", hits };
  return Site.search.asCode(index, asked.missing[0] || query) || { codes: [], missing: [], ...found };
};

Site.search.unique = function (hits) {
  const seen = new Map();
  for (const hit of hits) {
    if (!seen.has(hit.entry)) seen.set(hit.entry, hit);
  }
  return [...seen.values()];
};

// The codes that a query names, without modifiers and units.
Site.search.asked = function (index, query) {
  const tokens = Site.search.tokens(query).filter((token) => !UNITS_ALONE.test(token));
  const range = tokens.join(" ").replace(/ (TO|THRU|THROUGH|-|–) /g, "-").match(RANGE);
  if (range) {
    return { codes: Site.search.between(index, ...[range[1], range[2]].sort()).map(({ code }) => code), missing: [], range: true };
  }
  const written = tokens.map((token) => token.match(WRITTEN)?.[1]).filter((code) => code && /\d/.test(code));
  const codes = [...new Set(written.filter((code) => index.byCode.has(code)))];
  const apart = tokens.join("");
  if (codes.length === 0 && index.byCode.has(apart)) codes.push(apart);
  return { codes, missing: [...new Set(written)].filter((code) => !index.byCode.has(code)), range: false };
};

// The pieces of a query in capitals, without CPT, HCPCS and signs.
Site.search.tokens = function (query) {
  const text = Site.search.plain(query).toUpperCase().replace(/[®™#'"‘’“”<>()[\]]/g, " ")
    .replace(/\b(CPT|HCPCS|HC(?=:))[\s-]*(4(?!\d)|LEVEL I+)?[\s:-]*/g, " ").replace(/([X*×:]\s*\d+\.\d+)|(\w)\.(\w)/g, (_, units, before, after) => units || before + after)
    .replace(/ [X*×] (?=\d+\b)/g, " X");
  return text.split(/[\s,;|+&。，、；]+/).flatMap((token) => Site.search.sided(token)).filter(Boolean);
};

// The lines of a claim that a query names, in its order: {code, modifiers, units} of "99213 25, 85025 x2".
Site.search.claimLines = function (index, query) {
  const lines = [];
  for (const token of Site.search.tokens(query)) {
    const [, written, units] = token.match(new RegExp(`^(.*?)(?:${UNITS})?$`));
    const code = written.match(WRITTEN)?.[1];
    const last = lines.at(-1);
    if (code && index.byCode.has(code)) lines.push({ code, modifiers: written.slice(5).match(/[0-9A-Z]{2}/g) || [], units: units || "1" });
    else if (last && units && !written) last.units = units;
    else if (last && /^[-–]?[0-9A-Z]{2}$/.test(token)) last.modifiers.push(token.slice(-2));
  }
  return lines;
};

// Whether a query is one code with modifiers or units, and nothing else: "99213 in office" is none.
Site.search.isClaimLine = function (index, query) {
  const [first, ...others] = Site.search.tokens(query);
  const lines = Site.search.claimLines(index, query);
  return lines.length === 1 && first.startsWith(lines[0].code) && (lines[0].modifiers.length > 0 || lines[0].units !== "1")
    && others.every((token) => /^[-–]?[0-9A-Z]{2}$/.test(token) || UNITS_ALONE.test(token));
};

// Two codes with a stroke between are two; a modifier after one belongs to it.
Site.search.sided = (token) => (new RegExp(`^${CODE}(/${CODE})+$`).test(token) ? token.split("/") : [token]);

// Codes that begin with the query: 992, G01, 992*.
Site.search.begun = function (index, query) {
  const code = Site.search.plain(query).toUpperCase().replace(/^\s*(CPT|HCPCS)\s*/, "").replace(/[\s.#-]|[*%?]+\s*$/g, "");
  if (!/^(\d{1,4}|[A-Z]\d{1,3})$/.test(code)) return [];
  const found = index.entries.filter((entry) => entry.code.startsWith(code));
  return [...found.filter((entry) => entry.isListed), ...found.filter((entry) => !entry.isListed)];
};

// A number that is no code, as the code that differs least from it.
Site.search.asCode = function (index, query) {
  const typed = Site.search.plain(query).toUpperCase().replace(/[^0-9A-Z]/g, "");
  if (!/^[A-Z0-9]{4,6}$/.test(typed) || typed.replace(/\D/g, "").length < 3) return null;
  const alike = (code) => code.replace(/O/g, "0").replace(/[IL]/g, "1").replace(/S/g, "5");
  const letters = Site.search.letters(typed);
  const near = index.entries
    .filter((entry) => Site.search.unlike(letters, Site.search.letters(entry.code)) <= 4)
    .map((entry) => ({ entry, steps: alike(entry.code) === alike(typed) ? 0 : Site.search.distance(entry.code, typed, 1) }))
    .filter(({ steps }) => steps <= 1)
    .map((one) => ({ ...one, shared: [...typed].findIndex((sign, n) => sign !== one.entry.code[n]) }))
    .sort((a, b) => a.steps - b.steps || b.shared - a.shared || Site.search.tier(a.entry, 0) - Site.search.tier(b.entry, 0));
  if (near.length === 0) return null;
  return { hits: near, codes: [], missing: [], meant: near[0].entry.code };
};

Site.search.byWords = function (index, query) {
  const found = Site.search.exactly(index, query);
  if (found.hits.length) return found;
  const meant = Site.search.spelled(index, query);
  const second = meant ? Site.search.exactly(index, meant) : found;
  if (second.hits.length) return { ...second, meant };
  const nearest = Site.search.unique([...second.within || [], ...Site.search.nearest(index, meant || query)]);
  return { hits: nearest, meant: nearest.length ? meant : "", isNearest: nearest.length > 0 };
};

Site.search.exactly = function (index, query) {
  const asked = Site.search.phrase(index, query);
  if (asked.words.length === 0) return { hits: [], within: [] };
  const [topics, within] = Site.search.topicsOf(index, asked);
  const all = asked.kept.length ? Site.search.withAll(index, asked.kept) : [];
  const [payable, rest] = [all.filter(({ tier }) => tier === 0), all.filter(({ tier }) => tier > 0)];
  if (topics.length + all.length === 0) return { hits: [], within };
  return { hits: Site.search.unique([...topics, ...payable, ...within, ...rest]) };
};

// Codes of the phrases that the query is or begins, the fullest match first; then codes of the
// phrases that are a part of the query, the longest first.
Site.search.topicsOf = function (index, asked) {
  const [scored, within] = [new Map(), new Map()];
  const raise = (scores, topic, score) => { if (score > (scores.get(topic) || 0)) scores.set(topic, score); };
  for (const phrase of index.phrases) {
    raise(scored, phrase.topic, Site.search.likeness(phrase, asked));
    if (Site.search.isWithin(phrase, asked)) raise(within, phrase.topic, phrase.joined.length);
  }
  return [scored, within].map((scores) => [...scores].sort((a, b) => b[1] - a[1])
    .flatMap(([topic]) => topic.entries.map((entry) => ({ entry, topic })))
    .sort((a, b) => Boolean(b.entry.isListed) - Boolean(a.entry.isListed)));
};

// Chinese has no blanks, so that words are looked for within words.
Site.search.isChinese = (text) => /[\u3040-\u9fff]/.test(text);

// 2 where a phrase is what is asked, below 1 where it only begins so, 0 where it does not.
Site.search.likeness = function (phrase, asked) {
  if (phrase.joined === asked.joined || (asked.key && phrase.key === asked.key)) return 2;
  if (Site.search.isChinese(asked.joined)) {
    return asked.joined.length > 1 && phrase.joined.includes(asked.joined) ? asked.joined.length / phrase.joined.length : 0;
  }
  const begins = (words) => words.length > 0 && words.every((word) => phrase.words.some((one) => one.startsWith(word)));
  return begins(asked.kept) || begins(asked.words) ? Math.min(0.99, asked.joined.length / phrase.joined.length) : 0;
};

Site.search.isWithin = function (phrase, asked) {
  if (Site.search.isChinese(phrase.joined)) return phrase.joined.length > 1 && asked.joined.includes(phrase.joined);
  return phrase.kept.length > 0 && phrase.joined.length > 2 && phrase.words.every((word) => asked.words.includes(word));
};

// Entries that have all the words, in the order of their tier, then of how well they match.
Site.search.withAll = function (index, words) {
  const found = words.map((word, n) => Site.search.having(index, word, n === words.length - 1));
  found.sort((a, b) => a.size - b.size);
  const hits = [];
  for (const number of found[0].keys()) {
    if (found.every((one) => one.has(number))) {
      const froms = found.map((one) => one.get(number));
      hits.push(Site.search.hit(index, number, Math.max(...froms.map((from) => from >> 1)), froms.reduce((a, b) => a + b)));
    }
  }
  return hits.sort(Site.search.order);
};

Site.search.hit = function (index, number, from, loss) {
  const entry = index.entries[number];
  return { entry, tier: Site.search.tier(entry, from), loss };
};

Site.search.order = (a, b) => a.tier - b.tier || a.loss - b.loss || a.entry.rank - b.entry.rank || a.entry.name.length - b.entry.name.length
  || (a.entry.code < b.entry.code ? -1 : 1);

// What is payable comes first, then what own words found, then the rest, then other releases.
Site.search.tier = function (entry, from) {
  if (!entry.isListed) return 4;
  if (from === Site.search.from.section) return 3;
  if (entry.isPayable) return 0;
  return from === Site.search.from.own ? 1 : 2;
};

// Entries that have a word, or what it stands for: by number, twice where from, and one more where
// the word is only the beginning of one of theirs.
Site.search.having = function (index, word, isLast) {
  const found = new Map();
  const take = (posted, isBegun) => {
    for (const one of posted) {
      const [number, rank] = [one >> 2, (one & 3) * 2 + isBegun];
      if (!(found.get(number) <= rank)) found.set(number, rank);
    }
  };
  const exact = index.postings.get(word);
  if (exact) take(exact, 0);
  // A short word that is one is meant as it stands, unless it is still being typed.
  if (!exact || word.length > 3 || (isLast && word.length > 1)) {
    for (const longer of Site.search.beginning(index, word)) take(index.postings.get(longer), 1);
  }
  for (const meant of index.meanings.get(word) || []) {
    const [first, ...others] = meant.map((one) => index.postings.get(one) || []);
    const held = others.map((posted) => new Set(posted.map((one) => one >> 2)));
    take((first || []).filter((one) => held.every((numbers) => numbers.has(one >> 2))), 1);
  }
  return found;
};

// The longer words of the vocabulary that begin with a word.
Site.search.beginning = function* (index, word) {
  let [low, high] = [0, index.vocabulary.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (index.vocabulary[middle] < word) low = middle + 1;
    else high = middle;
  }
  for (let at = low; index.vocabulary[at]?.startsWith(word); at += 1) {
    if (index.vocabulary[at] !== word) yield index.vocabulary[at];
  }
};

// Codes that have the most of the words; a rare word counts for more than a common one.
Site.search.nearest = function (index, query) {
  const { kept } = Site.search.phrase(index, query);
  const scores = new Map();
  for (const word of new Set(kept)) {
    const found = word.length > 1 ? Site.search.having(index, word, false) : new Map();
    const weight = 1 / Math.log(3 + found.size);
    for (const [number, from] of found) {
      const [score, least] = scores.get(number) || [0, 0];
      scores.set(number, [score + weight, Math.max(least, from >> 1)]);
    }
  }
  const best = Math.max(0, ...[...scores.values()].map(([score]) => score));
  return [...scores].filter(([, [score]]) => score >= best * 0.75)
    .map(([number, [score, from]]) => Site.search.hit(index, number, from, -score))
    .sort((a, b) => a.loss - b.loss || Site.search.order(a, b));
};
