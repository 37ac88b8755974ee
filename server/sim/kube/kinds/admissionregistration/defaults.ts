import type { JsonObject } from "../../api/index.ts";
import { member } from "../stored/stored-kind.ts";

/** pkg/apis/admissionregistration/v1/defaults.go */
export function defaultRules(rules: unknown): void {
  for (const rule of (rules ?? []) as JsonObject[]) rule["scope"] ??= "*";
}

export function defaultSelectors(target: JsonObject): void {
  target["matchPolicy"] ??= "Equivalent";
  target["namespaceSelector"] ??= {};
  target["objectSelector"] ??= {};
}

export function defaultMatch(match: JsonObject | undefined): void {
  if (!match) return;
  defaultSelectors(match);
  defaultRules(match["resourceRules"]);
  defaultRules(match["excludeResourceRules"]);
}

export function defaultWebhook(webhook: JsonObject): void {
  webhook["failurePolicy"] ??= "Fail";
  defaultSelectors(webhook);
  webhook["timeoutSeconds"] ??= 10;
  defaultRules(webhook["rules"]);
  const service = member<JsonObject>(webhook, "clientConfig", "service");
  if (service) service["port"] ??= 443;
}
