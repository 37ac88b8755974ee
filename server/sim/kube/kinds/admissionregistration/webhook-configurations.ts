import { AGE, age, NAME, type AnyKind, type Column, type Draft, type JsonObject } from "../../api/index.ts"; // prettier-ignore
import { storedKind, type Stored } from "../stored/stored-kind.ts";
import { defaultWebhook } from "./defaults.ts";
import { validateWebhooks } from "./webhook-validation.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Webhooks", type: "integer" }, AGE];

const webhooksOf = (object: Stored | Draft<Stored>): JsonObject[] => (object["webhooks"] ?? []) as JsonObject[];

/** What the plugins MutatingAdmissionWebhook and ValidatingAdmissionWebhook read (api/admission/webhook). */
function webhookConfiguration(type: "Mutating" | "Validating"): AnyKind {
  return storedKind({
    group: "admissionregistration.k8s.io",
    kind: `${type}WebhookConfiguration`,
    plural: `${type.toLowerCase()}webhookconfigurations`,
    categories: ["api-extensions"],
    generation: true,
    bySchema: false,
    columns: COLUMNS,
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
    validate: (object) => validateWebhooks(object),
  });
}

export const mutatingWebhookConfigurations: AnyKind = webhookConfiguration("Mutating");
export const validatingWebhookConfigurations: AnyKind = webhookConfiguration("Validating");
