import { applyJsonPatch, PatchError } from "../../patch/json-patch.ts";
import type { JsonObject, JsonValue } from "../../json.ts";
import { errors, StatusError } from "../../status.ts";
import { withType } from "../../table.ts";
import type { AdmissionWebhook, WebhookConfiguration } from "../../types/admissionregistration.ts";
import type { KubeObject } from "../../types/meta.ts";
import { conditionsMet, namesIn, scopeOf, type Scope } from "../expressions.ts";
import { isExempt, matchesAnyRule, matchesNamespace, matchesObject } from "../match.ts";
import type { AdmissionPlugin, Attributes } from "../plugin.ts";
import { CallFailed, review, Waits, type Verdict } from "./review.ts";

const GROUP = "admissionregistration.k8s.io";
const NAMES = namesIn({});
/** Where the dispatchers' lines in the log come from. */
const SOURCES = { mutating: "dispatcher.go:217", validating: "dispatcher.go:225" } as const;

/** What a webhook may be asked to do about a request. */
type Type = keyof typeof SOURCES;

const CONFIGURATIONS: Readonly<Record<Type, string>> = {
  mutating: "mutatingwebhookconfigurations",
  validating: "validatingwebhookconfigurations",
};

/** MutatingWebhookConfigurations: each webhook is called in turn, and what it patches goes to the next. */
export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: "MutatingAdmissionWebhook",
  operations: ["CREATE", "UPDATE", "DELETE", "CONNECT"],
  admit(attributes) {
    const webhooks = webhooksFor("mutating", attributes);
    if (webhooks.length === 0) return;
    const called = new Set<AdmissionWebhook>();
    let again = false;
    const waits = waitsOf(attributes);
    for (const webhook of webhooks) {
      const verdict = ask("mutating", webhook, attributes, waits);
      if (!verdict) continue;
      const changed = verdict.patch !== undefined && change(attributes, verdict.patch);
      if (changed && called.size > 0) again = true;
      called.add(webhook);
    }
    if (!again) return;
    for (const webhook of called) {
      if (webhook.reinvocationPolicy !== "IfNeeded") continue;
      const verdict = ask("mutating", webhook, attributes, waits);
      if (verdict?.patch !== undefined) change(attributes, verdict.patch);
    }
  },
};

/** ValidatingWebhookConfigurations: all are asked, the first refusal counts. */
export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: "ValidatingAdmissionWebhook",
  operations: ["CREATE", "UPDATE", "DELETE", "CONNECT"],
  validate(attributes) {
    for (const webhook of webhooksFor("validating", attributes))
      ask("validating", webhook, attributes, waitsOf(attributes));
  },
};

/** Mutating and validating webhooks of a request count together. */
const waiting = new WeakMap<Attributes["context"], Waits>();

function waitsOf({ context }: Attributes): Waits {
  let waits = waiting.get(context);
  if (!waits) waiting.set(context, (waits = new Waits()));
  return waits;
}

/** The webhooks that a request is for, as far as no expression has to say. */
function webhooksFor(type: Type, attributes: Attributes): readonly AdmissionWebhook[] {
  const { context } = attributes;
  const kind = context.find(GROUP, CONFIGURATIONS[type]);
  const configurations = kind ? (context.store.list(kind) as readonly WebhookConfiguration[]) : [];
  if (configurations.length === 0 || isExempt(attributes)) return [];
  return configurations.flatMap(({ webhooks = [] }) =>
    webhooks.filter(
      ({ namespaceSelector, objectSelector, rules, matchPolicy }) =>
        matchesAnyRule(rules, matchPolicy, attributes) &&
        matchesNamespace(namespaceSelector, attributes) &&
        matchesObject(objectSelector, attributes),
    ),
  );
}

/** Asks a webhook, unless its conditions say that it does not matter; undefined if it did not have to answer. */
function ask(type: Type, webhook: AdmissionWebhook, attributes: Attributes, waits: Waits): Verdict | undefined {
  const { context } = attributes;
  const { name, failurePolicy, matchConditions } = webhook;
  let scope: Scope | undefined;
  const met = conditionsMet(webhook, matchConditions, () => (scope ??= scopeOf(attributes)), NAMES);
  if ("error" in met) {
    if (failurePolicy === "Ignore") return undefined;
    throw errors.forbidden(context.resource, attributes.name, met.error);
  }
  if (!met.met) return undefined;
  const log = (text: string): void => context.settings.logWarning?.(SOURCES[type], text);
  try {
    const verdict = review(webhook, attributes, waits);
    for (const warning of verdict.warnings) context.warn(warning);
    return verdict;
  } catch (error) {
    if (error instanceof StatusError) log(`rejected by webhook ${JSON.stringify(name)}: ${error.message}`);
    if (!(error instanceof CallFailed)) throw error;
    const words = `failed calling webhook ${JSON.stringify(name)}: ${error.message}`;
    const open = failurePolicy === "Ignore";
    log(`Failed calling webhook, failing ${open ? "open" : "closed"} ${name}: ${words}`);
    if (open) return undefined;
    throw errors.internalError(words);
  }
}

/** Applies what a webhook wants changed to the object of the request; true if there is one. */
function change({ context, object }: Attributes, patch: JsonValue): boolean {
  if (!object) return false;
  const before = withType(context.kind, object as KubeObject) as unknown as JsonObject;
  const { kind: _kind, apiVersion: _version, ...fields } = patched(before, patch);
  for (const field of Object.keys(object)) delete (object as unknown as Record<string, unknown>)[field];
  Object.assign(object, fields);
  context.kind.defaults?.(object);
  return true;
}

function patched(document: JsonObject, patch: JsonValue): JsonObject {
  try {
    return applyJsonPatch(document, Array.isArray(patch) ? patch : []) as JsonObject;
  } catch (error) {
    if (error instanceof PatchError) throw errors.internalError(error.message);
    throw error;
  }
}
