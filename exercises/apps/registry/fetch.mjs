// `fetch.mjs PACKAGE [--token-file FILE]`: installs a private package into node_modules, for holders of a token.
// It stands in for a private registry and its client, since builds here have no network: the lock is of paper. How the
// token gets here is real. It is looked for in FILE; or in $STORE_TOKEN; or in .storerc here or at home, as `token=TOKEN`
// or as `auth=` with the base64 of `store:TOKEN`; or in the build secret store_token.
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

const secret = "/run/secrets/store_token";
const [name, ...options] = process.argv.slice(2);
if (!name || (options.length && (options[0] !== "--token-file" || options.length !== 2))) {
  fail("usage: fetch.mjs PACKAGE [--token-file FILE]");
}

const token = findToken(options[1]);
if (!token) fail(`no token: none in $STORE_TOKEN, in .storerc or in ${secret}, and no --token-file was named`);
const known = read(new URL("tokens.sha256", import.meta.url)).split(/\s+/);
if (!known.includes(sha256(token))) fail("the registry does not know this token");

const source = new URL(`packages/${basename(name)}/`, import.meta.url);
if (!name.startsWith("@private/") || !existsSync(source)) fail(`the registry has no package ${name}`);
const target = join("node_modules", name);
cpSync(source, target, { recursive: true });
// The receipt says which token fetched the package; the token cannot be computed from it.
writeFileSync(join(target, "receipt.txt"), `${sha256(`receipt for ${token}`).slice(0, 16)}\n`);
console.log(`fetched ${name} into ${target}`);

function findToken(file) {
  if (file) return read(file).trim();
  if (process.env.STORE_TOKEN) return process.env.STORE_TOKEN.trim();
  for (const settings of [".storerc", join(homedir(), ".storerc")].filter(existsSync)) {
    const found = fromSettings(read(settings));
    if (found) return found;
  }
  return existsSync(secret) ? read(secret).trim() : "";
}

function fromSettings(text) {
  const values = Object.fromEntries(text.split("\n").map((line) => line.trim().split(/=(.*)/)));
  return values.token ?? Buffer.from(values.auth ?? "", "base64").toString().replace(/^store:/, "");
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return fail(`cannot read ${file}: ${error.code === "EACCES" ? "permission denied" : error.code}`);
  }
}

function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}

function fail(words) {
  console.error(`fetch: ${words}`);
  process.exit(1);
}
