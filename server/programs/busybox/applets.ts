import type { Applet } from "./applet.ts";

/** Applets that are busybox's own here, loaded when first used. */
export const APPLETS: Readonly<Record<string, () => Promise<Applet>>> = {
  wget: async () => (await import("./applets/wget.ts")).wget,
  ping: async () => (await import("./applets/ping.ts")).ping,
  ping6: async () => (await import("./applets/ping.ts")).ping6,
  nslookup: async () => (await import("./applets/nslookup.ts")).nslookup,
  nc: async () => (await import("./applets/nc.ts")).nc,
  telnet: async () => (await import("./applets/telnet.ts")).telnet,
  traceroute: async () => (await import("./applets/traceroute.ts")).traceroute,
  ip: async () => (await import("./applets/ip/ip.ts")).ip,
  ipaddr: async () => (await import("./applets/ip/ip.ts")).ipObject("address"),
  iplink: async () => (await import("./applets/ip/ip.ts")).ipObject("link"),
  iproute: async () => (await import("./applets/ip/ip.ts")).ipObject("route"),
  ipneigh: async () => (await import("./applets/ip/ip.ts")).ipObject("neigh"),
  iprule: async () => (await import("./applets/ip/ip.ts")).ipObject("rule"),
  ifconfig: async () => (await import("./applets/ifconfig.ts")).ifconfig,
  route: async () => (await import("./applets/route.ts")).route,
  netstat: async () => (await import("./applets/netstat.ts")).netstat,
  arp: async () => (await import("./applets/arp.ts")).arp,
  arping: async () => (await import("./applets/arping.ts")).arping,
  brctl: async () => (await import("./applets/brctl.ts")).brctl,
};

/** What busybox takes of programs that are shared with coreutils and its like: others are told in busybox's way. */
export interface Delegated {
  readonly options: string;
  readonly longs?: Readonly<Record<string, string>>;
  readonly usage: string;
}

export const DELEGATED: Readonly<Record<string, Delegated>> = {};
