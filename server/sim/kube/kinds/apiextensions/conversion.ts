import {
  forbidden, goStrings, invalid, names, notSupported, required, type CustomResourceConversion, type FieldErrors,
} from "../../api/index.ts"; // prettier-ignore
import { validateClientConfig } from "../admissionregistration/webhook-validation.ts";

const PATH = "spec.conversion";
const STRATEGIES = ["None", "Webhook"];
const REVIEWS = ["v1", "v1beta1"];

/** Complaints about how a definition converts its versions. */
export function validateConversion(conversion: CustomResourceConversion | undefined): FieldErrors {
  if (!conversion) return [];
  const { strategy, webhook } = conversion;
  if (strategy === "") return [required(`${PATH}.strategy`)];
  if (!STRATEGIES.includes(strategy)) return [notSupported(`${PATH}.strategy`, strategy, STRATEGIES)];
  if (strategy === "None") {
    const detail = "should not be set when strategy is not set to Webhook";
    return [
      ...(webhook?.clientConfig ? [forbidden(`${PATH}.webhookClientConfig`, detail)] : []),
      ...(webhook?.conversionReviewVersions?.length ? [forbidden(`${PATH}.conversionReviewVersions`, detail)] : []),
    ];
  }
  return validateWebhook(conversion);
}

function validateWebhook({ webhook }: CustomResourceConversion): FieldErrors {
  const found: FieldErrors = [];
  const config = webhook?.clientConfig;
  if (!config) found.push(required(`${PATH}.webhookClientConfig`, "required when strategy is set to Webhook"));
  else found.push(...validateClientConfig(config, `${PATH}.webhookClientConfig`));
  const versions = webhook?.conversionReviewVersions ?? [];
  const path = `${PATH}.conversionReviewVersions`;
  if (versions.length === 0) found.push(required(path));
  versions.forEach((version, index) => {
    if (versions.indexOf(version) < index) found.push(invalid(`${path}[${index}]`, version, "duplicate version"));
    else for (const message of names.label1035(version)) found.push(invalid(`${path}[${index}]`, version, message));
  });
  if (versions.length > 0 && !versions.some((version) => REVIEWS.includes(version)))
    found.push(invalid(path, goStrings(versions), `must include at least one of ${REVIEWS.join(", ")}`));
  return found;
}
