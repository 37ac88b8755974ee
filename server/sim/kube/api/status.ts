import { aggregate, type FieldError } from "./field-errors.ts";
import { quote } from "./go-syntax.ts";

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** metav1.Status: what the server answers instead of an object. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: { readonly continue?: string };
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** A refusal on its way to the boundary of the server, where it becomes the answer. */
export class StatusError extends Error {
  readonly status: Status;

  constructor(status: Status) {
    // An everyday answer: nobody reads its stack.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(status.message);
    Error.stackTraceLimit = limit;
    this.status = status;
  }
}

/** What a resource is called in messages: `pods`, `deployments.apps`. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** What a kind is called in messages: `Pod`, `Deployment.apps`. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

export function qualified(name: string, group: string): string {
  return group === "" ? name : `${name}.${group}`;
}

function failure(code: number, reason: string, message: string, details?: StatusDetails): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason === "" ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

function about({ group, resource }: GroupResource, name: string, causes?: readonly StatusCause[]): StatusDetails {
  return {
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { group }),
    ...(resource === "" ? {} : { kind: resource }),
    ...(causes && causes.length > 0 ? { causes } : {}),
  };
}

const title = ({ group, resource }: GroupResource): string => qualified(resource, group);

/** The closed catalogue of refusals (apimachinery/pkg/api/errors/errors.go). */
export const errors = {
  notFound: (of: GroupResource, name: string): StatusError =>
    failure(404, "NotFound", `${title(of)} ${quote(name)} not found`, about(of, name)),

  alreadyExists: (of: GroupResource, name: string, options: { deleting?: boolean } = {}): StatusError =>
    failure(
      409,
      "AlreadyExists",
      `${options.deleting ? "object is being deleted: " : ""}${title(of)} ${quote(name)} already exists`,
      about(of, name),
    ),

  noUniqueName: (of: GroupResource, name: string): StatusError =>
    failure(
      409,
      "AlreadyExists",
      `${title(of)} ${quote(name)} already exists, the server was not able to generate a unique name for the object`,
      { ...about(of, name), retryAfterSeconds: 1 },
    ),

  conflict: (of: GroupResource, name: string, why: string): StatusError =>
    failure(409, "Conflict", `Operation cannot be fulfilled on ${title(of)} ${quote(name)}: ${why}`, about(of, name)),

  /** An apply that would take fields from other managers (errors.NewApplyConflict). */
  applyConflict: (message: string, causes: readonly StatusCause[]): StatusError =>
    failure(409, "Conflict", message, { causes }),

  modified: (of: GroupResource, name: string): StatusError =>
    errors.conflict(
      of,
      name,
      "the object has been modified; please apply your changes to the latest version and try again",
    ),

  /** A precondition on uid or resourceVersion that the stored object does not meet. */
  preconditionFailed: (of: GroupResource, name: string, key: string, why: string): StatusError =>
    errors.conflict(
      of,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${why}`,
    ),

  invalid: ({ group, kind }: GroupKind, name: string, list: readonly FieldError[]): StatusError =>
    failure(
      422,
      "Invalid",
      `${qualified(kind, group)} ${quote(name)} is invalid${list.length > 0 ? `: ${aggregate(list)}` : ""}`,
      {
        ...(name === "" ? {} : { name }),
        ...(group === "" ? {} : { group }),
        ...(kind === "" ? {} : { kind }),
        causes: list.map(({ reason, body, field }) => ({ reason, message: body, field })),
      },
    ),

  forbidden: (of: GroupResource, name: string, why: string, causes: readonly StatusCause[] = []): StatusError => {
    const message =
      of.resource === ""
        ? `forbidden: ${why}`
        : name === ""
          ? `${title(of)} is forbidden: ${why}`
          : `${title(of)} ${quote(name)} is forbidden: ${why}`;
    return failure(403, "Forbidden", message, about(of, name, causes));
  },

  unauthorized: (message = "Unauthorized"): StatusError => failure(401, "Unauthorized", message),

  badRequest: (message: string): StatusError => failure(400, "BadRequest", message),

  methodNotSupported: (of: GroupResource, action: string): StatusError =>
    failure(
      405,
      "MethodNotAllowed",
      `${action} is not supported on resources of kind ${quote(title(of))}`,
      about(of, ""),
    ),

  methodNotAllowed: (): StatusError =>
    failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),

  /** Objects of a kind cannot be created any more while its definition goes. */
  definitionTerminating: (of: GroupResource, action: string): StatusError =>
    failure(
      405,
      "MethodNotAllowed",
      `${action} not allowed while custom resource definition is terminating`,
      about(of, ""),
    ),

  notAcceptable: (accepted: readonly string[]): StatusError =>
    failure(406, "NotAcceptable", `only the following media types are accepted: ${accepted.join(", ")}`),

  unsupportedMediaType: (accepted: readonly string[]): StatusError =>
    failure(
      415,
      "UnsupportedMediaType",
      `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
    ),

  requestEntityTooLarge: (limit: number): StatusError =>
    failure(413, "RequestEntityTooLarge", `Request entity too large: limit is ${limit}`),

  tooManyRequests: (message: string, causes: readonly StatusCause[] = [], retryAfterSeconds = 0): StatusError =>
    failure(
      429,
      "TooManyRequests",
      message,
      causes.length > 0 || retryAfterSeconds > 0
        ? { ...(causes.length > 0 && { causes }), ...(retryAfterSeconds > 0 && { retryAfterSeconds }) }
        : undefined,
    ),

  internalError: (why: string): StatusError =>
    failure(500, "InternalError", `Internal error occurred: ${why}`, { causes: [{ message: why }] }),

  /** What the server answers to an error that no API code knows: the words alone, with code 500. */
  unknownError: (why: string): StatusError => failure(500, "", why),

  serverTimeout: (of: GroupResource, operation: string, retryAfterSeconds: number): StatusError =>
    failure(
      500,
      "ServerTimeout",
      `The ${operation} operation against ${title(of)} could not be completed at this time, please try again.`,
      { ...about(of, operation), retryAfterSeconds },
    ),

  serviceUnavailable: (why: string): StatusError => failure(503, "ServiceUnavailable", why),

  timeout: (why: string, retryAfterSeconds = 0): StatusError =>
    failure(504, "Timeout", `Timeout: ${why}`, retryAfterSeconds > 0 ? { retryAfterSeconds } : undefined),

  tooLargeResourceVersion: (asked: number, current: number): StatusError =>
    failure(504, "Timeout", `Timeout: Too large resource version: ${asked}, current: ${current}`, {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    }),

  expired: (message: string): StatusError => failure(410, "Expired", message),

  /** The rest of a list whose revision is forgotten, with a token for who takes what is there now. */
  expiredContinue: (token: string): StatusError => {
    const { status } = errors.expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
    );
    return new StatusError({ ...status, metadata: { continue: token } });
  },

  expiredWatch: (asked: number, oldest: number): StatusError =>
    errors.expired(`too old resource version: ${asked} (${oldest})`),

  /** A patch that does not apply: 422 without a kind (errors.NewGenericServerResponse). */
  patchDoesNotApply: (why: string): StatusError =>
    failure(422, "Invalid", "the server rejected our request due to an error in our request", {
      causes: [{ reason: "UnexpectedServerResponse", message: why }],
    }),

  /** Something that a real server does and this one does not (never fake). */
  notSimulated: (what: string): StatusError => failure(501, "NotImplemented", `drydock: ${what} is not simulated`),
} as const;

export function success(details?: StatusDetails, code = 200): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    ...(details ? { details } : {}),
    code,
  };
}

export function isStatus(error: unknown, reason?: string): error is StatusError {
  return error instanceof StatusError && (reason === undefined || error.status.reason === reason);
}
