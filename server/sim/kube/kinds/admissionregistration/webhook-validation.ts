import {
  duplicate, goStrings, invalid, invalidEach, names, namesIn, notSupported, required, type AdmissionWebhook, type FieldErrors,
  type WebhookClientConfig, type WebhookConfiguration,
} from "../../api/index.ts"; // prettier-ignore
import { validateLabelSelector } from "../pod-template/selector.ts";
import { FAILURE_POLICIES, MATCH_POLICIES, validateMatchConditions, validateRule } from "./rule-validation.ts";

const SIDE_EFFECTS = ["None", "NoneOnDryRun"];
const REVIEW_VERSIONS = ["v1", "v1beta1"];
const REINVOCATION_POLICIES = ["IfNeeded", "Never"];
const FORM = "; desired format: https://host[/path]";

/** pkg/apis/admissionregistration/validation ValidateValidatingWebhookConfiguration, and its like */
export function validateWebhooks({ webhooks = [] }: WebhookConfiguration): FieldErrors {
  const seen = new Set<string>();
  return webhooks.flatMap((webhook, index) => {
    const path = `webhooks[${index}]`;
    const found = [...validateWebhook(webhook, path), ...validateReviewVersions(webhook, path)];
    if (webhook.name && seen.has(webhook.name)) found.push(duplicate(`${path}.name`, webhook.name));
    seen.add(webhook.name);
    return found;
  });
}

function validateWebhook(webhook: AdmissionWebhook, path: string): FieldErrors {
  const { sideEffects, timeoutSeconds = 10, namespaceSelector, objectSelector } = webhook;
  const found = qualifiedName(webhook.name ?? "", `${path}.name`);
  webhook.rules?.forEach((rule, at) => found.push(...validateRule(rule, `${path}.rules[${at}]`)));
  const among = (name: "failurePolicy" | "matchPolicy" | "reinvocationPolicy", known: readonly string[]): void => {
    const value = webhook[name];
    if (value !== undefined && !known.includes(value)) found.push(notSupported(`${path}.${name}`, value, known));
  };
  among("failurePolicy", FAILURE_POLICIES);
  among("matchPolicy", MATCH_POLICIES);
  // A pointer that was not given is null.
  if (!sideEffects) found.push(required(`${path}.sideEffects`, `must specify one of ${SIDE_EFFECTS.join(", ")}`));
  else if (!SIDE_EFFECTS.includes(sideEffects))
    found.push(notSupported(`${path}.sideEffects`, sideEffects, SIDE_EFFECTS));
  if (timeoutSeconds > 30 || timeoutSeconds < 1)
    found.push(invalid(`${path}.timeoutSeconds`, timeoutSeconds, "the timeout value must be between 1 and 30 seconds"));
  if (namespaceSelector) found.push(...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`));
  if (objectSelector) found.push(...validateLabelSelector(objectSelector, `${path}.objectSelector`));
  among("reinvocationPolicy", REINVOCATION_POLICIES);
  found.push(...validateClientConfig(webhook.clientConfig ?? {}, `${path}.clientConfig`));
  found.push(...validateMatchConditions(webhook.matchConditions, `${path}.matchConditions`, namesIn({})));
  return found;
}

function qualifiedName(name: string, path: string): FieldErrors {
  if (name === "") return [required(path)];
  const wrong = names.subdomain(name);
  if (wrong.length > 0) return [invalid(path, name, wrong.join(","))];
  return name.split(".").length < 3
    ? [invalid(path, name, "should be a domain with at least three segments separated by dots")]
    : [];
}

function validateReviewVersions({ admissionReviewVersions }: AdmissionWebhook, parent: string): FieldErrors {
  const path = `${parent}.admissionReviewVersions`;
  const versions = admissionReviewVersions ?? [];
  if (versions.length === 0) return [required(path, `must specify one of ${REVIEW_VERSIONS.join(", ")}`)];
  const found = versions.flatMap((version, at) =>
    versions.indexOf(version) < at
      ? [invalid(`${path}[${at}]`, version, "duplicate version")]
      : invalidEach(`${path}[${at}]`, version, names.label1035(version)),
  );
  if (!versions.some((version) => REVIEW_VERSIONS.includes(version)))
    found.push(invalid(path, goStrings(versions), `must include at least one of ${REVIEW_VERSIONS.join(", ")}`));
  return found;
}

/** apiserver/pkg/util/webhook/validation.go */
export function validateClientConfig({ url, service }: WebhookClientConfig, path: string): FieldErrors {
  if ((url === undefined) === (service === undefined))
    return [required(path, "exactly one of url or service is required")];
  if (url !== undefined) return validateUrl(url, `${path}.url`);
  const { name, namespace, port = 443, path: asked } = service!;
  const found: FieldErrors = [];
  if (!name) found.push(required(`${path}.service.name`, "service name is required"));
  if (!namespace) found.push(required(`${path}.service.namespace`, "service namespace is required"));
  const wrong = names.portNumber(port);
  if (wrong.length > 0) found.push(invalid(`${path}.service.port`, port, `port is not valid: ${wrong.join(",")}`));
  return asked === undefined ? found : [...found, ...validatePath(asked, `${path}.service.path`)];
}

function validateUrl(url: string, path: string): FieldErrors {
  const [, scheme = "", user, host = "", query, fragment] =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s.exec(url) ??
    [];
  const found: FieldErrors = [];
  if (scheme !== "https") found.push(invalid(path, scheme, `'https' is the only allowed URL scheme${FORM}`));
  if (host === "") found.push(invalid(path, host, `host must be specified${FORM}`));
  if (user !== undefined) found.push(invalid(path, user, "user information is not permitted in the URL"));
  if (fragment) found.push(invalid(path, fragment, "fragments are not permitted in the URL"));
  if (query) found.push(invalid(path, query, "query parameters are not permitted in the URL"));
  return found;
}

function validatePath(asked: string, path: string): FieldErrors {
  if (asked === "" || asked === "/") return [];
  if (asked === "//") return [invalid(path, asked, "segment[0] may not be empty")];
  const found: FieldErrors = asked.startsWith("/") ? [] : [invalid(path, asked, "must start with a '/'")];
  const segments = asked.slice(1).replace(/\/$/, "").split("/");
  segments.forEach((segment, at) => {
    if (segment === "") found.push(invalid(path, asked, `segment[${at}] may not be empty`));
    else for (const why of names.subdomain(segment)) found.push(invalid(path, asked, `segment[${at}]: ${why}`));
  });
  return found;
}
