import { address, addressesOf, bringDown, bringUp, findLink, isLoopback, type Namespace } from "../../../net/index.ts";
import { quote } from "../../api/index.ts";
import { CniError } from "./cni-error.ts";
import { NamespaceGone, openNamespace } from "./network-namespace.ts";
import { aboutPlugin } from "./plugins-version.ts";
import { readResult, type CniAddress } from "./result.ts";
import type { Plugin } from "./skel.ts";

const LO = "lo";

/** Brings `lo` of a namespace up (plugins/main/loopback). The interface that it is called for does not matter. */
export const loopback: Plugin = {
  name: "loopback",
  summary: "CNI plugin: sets the loopback interface up",
  about: (version) => aboutPlugin("loopback", version),

  add({ process, netns, config, version }) {
    const there = openNamespace(process, netns);
    bringUp(there, loOf(there).index);
    const ips = [...loopbackAddresses(there, 4), ...loopbackAddresses(there, 6)];
    if (config["prevResult"] !== undefined) return readResult(config["prevResult"], version);
    return {
      interfaces: [{ name: LO, mac: "00:00:00:00:00:00", sandbox: netns }],
      ips,
      routes: [],
      dns: {},
    };
  },

  del({ process, netns }) {
    if (netns === "") return;
    try {
      const there = openNamespace(process, netns);
      bringDown(there, loOf(there).index);
    } catch (error) {
      if (!(error instanceof NamespaceGone)) throw error;
    }
  },

  check({ process, netns }) {
    if (!loOf(openNamespace(process, netns)).up) throw new CniError("loopback interface is down");
  },
};

function loOf(ns: Namespace) {
  const link = findLink(ns, LO);
  if (!link) throw new CniError("Link not found");
  return link;
}

/** The first address of a family; one that is none of loopback's is refused. */
function loopbackAddresses(ns: Namespace, family: 4 | 6): CniAddress[] {
  const rows = addressesOf(ns, loOf(ns).index).filter((row) => row.family === family);
  for (const { local } of rows)
    if (!isLoopback(address(local)))
      throw new CniError(`loopback interface found with non-loopback address ${quote(local)}`);
  return rows.slice(0, 1).map(({ local, length }) => ({ interface: 0, address: `${local}/${length}` }));
}
