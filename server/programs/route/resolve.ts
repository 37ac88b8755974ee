import type { Process } from "../../sim/host/index.ts";
import { parseAddress, resolveName } from "../../sim/net/index.ts";
import { readShortIPv4 } from "../ip/prefix.ts";

/** What herror(3) of net-tools says of a name that has no address. */
export type Unresolved = { readonly why: "Unknown host" | "Host name lookup failure" };

/** The IPv4 address of a name or of digits (net-tools lib/inet.c: INET_resolve). */
export async function resolveHost(process: Process, word: string): Promise<string | Unresolved> {
  if (/^[\d.]+$/.test(word)) {
    const address = readShortIPv4(word);
    if (address === undefined) return { why: "Unknown host" };
    return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
  }
  const { addresses, failure } = await resolveName(process, word);
  const found = addresses.find((one) => typeof parseAddress(one) === "number");
  if (found !== undefined) return found;
  return { why: failure === "try again" ? "Host name lookup failure" : "Unknown host" };
}
