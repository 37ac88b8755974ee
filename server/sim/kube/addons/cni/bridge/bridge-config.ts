import { loadArguments } from "../arguments.ts";
import { CniError, Unsimulated, wrapped } from "../cni-error.ts";
import { GoFields } from "../go-fields.ts";
import type { PluginCall } from "../skel.ts";
import type { JsonObject } from "../../../api/index.ts";

/** What a bridge network's configuration says (plugins/main/bridge NetConf). */
export interface BridgeConfig {
  readonly network: string;
  readonly bridge: string;
  readonly isGateway: boolean;
  readonly isDefaultGateway: boolean;
  readonly forceAddress: boolean;
  readonly ipMasq: boolean;
  /** 0: the kernel's default. */
  readonly mtu: number;
  readonly hairpinMode: boolean;
  readonly promiscMode: boolean;
  readonly portIsolation: boolean;
  readonly enableDad: boolean;
  readonly disableContainerInterface: boolean;
  /** The container's, if one is asked for. */
  readonly mac?: string;
  /** The IPAM plugin; empty for a network of layer 2 alone. */
  readonly ipam: string;
  readonly dns?: JsonObject;
}

export function loadBridgeConfig(call: PluginCall): BridgeConfig {
  return wrapped("failed to load netconf", () => readConfig(call));
}

function readConfig(call: PluginCall): BridgeConfig {
  const config = new GoFields(call.config, "NetConf");
  for (const [name, asked] of [
    ["vlan", config.integer("vlan") !== 0],
    ["vlanTrunk", config.list("vlanTrunk", "[]*main.VlanTrunk").length > 0],
    ["macspoofchk", config.flag("macspoofchk")],
    ["ipMasqBackend", config.flag("ipMasq") && config.text("ipMasqBackend") === "nftables"],
  ] as const)
    if (asked) throw new Unsimulated("bridge", name);
  const mac =
    config.struct("runtimeConfig").text("mac") ||
    config.struct("args").struct("cni").text("mac") ||
    loadArguments(call.args, ["MAC"])["MAC"];
  return {
    network: config.text("name"),
    bridge: config.text("bridge") || "cni0",
    isGateway: config.flag("isGateway") || config.flag("isDefaultGateway"),
    isDefaultGateway: config.flag("isDefaultGateway"),
    forceAddress: config.flag("forceAddress"),
    ipMasq: config.flag("ipMasq"),
    mtu: config.integer("mtu"),
    hairpinMode: config.flag("hairpinMode"),
    promiscMode: config.flag("promiscMode"),
    portIsolation: config.flag("portIsolation"),
    enableDad: config.flag("enabledad"),
    disableContainerInterface: config.flag("disableContainerInterface"),
    ...(mac ? { mac } : {}),
    ipam: config.struct("ipam").text("type"),
    ...(Object.keys(config.struct("dns").raw).length > 0 ? { dns: config.struct("dns").raw } : {}),
  };
}

export function refuseContradictions({
  hairpinMode,
  promiscMode,
  disableContainerInterface,
  ipam,
}: BridgeConfig): void {
  if (hairpinMode && promiscMode) throw new CniError("cannot set hairpin mode and promiscuous mode at the same time");
  if (disableContainerInterface && ipam !== "")
    throw new CniError("cannot use IPAM when DisableContainerInterface flag is set");
}
