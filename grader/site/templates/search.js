"use strict";
{% include "common.js" %}


const sections = JSON.parse(document.querySelector("#index").textContent);
for (const each of sections) each.all = `${each.page}\n${each.heading}\n${each.words}`.toLowerCase();
const found = document.querySelector(".found");
const said = document.querySelector(".said");
const greeting = said.textContent;
const MOST = 30;
const AROUND = 90;

/* Every word must be somewhere in a section; a title counts more than a heading, a heading more than the text. */
const weigh = (each, asked) => {
  let weight = 0;
  for (const word of asked) {
    if (!each.all.includes(word)) return 0;
    if (each.page.toLowerCase().includes(word)) weight += 6;
    if (each.heading.toLowerCase().includes(word)) weight += 10;
    weight += Math.min(5, each.all.split(word).length - 1);
  }
  return weight;
};

const marked = (text, asked) => {
  const escaped = asked.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const part = document.createElement("p");
  for (const piece of text.split(new RegExp(`(${escaped.join("|")})`, "i"))) {
    const is = asked.includes(piece.toLowerCase());
    part.append(is ? Object.assign(document.createElement("mark"), { textContent: piece }) : piece);
  }
  return part;
};

const excerpt = (each, asked) => {
  const at = Math.max(0, each.words.toLowerCase().indexOf(asked[0]) - AROUND);
  const begin = at ? each.words.indexOf(" ", at) + 1 : 0;
  const end = begin + 2.5 * AROUND;
  return (begin ? "… " : "") + each.words.slice(begin, end) + (each.words.length > end ? " …" : "");
};

const show = (text) => {
  const asked = [...new Set(text.toLowerCase().split(/\s+/).filter(Boolean))];
  found.replaceChildren();
  if (!asked.length) { said.textContent = greeting; return; }
  const hits = sections.map((each) => [weigh(each, asked), each]).filter(([weight]) => weight > 0);
  hits.sort((one, other) => other[0] - one[0]);
  const count = hits.length === 1 ? "1 place" : `${hits.length} places`;
  said.textContent = hits.length ? `${count}${hits.length > MOST ? `; the best ${MOST} are shown` : ""}.` : "Nothing found. Fewer or shorter words find more.";
  for (const [, each] of hits.slice(0, MOST)) {
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: each.address });
    link.append(marked(each.heading || each.page, asked));
    const place = Object.assign(document.createElement("small"), { textContent: each.heading ? each.page : "" });
    item.append(link, place, marked(excerpt(each, asked), asked));
    found.append(item);
  }
};

const asked = () => { try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; } };
const begin = () => { words.value = asked(); show(words.value); };
words.addEventListener("input", () => {
  history.replaceState(null, "", `#${encodeURIComponent(words.value.trim())}`);
  show(words.value);
});
addEventListener("hashchange", begin);
begin();
words.focus();
