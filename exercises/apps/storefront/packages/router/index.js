import { createServer } from "node:http";

/** Collects routes, then answers requests by them: `router.get("/hello", (request) => "hi")`. */
export class Router {
  #routes = new Map();
  #fallback = () => ({ status: 404, body: "not found\n" });

  get(path, handler) {
    this.#routes.set(path, handler);
    return this;
  }

  otherwise(handler) {
    this.#fallback = handler;
    return this;
  }

  /** A handler returns a string, or `{ status, type, body }`. */
  listen(port, onListening) {
    return createServer(async (request, response) => {
      const path = new URL(request.url, "http://localhost").pathname;
      const handler = this.#routes.get(path) ?? this.#fallback;
      try {
        send(response, await handler(request, path));
      } catch (error) {
        send(response, { status: 500, body: `${error.message}\n` });
      }
    }).listen(port, onListening);
  }
}

function send(response, answer) {
  const { status = 200, type = "text/plain; charset=utf-8", body } =
    typeof answer === "string" ? { body: answer } : answer;
  response.writeHead(status, { "content-type": type }).end(body);
}
