"use strict";
{% include "common.js" %}


const menu = document.querySelector("details.menu");
const wide = matchMedia("(min-width: 64rem)");
const fold = () => { if (menu) menu.open = wide.matches; };
fold();
wide.addEventListener("change", fold);

/* What to copy of a console: the commands, without the prompt and without what they answered. */
const commands = (text) => {
  const asked = text.split("\n").filter((line) => line.startsWith("$ "));
  return asked.length ? asked.map((line) => line.slice(2)).join("\n") : text.replace(/\n$/, "");
};
for (const block of document.querySelectorAll("article .code, pre.start")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const text = commands(block.querySelector("code, pre").textContent);
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(block.querySelector("code, pre"));
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  block.append(button);
}

const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    for (const a of links.values()) a.removeAttribute("aria-current");
    links.get(entry.target.id)?.setAttribute("aria-current", "true");
  }
}, { rootMargin: "-10% 0% -75% 0%" });
for (const id of links.keys()) {
  const heading = document.getElementById(id);
  if (heading) seen.observe(heading);
}
