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
  clear: async () => (await import("./applets/clear.ts")).clear,
  df: async () => (await import("./applets/df.ts")).df,
  free: async () => (await import("./applets/free.ts")).free,
  ls: async () => (await import("./applets/ls.ts")).ls,
  ps: async () => (await import("./applets/ps.ts")).ps,
  brctl: async () => (await import("./applets/brctl.ts")).brctl,
};
