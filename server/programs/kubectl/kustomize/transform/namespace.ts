import { GoError } from "../../errors/go-error.ts";
import { encodeJson } from "../../output/index.ts";
import { editField, editFields, type FieldSpec } from "../field-spec.ts";
import { isClusterScoped } from "../openapi.ts";
import type { ResMap } from "../resmap.ts";
import type { Resource } from "../resource.ts";
import { Node } from "../yaml/node.ts";

export interface NamespaceChange {
  readonly namespace: string;
  readonly specs: readonly FieldSpec[];
  /** Leaves what is set. */
  readonly unsetOnly?: boolean;
  /** Which subjects of role bindings get it. */
  readonly subjects?: string;
}

const METADATA: FieldSpec = { group: "", version: "", kind: "", path: "metadata/namespace", create: true };

/** Moves what lies in a namespace to another (NamespaceTransformer, api/filters/namespace). */
export function setNamespace(map: ResMap, change: NamespaceChange): void {
  if (change.namespace === "") return;
  for (const resource of map.list) {
    if (resource.isEmpty) continue;
    resource.storePreviousId();
    move(resource, change);
    if (map.withId(resource.id).length !== 1)
      throw new GoError(
        `namespace transformation produces ID conflict: [${map.withId(resource.id).map(inWords).join(" ")}]`,
      );
  }
}

/** A resource as Go prints it with `%+v`. */
function inWords(resource: Resource): string {
  return encodeJson(resource.json());
}

function move(resource: Resource, { namespace, specs, unsetOnly = false, subjects = "" }: NamespaceChange): void {
  const set = (node: Node): void => {
    if (unsetOnly && node.value !== "") return;
    if (node.kind !== "scalar") throw notScalar(node);
    node.take(Node.text(namespace));
  };
  const edit = { set, create: () => Node.text("") };
  const binds = resource.kind === "RoleBinding" || resource.kind === "ClusterRoleBinding";
  if (!isClusterScoped(resource.gvk)) editField(resource, METADATA, edit);
  if (binds) moveSubjects(resource, subjects, set);
  const others = specs.filter(
    ({ path, kind }) =>
      path !== METADATA.path && !(binds && path === "subjects/namespace" && /^(Cluster)?RoleBinding$/.test(kind)),
  );
  try {
    editFields(resource, others, edit);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const words = error.message.includes("wrong node kind") ? "namespace field specs must target scalar nodes" : "namespace transformation failed"; // prettier-ignore
    throw new GoError(`${words}: ${error.message}`);
  }
}

function notScalar({ kind }: Node): GoError {
  return new GoError(`wrong node kind: expected ScalarNode but got ${kind === "map" ? "MappingNode" : "SequenceNode"}`);
}

/** Throws if there is no such choice of subjects. */
export function checkSubjects(mode: string): void {
  if (!["", "none", "defaultOnly", "allServiceAccounts"].includes(mode))
    throw new GoError(
      `invalid value ${JSON.stringify(mode)} for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"`,
    );
}

function moveSubjects(resource: Resource, mode: string, set: (node: Node) => void): void {
  if (mode === "none") return;
  for (const subject of resource.node?.get("subjects")?.items ?? []) {
    const chosen =
      mode === "allServiceAccounts"
        ? subject.textOf("kind") === "ServiceAccount"
        : subject.textOf("name") === "default";
    if (!chosen) continue;
    if (!subject.get("namespace")) subject.entries.push({ key: "namespace", node: Node.scalar("") });
    set(subject.get("namespace")!);
  }
}
