import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ensureAccount, restoreRules, saveRules, type Namespace } from "../../../net/index.ts";
import { machine, testNetwork } from "../../../net/testing.ts";
import { byCidr, FULL, proxier, service, slice } from "./testing.ts";

const EXPECTED = readFileSync(new URL("fixtures/overall.rules", import.meta.url), "utf8");

const P80 = [{ name: "p80", port: 80, protocol: "TCP", targetPort: 80 }];
const NAMED = [{ name: "p80", port: 80 }];

function objects() {
  return [
    service("ns1/svc1", { clusterIP: "172.30.0.41", ports: P80 }),
    slice("ns1/svc1", ["10.180.0.1"], NAMED),
    service(
      "ns2/svc2",
      {
        type: "LoadBalancer",
        externalTrafficPolicy: "Local",
        clusterIP: "172.30.0.42",
        ports: [{ ...P80[0]!, nodePort: 3001 }],
        externalIPs: ["192.168.99.22"],
        healthCheckNodePort: 30000,
      },
      ["1.2.3.4"],
    ),
    slice("ns2/svc2", ["10.180.0.2"], NAMED),
    service("ns3/svc3", { type: "NodePort", clusterIP: "172.30.0.43", ports: [{ ...P80[0]!, nodePort: 3003 }] }),
    slice("ns3/svc3", ["10.180.0.3"], NAMED),
    service("ns4/svc4", { type: "NodePort", clusterIP: "172.30.0.44", externalIPs: ["192.168.99.33"], ports: P80 }),
    slice("ns4/svc4", ["10.180.0.4", { ip: "10.180.0.5", node: "node01" }], NAMED),
    service(
      "ns5/svc5",
      {
        type: "LoadBalancer",
        externalTrafficPolicy: "Cluster",
        clusterIP: "172.30.0.45",
        ports: [{ ...P80[0]!, nodePort: 3002 }],
        healthCheckNodePort: 30000,
        loadBalancerSourceRanges: [" 203.0.113.0/25"],
        sessionAffinity: "ClientIP",
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
      },
      ["5.6.7.8"],
    ),
    slice("ns5/svc5", ["10.180.0.3"], NAMED),
    service("ns6/svc6", { clusterIP: "172.30.0.46", ports: P80 }),
  ];
}

function node(): Namespace {
  return machine(testNetwork(), "node");
}

/** Rules of chains that all services share come in no particular order. */
function ordered(save: string): string[] {
  const shared = /^-A (KUBE-SERVICES|KUBE-NODEPORTS|KUBE-EXTERNAL-SERVICES) /;
  const lines = save.split("\n").filter((line) => !line.startsWith("#"));
  return [...lines.filter((line) => !shared.test(line)), ...lines.filter((line) => shared.test(line)).sort()];
}

/** Without what is in built-in chains. */
function own(save: string): string {
  return save
    .split("\n")
    .filter((line) => !/^(:|-A )(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) /.test(line))
    .join("\n");
}

test("the rules of TestOverallIPTablesRules", () => {
  const ns = node();
  const result = proxier(objects(), { detector: byCidr("10.0.0.0/8") }).sync(ns, FULL);
  const saved = own(saveRules(ns));
  expect(ordered(saved)).toEqual(ordered(EXPECTED));
  const services = saved.split("\n").filter((line) => line.startsWith("-A KUBE-SERVICES") && line.includes("-j KUBE"));
  expect(services.at(-1)).toContain("NOTE: this must be the last rule in this chain");
  const nat = EXPECTED.slice(EXPECTED.indexOf("*nat")).match(/^-A /gm)!.length;
  expect(result).toEqual({
    refusedAddresses: [],
    large: false,
    services: 6,
    endpoints: 6,
    filterChains: 6,
    filterRules: 10,
    natChains: 20,
    natRules: nat,
    natRulesWritten: nat,
    noLocalEndpoints: { internal: 0, external: 1 },
  });
});

test("what is written is what iptables-restore would make of the text", () => {
  const [written, restored] = [node(), node()];
  proxier(objects(), { detector: byCidr("10.0.0.0/8") }).sync(written, FULL);
  for (const name of ["ct_state_invalid_dropped_pkts", "localhost_nps_accepted_pkts"]) ensureAccount(restored, name);
  expect(restoreRules(restored, saveRules(written))).toBeUndefined();
  expect(saveRules(restored)).toBe(saveRules(written));
  const rules = (ns: Namespace) =>
    (["filter", "nat"] as const).map((table) =>
      [...(ns.netfilter4![table].chains.values() as Iterable<{ name: string; rules: readonly { id: number }[] }>)]
        // A text names also the built-in chains that nobody wrote into.
        .filter(({ name, rules: list }) => list.length > 0 || name.startsWith("KUBE-"))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, rules: list }) => [name, list.map((rule) => ({ ...rule, id: 0 }))]),
    );
  expect(rules(written)).toEqual(rules(restored));
});
