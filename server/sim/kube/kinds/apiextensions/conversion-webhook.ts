import {
  errors, isObject, parseJson, type CustomResourceDefinition, type JsonObject, type JsonValue, type KubeObject, type WebhookCaller,
} from "../../api/index.ts"; // prettier-ignore

/** The time that the server gives a conversion webhook. */
const TIMEOUT_SECONDS = 30;

/**
 * Has the definition's webhook make another version of an object (apiextensions-apiserver
 * pkg/apiserver/conversion/webhook_converter.go). Throws the server's words for what goes wrong.
 */
export function convertByWebhook(
  { spec, status }: CustomResourceDefinition,
  object: KubeObject,
  { from, to }: { readonly from: string; readonly to: string },
  call: WebhookCaller,
): KubeObject {
  const { kind } = status.acceptedNames;
  const failed = (why: string): Error =>
    errors.unknownError(`conversion webhook for ${spec.group}/${from}, Kind=${kind} failed: ${why}`);
  const { clientConfig = {}, conversionReviewVersions } = spec.conversion?.webhook ?? {};
  const version = conversionReviewVersions?.find((one) => one === "v1" || one === "v1beta1") ?? "v1";
  const apiVersion = `apiextensions.k8s.io/${version}`;
  const desiredAPIVersion = `${spec.group}/${to}`;
  const { uid } = object.metadata;
  const given = { ...object, apiVersion: `${spec.group}/${from}`, kind } as unknown as JsonValue;
  const reply = call({
    config: clientConfig,
    timeoutSeconds: TIMEOUT_SECONDS,
    review: { kind: "ConversionReview", apiVersion, request: { uid, desiredAPIVersion, objects: [given] } },
  });
  if ("error" in reply) throw failed(reply.error);
  const parsed = parseJson(reply.body);
  const answer = parsed.ok && isObject(parsed.value) ? parsed.value : {};
  if (answer["kind"] !== "ConversionReview" || answer["apiVersion"] !== apiVersion)
    throw failed(`expected webhook response of ${apiVersion}, Kind=ConversionReview`);
  const { response } = answer;
  if (!isObject(response)) throw failed("no response provided");
  if (response["uid"] !== uid)
    throw failed(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response["uid"] ?? "")}`);
  return { ...converted(response, desiredAPIVersion, failed), metadata: metadataOf(response, object) };
}

function converted(response: JsonObject, desired: string, failed: (why: string) => Error): JsonObject {
  const result = isObject(response["result"]) ? response["result"] : {};
  const { status = "", message } = result as { status?: string; message?: string };
  if (status !== "Success") throw failed(message || `response.result.status was '${status}', not 'Success'`);
  const objects = Array.isArray(response["convertedObjects"]) ? response["convertedObjects"] : [];
  const [object] = objects;
  if (objects.length !== 1 || !isObject(object)) throw failed(`returned ${objects.length} objects, expected 1`);
  if (object["apiVersion"] !== desired)
    throw failed(`invalid converted object at index 0: invalid groupVersion (expected ${desired}, received ${JSON.stringify(object["apiVersion"] ?? "")})`); // prettier-ignore
  const { apiVersion: _version, kind: _kind, ...fields } = object;
  return fields;
}

/** Of the metadata, a webhook may change labels and annotations only. */
function metadataOf(response: JsonObject, { metadata }: KubeObject): KubeObject["metadata"] {
  const [object] = response["convertedObjects"] as JsonObject[];
  const { labels: _labels, annotations: _annotations, ...kept } = metadata;
  const given = isObject(object?.["metadata"]) ? object["metadata"] : {};
  const { labels, annotations } = given as Pick<KubeObject["metadata"], "labels" | "annotations">;
  return { ...kept, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
}
