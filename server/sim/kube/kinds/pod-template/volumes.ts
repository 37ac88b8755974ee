import {
  duplicate,
  forbidden,
  invalid,
  invalidEach,
  names,
  notFound,
  notSupported,
  required,
  type Container,
  type DownwardFile,
  type FieldErrors,
  type KeyToPath,
  type Volume,
  type VolumeMount,
} from "../../api/index.ts";
import { validateFieldRef, validateResourceFieldRef, VOLUME_FIELDS } from "./environment.ts";

const MODE_MESSAGE = "must be a number between 0 and 0777 (octal), both inclusive";
const PROPAGATIONS = ["Bidirectional", "HostToContainer", "None"];
const HOST_PATH_TYPES = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

/** Volumes of a Pod, and the names of those without fault, which containers may mount. */
export function validateVolumes(
  volumes: readonly Volume[],
  path: string,
): { readonly found: FieldErrors; readonly sound: ReadonlySet<string> } {
  const found: FieldErrors = [];
  const seen = new Set<string>();
  for (const [index, volume] of volumes.entries()) {
    const at = `${path}[${index}]`;
    const own = [...validateSource(volume, at), ...validateVolumeName(volume.name, `${at}.name`)];
    if (volume.name && seen.has(volume.name)) own.push(duplicate(`${at}.name`, volume.name));
    if (own.length === 0) seen.add(volume.name);
    found.push(...own);
  }
  return { found, sound: seen };
}

function validateVolumeName(name: string, path: string): FieldErrors {
  return name ? invalidEach(path, name, names.label(name)) : [required(path)];
}

type Check = (at: string) => FieldErrors;

/** The sources in the order in which the server looks at them. */
function validateSource(volume: Volume, path: string): FieldErrors {
  const { name: _, ...sources } = volume;
  const checks: Partial<Record<string, Check>> = {
    emptyDir: () => [],
    hostPath: (at) => validateHostPath(volume.hostPath!, at),
    secret: (at) => validateSecret(volume.secret!, at),
    persistentVolumeClaim: (at) => (volume.persistentVolumeClaim!.claimName ? [] : [required(`${at}.claimName`)]),
    configMap: (at) => validateConfigMap(volume.configMap!, at),
    downwardAPI: (at) => [
      ...validateMode(volume.downwardAPI!.defaultMode, `${at}.defaultMode`),
      ...validateDownward(volume.downwardAPI!.items ?? [], at),
    ],
    projected: (at) => validateProjected(volume.projected!, at),
  };
  const found: FieldErrors = [];
  let first = true;
  const given = Object.keys(sources);
  const ordered = [...Object.keys(checks), ...given].filter(
    (source, at, all) => given.includes(source) && all.indexOf(source) === at,
  );
  for (const source of ordered) {
    const at = `${path}.${source}`;
    if (!first) found.push(forbidden(at, "may not specify more than 1 volume type"));
    else found.push(...(checks[source]?.(at) ?? []));
    first = false;
  }
  if (first) found.push(required(path, "must specify a volume type"));
  return found;
}

export function validateHostPath({ path: target, type }: NonNullable<Volume["hostPath"]>, path: string): FieldErrors {
  if (!target) return [required(`${path}.path`)];
  const found = validateNoBacksteps(target, `${path}.path`);
  if (type !== undefined && !HOST_PATH_TYPES.includes(type))
    found.push(notSupported(`${path}.type`, type, HOST_PATH_TYPES));
  return found;
}

function validateSecret(
  { secretName, defaultMode, items = [] }: NonNullable<Volume["secret"]>,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  if (!secretName) found.push(required(`${path}.secretName`));
  found.push(...validateMode(defaultMode, `${path}.defaultMode`), ...validateItems(items, path));
  return found;
}

function validateConfigMap(
  { name, defaultMode, items = [] }: NonNullable<Volume["configMap"]>,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  if (!name) found.push(required(`${path}.name`));
  found.push(...validateMode(defaultMode, `${path}.defaultMode`), ...validateItems(items, path));
  return found;
}

function validateProjected({ sources, defaultMode }: NonNullable<Volume["projected"]>, path: string): FieldErrors {
  const found = validateMode(defaultMode, `${path}.defaultMode`);
  for (const [index, { secret, configMap, downwardAPI, serviceAccountToken }] of (sources ?? []).entries()) {
    const at = `${path}.sources[${index}]`;
    if (secret) {
      if (!secret.name) found.push(required(`${at}.secret.name`));
      found.push(...validateItems(secret.items ?? [], `${at}.secret`));
    }
    if (configMap) {
      if (!configMap.name) found.push(required(`${at}.configMap.name`));
      found.push(...validateItems(configMap.items ?? [], `${at}.configMap`));
    }
    if (downwardAPI) found.push(...validateDownward(downwardAPI.items ?? [], `${at}.downwardAPI`));
    if (!serviceAccountToken) continue;
    const { expirationSeconds = 0, path: target } = serviceAccountToken;
    if (expirationSeconds < 600)
      found.push(
        invalid(
          `${at}.serviceAccountToken.expirationSeconds`,
          expirationSeconds,
          "may not specify a duration less than 10 minutes",
        ),
      );
    if (!target) found.push(required(`${at}.serviceAccountToken.path`));
    else found.push(...validateLocalPath(target, `${at}.serviceAccountToken.path`));
  }
  return found;
}

function validateMode(mode: number | undefined, path: string): FieldErrors {
  return mode !== undefined && (mode < 0 || mode > 0o777) ? [invalid(path, mode, MODE_MESSAGE)] : [];
}

function validateItems(items: readonly KeyToPath[], path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, { key, path: target, mode }] of items.entries()) {
    const at = `${path}.items[${index}]`;
    if (!key) found.push(required(`${at}.key`));
    if (!target) found.push(required(`${at}.path`));
    else found.push(...validateLocalPath(target, `${at}.path`));
    found.push(...validateMode(mode, `${at}.mode`));
  }
  return found;
}

function validateDownward(files: readonly DownwardFile[], path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const { path: target, fieldRef, resourceFieldRef, mode } of files) {
    if (!target) found.push(required(`${path}.path`));
    else found.push(...validateLocalPath(target, `${path}.path`));
    if (fieldRef) {
      found.push(...validateFieldRef(fieldRef, VOLUME_FIELDS, `${path}.fieldRef`));
      if (resourceFieldRef)
        found.push(invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
    } else if (resourceFieldRef)
      found.push(...validateResourceFieldRef(resourceFieldRef, `${path}.resourceFieldRef`, true));
    else found.push(required(path, "one of fieldRef and resourceFieldRef is required"));
    found.push(...validateMode(mode, `${path}.mode`));
  }
  return found;
}

/** A path inside a volume: relative, and never up. */
export function validateLocalPath(target: string, path: string): FieldErrors {
  const found = target.startsWith("/") ? [invalid(path, target, "must be a relative path")] : [];
  return [...found, ...validateNoBacksteps(target, path)];
}

export function validateNoBacksteps(target: string, path: string): FieldErrors {
  return target.split("/").includes("..") ? [invalid(path, target, "must not contain '..'")] : [];
}

/** What a container mounts must be there. Paths of subPath lack the index, as the server's do. */
export function validateMounts(
  { volumeMounts = [], securityContext }: Container,
  volumes: ReadonlySet<string>,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  const points = new Set<string>();
  for (const [index, mount] of volumeMounts.entries()) {
    const at = `${path}[${index}]`;
    if (!mount.name) found.push(required(`${at}.name`));
    if (!volumes.has(mount.name)) found.push(notFound(`${at}.name`, mount.name));
    if (!mount.mountPath) found.push(required(`${at}.mountPath`));
    if (points.has(mount.mountPath)) found.push(invalid(`${at}.mountPath`, mount.mountPath, "must be unique"));
    points.add(mount.mountPath);
    found.push(...validatePropagation(mount, securityContext?.privileged ?? false, at));
    if (mount.subPath) found.push(...validateLocalPath(mount.subPath, `${path}.subPath`));
    if (mount.subPathExpr) {
      if (mount.subPath)
        found.push(invalid(`${at}.subPathExpr`, mount.subPathExpr, "subPathExpr and subPath are mutually exclusive"));
      found.push(...validateLocalPath(mount.subPathExpr, `${path}.subPathExpr`));
    }
  }
  return found;
}

/** validateMountPropagation and validateMountRecursiveReadOnly */
function validatePropagation(
  { mountPropagation, recursiveReadOnly, readOnly }: VolumeMount,
  privileged: boolean,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  const at = `${path}.mountPropagation`;
  if (mountPropagation !== undefined && !PROPAGATIONS.includes(mountPropagation))
    found.push(notSupported(at, mountPropagation, PROPAGATIONS));
  if (mountPropagation === "Bidirectional" && !privileged)
    found.push(forbidden(at, "Bidirectional mount propagation is available only to privileged containers"));
  if (recursiveReadOnly === undefined || recursiveReadOnly === "Disabled") return found;
  const recursive = `${path}.recursiveReadOnly`;
  if (!["Enabled", "IfPossible"].includes(recursiveReadOnly))
    return [...found, notSupported(recursive, recursiveReadOnly, ["Disabled", "Enabled", "IfPossible"])];
  if (!readOnly) found.push(forbidden(recursive, "may only be specified when readOnly is true"));
  if (mountPropagation !== undefined && mountPropagation !== "None")
    found.push(forbidden(recursive, "may only be specified when mountPropagation is None or not specified"));
  return found;
}
