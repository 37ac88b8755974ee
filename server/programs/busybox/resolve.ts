import type { Process } from "../../sim/host/index.ts";
import { getaddrinfo, type Family } from "../netdb/getaddrinfo.ts";

/** The first address of a host, or what busybox dies with: `bad address 'web'` (libbb/xconnect.c str2sockaddr). */
export async function hostAddress(
  process: Process,
  host: string,
  family?: Family,
): Promise<{ address: string } | { problem: string }> {
  // prettier-ignore
  const found = await getaddrinfo(process, host.replace(/^\[(.*)\]$/, "$1"), family);
  const [address] = found.addresses;
  return address === undefined ? { problem: `bad address '${host}'` } : { address };
}

/** `10.96.0.1:80`, `[::1]:80` */
export function dotted(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
