import { beforeEach, describe, expect, test } from "vitest";
import { createLink } from "../link/create.ts";
import { bringDown, bringUp } from "../link/state.ts";
import type { Namespace } from "../namespace.ts";
import { give, listen, machine, must, sysctl, testNetwork } from "../testing.ts";
import { closeSocket } from "../transport/accept.ts";
import { connect } from "../transport/connect.ts";
import { socketIndex } from "./lookup.ts";
import { listenSocket, openSocket, socketsOf, type SocketSpec } from "./sockets.ts";

let ns: Namespace;

beforeEach(() => {
  ns = machine(testNetwork(), "host");
  give(ns, "lo", "10.0.0.1/32");
});

function open(spec: Partial<SocketSpec>): string {
  const result = openSocket(ns, { protocol: "tcp", address: "0.0.0.0", port: 8080, ...spec });
  return result.ok ? `${result.value.state} ${result.value.address}:${result.value.port}` : result.errno;
}

describe("addresses", () => {
  test.each([
    ["10.0.0.1", "unconnected 10.0.0.1:8080"],
    ["127.5.5.5", "unconnected 127.5.5.5:8080"],
    ["::1", "unconnected ::1:8080"],
    ["10.0.0.2", "EADDRNOTAVAIL"],
    ["fe80::1", "EADDRNOTAVAIL"],
    ["example", "EINVAL"],
  ])("%s: %s", (address, expected) => {
    expect(open({ address })).toBe(expected);
  });

  test("UDP takes broadcasts and multicast", () => {
    expect(open({ protocol: "udp", address: "255.255.255.255" })).toBe("unconnected 255.255.255.255:8080");
    expect(open({ protocol: "udp", address: "224.0.0.251" })).toBe("unconnected 224.0.0.251:8080");
  });

  test("ip_nonlocal_bind lets a socket wait for an address", () => {
    sysctl(ns, "net.ipv4.ip_nonlocal_bind", 1);
    expect(open({ address: "10.0.0.2" })).toBe("unconnected 10.0.0.2:8080");
  });
});

describe("ports", () => {
  test("0 asks for one of ip_local_port_range, each time another, until there is none", () => {
    sysctl(ns, "net.ipv4.ip_local_port_range", "40000 40003");
    const ports = Array.from({ length: 5 }, () => open({ port: 0 }));
    expect(ports.slice(0, 4).sort()).toEqual([40000, 40001, 40002, 40003].map((port) => `unconnected 0.0.0.0:${port}`));
    expect(ports[4]).toBe("EADDRINUSE");
  });

  test("TCP and UDP have ports of their own, and unix sockets paths", () => {
    expect(open({})).toBe("unconnected 0.0.0.0:8080");
    expect(open({ protocol: "udp" })).toBe("unconnected 0.0.0.0:8080");
    expect(open({ protocol: "unix", address: "/run/x.sock", port: 0, backlog: 5 })).toBe("listen /run/x.sock:0");
    expect(open({ protocol: "unix", address: "/run/x.sock", port: 0, backlog: 5 })).toBe("EADDRINUSE");
  });

  test("bindv6only keeps `::` from IPv4", () => {
    expect(open({ address: "::" })).toBe("unconnected :::8080");
    expect(open({})).toBe("EADDRINUSE");
    sysctl(ns, "net.ipv6.bindv6only", 1);
    expect(open({ address: "::", port: 8081 })).toBe("unconnected :::8081");
    expect(open({ port: 8081 })).toBe("unconnected 0.0.0.0:8081");
  });

  test("links keep apart who is bound to them", () => {
    expect(open({ device: "lo" })).toBe("unconnected 0.0.0.0:8080");
    expect(open({ device: "eth0" })).toBe("unconnected 0.0.0.0:8080");
    expect(open({})).toBe("EADDRINUSE");
  });

  test("a server that closed first leaves its port in TIME-WAIT to those who say SO_REUSEADDR", () => {
    const server = listen(ns, 8080, { application: "bye" });
    ns.network.serve("bye", { stream: { receive: () => ({ close: "fin" }) } });
    const { connection } = connect(ns, { to: "127.0.0.1", port: 8080 });
    connection!.send("x");
    connection!.close();
    closeSocket(ns, server.id);
    expect([...ns.connections.values()].map((row) => `${row.port} ${row.state}`)).toEqual(["8080 time-wait"]);
    expect(open({ backlog: 1 })).toBe("EADDRINUSE");
    expect(open({ backlog: 1, reuseAddress: true })).toBe("listen 0.0.0.0:8080");
  });

  test("of two that are bound only the first may listen", () => {
    const [first, second] = [1, 2].map(() =>
      must(openSocket(ns, { protocol: "tcp", address: "0.0.0.0", port: 8080, reuseAddress: true })),
    );
    expect(listenSocket(ns, first!.id, 9999)).toMatchObject({ ok: true, value: { state: "listen", backlog: 4096 } });
    expect(listenSocket(ns, second!.id, 5)).toMatchObject({ ok: false, errno: "EADDRINUSE" });
  });
});

test("a packet goes to the socket that is bound most exactly", () => {
  const row = (address: string, more: Partial<SocketSpec> = {}): number =>
    must(openSocket(ns, { protocol: "udp", address, port: 53, reuseAddress: true, ...more })).id;
  const found = (destination: number | bigint, device = "lo"): number | undefined =>
    socketIndex(ns).find("udp", destination, 53, device)?.id;
  const six = row("::");
  expect(found(0x7f000001)).toBe(six);
  const four = row("0.0.0.0");
  expect(found(0x7f000001)).toBe(four);
  expect(found(1n)).toBe(six);
  const device = row("0.0.0.0", { device: "lo" });
  expect(found(0x7f000001)).toBe(device);
  expect(found(0x7f000001, "eth0")).toBe(four);
  const exact = row("127.0.0.1");
  expect(found(0x7f000001)).toBe(exact);
  expect(found(0x7f000002)).toBe(device);
});

test("what a process holds is found by its pid", () => {
  must(openSocket(ns, { protocol: "tcp", address: "0.0.0.0", port: 80, backlog: 1, pid: 7 }));
  const { connection } = connect(ns, { to: "127.0.0.1", port: 80, pid: 8 });
  const { sockets, connections } = socketsOf(ns, 7);
  expect([sockets.length, connections.map((row) => row.waiting)]).toEqual([1, [true]]);
  expect(socketsOf(ns, 8).connections).toEqual([connection!.row]);
});

test("a vxlan that is up has its port like a program, and shares it only with its like", () => {
  const make = (name: string, id: number): number =>
    must(createLink(ns, { kind: "vxlan", name, id, local: "10.0.0.1", dstport: 8472 })).index;
  const [one, two] = [make("one", 1), make("two", 2)];
  expect([one, two].map((index) => bringUp(ns, index).ok)).toEqual([true, true]);
  expect(open({ protocol: "udp", port: 8472 })).toBe("EADDRINUSE");
  bringDown(ns, one);
  expect(open({ protocol: "udp", port: 8472 })).toBe("EADDRINUSE");
  bringDown(ns, two);
  expect(open({ protocol: "udp", port: 8472, pid: 9 })).toBe("unconnected 0.0.0.0:8472");
  expect(bringUp(ns, one)).toMatchObject({ ok: false, errno: "EADDRINUSE" });
  expect(ns.links.get(one)?.up).toBe(false);
});
