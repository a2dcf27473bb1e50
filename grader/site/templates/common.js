const root = document.documentElement;
const remember = {
  get() { try { return localStorage.getItem("look"); } catch { return null; } },
  set(look) { try { localStorage.setItem("look", look); } catch { /* a page from a folder may have no memory */ } },
};
if (remember.get()) root.dataset.look = remember.get();
const look = document.querySelector("button.look");
look.hidden = false;
look.addEventListener("click", () => {
  const now = root.dataset.look || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.dataset.look = now === "dark" ? "light" : "dark";
  remember.set(root.dataset.look);
});

const find = document.querySelector("form.find");
const words = find.elements.q;
find.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!document.querySelector("#index")) location.href = `${find.dataset.page}#${encodeURIComponent(words.value.trim())}`;
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape" && typing) typing.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") { event.preventDefault(); words.focus(); words.select(); }
  const way = { n: "next", p: "prev" }[event.key];
  const link = way && document.querySelector(`.steps a[rel=${way}]`);
  if (link) link.click();
});
