import type { Quantity } from "../quantity.ts";
import { add, amountsOf, amountsText, listOf, only, type Amounts } from "../quota/amounts.ts";
import { evaluatorOf, inScopes, type Evaluator } from "../quota/evaluator.ts";
import type { ResourceQuota } from "../types/limits.ts";
import type { KubeObject } from "../types/meta.ts";
import { refuse, type AdmissionPlugin, type Attributes } from "./plugin.ts";

/**
 * Charges what a request uses to the quotas of its namespace, and refuses what does not fit
 * (apiserver/pkg/admission/plugin/resourcequota/controller.go).
 */
export const resourceQuota: AdmissionPlugin = {
  name: "ResourceQuota",
  operations: ["CREATE", "UPDATE"],
  validate(attributes) {
    const { context, operation, object } = attributes;
    if (context.namespace === "" || !object) return;
    const evaluator = evaluatorOf(context.kind);
    const kind = context.find("", "resourcequotas");
    if (!kind || !evaluator?.handles(operation, context.subresource)) return;
    const quotas = context.store.list(kind, context.namespace) as readonly ResourceQuota[];
    if (quotas.length === 0) return;
    const charged = charges(attributes, evaluator, object, quotas);
    if (context.dryRun) return;
    for (const [quota, used] of charged)
      context.store.update(kind, { ...quota, status: { ...quota.status, used } } as KubeObject, quota);
  },
};

/** The quotas that the request counts against, with what is used of each then. */
function charges(
  attributes: Attributes,
  evaluator: Evaluator,
  object: KubeObject,
  quotas: readonly ResourceQuota[],
): Map<ResourceQuota, ResourceQuota["status"]["used"]> {
  const concerned = quotas.filter((quota) => isConcerned(attributes, evaluator, object, quota));
  const { now } = attributes.context;
  const { old } = attributes;
  const usage = evaluator.usage(object, now);
  const before = old && evaluator.usage(old, now);
  const charged = new Map<ResourceQuota, ResourceQuota["status"]["used"]>();
  for (const quota of concerned) {
    const counted = before && inScopes(evaluator, quota, old) ? before : undefined;
    const delta = only(more(usage, counted), Object.keys(quota.status.hard ?? {}));
    if (delta.size > 0) charged.set(quota, charge(attributes, quota, delta));
  }
  return charged;
}

/** Whether the quota is about the object; refuses one that does not say what the quota demands. */
function isConcerned(attributes: Attributes, evaluator: Evaluator, object: KubeObject, quota: ResourceQuota): boolean {
  const limited = evaluator.matching(Object.keys(quota.status.hard ?? {}));
  if (limited.length === 0 || !inScopes(evaluator, quota, object)) return false;
  const { name } = quota.metadata;
  const missing = evaluator.missing?.(limited, object);
  if (missing !== undefined) throw refuse(attributes, `failed quota: ${name}: ${missing}`);
  if (limited.some((resource) => quota.status.used?.[resource] === undefined))
    throw refuse(attributes, `status unknown for quota: ${name}, resources: ${limited.sort().join(",")}`);
  return true;
}

/** What is used now and was not before; what gets less is given back later, by the controller. */
function more(usage: Amounts, before: Amounts | undefined): Amounts {
  const delta = new Map<string, Quantity>();
  for (const [name, { nanos, format }] of usage) {
    const growth = nanos - (before?.get(name)?.nanos ?? 0n);
    if (growth > 0n) delta.set(name, { nanos: growth, format });
  }
  return delta;
}

function charge(attributes: Attributes, quota: ResourceQuota, delta: Amounts): ResourceQuota["status"]["used"] {
  const used = amountsOf(quota.status.used);
  const hard = amountsOf(quota.status.hard);
  const next = new Map(used);
  add(next, delta);
  const exceeded = [...delta.keys()].filter((name) => next.get(name)!.nanos > hard.get(name)!.nanos);
  if (exceeded.length === 0) return listOf(next);
  const text = (amounts: Amounts): string => amountsText(only(amounts, exceeded));
  throw refuse(
    attributes,
    `exceeded quota: ${quota.metadata.name}, requested: ${text(delta)}, used: ${text(used)}, limited: ${text(hard)}`,
  );
}
