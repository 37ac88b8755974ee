import { expect, test } from "vitest";
import { netfilterOf, saveTable, TableEditor } from "../../../net/index.ts";
import { cleanUp } from "./cleanup.ts";
import { service, slice } from "./testing.ts";
import { TestNode } from "./testing-node.ts";

const WORDS = "kubernetes service nodeports; NOTE: this must be the last rule in this chain";

async function running(): Promise<TestNode> {
  const node = TestNode.create();
  node.create(service("default/web", { clusterIP: "10.96.5.5" }), slice("default/web", ["10.244.0.5"]));
  node.startProxy();
  await node.pass(5);
  return node;
}

function saved(node: TestNode, table: "filter" | "nat" | "mangle"): string[] {
  return saveTable(netfilterOf(node.ns, 6), table).filter((line) => /^(:KUBE|-A)/.test(line));
}

test("the tables of IPv6 get the base chains, and no Service", async () => {
  const node = await running();
  expect(saved(node, "nat")).toEqual([
    ":KUBE-MARK-MASQ - [0:0]",
    ":KUBE-NODEPORTS - [0:0]",
    ":KUBE-POSTROUTING - [0:0]",
    ":KUBE-PROXY-CANARY - [0:0]",
    ":KUBE-SERVICES - [0:0]",
    '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
    "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
    "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
    "-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0",
    '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    `-A KUBE-SERVICES ! -d ::1/128 -m comment --comment "${WORDS}" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`,
  ]);
  expect(saved(node, "filter").filter((line) => line.startsWith("-A KUBE"))).toEqual([
    "-A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name  ct_state_invalid_dropped_pkts -j DROP",
    '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
    '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  ]);
  expect(saved(node, "filter").filter((line) => line.startsWith("-A INPUT"))).toEqual([
    "-A INPUT -j KUBE-FIREWALL",
    '-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL',
    '-A INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS',
    '-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES',
  ]);
});

test("flushed, they are written again; --cleanup takes them away", async () => {
  const node = await running();
  const before = (["nat", "filter", "mangle"] as const).map((table) => saved(node, table));
  const netfilter = netfilterOf(node.ns, 6);
  for (const table of ["nat", "filter", "mangle"] as const) {
    const editor = new TableEditor(netfilter, netfilter[table]);
    editor.flush();
    editor.deleteUserChains();
    editor.commit();
  }
  expect(saved(node, "nat")).toEqual([]);
  await node.pass(40);
  expect((["nat", "filter", "mangle"] as const).map((table) => saved(node, table))).toEqual(before);
  cleanUp(node.ns);
  expect(saved(node, "nat")).toEqual([
    ":KUBE-MARK-MASQ - [0:0]",
    ":KUBE-PROXY-CANARY - [0:0]",
    "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
  ]);
});
