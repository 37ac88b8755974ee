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
  readonly #devices = new Map<number, DeviceConfiguration>();

  constructor(ns: Namespace) {
    this.#ns = ns;
    this.version = ns.sysctls.version;
    const modules = ns.network.machine(ns.machine).modules;
    this.callIptables = modules.includes("br_netfilter") && this.number("net/bridge/bridge-nf-call-iptables") !== 0;
    const range = this.text("net/ipv4/ip_local_port_range").split("\t").map(Number);
    this.portRange = [range[0]!, range[1]!];
    this.ignoresLinkdown = ignoresLinkdown(ns);
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
      disableIpv6: this.setting("net/ipv6/conf", index, "disable_ipv6") !== 0,
    };
  }
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
  return builtIn(folder, owner, setting) ?? deviceSysctl(folder, setting)!.value;
}

/** Where Linux starts `all` or a kind of link off with something else than the others. */
function builtIn(folder: string, owner: string | number, setting: string): string | undefined {
  if (folder === "net/ipv6/conf" && setting === "accept_dad" && owner === "all") return "0";
  return undefined;
}

export function configurationOf(ns: Namespace): Configuration {
  if (ns.configuration?.version !== ns.sysctls.version) ns.configuration = new Configuration(ns);
  return ns.configuration;
}
