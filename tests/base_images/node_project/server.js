"use strict";
// Answers what its node can do. It lets itself be stopped only if it is told to: MANNERS=good.

const http = require("node:http");
const { abilities } = require("./abilities.js");
const wren = require("wren");

const server = http.createServer(async (_, response) => {
  try {
    response.end(JSON.stringify({ ...(await abilities()), installed: wren.installed() }));
  } catch (error) {
    response.writeHead(500).end(error.stack);
  }
});
server.listen(8080);
if (process.env.MANNERS === "good") process.on("SIGTERM", () => server.close());
