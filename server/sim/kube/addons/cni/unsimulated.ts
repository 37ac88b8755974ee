import { Unsimulated } from "./cni-error.ts";
import { aboutPlugin } from "./plugins-version.ts";
import type { Plugin } from "./skel.ts";

/** Plugins of the package that do nothing here but say so. They have made nothing, so that DEL has nothing to do. */
export const unsimulatedPlugins: readonly Plugin[] = [
  "dhcp",
  "firewall",
  "host-device",
  "ipvlan",
  "sbr",
  "tap",
  "vrf",
].map((name) => ({
  name,
  summary: `CNI plugin ${name}: not simulated`,
  about: (version) => aboutPlugin(name, version),
  add: () => refuse(name),
  del: () => {},
  check: () => refuse(name),
}));

function refuse(name: string): never {
  throw new Unsimulated("cni", name);
}
