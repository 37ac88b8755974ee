import { createHash } from "node:crypto";
import { SECOND } from "../../../kernel/index.ts";
import { anyKind, type JsonObject, type UserInfo } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { pods, serviceAccounts } from "../../kinds/index.ts";
import {
  publicKeyInfo,
  readPrivateKeyPem,
  readPublicKeyPem,
  signBytes,
  verifySignature,
  type PrivateKey,
  type PublicKey,
} from "../../pki/index.ts";

interface Claims {
  readonly exp: number;
  readonly nbf: number;
  readonly iss: string;
  readonly sub: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly pod?: { readonly name: string; readonly uid: string };
    readonly serviceaccount: { readonly name: string; readonly uid: string };
  };
}

/** Makes a token of claims with the key that the server's flags name (pkg/serviceaccount/jwt.go). */
export function signToken(cluster: Cluster, claims: JsonObject): string {
  const key = readKey(file(cluster, cluster.row.files?.serviceAccountSigningKey), readPrivateKeyPem);
  if (!key) throw new Error("no signing key for service account tokens");
  const header = { alg: "RS256", kid: keyId(key) };
  const signed = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  return `${signed}.${Buffer.from(signBytes(key, Buffer.from(signed))).toString("base64url")}`;
}

/** Who a token of a service account belongs to; undefined if the server does not accept it. */
export function readToken(cluster: Cluster, token: string): UserInfo | undefined {
  const key = readKey(file(cluster, cluster.row.files?.serviceAccountKey), readPublicKeyPem);
  const claims = key && verified(key, token);
  if (!claims) return undefined;
  const now = cluster.kernel.now / SECOND;
  if (claims.iss !== cluster.row.settings?.issuer || now >= claims.exp || now < claims.nbf) return undefined;
  const { namespace, pod, serviceaccount } = claims["kubernetes.io"];
  const { store } = cluster.api;
  const account = store.get(anyKind(serviceAccounts), namespace, serviceaccount.name);
  if (account?.metadata.uid !== serviceaccount.uid) return undefined;
  if (pod && store.get(anyKind(pods), namespace, pod.name)?.metadata.uid !== pod.uid) return undefined;
  return {
    name: claims.sub,
    uid: serviceaccount.uid,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}

const checked = new WeakMap<PublicKey, Map<string, Claims | undefined>>();
const REMEMBERED = 256;

/** The claims of a token whose signature is right. A signature is right for ever, so it is checked once. */
function verified(key: PublicKey, token: string): Claims | undefined {
  let known = checked.get(key);
  if (!known || known.size >= REMEMBERED) checked.set(key, (known = new Map()));
  if (!known.has(token)) known.set(token, verify(key, token));
  return known.get(token);
}

function verify(key: PublicKey, token: string): Claims | undefined {
  const parts = token.split(".");
  if (parts.length !== 3) return undefined;
  const signature = Buffer.from(parts[2]!, "base64url");
  if (!verifySignature(key, Buffer.from(`${parts[0]!}.${parts[1]!}`), signature)) return undefined;
  return JSON.parse(Buffer.from(parts[1]!, "base64url").toString()) as Claims;
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

/** The name of a key: the hash of what SubjectPublicKeyInfo says of it (keyIDFromPublicKey). */
function keyId(key: PrivateKey): string {
  return createHash("sha256").update(publicKeyInfo(key.public)).digest("base64url");
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
