"use strict";

const fs = require("node:fs");
const path = require("node:path");

exports.installed = () => fs.readFileSync(path.join(__dirname, "installed.txt"), "utf8");
