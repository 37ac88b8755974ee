import { beforeAll, describe, expect, test } from "vitest";
import { connect, listElements, listSets, saveRules, type Namespace } from "../../../../net/index.ts";
import { iptables, listen } from "../../../../net/testing.ts";
import type { NetworkPolicy } from "../../../api/index.ts";
import { networkPolicies, pods } from "../../../kinds/index.ts";
import { Stand } from "../../../reach-oracle/stand.ts";
import { policyChain } from "./chain-names.ts";
import { markRules } from "./rule.ts";
import { ipSetForSelector } from "./ip-set-id.ts";
import { peerSelector } from "./selector.ts";

let warm: Stand;

beforeAll(async () => {
  warm = Stand.create(2);
  warm.addPod({ name: "web", node: "node01", labels: { app: "web" } }, "10.244.1.5");
  warm.addPod({ name: "near", node: "node01", labels: { app: "near" } }, "10.244.1.6");
  warm.addPod({ name: "far", node: "controlplane", labels: { app: "far" } }, "10.244.0.6");
  listen(podOf(warm, "web"), 80);
  await warm.startFelix();
});

function podOf(stand: Stand, name: string): Namespace {
  const { network } = stand.base;
  const row = [...network.namespaces.values()].find(({ label }) => label === `Pod ${name}`)!;
  return network.namespace(row.id);
}

function tried(stand: Stand): Record<string, string> {
  const from = { near: podOf(stand, "near"), far: podOf(stand, "far"), node: stand.node("node01"), other: stand.node("controlplane") };
  return Object.fromEntries(Object.entries(from).map(([name, ns]) => [name, connect(ns, { to: "10.244.1.5", port: 80 }).outcome]));
} // prettier-ignore

async function applied(spec: NetworkPolicy["spec"], stand = warm.forked()): Promise<Stand> {
  stand.client.create(networkPolicies, { metadata: { name: "p", namespace: "default" }, spec });
  await stand.pass(1);
  return stand;
}

const WEB = { matchLabels: { app: "web" } };
const FROM_FAR = [{ from: [{ podSelector: { matchLabels: { app: "far" } } }], ports: [{ port: 80 }] }];

function rulesOf(stand: Stand, chain: string): string[] {
  return saveRules(stand.node("node01"), { table: "filter" }).split("\n").filter((line) => line.startsWith(`-A ${chain} `)); // prettier-ignore
}

describe("names and hashes are those of the real one", () => {
  test("chains of policies", () => {
    // As seen on a cluster with Calico 3.30.
    expect(policyChain("ingress", "calico-system/knp.default.allow-apiserver")).toBe("cali-pi-_RPHPUh868v26JJg7645");
  });

  test("sets", () => {
    const selector = peerSelector({ matchLabels: { app: "client" } }, undefined, "demo");
    expect(ipSetForSelector(selector)).toMatchObject({
      id: "s:N7qB4dD1ts0--qbzE-HjtMk4UjghTan7J_o4cQ",
      name: "cali40s:N7qB4dD1ts0--qbzE-HjtMk",
    });
  });

  test("rules", () => {
    const hashes = (chain: string, ...rules: { comment?: string; match?: string; action?: string }[]): string[] =>
      markRules("filter", { name: chain, rules }).map(({ hash }) => hash);
    expect(hashes("cali-FORWARD", { action: "--jump MARK --set-mark 0/0xe0000" }, { match: "-m mark --mark 0/0x10000", action: "--jump cali-from-hep-forward" })).toEqual(["vjrMJCRpqwy5oRoX", "A_sPAO0mcxbT9mOV"]);
    expect(hashes("cali-tw-cali1dac8782bdb", { match: "-m conntrack --ctstate RELATED,ESTABLISHED", action: "--jump ACCEPT" }, { match: "-m conntrack --ctstate INVALID", action: "--jump DROP" }, { action: "--jump MARK --set-mark 0/0x30000" })).toEqual(["pZCSozePUt12JjYr", "A2w3HQa4qF2hpRLf", "Hldf7OOaxwfrGE_R"]);
    expect(hashes("cali-pri-_4yi5_iSUAwsU8zMHTk", { comment: "Profile ksa.calico-apiserver.calico-apiserver ingress" })).toEqual(["ZYnaZZFwsSjfXO4C"]);
  }); // prettier-ignore

  test("the kernel's chains", () => {
    const rules = saveRules(warm.node("node01"), { table: "filter" }).split("\n");
    expect(rules.filter((line) => /^-A (INPUT|FORWARD|OUTPUT) /.test(line))).toEqual([
      '-A INPUT -m comment --comment "cali:Cz_u1IQiXIMmKD4c" -j cali-INPUT',
      '-A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD',
      '-A FORWARD -m comment --comment "cali:S93hcgKJrXEqnTfs" -m comment --comment "Policy explicitly accepted packet." -m mark --mark 0x10000/0x10000 -j ACCEPT',
      '-A FORWARD -m comment --comment "cali:mp77cMpurHhyjLrM" -j MARK --set-xmark 0x10000/0x10000',
      '-A OUTPUT -m comment --comment "cali:tVnHkvAo15HuiPy0" -j cali-OUTPUT',
    ]);
  });
});

describe("a policy", () => {
  test("that there is not lets everybody in", () => {
    expect(tried(warm)).toEqual({ near: "connected", far: "connected", node: "connected", other: "connected" });
  });

  test("lets in whom it names, and the node", async () => {
    const stand = await applied({ podSelector: WEB, ingress: FROM_FAR });
    expect(tried(stand)).toEqual({ near: "no answer", far: "connected", node: "connected", other: "no answer" });
    const set = "cali40s:le8j6kkUzi1czU47iXSB1gv";
    expect(rulesOf(stand, "cali-pi-_ge0vhpyYUel3SzYYV-1")).toEqual([
      `-A cali-pi-_ge0vhpyYUel3SzYYV-1 -p tcp -m comment --comment "cali:wbMJsj3qiIk0GZXL" -m comment --comment "Policy default/knp.default.p ingress" -m set --match-set ${set} src -m multiport --dports 80 -j MARK --set-xmark 0x10000/0x10000`,
    ]);
    const [found] = listSets(stand.node("node01")).filter(([name]) => name === set);
    expect(found![1]).toMatchObject({ type: "hash:net", hashsize: 1024, maxelem: 1_048_576 });
    expect(listElements(stand.node("node01"), found![1]).map(([key]) => key)).toEqual(["10.244.0.6"]);
    // On a node without a Pod that it is for there is nothing of it.
    expect(saveRules(stand.node("controlplane"))).not.toContain("cali-pi-");
  });

  test("that allows nothing has a chain that does nothing", async () => {
    const stand = await applied({ podSelector: {} });
    expect(tried(stand)).toEqual({ near: "no answer", far: "no answer", node: "connected", other: "no answer" });
    expect(rulesOf(stand, "cali-pi-_ge0vhpyYUel3SzYYV-1")).toEqual([
      expect.stringMatching(/^-A cali-pi-_ge0vhpyYUel3SzYYV-1 -m comment --comment "cali:\S{16}" -m comment --comment "Policy default\/knp\.default\.p ingress"$/),
    ]); // prettier-ignore
  });

  test("follows labels, and goes without a trace", async () => {
    const stand = await applied({ podSelector: WEB, ingress: FROM_FAR });
    stand.client.patch(pods, { namespace: "default", name: "near" }, "merge-patch+json", { metadata: { labels: { app: "far" } } });
    await stand.pass(1);
    expect(tried(stand)["near"]).toBe("connected");
    stand.client.delete(networkPolicies, "default", "p");
    await stand.pass(1);
    expect(tried(stand)["other"]).toBe("connected");
    expect(saveRules(stand.node("node01"))).toBe(saveRules(warm.node("node01")));
    expect(listSets(stand.node("node01")).map(([name]) => name)).toEqual(["cali40all-ipam-pools", "cali40masq-ipam-pools"]);
  }); // prettier-ignore

  test("leaves connections that are open", async () => {
    const stand = warm.forked();
    const { connection } = connect(podOf(stand, "near"), { to: "10.244.1.5", port: 80 });
    await applied({ podSelector: WEB }, stand);
    expect(connection!.row?.state).toBe("established");
    expect(tried(stand)["near"]).toBe("no answer");
  });

  test("is the same for a world that was copied before it was written", async () => {
    const stand = warm.forked();
    stand.client.create(networkPolicies, { metadata: { name: "p", namespace: "default" }, spec: { podSelector: WEB, ingress: FROM_FAR } });
    const copy = stand.forked();
    await stand.pass(1);
    await copy.pass(1);
    expect(saveRules(copy.node("node01"))).toBe(saveRules(stand.node("node01")));
  }); // prettier-ignore
});

test("what somebody else takes away comes back when felix looks again", async () => {
  const stand = warm.forked();
  const before = saveRules(stand.node("node01"), { table: "filter" });
  iptables(stand.node("node01"), "-F cali-to-wl-dispatch");
  iptables(stand.node("node01"), "-D INPUT -m comment --comment cali:Cz_u1IQiXIMmKD4c -j cali-INPUT");
  expect(tried(stand)["far"]).toBe("connected");
  await stand.pass(200);
  expect(saveRules(stand.node("node01"), { table: "filter" })).toBe(before);
});
