import { expect, test } from "vitest";
import { services } from "../../../kinds/index.ts";
import { nftablesOf, runNft } from "../../../../net/index.ts";
import { service, slice } from "../testing.ts";
import { TestNode } from "../testing-node.ts";

const CONFIG = "/var/lib/kube-proxy/config.conf";
const WEB = service("default/web", { clusterIP: "10.96.4.5" });

function start(from = 'mode: ""', to = "mode: nftables"): TestNode {
  const node = TestNode.create();
  node.write(CONFIG, node.read(CONFIG).replace(from, to));
  node.create(WEB, slice("default/web", ["10.244.0.5"]));
  node.startProxy();
  return node;
}

const chains = (node: TestNode): string[] =>
  [...nftablesOf(node.ns).chains.values()].filter(({ name }) => name.includes("/")).map(({ name }) => name);
const elements = (node: TestNode, set: string): number =>
  nftablesOf(node.ns).sets.get(`ip kube-proxy ${set}`)!.elements.length;

test("it says that it is in nftables mode, without a word of all local addresses, and writes both tables", async () => {
  const node = start();
  await node.pass(1);
  const log = node.log();
  expect(log).toContain('I server_linux.go:262] "Using nftables Proxier"');
  expect(log.filter((line) => /^E|iptables/.test(line))).toEqual([]);
  expect([...nftablesOf(node.ns).tables.keys()]).toEqual(["ip kube-proxy", "ip6 kube-proxy"]);
  expect(chains(node)).toEqual([
    expect.stringMatching(/^endpoint-[A-Z2-7]{8}-default\/web\/tcp\/__10\.244\.0\.5\/80$/),
    expect.stringMatching(/^service-[A-Z2-7]{8}-default\/web\/tcp\/$/),
  ]);
  expect(node.rules()).not.toContain("KUBE-");
});

test("a Service that goes leaves no element, and its chains are deleted a second later, with the next change", async () => {
  const node = start();
  await node.pass(1);
  expect(elements(node, "service-ips")).toBe(1);
  node.client().delete(services, "default", "web");
  await node.pass(3);
  expect(elements(node, "service-ips")).toBe(0);
  expect(elements(node, "cluster-ips")).toBe(0);
  expect(chains(node)).toHaveLength(2);
  node.create(service("default/other", { clusterIP: "10.96.4.6" }));
  await node.pass(3);
  expect(chains(node)).toEqual([]);
  expect(node.log().at(-1)).toBe('I proxier.go] "Deleting stale nftables chains" ipFamily="IPv4" numChains=2');
});

test("a table that somebody flushes makes the next sync fail, and a full one follows", async () => {
  const node = start();
  await node.pass(1);
  runNft(node.ns, { name: "", text: "flush ruleset\n" }, {}, false);
  await node.pass(40);
  expect(nftablesOf(node.ns).tables.size).toBe(0);
  node.create(service("default/other", { clusterIP: "10.96.4.6" }));
  await node.pass(3);
  expect(node.log().at(-1)).toBe('I proxier.go] "Sync failed" ipFamily="IPv4" retryingTime="30s"');
  await node.pass(30);
  expect(elements(node, "service-ips")).toBe(1);
  expect(elements(node, "cluster-ips")).toBe(2);
});

test("the rules of the mode before go when it starts", async () => {
  const node = start("mode: nosuch", "");
  await node.pass(1);
  expect(node.rules()).toContain("KUBE-SVC-");
  node.write(CONFIG, node.read(CONFIG).replace('mode: ""', "mode: nftables"));
  node.startProxy();
  await node.pass(1);
  expect(node.rules()).not.toMatch(/KUBE-(SVC|SERVICES)/);
  expect(elements(node, "service-ips")).toBe(1);
});

test("a restored node goes on as the first one does", async () => {
  const node = start();
  await node.pass(1);
  const again = node.restored();
  for (const one of [node, again]) {
    one.create(service("default/other", { clusterIP: "10.96.4.6" }), slice("default/other", ["10.244.0.6"]));
    await one.pass(3);
  }
  expect(again.kernel.snapshot()).toEqual(node.kernel.snapshot());
  expect(elements(again, "service-ips")).toBe(2);
});
