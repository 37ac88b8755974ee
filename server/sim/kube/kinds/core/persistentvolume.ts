import {
  age, AGE, forbidden, go, goStringMap, IMMUTABLE, invalid, invalidEach, NAME, names, notSupported, quantityNanos, required, sameJson,
  type Column, type Draft, type FieldErrors, type Kind, type KindContext, type PersistentVolume, type PersistentVolumeSpec,
} from "../../api/index.ts"; // prettier-ignore
import { validateNodeSelector } from "../pod-template/scheduling.ts";
import { validateHostPath, validateNoBacksteps } from "../pod-template/volumes.ts";
import { accessModesCell, validateAccessModes, VOLUME_MODES } from "./access-modes.ts";
import { CLASS_ANNOTATION, protect } from "./storage-facts.ts";
import { structDiff } from "./pod/spec-diff.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Capacity" },
  { name: "Access Modes" },
  { name: "Reclaim Policy" },
  { name: "Status" },
  { name: "Claim" },
  { name: "StorageClass" },
  { name: "VolumeAttributesClass" },
  { name: "Reason" },
  AGE,
  { name: "VolumeMode", priority: 1 },
];

const RECLAIM_POLICIES = ["Delete", "Recycle", "Retain"];

/** The sources that a volume may have, in the order in which the server looks at them. */
const SOURCES = [
  "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi",
  "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO", "local",
  "storageos", "csi",
] as const; // prettier-ignore

export const persistentVolumes: Kind<PersistentVolume> = {
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  singular: "persistentvolume",
  shortNames: ["pv"],
  namespaced: false,
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now) => [
    metadata.name,
    spec.capacity?.["storage"] ?? "0",
    accessModesCell(spec.accessModes),
    spec.persistentVolumeReclaimPolicy ?? "",
    metadata.deletionTimestamp ? "Terminating" : (status.phase ?? ""),
    spec.claimRef ? `${spec.claimRef.namespace ?? ""}/${spec.claimRef.name ?? ""}` : "",
    classOfVolume({ metadata, spec }),
    spec.volumeAttributesClassName ?? "<unset>",
    status.reason ?? "",
    age(metadata.creationTimestamp, now),
    spec.volumeMode ?? "<unset>",
  ],
  nameRule: names.forNames(names.subdomain),

  defaults({ spec, status }) {
    if (!status.phase) status.phase = "Pending";
    spec.persistentVolumeReclaimPolicy ||= "Retain";
    spec.volumeMode ??= "Filesystem";
    if (spec.hostPath) spec.hostPath.type ??= "";
    if (spec.claimRef) {
      spec.claimRef.apiVersion ||= "v1";
      spec.claimRef.kind ||= "PersistentVolumeClaim";
    }
  },
  prepareCreate(volume, context) {
    volume.status = { phase: "Pending", lastPhaseTransitionTime: context.nowText };
    dropDisabledFields(volume.spec);
    protect(volume.metadata, "kubernetes.io/pv-protection", context);
  },
  prepareUpdate(volume, old) {
    volume.status = old.status;
    dropDisabledFields(volume.spec, old.spec);
  },
  validate: validateVolume,
  validateUpdate: (volume, old) => [...validateVolume(volume), ...validateChanges(volume, old)],
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(volume, old, { nowText }: KindContext) {
        volume.spec = old.spec as Draft<PersistentVolume["spec"]>;
        const { status } = volume;
        if (status.phase !== old.status.phase && status.lastPhaseTransitionTime === old.status.lastPhaseTransitionTime)
          status.lastPhaseTransitionTime = nowText;
      },
    },
  },
};

/** VolumeAttributesClass is off in v1.33 (pkg/api/persistentvolume DropDisabledSpecFields). */
function dropDisabledFields(spec: Draft<PersistentVolumeSpec>, old?: PersistentVolumeSpec): void {
  if (old?.volumeAttributesClassName === undefined) delete spec.volumeAttributesClassName;
}

/** The class of a volume: the old annotation first, then the field (component-helpers storage/volume). */
export function classOfVolume({ metadata, spec }: Pick<PersistentVolume, "metadata" | "spec">): string {
  return metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? "";
}

/** pkg/apis/core/validation ValidatePersistentVolumeSpec */
function validateVolume({ spec }: PersistentVolume): FieldErrors {
  const { accessModes = [], capacity = {}, persistentVolumeReclaimPolicy: policy = "", nodeAffinity } = spec;
  const found: FieldErrors = [];
  if (accessModes.length === 0) found.push(required("spec.accessModes"));
  found.push(...validateAccessModes(accessModes, "spec.accessModes"));
  if (Object.keys(capacity).length === 0) found.push(required("spec.capacity"));
  if (capacity["storage"] === undefined || Object.keys(capacity).length > 1)
    found.push(notSupported("spec.capacity", goCapacity(capacity), ["storage"]));
  for (const [name, value] of Object.entries(capacity)) {
    const at = `spec.capacity[${name}]`;
    if (quantityNanos(value) < 0n) found.push(invalid(at, value, "must be greater than or equal to 0"));
    if (quantityNanos(value) <= 0n) found.push(invalid(at, value, "must be greater than zero"));
  }
  if (policy !== "" && !RECLAIM_POLICIES.includes(policy))
    found.push(notSupported("spec.persistentVolumeReclaimPolicy", policy, RECLAIM_POLICIES));
  if (nodeAffinity) {
    if (nodeAffinity.required)
      found.push(...validateNodeSelector(nodeAffinity.required.nodeSelectorTerms ?? [], "spec.nodeAffinity.required"));
    else found.push(required("spec.nodeAffinity.required", "must specify required node constraints"));
  }
  found.push(...validateSource(spec));
  if (spec.storageClassName)
    found.push(...invalidEach("spec.storageClassName", spec.storageClassName, names.subdomain(spec.storageClassName)));
  if (spec.volumeMode !== undefined && !VOLUME_MODES.includes(spec.volumeMode))
    found.push(notSupported("spec.volumeMode", spec.volumeMode, VOLUME_MODES));
  return found;
}

function goCapacity(capacity: Readonly<Record<string, string>>) {
  return Object.keys(capacity).length === 0 ? go("null") : goStringMap(capacity);
}

function validateSource(spec: PersistentVolumeSpec): FieldErrors {
  const found: FieldErrors = [];
  const given = SOURCES.filter((source) => source in spec);
  for (const [index, source] of given.entries()) {
    if (index > 0) found.push(forbidden(`spec.${source}`, "may not specify more than 1 volume type"));
    else if (source === "hostPath") found.push(...validateHostPath(spec.hostPath!, "spec.hostPath"));
    else if (source === "nfs") found.push(...validateNfs(spec.nfs!));
    else if (source === "csi") found.push(...validateCsi(spec.csi!));
    else if (source === "local") {
      if (!spec.local!.path) found.push(required("spec.local.path"));
      else found.push(...validateNoBacksteps(spec.local!.path, "spec.local.path"));
      if (!spec.nodeAffinity?.required)
        found.push(required("spec.nodeAffinity", "Local volume requires node affinity"));
    }
  }
  if (given.length === 0) found.push(required("spec", "must specify a volume type"));
  if (spec.persistentVolumeReclaimPolicy === "Recycle" && /^\/+$/.test(spec.hostPath?.path ?? ""))
    found.push(forbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"));
  return found;
}

function validateNfs({ server, path }: NonNullable<PersistentVolumeSpec["nfs"]>): FieldErrors {
  const found: FieldErrors = [];
  if (!server) found.push(required("spec.nfs.server"));
  if (!path) found.push(required("spec.nfs.path"));
  else if (!path.startsWith("/")) found.push(invalid("spec.nfs.path", path, "must be an absolute path"));
  return found;
}

function validateCsi({ driver, volumeHandle }: NonNullable<PersistentVolumeSpec["csi"]>): FieldErrors {
  const found: FieldErrors = [];
  if (!driver) found.push(required("spec.csi.driver"));
  else if (driver.length > 63) found.push(invalid("spec.csi.driver", driver, "must be no more than 63 characters"));
  else found.push(...invalidEach("spec.csi.driver", driver, names.subdomain(driver.toLowerCase())));
  if (!volumeHandle) found.push(required("spec.csi.volumeHandle"));
  return found;
}

function validateChanges({ spec }: PersistentVolume, { spec: old }: PersistentVolume): FieldErrors {
  const found: FieldErrors = [];
  const [before, after] = [sourceOf(old), sourceOf(spec)];
  if (!sameJson(before, after))
    found.push(
      forbidden(
        "spec.persistentvolumesource",
        `spec.persistentvolumesource is immutable after creation\n${structDiff("core.PersistentVolumeSource", before, after)}`,
      ),
    );
  if (old.volumeMode !== spec.volumeMode) found.push(invalid("volumeMode", spec.volumeMode, IMMUTABLE));
  if (old.nodeAffinity && !sameJson(old.nodeAffinity, spec.nodeAffinity))
    found.push(invalid("nodeAffinity", go(JSON.stringify(spec.nodeAffinity ?? null)), IMMUTABLE));
  return found;
}

/** The part of the specification that says what is behind the volume. */
export function sourceOf(spec: PersistentVolumeSpec): object {
  return Object.fromEntries(SOURCES.flatMap((source) => (source in spec ? [[source, spec[source as never]]] : [])));
}
