#!/usr/bin/env node
"use strict";

require("node:fs").writeFileSync(process.argv[2], "built\n");
console.log(`plover wrote ${process.argv[2]}`);
