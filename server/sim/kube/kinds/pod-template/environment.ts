import {
  canonicalQuantity, invalid, invalidEach, names, notSupported, required,
  type EnvFromSource, type EnvVar, type FieldErrors, type FieldRef, type KeySelector, type ResourceFieldRef,
} from "../../api/index.ts"; // prettier-ignore

/** Fields of the Pod that an environment variable can take. */
const ENV_FIELDS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** Fields that a file of a volume can take. */
export const VOLUME_FIELDS = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

/** Fields that the server knows at all (ConvertDownwardAPIFieldLabel). */
const KNOWN_FIELDS = new Set([
  ...ENV_FIELDS,
  ...VOLUME_FIELDS,
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
]);

const RESOURCES = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];

export function validateEnv(variables: readonly EnvVar[], path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, variable] of variables.entries()) {
    const at = `${path}[${index}]`;
    if (!variable.name) found.push(required(`${at}.name`));
    else found.push(...invalidEach(`${at}.name`, variable.name, names.environmentName(variable.name)));
    found.push(...validateValueFrom(variable, `${at}.valueFrom`));
  }
  return found;
}

function validateValueFrom({ value, valueFrom }: EnvVar, path: string): FieldErrors {
  if (!valueFrom) return [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  const found: FieldErrors = [];
  if (fieldRef) found.push(...validateFieldRef(fieldRef, ENV_FIELDS, `${path}.fieldRef`));
  if (resourceFieldRef) found.push(...validateResourceFieldRef(resourceFieldRef, `${path}.resourceFieldRef`, false));
  if (configMapKeyRef) found.push(...validateKey(configMapKeyRef, `${path}.configMapKeyRef`));
  if (secretKeyRef) found.push(...validateKey(secretKeyRef, `${path}.secretKeyRef`));
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter(Boolean).length;
  if (sources === 0)
    found.push(
      invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"),
    );
  else if (value) found.push(invalid(path, "", "may not be specified when `value` is not empty"));
  else if (sources > 1) found.push(invalid(path, "", "may not have more than one field specified at a time"));
  return found;
}

export function validateFieldRef(
  { apiVersion, fieldPath }: FieldRef,
  allowed: readonly string[],
  path: string,
): FieldErrors {
  if (!apiVersion) return [required(`${path}.apiVersion`)];
  if (!fieldPath) return [required(`${path}.fieldPath`)];
  const subscripted = /^([^[\]]+)\['([^']*)'\]$/.exec(fieldPath);
  const field = subscripted?.[1] ?? fieldPath;
  if (!KNOWN_FIELDS.has(field))
    return [
      invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`),
    ];
  if (!subscripted) return allowed.includes(field) ? [] : [notSupported(`${path}.fieldPath`, field, allowed)];
  const key = subscripted[2]!;
  if (field === "metadata.annotations")
    return invalidEach(path, key.toLowerCase(), names.qualifiedName(key.toLowerCase()));
  if (field === "metadata.labels") return invalidEach(path, key, names.qualifiedName(key));
  return [invalid(path, field, "does not support subscript")];
}

const UNITS = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

export function validateResourceFieldRef(ref: ResourceFieldRef, path: string, volume: boolean): FieldErrors {
  const found: FieldErrors = [];
  const { resource } = ref;
  if (volume && !ref.containerName) found.push(required(`${path}.containerName`));
  else if (!resource) found.push(required(`${path}.resource`));
  else if (!RESOURCES.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource))
    found.push(notSupported(`${path}.resource`, resource, RESOURCES));
  const divisor = canonicalQuantity(ref.divisor);
  if (divisor === "0" || typeof divisor === "object") return found;
  const wrong = (units: string, what: string): void =>
    void found.push(
      invalid(`${path}.divisor`, resource, `only divisor's values ${units} are supported with the ${what} resource`),
    );
  if (resource.endsWith(".cpu")) {
    if (divisor !== "1m" && divisor !== "1") wrong("1m and 1", "cpu");
  } else if (!UNITS.includes(divisor)) {
    const what = resource.endsWith("memory")
      ? "memory"
      : resource.endsWith("storage")
        ? "local ephemeral storage"
        : "hugepages";
    wrong(UNITS.join(", "), what);
  }
  return found;
}

function validateKey({ name = "", key }: KeySelector, path: string): FieldErrors {
  const found = invalidEach(`${path}.name`, name, names.subdomain(name));
  if (!key) found.push(required(`${path}.key`));
  else found.push(...invalidEach(`${path}.key`, key, names.configKey(key)));
  return found;
}

export function validateEnvFrom(sources: readonly EnvFromSource[], path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, { prefix, configMapRef, secretRef }] of sources.entries()) {
    const at = `${path}[${index}]`;
    if (prefix) found.push(...invalidEach(`${at}.prefix`, prefix, names.environmentName(prefix)));
    for (const [kind, ref] of [
      ["configMapRef", configMapRef],
      ["secretRef", secretRef],
    ] as const) {
      if (!ref) continue;
      if (!ref.name) found.push(required(`${at}.${kind}.name`));
      else found.push(...invalidEach(`${at}.${kind}.name`, ref.name, names.forNames(names.subdomain)(ref.name, true)));
    }
    // The server forgets the index here.
    if (!configMapRef && !secretRef)
      found.push(invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"));
    else if (configMapRef && secretRef)
      found.push(invalid(path, "", "may not have more than one field specified at a time"));
  }
  return found;
}
