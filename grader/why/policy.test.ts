import { expect, test } from "vitest";
import { worldCode } from "../../server/sessions/actor/world-code.ts";
import { turn } from "../../server/sim/kernel/testing.ts";
import { CLUSTER_PRESETS } from "../../server/sim/presets/index.ts";
import { boot, type World } from "../../server/sim/world/index.ts";
import { typed } from "../../server/commands/exec/testing.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { Scene } from "../scene/scene.ts";
import { check } from "../testing.ts";

const PODS = `kubectl create namespace web > /dev/null
kubectl label namespace web team=web > /dev/null
kubectl run db --image=hashicorp/http-echo:1.0 --labels=app=db --port=5678 > /dev/null
kubectl expose pod db --port=80 --target-port=5678 > /dev/null
kubectl run api --image=busybox:1.36 --labels=app=api --command -- sleep infinity > /dev/null
kubectl -n web run api --image=busybox:1.36 --labels=app=api --command -- sleep infinity > /dev/null
kubectl wait --for=condition=Ready pod --all > /dev/null
kubectl -n web wait --for=condition=Ready pod --all > /dev/null`;

const apply = (policy: object): string =>
  `kubectl apply -f - > /dev/null <<'END'\n${JSON.stringify({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "guard" }, ...policy })}\nEND\nsleep 2`;

const ofDb = { podSelector: { matchLabels: { app: "db" } } };

/** What the policy says to the Pod api of the same namespace and of another one: why it fails to connect, or why it does not. */
async function whys(world: World, spec: object): Promise<Record<string, string>> {
  expect((await typed(world, [apply({ spec })])).join("")).toBe("");
  const scene = new Scene(world);
  const found: Record<string, string> = {};
  for (const namespace of ["default", "web"]) {
    const reach = { from: { pod: "api", namespace }, to: "http://db.default/", expect: "connected" as const };
    const { holds, why } = await evaluate(scene, check({ reach }));
    const { why: forbidden } = await evaluate(scene, check({ forbid: { reach } }));
    found[namespace] = (holds ? forbidden : why) ?? "";
  }
  return found;
}

test.each(["kubeadm-calico", "kubeadm-weave"])(
  "%s: why a policy lets pass or not",
  async (preset) => {
    const world = await boot(worldCode(), CLUSTER_PRESETS[preset]!.topology, { seed: 1, turn });
    expect((await typed(world, [PODS])).join("")).toBe("");
    const address = new Scene(world).objects.service("default", "db")!.spec.clusterIP!;
    const pod = new Scene(world).objects.pod("default", "db")!.status.podIP!;
    const sent = `db (${address}:80) sends to ${pod}:5678; `;
    const api = (namespace: string) => `Pod api (app=api, namespace ${namespace})`;
    const blocked = (namespace: string) =>
      `${sent}no NetworkPolicy lets ${api(namespace)} in to Pod db on TCP port 5678: guard lets in`;

    expect(await whys(world, ofDb)).toEqual({
      default: `${blocked("default")} nobody.`,
      web: `${blocked("web")} nobody.`,
    });
    const apiPods = { podSelector: { matchLabels: { app: "api" } } };
    expect(await whys(world, { ...ofDb, ingress: [{ from: [apiPods], ports: [{ port: 5678 }] }] })).toEqual({
      default: `NetworkPolicy guard lets ${api("default")} in to Pod db: its ingress rule 1 lets in Pods with app=api of namespace default on TCP 5678.`,
      web: `${blocked("web")} Pods with app=api of namespace default on TCP 5678.`,
    });
    expect(await whys(world, { ...ofDb, ingress: [{ from: [apiPods], ports: [{ port: 80 }] }] })).toMatchObject({
      default: `${blocked("default")} Pods with app=api of namespace default on TCP 80; a policy sees the port of the Pod (5678), not that of a Service (80).`,
    });
    const either = [apiPods, { namespaceSelector: { matchLabels: { team: "web" } } }];
    expect(await whys(world, { ...ofDb, ingress: [{ ports: [{ port: 9 }] }, { from: either }] })).toMatchObject({
      web: `NetworkPolicy guard lets ${api("web")} in to Pod db: its ingress rule 2 lets in all Pods of namespaces with team=web.`,
    });
    const ops = { ...apiPods, namespaceSelector: { matchLabels: { team: "ops" } } };
    expect(await whys(world, { ...ofDb, ingress: [{ from: [ops] }] })).toMatchObject({
      web: `${blocked("web")} Pods with app=api of namespaces with team=ops; namespace web carries kubernetes.io/metadata.name=web and team=web.`,
    });
    const named = await whys(world, { ...ofDb, ingress: [{ from: [apiPods], ports: [{ port: "http" }] }] });
    expect(named["web"]).toBe(
      preset === "kubeadm-weave"
        ? "NetworkPolicy guard forbids it for Pod db, but weave-npc knows no named ports (http) and leaves such a policy out."
        : `${blocked("web")} Pods with app=api of namespace default on TCP http.`,
    );
    expect(await whys(world, { ...ofDb, policyTypes: ["Egress"], ingress: [{ from: [apiPods] }] })).toMatchObject({
      web: "no NetworkPolicy is for egress of Pod api (app=api, namespace web), and no NetworkPolicy is for ingress of Pod db (app=db, namespace default): guard has rules for ingress, but its policyTypes has only Egress.",
    });
    const dns = [{ port: 53, protocol: "UDP" }];
    const out = { podSelector: apiPods.podSelector, policyTypes: ["Egress"] };
    expect(await whys(world, { ...out, egress: [{ ports: dns }] })).toEqual({
      default: `${sent}no NetworkPolicy lets ${api("default")} out to Pod db (app=db, namespace default) on TCP port 5678: guard lets it out to everywhere on UDP 53.`,
      web: "no NetworkPolicy is for egress of Pod api (app=api, namespace web), and no NetworkPolicy is for ingress of Pod db (app=db, namespace default).",
    });
    expect((await whys(world, { ...out, egress: [{ to: [{ podSelector: {} }] }] }))["default"]).toMatch(
      /^name server 10\.96\.0\.10 does not answer: kube-dns \(10\.96\.0\.10:53\) sends to \S+:53; no NetworkPolicy lets Pod api \(app=api, namespace default\) out to Pod coredns-\S+ \(k8s-app=kube-dns, namespace kube-system\) on UDP port 53: guard lets it out to all Pods of namespace default\.$/,
    );
  },
  120_000,
);

test("flannel enforces no policies", { timeout: 60_000 }, async () => {
  const world = await boot(worldCode(), CLUSTER_PRESETS["kubeadm"]!.topology, { seed: 1, turn });
  expect((await typed(world, [PODS])).join("")).toBe("");
  expect(await whys(world, ofDb)).toMatchObject({
    web: "NetworkPolicy guard forbids it for Pod db, but nothing on its way enforces NetworkPolicies.",
  });
});
