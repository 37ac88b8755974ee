import { beforeAll, expect, test } from "vitest";
import { presetWorld } from "../../server/sessions/actor/presets.ts";
import type { World } from "../../server/sim/world/index.ts";
import { remember } from "../before.ts";
import type { CheckInput } from "../checks/schemas.ts";
import { grade } from "../grade.ts";
import { Question } from "../question.ts";
import type { CheckResult } from "../result.ts";
import { Scene } from "../scene/scene.ts";
import { check } from "../testing.ts";
import { runCommand } from "./command.ts";

const TIME = 60_000;

const MANIFEST = `
kubectl create namespace shop
kubectl -n shop create deployment api --image=hashicorp/http-echo:1.0
kubectl -n shop expose deployment api --port=80 --target-port=5678
kubectl -n shop run web --image=busybox:1.36 -- sleep infinity
kubectl -n shop run batch --image=busybox:1.36 -- sh -c 'echo started; sleep infinity'
kubectl -n shop create deployment broken --image=busybox:1.36 -- sh -c 'exit 3'
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api } }
  ingress:
    - from: [{ podSelector: { matchLabels: { run: web } } }]
YAML
`;

const ANSWERS = `
mkdir -p /opt/course; kubectl -n shop get pod web -o jsonpath='{.status.podIP}' > /opt/course/ip
printf 'web\\nbatch\\n' > /opt/course/pods
`;

let world: World;

beforeAll(async () => {
  world = (await presetWorld("kubeadm-calico")).fork({ seed: 1 });
  await sh("controlplane", MANIFEST);
  await world.settle();
  await sh("controlplane", ANSWERS);
}, TIME);

async function sh(on: string, command: string, at = world): Promise<string> {
  const { stdout, stderr, exitCode } = await runCommand(at, new Scene(at).machine(on), command);
  return `${stdout}${stderr}${exitCode === 0 ? "" : `[${exitCode}]`}`;
}

async function judged(input: Partial<CheckInput>, at = world): Promise<CheckResult> {
  const lab = {
    id: "x",
    title: "X",
    tasks: [{ id: "t", checks: [check({ partial: true, ...input })], questions: [] }],
  };
  return (await grade(at, lab)).results[0]!;
}

const pods = (name: string) => ({ pods: `run=${name}`, namespace: "shop" });
const matrix = {
  from: { web: pods("web"), batch: pods("batch"), outside: "outside" },
  to: { api: { service: "api", namespace: "shop", port: 80, scheme: "http" as const }, dns: "10.96.0.10:53" },
};

test("a table of who reaches whom", { timeout: TIME }, async () => {
  const right = await judged({ matrix: { ...matrix, allow: { web: ["api", "dns"], batch: ["dns"], outside: [] } } });
  expect(right).toMatchObject({
    outcome: "pass",
    points: 2,
    expected: "web reaches only api and dns; batch reaches only dns; outside reaches nothing",
    observed: "all 6 cells are as they should be",
    evidence: [
      {
        title: "who reaches whom",
        text: "         api    dns\nweb      yes    yes\nbatch    no     yes\noutside  no     no",
      },
    ],
  });
});

test("cells that differ are named, with the reason of the first", { timeout: TIME }, async () => {
  const wrong = await judged({
    matrix: { ...matrix, allow: { web: ["dns"], batch: ["api", "dns"], outside: [] }, ignore: { outside: ["dns"] } },
  });
  expect(wrong).toMatchObject({
    outcome: "fail",
    points: 1.2,
    observed: "2 of 5 cells differ: web → api (open, but must not be) and batch → api (no answer (timed out))",
  });
  expect(wrong.evidence[0]).toMatchObject({
    text: "         api    dns\nweb      yes !  yes\nbatch    no !   yes\noutside  no     -",
  });
  const closed = await judged({
    matrix: { ...matrix, allow: { web: ["api", "dns"], batch: ["api", "dns"], outside: [] } },
  });
  expect(closed.why).toMatch(
    /no NetworkPolicy lets Pod batch \(run=batch, namespace shop\) in to Pod api-\S+ on TCP port 5678: api lets in Pods with run=web/,
  );
  expect(closed.see).toBe("kubectl -n shop describe networkpolicies");
});

test("a row that nobody is in", { timeout: TIME }, async () => {
  const result = await judged({
    matrix: { from: { ghost: pods("ghost") }, to: matrix.to, allow: { ghost: ["dns"] }, ignore: { ghost: ["api"] } },
  });
  expect(result).toMatchObject({
    outcome: "fail",
    observed: "1 of 1 cells differ: ghost → dns (no Pod with run=ghost in namespace shop)",
  });
});

test("events", { timeout: TIME }, async () => {
  const event = { namespace: "shop", type: "Warning" as const, reason: "BackOff" };
  expect(await judged({ event })).toMatchObject({
    outcome: "pass",
    expected: 'number of Warning events with reason "BackOff": at least 1',
    observed: expect.stringMatching(/^1, the last one: Warning BackOff pod\/broken-\S+: "Back-off restarting failed/),
    see: "kubectl -n shop get events",
  });
  expect(await judged({ event: { ...event, about: "pod/web" } })).toMatchObject({
    outcome: "fail",
    observed: expect.stringMatching(/^0, none like that; the last one: Normal Started pod\/web/),
    see: "kubectl -n shop get events --field-selector involvedObject.name=web",
  });
});

test("logs of containers, units and files", { timeout: TIME }, async () => {
  expect(await judged({ log: { pod: "batch", namespace: "shop", is: { contains: "started" } } })).toMatchObject({
    outcome: "pass",
    observed: 'its last line: "started"',
    see: "kubectl -n shop logs batch",
  });
  expect(await judged({ log: { pods: "run=web", namespace: "shop", is: { contains: "started" } } })).toMatchObject({
    outcome: "fail",
    observed: "an empty log",
  });
  expect(await judged({ log: { on: "node01", unit: "kubelet", is: { contains: "Started kubelet" } } })).toMatchObject({
    outcome: "pass",
    see: "ssh node01 journalctl -u kubelet.service",
  });
  expect(await judged({ log: { on: "node01", file: "/var/log/none", is: { contains: "x" } } })).toMatchObject({
    outcome: "fail",
    observed: "there is no log",
    see: "ssh node01 tail /var/log/none",
  });
});

test.each<[string, NonNullable<CheckInput["node"]>, string]>([
  ["an address", { on: "node01", address: "eth0", is: "172.30.2.2/24" }, '"172.30.2.2/24"'],
  [
    "a rule by its preference",
    { on: "node01", rule: 32766, is: { contains: "lookup main" } },
    '"32766: from all lookup main"',
  ],
  ["who listens", { on: "controlplane", socket: 6443, is: "kube-apiserver" }, '"kube-apiserver"'],
  [
    "who listens where",
    { on: "controlplane", socket: 10259, at: "127.0.0.1", is: "kube-scheduler" },
    '"kube-scheduler"',
  ],
  ["a port that nobody has", { on: "node01", socket: 4711, is: { exists: false } }, "nothing"],
  [
    "a process",
    { on: "node01", process: "kubelet", is: { contains: "--config=/var/lib/kubelet" } },
    '"/usr/bin/kubelet ',
  ],
  ["a static Pod", { on: "controlplane", staticPod: "kube-scheduler", is: "running" }, '"running"'],
  ["a static Pod that is none", { on: "node01", staticPod: "web", is: { exists: false } }, "nothing"],
])("a node: %s", { timeout: TIME }, async (_, node, observed) => {
  const result = await judged({ node });
  expect([result.outcome, result.observed.slice(0, observed.length)]).toEqual(["pass", observed]);
});

test("a file against what is computed there and then", { timeout: TIME }, async () => {
  const ip = { command: { on: "controlplane", run: "kubectl -n shop get pod web -o jsonpath='{.status.podIP}/24'" } };
  const file = { on: "controlplane", path: "/opt/course/ip", is: ip };
  expect(await judged({ file: { ...file, as: "address" } })).toMatchObject({ outcome: "pass" });
  const wrong = await judged({ file });
  expect(wrong).toMatchObject({ outcome: "fail", observed: expect.stringMatching(/^"10\.244\.\d+\.\d+"$/) });
  expect(wrong.expected).toBe(`/opt/course/ip: "${JSON.parse(wrong.observed) as string}/24"`);
  const lines = { on: "controlplane", path: "/opt/course/pods", as: "lines" as const };
  const run = "kubectl -n shop get pods -l run -o name | cut -d/ -f2";
  expect(await judged({ file: { ...lines, is: { command: { on: "controlplane", run } } } })).toMatchObject({
    outcome: "pass",
  });
  expect(
    await judged({ file: { ...lines, is: { object: "pod/web", namespace: "shop", path: ".metadata.name" } } }),
  ).toMatchObject({ outcome: "fail", observed: '"web\\nbatch"' });
});

test("a question that is answered in a file", { timeout: TIME }, async () => {
  const question = (path: string) =>
    Question.parse({
      id: "ip",
      ask: "Which address has web?",
      kind: "file",
      file: { on: "controlplane", path, as: "address" },
      points: 2,
      answer: { object: "pod/web", namespace: "shop", path: ".status.podIP" },
    });
  const lab = (path: string) => ({
    id: "x",
    title: "X",
    tasks: [{ id: "t", checks: [], questions: [question(path)] }],
  });
  expect((await grade(world, lab("/opt/course/ip"))).results[0]).toMatchObject({ outcome: "pass", points: 2 });
  expect((await grade(world, lab("/opt/course/no"))).results[0]).toMatchObject({
    outcome: "fail",
    observed: "no file /opt/course/no on controlplane",
    see: "kubectl -n shop get pod web -o yaml",
  });
});

test("nothing else touched in a namespace", { timeout: TIME }, async () => {
  const copy = world.fork({ resume: true });
  const unchanged = { everythingIn: "shop", except: ["networkpolicy/api"] };
  remember(copy, [check({ unchanged })]);
  expect(await judged({ unchanged }, copy)).toMatchObject({ outcome: "pass", observed: "unchanged" });
  await sh(
    "controlplane",
    "kubectl -n shop delete networkpolicy api; kubectl -n shop scale deployment api --replicas=2",
    copy,
  );
  await sh("controlplane", "kubectl -n shop create configmap new; kubectl -n shop delete pod web --now", copy);
  expect(await judged({ unchanged }, copy)).toMatchObject({
    outcome: "fail",
    expected: "everything in namespace shop as it was, but for networkpolicy/api",
    observed: "pod/web was deleted, deployment/api was edited: spec.replicas and configmap/new is new",
  });
});

test("a URL through the Service of a controller", { timeout: TIME }, async () => {
  const copy = world.fork({ resume: true });
  const to = { url: "http://shop.example.com/", through: "api", namespace: "shop" };
  const expect200 = { status: 200 };
  expect(await judged({ reach: { from: "outside", to, expect: expect200 } }, copy)).toMatchObject({
    outcome: "fail",
    observed: "Service shop/api is not open to the outside: its type is ClusterIP",
  });
  await sh(
    "controlplane",
    'kubectl -n shop delete networkpolicy api; kubectl -n shop patch service api -p \'{"spec":{"type":"NodePort"}}\'',
    copy,
  );
  expect(await judged({ reach: { from: "outside", to, expect: expect200 } }, copy)).toMatchObject({
    outcome: "pass",
    see: expect.stringMatching(
      /curl -sS -m 2 --connect-to shop\.example\.com::172\.30\.1\.2:3\d+ http:\/\/shop\.example\.com\/$/,
    ),
  });
});
