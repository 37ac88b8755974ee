import { expect, test } from "vitest";
import { probe } from "../probe/probe.ts";
import { resolveTargets } from "../probe/target.ts";
import { Scene } from "../scene/scene.ts";
import { worldCode } from "../../server/sessions/actor/world-code.ts";
import { turn } from "../../server/sim/kernel/testing.ts";
import { CLUSTER_PRESETS } from "../../server/sim/presets/index.ts";
import { boot, type World } from "../../server/sim/world/index.ts";
import { typed } from "../../server/commands/exec/testing.ts";
import { KubernetesNames } from "./kubernetes-names.ts";

const PODS = [
  "kubectl run web --image=nginx --labels=app=web --port=80 --expose > /dev/null",
  "kubectl run friend --image=busybox:1.36 --labels=role=friend --command -- sleep 9999 > /dev/null",
  "kubectl run stranger --image=busybox:1.36 --command -- sleep 9999 > /dev/null",
  "kubectl wait --for=condition=Ready pod --all > /dev/null",
];

const POLICIES = `kubectl apply -f - > /dev/null <<'END'
{"apiVersion": "v1", "kind": "List", "items": [
  {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "deny"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress"]}},
  {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "friends"}, "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "ingress": [
    {"ports": [{"port": 9999}]},
    {"from": [{"podSelector": {"matchLabels": {"role": "friend"}}}], "ports": [{"port": 80}]}]}},
  {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "no-way-out"}, "spec": {"podSelector": {"matchLabels": {"shut": "in"}}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": 53, "protocol": "UDP"}]}]}}]}
END`;

/** What the hops of a packet from a Pod to the Service say of Kubernetes, each once. */
function names(world: World, pod: string): string[] {
  const scene = new Scene(world);
  const targets = resolveTargets(scene, "http://web/");
  if ("missing" in targets) throw new Error(targets.missing);
  const made = probe(scene, scene.places({ pod, namespace: "default" })[0]!, targets.targets[0]!);
  const trace = (made.opening ?? made.trace)!;
  const known = new KubernetesNames(scene);
  return [...new Set(trace.hops.map((hop) => known.of(trace, hop)).filter((words) => words !== undefined))];
}

test.each(["kubeadm-calico", "kubeadm-weave"])("%s: policies, Services and endpoints by their names", async (preset) => {
  const world = await boot(worldCode(), CLUSTER_PRESETS[preset]!.topology, { seed: 1, turn });
  expect((await typed(world, PODS)).join("")).toBe("");
  const free = names(world, "stranger");
  expect(free).toContain("Service default/web, endpoint Pod default/web");
  expect(free).toContain("no NetworkPolicy is for ingress of Pod default/web");
  expect((await typed(world, [POLICIES, "sleep 2"])).join("")).toBe("");
  expect(names(world, "friend")).toContain("NetworkPolicy default/friends ingress[1] allows it");
  expect(names(world, "stranger").at(-1)).toBe(
    "no NetworkPolicy allows ingress of Pod default/web: default deny by default/deny, default/friends",
  );
  expect((await typed(world, ["kubectl label pod friend shut=in > /dev/null", "sleep 2"])).join("")).toBe("");
  expect(names(world, "friend").at(-1)).toBe(
    "no NetworkPolicy allows egress of Pod default/friend: default deny by default/no-way-out",
  );
}, 120_000); // prettier-ignore

test("kubeadm-ipvs: the virtual server's Service and the real server's Pod", async () => {
  const world = await boot(worldCode(), CLUSTER_PRESETS["kubeadm-ipvs"]!.topology, { seed: 1, turn });
  expect((await typed(world, PODS)).join("")).toBe("");
  expect(names(world, "stranger")).toEqual(["Service default/web, endpoint Pod default/web"]);
  expect((await typed(world, ["kubectl delete pod web --now > /dev/null", "sleep 2"])).join("")).toBe("");
  expect(names(world, "stranger")).toEqual(["Service default/web has no endpoints"]);
});
