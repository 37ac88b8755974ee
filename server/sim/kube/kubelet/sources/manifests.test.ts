import { expect, test } from "vitest";
import { decode, encode, SECOND } from "../../../kernel/index.ts";
import { pods } from "../../kinds/index.ts";
import { TestNodes } from "../testing.ts";

const SCHEDULER = "/etc/kubernetes/manifests/kube-scheduler.yaml";
const NAME = "kube-scheduler-controlplane";

function edit(world: TestNodes, change: (text: string) => string): void {
  const { files } = world.machine("controlplane").host;
  files.write(SCHEDULER, encode(change(decode(files.read(SCHEDULER)))));
}

function lastLine(world: TestNodes, word: string): string | undefined {
  return world
    .journal("controlplane", "kubelet")
    .findLast((line) => line.includes(word))
    ?.replace(/^.*?\] /, "");
}

test("a mirror shows a Pod of a file: named by its node and owned by it", async () => {
  const world = await TestNodes.boot();
  const { metadata, spec } = world.get(NAME, "kube-system")!;
  const hash = metadata.annotations!["kubernetes.io/config.hash"]!;
  expect(hash).toMatch(/^[0-9a-f]{32}$/);
  expect(metadata.annotations).toMatchObject({
    "kubernetes.io/config.mirror": hash,
    "kubernetes.io/config.source": "file",
  });
  expect(metadata.ownerReferences).toMatchObject([
    { apiVersion: "v1", kind: "Node", name: "controlplane", controller: true },
  ]);
  expect(spec.nodeName).toBe("controlplane");
  expect(spec.tolerations).toContainEqual({ operator: "Exists", effect: "NoExecute" });
  const { files } = world.machine("controlplane").host;
  expect(files.list("/var/lib/kubelet/pods")).toContain(hash);
});

test("a manifest that goes takes its Pod along; one that comes brings it back", async () => {
  const world = await TestNodes.boot();
  const { files } = world.machine("controlplane").host;
  const text = files.read(SCHEDULER);
  files.unlink(SCHEDULER);
  await world.pass(5 * SECOND);
  expect(world.get(NAME, "kube-system")).toBeUndefined();
  files.write(SCHEDULER, text);
  await world.pass(5 * SECOND);
  expect(world.get(NAME, "kube-system")!.status.phase).toBe("Running");
});

test("a changed manifest is another Pod, which starts when the old one has ended", async () => {
  const world = await TestNodes.boot();
  const before = world.get(NAME, "kube-system")!.metadata.annotations!["kubernetes.io/config.hash"];
  edit(world, (text) => text.replace("cpu: 100m", "cpu: 150m"));
  await world.pass(15 * SECOND);
  const { metadata, status, spec } = world.get(NAME, "kube-system")!;
  expect(metadata.annotations!["kubernetes.io/config.hash"]).not.toBe(before);
  expect(spec.containers[0]!.resources.requests).toEqual({ cpu: "150m" });
  expect(status.containerStatuses).toMatchObject([{ restartCount: 0, ready: true }]);
});

test("a flag that the program does not know: CrashLoopBackOff, and its log says why", async () => {
  const world = await TestNodes.boot();
  edit(world, (text) => text.replace("--leader-elect=true", "--leader-elect=true\n    - --nonsense=1"));
  await world.pass(30 * SECOND);
  expect(world.get(NAME, "kube-system")!.status.containerStatuses![0]!.state.waiting!.reason).toBe("CrashLoopBackOff");
  const answer = world.call(`/api/v1/namespaces/kube-system/pods/${NAME}/log`);
  let log = "";
  if (answer.kind === "bytes")
    answer.stream.start(
      (bytes) => (log += bytes),
      () => {},
    );
  expect(log).toContain("Error: unknown flag: --nonsense\n");
});

test("a file that is no Pod is complained of, and its Pod ends", async () => {
  const world = await TestNodes.boot();
  edit(world, (text) => text.replace("apiVersion: v1\n", ""));
  await world.pass(5 * SECOND);
  expect(world.get(NAME, "kube-system")).toBeUndefined();
  expect(lastLine(world, "file.go:187")).toMatch(
    /^"Could not process manifest file" err="\/etc\/kubernetes\/manifests\/kube-scheduler.yaml: couldn't parse as pod\(Object 'apiVersion' is missing in '\{.*\}'\), please check config file" path="\/etc\/kubernetes\/manifests\/kube-scheduler.yaml"$/,
  );
});

test("a mirror that somebody deletes comes back, and its Pod runs on", async () => {
  const world = await TestNodes.boot();
  const { uid } = world.get(NAME, "kube-system")!.metadata;
  world.admin.delete(pods, "kube-system", NAME, { gracePeriodSeconds: 0 });
  await world.pass(5 * SECOND);
  const { metadata, status } = world.get(NAME, "kube-system")!;
  expect(metadata.uid).not.toBe(uid);
  expect(status.containerStatuses).toMatchObject([{ restartCount: 0, ready: true }]);
});

test("without the API server a kubelet goes on with its files", async () => {
  const world = await TestNodes.boot();
  const { files } = world.machine("controlplane").host;
  const apiserver = "/etc/kubernetes/manifests/kube-apiserver.yaml";
  const text = files.read(apiserver);
  files.unlink(apiserver);
  await world.pass(20 * SECOND);
  expect(world.cluster.row.apiServer).toBeUndefined();
  expect(lastLine(world, "controller.go:145")).toMatch(
    /^"Failed to ensure lease exists, will retry" err="Get \\"https:\/\/172.30.1.2:6443\/.*\\": dial tcp 172.30.1.2:6443: connect: connection refused" interval="/,
  );
  files.write(apiserver, text);
  await world.pass(30 * SECOND);
  expect(world.get("kube-apiserver-controlplane", "kube-system")!.status.phase).toBe("Running");
});

test("another directory of manifests, after the kubelet has read its configuration again", async () => {
  const world = await TestNodes.boot();
  const { files } = world.machine("controlplane").host;
  const config = "/var/lib/kubelet/config.yaml";
  files.mkdir("/etc/just-pods");
  files.write(config, files.read(config).replace("/etc/kubernetes/manifests", "/etc/just-pods"));
  for (const name of files.list("/etc/kubernetes/manifests"))
    files.write(`/etc/just-pods/${name}`, files.read(`/etc/kubernetes/manifests/${name}`));
  world.stop("controlplane", "kubelet");
  await world.pass(SECOND);
  world.start("controlplane", "kubelet");
  await world.pass(60 * SECOND);
  expect(world.get(NAME, "kube-system")!.status.phase).toBe("Running");
  files.unlink("/etc/just-pods/kube-scheduler.yaml");
  await world.pass(5 * SECOND);
  expect(world.get(NAME, "kube-system")).toBeUndefined();
});
