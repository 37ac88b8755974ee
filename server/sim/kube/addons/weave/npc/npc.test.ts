import { expect, test } from "vitest";
import { DaemonProcess, ROOT, spawn } from "../../../../host/index.ts";
import { connect, listSets, saveRules, type Namespace } from "../../../../net/index.ts";
import { bridge, iptables, listen, pod, sysctl } from "../../../../net/testing.ts";
import { networkPolicies, pods, serviceAccounts } from "../../../kinds/index.ts";
import { LOG, TestNode } from "../../kube-proxy/testing-node.ts";
import { bindWeaveNpc, weaveNpcsOf } from "./index.ts";

/** A node with weave's bridge and what weave itself writes of rules, on which weave-npc runs. */
async function stand(): Promise<{ node: TestNode; pods: Record<string, Namespace> }> {
  const node = TestNode.create();
  bindWeaveNpc(node.hosts);
  const { ns } = node;
  node.network.loadModule("controlplane", "br_netfilter");
  sysctl(ns, "net.bridge.bridge-nf-call-iptables", 1);
  sysctl(ns, "net.ipv4.ip_forward", 1);
  bridge(ns, "weave", { address: "10.32.0.1/12" });
  for (const chain of ["WEAVE-NPC", "WEAVE-NPC-EGRESS"]) iptables(ns, `-N ${chain}`);
  for (const rule of ["-i weave -j WEAVE-NPC-EGRESS", "-o weave -j WEAVE-NPC", "-o weave -j DROP", "-i weave ! -o weave -j ACCEPT"])
    iptables(ns, `-A FORWARD ${rule}`);
  const client = node.client();
  client.create(serviceAccounts, { metadata: { name: "default", namespace: "default" } });
  const wired: Record<string, Namespace> = {};
  for (const [at, name] of ["web", "a", "b"].entries()) {
    const address = `10.32.0.${2 + at}`;
    wired[name] = pod(ns, name, { address: `${address}/12`, gateway: "10.32.0.1", bridge: "weave" });
    const made = client.create(pods, {
      metadata: { name, namespace: "default", labels: { app: name } },
      spec: { nodeName: "controlplane", containers: [{ name: "c", image: "nginx" }] },
    });
    client.updateStatus(pods, { ...made, status: { ...made.status, phase: "Running", podIP: address } });
  }
  listen(wired["web"]!, 80);
  const self = new DaemonProcess(node.host, anyProcess(node));
  weaveNpcsOf(node.hosts).started(self, { node: "controlplane", kubeconfig: "/var/lib/kube-proxy/kubeconfig.conf" });
  await node.pass(1);
  return { node, pods: wired };
} // prettier-ignore

/** Stands for weave-npc's own process. */
function anyProcess(node: TestNode): number {
  const path = "/usr/local/bin/kube-apiserver";
  return spawn(node.host, {
    path,
    argv: [path],
    env: {},
    cwd: "/",
    as: ROOT,
    ppid: 1,
    log: { kind: "container", path: LOG },
  });
}

function tried(from: Record<string, Namespace>): string[] {
  return ["a", "b"].map((name) => `${name}: ${connect(from[name]!, { to: "10.32.0.2", port: 80 }).outcome}`);
}

test("weave-npc's chains let in whom a policy names", async () => {
  const { node, pods: wired } = await stand();
  expect(tried(wired)).toEqual(["a: connected", "b: connected"]);
  // As seen on a real cluster.
  expect(saveRules(node.ns)).toContain(
    '-A WEAVE-NPC-DEFAULT -m set --match-set weave-;rGqyMIl1HN^cfDki~Z$3]6!N dst -m comment --comment "DefaultAllow ingress isolation for namespace: default" -j ACCEPT',
  );
  const spec = { podSelector: { matchLabels: { app: "web" } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: "b" } } }], ports: [{ port: 80 }] }] };
  node.client().create(networkPolicies, { metadata: { name: "p", namespace: "default" }, spec });
  await node.pass(1);
  expect(tried(wired)).toEqual(["a: no answer", "b: connected"]);
  expect(connect(node.ns, { to: "10.32.0.2", port: 80 }).outcome).toBe("connected");
  expect(saveRules(node.ns).split("\n").filter((line) => line.startsWith("-A WEAVE-NPC-INGRESS"))).toEqual([
    expect.stringMatching(/^-A WEAVE-NPC-INGRESS -p tcp -m set --match-set weave-\S+ src -m set --match-set weave-\S+ dst -m tcp --dport 80 -m comment --comment "pods: namespace: default, selector: app=b -> pods: namespace: default, selector: app=web \(ingress\)" -j ACCEPT$/),
  ]);
  node.client().delete(networkPolicies, "default", "p");
  await node.pass(1);
  expect(tried(wired)).toEqual(["a: connected", "b: connected"]);
  expect(listSets(node.ns).filter(([, { type }]) => type === "hash:ip").length).toBe(6);
}); // prettier-ignore

test("egress without a rule goes nowhere, and names of ports are refused", async () => {
  const { node, pods: wired } = await stand();
  const make = (name: string, spec: object): void =>
    void node.client().create(networkPolicies, { metadata: { name, namespace: "default" }, spec });
  make("named", { podSelector: {}, ingress: [{ ports: [{ port: "http" }] }] });
  make("quiet", { podSelector: { matchLabels: { app: "a" } }, policyTypes: ["Egress"] });
  await node.pass(1);
  expect(tried(wired)).toEqual(["a: no answer", "b: connected"]);
  expect(node.read(LOG)).toContain(
    "add network policy: named ports in network policies is not supported yet. Rejecting network policy: named from further processing. named port http in network policy",
  );
  make("to-web", { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ ipBlock: { cidr: "10.32.0.0/12", except: ["10.32.0.4/32"] } }] }] });
  await node.pass(1);
  expect(tried(wired)).toEqual(["a: connected", "b: connected"]);
}); // prettier-ignore
