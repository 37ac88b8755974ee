/** What a client says when it starts TLS. Nothing is encrypted here; both ends see what they would see. */
export interface ClientHello {
  /** Server Name Indication; none if the client asked by address. */
  readonly serverName?: string;
  readonly alpn?: readonly string[];
  /** Highest version offered. */
  readonly version: "TLSv1.2" | "TLSv1.3";
  /** It offers nothing that servers still speak: TLS 1.1 and before. */
  readonly obsolete?: boolean;
  /** The client's certificate chain, PEM texts with the leaf first, for servers that ask. */
  readonly certificate?: readonly string[];
}

/** The server's side of the handshake: who it is, or why not. */
export type TlsAnswer =
  | {
      /** PEM texts, leaf first: chosen by name, as nginx or an API server do. */
      readonly chain: readonly string[];
      readonly alpn?: string;
      readonly version?: "TLSv1.2" | "TLSv1.3";
      /** Which cipher it prefers of each version, if not the client's first. */
      readonly ciphers?: Readonly<Partial<Record<"TLSv1.2" | "TLSv1.3", string>>>;
      /** It wants to see the client's certificate. */
      readonly requestsCertificate?: boolean;
      /** Whose certificates it takes: PEM texts, each of one certificate or several. */
      readonly clientAuthorities?: readonly string[];
    }
  | { readonly alert: TlsAlert };

/** Names of alerts as RFC 8446 has them, with underscores. */
export type TlsAlert =
  | "unrecognized_name"
  | "handshake_failure"
  | "bad_certificate"
  | "certificate_required"
  | "unknown_ca"
  | "protocol_version"
  | "internal_error";

/** A connection's TLS as both ends see it. Plain data, part of their rows. */
export interface TlsSession {
  readonly serverName?: string;
  readonly version: "TLSv1.2" | "TLSv1.3";
  /** In OpenSSL's words: `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
  readonly alpn?: string;
  readonly serverChain: readonly string[];
  readonly clientChain?: readonly string[];
}

/** What OpenSSL's clients would have first. */
export const FIRST_CIPHERS = {
  "TLSv1.2": "ECDHE-RSA-AES256-GCM-SHA384",
  "TLSv1.3": "TLS_AES_256_GCM_SHA384",
} as const;

/** What Go's servers prefer where AES is quick, whatever the client would have first (crypto/tls/cipher_suites.go). */
export const GO_CIPHERS = {
  "TLSv1.2": "ECDHE-RSA-AES128-GCM-SHA256",
  "TLSv1.3": "TLS_AES_128_GCM_SHA256",
} as const;
