import { isIPv4, parseAddress, type Address } from "../../../../net/index.ts";
import { isObject } from "../../../api/index.ts";
import { loadArguments } from "../arguments.ts";
import { CniError } from "../cni-error.ts";
import { GoFields, jsonType } from "../go-fields.ts";
import { readResult, type CniRoute } from "../result.ts";
import type { PluginCall } from "../skel.ts";
import { readRangeSet, refuseUnreadable, setsOverlap, type RangeSet } from "./range.ts";

/** The `ipam` section of a network's configuration (host-local backend/allocator/config.go). */
export interface IpamConfig {
  readonly network: string;
  readonly dataDir: string;
  readonly resolvConf: string;
  readonly routes: readonly CniRoute[];
  readonly ranges: readonly RangeSet[];
  /** Addresses that were asked for, by CNI_ARGS, `args` or the capability `ips`. */
  readonly requested: readonly Address[];
}

export function loadIpamConfig(call: PluginCall): IpamConfig {
  const config = new GoFields(call.config, "Net");
  if (!config.has("ipam")) throw new CniError("IPAM config missing 'ipam' key");
  const ipam = config.struct("ipam");
  const runtime = config.struct("runtimeConfig");
  const requested = [
    ...Object.values(loadArguments(call.args, ["IP"])),
    ...config.struct("args").struct("cni").texts("ips"),
    ...runtime.texts("ips").map((text) => text.split("/")[0]!),
  ].map(readAddress);
  const own = ipam.text("subnet") === "" ? [] : [[ipam]];
  const sets = [...rangeSets(runtime, "ipRanges"), ...own, ...rangeSets(ipam, "ranges")];
  for (const set of sets) for (const range of set) refuseUnreadable(range);
  if (sets.length === 0) throw new CniError("no IP ranges specified");
  const ranges = sets.map((set, at) => {
    try {
      return readRangeSet(set);
    } catch (error) {
      if (error instanceof CniError) throw new CniError(`invalid range set ${at}: ${error.message}`);
      throw error;
    }
  });
  refuseTooMany(ranges, call.version);
  for (const [at, one] of ranges.entries())
    for (const [further, other] of ranges.slice(at + 1).entries())
      if (setsOverlap(one, other)) throw new CniError(`range set ${at} overlaps with ${at + further + 1}`);
  return {
    network: config.text("name"),
    dataDir: ipam.text("dataDir") || "/var/lib/cni/networks",
    resolvConf: ipam.text("resolvConf"),
    routes: readResult({ cniVersion: "1.1.0", routes: [...ipam.list("routes", "[]*types.Route")] }, "1.1.0").routes,
    ranges,
    requested,
  };
}

function readAddress(text: string): Address {
  const value = parseAddress(text);
  if (value === undefined) throw new CniError(`cannot understand ip: invalid IP address: ${text}`);
  return value;
}

function rangeSets(owner: GoFields, name: string): GoFields[][] {
  return owner.list(name, "[]allocator.RangeSet").map((set) => {
    if (!Array.isArray(set))
      throw new CniError(
        `json: cannot unmarshal ${jsonType(set)} into Go struct field IPAMConfig.ipam.${name} of type allocator.RangeSet`,
      );
    return set.map((range) => new GoFields(isObject(range) ? range : {}, "Range"));
  });
}

/** Version 0.2.0 and below have room for one address of each family. */
function refuseTooMany(ranges: readonly RangeSet[], version: string): void {
  const v4 = ranges.filter(([first]) => isIPv4(first!.start)).length;
  if ((v4 > 1 || ranges.length - v4 > 1) && (version === "0.1.0" || version === "0.2.0"))
    throw new CniError(`CNI version ${version} does not support more than 1 address per family`);
}
