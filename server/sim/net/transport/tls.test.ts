import { beforeEach, expect, test } from "vitest";
import { httpExchange } from "../http/client.ts";
import type { Namespace } from "../namespace.ts";
import { cluster, clusterPod, iptables, listen, type Cluster } from "../testing.ts";
import type { Application } from "./application.ts";
import { connect } from "./connect.ts";
import { startTls } from "./handshake.ts";

let world: Cluster;
let client: Namespace;
let server: Namespace;

beforeEach(() => {
  world = cluster();
  client = clusterPod(world, 0, "client", 2);
  server = clusterPod(world, 1, "server", 4);
});

function open(application: Application) {
  world.network.serve("app", application);
  listen(server, 443, { application: "app" });
  return connect(client, { to: "10.244.1.4", port: 443 }).connection!;
}

const web: Application = {
  http: (_, { tls }) => {
    const body = tls
      ? `${tls.serverName} ${tls.clientChain?.length ?? 0}`
      : "Client sent an HTTP request to an HTTPS server.\n";
    return { status: tls ? 200 : 400, reason: "", headers: [["Content-Length", String(body.length)]], body };
  },
  tls: ({ serverName }) => {
    if (serverName === "nobody") return { alert: "unrecognized_name" };
    return {
      chain: [`certificate of ${serverName ?? "the default server"}`],
      alpn: "http/1.1",
      requestsCertificate: true,
    };
  },
};

const request = { method: "GET", target: "/", version: "HTTP/1.1", headers: [["Host", "a"]], body: "" } as const;

test("the server chooses its certificate by name, and both ends see it", () => {
  const connection = open(web);
  const result = startTls(connection, {
    version: "TLSv1.3",
    serverName: "shop.example",
    alpn: ["h2", "http/1.1"],
    certificate: ["leaf", "ca"],
  });
  const session = {
    version: "TLSv1.3",
    cipher: "TLS_AES_256_GCM_SHA384",
    serverName: "shop.example",
    alpn: "http/1.1",
    serverChain: ["certificate of shop.example"],
    clientChain: ["leaf", "ca"],
  };
  expect(result).toMatchObject({ outcome: "established", session, requestsCertificate: true });
  expect(connection.row?.tls).toEqual(session);
  expect([...server.connections.values()][0]?.tls).toEqual(session);
  expect(httpExchange(connection, request)).toMatchObject({
    outcome: "response",
    response: { body: "shop.example 2" },
  });
});

test("without a name the default certificate", () => {
  expect(startTls(open(web), { version: "TLSv1.2" })).toMatchObject({
    outcome: "established",
    session: { version: "TLSv1.2", serverChain: ["certificate of the default server"] },
  });
});

test.each([
  [["h2", "http/1.1"], "http/1.1"],
  [["h2"], undefined],
  [undefined, undefined],
])("of the protocols %j the server chooses %s", (offered, chosen) => {
  const result = startTls(open(web), { version: "TLSv1.3", ...(offered ? { alpn: offered } : {}) });
  expect(result.outcome === "established" && result.session.alpn).toBe(chosen);
});

test("an alert ends the connection", () => {
  const connection = open(web);
  expect(startTls(connection, { version: "TLSv1.3", serverName: "nobody" })).toMatchObject({
    outcome: "alert",
    alert: "unrecognized_name",
  });
  expect(connection.row?.state).toBe("close-wait");
});

test("a server of plain HTTP takes the hello for a bad request", () => {
  const connection = open({ http: (request, context) => web.http!(request, context) });
  const result = startTls(connection, { version: "TLSv1.3", serverName: "shop.example" });
  expect(result).toMatchObject({ outcome: "not tls", bytes: expect.stringMatching(/^HTTP\/1\.1 400 Bad Request\r\n/) });
});

test("a TLS server that is asked in plain HTTP knows so", () => {
  expect(httpExchange(open(web), request)).toMatchObject({
    response: { status: 400, body: "Client sent an HTTP request to an HTTPS server.\n" },
  });
});

test("a hello that gets lost", () => {
  const connection = open(web);
  iptables(world.nodes[0], "-A FORWARD -s 10.244.0.2 -j DROP");
  expect(startTls(connection, { version: "TLSv1.3" }).outcome).toBe("no answer");
  iptables(world.nodes[0], "-F FORWARD");
  iptables(world.nodes[0], "-A FORWARD -d 10.244.0.2 -j DROP");
  expect(startTls(connection, { version: "TLSv1.3" }).outcome).toBe("no answer");
  iptables(world.nodes[0], "-F FORWARD");
  expect(startTls(connection, { version: "TLSv1.3" }).outcome).toBe("established");
});
