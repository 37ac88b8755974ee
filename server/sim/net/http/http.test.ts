import { beforeEach, describe, expect, test } from "vitest";
import type { Namespace } from "../namespace.ts";
import { listen, machine, testNetwork } from "../testing.ts";
import type { Application, Context } from "../transport/application.ts";
import { connect } from "../transport/connect.ts";
import type { Connection } from "../transport/connection.ts";
import { exchange } from "../transport/exchange.ts";
import { httpExchange } from "./client.ts";
import type { Headers, HttpRequest, HttpResponse } from "./message.ts";
import { parseRequest, parseResponse } from "./parse.ts";
import { serializeRequest, serializeResponse } from "./serialize.ts";

const get = (target: string, headers: Headers = [["Host", "web"]]): HttpRequest => ({
  method: "GET",
  target,
  version: "HTTP/1.1",
  headers,
  body: "",
});

const response = (body: string, more: Partial<HttpResponse> = {}): HttpResponse => ({
  status: 200,
  reason: "OK",
  headers: [["Content-Length", String(body.length)]],
  body,
  ...more,
});

describe("messages", () => {
  test("fields keep their order and case", () => {
    const sent = get("/a?b=c", [
      ["Host", "web"],
      ["x-LOWER", "1"],
      ["X-Lower", "2"],
    ]);
    expect(serializeRequest(sent)).toBe("GET /a?b=c HTTP/1.1\r\nHost: web\r\nx-LOWER: 1\r\nX-Lower: 2\r\n\r\n");
    expect(parseRequest(serializeRequest(sent))).toEqual({ message: sent, rest: "" });
  });

  test.each<[string, string, unknown]>([
    ["nothing yet", "", "incomplete"],
    ["half a head", "GET / HTTP/1.1\r\nHost: w", "incomplete"],
    ["no version", "GET /\r\n\r\n", "malformed"],
    ["a TLS hello", "\x16\x03\x01", "malformed"],
    ["a field without a colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", "malformed"],
    ["a length that is none", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "malformed"],
    ["half a body", "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab", "incomplete"],
    ["half a chunk", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab", "incomplete"],
    ["bare line feeds, as typed into nc", "GET / HTTP/1.0\n\n", "GET / HTTP/1.0  then "],
    ["a body and the next request", "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nabGET", "POST / HTTP/1.1 ab then GET"],
    [
      "chunks with an extension and a trailer",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nX: y\r\n\r\nnext",
      "POST / HTTP/1.1 abc then next",
    ],
  ])("%s", (_, bytes, expected) => {
    const parsed = parseRequest(bytes);
    if (typeof parsed === "string") return expect(parsed).toBe(expected);
    const { message, rest } = parsed;
    expect(`${message.method} ${message.target} ${message.version} ${message.body} then ${rest}`).toBe(expected);
  });

  test.each<[string, string, string, boolean, unknown]>([
    ["a status without a reason", "HTTP/1.1 204\r\n\r\n", "GET", false, [204, "", ""]],
    ["an answer to HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HEAD", false, [200, "OK", ""]],
    ["a body without a length, so far", "HTTP/1.0 200 OK\r\n\r\nab", "GET", false, "incomplete"],
    ["a body without a length, at its end", "HTTP/1.0 200 OK\r\n\r\nab", "GET", true, [200, "OK", "ab"]],
    ["a banner", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "GET", false, "malformed"],
    ["a banner that ends", "SSH-2.0-OpenSSH_9.2\r\n", "GET", true, "malformed"],
  ])("%s", (_, bytes, method, ended, expected) => {
    const parsed = parseResponse(bytes, method, ended);
    if (typeof parsed === "string") return expect(parsed).toBe(expected);
    const { status, reason, body } = parsed.message;
    expect([status, reason, body]).toEqual(expected);
  });
});

describe("server and client", () => {
  let ns: Namespace;
  const seen: { request: HttpRequest; context: Context }[] = [];

  beforeEach(() => {
    ns = machine(testNetwork(), "host");
    seen.length = 0;
  });

  function serve(answer: Application["http"] & object, more: Partial<Application> = {}): Connection {
    ns.network.serve("web", {
      ...more,
      http(request, context) {
        seen.push({ request, context });
        return answer(request, context);
      },
    });
    listen(ns, 80, { application: "web", args: { root: "/srv" } });
    return connect(ns, { to: "127.0.0.1", port: 80 }).connection!;
  }

  test("requests and responses, several on one connection", () => {
    const connection = serve((request) => response(`you asked for ${request.target}`, { delay: 3000 }));
    const first = httpExchange(connection, get("/a"));
    const second = httpExchange(connection, get("/b"));
    expect([first, second].map((result) => result.outcome === "response" && result.response.body)).toEqual([
      "you asked for /a",
      "you asked for /b",
    ]);
    expect(first.latency).toBeGreaterThan(3000);
    expect(seen.map(({ context }) => context.args)).toEqual([{ root: "/srv" }, { root: "/srv" }]);
    expect(seen[0]!.context.remote.address).toBe("127.0.0.1");
  });

  test("`Connection: close` ends it, and who goes on talking is reset", () => {
    const connection = serve(() => response("bye"));
    const result = httpExchange(connection, get("/", [["Connection", "close"]]));
    expect(result).toMatchObject({ outcome: "response", ended: true });
    expect(httpExchange(connection, get("/"))).toMatchObject({ outcome: "reset" });
  });

  test.each<[string, HttpResponse | { close: "fin" | "reset" }, string]>([
    ["no word", { close: "fin" }, "empty"],
    ["a reset", { close: "reset" }, "reset"],
    ["half a body", response("half", { headers: [["Content-Length", "99"]], close: "fin" }), "partial"],
  ])("a server with %s", (_, answer, outcome) => {
    expect(
      httpExchange(
        serve(() => answer),
        get("/"),
      ).outcome,
    ).toBe(outcome);
  });

  test("a body without a length is complete when the server closes", () => {
    const connection = serve(() => response("all of it", { headers: [], close: "fin" }));
    expect(httpExchange(connection, get("/"))).toMatchObject({ outcome: "response", response: { body: "all of it" } });
  });

  test("a request that comes in pieces, and two that come at once", () => {
    const connection = serve((request) => response(request.target));
    const all = serializeRequest(get("/1")) + serializeRequest(get("/2"));
    connection.send(all.slice(0, 20));
    expect(seen).toEqual([]);
    const { bytes } = exchange(connection, all.slice(20), (received) => received.endsWith("/2"));
    expect(bytes).toBe(serializeResponse(response("/1"), "GET") + serializeResponse(response("/2"), "GET"));
  });

  test("`Expect: 100-continue` is answered before the body is sent", () => {
    const connection = serve((request) => response(request.body));
    const head = "POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    expect(exchange(connection, head, (bytes) => bytes !== "").bytes).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    expect(exchange(connection, "abc", (bytes) => bytes !== "").bytes).toBe(serializeResponse(response("abc"), "POST"));
  });

  test("what is no HTTP gets the server's own words", () => {
    const go = exchange(
      serve(() => response("")),
      "hello\r\n\r\n",
      (_, ended) => ended,
    );
    expect(go.bytes).toBe(
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request",
    );
    const own = machine(testNetwork(), "other");
    own.network.serve("web", { http: () => response(""), malformed: () => response("what?", { status: 400 }) });
    listen(own, 80, { application: "web" });
    const { connection } = connect(own, { to: "127.0.0.1", port: 80 });
    expect(exchange(connection!, "hello\r\n\r\n", (_, ended) => ended).bytes).toMatch(/^HTTP\/1\.1 400.*what\?$/s);
  });

  test("a server that speaks no HTTP at all", () => {
    ns.network.serve("ssh", {
      stream: { open: () => ({ bytes: "SSH-2.0-x\r\n" }), receive: () => ({ close: "fin" }) },
    });
    listen(ns, 22, { application: "ssh" });
    const { connection } = connect(ns, { to: "127.0.0.1", port: 22 });
    expect(httpExchange(connection!, get("/"))).toMatchObject({ outcome: "malformed", bytes: "SSH-2.0-x\r\n" });
  });
});
