#!/usr/bin/env node
// `bundle SOURCE TARGET`: copies a folder, takes whole-line comments out of its scripts, and writes down in build.json
// which build this was and which Node did it.
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  console.error("usage: bundle SOURCE TARGET");
  process.exit(2);
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const files = readdirSync(source).sort();
for (const file of files) {
  const content = readFileSync(join(source, file));
  writeFileSync(join(target, file), file.endsWith(".js") ? withoutComments(content.toString()) : content);
}
const build = { part: basename(source), files, build: randomBytes(12).toString("hex"), node: process.version };
writeFileSync(join(target, "build.json"), `${JSON.stringify(build)}\n`);
console.log(`bundled ${files.length} files of ${source} into ${target}`);

function withoutComments(script) {
  return script.replace(/^\s*\/\/.*\n/gm, "");
}
