import { createHash } from "node:crypto";
import { apiVersion, type AnyKind } from "./kind.ts";
import type { Registry } from "./registry.ts";

/**
 * /openapi/v3: which paths take which parameters. Clients read from it that the server validates fields itself. Schemas are
 * not served yet, so `kubectl explain` has nothing to explain.
 */
export function openApi(registry: Registry, path: string): unknown {
  if (path === "/openapi/v3") {
    const paths = groupVersions(registry).map(({ prefix, kinds }) => [
      prefix,
      { serverRelativeURL: `/openapi/v3/${prefix}?hash=${hash(kinds)}` },
    ]);
    return { paths: Object.fromEntries(paths) as Record<string, unknown> };
  }
  const found = groupVersions(registry).find(({ prefix }) => path === `/openapi/v3/${prefix}`);
  if (!found) return undefined;
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.33.1" },
    paths: Object.fromEntries(found.kinds.map((kind) => [resourcePath(found.prefix, kind), operations(kind)])),
    components: { schemas: {} },
  };
}

interface GroupVersion {
  /** `api/v1`, `apis/apps/v1` */
  readonly prefix: string;
  readonly kinds: readonly AnyKind[];
}

function groupVersions({ kinds }: Registry): GroupVersion[] {
  const groups = Map.groupBy(kinds, (kind) => `${kind.group === "" ? "api" : "apis"}/${apiVersion(kind)}`);
  return [...groups].map(([prefix, members]) => ({ prefix, kinds: members }));
}

function resourcePath(prefix: string, { namespaced, plural }: AnyKind): string {
  return `/${prefix}/${namespaced ? "namespaces/{namespace}/" : ""}${plural}/{name}`;
}

function operations({ group, version, kind }: AnyKind): unknown {
  const validation = { name: "fieldValidation", in: "query", schema: { type: "string", uniqueItems: true } };
  const dryRun = { name: "dryRun", in: "query", schema: { type: "string", uniqueItems: true } };
  return {
    patch: {
      "x-kubernetes-group-version-kind": { group, version, kind },
      parameters: [dryRun, validation],
    },
  };
}

function hash(kinds: readonly AnyKind[]): string {
  return createHash("sha512")
    .update(kinds.map(({ kind }) => kind).join())
    .digest("hex")
    .toUpperCase();
}
