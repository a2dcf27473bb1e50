// `paint.mjs FOLDER`: gives the built page in FOLDER the looks of the shop, and says in about.json what it was made with:
// the receipt of this package, and when the tools were installed.
import { copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: paint.mjs FOLDER");
  process.exit(2);
}

const receipt = readFileSync(new URL("receipt.txt", import.meta.url), "utf8").trim();
const tools = createRequire(import.meta.url).resolve("@workshop/bundler/package.json");
copyFileSync(new URL("brand.css", import.meta.url), join(folder, "brand.css"));
writeFileSync(join(folder, "about.json"), `${JSON.stringify({ receipt, tools: statSync(tools).mtimeMs })}\n`);
console.log(`painted ${folder}`);
