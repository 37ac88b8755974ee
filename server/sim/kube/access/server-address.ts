import { addressesNow, type Namespace } from "../../net/index.ts";
import type { Host } from "../../host/index.ts";

/** Where a server URL points. */
export interface ServerAddress {
  readonly tls: boolean;
  /** As it stands in the URL, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Takes `https://172.30.1.2:6443` apart; an error in Go's words. */
export function parseServer(server: string): ServerAddress | { readonly error: string } {
  const match = /^(?:(https?):\/\/)?(\[[^\]]+\]|[^/:]+)(?::([^/]*))?(?:\/.*)?$/.exec(server);
  if (!match) return { error: `parse "${server}": invalid URI for request` };
  const tls = match[1] !== "http";
  const host = match[2]!.replace(/^\[|\]$/g, "");
  if (match[3] === undefined || match[3] === "") return { tls, host, port: tls ? 443 : 80 };
  const port = Number(match[3]);
  if (!/^\d+$/.test(match[3])) return { error: `parse "${server}": invalid port ":${match[3]}" after host` };
  if (port > 65_535) return { error: `dial tcp: address ${match[3]}: invalid port` };
  return { tls, host, port };
}

/** The server's address as seen from a host, or why its name has none: Go's resolver. */
export function resolveServer(host: Host, ns: Namespace, name: string): string | { readonly error: string } {
  const found = addressesNow(host, ns, name);
  if (found.addresses[0] !== undefined) return found.addresses[0];
  const server = found.lookup?.asked.at(-1)?.server ?? "127.0.0.53";
  if (found.failure === "try again") return { error: `dial tcp: lookup ${name} on ${server}:53: server misbehaving` };
  return { error: `dial tcp: lookup ${name} on ${server}:53: no such host` };
}
