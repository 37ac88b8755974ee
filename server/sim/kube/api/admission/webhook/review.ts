import { SECOND } from "../../../../kernel/index.ts";
import { isObject, parseJson, type JsonObject, type JsonValue } from "../../json.ts";
import { ComeAgain } from "../../request.ts";
import { errors, StatusError } from "../../status.ts";
import { withType } from "../../table.ts";
import type { AdmissionWebhook } from "../../types/admissionregistration.ts";
import type { KubeObject } from "../../types/meta.ts";
import type { Attributes } from "../plugin.ts";
import { requestOf } from "../request.ts";

/** What a webhook answered, as far as it counts. */
export interface Verdict {
  readonly patch?: JsonValue;
  readonly warnings: readonly string[];
}

/** A webhook could not be asked, or its answer not be understood: its failurePolicy says what that means. */
export class CallFailed extends Error {}

/** Counts the webhooks of a request that let it wait, so that each does so once. */
export class Waits {
  #seen = 0;

  /** The time that a webhook takes which does not answer passes before the request goes on. */
  wait({ context: { request } }: Attributes, seconds: number): void {
    if (!request.hurried && this.#seen++ >= (request.attempt ?? 0)) throw new ComeAgain(seconds * SECOND);
  }
}

/** Asks a webhook; throws its refusal, or CallFailed (webhook/{validating,mutating}/dispatcher.go callHook). */
export function review(webhook: AdmissionWebhook, attributes: Attributes, waits: Waits): Verdict {
  const { context, object, old } = attributes;
  if (context.dryRun && webhook.sideEffects !== "None" && webhook.sideEffects !== "NoneOnDryRun")
    throw errors.badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`);
  const version = webhook.admissionReviewVersions?.find((one) => one === "v1" || one === "v1beta1") ?? "v1";
  const apiVersion = `admission.k8s.io/${version}`;
  const uid = context.random.uuid("kube/uid");
  const shown = (one: KubeObject | undefined): JsonValue =>
    one === undefined ? null : (withType(context.kind, one) as unknown as JsonValue);
  const request = {
    uid,
    ...requestOf(attributes),
    object: shown(object),
    oldObject: shown(old),
  };
  const timeoutSeconds = webhook.timeoutSeconds ?? 10;
  const reply = context.settings.callWebhook?.({
    config: webhook.clientConfig,
    timeoutSeconds,
    review: { kind: "AdmissionReview", apiVersion, request } as unknown as JsonValue,
  });
  if (!reply) throw new CallFailed("failed to call webhook: drydock: this API server has no network");
  if ("error" in reply) {
    if (reply.slow) waits.wait(attributes, timeoutSeconds);
    throw new CallFailed(`failed to call webhook: ${reply.error}`);
  }
  return verdictOf(webhook, reply.body, uid, apiVersion);
}

/** pkg/admission/plugin/webhook/request VerifyAdmissionResponse, and what the dispatchers make of it. */
function verdictOf({ name }: AdmissionWebhook, body: string, uid: string, apiVersion: string): Verdict {
  const parsed = parseJson(body);
  const answer = parsed.ok && isObject(parsed.value) ? parsed.value : undefined;
  if (!answer)
    throw new CallFailed(
      `failed to call webhook: couldn't get version/kind; json parse error: ${parsed.ok ? "json: cannot unmarshal" : parsed.error}`,
    );
  const response = answer["response"];
  const invalid = (why: string): CallFailed => new CallFailed(`received invalid webhook response: ${why}`);
  if (answer["kind"] !== "AdmissionReview" || answer["apiVersion"] !== apiVersion)
    throw invalid(
      `expected webhook response of ${apiVersion}, Kind=AdmissionReview, got ${textOf(answer["apiVersion"], "/")}, Kind=${textOf(answer["kind"])}`,
    );
  if (!isObject(response)) throw invalid("webhook response was absent");
  if (response["uid"] !== uid)
    throw invalid(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(textOf(response["uid"]))}`);
  const warnings = Array.isArray(response["warnings"]) ? response["warnings"].map((one) => textOf(one)) : [];
  if (response["allowed"] !== true) throw refusal(name, isObject(response["status"]) ? response["status"] : {});
  const { patch, patchType } = response as { patch?: unknown; patchType?: unknown };
  if (patch === undefined || patch === null) return { warnings };
  if (patchType !== "JSONPatch")
    throw invalid(
      patchType === undefined
        ? "webhook returned response.patch but not response.patchType"
        : `invalid value of response.patchType: ${JSON.stringify(patchType)}`,
    );
  const decoded = parseJson(Buffer.from(textOf(response["patch"]), "base64").toString());
  if (!decoded.ok) throw new CallFailed(`unable to unmarshal the patch of webhook ${name}`);
  return { patch: decoded.value, warnings };
}

/** webhook/errors/statuserror.go ToStatusErr */
function refusal(name: string, result: JsonObject): StatusError {
  const denied = `admission webhook ${JSON.stringify(name)} denied the request`;
  const { message, reason, code } = result as { message?: string; reason?: string; code?: number };
  const words = message ? `${denied}: ${message}` : reason ? `${denied}: ${reason}` : `${denied} without explanation`;
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: words,
    ...(reason ? { reason } : {}),
    ...(isObject(result["details"]) ? { details: result["details"] } : {}),
    code: code !== undefined && code >= 400 ? code : 400,
  });
}

function textOf(value: JsonValue | undefined, otherwise = ""): string {
  return typeof value === "string" ? value : otherwise;
}
