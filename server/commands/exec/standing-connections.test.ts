import { beforeEach, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** Who holds a connection to the API server, as netstat shows it. */
const HOLDERS = `netstat -ntp | awk '$5 == "172.30.1.2:6443" {print $6, $7}' | sed 's,[0-9]*/,,' | sort`;

let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

test("components keep a connection to their API server, and its end shows them by their addresses", async () => {
  const [own, node, served] = await typed(world, [
    HOLDERS,
    `ssh node01 "${HOLDERS.replaceAll("$", String.raw`\$`).replaceAll('"', String.raw`\"`)}"`,
    `netstat -ntp | awk '$4 == "172.30.1.2:6443" && $6 == "ESTABLISHED" {print $1, $5, $7}' | sed 's/:[0-9]* [0-9]*/ /' | sort -u`,
  ]);
  expect(own).toBe(
    ["kube-controller", "kube-proxy", "kube-scheduler", "kubelet"].map((name) => `ESTABLISHED ${name}\n`).join(""),
  );
  expect(node).toBe("ESTABLISHED kube-proxy\nESTABLISHED kubelet\n");
  expect(served).toBe(
    ["10.244.0.2", "10.244.0.3", "172.30.1.2", "172.30.2.2"]
      .map((address) => `tcp6 ${address} /kube-apiserver\n`)
      .join(""),
  );
});

test("a node that may open no new connections goes on with the one that it has, until its server is started anew", async () => {
  const out = await typed(world, [
    "ssh node01 'iptables -I OUTPUT -p tcp --dport 6443 -m conntrack --ctstate NEW -j REJECT; nc -z -w 2 172.30.1.2 6443 || echo refused'",
    `kubectl run web --image=nginx --overrides='{"spec":{"nodeName":"node01"}}' > /dev/null; sleep 60`,
    "kubectl get pod web -o jsonpath='{.status.phase}'; kubectl get node node01 --no-headers | awk '{print $2}'",
    "pkill kube-apiserver; sleep 100; kubectl get node node01 --no-headers | awk '{print $2}'; ss -tan | grep -c CLOSE-WAIT",
  ]);
  expect(out.map((text) => text.trim().split("\n").at(-1))).toEqual(["refused", "", "RunningReady", "0"]);
  expect(out[3]).toBe("NotReady\n0\n");
});

test("who captures packets sees the cluster live: leaders renew, kubelets renew, and nothing of it runs while nobody looks", async () => {
  const out = await typed(world, [
    "tcpdump -i any -nn port 6443 2> /dev/null > seen & sleep 21; kill %1; wait; grep -c ' > 172.30.1.2.6443: Flags \\[P.\\].* length 29' seen",
    "ssh node01 timeout 21 tcpdump -i eth0 -nn host 172.30.1.2 and port 6443 2> /dev/null | grep -c '172.30.2.2.* length 29'",
  ]);
  // Two leaders every two seconds, two kubelets every ten; pings of others every thirty.
  expect(Number.parseInt(out[0]!)).toBeGreaterThan(22);
  expect(Number.parseInt(out[1]!)).toBeGreaterThanOrEqual(2);
  const { kernel } = world;
  await world.settle();
  const end = kernel.now + 120_000_000;
  while (kernel.step(end));
  expect(kernel.events().filter(({ kind }) => kind === "api-links/beat")).toEqual([]);
});
