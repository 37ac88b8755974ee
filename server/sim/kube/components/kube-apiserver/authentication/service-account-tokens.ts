import { SECOND } from "../../../../kernel/index.ts";
import { anyKind, type JsonObject, type KubeObject, type Secret, type UserInfo } from "../../../api/index.ts";
import type { Cluster } from "../../../cluster/cluster.ts";
import { nodes, pods, secrets, serviceAccounts } from "../../../kinds/index.ts";
import {
  readPrivateKeyPem,
  readPublicKeyPem,
  signJwt,
  verifyJwt,
  type PrivateKey,
  type PublicKey,
} from "../../../pki/index.ts";
import type { TokenResult } from "./tokens.ts";

interface Reference {
  readonly name: string;
  readonly uid: string;
}

/** What TokenRequest puts into a token. */
interface BoundClaims {
  readonly aud?: readonly string[] | string;
  readonly exp: number;
  readonly nbf: number;
  readonly iss: string;
  readonly sub: string;
  readonly jti?: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly pod?: Reference;
    readonly node?: { readonly name: string; readonly uid?: string };
    readonly secret?: Reference;
    readonly serviceaccount: Reference;
  };
}

/** What the controller manager puts into the token of a Secret. */
const LEGACY_ISSUER = "kubernetes/serviceaccount";
const LEGACY = "kubernetes.io/serviceaccount/";
const EXTRA = "authentication.kubernetes.io/";

/** Makes a token of claims with the key that the server's flags name. */
export function signToken(cluster: Cluster, claims: JsonObject): string {
  const key = readKey(file(cluster, cluster.row.files?.serviceAccountSigningKey), readPrivateKeyPem);
  if (!key) throw new Error("no signing key for service account tokens");
  return signJwt(key satisfies PrivateKey, claims);
}

/** The key that tokens are verified with: `--service-account-key-file`. */
export function tokenKey(cluster: Cluster): PublicKey | undefined {
  return readKey(file(cluster, cluster.row.files?.serviceAccountKey), readPublicKeyPem);
}

/**
 * Who a token of a service account belongs to (pkg/serviceaccount/{jwt,claims,legacy}.go). Undefined: it is no such token;
 * an error: it is one, and is not good any more.
 */
export function readServiceAccountToken(
  cluster: Cluster,
  token: string,
  audiences: readonly string[],
): TokenResult | undefined {
  const key = tokenKey(cluster);
  const claims = key && verified(key, token);
  if (!claims) return undefined;
  const issuer = cluster.row.settings?.issuer;
  if (claims["iss"] === LEGACY_ISSUER) return legacy(cluster, claims, token, audiences, issuer);
  if (claims["iss"] !== issuer) return undefined;
  return bound(cluster, claims as unknown as BoundClaims, audiences);
}

function bound(cluster: Cluster, claims: BoundClaims, wanted: readonly string[]): TokenResult {
  const now = cluster.kernel.now / SECOND;
  const audiences = typeof claims.aud === "string" ? [claims.aud] : (claims.aud ?? []);
  const common = audiences.filter((audience) => wanted.includes(audience));
  if (common.length === 0)
    return { error: `token audiences [${quoted(audiences)}] is invalid for the target audiences [${quoted(wanted)}]` };
  if (now >= claims.exp) return { error: "service account token has expired" };
  if (now < claims.nbf) return { error: "service account token is not valid yet" };
  const { namespace, pod, node, secret, serviceaccount } = claims["kubernetes.io"];
  const { store } = cluster.api;
  const is = (object: KubeObject | undefined, uid: string): boolean =>
    object?.metadata.uid === uid && object.metadata.deletionTimestamp === undefined;
  if (!is(store.get(anyKind(serviceAccounts), namespace, serviceaccount.name), serviceaccount.uid)) return INVALIDATED;
  if (pod && store.get(anyKind(pods), namespace, pod.name)?.metadata.uid !== pod.uid) return INVALIDATED;
  if (secret && !is(store.get(anyKind(secrets), namespace, secret.name), secret.uid)) return INVALIDATED;
  if (node && !pod && store.get(anyKind(nodes), "", node.name)?.metadata.uid !== node.uid) return INVALIDATED;
  const extra: Record<string, readonly string[]> = {
    ...(claims.jti === undefined ? {} : { [`${EXTRA}credential-id`]: [`JTI=${claims.jti}`] }),
    ...(node ? { [`${EXTRA}node-name`]: [node.name] } : {}),
    ...(node?.uid === undefined ? {} : { [`${EXTRA}node-uid`]: [node.uid] }),
    ...(pod ? { [`${EXTRA}pod-name`]: [pod.name], [`${EXTRA}pod-uid`]: [pod.uid] } : {}),
  };
  return { user: accountUser(claims.sub, namespace, serviceaccount.uid, extra), audiences: common };
}

function legacy(
  { api: { store } }: Cluster,
  claims: Readonly<Record<string, unknown>>,
  token: string,
  wanted: readonly string[],
  issuer: string | undefined,
): TokenResult {
  // Such a token is for the API server, and says nothing of it.
  if (issuer !== undefined && !wanted.includes(issuer))
    return { error: `token audiences [] is invalid for the target audiences [${quoted(wanted)}]` };
  const claim = (name: string): string => {
    const value = claims[LEGACY + name];
    return typeof value === "string" ? value : "";
  };
  const namespace = claim("namespace");
  const secret: Secret | undefined = store.get(anyKind(secrets), namespace, claim("secret.name"));
  const kept = Buffer.from(secret?.data?.["token"] ?? "", "base64").toString();
  if (!secret || secret.metadata.deletionTimestamp !== undefined || kept !== token) return INVALIDATED;
  const account = store.get(anyKind(serviceAccounts), namespace, claim("service-account.name"));
  const uid = claim("service-account.uid");
  if (account?.metadata.uid !== uid || account.metadata.deletionTimestamp !== undefined) return INVALIDATED;
  return { user: accountUser(String(claims["sub"]), namespace, uid, {}), audiences: wanted };
}

const INVALIDATED: TokenResult = { error: "service account token has been invalidated" };

function accountUser(
  name: string,
  namespace: string,
  uid: string,
  extra: Readonly<Record<string, readonly string[]>>,
): UserInfo {
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  return { name, uid, groups, ...(Object.keys(extra).length > 0 ? { extra } : {}) };
}

function quoted(list: readonly string[]): string {
  return list.map((item) => JSON.stringify(item)).join(" ");
}

const checked = new WeakMap<PublicKey, Map<string, Readonly<Record<string, unknown>> | undefined>>();
const REMEMBERED = 256;

/** The claims of a token whose signature is right. A signature is right for ever, so it is checked once. */
function verified(key: PublicKey, token: string): Readonly<Record<string, unknown>> | undefined {
  let known = checked.get(key);
  if (!known || known.size >= REMEMBERED) checked.set(key, (known = new Map()));
  if (!known.has(token)) known.set(token, verifyJwt(key, token));
  return known.get(token);
}

function file(cluster: Cluster, path: string | undefined): string {
  const running = cluster.row.apiServer;
  const host = running && cluster.hosts.host(running.host);
  return (path !== undefined && host?.readText(path)) || "";
}

const keys = new Map<string, unknown>();

/** Keys of PEM texts, remembered: there are a few, and they are read with every token. */
function readKey<T>(pem: string, read: (pem: string) => T | undefined): T | undefined {
  const known = keys.get(pem) as T | undefined;
  if (known) return known;
  const key = read(pem);
  if (keys.size >= REMEMBERED) keys.clear();
  if (key) keys.set(pem, key);
  return key;
}
