import { GoError } from "../../errors/go-error.ts";
import { editField, type FieldSpec } from "../field-spec.ts";
import { isClusterScoped } from "../openapi.ts";
import type { ResMap } from "../resmap.ts";
import { effectiveNamespace, idText, isSelected, sameNamespace, type Gvk } from "../resid.ts";
import { NOTE, type Resource } from "../resource.ts";
import { Node } from "../yaml/node.ts";

/** A kind, and where others name it. */
export interface NameReference extends Gvk {
  readonly fieldSpecs: readonly FieldSpec[];
}

/** Writes the new names of resources wherever others refer to them (nameReferenceTransformer, api/filters/nameref). */
export function fixReferences(map: ResMap, references: readonly NameReference[]): void {
  for (const referrer of map.list) {
    const id = referrer.originalId;
    let candidates: Resource[] | undefined;
    for (const target of references)
      for (const spec of target.fieldSpecs) {
        if (!isSelected(id, spec)) continue;
        candidates ??= map.referable(referrer);
        new Fixer(referrer, candidates, target, spec).run();
      }
  }
}

class Fixer {
  readonly #referrer: Resource;
  readonly #candidates: readonly Resource[];
  readonly #target: Gvk;
  readonly #spec: FieldSpec;

  constructor(referrer: Resource, candidates: readonly Resource[], target: Gvk, spec: FieldSpec) {
    this.#referrer = referrer;
    this.#candidates = candidates;
    this.#target = target;
    this.#spec = spec;
  }

  run(): void {
    const { path } = this.#spec;
    // The kind may have changed since; the spec was chosen by what it was.
    const spec = { ...this.#spec, ...this.#referrer.gvk };
    try {
      editField(this.#referrer, spec, { set: (node) => this.#set(node) });
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      throw new GoError(
        `updating name reference in '${path}' field of '${idText(this.#referrer.id)}': ${error.message}`,
      );
    }
  }

  #set(node: Node): void {
    if (node.isNull) return;
    if (node.kind === "scalar") return this.#setScalar(node);
    if (node.kind === "map") return this.#setMap(node);
    for (const item of node.items) {
      if (item.kind === "scalar") this.#setScalar(item);
      else if (item.kind === "map") this.#setMap(item);
      else throw new GoError("applyFilterToSeq: node must be a scalar or map");
    }
  }

  #setScalar(node: Node): void {
    const found = this.#find(node.value, this.#candidates, (a, b) => a.name === b.name);
    if (!found) return;
    found.addNote(NOTE.refBy, idText(this.#referrer.id));
    if (found.name !== node.value) node.take(Node.scalar(found.name));
  }

  #setMap(map: Node): void {
    const name = map.get("name");
    if (!name) throw new GoError("path config error; no 'name' field in node");
    const same = (a: Resource, b: Resource): boolean => a.name === b.name && a.namespace === b.namespace;
    const found = this.#find(name.value, this.#inNamespace(map.get("namespace")), same);
    if (!found) return;
    found.addNote(NOTE.refBy, idText(this.#referrer.id));
    const { namespace } = found;
    if (found.name === name.value && namespace === "") return;
    map.set("name", Node.scalar(found.name));
    if (namespace !== "") map.set("namespace", Node.scalar(namespace));
  }

  #inNamespace(namespace: Node | undefined): readonly Resource[] {
    if (!namespace) return this.#candidates;
    const { value } = namespace;
    const first = this.#candidates.filter(({ originalId }) => effectiveNamespace(originalId) === value);
    return first.length > 0 ? first : this.#candidates.filter(({ id }) => effectiveNamespace(id) === value);
  }

  #find(
    name: string,
    candidates: readonly Resource[],
    same: (a: Resource, b: Resource) => boolean,
  ): Resource | undefined {
    const role = this.#role();
    const referrer = this.#referrer.id;
    const anywhere = isClusterScoped(referrer);
    let found = candidates.filter((resource) => {
      const earlier = resource.previousIds;
      if (!earlier.some((id) => id.name === name) || !earlier.some((id) => isSelected(id, this.#target))) return false;
      if (role && !earlier.some((id) => isSelected(id, role))) return false;
      const { id } = resource;
      return anywhere || isClusterScoped(id) || resource.kind === "ServiceAccount" || sameNamespace(referrer, id);
    });
    for (const allowEmpty of [true, false]) {
      if (found.length === 1) return found[0];
      found = found.filter((resource) => sameAffixes(resource, this.#referrer, allowEmpty));
    }
    const [first, ...others] = found;
    if (!first || others.every((other) => same(first, other))) return first;
    const ids = found.map(({ id }) => idText(id)).join(", ");
    const details = found.map((each, at) => `--- possible referral ${at}:\n${each.yaml()}\n`).join("");
    throw new GoError(
      `found multiple possible referrals: ${ids}\n\n**** Too many possible referral targets to referrer:\n${this.#referrer.yaml()}\n${details}`,
    );
  }

  /** What a binding's role must be. */
  #role(): Gvk | undefined {
    if (!this.#spec.path.endsWith("roleRef/name")) return undefined;
    const role = this.#referrer.node?.get("roleRef");
    const [group, kind] = [role?.get("apiGroup"), role?.get("kind")];
    return group && kind ? { group: group.value, version: "", kind: kind.value } : undefined;
  }
}

/** Whether both were named by the same layers, the outermost of one of them left out. */
function sameAffixes(a: Resource, b: Resource, allowEmpty: boolean): boolean {
  return [NOTE.prefixes, NOTE.suffixes].every((note) => {
    const [left, right] = [a.note(note), b.note(note)];
    return (allowEmpty && (left.length === 0 || right.length === 0)) || sameEnds(left, right);
  });
}

function sameEnds(left: readonly string[], right: readonly string[]): boolean {
  if (left.length === 0 && right.length === 0) return true;
  const shorter = Math.min(left.length, right.length);
  for (let at = 1; at <= shorter; at++) if (left.at(-at) !== right.at(-at)) return false;
  return shorter > 0;
}
