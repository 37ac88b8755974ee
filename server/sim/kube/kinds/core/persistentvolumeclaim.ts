import {
  age, AGE, copyJson, forbidden, IMMUTABLE, invalid, invalidEach, NAME, names, notSupported, quantityNanos, required, sameJson,
  type Column, type DataSource, type Draft, type FieldErrors, type Kind, type PersistentVolumeClaim, type PersistentVolumeClaimSpec,
} from "../../api/index.ts"; // prettier-ignore
import { validateLabelSelector } from "../pod-template/selector.ts";
import { accessModesCell, validateAccessModes, VOLUME_MODES } from "./access-modes.ts";
import { structDiff } from "./pod/spec-diff.ts";
import { CLASS_ANNOTATION, protect } from "./storage-facts.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Status" },
  { name: "Volume" },
  { name: "Capacity" },
  { name: "Access Modes" },
  { name: "StorageClass" },
  { name: "VolumeAttributesClass" },
  AGE,
  { name: "VolumeMode", priority: 1 },
];

export const persistentVolumeClaims: Kind<PersistentVolumeClaim> = {
  group: "",
  version: "v1",
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  singular: "persistentvolumeclaim",
  shortNames: ["pvc"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now) => [
    metadata.name,
    metadata.deletionTimestamp ? "Terminating" : (status.phase ?? ""),
    spec.volumeName ?? "",
    spec.volumeName ? (status.capacity?.["storage"] ?? "0") : "",
    spec.volumeName ? accessModesCell(status.accessModes) : "",
    classOfClaim({ metadata, spec }),
    spec.volumeAttributesClassName ?? "<unset>",
    age(metadata.creationTimestamp, now),
    spec.volumeMode ?? "<unset>",
  ],
  nameRule: names.forNames(names.subdomain),

  defaults({ spec, status }) {
    if (!status.phase) status.phase = "Pending";
    defaultClaimSpec(spec);
  },
  prepareCreate(claim, context) {
    claim.status = { phase: "Pending" };
    dropDisabledFields(claim.spec);
    dropOtherSource(claim.spec);
    shareDataSource(claim.spec);
    protect(claim.metadata, "kubernetes.io/pvc-protection", context);
  },
  prepareUpdate(claim, old) {
    claim.status = old.status as Draft<PersistentVolumeClaim["status"]>;
    dropDisabledFields(claim.spec, old.spec);
    if (!old.spec.dataSource) dropOtherSource(claim.spec);
    shareDataSource(claim.spec);
  },
  validate: ({ spec }) => validateClaimSpec(spec, "spec"),
  validateUpdate: (claim, old) => [...validateClaimSpec(claim.spec, "spec"), ...validateChanges(claim, old)],
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(claim, old) {
        claim.spec = old.spec as Draft<PersistentVolumeClaim["spec"]>;
      },
      validateUpdate: ({ status }) =>
        Object.entries(status.capacity ?? {})
          .filter(([, value]) => quantityNanos(value) < 0n)
          .map(([name, value]) => invalid(`status.capacity[${name}]`, value, "must be greater than or equal to 0")),
    },
  },
};

/** The class of a claim: the old annotation first, then the field (component-helpers storage/volume). */
export function classOfClaim({ metadata, spec }: Pick<PersistentVolumeClaim, "metadata" | "spec">): string {
  return metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? "";
}

/** Of claims, and of the templates of claims that StatefulSets and Pods have. */
export function defaultClaimSpec(spec: Draft<PersistentVolumeClaimSpec>): void {
  spec.volumeMode ??= "Filesystem";
}

/**
 * Takes away what belongs to features that are off in v1.33, VolumeAttributesClass and CrossNamespaceVolumeDataSource
 * (pkg/api/persistentvolumeclaim DropDisabledFields).
 */
function dropDisabledFields(spec: Draft<PersistentVolumeClaimSpec>, old?: PersistentVolumeClaimSpec): void {
  if (old?.volumeAttributesClassName === undefined) delete spec.volumeAttributesClassName;
  if (spec.dataSourceRef?.namespace !== undefined && old?.dataSourceRef?.namespace === undefined)
    delete spec.dataSourceRef.namespace;
}

/** Garbage in the older field has always been forgotten (EnforceDataSourceBackwardsCompatibility). */
function dropOtherSource(spec: Draft<PersistentVolumeClaimSpec>): void {
  if (spec.dataSource && !spec.dataSourceRef && !localSource(spec.dataSource)) delete spec.dataSource;
}

/** `dataSource` and `dataSourceRef` say the same in two ways (pkg/api/persistentvolumeclaim NormalizeDataSources). */
function shareDataSource(spec: Draft<PersistentVolumeClaimSpec>): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSourceRef?.namespace) return;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = copyJson(dataSource);
  else if (dataSourceRef && !dataSource && localSource(dataSourceRef)) spec.dataSource = copyJson(dataSourceRef);
}

function localSource({ apiGroup, kind }: DataSource): boolean {
  return (
    (!apiGroup && kind === "PersistentVolumeClaim") ||
    (apiGroup === "snapshot.storage.k8s.io" && kind === "VolumeSnapshot")
  );
}

/** pkg/apis/core/validation ValidatePersistentVolumeClaimSpec */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string): FieldErrors {
  const { accessModes = [], selector, resources, storageClassName, volumeMode, dataSource, dataSourceRef } = spec;
  const found: FieldErrors = [];
  if (accessModes.length === 0) found.push(required(`${path}.accessModes`, "at least 1 access mode is required"));
  if (selector) found.push(...validateLabelSelector(selector, `${path}.selector`));
  found.push(...validateAccessModes(accessModes, `${path}.accessModes`));
  const storage = resources.requests?.["storage"];
  if (storage === undefined) found.push(required(`${path}.resources[storage]`));
  else if (quantityNanos(storage) <= 0n)
    found.push(invalid(`${path}.resources[storage]`, storage, "must be greater than zero"));
  if (storageClassName)
    found.push(...invalidEach(`${path}.storageClassName`, storageClassName, names.subdomain(storageClassName)));
  if (volumeMode !== undefined && !VOLUME_MODES.includes(volumeMode))
    found.push(notSupported(`${path}.volumeMode`, volumeMode, VOLUME_MODES));
  if (dataSource) found.push(...validateDataSource(dataSource, `${path}.dataSource`));
  if (dataSourceRef) found.push(...validateDataSource(dataSourceRef, `${path}.dataSourceRef`));
  if (dataSource && dataSourceRef) {
    if (dataSourceRef.namespace)
      found.push(invalid(path, `${path}.dataSource`, "may not be specified when dataSourceRef.namespace is specified"));
    else if (!sameSource(dataSource, dataSourceRef))
      found.push(invalid(path, `${path}.dataSource`, "must match dataSourceRef"));
  }
  return found;
}

function sameSource(a: DataSource, b: DataSource): boolean {
  return (a.apiGroup ?? null) === (b.apiGroup ?? null) && a.kind === b.kind && a.name === b.name;
}

function validateDataSource({ apiGroup, kind, name }: DataSource, path: string): FieldErrors {
  const found: FieldErrors = [];
  if (!name) found.push(required(`${path}.name`));
  if (!kind) found.push(required(`${path}.kind`));
  if (!apiGroup && kind !== "PersistentVolumeClaim")
    found.push(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  if (apiGroup) found.push(...invalidEach(`${path}.apiGroup`, apiGroup, names.subdomain(apiGroup)));
  return found;
}

/** What may change: the volume once, the class once, and of bound claims the size (ValidatePersistentVolumeClaimUpdate). */
function validateChanges(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldErrors {
  const found: FieldErrors = [];
  const before: Draft<PersistentVolumeClaimSpec> = copyJson(old.spec) as Draft<PersistentVolumeClaimSpec>;
  const after: Draft<PersistentVolumeClaimSpec> = copyJson(claim.spec) as Draft<PersistentVolumeClaimSpec>;
  if (!before.volumeName && after.volumeName) before.volumeName = after.volumeName;
  const [oldClass, newClass] = [old, claim].map(({ metadata }) => metadata.annotations?.[CLASS_ANNOTATION]);
  if (oldClass !== newClass)
    found.push(invalid(`metadata.annotations[${CLASS_ANNOTATION}]`, newClass ?? "", IMMUTABLE));
  if (before.storageClassName === undefined && (oldClass === undefined || oldClass === after.storageClassName))
    delete after.storageClassName;
  const [oldSize, newSize] = [old, claim].map(({ spec }) => spec.resources.requests?.["storage"]);
  if (old.status.phase === "Bound" && after.resources.requests && oldSize !== undefined)
    after.resources.requests["storage"] = oldSize;
  if (before.volumeAttributesClassName === undefined) delete after.volumeAttributesClassName;
  else after.volumeAttributesClassName = before.volumeAttributesClassName;
  if (!sameJson(before, after))
    found.push(
      forbidden(
        "spec",
        `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${structDiff("core.PersistentVolumeClaimSpec", before, after)}`,
      ),
    );
  if (
    quantityNanos(newSize) < quantityNanos(oldSize) &&
    quantityNanos(newSize) <= quantityNanos(old.status.capacity?.["storage"])
  )
    found.push(forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
  if (old.spec.volumeMode !== claim.spec.volumeMode)
    found.push(invalid("volumeMode", claim.spec.volumeMode, IMMUTABLE));
  if (old.spec.volumeAttributesClassName !== claim.spec.volumeAttributesClassName)
    found.push(
      forbidden(
        "spec.volumeAttributesClassName",
        "update is forbidden when the VolumeAttributesClass feature gate is disabled",
      ),
    );
  return found;
}
