import { describe } from "./price.js";

const response = await fetch("/api/products");
const list = document.querySelector("#products");
for (const product of await response.json()) {
  list.append(Object.assign(document.createElement("li"), { textContent: describe(product) }));
}
