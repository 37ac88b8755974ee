import { beforeEach, describe, expect, test } from "vitest";
import { addAddress } from "../address.ts";
import { addressText, ipv4 } from "../ip.ts";
import { createLink } from "../link/create.ts";
import type { Namespace } from "../namespace.ts";
import { down, give, linkNamed, machine, must, route, testNetwork, up } from "../testing.ts";
import { getRoute, type RouteQuery } from "./get.ts";
import { addRule, deleteRule } from "./rules.ts";
import { addRoute } from "./table.ts";

let ns: Namespace;

beforeEach(() => {
  ns = machine(testNetwork(), "host");
  for (const name of ["eth1", "eth2"]) {
    must(createLink(ns, { kind: "dummy", name }));
    up(ns, name);
  }
  give(ns, "eth1", "10.1.0.1/24");
  give(ns, "eth2", "10.2.0.1/24");
});

/** `eth1 via 10.1.0.254 from 10.1.0.1`, or the error. */
function way(destination: string, query: Partial<RouteQuery> = {}): string {
  const found = getRoute(ns, { destination: ipv4(destination), ...query });
  if (typeof found === "string") return found;
  const via = found.via === undefined ? "" : ` via ${addressText(found.via)}`;
  return `${found.link.name}${via} from ${found.source === undefined ? "nothing" : addressText(found.source)}`;
}

describe("choosing a route", () => {
  test("the longest prefix wins, then the lowest metric", () => {
    route(ns, "default via 10.1.0.254 metric 200");
    route(ns, "default via 10.2.0.254 metric 100");
    route(ns, "8.0.0.0/8 via 10.1.0.253");
    route(ns, "8.8.0.0/16 via 10.2.0.253");
    expect(["9.9.9.9", "8.1.1.1", "8.8.8.8", "10.1.0.7", "10.1.0.1", "127.0.0.1"].map((to) => way(to))).toEqual([
      "eth2 via 10.2.0.254 from 10.2.0.1",
      "eth1 via 10.1.0.253 from 10.1.0.1",
      "eth2 via 10.2.0.253 from 10.2.0.1",
      "eth1 from 10.1.0.1",
      "lo from 10.1.0.1",
      "lo from 127.0.0.1",
    ]);
  });

  test("a link that went down takes its routes along", () => {
    route(ns, "default via 10.1.0.254 metric 100");
    route(ns, "default via 10.2.0.254 metric 200");
    down(ns, "eth1");
    expect(way("9.9.9.9")).toBe("eth2 via 10.2.0.254 from 10.2.0.1");
  });

  test("several next hops: each flow keeps to one, all are used by their weight", () => {
    const [eth1, eth2] = [linkNamed(ns, "eth1").index, linkNamed(ns, "eth2").index];
    const hops = [
      { link: eth1, via: "10.1.0.254", weight: 3 },
      { link: eth2, via: "10.2.0.254", weight: 1 },
    ];
    must(addRoute(ns, { to: "0.0.0.0/0", hops }));
    const ways = Array.from({ length: 400 }, (_, at) => way(addressText(ipv4("20.0.0.0") + at * 7)));
    const first = ways.filter((text) => text.startsWith("eth1")).length;
    expect(first).toBeGreaterThan(250);
    expect(first).toBeLessThan(350);
    expect(way("20.0.0.7")).toBe(ways[1]);
  });

  test("types that refuse", () => {
    route(ns, "blackhole 20.1.0.0/16");
    route(ns, "unreachable 20.2.0.0/16");
    route(ns, "prohibit 20.3.0.0/16");
    route(ns, "throw 20.4.0.0/16");
    expect(["20.1.0.1", "20.2.0.1", "20.3.0.1", "20.4.0.1"].map((to) => way(to))).toEqual([
      "EINVAL",
      "EHOSTUNREACH",
      "EACCES",
      "ENETUNREACH",
    ]);
  });

  test("bound to a link, only its routes count, and without one everything is there", () => {
    route(ns, "default via 10.1.0.254");
    const oif = linkNamed(ns, "eth2").index;
    expect(way("9.9.9.9", { oif })).toBe("eth2 from 10.2.0.1");
    expect(way("9.9.9.9", { oif: linkNamed(ns, "eth1").index })).toBe("eth1 via 10.1.0.254 from 10.1.0.1");
  });

  test("a source must be an address of the host", () => {
    expect(way("10.1.0.7", { source: ipv4("10.2.0.1") })).toBe("eth1 from 10.2.0.1");
    expect(way("10.1.0.7", { source: ipv4("10.9.0.1") })).toBe("ENETUNREACH");
  });
});

describe("the source address", () => {
  test("the primary one of the next hop's subnet, else the first of the link", () => {
    give(ns, "eth1", "10.1.0.2/24");
    give(ns, "eth1", "172.16.0.1/24");
    route(ns, "20.0.0.0/8 via 172.16.0.254");
    route(ns, "21.0.0.0/8 dev eth1");
    expect(["20.0.0.1", "21.0.0.1", "172.16.0.9", "10.1.0.2"].map((to) => way(to))).toEqual([
      "eth1 via 172.16.0.254 from 172.16.0.1",
      "eth1 from 10.1.0.1",
      "eth1 from 172.16.0.1",
      // A secondary address is reached from the primary one.
      "lo from 10.1.0.1",
    ]);
  });

  test("what the route prefers", () => {
    route(ns, "20.0.0.0/8 via 10.1.0.254 src 10.2.0.1");
    expect(way("20.0.0.1")).toBe("eth1 via 10.1.0.254 from 10.2.0.1");
  });

  test("another link's, where the own has none; nothing of host scope", () => {
    must(createLink(ns, { kind: "dummy", name: "bare" }));
    up(ns, "bare");
    route(ns, "30.0.0.0/8 dev bare");
    expect(way("30.0.0.1")).toBe("bare from 10.1.0.1");
    must(addAddress(ns, linkNamed(ns, "bare"), { local: "10.9.0.1", length: 32, scope: "host" }));
    expect(way("30.0.0.1")).toBe("bare from 10.1.0.1");
  });
});

describe("policy rules", () => {
  const table = 100;
  beforeEach(() => {
    route(ns, "default via 10.1.0.254");
    const hops = [{ link: linkNamed(ns, "eth2").index, via: "10.2.0.254" }];
    must(addRoute(ns, { to: "0.0.0.0/0", table, hops }));
  });

  test.each([
    ["mark", { mark: { value: 1, mask: 0xff } }, { mark: 0x101 }, { mark: 2 }],
    ["source", { from: "10.2.0.0/24" }, { source: ipv4("10.2.0.1") }, { source: ipv4("10.1.0.1") }],
    ["protocol and port", { protocol: 6, dport: [80, 90] as const }, { protocol: 6, dport: 85 }, { protocol: 6 }],
    ["user", { uids: [1000, 2000] as const }, { uid: 1500 }, { uid: 0 }],
    ["not", { not: true, uids: [0, 0] as const }, { uid: 1 }, { uid: 0 }],
  ])("%s", (_, selector, fits, differs) => {
    must(addRule(ns, { ...selector, action: { table } }));
    expect([way("9.9.9.9", fits), way("9.9.9.9", differs)].map((text) => text.slice(0, 4))).toEqual(["eth2", "eth1"]);
  });

  test("a priority of its own is one less than the second rule's", () => {
    const made = [
      must(addRule(ns, { action: { table } })),
      must(addRule(ns, { from: "10.9.0.0/16", action: { table } })),
    ];
    expect(made.map((rule) => rule.priority)).toEqual([32765, 32764]);
    expect(addRule(ns, { priority: 32765, action: { table } })).toMatchObject({ errno: "EEXIST" });
    must(deleteRule(ns, { priority: 32765 }));
    expect(deleteRule(ns, { priority: 32765 })).toMatchObject({ errno: "ENOENT" });
  });

  test("throw goes on with the next rule; goto skips some; others refuse", () => {
    must(addRoute(ns, { type: "throw", to: "9.0.0.0/8", table }));
    must(addRule(ns, { priority: 10, action: { table } }));
    expect([way("9.9.9.9"), way("8.8.8.8")].map((text) => text.slice(0, 4))).toEqual(["eth1", "eth2"]);
    must(addRule(ns, { priority: 5, to: "8.0.0.0/8", action: { goto: 32766 } }));
    expect(way("8.8.8.8")).toMatch(/^eth1/);
    must(addRule(ns, { priority: 1, to: "7.0.0.0/8", action: "prohibit" }));
    expect(way("7.7.7.7")).toBe("EACCES");
  });

  test("suppress_prefixlength passes over the default route of a table", () => {
    must(addRoute(ns, { to: "9.0.0.0/8", table, hops: [{ link: linkNamed(ns, "eth2").index }] }));
    must(addRule(ns, { priority: 10, action: { table }, suppressPrefixLength: 0 }));
    expect([way("9.9.9.9"), way("8.8.8.8")].map((text) => text.slice(0, 4))).toEqual(["eth2", "eth1"]);
  });
});
