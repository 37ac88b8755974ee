import { addressText, networkOf, parsePrefix } from "../../../net/index.ts";
import { isObject, parseJson, type JsonObject } from "../../api/index.ts";

/** What net-conf.json asks for. */
export type Backend =
  | {
      readonly type: "vxlan";
      readonly vni: number;
      /** 0: the kernel's. */
      readonly port: number;
      /** Of the outer packets; 0: that of the interface. */
      readonly mtu: number;
      readonly learning: boolean;
      readonly directRouting: boolean;
    }
  | { readonly type: "host-gw" };

export interface NetConf {
  /** `10.244.0.0/16` */
  readonly network: string;
  readonly backend: Backend;
}

/** The configuration, or why it cannot be used. `unsimulated` names what exists in flannel only. */
export type ReadNetConf =
  | { readonly ok: NetConf }
  | { readonly error: string }
  | { readonly unknownBackend: string }
  | { readonly unsimulated: string };

const OTHER_BACKENDS = ["udp", "ipip", "ipsec", "wireguard", "alloc", "extension", "tencent-vpc"];

/** pkg/subnet/config.go ParseConfig. Keys are matched without regard to case, as Go does. */
export function readNetConf(text: string): ReadNetConf {
  const parsed = parseJson(text);
  if (!parsed.ok) return { error: parsed.error };
  if (!isObject(parsed.value)) return { error: "json: cannot unmarshal value into Go value of type subnet.Config" };
  const config = lowerKeys(parsed.value);
  if (config["enableipv6"] === true) return { unsimulated: "EnableIPv6" };
  if (config["enableipv4"] === false) return { unsimulated: "EnableIPv4: false" };
  if (config["enablenftables"] === true) return { unsimulated: "EnableNFTables" };
  const given = config["network"];
  if (given !== undefined && typeof given !== "string")
    return { error: "json: cannot unmarshal value into Go struct field Config.Network of type string" };
  const prefix = parsePrefix(given ?? "0.0.0.0/0");
  if (!prefix || (given !== undefined && !given.includes("/"))) return { error: `invalid CIDR address: ${given}` };
  const network = `${addressText(networkOf(prefix.address, prefix.length))}/${prefix.length}`;
  const backend = readBackend(isObject(config["backend"]) ? lowerKeys(config["backend"]) : {});
  return "type" in backend ? { ok: { network, backend } } : backend;
}

function readBackend(config: JsonObject): Backend | Exclude<ReadNetConf, { ok: NetConf }> {
  const type = config["type"];
  if (typeof type !== "string") return { unsimulated: "backend udp" };
  if (type === "host-gw") return { type };
  if (OTHER_BACKENDS.includes(type)) return { unsimulated: `backend ${type}` };
  if (type !== "vxlan") return { unknownBackend: type };
  if (config["gbp"] === true) return { unsimulated: "GBP" };
  const number = (name: string, otherwise: number): number =>
    typeof config[name] === "number" ? config[name] : otherwise;
  return {
    type,
    vni: number("vni", 1),
    port: number("port", 0),
    mtu: number("mtu", 0),
    learning: config["learning"] === true,
    directRouting: config["directrouting"] === true,
  };
}

function lowerKeys(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]));
}
