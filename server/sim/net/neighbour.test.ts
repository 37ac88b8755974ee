import { beforeEach, expect, test } from "vitest";
import { SECOND } from "../kernel/index.ts";
import { createLink } from "./link/create.ts";
import { setAddress } from "./link/set.ts";
import type { Namespace } from "./namespace.ts";
import { putNeighbour } from "./neighbour.ts";
import { down, give, linkNamed, machine, must, route, sysctl, testNetwork, up } from "./testing.ts";
import { ping } from "./transport/ping.ts";
import { announceAddress, showNeighbours } from "./walk/neighbours.ts";

let a: Namespace;
let b: Namespace;

beforeEach(() => {
  const network = testNetwork();
  a = machine(network, "a", { segment: "lan", address: "10.0.0.1/24", mac: "02:00:00:00:00:0a" });
  b = machine(network, "b", { segment: "lan", address: "10.0.0.2/24", mac: "02:00:00:00:00:0b" });
});

function later(seconds: number): void {
  const { kernel } = a;
  kernel.advance(kernel.now + seconds * SECOND);
}

const shown = (ns = a): string[] =>
  showNeighbours(ns).map(({ row, state }) => `${row.address} ${row.lladdr ?? "-"} ${state}`);
const to = (address: string): string => ping(a, { to: address, id: 1, seq: 1 }).outcome;

test("who is asked is reachable for half a minute, and stale afterwards", () => {
  expect(to("10.0.0.2")).toBe("answered");
  expect(shown()).toEqual(["10.0.0.2 02:00:00:00:00:0b REACHABLE"]);
  // The other end has only heard who asked; its answer needed the address right away.
  expect(shown(b)).toEqual(["10.0.0.1 02:00:00:00:00:0a DELAY"]);
  later(31);
  expect(shown()).toEqual(["10.0.0.2 02:00:00:00:00:0b STALE"]);
});

test("a stale neighbour is used, and asked again after five seconds", () => {
  to("10.0.0.2");
  later(31);
  to("10.0.0.2");
  expect(shown()).toEqual(["10.0.0.2 02:00:00:00:00:0b DELAY"]);
  later(6);
  expect(shown()).toEqual(["10.0.0.2 02:00:00:00:00:0b REACHABLE"]);
});

test("a stale neighbour that is gone is probed for three seconds, then failed", () => {
  to("10.0.0.2");
  later(31);
  down(b, "eth0");
  expect(to("10.0.0.2")).toBe("no answer");
  later(6);
  expect(shown()).toEqual(["10.0.0.2 02:00:00:00:00:0b PROBE"]);
  later(3);
  expect(shown()).toEqual(["10.0.0.2 02:00:00:00:00:0b FAILED"]);
  expect(to("10.0.0.2")).toBe("host unreachable");
  up(b, "eth0");
  expect(to("10.0.0.2")).toBe("answered");
});

test("nobody answers: incomplete for three seconds, then failed; those who wait behind wait less", () => {
  const first = ping(a, { to: "10.0.0.3", id: 1, seq: 1 });
  expect([first.outcome, Math.round(first.latency / SECOND)]).toEqual(["host unreachable", 3]);
  expect(shown()).toEqual(["10.0.0.3 - INCOMPLETE"]);
  later(1);
  expect(Math.round(ping(a, { to: "10.0.0.3", id: 1, seq: 2 }).latency / SECOND)).toBe(2);
  later(2);
  expect(shown()).toEqual(["10.0.0.3 - FAILED"]);
});

test("a permanent entry is believed, whatever it says", () => {
  const link = linkNamed(a, "eth0").index;
  putNeighbour(a, { link, address: "10.0.0.2", kind: "permanent", lladdr: "02:00:00:00:00:ff", confirmed: 0 });
  expect(to("10.0.0.2")).toBe("no answer");
  expect(shown()).toEqual(["10.0.0.2 02:00:00:00:00:ff PERMANENT"]);
});

test("an address that moved to another card is found after its owner announced it", () => {
  to("10.0.0.2");
  must(setAddress(b, linkNamed(b, "eth0").index, "02:00:00:00:00:bb"));
  expect(to("10.0.0.2")).toBe("no answer");
  announceAddress(b, linkNamed(b, "eth0"), "10.0.0.2");
  expect(to("10.0.0.2")).toBe("answered");
  expect(shown()).toEqual(["10.0.0.2 02:00:00:00:00:bb DELAY"]);
});

test("proxy_arp answers for what it would forward elsewhere", () => {
  const { network } = a;
  const router = machine(network, "router", { segment: "lan", address: "10.0.0.9/24" });
  must(createLink(router, { kind: "physical", name: "eth1", segment: "other" }));
  up(router, "eth1");
  machine(network, "far", { segment: "other", address: "10.0.0.77/24" });
  sysctl(router, "net.ipv4.ip_forward", 1);
  sysctl(router, "net.ipv4.conf.all.proxy_arp", 1);
  expect(to("10.0.0.77")).toBe("host unreachable");
  route(router, "10.0.0.77 dev eth1");
  expect(to("10.0.0.77")).toBe("answered");
  sysctl(router, "net.ipv4.conf.all.proxy_arp", 0);
  later(40);
  expect(to("10.0.0.78")).toBe("host unreachable");
});

test("arp_ignore 1 answers only for addresses of the link that was asked", () => {
  give(b, "lo", "10.0.0.50/32");
  expect(to("10.0.0.50")).toBe("answered");
  later(40);
  sysctl(b, "net.ipv4.conf.all.arp_ignore", 1);
  // What is known is used until questions remain without an answer.
  expect([to("10.0.0.2"), to("10.0.0.50")]).toEqual(["answered", "answered"]);
  later(9);
  expect(to("10.0.0.50")).toBe("host unreachable");
});
