import { SECOND, type Time } from "../../kernel/index.ts";
import type { Namespace } from "../namespace.ts";
import { deviceSysctl, SYSCTLS } from "./definitions.ts";

/** What the walk asks of a link's settings, with `all` merged in as the kernel's IN_DEV_… macros do. */
export interface DeviceConfiguration {
  readonly forwarding: boolean;
  readonly forwarding6: boolean;
  readonly rpFilter: number;
  readonly acceptLocal: boolean;
  readonly srcValidMark: boolean;
  readonly routeLocalnet: boolean;
  readonly proxyArp: boolean;
  readonly arpIgnore: number;
  readonly arpAccept: number;
  readonly proxyArpPvlan: boolean;
  readonly promoteSecondaries: boolean;
  readonly ignoreLinkdown: boolean;
  readonly arpFilter: boolean;
  readonly arpAnnounce: number;
  readonly sendRedirects: boolean;
  readonly acceptRedirects: boolean;
  readonly sharedMedia: boolean;
  readonly secureRedirects: boolean;
  readonly logMartians: boolean;
  readonly bcForwarding: boolean;
  readonly disableIpv6: boolean;
  /** Of IPv6 packets that this host sends by the link. */
  readonly hopLimit: number;
}

/** How long a link believes what it knows of its neighbours, in microseconds, and how often it asks. */
export interface NeighbourTimes {
  readonly reachable: Time;
  readonly delay: Time;
  /** Until a question that nobody answers is given up: of a neighbour that was not known, and of one that was. */
  readonly asking: Time;
  readonly probing: Time;
  readonly retransmit: Time;
  /** How often it asks for one that it does not know. */
  readonly questions: number;
}

/** Where the value of a setting is kept: by link index, so that a link keeps its settings when it is renamed. */
export function deviceKey(folder: string, owner: string | number, setting: string): string {
  return typeof owner === "number" ? `${folder}/#${owner}/${setting}` : `${folder}/${owner}/${setting}`;
}

/** The settings of a namespace, as of a version of its sysctls. */
export class Configuration {
  readonly version: number;
  readonly callIptables: boolean;
  readonly portRange: readonly [number, number];
  readonly defaultTtl: number;
  /** Some link ignores routes while it has no carrier. */
  readonly ignoresLinkdown: boolean;
  readonly #ns: Namespace;
  /** Between two ICMP errors to one receiver in microseconds, and the types (as bits) that are held to it. */
  readonly icmpInterval: number;
  readonly icmpLimited: number;
  /** Multipath by ports too (fib_multipath_hash_policy). */
  readonly multipathPolicy: number;
  /** Ports that no program gets by itself, as a set. */
  readonly reservedPorts: ReadonlySet<number>;
  readonly #times = new Map<number, NeighbourTimes>();
  readonly #devices = new Map<number, DeviceConfiguration>();

  constructor(ns: Namespace) {
    this.#ns = ns;
    this.version = ns.sysctls.version;
    const modules = ns.network.machine(ns.machine).modules;
    this.callIptables = modules.includes("br_netfilter") && this.number("net/bridge/bridge-nf-call-iptables") !== 0;
    const range = this.text("net/ipv4/ip_local_port_range").split("\t").map(Number);
    this.portRange = [range[0]!, range[1]!];
    this.ignoresLinkdown = ignoresLinkdown(ns);
    this.icmpInterval = this.number("net/ipv4/icmp_ratelimit") * 1000;
    this.icmpLimited = this.number("net/ipv4/icmp_ratemask");
    this.multipathPolicy = this.number("net/ipv4/fib_multipath_hash_policy");
    this.reservedPorts = portsOf(this.text("net/ipv4/ip_local_reserved_ports"));
    this.defaultTtl = this.number("net/ipv4/ip_default_ttl");
  }

  /** The value at a path that is not a link's. */
  text(path: string): string {
    return this.#ns.sysctls.get(path) ?? SYSCTLS[path]!.value;
  }

  number(path: string): number {
    return Number(this.text(path));
  }

  device(index: number): DeviceConfiguration {
    let device = this.#devices.get(index);
    if (!device) this.#devices.set(index, (device = this.#make(index)));
    return device;
  }

  neighbourTimes(index: number, family: 4 | 6): NeighbourTimes {
    const key = index * 2 + (family === 4 ? 0 : 1);
    let times = this.#times.get(key);
    if (times) return times;
    const own = (setting: string): number =>
      this.setting(family === 4 ? "net/ipv4/neigh" : "net/ipv6/neigh", index, setting);
    const retransmit = own("retrans_time_ms") * 1000;
    const questions = own("mcast_solicit");
    times = {
      reachable: own("base_reachable_time_ms") * 1000,
      delay: own("delay_first_probe_time") * SECOND,
      asking: questions * retransmit,
      probing: own("ucast_solicit") * retransmit,
      retransmit,
      questions,
    };
    this.#times.set(key, times);
    return times;
  }

  setting(folder: string, owner: string | number, setting: string): number {
    return Number(settingText(this.#ns, folder, owner, setting));
  }

  #make(index: number): DeviceConfiguration {
    const own = (setting: string): number => this.setting("net/ipv4/conf", index, setting);
    const all = (setting: string): number => this.setting("net/ipv4/conf", "all", setting);
    const either = (setting: string): boolean => own(setting) !== 0 || all(setting) !== 0;
    const larger = (setting: string): number => Math.max(own(setting), all(setting));
    return {
      forwarding: own("forwarding") !== 0,
      forwarding6: this.setting("net/ipv6/conf", "all", "forwarding") !== 0,
      rpFilter: larger("rp_filter"),
      acceptLocal: either("accept_local"),
      srcValidMark: either("src_valid_mark"),
      routeLocalnet: either("route_localnet"),
      proxyArp: either("proxy_arp"),
      arpIgnore: larger("arp_ignore"),
      arpAccept: larger("arp_accept"),
      proxyArpPvlan: own("proxy_arp_pvlan") !== 0,
      promoteSecondaries: either("promote_secondaries"),
      ignoreLinkdown: either("ignore_routes_with_linkdown"),
      arpFilter: either("arp_filter"),
      arpAnnounce: larger("arp_announce"),
      sendRedirects: either("send_redirects"),
      acceptRedirects: acceptsRedirects(own, all),
      sharedMedia: either("shared_media"),
      secureRedirects: either("secure_redirects"),
      logMartians: either("log_martians"),
      bcForwarding: own("bc_forwarding") !== 0 && all("bc_forwarding") !== 0,
      hopLimit: this.setting("net/ipv6/conf", index, "hop_limit"),
      disableIpv6: this.setting("net/ipv6/conf", index, "disable_ipv6") !== 0,
    };
  }
}

/** `8080,3000-3005`. */
function portsOf(text: string): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const [, low, high] of text.matchAll(/(\d+)(?:-(\d+))?/g))
    for (let port = Number(low); port <= Math.min(Number(high ?? low), 65_535); port++) ports.add(port);
  return ports;
}

function ignoresLinkdown(ns: Namespace): boolean {
  for (const [key, value] of ns.sysctls.entries())
    if (key.endsWith("/ignore_routes_with_linkdown") && value !== "0") return true;
  return false;
}

/** A router wants both, a host either (IN_DEV_RX_REDIRECTS). */
function acceptsRedirects(own: (setting: string) => number, all: (setting: string) => number): boolean {
  const [here, everywhere] = [own("accept_redirects") !== 0, all("accept_redirects") !== 0];
  return own("forwarding") !== 0 ? here && everywhere : here || everywhere;
}

/** The text of a link's setting, its own or the kernel's default. */
export function settingText(ns: Namespace, folder: string, owner: string | number, setting: string): string {
  const written = ns.sysctls.get(deviceKey(folder, owner, setting));
  if (written !== undefined) return written;
  if (folder === "net/ipv6/conf" && setting === "mtu" && typeof owner === "number")
    return String(ns.links.get(owner)?.mtu ?? 1280);
  return builtIn(folder, owner, setting) ?? deviceSysctl(folder, setting)!.value;
}

/** Where Linux starts `all` or a kind of link off with something else than the others. */
function builtIn(folder: string, owner: string | number, setting: string): string | undefined {
  if (owner !== "all") return undefined;
  const none = folder === "net/ipv6/conf" ? setting === "accept_dad" : setting === "accept_source_route";
  return none ? "0" : undefined;
}

export function configurationOf(ns: Namespace): Configuration {
  if (ns.configuration?.version !== ns.sysctls.version) ns.configuration = new Configuration(ns);
  return ns.configuration;
}
