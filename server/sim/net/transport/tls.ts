/** What a client says when it starts TLS. Nothing is encrypted here; both ends see what they would see. */
export interface ClientHello {
  /** Server Name Indication; none if the client asked by address. */
  readonly serverName?: string;
  readonly alpn?: readonly string[];
  /** Highest version offered. */
  readonly version: "TLSv1.2" | "TLSv1.3";
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
  readonly alpn?: string;
  readonly serverChain: readonly string[];
  readonly clientChain?: readonly string[];
}
