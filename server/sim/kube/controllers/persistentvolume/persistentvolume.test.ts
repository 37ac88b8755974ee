import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import type { Input, PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../api/index.ts";
import { events, persistentVolumeClaims, persistentVolumes, pods, storageClasses } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

function volume(name: string, spec: Input<PersistentVolume["spec"]> = {}): Input<PersistentVolume> {
  return {
    metadata: { name },
    spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: `/mnt/${name}` }, ...spec },
  };
}

function claim(name: string, spec: Input<PersistentVolumeClaim["spec"]> = {}): Input<PersistentVolumeClaim> {
  return {
    metadata: { name, namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "500Mi" } }, ...spec },
  };
}

function storageClass(name: string, more: Input<StorageClass> = {}): Input<StorageClass> {
  return { metadata: { name }, provisioner: "rancher.io/local-path", ...more };
}

function pod(name: string, claimName: string): object {
  return {
    metadata: { name, namespace: "default" },
    spec: {
      containers: [{ name: "c", image: "nginx" }],
      volumes: [{ name: "v", persistentVolumeClaim: { claimName } }],
    },
  };
}

/** `phase volume` of a claim and `phase ns/claim` of a volume, by their names. */
function phases(lab: TestControlPlane): string[] {
  return [
    ...lab.client
      .list(persistentVolumeClaims)
      .map(({ metadata, spec, status }) => `${metadata.name} ${status.phase} ${spec.volumeName ?? "-"}`),
    ...lab.client
      .list(persistentVolumes)
      .map(({ metadata, spec, status }) => `${metadata.name} ${status.phase} ${spec.claimRef?.name ?? "-"}`),
  ];
}

function told(lab: TestControlPlane, name: string): string[] {
  return lab.client
    .list(events)
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
}

test("a claim is bound to the smallest volume that will do, both ways", () => {
  const lab = new TestControlPlane();
  lab.client.create(persistentVolumes, volume("big", { capacity: { storage: "10Gi" } }));
  lab.client.create(persistentVolumes, volume("small"));
  lab.client.create(persistentVolumes, volume("tiny", { capacity: { storage: "100Mi" } }));
  lab.run(SECOND);
  lab.client.create(persistentVolumeClaims, claim("data"));
  lab.run(SECOND);
  expect(phases(lab)).toEqual(["data Bound small", "big Available -", "small Bound data", "tiny Available -"]);
  const bound = lab.client.get(persistentVolumeClaims, "default", "data")!;
  expect(bound.metadata.annotations).toEqual({
    "pv.kubernetes.io/bind-completed": "yes",
    "pv.kubernetes.io/bound-by-controller": "yes",
  });
  expect(bound.status).toEqual({ phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" } });
  const { metadata, spec } = lab.client.get(persistentVolumes, "", "small")!;
  expect(metadata.annotations).toEqual({ "pv.kubernetes.io/bound-by-controller": "yes" });
  expect(metadata.finalizers).toEqual(["kubernetes.io/pv-protection"]);
  expect({ ...spec.claimRef, uid: "", resourceVersion: "" }).toEqual({
    kind: "PersistentVolumeClaim",
    namespace: "default",
    name: "data",
    uid: "",
    apiVersion: "v1",
    resourceVersion: "",
  });
});

test("a claim without a volume waits, says so, and finds one that comes at the next look", () => {
  const lab = new TestControlPlane();
  lab.client.create(persistentVolumeClaims, claim("data", { selector: { matchLabels: { disk: "ssd" } } }));
  lab.run(SECOND);
  expect(told(lab, "data")).toEqual([
    "Normal FailedBinding no persistent volumes available for this claim and no storage class is set",
  ]);
  lab.client.create(persistentVolumes, volume("hdd"));
  lab.client.create(persistentVolumes, { ...volume("ssd"), metadata: { name: "ssd", labels: { disk: "ssd" } } });
  lab.run(2 * SECOND);
  expect(phases(lab)).toEqual(["data Pending -", "hdd Available -", "ssd Available -"]);
  lab.run(15 * SECOND);
  expect(phases(lab)).toEqual(["data Bound ssd", "hdd Available -", "ssd Bound data"]);
});

test("a claim that names a volume gets that one, or is told why not", () => {
  const lab = new TestControlPlane();
  lab.client.create(persistentVolumes, volume("one", { storageClassName: "manual" }));
  lab.client.create(persistentVolumeClaims, claim("a", { volumeName: "one" }));
  lab.run(SECOND);
  expect(told(lab, "a")).toEqual([
    'Warning VolumeMismatch Cannot bind to requested volume "one": storageClassName does not match',
  ]);
  lab.client.create(persistentVolumeClaims, claim("b", { volumeName: "one", storageClassName: "manual" }));
  lab.run(SECOND);
  lab.client.create(persistentVolumeClaims, claim("c", { volumeName: "one", storageClassName: "manual" }));
  lab.run(SECOND);
  expect(phases(lab)).toEqual(["a Pending one", "b Bound one", "c Pending one", "one Bound b"]);
  expect(told(lab, "c")).toEqual(['Warning FailedBinding volume "one" already bound to a different claim.']);
});

test("what becomes of a volume whose claim is gone is its policy's affair", () => {
  const lab = new TestControlPlane();
  const policies: [string, object][] = [
    ["keep", { persistentVolumeReclaimPolicy: "Retain" }],
    ["tmp", { persistentVolumeReclaimPolicy: "Delete", hostPath: { path: "/tmp/x" } }],
    ["mnt", { persistentVolumeReclaimPolicy: "Delete" }],
    ["nfs", { persistentVolumeReclaimPolicy: "Delete", hostPath: undefined, nfs: { server: "n", path: "/x" } }],
  ];
  for (const [name, spec] of policies) {
    lab.client.create(persistentVolumes, JSON.parse(JSON.stringify(volume(name, spec))));
    lab.client.create(persistentVolumeClaims, claim(name, { volumeName: name }));
  }
  lab.run(SECOND);
  for (const [name] of policies) lab.client.delete(persistentVolumeClaims, "default", name);
  lab.run(SECOND);
  expect(phases(lab)).toEqual(["keep Released keep", "mnt Failed mnt", "nfs Failed nfs"]);
  expect(told(lab, "mnt")).toEqual([
    "Warning VolumeFailedDelete host_path deleter only supports /tmp/.+ but received provided /mnt/mnt",
  ]);
  expect(lab.client.get(persistentVolumes, "", "nfs")!.status.message).toBe(
    'error getting deleter volume plugin for volume "nfs": no deletable volume plugin matched',
  );
});

test("a claim that is used stays until its Pod is gone, a bound volume until its claim is", () => {
  const lab = new TestControlPlane();
  lab.client.create(persistentVolumes, volume("v"));
  lab.client.create(persistentVolumeClaims, claim("data"));
  lab.client.create(pods, pod("web", "data"));
  lab.run(3 * SECOND);
  expect(lab.client.get(pods, "default", "web")!.spec.nodeName).toBeDefined();
  lab.client.delete(persistentVolumeClaims, "default", "data");
  lab.client.delete(persistentVolumes, "", "v");
  lab.run(SECOND);
  expect(lab.cells("/api/v1/namespaces/default/persistentvolumeclaims")).toMatchObject({ Status: "Terminating" });
  expect(lab.cells("/api/v1/persistentvolumes")).toMatchObject({ Status: "Terminating", Claim: "default/data" });
  lab.client.delete(pods, "default", "web");
  lab.run(40 * SECOND);
  expect(phases(lab)).toEqual([]);
});

test("a class with WaitForFirstConsumer: the scheduler chooses among volumes by their nodes", () => {
  const lab = new TestControlPlane();
  lab.client.create(storageClasses, storageClass("local", {
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "WaitForFirstConsumer",
  })); // prettier-ignore
  const on = (node: string): Input<PersistentVolume["spec"]> => ({
    storageClassName: "local",
    hostPath: undefined,
    local: { path: "/mnt/disk" },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }] },
        ],
      },
    },
  }); // prettier-ignore
  lab.client.create(persistentVolumeClaims, claim("data", { storageClassName: "local" }));
  lab.run(SECOND);
  lab.client.create(pods, pod("web", "data"));
  lab.run(SECOND);
  expect(told(lab, "data")).toEqual([
    "Normal WaitForFirstConsumer waiting for first consumer to be created before binding",
  ]);
  expect(told(lab, "web")).toEqual([
    "Warning FailedScheduling 0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  ]);
  lab.client.create(persistentVolumes, JSON.parse(JSON.stringify(volume("disk", on("node02")))));
  lab.run(5 * SECOND);
  expect(phases(lab)).toEqual(["data Bound disk", "disk Bound data"]);
  expect(lab.client.get(pods, "default", "web")!.spec.nodeName).toBe("node02");
});

test("a Pod says what is wrong with its claims", () => {
  const lab = new TestControlPlane();
  lab.client.create(pods, pod("web", "data"));
  lab.run(SECOND);
  lab.client.create(persistentVolumeClaims, claim("data", { storageClassName: "fast" }));
  lab.run(5 * SECOND);
  const why = (what: string): string =>
    `Warning FailedScheduling 0/2 nodes are available: ${what}. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.`;
  expect(told(lab, "web")).toEqual([why('persistentvolumeclaim "data" not found')]);
  expect(lab.client.get(pods, "default", "web")!.status.conditions?.[0]?.message).toBe(
    "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  );
  expect(told(lab, "data")).toEqual(['Warning ProvisioningFailed storageclass.storage.k8s.io "fast" not found']);
});

test("an external provisioner is told where to make a volume, and the Pod follows it", () => {
  const lab = new TestControlPlane();
  lab.client.create(
    storageClasses,
    storageClass("local-path", {
      volumeBindingMode: "WaitForFirstConsumer",
      metadata: { name: "local-path", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    }),
  );
  const { spec } = lab.client.create(persistentVolumeClaims, claim("data"));
  expect(spec.storageClassName).toBe("local-path");
  lab.client.create(pods, pod("web", "data"));
  lab.run(5 * SECOND);
  const waiting = lab.client.get(persistentVolumeClaims, "default", "data")!;
  expect(Object.keys(waiting.metadata.annotations!).sort()).toEqual([
    "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/selected-node",
    "volume.kubernetes.io/storage-provisioner",
  ]);
  expect(lab.client.get(pods, "default", "web")!.spec.nodeName).toBeUndefined();
  lab.client.create(
    persistentVolumes,
    volume("pvc-1", {
      storageClassName: "local-path",
      claimRef: { namespace: "default", name: "data", uid: waiting.metadata.uid },
    }),
  );
  lab.run(3 * SECOND);
  expect(phases(lab)).toEqual(["data Bound pvc-1", "pvc-1 Bound data"]);
  expect(lab.client.get(pods, "default", "web")!.spec.nodeName).toBe(
    waiting.metadata.annotations!["volume.kubernetes.io/selected-node"],
  );
});
