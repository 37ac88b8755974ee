import type { Time } from "../../kernel/index.ts";
import type { ClientHello } from "../../net/index.ts";
import { verifyCertificate } from "../pki/index.ts";
import { certificates } from "./identity.ts";
import type { RestConfig } from "./rest-config.ts";

/** What the client says when it starts TLS with an API server. */
export function clientHello(config: RestConfig, host: string): ClientHello {
  const name = config.tlsServerName ?? host;
  return {
    version: "TLSv1.3",
    alpn: ["h2", "http/1.1"],
    ...(/^[\d.]+$|:/.test(name) ? {} : { serverName: name }),
    ...(config.clientCertificate === undefined ? {} : { certificate: [config.clientCertificate] }),
  };
}

/** Why the client does not trust the server's certificate, in Go's words; undefined if it does. */
export function trustError(
  config: RestConfig,
  host: string,
  serverChain: readonly string[],
  now: Time,
): string | undefined {
  if (config.insecureSkipTlsVerify) return undefined;
  const [leaf, ...intermediates] = serverChain.flatMap((pem) => certificates(pem));
  if (!leaf) return "tls: received empty certificates message";
  const roots = certificates(config.certificateAuthority ?? "");
  const verified = verifyCertificate(leaf, { roots, intermediates, now, host: config.tlsServerName ?? host });
  return "error" in verified ? `tls: failed to verify certificate: ${verified.error}` : undefined;
}
