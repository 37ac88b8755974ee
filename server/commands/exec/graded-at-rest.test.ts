import { expect, test } from "vitest";
import { grade, type Graded } from "../../../grader/index.ts";
import { Check } from "../../../grader/checks/schemas.ts";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** Who grades waits for what a repair still needs, however long after it somebody submits. */

async function outcome(world: World, check: object): Promise<string> {
  const checks = [Check.parse({ id: "c", points: 1, says: "c", ...check })];
  const lab: Graded = { id: "l", title: "l", tasks: [{ id: "t", checks, questions: [] }] };
  return (await grade(world, lab)).results[0]!.outcome;
}

const POD = `apiVersion: v1
kind: Pod
metadata: { name: reader }
spec:
  volumes: [{ name: text, configMap: { name: text } }]
  containers: [{ name: c, image: busybox:1.36, command: [sleep, infinity], volumeMounts: [{ name: text, mountPath: /text }] }]
`;

test("a ConfigMap's new text is in its Pods, also when their kubelet comes to it late", async () => {
  const world = await freshCluster(4);
  const [, ready] = await typed(world, [
    `kubectl create configmap text --from-literal=word=old > /dev/null; kubectl apply -f - > /dev/null <<'END'\n${POD}END`,
    "kubectl wait --for=condition=Ready pod/reader | wc -l",
  ]);
  expect(ready).toBe("1\n");
  const check = { run: { on: "controlplane", run: "kubectl exec reader -- cat /text/word", stdout: "new" } };
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const fork = world.fork({ seed, resume: true });
    await typed(fork, ['kubectl patch configmap text -p \'{"data":{"word":"new"}}\' > /dev/null']);
    expect([seed, await outcome(fork, check)]).toEqual([seed, "pass"]);
  }
});

test("a Pod that is mended is Ready, also when its next probe is far", async () => {
  const world = await freshCluster();
  const probe =
    '{"spec":{"containers":[{"name":"p","image":"nginx","readinessProbe":{"httpGet":{"path":"/ok","port":80},"periodSeconds":40}}]}}';
  await typed(world, [
    `kubectl run p --image=nginx --overrides='${probe}' > /dev/null; sleep 60`,
    "kubectl exec p -- sh -c 'echo yes > /usr/share/nginx/html/ok'",
  ]);
  const path = '{.status.conditions[?(@.type=="Ready")].status}';
  expect(
    await outcome(world, { object: { object: "pod/p", namespace: "default", path, is: { equals: ["True"] } } }),
  ).toBe("pass");
});
