#!/usr/bin/env node
// `checks FOLDER`: loads every script in the folder, runs the checks that they register, exits 1 if one does not hold.
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { checks } from "./index.js";

const folder = process.argv[2] ?? "test";
for (const file of readdirSync(folder).sort()) {
  if (file.endsWith(".js")) await import(pathToFileURL(resolve(join(folder, file))));
}
let broken = 0;
for (const { sentence, holds } of checks) {
  try {
    await holds();
    console.log(`ok      ${sentence}`);
  } catch (error) {
    broken += 1;
    console.error(`broken  ${sentence}: ${error.message}`);
  }
}
console.log(`${checks.length - broken} of ${checks.length} checks hold`);
process.exit(broken || checks.length === 0 ? 1 : 0);
