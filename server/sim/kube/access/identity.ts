import type { Time } from "../../kernel/index.ts";
import type { UserInfo } from "../api/index.ts";
import { commonName, organizations, parseCertificatesPem, verifyCertificate, type Certificate } from "../pki/index.ts";

const ANONYMOUS: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** What a request is authenticated by: the client's certificate chain of the TLS session, or an Authorization header. */
export interface Credentials {
  readonly clientChain?: readonly string[];
  readonly authorization?: string;
}

/** Who a token belongs to; undefined if it is nobody's. */
export type TokenReader = (token: string) => UserInfo | undefined;

/**
 * Who asks, as kube-apiserver's authenticators decide: a certificate that the client CA signed (CN is the user, O the
 * groups), a bearer token, or nobody. Undefined: the credentials are wrong (401).
 */
export function authenticate(
  credentials: Credentials,
  clientCa: string,
  now: Time,
  readToken: TokenReader,
): UserInfo | undefined {
  const leaf = credentials.clientChain?.[0];
  if (leaf !== undefined) {
    const [certificate] = certificates(leaf);
    const roots = certificates(clientCa);
    if (!certificate || "error" in verifyCertificate(certificate, { roots, now, usages: ["clientAuth"] }))
      return undefined;
    return user(commonName(certificate.subject), organizations(certificate.subject));
  }
  const bearer = /^Bearer\s+(\S+)$/i.exec(credentials.authorization ?? "")?.[1];
  if (bearer !== undefined) return readToken(bearer);
  return ANONYMOUS;
}

function user(name: string, groups: readonly string[]): UserInfo {
  return { name, groups: [...groups, "system:authenticated"] };
}

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
