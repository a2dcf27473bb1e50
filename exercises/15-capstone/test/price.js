import assert from "node:assert/strict";

import { check } from "@workshop/checks";

import { describe } from "../frontend/price.js";

check("a price has two decimals", () => {
  assert.equal(describe({ name: "Cup", cents: 690 }), "Cup: 6.90 €");
});
