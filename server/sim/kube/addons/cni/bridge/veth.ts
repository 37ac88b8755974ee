import {
  bringUp,
  createLink,
  findLink,
  getLink,
  setMaster,
  setPort,
  writeSysctl,
  type BridgeLink,
  type LinkRow,
  type Namespace,
} from "../../../../net/index.ts";
import { quote } from "../../../api/index.ts";
import { CniError } from "../cni-error.ts";
import { granted, netlinkWords } from "../netlink-error.ts";
import type { BridgeConfig } from "./bridge-config.ts";

/** Both ends of a container's cable. */
export interface VethPair {
  readonly host: LinkRow;
  readonly container: LinkRow;
}

const ATTEMPTS = 10;

/** Makes the pair in the container's namespace, its other end on the machine, and plugs that into the bridge (setupVeth). */
export function setupVeth(
  ns: Namespace,
  container: Namespace,
  bridge: BridgeLink,
  ifName: string,
  config: BridgeConfig,
): VethPair {
  const name = makeVeth(ns, container, ifName, config);
  const host = findLink(ns, name)!;
  granted(bringUp(ns, host.index), `failed to set ${quote(name)} up`);
  writeSysctl(ns, `net/ipv6/conf/${name}/accept_ra`, "0");
  granted(setMaster(ns, host.index, bridge.index), `failed to connect ${quote(name)} to bridge ${bridge.name}`);
  granted(
    setPort(ns, host.index, { hairpin: config.hairpinMode, ...(config.portIsolation ? { isolated: true } : {}) }),
    `failed to setup hairpin mode for ${name}`,
  );
  return { host: getLink(ns, host.index), container: findLink(container, ifName)! };
}

/** The name of the machine's end: `veth` and eight random digits (pkg/ip makeVeth). */
function makeVeth(ns: Namespace, container: Namespace, ifName: string, { mtu, mac }: BridgeConfig): string {
  const size = mtu === 0 ? {} : { mtu };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const name = `veth${ns.kernel.random.hex(`veth/${ns.machine}`, 8)}`;
    const made = createLink(container, {
      kind: "veth",
      name: ifName,
      ...size,
      ...(mac === undefined ? {} : { address: mac }),
      peer: { name, namespace: ns.id, ...size },
    });
    if (made.ok) return name;
    if (made.errno !== "EEXIST") throw new CniError(`failed to make veth pair: ${netlinkWords(made)}`);
    if (!findLink(container, name))
      throw new CniError(`container veth name (${quote(ifName)}) peer provided (${quote(name)}) already exists`);
  }
  throw new CniError("failed to find a unique veth name");
}
