import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { MILLISECOND, MINUTE } from "../../kernel/index.ts";
import type { Pod } from "../api/index.ts";
import { deployments, endpoints, endpointSlices, nodes, pods, replicaSets, services } from "../kinds/index.ts";
import { isPodActive, isPodReady } from "./pod-state.ts";
import { TestControlPlane } from "./testing.ts";

const DO = [
  "deploy",
  "scale",
  "image",
  "delete",
  "orphan",
  "kill",
  "fail",
  "relabel",
  "silence",
  "voice",
  "cordon",
] as const;
const act = record({
  what: constantFrom(...DO),
  which: integer({ min: 0, max: 1 }),
  count: integer({ min: 0, max: 5 }),
});
const script = array(record({ act, wait: constantFrom(0, 3, 10, 400, 5_000, 60_000) }), {
  minLength: 3,
  maxLength: 15,
});

const NAMES = ["web", "db"];
const NODES = ["node01", "node02"];

function perform(plane: TestControlPlane, what: (typeof DO)[number], which: number, count: number): void {
  const name = NAMES[which]!;
  const exists = plane.client.get(deployments, "default", name) !== undefined;
  const node = { name: NODES[which]! };
  const pod = plane.pods().at(count)?.metadata.name;
  const key = { namespace: "default", name: pod ?? "" };
  if (what === "deploy" && !exists) plane.deploy(name, count);
  if (what === "scale" && exists) plane.scale(name, count);
  if (what === "image" && exists) plane.setImage(name, `image:${count}`);
  if (what === "delete" && exists) plane.client.delete(deployments, "default", name);
  if (what === "orphan" && exists) plane.client.delete(deployments, "default", name, { propagationPolicy: "Orphan" });
  if (what === "kill" && pod) plane.client.delete(pods, "default", pod);
  if (what === "fail" && pod)
    plane.client.patch(pods, { ...key, subresource: "status" }, "merge-patch+json", { status: { phase: "Failed" } });
  if (what === "relabel" && pod)
    plane.client.patch(pods, key, "merge-patch+json", { metadata: { labels: { app: NAMES[1 - which]! } } });
  if (what === "silence") plane.heartbeats.report(node.name, { alive: false });
  if (what === "voice") revive(plane, node.name);
  if (what === "cordon") plane.client.patch(nodes, node, "merge-patch+json", { spec: { unschedulable: count > 2 } });
}

function revive(plane: TestControlPlane, name: string): void {
  plane.heartbeats.report(name, { alive: true });
  plane.client.patch(nodes, { name, subresource: "status" }, "strategic-merge-patch+json", {
    status: {
      conditions: ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"].map((type) => ({
        type,
        status: type === "Ready" ? "True" : "False",
      })),
    },
  });
}

test("whatever happened, all comes to rest as it should be", () => {
  assert(
    property(integer({ min: 1, max: 1000 }), script, (seed, steps) => {
      const plane = new TestControlPlane({ seed, nodes: NODES });
      for (const name of NAMES)
        plane.client.create(services, {
          metadata: { name, namespace: "default" },
          spec: { selector: { app: name }, ports: [{ port: 80 }] },
        });
      for (const {
        act: { what, which, count },
        wait,
      } of steps) {
        perform(plane, what, which, count);
        plane.run(wait * MILLISECOND);
      }
      for (const name of NODES) {
        revive(plane, name);
        plane.client.patch(nodes, { name }, "merge-patch+json", { spec: { unschedulable: false } });
      }
      // Who was marked as not ready while its node was silent is so until its kubelet says otherwise.
      plane.run(1 * MINUTE);
      for (const pod of plane.pods())
        if (isPodActive(pod) && !isPodReady(pod) && pod.status.phase === "Running") plane.kubelets.setReady(pod, true);
      plane.run(10 * MINUTE);

      expect(plane.kernel.events().filter(({ periodic }) => !periodic)).toEqual([]);
      const all = plane.pods();
      const ready = all.filter((pod) => isPodActive(pod) && isPodReady(pod));
      const ips = (of: readonly Pod[]): string[] => of.map(({ status }) => status.podIP!).sort();
      for (const name of NAMES) {
        const deployment = plane.client.get(deployments, "default", name);
        if (deployment) {
          const wanted = deployment.spec.replicas!;
          expect(deployment.status.observedGeneration).toBe(deployment.metadata.generation);
          expect(deployment.status.replicas ?? 0).toBe(wanted);
          expect(deployment.status.availableReplicas ?? 0).toBe(wanted);
          expect(deployment.status.updatedReplicas ?? 0).toBe(wanted);
          expect(deployment.status.unavailableReplicas).toBeUndefined();
        }
        const served = ips(ready.filter(({ metadata }) => metadata.labels?.["app"] === name));
        const { subsets = [] } = plane.client.get(endpoints, "default", name)!;
        const told = subsets.flatMap(({ addresses = [] }) => addresses.map(({ ip }) => ip)).sort();
        expect(told).toEqual([...new Set(served)]);
        const sliced = plane.client
          .list(endpointSlices, "default")
          .filter(({ metadata }) => metadata.labels!["kubernetes.io/service-name"] === name)
          .flatMap(({ endpoints: members }) => members ?? [])
          .filter(({ conditions }) => conditions.ready)
          .flatMap(({ addresses }) => addresses ?? []);
        expect(sliced.sort()).toEqual(served);
      }
      for (const set of plane.client.list(replicaSets)) {
        const own = plane.client.owned(pods, set.metadata.uid).filter(isPodActive);
        expect(own).toHaveLength(set.spec.replicas!);
      }
      expect(all.filter(({ metadata }) => metadata.deletionTimestamp)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
