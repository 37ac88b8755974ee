import { sameJson, type JsonObject, type PolicyRule } from "../../../../sim/kube/api/index.ts";
import { missingRules } from "../../../../sim/kube/kinds/index.ts";
import type { Mapping } from "../../client/api-resource.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError, isReason } from "../../errors/go-error.ts";
import { metadataOf, nameOf, namespaceOf } from "../../resource/info.ts";

/** What a role or binding needed, and what became of it (component-helpers/auth/rbac/reconciliation). */
export interface Reconciled {
  readonly object: JsonObject;
  readonly operation: "none" | "create" | "update" | "recreate";
  /** The object there wants to stay as it is. */
  readonly isProtected: boolean;
  readonly missingRules: readonly JsonObject[];
  readonly extraRules: readonly JsonObject[];
  readonly missingSubjects: readonly JsonObject[];
  readonly extraSubjects: readonly JsonObject[];
}

export interface ReconcileOptions {
  /** Changes are made, not only found. */
  readonly confirm: boolean;
  readonly removeRules: boolean;
  readonly removeSubjects: boolean;
}

type Compute = (existing: JsonObject | undefined) => Reconciled;

const NAMESPACES = { group: "", version: "v1", resource: "namespaces", kind: "Namespace", namespaced: false };
const MOST_ATTEMPTS = 3;
const NOTHING = { missingRules: [], extraRules: [], missingSubjects: [], extraSubjects: [], isProtected: false };

/** Brings roles and bindings on a server to what a file says. */
export class Reconciler {
  readonly #factory: Factory;
  readonly #options: ReconcileOptions;

  constructor(factory: Factory, options: ReconcileOptions) {
    this.#factory = factory;
    this.#options = options;
  }

  async role(mapping: Mapping, expected: JsonObject): Promise<Reconciled> {
    return this.#reconcile(mapping, expected, (existing) => this.#computeRole(existing, expected));
  }

  async binding(mapping: Mapping, expected: JsonObject): Promise<Reconciled> {
    return this.#reconcile(mapping, expected, (existing) => this.#computeBinding(existing, expected));
  }

  async #reconcile(mapping: Mapping, expected: JsonObject, compute: Compute, attempt = 0): Promise<Reconciled> {
    if (attempt >= MOST_ATTEMPTS) throw new GoError("exceeded maximum attempts");
    const helper = await this.#factory.helper();
    const name = nameOf(expected);
    const namespace = mapping.namespaced ? namespaceOf(expected) : "";
    const place = { mapping, namespace };
    const existing = await helper.get({ ...place, name }).catch(unless("NotFound"));
    const result = compute(existing);
    if (result.isProtected || !this.#options.confirm) return result;
    const again = (): Promise<Reconciled> => this.#reconcile(mapping, expected, compute, attempt + 1);
    switch (result.operation) {
      case "none":
        return result;
      case "update": {
        const updated = await helper.replace({ ...place, name }, result.object, {}).catch(unless("NotFound"));
        return updated ? { ...result, object: updated } : again();
      }
      case "recreate": {
        const { uid } = metadataOf(existing);
        const preconditions = { preconditions: { uid: uid as string } };
        const options = { kind: "DeleteOptions", apiVersion: "v1", ...preconditions };
        try {
          await helper.delete({ ...place, name }, options);
        } catch (error) {
          if (isReason(error, "Conflict")) return again();
          if (!isReason(error, "NotFound")) throw error;
        }
        break;
      }
      case "create":
        break;
    }
    if (mapping.namespaced) await this.#ensureNamespace(namespace);
    const created = await helper.create(place, result.object, {}).catch(unless("AlreadyExists"));
    return created ? { ...result, object: created } : again();
  }

  async #ensureNamespace(name: string): Promise<void> {
    if (name === "") throw new GoError("resource name may not be empty");
    const helper = await this.#factory.helper();
    const found = await helper.get({ mapping: NAMESPACES, namespace: "", name }).catch(unless("NotFound", "Forbidden"));
    if (found) return;
    const object = {
      kind: "Namespace",
      apiVersion: "v1",
      metadata: { name, creationTimestamp: null },
      spec: {},
      status: {},
    };
    await helper.create({ mapping: NAMESPACES, namespace: "" }, object, {}).catch(unless("AlreadyExists", "Forbidden"));
  }

  #computeRole(existing: JsonObject | undefined, expected: JsonObject): Reconciled {
    if (!existing)
      return { ...NOTHING, object: expected, operation: "create", missingRules: listOf(expected, "rules") };
    const { object, changed, isProtected } = withMetadata(existing, expected);
    const [own, wanted] = [listOf(existing, "rules"), listOf(expected, "rules")];
    const bothAggregated = expected["aggregationRule"] !== undefined && existing["aggregationRule"] !== undefined;
    const extra = bothAggregated ? [] : uncovered(wanted, own);
    const missing = uncovered(own, wanted);
    const { removeRules } = this.#options;
    const rules = merged(own, wanted, missing, extra, removeRules);
    const aggregation = this.#aggregation(existing, expected);
    const { aggregationRule: _, ...rest } = object;
    return {
      ...NOTHING,
      isProtected,
      missingRules: missing,
      extraRules: extra,
      operation: changed || rules || aggregation ? "update" : "none",
      object: {
        ...(aggregation ? rest : object),
        ...(aggregation?.rule === undefined ? {} : { aggregationRule: aggregation.rule }),
        ...(rules ? { rules } : {}),
      },
    };
  }

  /** The aggregation rule that a role needs, if it has another one. */
  #aggregation(existing: JsonObject, expected: JsonObject): { readonly rule: JsonObject | undefined } | undefined {
    const own = existing["aggregationRule"] as JsonObject | undefined;
    const wanted = expected["aggregationRule"] as JsonObject | undefined;
    if (!wanted) return own ? { rule: undefined } : undefined;
    const [has, needs] = [own, wanted].map((rule) => (rule ? listOf(rule, "clusterRoleSelectors") : []));
    const missing = without(needs!, has!);
    const extra = without(has!, needs!);
    const selectors = merged(has!, needs!, missing, extra, this.#options.removeRules);
    return selectors && { rule: { ...own, clusterRoleSelectors: selectors } };
  }

  #computeBinding(existing: JsonObject | undefined, expected: JsonObject): Reconciled {
    if (!existing)
      return { ...NOTHING, object: expected, operation: "create", missingSubjects: listOf(expected, "subjects") };
    const { object, changed, isProtected } = withMetadata(existing, expected);
    if (!sameFields(expected["roleRef"], existing["roleRef"], ["apiGroup", "kind", "name"]))
      return { ...NOTHING, isProtected, object: expected, operation: "recreate" };
    const [own, wanted] = [listOf(existing, "subjects"), listOf(expected, "subjects")];
    const missing = withoutSubjects(wanted, own);
    const extra = withoutSubjects(own, wanted);
    const subjects = merged(own, wanted, missing, extra, this.#options.removeSubjects);
    return {
      ...NOTHING,
      isProtected,
      missingSubjects: missing,
      extraSubjects: extra,
      operation: changed || subjects ? "update" : "none",
      object: subjects ? { ...object, subjects } : object,
    };
  }
}

function unless(...reasons: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (!reasons.some((reason) => isReason(error, reason))) throw error;
  };
}

function listOf(object: JsonObject, field: string): JsonObject[] {
  return (object[field] ?? []) as JsonObject[];
}

/** The list that shall be there, if it is another one: the wanted one, or what is there with what is missing. */
function merged(
  own: readonly JsonObject[],
  wanted: readonly JsonObject[],
  missing: readonly JsonObject[],
  extra: readonly JsonObject[],
  remove: boolean,
): JsonObject[] | undefined {
  if (missing.length === 0 && (!remove || extra.length === 0)) return undefined;
  return remove ? [...wanted] : [...own, ...missing];
}

function uncovered(owner: readonly JsonObject[], wanted: readonly JsonObject[]): readonly JsonObject[] {
  return missingRules(
    owner as unknown as readonly PolicyRule[],
    wanted as unknown as readonly PolicyRule[],
  ) as unknown as readonly JsonObject[];
}

function without(list: readonly JsonObject[], others: readonly JsonObject[]): JsonObject[] {
  return list.filter((one) => !others.some((other) => sameJson(one, other)));
}

const SUBJECT = ["kind", "apiGroup", "name", "namespace"];

function withoutSubjects(list: readonly JsonObject[], others: readonly JsonObject[]): JsonObject[] {
  const isIn = (one: JsonObject, all: readonly JsonObject[]): boolean =>
    all.some((other) => sameFields(one, other, SUBJECT));
  return list.filter((one, at) => !isIn(one, others) && !isIn(one, list.slice(0, at)));
}

/** Whether two Go structs of texts are the same. */
function sameFields(left: unknown, right: unknown, fields: readonly string[]): boolean {
  const text = (object: unknown, field: string): unknown => (object as JsonObject | undefined)?.[field] ?? "";
  return fields.every((field) => text(left, field) === text(right, field));
}

/** What is there with the labels and annotations of the file; its own count. */
function withMetadata(
  existing: JsonObject,
  expected: JsonObject,
): { readonly object: JsonObject; readonly changed: boolean; readonly isProtected: boolean } {
  const metadata = metadataOf(existing) as JsonObject;
  const merge = (field: string): object => {
    const own = metadata[field] as JsonObject | undefined;
    const wanted = metadataOf(expected)[field] as JsonObject | undefined;
    return own || wanted ? { [field]: { ...wanted, ...own } } : {};
  };
  const both = { ...metadata, ...merge("annotations"), ...merge("labels") };
  const annotations = metadata["annotations"] as Record<string, string> | undefined;
  return {
    object: { ...existing, metadata: both },
    changed: !sameJson(both, metadata),
    isProtected: annotations?.["rbac.authorization.kubernetes.io/autoupdate"] === "false",
  };
}
