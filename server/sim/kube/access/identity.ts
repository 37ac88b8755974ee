import { createHash } from "node:crypto";
import type { Time } from "../../kernel/index.ts";
import type { UserInfo } from "../api/index.ts";
import { commonName, organizations, parseCertificatesPem, verifyCertificate, type Certificate } from "../pki/index.ts";

const ANONYMOUS: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };
const AUTHENTICATED = "system:authenticated";

/** What a request is authenticated by: the client's certificate chain of the TLS session, or an Authorization header. */
export interface Credentials {
  readonly clientChain?: readonly string[];
  readonly authorization?: string;
}

/** Who a token belongs to; undefined if it is nobody's. */
export type TokenReader = (token: string) => UserInfo | undefined;

/** What decides besides the credentials. */
export interface Authenticators {
  /** PEM text of `--client-ca-file`. */
  readonly clientCa: string;
  readonly now: Time;
  readonly readToken: TokenReader;
  /** `--anonymous-auth` */
  readonly anonymous: boolean;
}

/**
 * Who asks, as kube-apiserver's authenticators decide: a certificate that the client CA signed (CN is the user, O the
 * groups), a bearer token, or nobody. Undefined: the credentials are wrong (401).
 */
export function authenticate(
  { clientChain, authorization }: Credentials,
  { clientCa, now, readToken, anonymous }: Authenticators,
): UserInfo | undefined {
  const leaf = clientChain?.[0];
  const known = leaf === undefined ? undefined : certificateUser(leaf, clientCa, now);
  if (known) return known;
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (bearer !== undefined) return readToken(bearer);
  return leaf === undefined && anonymous ? ANONYMOUS : undefined;
}

function certificateUser(leaf: string, clientCa: string, now: Time): UserInfo | undefined {
  const [certificate] = certificates(leaf);
  const roots = certificates(clientCa);
  if (!certificate || "error" in verifyCertificate(certificate, { roots, now, usages: ["clientAuth"] }))
    return undefined;
  return userOf(certificate);
}

/** The user that a certificate is made out to, with the name of the credential since 1.32 (request/x509/x509.go). */
function userOf(certificate: Certificate): UserInfo {
  let user = users.get(certificate);
  if (!user) {
    const id = `X509SHA256=${createHash("sha256").update(certificate.raw).digest("hex")}`;
    user = {
      name: commonName(certificate.subject),
      groups: [...organizations(certificate.subject), AUTHENTICATED],
      extra: { "authentication.kubernetes.io/credential-id": [id] },
    };
    users.set(certificate, user);
  }
  return user;
}

const users = new WeakMap<Certificate, UserInfo>();

/** Certificates of a PEM text, remembered: the same few texts are read with every connection. */
export function certificates(pem: string): readonly Certificate[] {
  let known = remembered.get(pem);
  if (!known) {
    const parsed = parseCertificatesPem(pem);
    known = "error" in parsed ? [] : parsed;
    if (remembered.size >= 256) remembered.clear();
    remembered.set(pem, known);
  }
  return known;
}

const remembered = new Map<string, readonly Certificate[]>();
