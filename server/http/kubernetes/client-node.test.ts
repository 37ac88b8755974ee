import { readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import {
  Attach, CoreV1Api, AppsV1Api, Exec, KubeConfig, KubernetesObjectApi, loadAllYaml, Log, makeInformer, Metrics, PatchStrategy,
  PortForward, setHeaderOptions, topPods, VersionApi, Watch, type KubernetesObject, type V1ConfigMap, type V1Pod, type V1Status,
} from "@kubernetes/client-node"; // prettier-ignore
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { WebSocket } from "ws";
import { kubeconfig } from "./kubeconfig.ts";
import { startCluster, type RunningCluster } from "./real-kubectl/cluster.ts";

let cluster: RunningCluster;
const config = new KubeConfig();
let core: CoreV1Api;
const namespace = "default";

beforeAll(async () => {
  cluster = await startCluster();
  config.loadFromString(kubeconfig(cluster.url));
  core = config.makeApiClient(CoreV1Api);
  await core.createNamespacedPod({ namespace, body: pod("web", "nginx:1.27.5") });
  const talker = pod("talker", "busybox:1.36.1", ["sh", "-c", "while read line; do echo got $line; done"]);
  talker.spec!.containers[0]!.stdin = true;
  await core.createNamespacedPod({ namespace, body: talker });
  await Promise.all([ready("web"), ready("talker")]);
}, 120_000);

afterAll(() => cluster.stop());

function pod(name: string, image: string, command?: string[]): V1Pod {
  const container = { name: "c", image, ...(command ? { command } : {}) };
  return {
    metadata: { name, labels: { app: name } },
    spec: { terminationGracePeriodSeconds: 0, containers: [container] },
  };
}

async function ready(name: string): Promise<void> {
  for (;;) {
    const { status } = await core.readNamespacedPod({ namespace, name });
    if (status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What is written into it, as text. */
function sink(): { stream: Writable; text: () => string; until: (part: string) => Promise<void> } {
  let all = "";
  let look = (): void => {};
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      all += chunk.toString();
      look();
      done();
    },
  });
  // A stream that is given up.
  stream.on("error", () => {});
  const until = (part: string): Promise<void> =>
    new Promise((resolve) => {
      look = () => all.includes(part) && resolve();
      look();
    });
  return { stream, text: () => all, until };
}

test("lists, versions, what is not there", async () => {
  expect((await core.listNode()).items.map(({ metadata }) => metadata!.name)).toEqual(["controlplane", "node01"]);
  expect((await config.makeApiClient(VersionApi).getCode()).gitVersion).toBe("v1.33.1");
  await expect(core.readNamespacedPod({ namespace, name: "nope" })).rejects.toMatchObject({ code: 404 });
});

test("create, patch in three ways, delete", async () => {
  const name = "patched";
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name }, data: { a: "1" } } });
  const patch = (body: unknown, how: (typeof PatchStrategy)[keyof typeof PatchStrategy]): Promise<V1ConfigMap> =>
    core.patchNamespacedConfigMap({ namespace, name, body }, setHeaderOptions("Content-Type", how));
  expect((await patch([{ op: "add", path: "/data/b", value: "2" }], PatchStrategy.JsonPatch)).data).toEqual({ a: "1", b: "2" }); // prettier-ignore
  expect((await patch({ data: { a: null } }, PatchStrategy.MergePatch)).data).toEqual({ b: "2" });
  expect((await patch({ data: { c: "3" } }, PatchStrategy.StrategicMergePatch)).data).toEqual({ b: "2", c: "3" });
  await core.deleteNamespacedConfigMap({ namespace, name });
  await expect(core.readNamespacedConfigMap({ namespace, name })).rejects.toMatchObject({ code: 404 });
});

test("objects of any kind: create, and read again", async () => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  await objects.create({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "any", namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "any" } },
      template: { metadata: { labels: { app: "any" } }, spec: pod("any", "nginx:1.27.5").spec },
    },
  } as never);
  const { items } = await config.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace });
  expect(items.map(({ metadata }) => metadata!.name)).toEqual(["any"]);
});

test(
  "a watch tells what was, and what happens; an informer keeps a list, also after its watch ended",
  { timeout: 60_000 },
  async () => {
    const seen: string[] = [];
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const stop = await new Watch(config).watch(path, {}, (type, { metadata }: V1ConfigMap) => seen.push(`${type} ${metadata!.name}`), () => {}); // prettier-ignore
    const informer = makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace }));
    const again = (): void => void informer.start();
    informer.on("error", again);
    await informer.start();
    const names = (): string[] =>
      informer
        .list()
        .map(({ metadata }) => metadata!.name!)
        .toSorted();
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "live" } } });
    await expect.poll(names).toEqual(["kube-root-ca.crt", "live"]);
    await informer.stop();
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "later" } } });
    await informer.start();
    await expect.poll(names).toEqual(["kube-root-ca.crt", "later", "live"]);
    informer.off("error", again);
    await informer.stop();
    stop.abort();
    expect(seen).toEqual(["ADDED kube-root-ca.crt", "ADDED live", "ADDED later"]);
  },
);

test("exec: output and errors apart, exit codes, stdin to its end, terminals", { timeout: 60_000 }, async () => {
  const run = async (
    command: string[],
    stdin?: string,
    tty = false,
  ): Promise<{ out: string; err: string; status: V1Status }> => {
    // prettier-ignore
    const [out, err] = [sink(), sink()];
    const input = stdin === undefined ? null : new PassThrough();
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config).exec(namespace, "web", "c", command, out.stream, err.stream, input, tty, resolve).catch(reject);
      input?.end(stdin);
    });
    return { out: out.text(), err: err.text(), status };
  };
  expect(await run(["sh", "-c", "echo out; echo err >&2; exit 3"])).toMatchObject({
    out: "out\n",
    err: "err\n",
    status: { status: "Failure", reason: "NonZeroExitCode", details: { causes: [{ message: "3" }] } },
  });
  expect(await run(["sh", "-c", "head -c 5"], "hello world")).toMatchObject({
    out: "hello",
    status: { status: "Success" },
  });
  expect(await run(["tty"], undefined, true)).toMatchObject({ out: expect.stringMatching(/^\/dev\/pts\/\d+\r\n$/) });
  const large = "x".repeat(3_000_000);
  expect((await run(["sh", "-c", "cat | wc -c"], large)).out).toBe("3000000\n");
  expect((await run(["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' y"])).out).toBe("y".repeat(3_000_000));
});

test("attach: what is typed arrives, what is printed comes back", { timeout: 60_000 }, async () => {
  const out = sink();
  const input = new PassThrough();
  const socket = await new Attach(config).attach(namespace, "talker", "c", out.stream, process.stderr, input, false);
  input.write("one\n");
  await out.until("got one\n");
  input.write("two\n");
  await out.until("got two\n");
  socket.close();
});

test("logs that are followed, until the container ends", { timeout: 60_000 }, async () => {
  const name = "counter";
  const body = pod(name, "busybox:1.36.1", ["sh", "-c", "echo one; sleep 2; echo two"]);
  await core.createNamespacedPod({ namespace, body: { ...body, spec: { ...body.spec!, restartPolicy: "Never" } } });
  await ready(name);
  const out = sink();
  const ended = new Promise<void>((resolve) => out.stream.once("finish", resolve));
  // Not given up halfway: the client leaves the error of its own body to nobody.
  await new Log(config).log(namespace, name, "c", out.stream, { follow: true });
  await ended;
  expect(out.text()).toBe("one\ntwo\n");
});

test(
  "a forwarded port reaches the Pod, as often as somebody connects; a closed one says why",
  { timeout: 60_000 },
  async () => {
    const errors = sink();
    const server = createServer((socket) => {
      const forwarded = new PortForward(config).portForward(namespace, "web", [80], socket, null, socket);
      // The server closes when the Pod's side is done: the client leaves it to its user to hear of that.
      void forwarded.then((opened) => (opened as WebSocket).addEventListener("close", () => socket.end()));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    for (const path of ["/", "/nope"]) {
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`));
        let all = "";
        socket.on("data", (chunk: Buffer) => (all += chunk.toString()));
        socket.on("end", () => resolve(all));
      });
      expect(answer.split("\r\n")[0]).toBe(path === "/" ? "HTTP/1.1 200 OK" : "HTTP/1.1 404 Not Found");
    }
    server.close();
    await new PortForward(config).portForward(namespace, "web", [81], new Writable({ write() {} }), errors.stream, new PassThrough()); // prettier-ignore
    await errors.until("connection refused");
    expect(errors.text()).toMatch(
      /^error forwarding port 81 to pod [0-9a-f]{64}, uid : failed to execute portforward in network namespace "[^"]+": failed to connect to localhost:81 inside namespace "[0-9a-f]{64}", IPv4: dial tcp4 127\.0\.0\.1:81: connect: connection refused/,
    );
  },
);

test("top: what Pods and nodes use, as soon as a metrics-server says so", { timeout: 150_000 }, async () => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const text = readFileSync(join(import.meta.dirname, "real-kubectl/files/metrics-server.yaml"), "utf8")
    // The kubelets' certificates are their own.
    .replace("- --cert-dir=/tmp\n", (flag) => `${flag}            - --kubelet-insecure-tls\n`);
  for (const object of loadAllYaml(text) as KubernetesObject[]) await objects.create(object);
  const metrics = new Metrics(config);
  await expect(metrics.getNodeMetrics()).rejects.toMatchObject({ code: expect.any(Number) });
  const nodes = await vi.waitFor(() => metrics.getNodeMetrics(), { timeout: 120_000, interval: 500 });
  expect(nodes.items.map(({ metadata }) => metadata.name).toSorted()).toEqual(["controlplane", "node01"]);
  const pods = await vi.waitFor(
    async () => {
      const found = await topPods(core, metrics, namespace);
      if (!found.some(({ Pod, Memory }) => Pod.metadata!.name === "web" && Number(Memory.CurrentUsage) > 0))
        throw new Error("not measured yet");
      return found;
    },
    { timeout: 60_000, interval: 500 },
  );
  const web = pods.find(({ Pod }) => Pod.metadata!.name === "web")!;
  expect(web.Containers.map(({ Container }) => Container)).toEqual(["c"]);
});
