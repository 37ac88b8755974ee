import { RE2JS, RE2JSSyntaxException } from "re2js";
import { GoError } from "../errors/go-error.ts";
import { isClusterScoped } from "./openapi.ts";
import { effectiveNamespace, idSyntax, idText, sameId, sameNamespace, type ResId } from "./resid.ts";
import { ORIGIN, textsOf, TRANSFORMATIONS, type Resource } from "./resource.ts";
import { Node } from "./yaml/node.ts";

/** Chooses resources; each member but the selectors is a regular expression for the whole (api/types/selector.go). */
export interface Selector extends ResId {
  readonly labelSelector: string;
  readonly annotationSelector: string;
}

/** The resources of a build in their order; no two have the same id (api/resmap/reswrangler.go). */
export class ResMap {
  list: Resource[] = [];

  /** Throws if one with its id is there. */
  append(resource: Resource): void {
    const { id } = resource;
    if (this.withId(id).length > 0)
      throw new GoError(`may not add resource with an already registered id: ${idText(id)}`);
    this.list.push(resource);
  }

  appendAll(resources: readonly Resource[]): void {
    for (const resource of resources) this.append(resource);
  }

  /** Those that have the id now. */
  withId(id: ResId): Resource[] {
    return this.list.filter((resource) => sameId(resource.id, id));
  }

  /** Those that have such an id or had one. */
  everMatching(matches: (id: ResId) => boolean): Resource[] {
    return this.list.filter(
      (resource) => !resource.isEmpty && [...resource.previousIds, resource.id].some((id) => matches(id)),
    );
  }

  /** The one that a patch is for. */
  theOne(id: ResId): Resource {
    const found = this.everMatching((other) => sameId(id, other));
    if (found.length === 1) return found[0]!;
    throw new GoError(
      `${found.length > 1 ? "multiple" : "no"} matches for Id ${idText(id)}; failed to find unique target for patch ${idText(id)}`,
    );
  }

  /** Takes in what a generator made: as it is, or in place of or merged into what is there. */
  absorb(resource: Resource): void {
    const { id, behavior } = resource;
    const found = this.everMatching((other) => sameId(id, other));
    if (found.length > 1)
      throw new GoError(
        `found multiple objects ${found.map(({ id: each }) => idText(each)).join(" ")} that could accept merge of ${idText(id)}`,
      );
    const old = found[0];
    if (!old) {
      if (behavior === "merge" || behavior === "replace")
        throw new GoError(`id ${idSyntax(id)} does not exist; cannot merge or replace`);
      return this.append(resource);
    }
    if (behavior !== "merge" && behavior !== "replace")
      throw new GoError(`id ${idSyntax(id)} exists; behavior must be merge or replace`);
    const at = this.list.indexOf(old);
    const origin = old.annotations[ORIGIN];
    resource.inheritMetadata(old);
    if (behavior === "merge") {
      mergeTexts(resource, old, "data");
      mergeTexts(resource, old, "binaryData");
      if (origin !== undefined) resource.setAnnotations({ ...resource.annotations, [ORIGIN]: origin });
    }
    this.list[at] = resource;
  }

  select(selector: Selector): Resource[] {
    const takes = selectorMatcher(selector);
    return this.list.filter((resource) => {
      const [now, first] = [resource.id, resource.originalId];
      if (!takes.namespace(effectiveNamespace(first)) && !takes.namespace(effectiveNamespace(now))) return false;
      if (!takes.name(first.name) && !takes.name(now.name)) return false;
      return takes.gvk(now) && resource.matches(selector.labelSelector, selector.annotationSelector);
    });
  }

  dropEmpties(): void {
    this.list = this.list.filter((resource) => !resource.isEmpty);
  }

  /** What a resource may refer to: those of its namespace and of none, and of others where a binding names them. */
  referable(referrer: Resource): Resource[] {
    const { id } = referrer;
    if (isClusterScoped(id)) return this.list;
    const named = new Set<string>();
    if (referrer.kind === "RoleBinding")
      for (const subject of referrer.node?.get("subjects")?.items ?? [])
        if (subject.textOf("kind") === "ServiceAccount" && subject.get("namespace"))
          named.add(subject.textOf("namespace"));
    return this.list.filter((other) => {
      const target = other.id;
      return isClusterScoped(target) || sameNamespace(target, id) || named.has(other.namespace);
    });
  }

  yaml(): string {
    return this.list.map((resource) => resource.yaml()).join("---\n");
  }

  removeNotes(kept: { readonly origins: boolean; readonly transformations: boolean }): void {
    for (const resource of this.list) {
      resource.removeNotes();
      const { annotations } = resource;
      if (!kept.origins) delete annotations[ORIGIN];
      if (!kept.transformations) delete annotations[TRANSFORMATIONS];
      resource.setAnnotations(annotations);
    }
  }
}

function mergeTexts(resource: Resource, old: Resource, field: string): void {
  const texts = { ...textsOf(old.node?.get(field)), ...textsOf(resource.node?.get(field)) };
  setDataMap(resource, field, texts);
}

/** A data map, sorted; none if it is empty (kyaml rnode.go SetDataMap). */
export function setDataMap(resource: Resource, field: string, texts: Readonly<Record<string, string>>): void {
  resource.node!.remove(field);
  if (Object.keys(texts).length > 0) resource.node!.set(field, Node.texts(texts));
}

export interface SelectorMatcher {
  gvk(id: ResId): boolean;
  name(name: string): boolean;
  namespace(namespace: string): boolean;
}

export function selectorMatcher(selector: Selector): SelectorMatcher {
  const [group, version, kind, name, namespace] = (["group", "version", "kind", "name", "namespace"] as const).map(
    (member) => anchored(selector[member]),
  );
  return {
    gvk: (id) => group!(id.group) && version!(id.version) && kind!(id.kind),
    name: name!,
    namespace: namespace!,
  };
}

function anchored(pattern: string): (text: string) => boolean {
  if (pattern === "") return () => true;
  if (/^[\w.-]*$/.test(pattern) && !pattern.includes(".")) return (text) => text === pattern;
  const compiled = goRegexp(`^(?:${pattern})$`);
  return (text) => compiled.matcher(text).find();
}

/** Go's regexp.Compile; throws its words. */
export function goRegexp(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) throw new GoError(error.message);
    throw error;
  }
}
