"use strict";

const assert = require("node:assert");
const { describe, it } = require("node:test");
const { abilities } = require("./abilities.js");
const wren = require("wren");

describe("the node of this image", () => {
  it("does what programs ask of it", async () => {
    const found = await abilities();
    assert.strictEqual(found.version, `v${process.env.NODE_VERSION}`);
    assert.strictEqual(found.program, "/usr/local/bin/node");
    assert.strictEqual(found.watched, "new.txt");
    assert.strictEqual(found.worker, 42);
    assert.strictEqual(found.shell.stdout, "from sh\n");
    assert.strictEqual(found.shell.status, 3);
    assert.strictEqual(found.rootIsAuthority, true);
  });

  it("had the install script of a dependency run by a shell", () => {
    assert.strictEqual(wren.installed(), `installed by sh\n${process.version}`);
  });
});
