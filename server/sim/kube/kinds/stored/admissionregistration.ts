import { AGE, age, invalid, isObject, NAME, type AnyKind, type Column, type Draft, type FieldErrors, type JsonObject } from "../../api/index.ts"; // prettier-ignore
import { member, storedKind, type Stored, type StoredKind } from "./stored-kind.ts";

const GROUP = "admissionregistration.k8s.io";
const CATEGORIES = ["api-extensions"];
const NO_WEBHOOKS = "drydock: webhooks are kept, but not called: no request is changed or refused by them.";
const NO_POLICIES = "drydock: policies are kept, but not evaluated: no request is refused by them.";

const webhooksOf = (object: Stored | Draft<Stored>): JsonObject[] => (object["webhooks"] ?? []) as JsonObject[];

/** pkg/apis/admissionregistration/v1/defaults.go */
function defaultRules(rules: unknown): void {
  for (const rule of (rules ?? []) as JsonObject[]) rule["scope"] ??= "*";
}

function defaultSelectors(target: JsonObject): void {
  target["matchPolicy"] ??= "Equivalent";
  target["namespaceSelector"] ??= {};
  target["objectSelector"] ??= {};
}

function defaultWebhook(webhook: JsonObject): void {
  webhook["failurePolicy"] ??= "Fail";
  defaultSelectors(webhook);
  webhook["timeoutSeconds"] ??= 10;
  defaultRules(webhook["rules"]);
  const service = member<JsonObject>(webhook, "clientConfig", "service");
  if (service) service["port"] ??= 443;
}

/** pkg/apis/admissionregistration/validation: names are qualified and unique, a webhook is at a URL or a Service. */
function validateWebhooks(object: Stored): FieldErrors {
  const found: FieldErrors = [];
  const seen = new Set<unknown>();
  webhooksOf(object).forEach((webhook, index) => {
    const path = `webhooks[${index}]`;
    const { name } = webhook;
    if (typeof name === "string" && name !== "" && name.split(".").length < 3)
      found.push(invalid(`${path}.name`, name, "should be a domain with at least three segments separated by dots"));
    if (seen.has(name)) found.push({ reason: "FieldValueDuplicate", field: `${path}.name`, body: `Duplicate value: ${JSON.stringify(name)}` }); // prettier-ignore
    seen.add(name);
    const config = webhook["clientConfig"];
    if (isObject(config) && (config["url"] === undefined) === (config["service"] === undefined))
      found.push({
        reason: "FieldValueRequired",
        field: `${path}.clientConfig`,
        body: "Required value: exactly one of url or service is required",
      });
  });
  return found;
}

const WEBHOOK_COLUMNS: readonly Column[] = [NAME, { name: "Webhooks", type: "integer" }, AGE];

function webhookConfiguration(type: "Mutating" | "Validating"): StoredKind {
  return {
    group: GROUP,
    kind: `${type}WebhookConfiguration`,
    plural: `${type.toLowerCase()}webhookconfigurations`,
    categories: CATEGORIES,
    note: NO_WEBHOOKS,
    warns: true,
    generation: true,
    columns: WEBHOOK_COLUMNS,
    cells: (object, now) => [
      object.metadata.name,
      webhooksOf(object).length,
      age(object.metadata.creationTimestamp, now),
    ],
    defaults(draft) {
      for (const webhook of webhooksOf(draft)) {
        defaultWebhook(webhook);
        if (type === "Mutating") webhook["reinvocationPolicy"] ??= "Never";
      }
    },
    validate: validateWebhooks,
  };
}

export const mutatingWebhookConfigurations: AnyKind = storedKind(webhookConfiguration("Mutating"));
export const validatingWebhookConfigurations: AnyKind = storedKind(webhookConfiguration("Validating"));

export const validatingAdmissionPolicies: AnyKind = storedKind({
  group: GROUP,
  kind: "ValidatingAdmissionPolicy",
  plural: "validatingadmissionpolicies",
  categories: CATEGORIES,
  note: NO_POLICIES,
  warns: true,
  status: true,
  generation: true,
  columns: [NAME, { name: "Validations", type: "integer" }, { name: "ParamKind" }, AGE],
  cells: (object, now) => {
    const kind = member<{ apiVersion?: string; kind?: string }>(object, "spec", "paramKind");
    const version = kind?.apiVersion ?? "";
    return [
      object.metadata.name,
      member<unknown[]>(object, "spec", "validations")?.length ?? 0,
      kind ? `${version}/${kind.kind ?? ""}` : "<unset>",
      age(object.metadata.creationTimestamp, now),
    ];
  },
  defaults(draft) {
    const spec = draft.spec as JsonObject;
    spec["failurePolicy"] ??= "Fail";
    const constraints = member<JsonObject>(spec, "matchConstraints");
    if (constraints) {
      defaultSelectors(constraints);
      defaultRules(constraints["resourceRules"]);
      defaultRules(constraints["excludeResourceRules"]);
    }
  },
});

export const validatingAdmissionPolicyBindings: AnyKind = storedKind({
  group: GROUP,
  kind: "ValidatingAdmissionPolicyBinding",
  plural: "validatingadmissionpolicybindings",
  categories: CATEGORIES,
  note: NO_POLICIES,
  warns: true,
  generation: true,
  columns: [NAME, { name: "PolicyName" }, { name: "ParamRef" }, AGE],
  cells: (object, now) => {
    const reference = member<JsonObject>(object, "spec", "paramRef");
    const namespace = member<string>(reference, "namespace");
    const name = member<string>(reference, "name") ?? "*";
    return [
      object.metadata.name,
      member<string>(object, "spec", "policyName") ?? "",
      reference ? `${namespace === undefined ? "*" : namespace}/${name}` : "<unset>",
      age(object.metadata.creationTimestamp, now),
    ];
  },
  defaults(draft) {
    const match = member<JsonObject>(draft.spec, "matchResources");
    if (match) {
      defaultSelectors(match);
      defaultRules(match["resourceRules"]);
      defaultRules(match["excludeResourceRules"]);
    }
  },
});
