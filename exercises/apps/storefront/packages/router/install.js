// Runs once per installation and leaves a random token in node_modules: an installation that was taken from the layer
// cache still has the old one.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
writeFileSync(join(modules, ".install-token"), `${randomBytes(12).toString("hex")}\n`);
