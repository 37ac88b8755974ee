import { expect, test } from "vitest";
import { ours, type Came } from "./ours.check.ts";
import type { Op, Probe } from "./op.ts";

/** What a replay on the real kernel (Linux 6.18) found that ours did otherwise, each with the kernel's answer. */

/** Two namespaces and a cable: n0 has 10.0.0.1, n1 10.0.0.2. */
const CABLE: readonly Op[] = [
  ...["n0", "n1"].flatMap((ns): Op[] => [
    { do: "netns", ns },
    { do: "link", ns, dev: "lo", up: true },
  ]),
  { do: "veth", ns: "n0", dev: "v0", peerNs: "n1", peer: "v1" },
  { do: "address", ns: "n0", verb: "add", dev: "v0", address: "10.0.0.1", length: 24 },
  { do: "address", ns: "n1", verb: "add", dev: "v1", address: "10.0.0.2", length: 24 },
  { do: "link", ns: "n0", dev: "v0", up: true },
  { do: "link", ns: "n1", dev: "v1", up: true },
];

/** What came of the last one. */
async function last(...ops: readonly Op[]): Promise<Came> {
  const world = await ours();
  let came: Came | undefined;
  for (const op of [...CABLE, ...ops]) came = await world.play(op);
  return came!;
}

function probe(kind: Probe["kind"], to: string, more: Partial<Probe> = {}): Probe {
  return { do: "probe", ns: "n0", kind, to, ...more };
}

test("a rule that says unreachable is ENETUNREACH, a route that does EHOSTUNREACH", async () => {
  const rule: Op = { do: "rule", ns: "n0", verb: "add", pref: 100, to: "10.9.0.0/16", action: "unreachable" };
  const route: Op = { do: "route", ns: "n0", verb: "add", kind: "unreachable", to: "10.9.0.0/16" };
  expect(await last(rule, probe("tcp", "10.9.0.1"))).toEqual({ verdict: "ENETUNREACH" });
  expect(await last(route, probe("tcp", "10.9.0.1"))).toEqual({ verdict: "EHOSTUNREACH" });
});

test("a veth drops what is larger than its own MTU and a VLAN tag, without a word", async () => {
  const small: Op = { do: "mtu", ns: "n1", dev: "v1", mtu: 1280 };
  expect(await last(small, probe("icmp", "10.0.0.2", { size: 1256 }))).toEqual({
    verdict: "reply from 10.0.0.2 ttl 64",
  });
  expect(await last(small, probe("icmp", "10.0.0.2", { size: 1257 }))).toEqual({ verdict: "silence" });
});

test("a gateway that is our own address is none: its route leads onto the link", async () => {
  const route: Op = { do: "route", ns: "n0", verb: "add", kind: "unicast", to: "10.0.0.2/32", via: "10.0.0.1" };
  expect(await last(route, probe("udp", "10.0.0.2"))).toEqual({ verdict: "answer of n1 as 10.0.0.1" });
});

test("a gateway of ours on a link that is down is refused", async () => {
  const down: Op = { do: "link", ns: "n0", dev: "v0", up: false };
  const route: Op = { do: "route", ns: "n0", verb: "add", kind: "unicast", to: "10.9.0.0/16", via: "10.0.0.1", dev: "v0" }; // prettier-ignore
  expect(await last(down, route)).toEqual({ code: 2, stderr: "RTNETLINK answers: Network is down\n" });
});

test("a route is deleted from a table that does not exist", async () => {
  const route: Op = { do: "route", ns: "n0", verb: "del", kind: "unicast", to: "10.9.0.0/16", table: 100 };
  expect(await last(route)).toEqual({ code: 2, stderr: "Error: FIB table does not exist.\n" });
  expect(await last({ ...route, table: 254 })).toEqual({ code: 2, stderr: "RTNETLINK answers: No such process\n" });
});

test("a blackhole for a source that is ours is EINVAL; EADDRNOTAVAIL is for a source that is not", async () => {
  const rule: Op = { do: "rule", ns: "n0", verb: "add", pref: 100, from: "10.0.0.0/24", action: "blackhole" };
  expect(await last(rule, probe("udp", "10.0.0.2", { from: "10.0.0.1" }))).toEqual({ verdict: "EINVAL" });
  expect(await last(rule, probe("udp", "10.0.0.2", { from: "10.0.0.9" }))).toEqual({ verdict: "EADDRNOTAVAIL" });
});

test("what OUTPUT sends elsewhere must fit there", async () => {
  const own: Op = { do: "iptables", ns: "n0", table: "nat", verb: "append", chain: "OUTPUT", target: { name: "DNAT", to: "10.0.0.2" } }; // prettier-ignore
  const large = probe("icmp", "10.0.0.1", { size: 3000, dontFragment: true });
  expect(await last(large)).toEqual({ verdict: "reply from 10.0.0.1 ttl 64" });
  expect(await last(own, large)).toEqual({ verdict: "EMSGSIZE" });
});
