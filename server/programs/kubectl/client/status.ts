import type { JsonObject, Status, StatusCause } from "../../../sim/kube/api/index.ts";
import { StatusError } from "../errors/go-error.ts";
import { groupResource } from "./api-resource.ts";
import { quote } from "../output/golang/quote.ts";
import type { ApiReply } from "../transport.ts";

/** What a request was about, for answers that do not say it themselves. */
export interface RequestSubject {
  readonly method: string;
  readonly group: string;
  readonly resource: string;
  readonly name: string;
}

type Answer = Extract<ApiReply, { kind: "object" | "text" }>;

/** The refusal that an answer is; nothing if it is none (client-go rest/request.go transformResponse). */
export function refusal(reply: Answer, subject: RequestSubject): StatusError | undefined {
  if (reply.code < 400) return undefined;
  if (reply.kind === "object" && isStatus(reply.object)) return new StatusError(reply.object);
  const body = reply.kind === "text" ? reply.text : JSON.stringify(reply.object);
  return new StatusError(genericStatus(reply.code, subject, body));
}

/** The same refusal for one who reads only the code of an answer (client-go rest/request.go DoRaw). */
export function genericRefusal({ status }: StatusError, subject: Omit<RequestSubject, "method">): StatusError {
  return new StatusError(genericStatus(status.code ?? 500, { method: "GET", ...subject }, ""));
}

function isStatus(object: unknown): object is Status {
  return (object as JsonObject | null)?.["kind"] === "Status";
}

/** apimachinery pkg/api/errors NewGenericServerResponse: words for a bare HTTP code. */
function genericStatus(code: number, subject: RequestSubject, body: string): Status {
  const { reason, message } = meaning(code, subject.method, body);
  const { group, resource, name } = subject;
  const verb = subject.method.toLowerCase();
  const about =
    resource === "" ? "" : ` (${verb} ${groupResource({ group, resource })}${name === "" ? "" : ` ${name}`})`;
  const causes: StatusCause[] = [{ reason: "UnexpectedServerResponse", message: body.trim() }];
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    code,
    reason,
    message: message + about,
    details: { group, kind: resource, name, causes },
  };
}

function meaning(code: number, method: string, body: string): { reason: string; message: string } {
  switch (code) {
    case 400:
      return { reason: "BadRequest", message: "the server rejected our request for an unknown reason" };
    case 401:
      return { reason: "Unauthorized", message: "the server has asked for the client to provide credentials" };
    case 403:
      return { reason: "Forbidden", message: body.trim() };
    case 404:
      return { reason: "NotFound", message: "the server could not find the requested resource" };
    case 405:
      return { reason: "MethodNotAllowed", message: "the server does not allow this method on the requested resource" };
    case 406:
      return {
        reason: "NotAcceptable",
        message: `the server was unable to respond with a content type that the client supports`,
      };
    case 409:
      return { reason: method === "POST" ? "AlreadyExists" : "Conflict", message: "the server reported a conflict" };
    case 415:
      return {
        reason: "UnsupportedMediaType",
        message: "the server was unable to respond with a content type that the client supports",
      };
    case 422:
      return { reason: "Invalid", message: "the server rejected our request due to an error in our request" };
    case 429:
      return {
        reason: "TooManyRequests",
        message: "the server has received too many requests and has asked us to try again later",
      };
    case 503:
      return { reason: "ServiceUnavailable", message: "the server is currently unable to handle the request" };
    case 504:
      return {
        reason: "Timeout",
        message:
          "the server was unable to return a response in the time allotted, but may still be processing the request",
      };
    default:
      if (code >= 500)
        return {
          reason: "InternalError",
          message: `an error on the server (${quote(body.trim() || "unknown")}) has prevented the request from succeeding`,
        };
      return {
        reason: "",
        message: `the server responded with the status code ${code} but did not return more information`,
      };
  }
}
