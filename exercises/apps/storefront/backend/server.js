import { Router } from "@workshop/router";

import { greeting, page, installToken } from "./files.js";
import { products } from "./products.js";

const router = new Router()
  .get("/", () => greeting())
  .get("/healthz", () => "ok\n")
  .get("/api/products", () => ({ type: "application/json", body: JSON.stringify(products) }))
  .get("/version", () => `${process.env.APP_VERSION ?? "unknown"}\n`)
  .get("/node", () => `${process.version}\n`)
  .get("/install", () => installToken())
  .otherwise((request, path) => page(path));

const server = router.listen(8080, () => console.log("storefront listens on 8080"));

// Requests under way have this many milliseconds to finish after a signal.
const shutdownTime = 500;

process.on("SIGTERM", () => {
  console.log("storefront stops");
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), shutdownTime);
});
