import { CniError, Unsimulated } from "./cni-error.ts";
import { GoFields } from "./go-fields.ts";
import { aboutPlugin } from "./plugins-version.ts";
import { readResult } from "./result.ts";
import type { Plugin, PluginCall } from "./skel.ts";

const RATES = [
  ["ingressRate", "ingressBurst"],
  ["egressRate", "egressBurst"],
] as const;

/** Limits a container's traffic (plugins/meta/bandwidth). No link here is slow: a limit that is asked for is refused. */
export const bandwidth: Plugin = {
  name: "bandwidth",
  summary: "CNI plugin: limits a container's traffic",
  about: (version) => aboutPlugin("bandwidth", version),

  add(call) {
    const limit = limitOf(call);
    if (limit !== undefined) throw new Unsimulated("bandwidth", limit);
    const previous = call.config["prevResult"];
    if (previous === undefined) throw new CniError("must be called as chained plugin");
    return readResult(previous, call.version);
  },

  del(call) {
    limitOf(call);
  },

  check(call) {
    if (call.config["prevResult"] === undefined) throw new CniError("must be called as a chained plugin");
  },
};

/** The first limit that the configuration sets. */
function limitOf({ config }: PluginCall): string | undefined {
  const own = new GoFields(config, "PluginConf");
  const given = RATES.flat().some((name) => own.has(name)) ? own : own.struct("runtimeConfig").struct("bandwidth");
  for (const [rateName, burstName] of RATES) {
    const [rate, burst] = [given.integer(rateName, "uint64"), given.integer(burstName, "uint64")];
    if (burst === 0 && rate !== 0) throw new CniError("if rate is set, burst must also be set");
    if (rate === 0 && burst !== 0) throw new CniError("if burst is set, rate must also be set");
    if (rate > 0) return rateName;
  }
  return undefined;
}
