import { createHash } from "node:crypto";
import type { RemoteVersion } from "./aggregation.ts";
import { ALL_VERBS, apiVersion, type AnyKind, type GroupVersionKind } from "./kind.ts";
import { clauses } from "./negotiate.ts";
import type { Registry } from "./registry.ts";
import type { ApiSettings } from "./settings.ts";

/** What the server says about itself under /api and /apis, in the aggregated and in the old form. */
export interface Document {
  readonly object: unknown;
  readonly mediaType: string;
}

export function discover(
  registry: Registry,
  settings: ApiSettings,
  path: string,
  accept: string,
  remote: readonly RemoteVersion[] = [],
): Document | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  const root = parts[0];
  if (root !== "api" && root !== "apis") return undefined;
  if (parts.length === 1) {
    const version = aggregatedVersion(accept);
    if (version) return { object: aggregated(registry, root, version, remote), mediaType: aggregatedType(version) };
    return plain(root === "api" ? coreVersions(settings) : groupList(registry, remote));
  }
  if (root === "api") return parts.length === 2 ? resources(registry, "", parts[1]!) : undefined;
  if (parts.length === 3) return resources(registry, parts[1]!, parts[2]!);
  const groups = [...registry.groups, ...remoteGroups(remote)];
  const group = groups.find(({ name }) => name !== "" && name === parts[1]);
  return parts.length === 2 && group ? plain({ kind: "APIGroup", apiVersion: "v1", ...groupFields(group) }) : undefined;
}

function plain(object: unknown): Document {
  return { object, mediaType: "application/json" };
}

// The aggregated form (apidiscovery.k8s.io), by which kubectl learns everything in two requests

type Aggregated = "v2" | "v2beta1";

/** The first version of the aggregated form that the client takes, if it comes before plain JSON. */
function aggregatedVersion(accept: string): Aggregated | undefined {
  for (const { type, parameters } of clauses(accept)) {
    if (type !== "application/json" && type !== "*/*") continue;
    if (parameters["as"] === undefined) return undefined;
    const { as, g: group, v: version } = parameters;
    if (
      as === "APIGroupDiscoveryList" &&
      group === "apidiscovery.k8s.io" &&
      (version === "v2" || version === "v2beta1")
    )
      return version;
  }
  return undefined;
}

/** Clients compare it as text. */
function aggregatedType(version: Aggregated): string {
  return `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
}

function aggregated(
  registry: Registry,
  root: "api" | "apis",
  version: Aggregated,
  remote: readonly RemoteVersion[],
): unknown {
  const groups = registry.groups.filter(({ name }) => (name === "") === (root === "api"));
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: [
      ...groups.map(({ name, versions }) => ({
        metadata: { ...(name === "" ? {} : { name }), creationTimestamp: null },
        versions: versions.map((one) => ({
          version: one,
          resources: byName(registry.in(name, one)).map(resourceDiscovery),
          freshness: "Current",
        })),
      })),
      ...(root === "api" ? [] : remoteDiscovery(remote)),
    ],
  };
}

/** Groups of other servers; what cannot be asked now is `Stale`. */
function remoteDiscovery(remote: readonly RemoteVersion[]): unknown[] {
  return [...Map.groupBy(remote, ({ group }) => group)].map(([name, versions]) => ({
    metadata: { name, creationTimestamp: null },
    versions: versions.map(({ group, version, resources }) => ({
      version,
      ...(resources
        ? {
            resources: resources
              .filter((resource) => !resource.name.includes("/"))
              .map(({ name: plural, kind, namespaced, singularName, verbs, shortNames }) => ({
                resource: plural,
                responseKind: { group, version, kind },
                scope: namespaced ? "Namespaced" : "Cluster",
                singularResource: singularName,
                verbs,
                ...(shortNames ? { shortNames } : {}),
              })),
          }
        : {}),
      freshness: resources ? "Current" : "Stale",
    })),
  }));
}

function remoteGroups(remote: readonly RemoteVersion[]): Registry["groups"] {
  const served = remote.filter(({ resources }) => resources);
  return [...Map.groupBy(served, ({ group }) => group)].map(([name, versions]) => ({
    name,
    versions: versions.map(({ version }) => version),
  }));
}

function resourceDiscovery(kind: AnyKind): unknown {
  const subresources = Object.entries(kind.subresources ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    resource: kind.plural,
    responseKind: responseKind(kind, kind),
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: kind.verbs ?? ALL_VERBS,
    ...(kind.shortNames ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories ? { categories: kind.categories } : {}),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map(([subresource, part]) => ({
            subresource,
            responseKind: responseKind("as" in part ? part.as : kind, kind),
            verbs: part.verbs,
          })),
        }),
  };
}

/** Group and version are left empty where they are those of the list. */
function responseKind(as: GroupVersionKind, of: GroupVersionKind): GroupVersionKind {
  return as.group === of.group && as.version === of.version
    ? { group: "", version: "", kind: as.kind }
    : { group: as.group, version: as.version, kind: as.kind };
}

function byName(kinds: readonly AnyKind[]): readonly AnyKind[] {
  return [...kinds].sort((a, b) => (a.plural < b.plural ? -1 : 1));
}

// The old form

function coreVersions({ advertise }: ApiSettings): unknown {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: advertise }],
  };
}

function groupList(registry: Registry, remote: readonly RemoteVersion[]): unknown {
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: [...registry.groups, ...remoteGroups(remote)].filter(({ name }) => name !== "").map(groupFields),
  };
}

function groupFields({ name, versions }: Registry["groups"][number]): object {
  const listed = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: listed, preferredVersion: listed[0] };
}

function resources(registry: Registry, group: string, version: string): Document | undefined {
  const kinds = registry.in(group, version);
  if (kinds.length === 0) return undefined;
  return plain({
    kind: "APIResourceList",
    ...(group === "" ? {} : { apiVersion: "v1" }),
    groupVersion: apiVersion({ group, version }),
    resources: byName(kinds).flatMap((kind) => [
      {
        name: kind.plural,
        singularName: kind.singular,
        namespaced: kind.namespaced,
        kind: kind.kind,
        verbs: kind.verbs ?? ALL_VERBS,
        ...(kind.shortNames ? { shortNames: kind.shortNames } : {}),
        ...(kind.categories ? { categories: kind.categories } : {}),
        storageVersionHash: storageVersionHash(registry.stored(kind)),
      },
      ...Object.entries(kind.subresources ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, part]) => ({
          name: `${kind.plural}/${name}`,
          singularName: "",
          namespaced: kind.namespaced,
          ...("as" in part && (part.as.group !== kind.group || part.as.version !== kind.version)
            ? { group: part.as.group, version: part.as.version }
            : {}),
          kind: "as" in part ? part.as.kind : kind.kind,
          verbs: part.verbs,
        })),
    ]),
  });
}

/** As apiserver/pkg/endpoints/discovery StorageVersionHash: `xPOwRZ+Yhw8=` for Pods. */
export function storageVersionHash({ group, version, kind }: GroupVersionKind): string {
  return createHash("sha256").update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString("base64");
}
