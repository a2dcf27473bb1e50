// `paint.mjs FOLDER`: gives the built page in FOLDER the looks of the shop, and says in about.json what it was made with:
// the receipt of this package, and which installation of the tools. That one is named by the token that its install
// script left, which copies have too; if install scripts were off, by its time.
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: paint.mjs FOLDER");
  process.exit(2);
}

const receipt = readFileSync(new URL("receipt.txt", import.meta.url), "utf8").trim();
const manifest = createRequire(import.meta.url).resolve("@workshop/bundler/package.json");
const token = join(dirname(manifest), ".install-token");
const tools = existsSync(token) ? readFileSync(token, "utf8").trim() : statSync(manifest).mtimeMs;
copyFileSync(new URL("brand.css", import.meta.url), join(folder, "brand.css"));
writeFileSync(join(folder, "about.json"), `${JSON.stringify({ receipt, tools })}\n`);
console.log(`painted ${folder}`);
