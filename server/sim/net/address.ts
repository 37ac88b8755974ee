import {
  address,
  addressText,
  broadcastOf,
  ipv4,
  isIPv4,
  isLoopback,
  isMulticast,
  parseAddress,
  type Address,
} from "./ip.ts";
import { scopeNumber, type AddressRow, type AddressScope } from "./address-row.ts";
import { dropMasqueraded } from "./conntrack/masqueraded.ts";
import { addAddressRoutes, removeAddressRoutes } from "./address-routes.ts";
import { fail, ok, type Result } from "./errno.ts";
import { addressesOf, localAddress, sameSubnet } from "./local.ts";
import type { LinkRow } from "./link/row.ts";
import type { Namespace } from "./namespace.ts";
import { flushNeighbours } from "./neighbour.ts";
import { flushRoutes } from "./route/table.ts";
import { configurationOf } from "./sysctl/configuration.ts";

/** An address as a program asks for it. */
export interface AddressSpec {
  readonly local: string;
  readonly length: number;
  readonly peer?: string;
  readonly broadcast?: string;
  readonly label?: string;
  readonly scope?: AddressScope;
  readonly noprefixroute?: boolean;
  readonly nodad?: boolean;
  readonly metric?: number;
}

/** Gives a link an address, with the routes that follow from it (inet_rtm_newaddr, __inet_insert_ifa). */
export function addAddress(ns: Namespace, link: LinkRow, spec: AddressSpec): Result<AddressRow> {
  const local = parseAddress(spec.local);
  if (local === undefined || spec.length < 0 || spec.length > (isIPv4(local) ? 32 : 128)) return fail("EINVAL");
  const rows = addressesOf(ns, link.index);
  if (rows.length >= ns.kernel.limits.networkRows) return fail("ENOBUFS");
  if (!isIPv4(local) && isMulticast(local))
    return fail("EINVAL", 'ipv6: Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag');
  if (!isIPv4(local) && isLoopback(local) && link.kind !== "loopback")
    return fail("EADDRNOTAVAIL", "ipv6: Cannot assign loopback address on this device");
  const row = makeRow(ns, link, spec);
  const inserted = row.family === 4 ? insert4(rows, row) : insert6(rows, row);
  if (!inserted.ok) return inserted;
  const { value } = inserted;
  ns.addresses.set(link.index, value.rows);
  addAddressRoutes(ns, link, value.row, value.rows);
  return ok(value.row);
}

function makeRow(ns: Namespace, link: LinkRow, spec: AddressSpec): AddressRow {
  const local = address(spec.local);
  const family = isIPv4(local) ? 4 : 6;
  const scope = spec.scope ?? (isLoopback(local) ? "host" : isLinkLocal(local) ? "link" : "global");
  return {
    family,
    local: addressText(local),
    length: spec.length,
    scope,
    ...(spec.peer === undefined ? {} : { peer: spec.peer }),
    ...(spec.broadcast === undefined ? {} : { broadcast: spec.broadcast }),
    ...(family === 4 ? { label: spec.label ?? link.name } : {}),
    secondary: false,
    noprefixroute: spec.noprefixroute ?? false,
    ...(spec.nodad && family === 6 ? { nodad: true as const } : {}),
    ...(spec.metric === undefined ? {} : { metric: spec.metric }),
    since: ns.kernel.now,
  };
}

/** fe80::/10 */
function isLinkLocal(value: Address): boolean {
  return typeof value === "bigint" && value >> 118n === 0x3fan;
}

interface Inserted {
  readonly row: AddressRow;
  readonly rows: readonly AddressRow[];
}

/** A second address of the same subnet is secondary and goes last; a primary one goes behind those that reach as far. */
function insert4(rows: readonly AddressRow[], row: AddressRow): Result<Inserted> {
  const scope = scopeNumber(row.scope);
  let secondary = false;
  let place = 0;
  for (const [at, other] of rows.entries()) {
    if (other.family !== 4) break;
    if (!other.secondary && scope <= scopeNumber(other.scope)) place = at + 1;
    if (other.length !== row.length || !sameSubnet(other, address(row.peer ?? row.local))) continue;
    if (other.local === row.local) return fail("EEXIST", "ipv4: Address already assigned");
    if (other.scope !== row.scope) return fail("EINVAL", "ipv4: Invalid scope value");
    secondary = true;
  }
  const end = rows.filter((other) => other.family === 4).length;
  const made = { ...row, secondary };
  return ok({ row: made, rows: rows.toSpliced(secondary ? end : place, 0, made) });
}

/** IPv6 keeps addresses by scope, the widest first, and of one scope the newest first (ipv6_link_dev_addr). */
function insert6(rows: readonly AddressRow[], row: AddressRow): Result<Inserted> {
  if (rows.some((other) => other.family === 6 && other.local === row.local))
    return fail("EEXIST", "ipv6: address already assigned");
  const scope = scopeNumber(row.scope);
  const before = rows.findIndex((other) => other.family === 6 && scopeNumber(other.scope) >= scope);
  return ok({ row, rows: rows.toSpliced(before < 0 ? rows.length : before, 0, row) });
}

/**
 * Takes an address from a link. Without `length`, whatever its prefix is. With the primary address go the secondaries of its
 * subnet, unless `promote_secondaries` is set (__inet_del_ifa).
 */
export function removeAddress(
  ns: Namespace,
  link: LinkRow,
  spec: { readonly local: string; readonly length?: number },
): Result<AddressRow> {
  const rows = addressesOf(ns, link.index);
  const row = rows.find(
    (other) => other.local === spec.local && (spec.length === undefined || other.length === spec.length),
  );
  if (!row)
    return spec.local.includes(":")
      ? fail("EADDRNOTAVAIL", "ipv6: address not found")
      : fail("EADDRNOTAVAIL", "ipv4: Address not found");
  const primary = row.family === 4 && !row.secondary;
  const depends = (other: AddressRow): boolean =>
    primary &&
    other.family === 4 &&
    other.secondary &&
    other.length === row.length &&
    sameSubnet(row, ipv4(other.local));
  const promotes = configurationOf(ns).device(link.index).promoteSecondaries;
  const dependents = rows.filter(depends);
  const gone = promotes ? [row] : [...dependents, row];
  const left = rows.filter((other) => !gone.includes(other));
  const stay = promotes ? promote(left, depends) : left;
  write(ns, link, stay);
  for (const old of [...dependents, row]) removeAddressRoutes(ns, link, old, rows, stay);
  if (dependents.length > 0) for (const kept of stay) addAddressRoutes(ns, link, kept, stay);
  flushUnsourced(ns, gone);
  for (const old of gone) if (old.family === 4) dropMasqueraded(ns, link.index, ipv4(old.local));
  if (row.family === 4 && !stay.some((other) => other.family === 4)) disableIp(ns, link);
  return ok(row);
}

/** Replaces what can change about an address (`ip addr replace`), or adds it. */
export function replaceAddress(ns: Namespace, link: LinkRow, spec: AddressSpec): Result<AddressRow> {
  const rows = addressesOf(ns, link.index);
  const at = rows.findIndex((other) => other.local === spec.local && other.length === spec.length);
  if (at < 0) return addAddress(ns, link, spec);
  const old = rows[at]!;
  const made: AddressRow = {
    ...old,
    ...(spec.broadcast === undefined ? {} : { broadcast: spec.broadcast }),
    ...(spec.label === undefined ? {} : { label: spec.label }),
    ...(spec.noprefixroute === undefined ? {} : { noprefixroute: spec.noprefixroute }),
    ...(spec.metric === undefined ? {} : { metric: spec.metric }),
  };
  const changed = rows.with(at, made);
  ns.addresses.set(link.index, changed);
  removeAddressRoutes(ns, link, old, rows, changed.toSpliced(at, 1));
  addAddressRoutes(ns, link, made, changed);
  return ok(made);
}

/** `brd +`: all host bits set. */
export function defaultBroadcast(local: string, length: number): string {
  return addressText(broadcastOf(ipv4(local), length));
}

/** Takes all addresses from a link that leaves or is deleted; its routes go another way. */
export function dropAddresses(ns: Namespace, link: number): void {
  const rows = addressesOf(ns, link);
  ns.addresses.delete(link);
  flushUnsourced(ns, rows);
}

function promote(rows: readonly AddressRow[], dependent: (row: AddressRow) => boolean): AddressRow[] {
  const first = rows.find(dependent);
  if (!first) return [...rows];
  const rest = rows.filter((row) => row !== first);
  const scope = scopeNumber(first.scope);
  let place = 0;
  for (const [at, other] of rest.entries())
    if (other.family === 4 && !other.secondary && scope <= scopeNumber(other.scope)) place = at + 1;
  return rest.toSpliced(place, 0, { ...first, secondary: false });
}

function write(ns: Namespace, link: LinkRow, rows: readonly AddressRow[]): void {
  if (rows.length > 0) ns.addresses.set(link.index, rows);
  else ns.addresses.delete(link.index);
}

/** Routes that prefer a source that is gone go with it (fib_sync_down_addr). */
function flushUnsourced(ns: Namespace, gone: readonly AddressRow[]): void {
  const lost = new Set(gone.map((row) => row.local).filter((local) => !localAddress(ns, address(local))));
  if (lost.size > 0) flushRoutes(ns, (route) => route.source !== undefined && lost.has(route.source));
}

/** With a link's last IPv4 address go all of its IPv4 routes (fib_disable_ip). */
function disableIp(ns: Namespace, link: LinkRow): void {
  flushRoutes(ns, (route) => route.family === 4 && route.hops.some((hop) => hop.link === link.index));
  flushNeighbours(ns, link.index, { keepPermanent: false });
}
