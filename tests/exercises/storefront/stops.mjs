// Stops the storefront in the middle of a request, and looks at what becomes of that request and of the process.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";

const hurry = setTimeout(() => process.exit(3), 30_000);
mkdirSync("frontend/folder.html", { recursive: true });
const service = spawn(process.execPath, ["backend/server.js"]);
await once(service.stdout, "data");

const answer = async (path) => (await fetch(`http://127.0.0.1:8080${path}`, { headers: { connection: "close" } })).status;
assert.equal(await answer("/style.css"), 200);
assert.equal(await answer("/none.css"), 404, "a page that is not there");
assert.equal(await answer("/folder.html"), 500, "a page that is there and cannot be read");

const socket = connect(8080, "127.0.0.1");
socket.setEncoding("utf8");
socket.write("GET /healthz HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n");
const idle = connect(8080, "127.0.0.1");
idle.on("error", () => {});
await Promise.all([once(socket, "connect"), once(idle, "connect")]);
await answer("/healthz"); // by now the first half of the other request has been read

service.kill("SIGTERM");
await once(service.stdout, "data");
let text = "";
socket.on("data", (part) => (text += part));
socket.on("error", (error) => (text += error.code));
socket.write("\r\n");
const [[code]] = await Promise.all([once(service, "exit"), once(socket, "close")]);
assert.match(text, /^HTTP\/1\.1 200 OK[^]*ok\n/, "the request under way is answered");
assert.equal(code, 0);
clearTimeout(hurry);
