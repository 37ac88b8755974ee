import { SECOND, type Time } from "../kernel/index.ts";
import { addressText } from "./ip.ts";
import { addAddress, removeAddress } from "./address.ts";
import type { AddressRow } from "./address-row.ts";
import { addAddressRoutes } from "./address-routes.ts";
import { addressesOf } from "./local.ts";
import { linkLocal } from "./mac.ts";
import type { LinkRow } from "./link/row.ts";
import { isBare, isOperUp } from "./link/row.ts";
import type { Namespace } from "./namespace.ts";
import { TABLE_LOCAL } from "./route/row.ts";
import { flushRoutes, insertKernelRoute } from "./route/table.ts";
import { configurationOf } from "./sysctl/configuration.ts";

/** A random wait below a second and one question of a second (dad_transmits 1): 1.5 s stands for it. */
const DUPLICATE_DETECTION: Time = 1.5 * SECOND;

/** True until the kernel has asked, on a link that is up, whether somebody else has the address: tools print `tentative`. */
export function isTentative(link: LinkRow, row: AddressRow, now: Time): boolean {
  if (row.family !== 6 || row.nodad || link.kind === "loopback" || !link.arp) return false;
  return !link.up || now - row.since < DUPLICATE_DETECTION;
}

/** Gives a link that became usable its IPv6 addresses and routes (addrconf_dev_config). */
export function startIpv6(ns: Namespace, link: LinkRow): void {
  if (!isOperUp(link) || !link.carrier || link.mtu < 1280) return;
  const configuration = configurationOf(ns);
  if (configuration.device(link.index).disableIpv6) return;
  const rows = addressesOf(ns, link.index);
  for (const row of rows) if (row.family === 6) addAddressRoutes(ns, link, row, rows);
  if (link.kind === "loopback") {
    if (!rows.some((row) => row.local === "::1")) addAddress(ns, link, { local: "::1", length: 128 });
    return;
  }
  // No address is made of what is none (addrconf_dev_config knows few kinds of links).
  if (isBare(link)) return;
  if (configuration.setting("net/ipv6/conf", link.index, "addr_gen_mode") === 0) {
    const local = addressText(linkLocal(link.address));
    if (!rows.some((row) => row.family === 6 && row.kernel)) {
      addAddress(ns, link, { local, length: 64, scope: "link" });
      markKernel(ns, link.index, local);
    }
  }
  insertKernelRoute(ns, {
    family: 6,
    table: TABLE_LOCAL,
    type: "multicast",
    to: "ff00::/8",
    protocol: "kernel",
    scope: "global",
    metric: 256,
    hops: [{ link: link.index }],
  });
}

/** Takes the addresses and routes of a link that went down (addrconf_ifdown). */
export function stopIpv6(ns: Namespace, link: LinkRow): void {
  const keep = configurationOf(ns).setting("net/ipv6/conf", link.index, "keep_addr_on_down") > 0;
  for (const row of addressesOf(ns, link.index))
    if (row.family === 6 && (row.kernel || row.scope === "link" || link.kind === "loopback" || !keep))
      removeAddress(ns, link, { local: row.local, length: row.length });
  flushRoutes(ns, (route) => route.family === 6 && route.hops.some((hop) => hop.link === link.index));
}

function markKernel(ns: Namespace, link: number, local: string): void {
  const rows = addressesOf(ns, link);
  ns.addresses.set(
    link,
    rows.map((row) => (row.local === local ? { ...row, kernel: true } : row)),
  );
}
