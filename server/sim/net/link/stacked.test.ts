import { beforeEach, expect, test } from "vitest";
import { setMaster } from "./bridge.ts";
import { createLink } from "./create.ts";
import { deleteLink } from "./delete.ts";
import { addNamespace } from "../lifecycle.ts";
import type { Namespace } from "../namespace.ts";
import { give, linkNamed, machine, must, route, sysctl, testNetwork, up, down } from "../testing.ts";
import { ping } from "../transport/ping.ts";
import { moveLink, setMtu } from "./set.ts";
import { isRunning } from "./row.ts";

let a: Namespace;
let b: Namespace;

beforeEach(() => {
  const network = testNetwork();
  a = machine(network, "a", { segment: "lan", address: "10.0.0.1/24" });
  b = machine(network, "b", { segment: "lan", address: "10.0.0.2/24" });
});

const to = (ns: Namespace, address: string): string => ping(ns, { to: address, id: 1, seq: 1 }).outcome;

function vlan(ns: Namespace, id: number, address: string, lower = "eth0"): void {
  const name = `${lower}.${id}`;
  must(createLink(ns, { kind: "vlan", name, id, dev: linkNamed(ns, lower).index }));
  up(ns, name);
  give(ns, name, address);
}

test("vlans of the same number reach each other over the wire, others do not", () => {
  vlan(a, 10, "10.1.0.1/24");
  vlan(b, 10, "10.1.0.2/24");
  vlan(b, 20, "10.1.0.3/24");
  // Otherwise the link in vlan 10 answers for the other's address.
  sysctl(b, "net.ipv4.conf.all.arp_ignore", 1);
  expect(to(a, "10.1.0.2")).toBe("answered");
  expect(to(a, "10.1.0.3")).toBe("host unreachable");
  expect(to(a, "10.0.0.2")).toBe("answered");
});

test("a vlan on a vlan has two tags", () => {
  for (const [ns, end] of [
    [a, 1],
    [b, 2],
  ] as const) {
    vlan(ns, 10, `10.1.0.${end}/24`);
    vlan(ns, 7, `10.2.0.${end}/24`, "eth0.10");
  }
  expect(to(a, "10.2.0.2")).toBe("answered");
});

test("a bridge passes tags on, and a vlan on the bridge takes its own", () => {
  const pod = addNamespace(a.network, "a");
  must(createLink(a, { kind: "bridge", name: "br0" }));
  must(createLink(a, { kind: "veth", name: "p0", peer: { name: "eth0", namespace: pod.id } }));
  must(setMaster(a, linkNamed(a, "p0").index, linkNamed(a, "br0").index));
  for (const name of ["br0", "p0"]) up(a, name);
  up(pod, "eth0");
  vlan(pod, 5, "10.5.0.2/24");
  vlan(a, 5, "10.5.0.1/24", "br0");
  expect(to(pod, "10.5.0.1")).toBe("answered");
  expect(to(a, "10.5.0.2")).toBe("answered");
});

test("a vlan goes down and up with its link, whose MTU bounds its own", () => {
  vlan(a, 10, "10.1.0.1/24");
  down(a, "eth0");
  expect(linkNamed(a, "eth0.10").up).toBe(false);
  up(a, "eth0");
  expect(isRunning(linkNamed(a, "eth0.10"))).toBe(true);
  expect(setMtu(a, linkNamed(a, "eth0.10").index, 1501)).toMatchObject({ ok: false, errno: "ERANGE" });
  must(setMtu(a, linkNamed(a, "eth0").index, 1400));
  expect(linkNamed(a, "eth0.10").mtu).toBe(1400);
  expect(createLink(a, { kind: "vlan", id: 10, dev: linkNamed(a, "eth0").index })).toMatchObject({
    errno: "EEXIST",
    extack: "8021q: VLAN device already exists",
  });
  must(deleteLink(a, linkNamed(a, "eth0.10").index));
  expect(linkNamed(a, "eth0").uppers).toBeUndefined();
});

test("a macvlan in a Pod is reached from outside, but not by the host below it", () => {
  const pod = addNamespace(a.network, "a");
  const made = must(createLink(a, { kind: "macvlan", name: "mv0", mode: "bridge", dev: linkNamed(a, "eth0").index }));
  must(moveLink(a, made.index, pod));
  up(pod, "mv0");
  give(pod, "mv0", "10.0.0.9/24");
  expect(to(b, "10.0.0.9")).toBe("answered");
  expect(to(pod, "10.0.0.2")).toBe("answered");
  expect(to(a, "10.0.0.9")).toBe("host unreachable");
  down(a, "eth0");
  expect(isRunning(linkNamed(pod, "mv0"))).toBe(false);
});

test("an ipip tunnel carries packets between networks behind its ends", () => {
  for (const [ns, own, other] of [
    [a, 1, 2],
    [b, 2, 1],
  ] as const) {
    must(createLink(ns, { kind: "ipip", name: "tun0", local: `10.0.0.${own}`, remote: `10.0.0.${other}` }));
    up(ns, "tun0");
    give(ns, "tun0", `10.9.${own}.1/32`);
    route(ns, `10.9.${other}.0/24 dev tun0`);
    sysctl(ns, "net.ipv4.conf.all.rp_filter", 0);
  }
  expect(linkNamed(a, "tun0").mtu).toBe(1480);
  expect(to(a, "10.9.2.1")).toBe("answered");
  expect(createLink(a, { kind: "ipip", local: "10.0.0.1", remote: "10.0.0.2" })).toMatchObject({ errno: "EEXIST" });
  down(b, "tun0");
  expect(to(a, "10.9.2.1")).toBe("no answer");
});
