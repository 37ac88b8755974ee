import { parseRfc3339, type Time } from "../../../kernel/index.ts";
import type { Secret } from "../../api/index.ts";

/** Where bootstrap tokens are kept, and as what. */
export const TOKENS = "kube-system";
const TYPE = "bootstrap.kubernetes.io/token";

/** What a Secret says as a bootstrap token. */
export interface Token {
  readonly id: string;
  readonly secret: string;
  readonly signs: boolean;
  /** Undefined: it lasts for ever. */
  readonly expires: Time | undefined;
}

export function isToken({ metadata, type }: Secret): boolean {
  return metadata.namespace === TOKENS && type === TYPE;
}

export function readToken(secret: Secret): Token | undefined {
  if (!isToken(secret) || secret.metadata.deletionTimestamp) return undefined;
  const field = (name: string): string => Buffer.from(secret.data?.[name] ?? "", "base64").toString();
  return {
    id: field("token-id"),
    secret: field("token-secret"),
    signs: field("usage-bootstrap-signing") === "true",
    expires: parseRfc3339(field("expiration")),
  };
}
