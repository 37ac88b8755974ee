import { beforeEach, expect, test } from "vitest";
import type { Namespace } from "../namespace.ts";
import type { SocketRow } from "../socket/row.ts";
import { openSocket, type SocketSpec } from "../socket/sockets.ts";
import { queuedBytes, waitingConnections } from "../socket/waiting.ts";
import { cluster, clusterPod, must, type Cluster } from "../testing.ts";
import { connect } from "./connect.ts";
import { sendDatagram, openDatagram } from "./datagram.ts";
import { setReceiver } from "./receivers.ts";
import { wakeSockets } from "./wake.ts";

const SERVER = "10.244.1.4";
const PID = 7;

let world: Cluster;
let client: Namespace;
let server: Namespace;
let stopped: boolean;

beforeEach(() => {
  world = cluster();
  client = clusterPod(world, 0, "client", 2);
  server = clusterPod(world, 1, "server", 4);
  stopped = true;
  world.network.isPaused = (_, pid) => stopped && pid === PID;
  world.network.serve("echo", {
    stream: { open: () => ({ bytes: "hello;" }), receive: (bytes) => ({ bytes: `${bytes};` }) },
    datagram: (bytes) => [{ bytes }],
  });
});

function serve(spec: Pick<SocketSpec, "protocol" | "port" | "backlog">): SocketRow {
  return must(openSocket(server, { ...spec, address: "0.0.0.0", application: "echo", pid: PID }));
}

function goOn(): void {
  stopped = false;
  wakeSockets(server, PID);
}

test("who connects to a stopped server is accepted by its kernel only, and answered when it goes on", () => {
  const socket = serve({ protocol: "tcp", port: 80, backlog: 128 });
  const { outcome, connection } = connect(client, { to: SERVER, port: 80 });
  let heard = "";
  connection!.receive({ data: (bytes) => void (heard += bytes), end: () => void (heard += "end") });
  expect([outcome, connection!.send("one").outcome, connection!.send("two").outcome]).toEqual([
    "connected",
    "delivered",
    "delivered",
  ]);
  connection!.end();
  expect([heard, waitingConnections(server, socket.id).map(({ received }) => received)]).toEqual(["", ["onetwo"]]);
  goOn();
  expect([heard, waitingConnections(server, socket.id)]).toEqual(["hello;onetwo;end", []]);
});

test("beyond its backlog nobody gets through, and a server that runs has no such queue", () => {
  serve({ protocol: "tcp", port: 80, backlog: 1 });
  const outcomes = (): string[] => [1, 2, 3].map(() => connect(client, { to: SERVER, port: 80 }).outcome);
  expect(outcomes()).toEqual(["connected", "connected", "no answer"]);
  goOn();
  expect(outcomes()).toEqual(["connected", "connected", "connected"]);
});

test("datagrams wait in the socket, each with its buffer, until there is no room", () => {
  const socket = serve({ protocol: "udp", port: 53 });
  const from = openDatagram(client, { to: SERVER, port: 53 });
  if (typeof from === "string") throw new Error(from);
  let heard = "";
  setReceiver(client, from.id, { datagram: (bytes) => void (heard += bytes) });
  const send = (bytes: string): void => void sendDatagram(client, from, { address: SERVER, port: 53 }, bytes);
  send("a");
  send("b".repeat(1000));
  expect([heard, queuedBytes(server.sockets.get(socket.id)!)]).toEqual(["", 832 + 2304]);
  for (let count = 0; count < 300; count++) send("c");
  expect(server.sockets.get(socket.id)!.queued!.length).toBe(255);
  goOn();
  expect([heard.length, heard.slice(0, 2)]).toEqual([1 + 1000 + 253, "ab"]);
});
