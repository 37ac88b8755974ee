import { rfc3339, SECOND } from "../../../kernel/index.ts";
import {
  anyKind, errors, invalid, quote, type ActionSubresource, type AnyKind, type FieldErrors, type JsonObject, type KindContext,
  type KubeObject, type Pod, type ServiceAccount,
} from "../../api/index.ts"; // prettier-ignore
import { nodes } from "./node.ts";
import { pods } from "./pod/pod.ts";
import { secrets } from "./secret.ts";

interface TokenRequestSpec {
  readonly audiences?: readonly string[];
  readonly expirationSeconds?: number;
  readonly boundObjectRef?: {
    readonly kind?: string;
    readonly apiVersion?: string;
    readonly name?: string;
    readonly uid?: string;
  };
}

const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 10 * 60;
const MAX_SECONDS = 2 ** 32;
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
    const found: FieldErrors = [];
    if (seconds < MIN_SECONDS)
      found.push(invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"));
    if (seconds > MAX_SECONDS)
      found.push(invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds"));
    if (found.length > 0) throw errors.invalid(TOKEN_REQUEST, "", found);
    const longest = context.settings.maxTokenSeconds ?? 0;
    const lasts = longest > 0 ? Math.min(seconds, longest) : seconds;
    if (lasts < seconds) context.warn(`requested expiration of ${seconds} seconds shortened to ${lasts} seconds`);
    const { pod, secret, node } = boundObject(account, spec, context);
    const issued = Math.floor(context.now / SECOND);
    const extended = pod !== undefined && seconds === WARN_AFTER_SECONDS && audiences.includes(issuer);
    const claims: JsonObject = {
      aud: audiences,
      exp: issued + (extended ? EXTENDED_SECONDS : lasts),
      iat: issued,
      iss: issuer,
      jti: context.random.uuid("tokens"),
      "kubernetes.io": {
        namespace: account.metadata.namespace!,
        ...(pod ? nodeClaim(pod, context) : {}),
        ...(node ? { node: { name: node.metadata.name, uid: node.metadata.uid } } : {}),
        ...(pod ? { pod: { name: pod.metadata.name, uid: pod.metadata.uid } } : {}),
        ...(secret ? { secret: { name: secret.metadata.name, uid: secret.metadata.uid } } : {}),
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
          expirationSeconds: lasts,
          boundObjectRef: (spec.boundObjectRef as JsonObject | undefined) ?? null,
        },
        status: {
          token: signToken(claims),
          expirationTimestamp: rfc3339(context.now + lasts * SECOND),
        },
      },
    };
  },
};

/** What a token ends with, besides its account. */
interface Bound {
  readonly pod?: Pod;
  readonly secret?: KubeObject;
  readonly node?: KubeObject;
}

function boundObject(account: ServiceAccount, { boundObjectRef: ref }: TokenRequestSpec, context: KindContext): Bound {
  if (!ref) return {};
  const { kind = "", apiVersion: version = "", name = "", uid = "" } = ref;
  const namespace = account.metadata.namespace!;
  const find = (resource: string, of: AnyKind, within: string): KubeObject => {
    const object = context.store.get(of, within, name);
    if (!object) throw errors.notFound({ group: "", resource }, name);
    if (uid !== "" && uid !== object.metadata.uid)
      throw errors.conflict(
        { group: "", resource },
        name,
        `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      );
    return object;
  };
  switch (`${version} ${kind}`) {
    case "v1 Pod": {
      const pod = find("pods", anyKind(pods), namespace) as Pod;
      const own = pod.spec.serviceAccountName ?? "";
      if (own !== account.metadata.name)
        throw errors.badRequest(
          `cannot bind token for serviceaccount ${quote(account.metadata.name)} to pod running with different serviceaccount name.`,
        );
      return { pod };
    }
    case "v1 Secret":
      return { secret: find("secrets", anyKind(secrets), namespace) };
    case "v1 Node":
      return { node: find("nodes", anyKind(nodes), "") };
    default:
      throw errors.badRequest(`cannot bind token to object of type ${goKind(version, kind)}`);
  }
}

/** `schema.GroupVersionKind` as `%s` prints it. */
function goKind(version: string, kind: string): string {
  const slash = version.indexOf("/");
  return slash < 0
    ? `/${version}, Kind=${kind}`
    : `${version.slice(0, slash)}/${version.slice(slash + 1)}, Kind=${kind}`;
}

function nodeClaim({ spec: { nodeName } }: Pod, context: KindContext): JsonObject {
  const node = nodeName ? context.store.get(anyKind(nodes), "", nodeName) : undefined;
  return nodeName ? { node: { name: nodeName, ...(node ? { uid: node.metadata.uid } : {}) } } : {};
}
