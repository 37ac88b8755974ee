export { Client, isConflict, isNotFound, Unreachable, type ClientOptions, type ObjectChange } from "./client.ts";
export {
  ControllerLoop,
  objectKey,
  own,
  ownedBy,
  splitKey,
  watching,
  type Controller,
  type ControllerWatch,
} from "./controller.ts";
export { goDuration, humanDuration, parseGoDuration } from "./duration.ts";
export { copyJson, sameJson, share } from "./equality.ts";
export { EventRecorder, referenceTo, SeriesRecorder, type EventSource } from "./events.ts";
export {
  duplicate, fieldMessage, forbidden, IMMUTABLE, internal, invalid, invalidEach, notFound, notSupported, required, tooLong, tooMany,
  type BadValue, type FieldError, type FieldErrors,
} from "./field-errors.ts"; // prettier-ignore
export { go, goIntOrString, goStringMap, goStrings, goStruct, quote, type GoValue } from "./go-syntax.ts";
export { isObject, parseJson, type JsonArray, type JsonObject, type JsonValue } from "./json.ts";
export {
  ALL_VERBS, anyKind, apiVersion, type ActionSubresource, type AnyKind, type Cell, type Column, type Conversion,
  type GroupVersionKind, type Kind, type KindContext, type PartSubresource, type RowCondition, type StreamHandler, type StreamSubresource,
  type Subresource, type ViewSubresource,
} from "./kind.ts"; // prettier-ignore
export { fnv1a, generateName, randomSuffix, safeEncode, sortedJson, templateHash } from "./names.ts";
export { parseQuery, parseTarget, queryText, resourcePath, type Target } from "./paths.ts";
export {
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityNanos,
  type Quantity,
} from "./quantity.ts";
export {
  ComeAgain, flag, isFailure, parameter, type ApiRequest, type ApiResponse, type ByteStream, type Query, type UserInfo,
  type Verb, type Watch, type WatchEvent,
} from "./request.ts"; // prettier-ignore
export { applyMergePatch } from "./patch/merge-patch.ts";
export { applyStrategicPatch } from "./patch/strategic.ts";
export { deleteOptions, nestedOptions } from "./options.ts";
export { fieldSelectorText, parseFieldSelector, type FieldTerm } from "./selectors/fields.ts";
export {
  EVERYTHING, matchesLabels, parseLabelSelector, selectorOf, selectorOfLabels, selectorText, validSelector,
  type Requirement, type Selector,
} from "./selectors/labels.ts"; // prettier-ignore
export { ApiServer, type ApiServerOptions } from "./server.ts";
export { KUBEADM_SETTINGS, type ApiSettings, type Authorization } from "./settings.ts";
export {
  errors,
  isStatus,
  qualified,
  StatusError,
  success,
  type Status,
  type StatusCause,
  type StatusDetails,
} from "./status.ts";
export type { Change } from "./store/history.ts";
export { keyOf } from "./store/store.ts";
export { age, AGE, NAME, withType, type ColumnDefinition, type Table, type TableRow } from "./table.ts";
export type * from "./types/apps.ts";
export type * from "./types/core.ts";
export type * from "./types/discovery.ts";
export type * from "./types/meta.ts";
export type * from "./types/pod.ts";
export { WorkQueue, type WorkQueueOptions } from "./workqueue.ts";
export {
  cidrErrors,
  cidrWarnings,
  ipErrors,
  isIpv6,
  parseCidr,
  parseIp,
  specialIpErrors,
  type Cidr,
} from "./validation/ip.ts";
export * as names from "./validation/names.ts";
export {
  validateAnnotations, validateLabelName, validateLabels, validateObjectMeta, validateObjectMetaUpdate,
} from "./validation/object-meta.ts"; // prettier-ignore
export { docsTable } from "./schema/table.ts";
export { decode } from "./schema/decode.ts";
export { hasStructType, structType, typeId, type Field, type StructType, type ValueType } from "./schema/types.ts";
