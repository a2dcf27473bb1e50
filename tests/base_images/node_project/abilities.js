"use strict";
// What a program may expect of its node, each found out by doing it.

const { spawnSync } = require("node:child_process");
const crypto = require("node:crypto");
const dns = require("node:dns/promises");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { Worker } = require("node:worker_threads");

const once = (emitter, name) => require("node:events").once(emitter, name).then(([value]) => value);

async function watched() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watched-"));
  const watcher = fs.watch(folder);
  const change = new Promise((resolve) => watcher.once("change", (_, name) => resolve(name)));
  fs.writeFileSync(path.join(folder, "new.txt"), "");
  return change.finally(() => watcher.close());
}

function firstRoot() {
  const bundle = fs.readFileSync("/etc/ssl/certs/ca-certificates.crt", "utf8");
  return new crypto.X509Certificate(bundle.slice(bundle.indexOf("-----BEGIN"))).ca;
}

exports.abilities = async () => ({
  version: process.version,
  versions: Object.keys(process.versions).sort(),
  program: process.execPath,
  digest: crypto.createHash("sha256").update("workshop").digest("hex"),
  keys: crypto.generateKeyPairSync("ed25519").publicKey.asymmetricKeyType,
  localhost: (await dns.lookup("localhost")).address,
  german: new Intl.NumberFormat("de").format(1234.5),
  berlin: new Date(0).toLocaleString("en-GB", { timeZone: "Europe/Berlin" }),
  watched: await watched(),
  worker: await once(new Worker("require('worker_threads').parentPort.postMessage(6 * 7)", { eval: true }), "message"),
  shell: spawnSync("sh", ["-c", "echo from $0; exit 3"], { encoding: "utf8" }),
  rootIsAuthority: firstRoot(),
  user: os.userInfo().username,
});
