import { expect, test } from "vitest";
import { MINUTE, SECOND } from "../../../kernel/index.ts";
import { pods } from "../../kinds/index.ts";
import { TestNodes } from "../testing.ts";

const nginx = { name: "c", image: "nginx:1.27.5" };
const busybox = { name: "c", image: "busybox:1.36.1" };
const sleeper = { ...busybox, command: ["sleep", "3600"] };

test("init containers run one after the other before the others", async () => {
  const world = await TestNodes.boot();
  const init = (name: string, seconds: string): object => ({ ...busybox, name, command: ["sleep", seconds] });
  world.pod("web", { initContainers: [init("one", "2"), init("two", "2")], containers: [nginx] });
  await world.pass(SECOND);
  expect(world.containers("web")).toEqual([
    "one: running",
    "two: waiting PodInitializing",
    "c: waiting PodInitializing",
  ]);
  await world.pass(2 * SECOND);
  expect(world.containers("web")).toEqual([
    "one: terminated Completed 0",
    "two: running",
    "c: waiting PodInitializing",
  ]);
  await world.pass(3 * SECOND);
  expect(world.containers("web")).toEqual([
    "one: terminated Completed 0",
    "two: terminated Completed 0",
    "c: running, ready",
  ]);
});

test("an init container that fails for good fails its Pod", async () => {
  const world = await TestNodes.boot();
  world.pod("web", {
    restartPolicy: "Never",
    initContainers: [{ ...busybox, name: "i", command: ["false"] }],
    containers: [nginx],
  });
  await world.pass(3 * SECOND);
  expect([world.get("web")!.status.phase, ...world.containers("web")]).toEqual([
    "Failed",
    "i: terminated Error 1",
    "c: waiting PodInitializing",
  ]);
});

test("a sidecar starts before the others and ends after them", async () => {
  const world = await TestNodes.boot();
  world.pod("job", {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 3,
    initContainers: [{ ...sleeper, name: "side", restartPolicy: "Always" }],
    containers: [{ ...busybox, command: ["sleep", "5"] }],
  });
  await world.pass(2 * SECOND);
  expect(world.containers("job")).toEqual(["side: running, ready", "c: running, ready"]);
  await world.pass(10 * SECOND);
  expect(world.get("job")!.status.phase).toBe("Succeeded");
});

test("a Pod that has done its work is Succeeded; its log stays", async () => {
  const world = await TestNodes.boot();
  world.pod("job", { restartPolicy: "OnFailure", containers: [{ ...busybox, command: ["echo", "done"] }] });
  await world.pass(3 * SECOND);
  expect([world.get("job")!.status.phase, ...world.containers("job")]).toEqual([
    "Succeeded",
    "c: terminated Completed 0",
  ]);
  expect(world.log("job")).toBe("done\n");
});

test("deletion: the stop signal at once, SIGKILL at the end of the grace period, nothing left behind", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [nginx] });
  world.pod("deaf", {
    terminationGracePeriodSeconds: 5,
    containers: [
      {
        name: "c",
        image: "busybox:1.36.1",
        command: ["sleep", "3600"],
        lifecycle: { preStop: { sleep: { seconds: 3 } } },
      },
    ],
  });
  await world.pass(2 * SECOND);
  const { uid } = world.get("web")!.metadata;
  for (const name of ["web", "deaf"]) world.admin.delete(pods, "default", name);
  await world.pass(2 * SECOND);
  expect(world.get("web")).toBeUndefined();
  expect(world.get("deaf")!.metadata.deletionTimestamp).toBeDefined();
  expect(world.events("deaf").at(-1)).toBe("Normal Killing Stopping container c");
  await world.pass(4 * SECOND);
  expect(world.get("deaf")).toBeUndefined();
  const { files } = world.machine("controlplane").host;
  expect(files.exists(`/var/lib/kubelet/pods/${uid}`)).toBe(false);
  expect(files.exists(`/var/log/pods/default_web_${uid}`)).toBe(false);
});

test("a first process that does not handle SIGTERM lives until the grace period is over", async () => {
  const world = await TestNodes.boot();
  world.pod("deaf", { terminationGracePeriodSeconds: 4, containers: [sleeper] });
  await world.pass(2 * SECOND);
  world.admin.delete(pods, "default", "deaf");
  await world.pass(3 * SECOND);
  expect(world.containers("deaf")).toEqual(["c: running, ready"]);
  await world.pass(2 * SECOND);
  expect(world.get("deaf")).toBeUndefined();
});

test("what a container finds: files, names and variables", async () => {
  const world = await TestNodes.boot();
  world.pod(
    "web",
    {
      hostname: "www",
      subdomain: "pages",
      hostAliases: [{ ip: "10.1.2.3", hostnames: ["db", "db.local"] }],
      volumes: [
        { name: "info", downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
      ],
      containers: [
        {
          ...nginx,
          env: [
            { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
            { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
            { name: "GREETING", value: "hello $(NODE)" },
          ],
          volumeMounts: [{ name: "info", mountPath: "/info" }],
        },
      ],
    },
    "controlplane",
    { labels: { app: "web", tier: "front" } },
  );
  await world.pass(2 * SECOND);
  const ip = world.get("web")!.status.podIP!;
  const { out } = await world.exec("web", ["cat", "/etc/hosts", "/etc/resolv.conf", "/etc/hostname", "/info/labels"]);
  expect(out).toBe(`# Kubernetes-managed hosts file.
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::0	ip6-localnet
fe00::0	ip6-mcastprefix
fe00::1	ip6-allnodes
fe00::2	ip6-allrouters
${ip}	www.pages.default.svc.cluster.local	www

# Entries added by HostAliases.
10.1.2.3	db	db.local
search default.svc.cluster.local svc.cluster.local cluster.local
nameserver 10.96.0.10
options ndots:5
www
app="web"
tier="front"`);
  const variables = (await world.exec("web", ["env"])).out.split("\n");
  for (const line of [
    "NODE=controlplane",
    `IP=${ip}`,
    "GREETING=hello controlplane",
    "HOSTNAME=www",
    "KUBERNETES_SERVICE_HOST=10.96.0.1",
  ])
    expect(variables).toContain(line);
  const token = (await world.exec("web", ["cat", "/var/run/secrets/kubernetes.io/serviceaccount/namespace"])).out;
  expect(token).toBe("default");
});

test("containers that ended leave their last words", async () => {
  const world = await TestNodes.boot();
  world.pod("job", {
    restartPolicy: "Never",
    containers: [{ ...busybox, command: ["tee", "/dev/termination-log", "all", "good"] }],
  });
  await world.pass(3 * SECOND);
  expect(world.get("job")!.status.containerStatuses![0]!.state.terminated).toMatchObject({
    exitCode: 0,
    message: "all good\n",
  });
});

test("a ConfigMap's new content reaches its volume a while later, without a restart", async () => {
  const world = await TestNodes.boot();
  const { configMaps } = await import("../../kinds/index.ts");
  world.admin.create(configMaps, { metadata: { name: "settings", namespace: "default" }, data: { a: "old" } });
  const volumes = [{ name: "conf", configMap: { name: "settings" } }];
  world.pod("web", { volumes, containers: [{ ...nginx, volumeMounts: [{ name: "conf", mountPath: "/conf" }] }] });
  await world.pass(2 * SECOND);
  world.admin.patch(configMaps, { namespace: "default", name: "settings" }, "merge-patch+json", {
    data: { a: "new", b: "2" },
  });
  expect((await world.exec("web", ["cat", "/conf/a"])).out).toBe("old");
  await world.pass(MINUTE);
  expect((await world.exec("web", ["cat", "/conf/a", "/conf/b"])).out).toBe("new2");
  expect(world.containers("web")).toEqual(["c: running, ready"]);
});

test("a Pod that is active for too long fails", async () => {
  const world = await TestNodes.boot();
  world.pod("job", { activeDeadlineSeconds: 5, terminationGracePeriodSeconds: 1, containers: [sleeper] });
  await world.pass(4 * SECOND);
  expect(world.get("job")!.status.phase).toBe("Running");
  await world.pass(5 * SECOND);
  expect(world.get("job")!.status).toMatchObject({
    phase: "Failed",
    reason: "DeadlineExceeded",
    message: "Pod was active on the node longer than the specified deadline",
  });
});

test("another image restarts the container; a debug container joins the others", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ name: "c", image: "nginx:1.27.5" }] });
  await world.pass(2 * SECOND);
  const target = { namespace: "default", name: "web" };
  world.admin.patch(pods, target, "strategic-merge-patch+json", {
    spec: { containers: [{ name: "c", image: "nginx:1.27.4" }] },
  });
  await world.pass(8 * SECOND);
  expect(world.containers("web")).toEqual(["c: running, ready, 1 restarts"]);
  expect(world.get("web")!.status.containerStatuses![0]!.image).toBe("docker.io/library/nginx:1.27.4");
  expect(world.events("web")).toContain("Normal Killing Container c definition changed, will be restarted");
  const debug = { name: "debug", image: "busybox:1.36.1", command: ["sleep", "3600"], resources: {} };
  world.admin.patch(pods, { ...target, subresource: "ephemeralcontainers" }, "strategic-merge-patch+json", {
    spec: { ephemeralContainers: [debug] },
  });
  await world.pass(3 * SECOND);
  expect(world.get("web")!.status.ephemeralContainerStatuses).toMatchObject([
    { name: "debug", state: { running: {} } },
  ]);
});

test("a file by subPath stays as it was when its ConfigMap changes", async () => {
  const world = await TestNodes.boot();
  const { configMaps } = await import("../../kinds/index.ts");
  world.admin.create(configMaps, { metadata: { name: "settings", namespace: "default" }, data: { a: "old" } });
  const volumes = [{ name: "conf", configMap: { name: "settings" } }];
  const volumeMounts = [{ name: "conf", mountPath: "/etc/app.conf", subPath: "a" }];
  world.pod("web", { volumes, containers: [{ ...nginx, volumeMounts }] });
  await world.pass(2 * SECOND);
  world.admin.patch(configMaps, { namespace: "default", name: "settings" }, "merge-patch+json", { data: { a: "new" } });
  await world.pass(MINUTE);
  expect((await world.exec("web", ["cat", "/etc/app.conf"])).out).toBe("old");
});

test("a Pod on its node's network has its names", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { hostNetwork: true, containers: [sleeper] });
  await world.pass(2 * SECOND);
  expect(world.get("web")!.status).toMatchObject({ podIP: "172.30.1.2", hostIP: "172.30.1.2" });
  const { out } = await world.exec("web", ["cat", "/etc/hostname", "/etc/resolv.conf", "/etc/hosts"]);
  const hosts = world.machine("controlplane").host.readText("/etc/hosts")!;
  expect(out).toBe(`controlplane\nnameserver 1.1.1.1\n# Kubernetes-managed hosts file (host network).\n${hosts}`);
});

test("images are pulled one at a time", async () => {
  const world = await TestNodes.boot();
  for (const name of ["one", "two"]) world.pod(name, { containers: [{ name: "c", image: "nginx:1.27.4" }] });
  await world.pass(4 * SECOND);
  const pulled = ["one", "two"].map((name) => /in (.*?)\. /.exec(world.events(name)[1]!)![1]);
  expect(pulled).toEqual(["1.124s (1.124s including waiting)", "400ms (1.524s including waiting)"]);
});
