import { beforeEach, describe, expect, test } from "vitest";
import type { Namespace } from "../namespace.ts";
import { deleteRoute } from "../route/table.ts";
import { cluster, clusterPod, down, iptables, listen, must, type Cluster } from "../testing.ts";
import { exchangeDatagram, openDatagram, sendDatagram } from "./datagram.ts";
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

describe("datagrams", () => {
  test("an application answers, once or more often", () => {
    world.network.serve("echo", {
      datagram: (bytes, { remote }) => [{ bytes: `${bytes} from ${remote.address}` }, { bytes: "again", delay: 9000 }],
    });
    listen(server, 53, { protocol: "udp", application: "echo" });
    const { outcome, answers } = exchangeDatagram(client, { to: SERVER, port: 53 }, "hello");
    expect([outcome, answers.map(({ bytes }) => bytes)]).toEqual(["answered", ["hello from 10.244.0.2", "again"]]);
    expect(client.connections.size).toBe(0);
  });

  const failures: [string, () => void, { outcome: string; errno?: string }][] = [
    ["nothing listens", () => {}, { outcome: "refused", errno: "ECONNREFUSED" }],
    [
      "a rule rejects it",
      () => iptables(world.nodes[0], "-A FORWARD -p udp -j REJECT"),
      { outcome: "refused", errno: "ECONNREFUSED" },
    ],
    ["a rule drops it", () => iptables(world.nodes[0], "-A FORWARD -p udp -j DROP"), { outcome: "no answer" }],
    [
      "its own rule drops it",
      () => iptables(client, "-A OUTPUT -p udp -j DROP"),
      { outcome: "not permitted", errno: "EPERM" },
    ],
    // UDP sockets are told only of what is fatal; a host that nobody answers for is not.
    ["the Pod is gone", () => down(server, "eth0"), { outcome: "host unreachable" }],
    [
      "there is no route",
      () => must(deleteRoute(client, { to: "0.0.0.0/0" })),
      { outcome: "net unreachable", errno: "ENETUNREACH" },
    ],
  ];
  test.each(failures)("%s", (_, prepare, expected) => {
    prepare();
    const { outcome, errno } = exchangeDatagram(client, { to: SERVER, port: 53 }, "hello");
    expect({ outcome, ...(errno ? { errno } : {}) }).toEqual(expected);
  });

  test("a socket without a peer hears nothing of that", () => {
    const socket = listen(client, 5000, { protocol: "udp" });
    const send = () => sendDatagram(client, socket, { address: SERVER, port: 53 }, "hello");
    expect(send()).toMatchObject({ outcome: "refused", errno: undefined });
    iptables(client, "-A OUTPUT -p udp -j DROP");
    expect(send()).toMatchObject({ outcome: "not permitted", errno: "EPERM" });
  });

  test("two programs talk", () => {
    const socket = listen(server, 5000, { protocol: "udp" });
    const heard: string[] = [];
    setReceiver(server, socket.id, {
      datagram(bytes, from) {
        heard.push(`server: ${bytes} from ${from.address}`);
        sendDatagram(server, socket, from, bytes.toUpperCase());
      },
    });
    const own = openDatagram(client, { to: SERVER, port: 5000 });
    if (typeof own === "string") throw new Error(own);
    setReceiver(client, own.id, { datagram: (bytes, from) => void heard.push(`client: ${bytes} from ${from.port}`) });
    expect(sendDatagram(client, own, { address: SERVER, port: 5000 }, "hi").errno).toBeUndefined();
    expect(heard).toEqual(["server: hi from 10.244.0.2", "client: HI from 5000"]);
  });

  test("a datagram larger than the way is cut by its sender and comes whole", () => {
    world.network.serve("size", { datagram: (bytes) => [{ bytes: `${bytes.length}` }] });
    listen(server, 53, { protocol: "udp", application: "size" });
    expect(exchangeDatagram(client, { to: SERVER, port: 53 }, "x".repeat(5000)).answers[0]?.bytes).toBe("5000");
  });
});
