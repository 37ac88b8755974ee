import { describe, expect, test } from "vitest";
import { TestCluster } from "../testing.ts";

const cluster = new TestCluster();
const VOLUMES = "/api/v1/persistentvolumes";
const CLAIMS = "/api/v1/namespaces/default/persistentvolumeclaims";
const CLASSES = "/apis/storage.k8s.io/v1/storageclasses";
const MERGE = { contentType: "application/merge-patch+json" };
const MODES = 'supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"';

/** What the server complains about, without whose it is. */
const why = (refused: string): string => refused.replace(/^422 \S+ "\w+" is invalid: /, "");

describe("a PersistentVolume is refused for", () => {
  const good = { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/data" } };
  test.each<[string, object, string]>([
    ["nothing in it", { capacity: undefined, accessModes: undefined, hostPath: undefined }, `[spec.accessModes: Required value, spec.capacity: Required value, spec.capacity: Unsupported value: null: supported values: "storage", spec: Required value: must specify a volume type]`], // prettier-ignore
    ["an unknown access mode", { accessModes: ["RWO"] }, `spec.accessModes: Unsupported value: "RWO": ${MODES}`],
    ["ReadWriteOncePod beside others", { accessModes: ["ReadWriteOncePod", "ReadWriteOnce"] }, "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"], // prettier-ignore
    [
      "no size",
      { capacity: { storage: "0" } },
      'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
    ],
    ["another capacity", { capacity: { storage: "1Gi", cpu: "1" } }, 'spec.capacity: Unsupported value: map[string]string{"cpu":"1", "storage":"1Gi"}: supported values: "storage"'], // prettier-ignore
    ["an unknown reclaim policy", { persistentVolumeReclaimPolicy: "Keep" }, 'spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"'], // prettier-ignore
    ["recycling the root", { hostPath: { path: "/" }, persistentVolumeReclaimPolicy: "Recycle" }, "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"], // prettier-ignore
    [
      "two sources",
      { nfs: { server: "s", path: "/p" } },
      "spec.nfs: Forbidden: may not specify more than 1 volume type",
    ],
    ["a path that goes up", { hostPath: { path: "/a/../b" } }, "spec.hostPath.path: Invalid value: \"/a/../b\": must not contain '..'"], // prettier-ignore
    ["a local volume without node", { hostPath: undefined, local: { path: "/d" } }, "spec.nodeAffinity: Required value: Local volume requires node affinity"], // prettier-ignore
    ["an nfs path that is relative", { hostPath: undefined, nfs: { server: "", path: "p" } }, '[spec.nfs.server: Required value, spec.nfs.path: Invalid value: "p": must be an absolute path]'], // prettier-ignore
    ["a driver without handle", { hostPath: undefined, csi: { driver: "x", volumeHandle: "" } }, "spec.csi.volumeHandle: Required value"], // prettier-ignore
    ["an unknown mode", { volumeMode: "Raw" }, 'spec.volumeMode: Unsupported value: "Raw": supported values: "Block", "Filesystem"'], // prettier-ignore
    ["a class that is no name", { storageClassName: "a_b" }, "spec.storageClassName: Invalid value: \"a_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"], // prettier-ignore
    ["an affinity without terms", { nodeAffinity: {} }, "spec.nodeAffinity.required: Required value: must specify required node constraints"], // prettier-ignore
  ])("%s", (_, change, words) => {
    const spec = { ...good, ...change };
    expect(why(cluster.refused("POST", VOLUMES, { metadata: { name: "v" }, spec }))).toBe(words);
  });

  test("another source or mode later", () => {
    cluster.ok("POST", VOLUMES, { metadata: { name: "w" }, spec: good });
    expect(why(cluster.refused("PATCH", `${VOLUMES}/w`, { spec: { hostPath: { path: "/other" } } }, MERGE))).toMatch(
      /^spec\.persistentvolumesource: Forbidden: spec\.persistentvolumesource is immutable after creation\n/,
    );
    expect(why(cluster.refused("PATCH", `${VOLUMES}/w`, { spec: { volumeMode: "Block" } }, MERGE))).toBe(
      'volumeMode: Invalid value: "Block": field is immutable',
    );
  });
});

describe("a PersistentVolumeClaim is refused for", () => {
  const good = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  test.each<[string, object, string]>([
    ["nothing in it", { accessModes: undefined, resources: {} }, "[spec.accessModes: Required value: at least 1 access mode is required, spec.resources[storage]: Required value]"], // prettier-ignore
    ["an unknown access mode", { accessModes: ["ReadWriteTwice"] }, `spec.accessModes: Unsupported value: "ReadWriteTwice": ${MODES}`], // prettier-ignore
    ["no size", { resources: { requests: { storage: "0" } } }, 'spec.resources[storage]: Invalid value: "0": must be greater than zero'], // prettier-ignore
    ["a source without name", { dataSource: { kind: "PersistentVolumeClaim", name: "" } }, "[spec.dataSource.name: Required value, spec.dataSourceRef.name: Required value]"], // prettier-ignore
    ["a selector that makes no sense", { selector: { matchExpressions: [{ key: "a", operator: "Is" }] } }, 'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator'], // prettier-ignore
  ])("%s", (_, change, words) => {
    const spec = { ...good, ...change };
    expect(why(cluster.refused("POST", CLAIMS, { metadata: { name: "c" }, spec }))).toBe(words);
  });

  test("another specification later, or a size that it does not have", () => {
    cluster.ok("POST", CLAIMS, { metadata: { name: "d" }, spec: good });
    expect(why(cluster.refused("PATCH", `${CLAIMS}/d`, { spec: { accessModes: ["ReadOnlyMany"] } }, MERGE))).toMatch(
      /^spec: Forbidden: spec is immutable after creation except resources\.requests and volumeAttributesClassName for bound claims\n/,
    );
    const size = { spec: { resources: { requests: { storage: "2Gi" } } } };
    expect(why(cluster.refused("PATCH", `${CLAIMS}/d`, size, MERGE))).toContain(
      '- \t\t\tStorage: "1Gi",\n+ \t\t\tStorage: "2Gi",',
    );
  });
});

describe("a StorageClass is refused for", () => {
  test.each<[string, object, string]>([
    ["no provisioner", { provisioner: "" }, "provisioner: Required value"],
    ["an unknown binding mode", { volumeBindingMode: "Later" }, 'volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"'], // prettier-ignore
    ["an unknown reclaim policy", { reclaimPolicy: "Recycle" }, 'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'], // prettier-ignore
    ["topologies without values", { allowedTopologies: [{ matchLabelExpressions: [{ key: "a", values: [] }] }] }, "allowedTopologies[0].matchLabelExpressions[0].values: Required value"], // prettier-ignore
  ])("%s", (_, change, words) => {
    const body = { metadata: { name: "s" }, provisioner: "example.com/p", ...change };
    expect(why(cluster.refused("POST", CLASSES, body))).toBe(words);
  });

  test("changes of what is made by it", () => {
    cluster.ok("POST", CLASSES, { metadata: { name: "t" }, provisioner: "example.com/p", parameters: { a: "b" } });
    const change = { parameters: { a: "c" }, provisioner: "example.com/q", reclaimPolicy: "Retain", volumeBindingMode: "WaitForFirstConsumer" }; // prettier-ignore
    expect(why(cluster.refused("PATCH", `${CLASSES}/t`, change, MERGE))).toBe(
      '[parameters: Forbidden: updates to parameters are forbidden., provisioner: Forbidden: updates to provisioner are forbidden., reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden., volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable]',
    );
    expect(cluster.ok("PATCH", `${CLASSES}/t`, { allowVolumeExpansion: true }, MERGE)).toMatchObject({ allowVolumeExpansion: true }); // prettier-ignore
  });
});
