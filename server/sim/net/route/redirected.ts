import { addressText, type Address } from "../ip.ts";
import type { Namespace } from "../namespace.ts";

/** The gateway of an ICMP redirect that a namespace heeds, by destination (struct fib_nh_exception). */
export interface RedirectRow {
  readonly gateway: string;
  readonly link: number;
  readonly until: number;
}

/** The gateway that a redirect named for a destination on that link. */
export function redirected(ns: Namespace, destination: Address, link: number): RedirectRow | undefined {
  if (ns.redirects.size === 0) return undefined;
  const row = ns.redirects.get(addressText(destination));
  return row && row.link === link && row.until > ns.kernel.now ? row : undefined;
}
