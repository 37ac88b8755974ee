import { forbidden, notSupported, type FieldErrors } from "../field-errors.ts";
import { flag, parameter, type Query } from "../request.ts";
import { errors } from "../status.ts";

/** ListOptions of a list or a watch, checked. */
export interface ListOptions {
  readonly resourceVersion: string;
  readonly match: string;
  readonly limit: number;
  readonly continue: string;
  readonly timeoutSeconds: number | undefined;
  readonly bookmarks: boolean;
  /** Undefined if the client does not say. */
  readonly sendInitialEvents: boolean | undefined;
}

/** Reads and checks the query (apimachinery/pkg/apis/meta/internalversion/validation); throws BadRequest or Invalid. */
export function listOptions(query: Query, watch: boolean): ListOptions {
  const limit = integer(query, "limit") ?? 0;
  const timeoutSeconds = integer(query, "timeoutSeconds");
  const options = {
    resourceVersion: parameter(query, "resourceVersion"),
    match: parameter(query, "resourceVersionMatch"),
    limit,
    continue: parameter(query, "continue"),
    timeoutSeconds: timeoutSeconds === 0 ? undefined : timeoutSeconds,
    bookmarks: flag(query, "allowWatchBookmarks"),
    sendInitialEvents: query["sendInitialEvents"] ? flag(query, "sendInitialEvents") : undefined,
  };
  const found = watch ? watchErrors(options) : listErrors(options);
  if (found.length > 0) throw errors.invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", found);
  return options;
}

function integer(query: Query, name: string): number | undefined {
  const value = parameter(query, name);
  if (value === "") return undefined;
  if (!/^[-+]?\d+$/.test(value))
    throw errors.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  return Number(value);
}

const MATCH = "resourceVersionMatch";

function listErrors(options: ListOptions): FieldErrors {
  const found: FieldErrors = [];
  const { match, resourceVersion } = options;
  if (match !== "") {
    if (resourceVersion === "")
      found.push(forbidden(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    if (options.continue !== "")
      found.push(forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
    if (match !== "Exact" && match !== "NotOlderThan")
      found.push(notSupported(MATCH, match, ["Exact", "NotOlderThan", ""]));
    if (match === "Exact" && resourceVersion === "0")
      found.push(forbidden(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (options.sendInitialEvents !== undefined)
    found.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  return found;
}

function watchErrors(options: ListOptions): FieldErrors {
  const found: FieldErrors = [];
  const { match, sendInitialEvents } = options;
  if (sendInitialEvents !== undefined && match !== "NotOlderThan")
    found.push(forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  if (match === "") return found;
  if (sendInitialEvents === undefined)
    found.push(forbidden(MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
  if (match !== "NotOlderThan") found.push(notSupported(MATCH, match, ["NotOlderThan"]));
  if (options.continue !== "")
    found.push(forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
  return found;
}
