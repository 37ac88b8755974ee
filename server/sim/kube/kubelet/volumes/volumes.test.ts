import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { configMaps, persistentVolumeClaims, persistentVolumes, pods } from "../../kinds/index.ts";
import { TestNodes } from "../testing.ts";

const sleeper = { name: "c", image: "busybox:1.36.1", command: ["sleep", "86400"] };

function withVolume(source: object, mount: object = {}): object {
  return {
    containers: [{ ...sleeper, volumeMounts: [{ name: "v", mountPath: "/data", ...mount }] }],
    volumes: [{ name: "v", ...source }],
  };
}

/** What FailedMount says of a Pod, once each. */
function failures(world: TestNodes, name: string): string[] {
  return [...new Set(world.events(name).filter((event) => event.startsWith("Warning FailedMount")))];
}

test("a claim without a volume, and one that is not there, are told as they are", async () => {
  const world = await TestNodes.boot();
  const client = world.admin;
  client.create(persistentVolumeClaims, {
    metadata: { name: "data", namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "none" },
  });
  world.pod("unbound", withVolume({ persistentVolumeClaim: { claimName: "data" } }));
  world.pod("missing", withVolume({ persistentVolumeClaim: { claimName: "nope" } }));
  await world.pass(2 * SECOND);
  const told = (why: string): string =>
    `Warning FailedMount Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: error processing PVC default/${why}`;
  expect(failures(world, "unbound")).toEqual([told("data: PVC is not bound")]);
  expect(failures(world, "missing")).toEqual([
    told('nope: failed to fetch PVC from API server: persistentvolumeclaims "nope" not found'),
  ]);
  expect(world.containers("unbound")).toEqual(["c: waiting ContainerCreating"]);
});

test("what is behind a bound claim is mounted: a path of the node; a local one must be there", async () => {
  const world = await TestNodes.boot();
  const client = world.admin;
  for (const [name, source] of [
    ["host", { hostPath: { path: "/mnt/host" } }],
    ["disk", { local: { path: "/mnt/disk" } }],
  ] as const) {
    const claim = client.create(persistentVolumeClaims, {
      metadata: { name, namespace: "default" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
        storageClassName: "x",
        volumeName: name,
      },
    });
    const { uid } = claim.metadata;
    const terms = [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "Exists" }] }];
    client.create(persistentVolumes, {
      metadata: { name },
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        storageClassName: "x",
        claimRef: { namespace: "default", name, uid },
        nodeAffinity: { required: { nodeSelectorTerms: terms } },
        ...source,
      },
    });
    client.updateStatus(persistentVolumeClaims, { ...claim, status: { phase: "Bound" } });
    world.pod(name, withVolume({ persistentVolumeClaim: { claimName: name } }));
  }
  await world.pass(3 * SECOND);
  expect(world.containers("host")).toEqual(["c: running, ready"]);
  world.write("controlplane", "/mnt/host/file", "kept\n");
  expect((await world.exec("host", ["cat", "/data/file"])).out).toBe("kept\n");
  expect(failures(world, "disk")).toEqual([
    'Warning FailedMount MountVolume.NewMounter initialization failed for volume "disk" : path "/mnt/disk" does not exist',
  ]);
});

test("what no node has says so in its plugin's words", async () => {
  const world = await TestNodes.boot();
  world.pod("csi", withVolume({ csi: { driver: "secrets-store.csi.k8s.io" } }));
  world.pod("iscsi", withVolume({ iscsi: { targetPortal: "10.0.0.1", iqn: "iqn.2001-04.com.example:x", lun: 0 } }));
  world.pod("file", withVolume({ hostPath: { path: "/etc", type: "File" } }));
  await world.pass(2 * SECOND);
  const told = (why: string): string => `Warning FailedMount MountVolume.SetUp failed for volume "v" : ${why}`;
  expect(failures(world, "csi")).toEqual([
    told(
      "kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name secrets-store.csi.k8s.io not found in the list of registered CSI drivers",
    ),
  ]);
  expect(failures(world, "iscsi")).toEqual([told("drydock: volumes of type 'iscsi' are not simulated")]);
  expect(failures(world, "file")).toEqual([told("hostPath type check failed: /etc is not a file")]);
});

test("a ConfigMap's change is seen within a sync of the Pod, but never through a subPath", async () => {
  const world = await TestNodes.boot();
  const client = world.admin;
  client.create(configMaps, { metadata: { name: "cm", namespace: "default" }, data: { key: "old" } });
  world.pod("web", {
    containers: [
      {
        ...sleeper,
        volumeMounts: [
          { name: "v", mountPath: "/live" },
          { name: "v", mountPath: "/fixed", subPath: "key" },
        ],
      },
    ],
    volumes: [{ name: "v", configMap: { name: "cm", defaultMode: 0o400 } }],
    securityContext: { fsGroup: 2000 },
  });
  await world.pass(3 * SECOND);
  const read = async (): Promise<string> => (await world.exec("web", ["cat", "/live/key", "/fixed"])).out;
  expect(await read()).toBe("oldold");
  const { uid } = world.get("web")!.metadata;
  const path = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~configmap/v/key`;
  const { mode, gid } = world.machine("controlplane").host.files.stat(path);
  expect([(mode & 0o777).toString(8), gid]).toEqual(["440", 2000]);
  client.patch(configMaps, { namespace: "default", name: "cm" }, "merge-patch+json", { data: { key: "new" } });
  await world.pass(90 * SECOND);
  expect(await read()).toBe("newold");
}, 20_000);

test("labels in a volume follow the Pod at once", async () => {
  const world = await TestNodes.boot();
  const items = [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }];
  world.pod("web", withVolume({ downwardAPI: { items } }), "controlplane", { labels: { a: "1" } });
  await world.pass(3 * SECOND);
  world.admin.patch(pods, { namespace: "default", name: "web" }, "merge-patch+json", {
    metadata: { labels: { a: "2" } },
  });
  await world.pass(SECOND);
  expect((await world.exec("web", ["cat", "/data/labels"])).out).toBe('a="2"');
});
