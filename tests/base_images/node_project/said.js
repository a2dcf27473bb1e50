"use strict";

console.log("a file was run");
