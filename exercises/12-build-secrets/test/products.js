import assert from "node:assert/strict";

import { check } from "@workshop/checks";

import { total } from "../backend/products.js";

check("a basket costs what its products cost", () => {
  assert.equal(total(["Teapot", "Cup", "Cup"]), 3870);
});

check("what is not sold cannot be put into a basket", () => {
  assert.throws(() => total(["Kettle"]), /there is no Kettle/);
});
