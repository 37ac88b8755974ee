import { beforeAll, describe, expect, test } from "vitest";
import { CLUSTER_PRESETS } from "../../sim/presets/index.ts";
import { turn } from "../../sim/kernel/testing.ts";
import { boot, type World } from "../../sim/world/index.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { typed } from "./testing.ts";

/** What a learner sees of NetworkPolicies with each network add-on (issue 7, SEEDS C5). */

const PODS = [
  "kubectl create namespace blue > /dev/null; kubectl label namespace blue team=blue > /dev/null",
  "kubectl run web --image=nginx --labels=app=web --port=80 --expose > /dev/null",
  `kubectl run friend --image=busybox:1.36 --labels=role=friend --overrides='{"spec":{"nodeName":"node01"}}' --command -- sleep 9999 > /dev/null`,
  `kubectl run stranger --image=busybox:1.36 --overrides='{"spec":{"nodeName":"controlplane"}}' --command -- sleep 9999 > /dev/null`,
  "kubectl -n blue run blue --image=busybox:1.36 --command -- sleep 9999 > /dev/null",
  "kubectl wait --for=condition=Ready pod --all > /dev/null; kubectl -n blue wait --for=condition=Ready pod --all > /dev/null",
];

const get = (pod: string, url = "http://web.default.svc.cluster.local", namespace = "default"): string =>
  `kubectl -n ${namespace} exec ${pod} -- wget -qO- -T 2 ${url} | grep -c title`;

const policy = (spec: string): string => `kubectl apply -f - > /dev/null <<'END'
{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "p"}, "spec": ${spec}}
END`;

const FOUND = "1\n";
const TIMED_OUT = "0\nwget: download timed out\ncommand terminated with exit code 1\n";
const TARGET = '"podSelector": {"matchLabels": {"app": "web"}}';

async function cluster(preset: string): Promise<World> {
  const world = await boot(worldCode(), CLUSTER_PRESETS[preset]!.topology, { seed: 1, turn });
  expect((await typed(world, PODS)).join("")).toBe("");
  return world;
}

async function said(world: World, spec: string, ...lines: string[]): Promise<string[]> {
  const [applied, ...answers] = await typed(world.fork({ seed: 1 }), [policy(spec), ...lines]);
  expect(applied).toBe("");
  return answers;
}

describe.each(["kubeadm-calico", "kubeadm-weave"])("%s", (preset) => {
  let world: World;
  beforeAll(async () => void (world = await cluster(preset)), 120_000);

  test("nft lists all rules of its add-on and of kube-proxy", async () => {
    const [tables, last] = await typed(world.fork({ seed: 1 }), [
      "nft list ruleset 2> /dev/null | grep -c ^table",
      "nft list ruleset > /dev/null 2> err; echo $?; grep -v Warning err",
    ]);
    expect([Number(tables) >= 4, last]).toEqual([true, "0\n"]);
  });

  test("without policies everybody gets in", async () => {
    const answers = await typed(world.fork({ seed: 1 }), [get("friend"), get("stranger"), get("blue", undefined, "blue")]);
    expect(answers).toEqual([FOUND, FOUND, FOUND]);
  });

  test("deny all: connections time out", async () => {
    expect(await said(world, '{"podSelector": {}}', get("friend"), get("stranger"))).toEqual([TIMED_OUT, TIMED_OUT]);
  });

  test("labels let in", async () => {
    const spec = `{${TARGET}, "ingress": [{"from": [{"podSelector": {"matchLabels": {"role": "friend"}}}]}]}`;
    expect(await said(world, spec, get("friend"), get("stranger"))).toEqual([FOUND, TIMED_OUT]);
  });

  test("a Namespace is let in", async () => {
    const spec = `{${TARGET}, "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"team": "blue"}}}]}]}`;
    expect(await said(world, spec, get("blue", undefined, "blue"), get("friend"))).toEqual([FOUND, TIMED_OUT]);
  });

  test("only the port of the container counts, not that of the Service", async () => {
    const on = (port: number): string => `{${TARGET}, "ingress": [{"ports": [{"port": ${port}}]}]}`;
    expect(await said(world, on(80), get("friend"))).toEqual([FOUND]);
    expect(await said(world, on(8080), get("friend"))).toEqual([TIMED_OUT]);
  });

  test("egress without DNS: the name is not found", async () => {
    const spec = '{"podSelector": {"matchLabels": {"role": "friend"}}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": 80}]}]}';
    const byAddress = "kubectl exec friend -- wget -qO- -T 2 http://$(kubectl get pod web -o jsonpath={.status.podIP}) | grep -c title";
    expect(await said(world, spec, get("friend", "http://web"), byAddress)).toEqual([
      "0\nwget: bad address 'web'\ncommand terminated with exit code 1\n",
      FOUND,
    ]);
  });

  test("a block of addresses with an exception", async () => {
    const friend = "$(kubectl get pod friend -o jsonpath={.status.podIP})";
    const apply = `kubectl apply -f - > /dev/null <<END
{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "p"}, "spec": {${TARGET}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["${friend}/32"]}}]}]}}
END`;
    const answers = await typed(world.fork({ seed: 1 }), [apply, get("friend"), get("stranger")]);
    expect(answers).toEqual(["", TIMED_OUT, FOUND]);
  });
}); // prettier-ignore

test("Calico's own policies are kept, have no effect, and every calico-node says so", async () => {
  const world = await boot(worldCode(), CLUSTER_PRESETS["kubeadm-calico"]!.topology, { seed: 1, turn });
  const [made, told] = await typed(world, [
    `kubectl apply -f - <<'END'
{"apiVersion": "crd.projectcalico.org/v1", "kind": "GlobalNetworkPolicy", "metadata": {"name": "deny-all"}, "spec": {"selector": "all()", "types": ["Ingress"]}}
END`,
    "kubectl logs -n kube-system -l k8s-app=calico-node -c calico-node --tail=-1 | grep drydock",
  ]);
  expect(made).toBe("globalnetworkpolicy.crd.projectcalico.org/deny-all created\n");
  const words = "drydock: calico-node: GlobalNetworkPolicy deny-all is not simulated: it has no effect\n";
  expect(told).toBe(words + words);
}, 120_000);

test("flannel keeps policies for itself", async () => {
  const world = await cluster("kubeadm");
  const answers = await said(world, '{"podSelector": {}}', get("friend"), get("stranger"), "kubectl get netpol --no-headers | cut -d' ' -f1-6");
  expect(answers).toEqual([FOUND, FOUND, "p     <none>\n"]);
}, 120_000); // prettier-ignore
