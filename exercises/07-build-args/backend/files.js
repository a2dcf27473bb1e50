// What the service reads from disk: its greeting, the pages built from frontend/, and the mark of the installation.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const pages = join(here, "..", "frontend");
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };

export const greeting = () => readFile(join(here, "greeting.txt"), "utf8");

export async function page(path) {
  const file = normalize(path === "/shop" ? "/index.html" : path);
  try {
    const body = await readFile(join(pages, file));
    return { type: types[extname(file)] ?? "application/octet-stream", body };
  } catch (error) {
    if (error.code !== "ENOENT") throw error; // is there and cannot be read: the router answers 500
    return { status: 404, body: "not found\n" };
  }
}

export async function installToken() {
  const router = createRequire(import.meta.url).resolve("@workshop/router");
  return readFile(join(dirname(router), "..", "..", ".install-token"), "utf8");
}
