import { AGE, age, NAME, type AnyKind, type JsonObject } from "../../api/index.ts";
import { member, storedKind } from "./stored-kind.ts";

const GROUP = "storage.k8s.io";
const NOTE = "drydock: no CSI driver runs here: nothing is provisioned, attached or measured by it.";

export const csiDrivers: AnyKind = storedKind({
  group: GROUP,
  kind: "CSIDriver",
  plural: "csidrivers",
  // MutableCSINodeAllocatableCount
  disabled: ["nodeAllocatableUpdatePeriodSeconds"],
  note: NOTE,
  columns: [
    NAME,
    { name: "AttachRequired", type: "boolean" },
    { name: "PodInfoOnMount", type: "boolean" },
    { name: "StorageCapacity", type: "boolean" },
    { name: "TokenRequests" },
    { name: "RequiresRepublish", type: "boolean" },
    { name: "Modes" },
    AGE,
  ],
  cells: (object, now) => {
    const spec = object.spec ?? {};
    const tokens = member<{ audience: string }[]>(spec, "tokenRequests")?.map(({ audience }) => audience);
    const modes = member<string[]>(spec, "volumeLifecycleModes") ?? [];
    return [
      object.metadata.name,
      member<boolean>(spec, "attachRequired") ?? true,
      member<boolean>(spec, "podInfoOnMount") ?? false,
      member<boolean>(spec, "storageCapacity") ?? false,
      tokens ? tokens.join(",") : "<unset>",
      member<boolean>(spec, "requiresRepublish") ?? false,
      modes.length > 0 ? modes.join(",") : "<none>",
      age(object.metadata.creationTimestamp, now),
    ];
  },
  defaults(draft) {
    const spec = draft.spec as JsonObject;
    spec["attachRequired"] ??= true;
    spec["podInfoOnMount"] ??= false;
    spec["storageCapacity"] ??= false;
    spec["fsGroupPolicy"] ??= "ReadWriteOnceWithFSType";
    spec["volumeLifecycleModes"] ??= ["Persistent"];
    spec["requiresRepublish"] ??= false;
    spec["seLinuxMount"] ??= false;
  },
});

export const csiNodes: AnyKind = storedKind({
  group: GROUP,
  kind: "CSINode",
  plural: "csinodes",
  note: NOTE,
  nullable: ["spec.drivers"],
  columns: [NAME, { name: "Drivers", type: "integer" }, AGE],
  cells: (object, now) => [
    object.metadata.name,
    member<unknown[]>(object, "spec", "drivers")?.length ?? 0,
    age(object.metadata.creationTimestamp, now),
  ],
});

export const csiStorageCapacities: AnyKind = storedKind({
  group: GROUP,
  kind: "CSIStorageCapacity",
  plural: "csistoragecapacities",
  namespaced: true,
  note: NOTE,
  columns: [NAME, { name: "Created At", type: "date" }],
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
});

export const volumeAttachments: AnyKind = storedKind({
  group: GROUP,
  kind: "VolumeAttachment",
  plural: "volumeattachments",
  note: NOTE,
  status: true,
  columns: [
    { ...NAME },
    { name: "Attacher", format: "name" },
    { name: "PV" },
    { name: "Node" },
    { name: "Attached", type: "boolean" },
    AGE,
  ],
  cells: (object, now) => [
    object.metadata.name,
    member<string>(object, "spec", "attacher") ?? "",
    member<string>(object, "spec", "source", "persistentVolumeName") ?? "",
    member<string>(object, "spec", "nodeName") ?? "",
    member<boolean>(object, "status", "attached") ?? false,
    age(object.metadata.creationTimestamp, now),
  ],
});
