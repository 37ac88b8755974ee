import { isObject, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { GoError } from "../../errors/go-error.ts";

/** Where kinds have the pods that they make. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec"],
  Deployment: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  ReplicaSet: ["spec", "template", "spec"],
  ReplicationController: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** An object with another pod spec (kubectl pkg/polymorphichelpers UpdatePodSpecForObject). */
export function withPodSpec(object: JsonObject, change: (spec: JsonObject) => JsonObject): JsonObject {
  const kind = object["kind"] as string;
  const path = PATHS[kind];
  if (!path) {
    const version = ((object["apiVersion"] as string | undefined) ?? "").split("/").at(-1)!;
    throw new GoError(`the object is not a pod or does not have a pod template: *${version}.${kind}`);
  }
  return changed(object, path, change);
}

function changed(
  object: JsonObject,
  [name, ...rest]: readonly string[],
  change: (spec: JsonObject) => JsonObject,
): JsonObject {
  if (name === undefined) return change(object);
  const inner = object[name];
  return { ...object, [name]: changed(isObject(inner) ? inner : {}, rest, change) };
}

/** Containers with those that a pattern names changed (kubectl pkg/cmd/set/helper.go selectContainers): `*` is any text. */
export function matchesName(pattern: string, name: string): boolean {
  if (pattern === "*" || pattern === name) return true;
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

export function containersOf(spec: JsonObject, list: "containers" | "initContainers"): readonly JsonObject[] {
  return (spec[list] as JsonObject[] | undefined) ?? [];
}
