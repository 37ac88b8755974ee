import type { JsonObject } from "../json.ts";
import type { AnyKind } from "../kind.ts";
import type { Attributes } from "./plugin.ts";

/** What AdmissionReviews and expressions say of a request, without its objects (admission/v1 AdmissionRequest). */
export interface AdmissionRequest {
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  readonly requestKind: AdmissionRequest["kind"];
  readonly requestResource: AdmissionRequest["resource"];
  readonly requestSubResource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly operation: Attributes["operation"];
  readonly userInfo: {
    readonly username: string;
    readonly uid?: string;
    readonly groups: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly dryRun: boolean;
  readonly options: JsonObject | null;
}

const OPTIONS = {
  CREATE: "CreateOptions",
  UPDATE: "UpdateOptions",
  DELETE: "DeleteOptions",
  CONNECT: undefined,
} as const;

export function requestOf({ context, operation, name, object }: Attributes): AdmissionRequest {
  const { kind, subresource, user, request, dryRun } = context;
  const { groups, extra, uid, name: username } = user;
  const [type, resource] = [
    shownKind(kind, subresource),
    { group: kind.group, version: kind.version, resource: kind.plural },
  ];
  const shown = name === "" ? (object?.metadata.name ?? "") : name;
  const about = operation === "UPDATE" && request.verb === "patch" ? "PatchOptions" : OPTIONS[operation];
  const fieldManager = request.query["fieldManager"]?.[0];
  return {
    kind: type,
    resource,
    ...(subresource === "" ? {} : { subResource: subresource }),
    requestKind: type,
    requestResource: resource,
    ...(subresource === "" ? {} : { requestSubResource: subresource }),
    ...(shown ? { name: shown } : {}),
    ...namespaceShown(context.namespace, kind, shown),
    operation,
    userInfo: { username, ...(uid === undefined ? {} : { uid }), groups, ...(extra ? { extra } : {}) },
    dryRun,
    options: about
      ? {
          kind: about,
          apiVersion: "meta.k8s.io/v1",
          ...(fieldManager === undefined ? {} : { fieldManager }),
          ...(dryRun ? { dryRun: ["All"] } : {}),
        }
      : null,
  };
}

/** A Namespace is in itself. */
function namespaceShown(namespace: string, { group, plural }: AnyKind, name: string): { readonly namespace?: string } {
  const inside = group === "" && plural === "namespaces" ? name : namespace;
  return inside === "" ? {} : { namespace: inside };
}

/** Through the subresource scale goes another kind of object. */
function shownKind(kind: AnyKind, subresource: string): AdmissionRequest["kind"] {
  const part = kind.subresources?.[subresource];
  const { group, version, kind: name } = part && "as" in part ? part.as : kind;
  return { group, version, kind: name };
}
