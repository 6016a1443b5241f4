// What the search looks in: words of every code with the codes that have them, everyday phrases,
// and the figures of the release that is shown.
"use strict";

// Where a code has a word from; a lower number is the surer find.
Site.search.from = { name: 0, own: 1, section: 2 };

// Small letters without marks, digits as ASCII has them.
Site.search.plain = function (text) {
  const small = text.toLowerCase();
  if (/^[\x00-\x7f]*$/.test(small)) return small;
  return small.normalize("NFKD").replace(/\p{M}|\u0640/gu, "").replace(/đ/g, "d").replace(/ß/g, "ss")
    .replace(/ة/g, "ه").replace(/ى/g, "ي")
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15));
};

// A word as it is compared: without the ending of an English plural or the Arabic article.
Site.search.stem = function (word) {
  if (/^[a-z]{3,}[^siu]s$/.test(word)) return word.endsWith("ies") ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  return /^ال[\u0620-\u064a]{3,}$/.test(word) ? word.slice(2) : word;
};

// The pieces of a text between blanks, as they are written: w/o, i&d, x-ray.
Site.search.pieces = (text) => Site.search.plain(text).split(/[\s,;:()?!¿¡。，、；：？]+/u).filter(Boolean);

// The words of a piece: its parts.
Site.search.parts = (piece) => piece.split(/[^\p{L}\p{N}]+/u).filter(Boolean).map(Site.search.stem);

Site.search.joined = (text) => text.replace(/[^\p{L}\p{N}]+/gu, "");

Site.search.indexed = function (found, figures) {
  const index = {
    entries: [], byCode: new Map(), postings: new Map(), phrases: [], withheld: found.withheld,
    meanings: new Map(Object.entries(found.words).map(([word, texts]) =>
      [Site.search.plain(word), texts.split("; ").map((text) => Site.search.pieces(text).flatMap(Site.search.parts))])),
    ignored: new Set(found.ignored.map(Site.search.plain)), known: new Map(),
  };
  Site.search.addEntries(index, found);
  Site.search.addFigures(index, figures);
  Site.search.addTopics(index, found.topics);
  index.vocabulary = [...index.postings.keys()].sort();
  return index;
};

Site.search.addEntries = function (index, found) {
  const places = found.places.map(([section, part]) => {
    const [named, partNamed] = [Site.words(`section.${section}`), part && Site.words(`subsection.${part}`)];
    return { section: named, words: Site.search.wordsOf(index, [named, partNamed, section, part].join(" ")) };
  });
  const latest = Site.site.loaded.length - 1;
  for (const [code, place, name = "", synonyms = "", listed = ""] of Site.codeLines(found.codes)) {
    const [first, last] = listed ? listed.split("-").map(Number) : [0, latest];
    const entry = { code, name, synonyms, section: places[place].section, first, last, number: index.entries.length, topic: null, rank: Infinity };
    index.entries.push(entry);
    index.byCode.set(code, entry);
    Site.search.post(index, entry, places[place].words, Site.search.from.section);
    Site.search.post(index, entry, Site.search.wordsOf(index, synonyms), Site.search.from.own);
    Site.search.post(index, entry, Site.search.wordsOf(index, name), Site.search.from.name);
  }
};

// The words of a text with those that its abbreviations stand for. Names repeat their words, so
// that each is looked up once.
Site.search.wordsOf = function (index, text) {
  return Site.search.pieces(text).flatMap((piece) => {
    if (!index.known.has(piece)) index.known.set(piece, Site.search.wordsOfPiece(index, piece));
    return index.known.get(piece);
  });
};

Site.search.wordsOfPiece = function (index, piece) {
  const parts = Site.search.parts(piece);
  const joined = Site.search.joined(piece);
  const written = [piece, piece.replace(/[^\p{L}\p{N}]+$/u, ""), ...piece.split(/[^\p{L}\p{N}]+/u), ...parts];
  const meant = [...new Set(written)].flatMap((word) => (index.meanings.get(word) || []).flat());
  return [...new Set([...parts, ...(parts.length > 1 ? [joined] : []), ...meant])];
};

// Each word keeps a list of numbers: four times that of the entry, and where it has the word from.
Site.search.post = function (index, entry, words, from) {
  for (const word of words) {
    const posted = index.postings.get(word);
    if (posted) posted.push(entry.number * 4 + from);
    else index.postings.set(word, [entry.number * 4 + from]);
  }
};

Site.search.addFigures = function (index, { statuses, schedules, lines }) {
  for (const [code, number, work = "", payment = "", inFacility = "", written = ""] of Site.codeLines(lines)) {
    const [status, price] = number ? statuses[number] : ["", ""];
    const fee = written ? Site.search.fee(schedules, written) : null;
    const isPayable = payment !== "" || Boolean(fee) || ["carrier_priced", "anesthesia"].includes(price);
    Object.assign(index.byCode.get(code), { isListed: true, status, work, payment, fee, setting: inFacility ? "facility" : "office", isPayable });
  }
};

// What another schedule pays, as Site.fees has it.
Site.search.fee = function (schedules, written) {
  const [number, modifiers, lowest, highest] = written.split("/");
  return { schedule: schedules[number], modifiers, lowest, highest };
};

// Phrases that people use, in any language, each with its codes in the order of their use.
Site.search.addTopics = function (index, topics) {
  for (const [label, others, codes] of topics) {
    const topic = { label, entries: Site.search.entriesOf(index, codes) };
    const texts = [label, ...others];
    const words = new Set(texts.flatMap((text) => Site.search.wordsOf(index, text)));
    for (const [rank, entry] of topic.entries.entries()) {
      if (rank < entry.rank) Object.assign(entry, { rank, topic });
      Site.search.post(index, entry, words, Site.search.from.own);
    }
    for (const text of texts) index.phrases.push({ topic, ...Site.search.phrase(index, text) });
  }
};

// A text as a phrase: its words, and two keys by which it is the same as another.
Site.search.phrase = function (index, text) {
  const pieces = Site.search.pieces(text);
  const parts = (kept) => kept.flatMap(Site.search.parts);
  const words = parts(pieces);
  const kept = parts(pieces.filter((piece) => !index.ignored.has(piece)));
  return { words, kept, joined: words.join(""), key: [...kept].sort().join(" ") };
};

// The entries of "99213 99202-99205": codes, and all codes of a range that there are.
Site.search.entriesOf = function (index, codes) {
  const found = codes.split(" ").flatMap((one) => {
    const [first, last] = one.split("-");
    return last ? Site.search.between(index, first, last) : [index.byCode.get(first)];
  });
  return [...new Set(found.filter(Boolean))];
};

Site.search.between = function (index, first, last) {
  return index.entries.filter(({ code }) => code >= first && code <= last && /\D$/.test(code) === /\D$/.test(first));
};
