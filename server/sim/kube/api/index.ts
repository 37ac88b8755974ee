export {
  forbiddenText,
  type AccessAttributes,
  type AccessControl,
  type Authorization,
  type ResolvedRules,
  type TokenVerdict,
} from "./access.ts";
export { admissionPlugins } from "./admission/chain.ts";
export { Client, isConflict, isNotFound, Unreachable, type ObjectChange } from "./client.ts";
export {
  ControllerLoop,
  objectKey,
  own,
  splitKey,
  watching,
  type Controller,
  type ControllerWatch,
} from "./controller.ts";
export { goDuration, humanDuration, parseGoDuration } from "./duration.ts";
export { copyJson, sameJson } from "./equality.ts";
export { EventRecorder, referenceTo, SeriesRecorder } from "./events.ts";
export { union as unionFields } from "./fieldmanager/field-set.ts";
export type { ManagedFields, ManagedFieldsEntry } from "./fieldmanager/managers.ts";
export {
  duplicate, fieldMessage, forbidden, IMMUTABLE,  invalid, invalidEach, notFound, notSupported, required, tooLong, tooMany, 
   type FieldError, type FieldErrors,
} from "./field-errors.ts"; // prettier-ignore
export { go, goIntOrString, goJson, goStringMap, goStrings, goStruct, quote, type GoValue } from "./go-syntax.ts";
export { Informers, type WatchFailure } from "./informers.ts";
export { isObject, parseJson, readJson, type JsonArray, type JsonObject, type JsonValue } from "./json.ts";
export {
   anyKind, apiVersion, type ActionSubresource, type AnyKind, type Cell, type Column, 
  type GroupVersionKind, type Kind, type KindContext,  type PartSubresource, type RowCondition,  type StreamSubresource,
   type Subresource, type ViewSubresource,
} from "./kind.ts"; // prettier-ignore
export { fnv1a, safeEncode, sortedJson, templateHash } from "./names.ts";
export { parseQuery, parseTarget, queryText, resourcePath } from "./paths.ts";
export {
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityNanos,
  type Quantity,
} from "./quantity.ts";
export {
   flag, isFailure, parameter, type ApiRequest, type ApiResponse, type ByteStream, type Query, type UserInfo,
  type Verb,  type WatchEvent,
} from "./request.ts"; // prettier-ignore
export { applyJsonPatch, PatchError } from "./patch/json-patch.ts";
export { applyMergePatch } from "./patch/merge-patch.ts";
export { applyStrategicPatch } from "./patch/strategic.ts";
export { deleteOptions, nestedOptions } from "./options.ts";
export {
   matchesLabels, parseLabelSelector, selectorOf, selectorOfLabels, selectorText, validSelector,
  type Requirement, type Selector,
} from "./selectors/labels.ts"; // prettier-ignore
export { parseFieldSelector } from "./selectors/fields.ts";
export { listOf } from "./quota/amounts.ts";
export { evaluatorOf } from "./quota/evaluator.ts";
export { quotaUsage } from "./quota/usage.ts";
export { newestDefault } from "./admission/storage.ts";
export type { Aggregator, RemoteResource, RemoteVersion } from "./aggregation.ts";
export { ApiServer } from "./server.ts";
export { KUBEADM_SETTINGS, type ApiSettings } from "./settings.ts";
export { errors, isStatus, qualified, StatusError, success, type Status, type StatusCause } from "./status.ts";
export { age, AGE, NAME, type Table } from "./table.ts";
export type * from "./types/apiregistration.ts";
export type * from "./types/admissionregistration.ts";
export type * from "./types/apiextensions.ts";
export type * from "./types/apps.ts";
export type * from "./types/certificates.ts";
export type * from "./types/autoscaling.ts";
export type * from "./types/batch.ts";
export type * from "./types/core.ts";
export type * from "./types/discovery.ts";
export type * from "./types/limits.ts";
export type * from "./types/meta.ts";
export type * from "./types/networking.ts";
export type * from "./types/pod.ts";
export type * from "./types/rbac.ts";
export type * from "./types/scheduling.ts";
export type * from "./types/policy.ts";
export {
  cidrErrors, cidrWarnings, ipErrors, ipText, ipWarnings, isIpv6, parseCidr, parseIp, specialIpErrors, strictCidrErrors, strictIpMessages, type Cidr,
} from "./validation/ip.ts"; // prettier-ignore
export type * from "./types/storage.ts";
export * as names from "./validation/names.ts";
export {
  validateAnnotations, validateLabelName, validateLabels,  
} from "./validation/object-meta.ts"; // prettier-ignore
export { decode } from "./schema/decode.ts";
export {
   resourceSchema,    
} from "./schema/kind-schema.ts"; // prettier-ignore
export {
  isMetaField,
  itemsOf,
  propertyOf,
  valuesOf,
  type JsonSchema,
  type ValidationRule,
} from "./schema/structural/json-schema.ts";
export { inGoOrder } from "./schema/go/order.ts";
export { fillDefaults } from "./schema/structural/defaults.ts";
export { validateListTypes } from "./schema/structural/list-types.ts";
export { validateEmbedded } from "./schema/structural/metadata.ts";
export { prune } from "./schema/structural/prune.ts";
export { fieldErrors, NO_PATH } from "./schema/structural/result.ts";
export { validateSchema } from "./schema/structural/validate.ts";
export { compareVersions } from "./registry.ts";
export * from "./cel/index.ts";
export { hasStructType, structType, typeId, type ValueType } from "./schema/types.ts";
export { namesIn } from "./admission/expressions.ts";
export type { WebhookCall, WebhookCaller, WebhookReply } from "./webhook-call.ts";
export { yamlProblem, type YamlProblem } from "./yaml-problem.ts";
