import { fail, ok, type Result } from "../errno.ts";
import { listFlows } from "../conntrack/flows.ts";
import { startIpv6, stopIpv6 } from "../ipv6.ts";
import { findLink, listLinks } from "../link/links.ts";
import type { Namespace } from "../namespace.ts";
import { configurationOf, deviceKey, settingText } from "./configuration.ts";
import { DEVICE_SYSCTLS, SYSCTLS, sysctlAt } from "./definitions.ts";
import type { SysctlDefinition } from "./definition.ts";

export function hasSysctl(ns: Namespace, path: string): boolean {
  return locate(ns, path) !== undefined;
}

/** The value at a path below /proc/sys (`net/ipv4/ip_forward`), as the file reads, without its newline. */
export function readSysctl(ns: Namespace, path: string): Result<string> {
  const place = locate(ns, path);
  if (!place) return fail("ENOENT");
  if (place.definition.writeOnly) return fail("EACCES");
  // An address secret that was never given cannot be read.
  if (place.device?.[2] === "stable_secret" && settingText(ns, ...place.device) === "") return fail("EIO");
  if (place.definition.stands !== undefined) return readSysctl(ns, place.definition.stands);
  if (path === "net/netfilter/nf_conntrack_count") return ok(String(listFlows(ns).length));
  return ok(place.device ? settingText(ns, ...place.device) : configurationOf(ns).text(path));
}

/** Writes a value with its kernel's side effects. EINVAL for text that is no number or out of bounds. */
export function writeSysctl(ns: Namespace, path: string, text: string): Result {
  const place = locate(ns, path);
  if (!place) return fail("ENOENT");
  if (place.definition.readOnly) return fail("EACCES");
  if (place.definition.stands !== undefined) return writeSysctl(ns, place.definition.stands, text);
  const now = place.device ? settingText(ns, ...place.device) : configurationOf(ns).text(path);
  const value = readValue(place.definition, text, now);
  if (value === undefined) return fail("EINVAL");
  if (place.definition.writeOnly) return act(ns, path);
  if (path === "net/ipv4/tcp_congestion_control" && !ALGORITHMS.includes(value)) return fail("ENOENT");
  if (path === "net/ipv4/ip_local_reserved_ports" && !/^(\d+(-\d+)?(,\d+(-\d+)?)*)?$/.test(value))
    return fail("EINVAL");
  if (!place.device) {
    if (path === "net/ipv4/ip_forward") setForwarding(ns, value);
    else ns.sysctls.set(path, value);
    return ok();
  }
  const [folder, owner, setting] = place.device;
  if (folder === "net/ipv4/conf" && owner === "all" && setting === "forwarding") setForwarding(ns, value);
  else if (folder === "net/ipv6/conf" && setting === "disable_ipv6") disableIpv6(ns, owner, value);
  else if (folder === "net/ipv6/conf" && setting === "forwarding" && owner === "all") setForwarding6(ns, value);
  else if (folder.endsWith("/neigh")) setNeighbourTime(ns, folder, owner, setting, value);
  else ns.sysctls.set(deviceKey(folder, owner, setting), value);
  return ok();
}

/** The permissions of a setting's file. */
export function sysctlMode(path: string): number {
  const { readOnly, writeOnly, secret } = sysctlAt(path)?.definition ?? {};
  if (readOnly) return 0o444;
  if (writeOnly) return 0o200;
  return secret ? 0o600 : 0o644;
}

/** tcp_available_congestion_control */
const ALGORITHMS: readonly string[] = ["reno", "cubic"];

/** `route/flush`: what ICMP told of ways is forgotten (rt_cache_flush). */
function act(ns: Namespace, path: string): Result {
  if (path !== "net/ipv4/route/flush") return ok();
  ns.pathMtu.clear();
  ns.redirects.clear();
  return ok();
}

/** Routers are routers on all links (addrconf_fixup_forwarding). */
function setForwarding6(ns: Namespace, value: string): void {
  for (const owner of ["all", "default", ...ns.links.keys()])
    ns.sysctls.set(deviceKey("net/ipv6/conf", owner, "forwarding"), value);
}

/** The same time in two units (neigh_proc_base_reachable_time, proc_dointvec_userhz_jiffies). */
const TIMES: Readonly<Record<string, readonly [same: string, factor: number]>> = {
  base_reachable_time: ["base_reachable_time_ms", 1000],
  base_reachable_time_ms: ["base_reachable_time", 1 / 1000],
  retrans_time: ["retrans_time_ms", 10],
  retrans_time_ms: ["retrans_time", 1 / 10],
};

function setNeighbourTime(ns: Namespace, folder: string, owner: string | number, setting: string, value: string): void {
  ns.sysctls.set(deviceKey(folder, owner, setting), value);
  const same = TIMES[setting];
  if (same) ns.sysctls.set(deviceKey(folder, owner, same[0]), String(Math.trunc(Number(value) * same[1])));
}

/** All paths that exist, in the order in which `sysctl -a` prints them. */
export function listSysctls(ns: Namespace): string[] {
  const paths = Object.keys(SYSCTLS).filter((path) => exists(ns, SYSCTLS[path]!));
  const names = listLinks(ns).map((link) => link.name);
  for (const { folder, all, settings } of DEVICE_SYSCTLS) {
    const defaults = folder.endsWith("/neigh") && ns.id !== ns.machine ? [] : ["default"];
    for (const owner of [...(all ? ["all"] : []), ...defaults, ...names])
      for (const setting of Object.keys(settings)) paths.push(`${folder}/${owner}/${setting}`);
  }
  return paths.sort();
}

/** Gives a new link what `default` says at that moment (inetdev_init). */
export function inheritSettings(ns: Namespace, index: number): void {
  if (ns.sysctls.size === 0) return;
  for (const { key, folder, setting } of DEFAULTS) {
    const value = ns.sysctls.get(key);
    if (value !== undefined) ns.sysctls.set(deviceKey(folder, index, setting), value);
  }
}

const DEFAULTS = DEVICE_SYSCTLS.flatMap(({ folder, settings }) =>
  Object.keys(settings).map((setting) => ({ key: deviceKey(folder, "default", setting), folder, setting })),
);

/** A new namespace takes `all` and `default` of IPv4 from the machine's own (devinet_init_net). */
export function inheritNamespaceSettings(from: Namespace, to: Namespace): void {
  for (const [key, value] of from.sysctls.entries())
    if (/^net\/ipv4\/(conf\/(all|default)\/|ip_forward$)/.test(key)) to.sysctls.set(key, value);
}

export function dropSettings(ns: Namespace, index: number): void {
  if (ns.sysctls.size === 0) return;
  for (const { folder, settings } of DEVICE_SYSCTLS)
    for (const setting of Object.keys(settings)) ns.sysctls.delete(deviceKey(folder, index, setting));
}

/**
 * `ip_forward` and `conf/all/forwarding` are one value; another one sets every link's, the same one does nothing
 * (net/ipv4/devinet.c devinet_sysctl_forward, inet_forward_change).
 */
function setForwarding(ns: Namespace, value: string): void {
  if (configurationOf(ns).text("net/ipv4/ip_forward") === value) return;
  ns.sysctls.set("net/ipv4/ip_forward", value);
  for (const owner of ["all", "default", ...ns.links.keys()])
    ns.sysctls.set(deviceKey("net/ipv4/conf", owner, "forwarding"), value);
  // A router takes redirects only where that is asked for again.
  ns.sysctls.set(deviceKey("net/ipv4/conf", "all", "accept_redirects"), value === "0" ? "1" : "0");
}

/** Takes IPv6 from links, or gives it back; `all` means every link there is and will be (addrconf_disable_ipv6). */
function disableIpv6(ns: Namespace, owner: string | number, value: string): void {
  const every = ["all", "default", ...ns.links.keys()];
  const owners = owner === "all" ? every : [owner];
  for (const one of owners) ns.sysctls.set(deviceKey("net/ipv6/conf", one, "disable_ipv6"), value);
  for (const one of owners) {
    const link = typeof one === "number" ? ns.links.get(one) : undefined;
    if (!link) continue;
    if (value === "0") startIpv6(ns, link);
    else stopIpv6(ns, link);
  }
}

interface Place {
  readonly definition: SysctlDefinition;
  readonly device?: readonly [folder: string, owner: string | number, setting: string];
}

function locate(ns: Namespace, path: string): Place | undefined {
  const found = sysctlAt(path);
  if (!found || !exists(ns, found.definition)) return undefined;
  if (!found.device) return { definition: found.definition };
  const { folder, owner, setting } = found.device;
  if (owner === "default" && folder.endsWith("/neigh") && ns.id !== ns.machine) return undefined;
  if (owner === "all" || owner === "default") return { definition: found.definition, device: [folder, owner, setting] };
  const link = findLink(ns, owner);
  return link && { definition: found.definition, device: [folder, link.index, setting] };
}

function exists(ns: Namespace, { machineOnly, module }: SysctlDefinition): boolean {
  if (machineOnly && ns.id !== ns.machine) return false;
  return module === undefined || ns.network.machine(ns.machine).modules.includes(module);
}

/** The text as it is kept, or undefined if the kernel refuses it. */
function readValue(definition: SysctlDefinition, text: string, now: string): string | undefined {
  const trimmed = text.trim();
  if (definition.type === "text") return trimmed;
  // What stands behind the last number is not looked at, and numbers that are missing stay (do_proc_dointvec).
  const last = now.split("\t");
  const given = trimmed.split(/\s+/).slice(0, last.length);
  const words = [...given, ...last.slice(given.length)];
  const numbers = words.map((word) => (/^-?(0x[0-9a-f]+|\d+)$/i.test(word) ? Number(word) : Number.NaN));
  const widest = Math.max(0x7fff_ffff, ...last.map(Number));
  if (numbers.some((number) => Number.isNaN(number) || Math.abs(number) > widest)) return undefined;
  const [first] = numbers as [number];
  if (first < (definition.min ?? -Infinity) || first > (definition.max ?? Infinity)) return undefined;
  if (definition.type === "range" && numbers[1]! < first) return definition.emptied;
  return numbers.join("\t");
}
