import { rfc3339, SECOND } from "../../../kernel/index.ts";
import {
  anyKind, errors, invalid, required, type ActionSubresource, type FieldErrors, type JsonObject, type KindContext, type Pod,
  type ServiceAccount,
} from "../../api/index.ts"; // prettier-ignore
import { nodes } from "./node.ts";
import { pods } from "./pod/pod.ts";

interface TokenRequestSpec {
  readonly audiences?: readonly string[];
  readonly expirationSeconds?: number;
  readonly boundObjectRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
}

const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 10 * 60;
/** What the admission plugin ServiceAccount asks for; such tokens live for a year, and warn after this time. */
const WARN_AFTER_SECONDS = 3607;
const EXTENDED_SECONDS = 365 * 24 * 3600;

const TOKEN_REQUEST = { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" } as const;

/** serviceaccounts/token: a signed token, bound to a Pod or not (pkg/registry/core/serviceaccount/storage/token.go). */
export const token: ActionSubresource<ServiceAccount> = {
  type: "action",
  verbs: ["create"],
  as: TOKEN_REQUEST,
  run(account, body, context) {
    const { issuer, signToken } = context.settings;
    if (!issuer || !signToken) throw errors.notSimulated("serviceaccounts/token without a signing key");
    const spec = (body["spec"] ?? {}) as TokenRequestSpec;
    const audiences = spec.audiences?.length ? [...spec.audiences] : [issuer];
    const seconds = spec.expirationSeconds ?? DEFAULT_SECONDS;
    const { name } = account.metadata;
    if (seconds < MIN_SECONDS)
      throw errors.invalid(TOKEN_REQUEST, name, [
        invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"),
      ] satisfies FieldErrors);
    const pod = boundPod(account, spec, context);
    const issued = Math.floor(context.now / SECOND);
    const extended = pod !== undefined && seconds === WARN_AFTER_SECONDS && audiences.includes(issuer);
    const claims: JsonObject = {
      aud: audiences,
      exp: issued + (extended ? EXTENDED_SECONDS : seconds),
      iat: issued,
      iss: issuer,
      jti: context.random.uuid("tokens"),
      "kubernetes.io": {
        namespace: account.metadata.namespace!,
        ...(pod ? nodeClaim(pod, context) : {}),
        ...(pod ? { pod: { name: pod.metadata.name, uid: pod.metadata.uid } } : {}),
        serviceaccount: { name, uid: account.metadata.uid },
        ...(extended ? { warnafter: issued + WARN_AFTER_SECONDS } : {}),
      },
      nbf: issued,
      sub: `system:serviceaccount:${account.metadata.namespace!}:${name}`,
    };
    return {
      answer: {
        kind: TOKEN_REQUEST.kind,
        apiVersion: "authentication.k8s.io/v1",
        metadata: { name, namespace: account.metadata.namespace!, creationTimestamp: context.nowText },
        spec: {
          audiences,
          expirationSeconds: seconds,
          boundObjectRef: (spec.boundObjectRef as JsonObject | undefined) ?? null,
        },
        status: {
          token: signToken(claims),
          expirationTimestamp: rfc3339(context.now + seconds * SECOND),
        },
      },
    };
  },
};

function boundPod(
  account: ServiceAccount,
  { boundObjectRef: ref }: TokenRequestSpec,
  context: KindContext,
): Pod | undefined {
  if (!ref) return undefined;
  const { name } = account.metadata;
  if (ref.kind !== "Pod")
    throw errors.invalid(TOKEN_REQUEST, name, [
      invalid("spec.boundObjectRef", ref.kind ?? "", "cannot bind token to this kind here: only Pod is simulated"),
    ]);
  if (!ref.name) throw errors.invalid(TOKEN_REQUEST, name, [required("spec.boundObjectRef.name")]);
  const pod = context.store.get(anyKind(pods), account.metadata.namespace!, ref.name) as Pod | undefined;
  if (!pod) throw errors.notFound({ group: "", resource: "pods" }, ref.name);
  const conflict = (why: string): Error => errors.conflict({ group: "", resource: "pods" }, ref.name!, why);
  if (ref.uid && ref.uid !== pod.metadata.uid)
    throw conflict(
      `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  return pod;
}

function nodeClaim({ spec: { nodeName } }: Pod, context: KindContext): JsonObject {
  const node = nodeName ? context.store.get(anyKind(nodes), "", nodeName) : undefined;
  return nodeName ? { node: { name: nodeName, ...(node ? { uid: node.metadata.uid } : {}) } } : {};
}
