import type { Process } from "../../../../host/index.ts";
import { addressText, type Address } from "../../../../net/index.ts";
import type { JsonObject } from "../../../api/index.ts";
import { CniError } from "../cni-error.ts";
import { aboutPlugin } from "../plugins-version.ts";
import type { CniAddress } from "../result.ts";
import type { Plugin, PluginCall } from "../skel.ts";
import { allocate } from "./allocator.ts";
import { loadIpamConfig, type IpamConfig } from "./ipam-config.ts";
import { rangeFor } from "./range.ts";
import { Store, type Holder } from "./store.ts";

/** Keeps addresses in files of the machine (plugins/ipam/host-local). */
export const hostLocal: Plugin = {
  name: "host-local",
  summary: "CNI IPAM plugin: gives out addresses of the machine's ranges",
  about: (version) => aboutPlugin("host-local", version),

  add(call) {
    const config = loadIpamConfig(call);
    const dns = config.resolvConf === "" ? {} : readResolvConf(call.process, config.resolvConf);
    const ips = allocateAll(call, config);
    return { interfaces: [], ips, routes: config.routes, dns };
  },

  del(call) {
    const config = loadIpamConfig(call);
    storeOf(call, config).release(holderOf(call));
  },

  check(call) {
    const config = loadIpamConfig(call);
    if (storeOf(call, config).addressesOf(holderOf(call)).length === 0)
      throw new CniError(`host-local: Failed to find address added by container ${call.containerId}`);
  },
};

function storeOf({ process }: PluginCall, { dataDir, network }: IpamConfig): Store {
  return new Store(process, dataDir, network);
}

function holderOf({ containerId, ifName }: PluginCall): Holder {
  return { containerId, ifName };
}

/** One address of each range set, or none at all. */
function allocateAll(call: PluginCall, config: IpamConfig): CniAddress[] {
  const store = storeOf(call, config);
  const holder = holderOf(call);
  const open = new Set<Address>(config.requested);
  const ips: CniAddress[] = [];
  for (const [number, set] of config.ranges.entries()) {
    const requested = [...open].find((value) => rangeFor(set, value));
    if (requested !== undefined) open.delete(requested);
    try {
      ips.push(allocate(store, set, number, holder, requested));
    } catch (error) {
      if (!(error instanceof CniError)) throw error;
      if (number > 0) store.release(holder);
      throw new CniError(`failed to allocate for range ${number}: ${error.message}`);
    }
  }
  if (open.size === 0) return ips;
  store.release(holder);
  throw new CniError(`failed to allocate all requested IPs: ${[...open].map(addressText).join(" ")}`);
}

/** host-local dns.go parseResolvConf. */
function readResolvConf(process: Process, path: string): JsonObject {
  const text = process.host.readText(path);
  if (text === undefined) throw new CniError(`open ${path}: no such file or directory`);
  const dns: Record<string, string[]> = {};
  let domain = "";
  for (const line of text.split("\n")) {
    const [key = "", ...values] = line.trim().split(/\s+/);
    if (/^[#;]/.test(key) || values.length === 0) continue;
    if (key === "nameserver") (dns["nameservers"] ??= []).push(values[0]!);
    else if (key === "domain") domain = values[0]!;
    else if (key === "search" || key === "options") (dns[key] ??= []).push(...values);
  }
  const { nameservers, search, options } = dns;
  return {
    ...(nameservers ? { nameservers } : {}),
    ...(domain === "" ? {} : { domain }),
    ...(search ? { search } : {}),
    ...(options ? { options } : {}),
  };
}
