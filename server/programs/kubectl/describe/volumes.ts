import type { JsonObject, PersistentVolumeClaim } from "../../../sim/kube/api/index.ts";
import { writeClaimTemplate } from "./claim-template.ts";
import type { Description } from "./description.ts";

type Source = Readonly<Record<string, unknown>>;
type Rows = readonly (readonly [name: string, value: unknown])[];

interface VolumeType {
  readonly about: string;
  readonly rows: (source: Source) => Rows;
}

const orEmpty = (value: unknown): unknown => value ?? "";
const bool = (value: unknown): boolean => value === true;
const stringMap = (value: unknown): string => {
  const map = (value ?? {}) as Record<string, string>;
  return `map[${Object.keys(map)
    .sort()
    .map((key) => `${key}:${map[key]!}`)
    .join(" ")}]`;
};
const reference = (value: unknown): string => {
  const named = value as { name?: string; namespace?: string } | undefined;
  return named === undefined ? "nil" : `&LocalObjectReference{Name:${named.name ?? ""},}`;
};

/** What is said of each type of volume (kubectl pkg/describe print…VolumeSource). */
const TYPES: Readonly<Record<string, VolumeType>> = {
  hostPath: {
    about: "HostPath (bare host directory volume)",
    rows: ({ path, type }) => [
      ["Path", orEmpty(path)],
      ["HostPathType", type ?? "<none>"],
    ],
  },
  emptyDir: {
    about: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    rows: ({ medium, sizeLimit }) => [
      ["Medium", orEmpty(medium)],
      ["SizeLimit", sizeLimit !== undefined && sizeLimit !== "0" ? sizeLimit : "<unset>"],
    ],
  },
  secret: {
    about: "Secret (a volume populated by a Secret)",
    rows: ({ secretName, optional }) => [
      ["SecretName", orEmpty(secretName)],
      ["Optional", bool(optional)],
    ],
  },
  configMap: {
    about: "ConfigMap (a volume populated by a ConfigMap)",
    rows: ({ name, optional }) => [
      ["Name", orEmpty(name)],
      ["Optional", bool(optional)],
    ],
  },
  nfs: {
    about: "NFS (an NFS mount that lasts the lifetime of a pod)",
    rows: ({ server, path, readOnly }) => [
      ["Server", orEmpty(server)],
      ["Path", orEmpty(path)],
      ["ReadOnly", bool(readOnly)],
    ],
  },
  iscsi: {
    about: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    rows: (s) => [
      ["TargetPortal", orEmpty(s["targetPortal"])],
      ["IQN", orEmpty(s["iqn"])],
      ["Lun", s["lun"] ?? 0],
      ["ISCSIInterface", orEmpty(s["iscsiInterface"])],
      ["FSType", orEmpty(s["fsType"])],
      ["ReadOnly", bool(s["readOnly"])],
      ["Portals", `[${((s["portals"] ?? []) as string[]).join(" ")}]`],
      ["DiscoveryCHAPAuth", bool(s["chapAuthDiscovery"])],
      ["SessionCHAPAuth", bool(s["chapAuthSession"])],
      ["SecretRef", reference(s["secretRef"])],
      ["InitiatorName", s["initiatorName"] ?? "<none>"],
    ],
  },
  persistentVolumeClaim: {
    about: "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
    rows: ({ claimName, readOnly }) => [
      ["ClaimName", orEmpty(claimName)],
      ["ReadOnly", bool(readOnly)],
    ],
  },
  local: {
    about: "LocalVolume (a persistent volume backed by local storage on a node)",
    rows: ({ path }) => [["Path", orEmpty(path)]],
  },
  gitRepo: {
    about: "GitRepo (a volume that is pulled from git when the pod is created)",
    rows: ({ repository, revision }) => [
      ["Repository", orEmpty(repository)],
      ["Revision", orEmpty(revision)],
    ],
  },
  csi: {
    about: "CSI (a Container Storage Interface (CSI) volume source)",
    rows: (s) => [
      ["Driver", orEmpty(s["driver"])],
      ["FSType", orEmpty(s["fsType"])],
      ...(s["volumeHandle"] === undefined ? [] : ([["VolumeHandle", s["volumeHandle"]]] as const)),
      ["ReadOnly", bool(s["readOnly"])],
    ],
  },
  flexVolume: {
    about: "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
    rows: (s) => [
      ["Driver", orEmpty(s["driver"])],
      ["FSType", orEmpty(s["fsType"])],
      ["SecretRef", reference(s["secretRef"])],
      ["ReadOnly", bool(s["readOnly"])],
      ["Options", stringMap(s["options"])],
    ],
  },
  image: {
    about: "Image (a container image or OCI artifact)",
    rows: ({ reference: image, pullPolicy }) => [
      ["Reference", orEmpty(image)],
      ["PullPolicy", orEmpty(pullPolicy)],
    ],
  },
};

/** The volumes of a pod or of a pod template. */
export function writeVolumes(out: Description, volumes: readonly JsonObject[] | undefined, space: string): void {
  if (!volumes || volumes.length === 0) return out.line(0, `${space}Volumes:\t<none>`);
  out.line(0, `${space}Volumes:`);
  for (const volume of volumes) {
    out.line(1, `${space === "" ? "" : " "}${volume["name"] as string}:`);
    writeVolumeSource(out, volume);
  }
}

/** The one source that a volume has. */
export function writeVolumeSource(out: Description, volume: JsonObject): void {
  const { projected, downwardAPI, ephemeral } = volume as Record<string, Source | undefined>;
  if (projected) return writeProjected(out, projected);
  if (downwardAPI) return writeDownwardApi(out, downwardAPI);
  if (ephemeral) return writeEphemeral(out, ephemeral);
  const type = Object.keys(TYPES).find((name) => volume[name] !== undefined);
  if (!type) return out.line(1, "<unknown>");
  const { about, rows } = TYPES[type]!;
  const source = volume[type] as Source;
  out.line(2, `Type:\t${about}`);
  for (const [name, value] of rows(source)) out.line(2, `${name}:\t${String(value)}`);
  if (type === "csi") writeAttributes(out, source["volumeAttributes"] as Record<string, string> | undefined);
}

function writeEphemeral(out: Description, { volumeClaimTemplate: template }: Source): void {
  out.line(
    2,
    "Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
  );
  if (template)
    out.nested(2, () => writeClaimTemplate(out, template as Pick<PersistentVolumeClaim, "metadata" | "spec">));
}

function writeAttributes(out: Description, attributes: Readonly<Record<string, string>> | undefined): void {
  const keys = Object.keys(attributes ?? {}).sort();
  out.write(2, "VolumeAttributes:\t");
  if (keys.length === 0) return out.line(0, "<none>");
  keys.forEach((key, at) => {
    if (at > 0) {
      out.write(2, "");
      out.write(2, "\t");
    }
    out.line(2, `${key}=${attributes![key]!}`);
  });
}

interface Projection {
  readonly secret?: { readonly name?: string; readonly optional?: boolean };
  readonly configMap?: { readonly name?: string; readonly optional?: boolean };
  readonly downwardAPI?: unknown;
  readonly serviceAccountToken?: { readonly expirationSeconds?: number };
}

function writeProjected(out: Description, { sources = [] }: Source): void {
  out.line(2, "Type:\tProjected (a volume that contains injected data from multiple sources)");
  for (const { secret, configMap, downwardAPI, serviceAccountToken } of sources as readonly Projection[]) {
    if (secret) {
      out.line(2, `SecretName:\t${secret.name ?? ""}`);
      out.line(2, `Optional:\t${String(secret.optional === true)}`);
    } else if (downwardAPI) out.line(2, "DownwardAPI:\ttrue");
    else if (configMap) {
      out.line(2, `ConfigMapName:\t${configMap.name ?? ""}`);
      out.line(2, `Optional:\t${String(configMap.optional === true)}`);
    } else if (serviceAccountToken)
      out.line(2, `TokenExpirationSeconds:\t${serviceAccountToken.expirationSeconds ?? 3600}`);
  }
}

function writeDownwardApi(out: Description, { items = [] }: Source): void {
  out.line(2, "Type:\tDownwardAPI (a volume populated by information about the pod)\n    Items:");
  for (const { fieldRef, resourceFieldRef, path } of items as readonly {
    fieldRef?: { fieldPath: string };
    resourceFieldRef?: { resource: string };
    path: string;
  }[]) {
    if (fieldRef) out.line(3, `${fieldRef.fieldPath} -> ${path}`);
    if (resourceFieldRef) out.line(3, `${resourceFieldRef.resource} -> ${path}`);
  }
}
