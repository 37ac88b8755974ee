import {
  age, AGE, forbidden, IMMUTABLE, invalid, NAME, names, notSupported, required, sameJson, tooLong,
  type Column, type FieldErrors, type Kind, type StorageClass,
} from "../../api/index.ts"; // prettier-ignore

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Provisioner" },
  { name: "ReclaimPolicy" },
  { name: "VolumeBindingMode" },
  { name: "AllowVolumeExpansion" },
  AGE,
];

const BINDING_MODES = ["Immediate", "WaitForFirstConsumer"];
const RECLAIM_POLICIES = ["Delete", "Retain"];
const MOST_PARAMETERS = 512;
const MOST_BYTES = 256 * 1024;

export const storageClasses: Kind<StorageClass> = {
  group: "storage.k8s.io",
  version: "v1",
  kind: "StorageClass",
  plural: "storageclasses",
  singular: "storageclass",
  shortNames: ["sc"],
  namespaced: false,
  columns: COLUMNS,
  cells: (storageClass, now) => {
    const { metadata, provisioner, reclaimPolicy = "Delete", volumeBindingMode = "Immediate" } = storageClass;
    return [
      isDefaultClass(storageClass) ? `${metadata.name} (default)` : metadata.name,
      provisioner,
      reclaimPolicy,
      volumeBindingMode,
      storageClass.allowVolumeExpansion ?? false,
      age(metadata.creationTimestamp, now),
    ];
  },
  nameRule: names.forNames(names.subdomain),
  defaults(storageClass) {
    storageClass.reclaimPolicy ??= "Delete";
    storageClass.volumeBindingMode ??= "Immediate";
  },
  validate: validateClass,
  validateUpdate: (next, old) => [...validateClass(next), ...validateChanges(next, old)],
};

export function isDefaultClass({ metadata }: StorageClass): boolean {
  return ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"].some(
    (annotation) => metadata.annotations?.[annotation] === "true",
  );
}

/** pkg/apis/storage/validation ValidateStorageClass */
function validateClass(storageClass: StorageClass): FieldErrors {
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies = [] } = storageClass;
  const found: FieldErrors = [];
  if (provisioner === "") found.push(required("provisioner", provisioner));
  else
    for (const message of names.qualifiedName(provisioner.toLowerCase()))
      found.push(invalid("provisioner", provisioner, message));
  found.push(...validateParameters(parameters ?? {}));
  if (reclaimPolicy && !RECLAIM_POLICIES.includes(reclaimPolicy))
    found.push(notSupported("reclaimPolicy", reclaimPolicy, RECLAIM_POLICIES));
  if (!volumeBindingMode) found.push(required("volumeBindingMode"));
  else if (!BINDING_MODES.includes(volumeBindingMode))
    found.push(notSupported("volumeBindingMode", volumeBindingMode, BINDING_MODES));
  for (const [index, { matchLabelExpressions = [] }] of allowedTopologies.entries())
    for (const [at, { key, values }] of matchLabelExpressions.entries()) {
      const path = `allowedTopologies[${index}].matchLabelExpressions[${at}]`;
      // A list that was not given is null.
      if (!values?.length) found.push(required(`${path}.values`));
      for (const message of names.qualifiedName(key)) found.push(invalid(`${path}.key`, key, message));
    }
  return found;
}

function validateParameters(parameters: Readonly<Record<string, string>>): FieldErrors {
  const entries = Object.entries(parameters);
  if (entries.length > MOST_PARAMETERS) return [tooLong("Provisioner Parameters", MOST_PARAMETERS)];
  const found: FieldErrors = [];
  let bytes = 0;
  for (const [key, value] of entries) {
    if (key === "") found.push(invalid("parameters", key, "field can not be empty."));
    bytes += key.length + value.length;
  }
  if (bytes > MOST_BYTES) found.push(tooLong("parameters", MOST_BYTES));
  return found;
}

function validateChanges(next: StorageClass, old: StorageClass): FieldErrors {
  const found: FieldErrors = [];
  if (!sameJson(next.parameters ?? {}, old.parameters ?? {}))
    found.push(forbidden("parameters", "updates to parameters are forbidden."));
  if (next.provisioner !== old.provisioner)
    found.push(forbidden("provisioner", "updates to provisioner are forbidden."));
  if (next.reclaimPolicy !== old.reclaimPolicy)
    found.push(forbidden("reclaimPolicy", "updates to reclaimPolicy are forbidden."));
  if (next.volumeBindingMode !== old.volumeBindingMode)
    found.push(invalid("volumeBindingMode", next.volumeBindingMode, IMMUTABLE));
  return found;
}
