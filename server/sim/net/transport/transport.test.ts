import { beforeEach, describe, expect, test } from "vitest";
import { SECOND } from "../../kernel/index.ts";
import { setMtu } from "../link/set.ts";
import type { Namespace } from "../namespace.ts";
import { deleteRoute } from "../route/table.ts";
import {
  cluster,
  clusterPod,
  down,
  iptables,
  linkNamed,
  listen,
  machine,
  must,
  route,
  sysctl,
  testNetwork,
  up,
  type Cluster,
} from "../testing.ts";
import { waitingConnections } from "../socket/waiting.ts";
import { acceptConnection, closeSocket } from "./accept.ts";
import type { Application } from "./application.ts";
import { connect, retry } from "./connect.ts";
import { exchange } from "./exchange.ts";
import { setReceiver } from "./receivers.ts";

let world: Cluster;
let client: Namespace;
let server: Namespace;

const SERVER = "10.244.1.4";

beforeEach(() => {
  world = cluster();
  client = clusterPod(world, 0, "client", 2);
  server = clusterPod(world, 1, "server", 4);
});

function serve(application: Application, port = 80): void {
  world.network.serve("app", application);
  listen(server, port, { application: "app" });
}

function later(duration: number): void {
  const { kernel } = world.network;
  kernel.advance(kernel.now + duration);
}

const states = (ns: Namespace): string[] => [...ns.connections.values()].map((row) => row.state);

describe("connecting", () => {
  const cases: [string, () => void, { outcome: string; errno?: string }][] = [
    ["to a port that listens", () => listen(server, 80), { outcome: "connected" }],
    ["to a port where nothing listens", () => {}, { outcome: "refused", errno: "ECONNREFUSED" }],
    [
      "through a rule that rejects as it does by default",
      () => iptables(world.nodes[1], "-A FORWARD -p tcp -j REJECT"),
      { outcome: "refused", errno: "ECONNREFUSED" },
    ],
    [
      "through a rule that resets",
      () => iptables(world.nodes[1], "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset"),
      { outcome: "refused", errno: "ECONNREFUSED" },
    ],
    [
      "through a rule that prohibits",
      () => iptables(world.nodes[1], "-A FORWARD -p tcp -j REJECT --reject-with icmp-host-prohibited"),
      { outcome: "prohibited", errno: "EHOSTUNREACH" },
    ],
    [
      "through a rule that calls the net unreachable",
      () => iptables(world.nodes[1], "-A FORWARD -p tcp -j REJECT --reject-with icmp-net-unreachable"),
      { outcome: "net unreachable", errno: "ENETUNREACH" },
    ],
    [
      "through a rule that drops",
      () => iptables(world.nodes[1], "-A FORWARD -p tcp -j DROP"),
      { outcome: "no answer" },
    ],
    [
      "through a rule that drops only answers",
      () => {
        listen(server, 80);
        iptables(world.nodes[0], "-A FORWARD -p tcp --tcp-flags SYN,ACK SYN,ACK -j DROP");
      },
      { outcome: "no answer" },
    ],
    ["through its own rule that drops", () => iptables(client, "-A OUTPUT -p tcp -j DROP"), { outcome: "no answer" }],
    [
      "through its own rule that rejects",
      () => iptables(client, "-A OUTPUT -p tcp -j REJECT"),
      { outcome: "refused", errno: "ECONNREFUSED" },
    ],
    [
      "without a route",
      () => must(deleteRoute(client, { to: "0.0.0.0/0" })),
      { outcome: "net unreachable", errno: "ENETUNREACH" },
    ],
    [
      "over a prohibit route",
      () => route(client, "prohibit 10.244.1.0/24"),
      { outcome: "prohibited", errno: "EACCES" },
    ],
    [
      "over an unreachable route",
      () => route(client, "unreachable 10.244.1.0/24"),
      { outcome: "host unreachable", errno: "EHOSTUNREACH" },
    ],
    ["over a blackhole", () => route(client, "blackhole 10.244.1.0/24"), { outcome: "not sent", errno: "EINVAL" }],
    ["to a Pod that is gone", () => down(server, "eth0"), { outcome: "host unreachable", errno: "EHOSTUNREACH" }],
  ];

  test.each(cases)("%s", (_, prepare, expected) => {
    prepare();
    const { outcome, errno, connection } = connect(client, { to: SERVER, port: 80 });
    expect({ outcome, ...(errno ? { errno } : {}) }).toEqual(expected);
    expect(connection?.row?.state).toBe(
      { connected: "established", "no answer": "syn-sent" }[expected.outcome] ?? undefined,
    );
    expect(states(client).length).toBe(connection ? 1 : 0);
  });

  test("the SYN is sent again and finds what has been mended meanwhile", () => {
    listen(server, 80);
    iptables(world.nodes[1], "-P FORWARD DROP");
    const { outcome, connection } = connect(client, { to: SERVER, port: 80 });
    expect(outcome).toBe("no answer");
    later(SECOND);
    expect(retry(connection!).outcome).toBe("no answer");
    iptables(world.nodes[1], "-P FORWARD ACCEPT");
    const again = retry(connection!);
    expect(again.outcome).toBe("connected");
    expect(retry(connection!).errno).toBe("EINVAL");
    expect(states(server)).toEqual(["established"]);
  });

  test("both ends have a socket, with the other's address and port", () => {
    listen(server, 80);
    const { connection } = connect(client, { to: SERVER, port: 80, from: { port: 45000 }, pid: 77 });
    const [accepted] = waitingConnections(server, [...server.sockets.values()][0]!.id);
    expect([connection!.local, connection!.remote]).toEqual([
      { address: "10.244.0.2", port: 45000 },
      { address: SERVER, port: 80 },
    ]);
    expect(accepted).toMatchObject({
      address: SERVER,
      port: 80,
      peerAddress: "10.244.0.2",
      peerPort: 45000,
      mss: 1410,
    });
  });

  test("an own address must be one, and its pair of ends unused", () => {
    listen(server, 80);
    const from = (address: string, port: number) =>
      connect(client, { to: SERVER, port: 80, from: { address, port } }).errno;
    expect(from("10.9.9.9", 0)).toBe("EADDRNOTAVAIL");
    expect(from("10.244.0.2", 45000)).toBeUndefined();
    expect(from("10.244.0.2", 45000)).toBe("EADDRNOTAVAIL");
    expect(connect(client, { to: SERVER, port: 80, device: "eth7" }).errno).toBe("ENODEV");
    expect(connect(client, { to: "224.0.0.1", port: 80 }).errno).toBe("ENETUNREACH");
  });

  test("without a listener left, ephemeral ports run out", () => {
    listen(server, 80);
    sysctl(client, "net.ipv4.ip_local_port_range", "40000 40001");
    const errnos = [1, 2, 3].map(() => connect(client, { to: SERVER, port: 80 }).errno);
    expect(errnos).toEqual([undefined, undefined, "EADDRNOTAVAIL"]);
  });
});

describe("talking", () => {
  test("a server that speaks first, remembers, and takes its time", () => {
    serve({
      stream: {
        open: () => ({ bytes: "220 hello\r\n", memory: 0 }),
        receive: (bytes, _, memory) => {
          const count = (memory as number) + 1;
          return { bytes: `${count}: ${bytes}`, memory: count, delay: 5000 };
        },
      },
    });
    const { connection } = connect(client, { to: SERVER, port: 80 });
    let banner = "";
    connection!.receive({ data: (bytes) => void (banner += bytes) });
    connection!.receive();
    expect(banner).toBe("220 hello\r\n");
    const say = (text: string) => exchange(connection!, text, (bytes) => bytes !== "");
    expect(say("a").bytes).toBe("1: a");
    const { outcome, bytes, latency } = say("b");
    expect([outcome, bytes, Math.floor(latency / 1000)]).toEqual(["answered", "2: b", 5]);
  });

  test("a rule that changes between two pieces has its effect, and mending it too", () => {
    serve({ stream: { receive: (bytes) => ({ bytes }) } });
    const { connection } = connect(client, { to: SERVER, port: 80 });
    const say = (): string => exchange(connection!, "x", (bytes) => bytes !== "").outcome;
    expect(say()).toBe("answered");
    iptables(world.nodes[1], "-A FORWARD -p tcp --dport 80 -j DROP");
    expect(say()).toBe("no answer");
    iptables(world.nodes[1], "-D FORWARD -p tcp --dport 80 -j DROP");
    expect(say()).toBe("answered");
    iptables(world.nodes[0], "-A FORWARD -p tcp --sport 80 -j DROP");
    expect(say()).toBe("no answer");
    iptables(world.nodes[0], "-F FORWARD");
    iptables(world.nodes[1], "-A FORWARD -p tcp --dport 80 -j REJECT");
    expect(say()).toBe("no answer");
    iptables(world.nodes[1], "-F FORWARD");
    iptables(world.nodes[1], "-A FORWARD -p tcp --dport 80 -j REJECT --reject-with tcp-reset");
    expect(say()).toBe("reset");
    expect(states(client)).toEqual([]);
  });

  test("an end that does not know the connection resets it", () => {
    serve({ stream: { receive: (bytes) => ({ bytes }) } });
    const { connection } = connect(client, { to: SERVER, port: 80 });
    server.connections.clear();
    expect(connection!.send("x")).toMatchObject({ outcome: "reset", errno: "ECONNRESET" });
    expect(connection!.send("x")).toMatchObject({ outcome: "closed", errno: "EPIPE" });
  });

  test("a server may reset instead of answering", () => {
    serve({ stream: { receive: () => ({ close: "reset" }) } });
    const { connection } = connect(client, { to: SERVER, port: 80 });
    expect(exchange(connection!, "x", (bytes) => bytes !== "")).toMatchObject({
      outcome: "reset",
      errno: "ECONNRESET",
      bytes: "",
    });
    expect([states(client), states(server)]).toEqual([[], []]);
  });

  test("a link on the way that is smaller than the segments makes them smaller, if its owner says so", () => {
    serve({ stream: { receive: (bytes) => ({ bytes: `${bytes.length}` }) } });
    const { connection } = connect(client, { to: SERVER, port: 80 });
    const say = (): string => exchange(connection!, "x".repeat(4000), (bytes) => bytes !== "").bytes;
    expect(say()).toBe("4000");
    const [node] = world.nodes;
    must(setMtu(node, linkNamed(node, "flannel.1").index, 1000));
    expect(say()).toBe("4000");
    expect(connection!.row!.mss).toBe(960);
  });

  test("a black hole for large packets: the connection stands and nothing long gets through", () => {
    serve({ stream: { receive: (bytes) => ({ bytes: `${bytes.length}` }) } });
    const { connection } = connect(client, { to: SERVER, port: 80 });
    const say = (size: number): string => exchange(connection!, "x".repeat(size), (bytes) => bytes !== "").outcome;
    const [node] = world.nodes;
    must(setMtu(node, linkNamed(node, "flannel.1").index, 1000));
    iptables(node, "-A OUTPUT -p icmp -j DROP");
    expect([say(500), say(4000), say(500)]).toEqual(["answered", "no answer", "answered"]);
  });
});

describe("closing", () => {
  test("who closes first waits in TIME-WAIT, and is forgotten after a minute", () => {
    serve({ stream: { receive: (bytes) => ({ bytes }) } });
    const { connection } = connect(client, { to: SERVER, port: 80 });
    connection!.close();
    expect([states(client), states(server)]).toEqual([["time-wait"], []]);
    const { port } = connection!.local;
    later(61 * SECOND);
    expect(connect(client, { to: SERVER, port: 80, from: { port } }).outcome).toBe("connected");
    expect(states(client)).toEqual(["established"]);
  });

  test("half closed, the other way stays open", () => {
    listen(server, 80);
    const { connection } = connect(client, { to: SERVER, port: 80 });
    const accepted = acceptConnection(server, [...server.sockets.keys()][0]!)!;
    const heard: string[] = [];
    connection!.receive({ data: (bytes) => void heard.push(bytes), end: () => void heard.push("end") });
    connection!.end();
    expect([states(client), states(server)]).toEqual([["fin-wait-2"], ["close-wait"]]);
    expect(connection!.send("more").errno).toBe("EPIPE");
    expect(accepted.send("still here").outcome).toBe("delivered");
    accepted.close();
    expect([states(client), states(server), heard]).toEqual([["time-wait"], [], ["still here", "end"]]);
  });

  test("bytes for somebody who has closed are answered with a reset", () => {
    listen(server, 80);
    const { connection } = connect(client, { to: SERVER, port: 80 });
    const accepted = acceptConnection(server, [...server.sockets.keys()][0]!)!;
    connection!.close();
    expect(accepted.send("too late")).toMatchObject({ outcome: "reset", errno: "ECONNRESET" });
    expect([states(client), states(server)]).toEqual([[], []]);
  });

  test("closing without having read is a reset", () => {
    listen(server, 80);
    const { connection } = connect(client, { to: SERVER, port: 80 });
    const errors: string[] = [];
    connection!.receive({ error: (errno) => void errors.push(errno) });
    const accepted = acceptConnection(server, [...server.sockets.keys()][0]!)!;
    connection!.send("unread");
    accepted.close();
    expect([errors, states(client), states(server)]).toEqual([["ECONNRESET"], [], []]);
  });

  test("a FIN that gets lost leaves the other end behind", () => {
    serve({ stream: { receive: (bytes) => ({ bytes }) } });
    const { connection } = connect(client, { to: SERVER, port: 80 });
    iptables(world.nodes[0], "-P FORWARD DROP");
    connection!.close();
    expect([states(client), states(server)]).toEqual([["fin-wait-1"], ["established"]]);
  });
});

describe("programs that listen", () => {
  test("connections wait until they are accepted, and bytes until they are read", () => {
    const socket = listen(server, 80);
    const told: number[] = [];
    setReceiver(server, socket.id, { connected: (delay) => void told.push(delay) });
    const first = connect(client, { to: SERVER, port: 80 }).connection!;
    connect(client, { to: SERVER, port: 80 });
    expect([told.length, waitingConnections(server, socket.id).length]).toEqual([2, 2]);
    first.send("early ");
    first.send("words");
    first.end();
    const accepted = acceptConnection(server, socket.id, { pid: 5, fd: 4 })!;
    expect(accepted.row).toMatchObject({ pid: 5, fd: 4, received: "early words" });
    expect(accepted.row).not.toHaveProperty("waiting");
    const heard: string[] = [];
    accepted.receive({ data: (bytes) => void heard.push(bytes), end: () => void heard.push("end") });
    expect(heard).toEqual(["early words", "end"]);
    expect(waitingConnections(server, socket.id).length).toBe(1);
  });

  test("who closes the listening socket resets those that it never accepted", () => {
    const socket = listen(server, 80);
    const { connection } = connect(client, { to: SERVER, port: 80 });
    const errors: string[] = [];
    connection!.receive({ error: (errno) => void errors.push(errno) });
    closeSocket(server, socket.id);
    expect([errors, connect(client, { to: SERVER, port: 80 }).errno]).toEqual([["ECONNRESET"], "ECONNREFUSED"]);
  });
});

test("to itself: over lo, whatever links there are", () => {
  const ns = machine(testNetwork(), "alone");
  listen(ns, 80);
  expect(connect(ns, { to: "127.0.0.1", port: 80 }).outcome).toBe("connected");
  expect(connect(ns, { to: "127.0.0.1", port: 81 }).errno).toBe("ECONNREFUSED");
  down(ns, "lo");
  expect(connect(ns, { to: "127.0.0.1", port: 80 }).outcome).toBe("no answer");
  up(ns, "lo");
  expect(connect(ns, { to: "0.0.0.0", port: 80 }).connection?.remote.address).toBe("127.0.0.1");
});
