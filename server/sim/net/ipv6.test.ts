import { beforeEach, expect, test } from "vitest";
import { SECOND } from "../kernel/index.ts";
import { isTentative } from "./ipv6.ts";
import { addressesOf } from "./local.ts";
import type { Namespace } from "./namespace.ts";
import { listRoutes } from "./route/list.ts";
import { routeText } from "./route/text.ts";
import { down, give, linkNamed, listen, machine, sysctl, testNetwork, up } from "./testing.ts";
import { connect } from "./transport/connect.ts";
import { ping } from "./transport/ping.ts";

let a: Namespace;
let b: Namespace;

beforeEach(() => {
  const network = testNetwork();
  a = machine(network, "a", { segment: "lan", mac: "02:00:00:00:00:0a" });
  b = machine(network, "b", { segment: "lan", mac: "02:00:00:00:00:0b" });
});

const addresses = (ns: Namespace, name: string): string[] =>
  addressesOf(ns, linkNamed(ns, name).index).map((row) => `${row.local}/${row.length} ${row.scope}`);

test("a link that is up has an address made of its MAC, tentative at first", () => {
  expect(addresses(a, "eth0")).toEqual(["fe80::ff:fe00:a/64 link"]);
  const link = linkNamed(a, "eth0");
  const [row] = addressesOf(a, link.index);
  const tentative = (): boolean => isTentative(link, row!, a.kernel.now);
  expect(tentative()).toBe(true);
  a.kernel.advance(a.kernel.now + 2 * SECOND);
  expect(tentative()).toBe(false);
  expect(addresses(a, "lo")).toEqual(["127.0.0.1/8 host", "::1/128 host"]);
});

test("routes come and go with the link", () => {
  const routes = (): string[] => listRoutes(a, 6).map((row) => `${row.table} ${routeText(a, row)}`);
  const before = routes();
  expect(before).toEqual([
    expect.stringContaining("254 fe80::/64 dev eth0 proto kernel metric 256"),
    expect.stringContaining("255 local ::1 dev lo"),
    expect.stringContaining("255 local fe80::ff:fe00:a dev eth0"),
    expect.stringContaining("255 multicast ff00::/8 dev eth0"),
  ]);
  down(a, "eth0");
  expect(routes()).toEqual([expect.stringContaining("255 local ::1 dev lo")]);
  up(a, "eth0");
  expect(routes()).toEqual(before);
});

test("disable_ipv6 takes addresses and routes, and gives them back", () => {
  sysctl(a, "net.ipv6.conf.eth0.disable_ipv6", 1);
  expect(addresses(a, "eth0")).toEqual([]);
  sysctl(a, "net.ipv6.conf.eth0.disable_ipv6", 0);
  expect(addresses(a, "eth0")).toEqual(["fe80::ff:fe00:a/64 link"]);
});

test("packets go to oneself and to neighbours", () => {
  give(a, "eth0", "fd00::1/64");
  give(b, "eth0", "fd00::2/64");
  expect(ping(a, { to: "::1", id: 1, seq: 1 }).outcome).toBe("answered");
  expect(ping(a, { to: "fd00::2", id: 1, seq: 1 }).outcome).toBe("answered");
  expect(ping(a, { to: "fd00::3", id: 1, seq: 1 }).outcome).toBe("host unreachable");
  expect(ping(a, { to: "fd01::1", id: 1, seq: 1 }).errno).toBe("ENETUNREACH");
});

test("TCP: refused, and a socket of both families", () => {
  give(a, "eth0", "fd00::1/64");
  give(b, "eth0", "fd00::2/64");
  give(a, "eth0", "10.0.0.1/24");
  give(b, "eth0", "10.0.0.2/24");
  expect(connect(a, { to: "::1", port: 80 }).errno).toBe("ECONNREFUSED");
  expect(connect(a, { to: "fd00::2", port: 80 }).errno).toBe("ECONNREFUSED");
  listen(b, 80, { address: "::" });
  expect(["fd00::2", "10.0.0.2"].map((to) => connect(a, { to, port: 80 }).outcome)).toEqual(["connected", "connected"]);
  listen(a, 81, { address: "0.0.0.0" });
  expect(connect(a, { to: "::1", port: 81 }).errno).toBe("ECONNREFUSED");
});
