// Runs once per installation and leaves a random token beside this file: copies of an installation have its token.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";

writeFileSync(new URL(".install-token", import.meta.url), `${randomBytes(12).toString("hex")}\n`);
