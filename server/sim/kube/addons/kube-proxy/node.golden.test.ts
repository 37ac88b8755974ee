import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { saveRules } from "../../../net/index.ts";
import { machine, testNetwork } from "../../../net/testing.ts";
import { kubeletChains } from "./base-chains.ts";
import { FULL, proxier, service, slice } from "./testing.ts";

/**
 * The rules of a small cluster as the recorded worlds have them (shared/golden/lib/kube-proxy.rules), written for a kernel
 * without nfnetlink_acct and with names for KUBE-SEP- chains that were made up.
 */
const RECORDED = readFileSync(new URL("../../../net/netfilter/fixtures/kube-proxy.rules", import.meta.url), "utf8");

/** Endpoint chains by where they lead, no accounts, shared chains in no order. */
function comparable(save: string): string[] {
  const names = new Map(
    [...save.matchAll(/^-A (KUBE-SEP-\w+) .*--comment "?([^" ]+)"? .*--to-destination (\S+)$/gm)].map(
      ([, chain, owner, to]) => [chain!, `KUBE-SEP-${owner} ${to}`] as const,
    ),
  );
  const lines = save
    .split("\n")
    .filter((line) => !line.includes("localhost_nps_accepted_pkts") && !/^:KUBE-(PROXY|KUBELET)-CANARY/.test(line))
    .map((line) => line.replace(" -m nfacct --nfacct-name  ct_state_invalid_dropped_pkts", ""))
    .map((line) => line.replaceAll(/KUBE-SEP-\w+/g, (name) => names.get(name) ?? name));
  const chains = lines.filter((line) => !/^(:KUBE-SEP|-A KUBE-SEP|-A KUBE-SERVICES)/.test(line));
  return [...chains, ...lines.filter((line) => !chains.includes(line)).sort()];
}

test("a node's tables as kubelet and kube-proxy leave them", () => {
  const ns = machine(testNetwork(), "node");
  kubeletChains(ns);
  proxier([
    service("default/kubernetes", { clusterIP: "10.96.0.1", ports: [{ name: "https", port: 443, targetPort: 6443 }] }),
    slice("default/kubernetes", ["192.168.56.11"], [{ name: "https", port: 6443 }]),
    service("kube-system/kube-dns", {
      clusterIP: "10.96.0.10",
      ports: [
        { name: "dns", port: 53, targetPort: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53, targetPort: 53, protocol: "TCP" },
      ],
    }),
    slice(
      "kube-system/kube-dns",
      ["10.244.1.4"],
      [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53, protocol: "TCP" },
      ],
    ),
    service("default/web", {
      type: "NodePort",
      clusterIP: "10.103.45.120",
      ports: [{ port: 80, targetPort: 80, nodePort: 30080 }],
    }),
    slice("default/web", ["10.244.0.2", "10.244.0.3"]),
    service("default/broken", { clusterIP: "10.96.77.7" }),
  ]).sync(ns, FULL);
  const saved = saveRules(ns, { table: "filter" }) + saveRules(ns, { table: "nat" });
  expect(comparable(saved)).toEqual(comparable(RECORDED));
  expect(saveRules(ns, { table: "mangle" })).toContain(":KUBE-IPTABLES-HINT - [0:0]\n:KUBE-KUBELET-CANARY - [0:0]\n");
  kubeletChains(ns);
  expect(saveRules(ns, { table: "filter" }) + saveRules(ns, { table: "nat" })).toBe(saved);
});
