import {
  invalid, isObject, type CustomResourceSubresourceScale, type Draft, type FieldErrors, type JsonObject, type JsonValue, type Scale,
  type ViewSubresource,
} from "../../api/index.ts"; // prettier-ignore
import type { CustomResource } from "./custom-resource.ts";

const MOST = 2 ** 31 - 1;

/** The subresource `scale` of a custom resource: the fields of its definition's paths (pkg/registry/customresource/etcd.go). */
export function customScale(paths: CustomResourceSubresourceScale): ViewSubresource<CustomResource> {
  return {
    type: "view",
    verbs: ["get", "patch", "update"],
    as: { group: "autoscaling", version: "v1", kind: "Scale" },
    replicasPath: paths.specReplicasPath.replace(/^\./, "").split("."),
    read(object) {
      const value = object as unknown as JsonValue;
      const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
      const wanted = Number(at(value, paths.specReplicasPath) ?? 0);
      const current = Number(at(value, paths.statusReplicasPath) ?? 0);
      const spec: JsonObject = wanted === 0 ? {} : { replicas: wanted };
      const selector = paths.labelSelectorPath === undefined ? undefined : at(value, paths.labelSelectorPath);
      const labels: JsonObject = typeof selector === "string" && selector !== "" ? { selector } : {};
      return {
        metadata: {
          name,
          ...(namespace === undefined ? {} : { namespace }),
          uid,
          resourceVersion,
          creationTimestamp,
        },
        spec,
        status: { replicas: current, ...labels },
      };
    },
    write(draft, view) {
      set(draft, paths.specReplicasPath, (view as unknown as Scale).spec.replicas ?? 0);
    },
    validate(view) {
      const { replicas = 0 } = (view as unknown as Scale).spec;
      return replicas < 0 ? [invalid("spec.replicas", replicas, "must be greater than or equal to 0")] : [];
    },
  };
}

/** Complaints about the fields that the paths lead to (pkg/registry/customresource/validator.go). */
export function validateScaleParts(paths: CustomResourceSubresourceScale | undefined, object: JsonObject): FieldErrors {
  if (!paths) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = paths;
  return [
    ...replicaErrors(specReplicasPath, at(object, specReplicasPath)),
    ...replicaErrors(statusReplicasPath, at(object, statusReplicasPath)),
    ...(labelSelectorPath === undefined ? [] : selectorErrors(labelSelectorPath, at(object, labelSelectorPath))),
  ];
}

function replicaErrors(path: string, value: JsonValue | undefined): FieldErrors {
  if (value === undefined) return [];
  if (typeof value !== "number" || !Number.isInteger(value))
    return [invalid(path, 0, `${path} accessor error: ${described(value)}, expected int64`)];
  if (value < 0) return [invalid(path, value, "should be a non-negative integer")];
  return value > MOST ? [invalid(path, value, `should be less than or equal to ${MOST}`)] : [];
}

function selectorErrors(path: string, value: JsonValue | undefined): FieldErrors {
  if (value === undefined || typeof value === "string") return [];
  return [invalid(path, "", `${path} accessor error: ${described(value)}, expected string`)];
}

/** `‹value› is of the type ‹Go type›`, as unstructured's accessors say it. */
function described(value: JsonValue): string {
  if (value === null) return "<nil> is of the type <nil>";
  if (Array.isArray(value)) return `${JSON.stringify(value)} is of the type []interface {}`;
  if (isObject(value)) return `${JSON.stringify(value)} is of the type map[string]interface {}`;
  const type = typeof value === "number" ? (Number.isInteger(value) ? "int64" : "float64") : typeof value;
  return `${String(value)} is of the type ${type === "boolean" ? "bool" : type}`;
}

function at(object: JsonValue, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const name of path.replace(/^\./, "").split(".")) value = isObject(value) ? value[name] : undefined;
  return value;
}

function set(draft: Draft<CustomResource>, path: string, value: JsonValue): void {
  const way = path.replace(/^\./, "").split(".");
  let inner = draft as unknown as JsonObject;
  for (const name of way.slice(0, -1)) {
    if (!isObject(inner[name])) inner[name] = {};
    inner = inner[name];
  }
  inner[way.at(-1)!] = value;
}
