import { readFileSync } from "node:fs";

const receipt = readFileSync(new URL("receipt.txt", import.meta.url), "utf8").trim();

export const terms = { discount: "5 %", receipt };
