// What was meant where a word is not known: the word that differs least, or two words as one.
"use strict";

// The query with its unknown words replaced; "" where nothing is near or nothing is unknown.
Site.search.spelled = function (index, query) {
  const { words } = Site.search.phrase(index, query);
  const isKnown = (word) => index.ignored.has(word) || Site.search.having(index, word, true).size > 0;
  const meant = [];
  let isChanged = false;
  for (let n = 0; n < words.length; n += 1) {
    const both = n + 1 < words.length ? words[n] + words[n + 1] : "";
    if (isKnown(words[n]) && (n + 1 >= words.length || isKnown(words[n + 1]) || !index.postings.has(both))) {
      meant.push(words[n]);
    } else if (both && index.postings.has(both)) {
      meant.push(both);
      isChanged = true;
      n += 1;
    } else {
      const near = Site.search.near(index, words[n]);
      meant.push(near || words[n]);
      isChanged = isChanged || Boolean(near);
    }
  }
  return isChanged ? meant.join(" ") : "";
};

// The word that is nearest to one, or the two that it is written of; "" where there is none.
Site.search.near = function (index, word) {
  if (word.length < 3) return "";
  const most = word.length > 7 ? 2 : 1;
  const letters = Site.search.letters(word);
  let [best, fewest, commonest] = ["", Infinity, 0];
  index.letters = index.letters || index.vocabulary.map(Site.search.letters);
  for (const [n, one] of index.vocabulary.entries()) {
    if (Math.abs(one.length - word.length) > most || Site.search.unlike(letters, index.letters[n]) > 2 * most) continue;
    if (/\d/.test(one) && !/\d/.test(word)) continue;
    const apart = Site.search.distance(one, word, most);
    if (apart > most) continue;
    // A first letter is seldom wrong.
    const steps = apart + (one[0] === word[0] ? 0 : 0.5);
    const count = index.postings.get(one).length;
    if (steps < fewest || (steps === fewest && count > commonest)) [best, fewest, commonest] = [one, steps, count];
  }
  return best || Site.search.apart(index, word);
};

Site.search.apart = function (index, word) {
  for (let at = 3; at <= word.length - 3; at += 1) {
    const [first, second] = [word.slice(0, at), word.slice(at)];
    if (index.postings.has(first) && index.postings.has(second)) return `${first} ${second}`;
  }
  return "";
};

// Which letters a word has, as bits: words whose letters differ much need not be compared.
Site.search.letters = (word) => [...word].reduce((bits, letter) => bits | (1 << (letter.charCodeAt(0) & 31)), 0);

Site.search.unlike = function (one, other) {
  let count = 0;
  for (let bits = one ^ other; bits !== 0; bits &= bits - 1) count += 1;
  return count;
};

// Letters put in, left out, changed or swapped with the next to make one word of another; more
// than ``most`` is given as most + 1.
Site.search.distance = function (one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return Math.min(last[other.length], most + 1);
};
