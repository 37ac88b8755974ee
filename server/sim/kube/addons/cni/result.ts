import { parsePrefix, isIPv4, prefixText } from "../../../net/index.ts";
import { isObject, type JsonObject, type JsonValue } from "../../api/index.ts";
import { CniError } from "./cni-error.ts";
import { GoFields } from "./go-fields.ts";

export interface CniInterface {
  readonly name: string;
  readonly mac?: string;
  /** The network namespace that it is in; none for those of the machine. */
  readonly sandbox?: string;
}

export interface CniAddress {
  /** Its place among the interfaces. */
  readonly interface?: number;
  /** `10.244.0.5/24` */
  readonly address: string;
  readonly gateway?: string;
}

export interface CniRoute {
  readonly dst: string;
  readonly gw?: string;
  readonly mtu?: number;
  readonly priority?: number;
  readonly table?: number;
}

/** What a plugin has done, in the form of the newest version (containernetworking/cni pkg/types/100). */
export interface CniResult {
  readonly interfaces: readonly CniInterface[];
  readonly ips: readonly CniAddress[];
  readonly routes: readonly CniRoute[];
  readonly dns: JsonObject;
}

export const NO_RESULT: CniResult = { interfaces: [], ips: [], routes: [], dns: {} };

/** Versions of the specification that the plugins speak (pkg/version All). */
export const VERSIONS = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"] as const;

const OLD: readonly string[] = ["0.1.0", "0.2.0"];
const MIDDLE: readonly string[] = ["0.3.0", "0.3.1", "0.4.0"];

/** Reads a result of any version. `version` is that of the configuration, for a result that has none. */
export function readResult(value: JsonValue, version: string): CniResult {
  const raw = isObject(value) ? value : {};
  const fields = new GoFields(raw, "Result");
  const own = fields.text("cniVersion") || version;
  if (!(VERSIONS as readonly string[]).includes(own)) throw new CniError(`unsupported CNI result version "${own}"`);
  const dns = fields.struct("dns").raw;
  if (OLD.includes(own)) return { ...fromOld(fields), dns };
  return {
    interfaces: fields.structs("interfaces", "[]types100.Interface").map(readInterface),
    ips: fields.structs("ips", "[]types100.IPConfig").map(readAddress),
    routes: fields.structs("routes", "[]types.Route").map(readRoute),
    dns,
  };
}

function readInterface(fields: GoFields): CniInterface {
  const [mac, sandbox] = [fields.text("mac"), fields.text("sandbox")];
  return { name: fields.text("name"), ...(mac === "" ? {} : { mac }), ...(sandbox === "" ? {} : { sandbox }) };
}

function readAddress(fields: GoFields): CniAddress {
  const gateway = fields.text("gateway");
  return {
    ...(fields.has("interface") ? { interface: fields.integer("interface") } : {}),
    address: cidr(fields.text("address")),
    ...(gateway === "" ? {} : { gateway }),
  };
}

function readRoute(fields: GoFields): CniRoute {
  const gw = fields.text("gw");
  return {
    dst: cidr(fields.text("dst")),
    ...(gw === "" ? {} : { gw }),
    ...(fields.has("mtu") ? { mtu: fields.integer("mtu") } : {}),
    ...(fields.has("priority") ? { priority: fields.integer("priority") } : {}),
    ...(fields.has("table") ? { table: fields.integer("table") } : {}),
  };
}

/** net.ParseCIDR. */
export function cidr(text: string): string {
  const prefix = text.includes("/") ? parsePrefix(text) : undefined;
  if (!prefix) throw new CniError(`invalid CIDR address: ${text}`);
  return prefixText(prefix);
}

function fromOld(fields: GoFields): Omit<CniResult, "dns" | "interfaces"> & { interfaces: [] } {
  const parts = ["ip4", "ip6"].filter((name) => fields.has(name)).map((name) => fields.struct(name));
  return {
    interfaces: [],
    ips: parts.map((part) => {
      const gateway = part.text("gateway");
      return { address: cidr(part.text("ip")), ...(gateway === "" ? {} : { gateway }) };
    }),
    routes: parts.flatMap((part) => part.structs("routes", "[]types.Route").map(readRoute)),
  };
}

/** The result as JSON of a version. Newer versions than 0.4.0 leave out an empty `dns` and have their keys sorted. */
export function resultJson(result: CniResult, version: string): JsonObject {
  if (OLD.includes(version)) return toOld(result, version);
  const { interfaces, ips, routes, dns } = result;
  const json: JsonObject = { cniVersion: version };
  const addresses = ips.map(({ address, gateway, interface: index }): JsonObject => ({
    ...(MIDDLE.includes(version) ? { version: isV4(address) ? "4" : "6" } : {}),
    ...(index === undefined ? {} : { interface: index }),
    address,
    ...(gateway === undefined ? {} : { gateway }),
  }));
  if (interfaces.length > 0) json["interfaces"] = interfaces.map((one) => ({ ...one }));
  if (ips.length > 0) json["ips"] = addresses;
  if (routes.length > 0) json["routes"] = routes.map((one) => ({ ...one }));
  if (MIDDLE.includes(version)) return { ...json, dns };
  if (Object.keys(dns).length > 0) json["dns"] = dns;
  return sorted(json) as JsonObject;
}

function toOld({ ips, routes, dns }: CniResult, version: string): JsonObject {
  const json: JsonObject = { cniVersion: version };
  for (const [key, v4] of [
    ["ip4", true],
    ["ip6", false],
  ] as const) {
    const first = ips.find(({ address }) => isV4(address) === v4);
    if (!first) continue;
    const own = routes
      .filter(({ dst }) => isV4(dst) === v4)
      .map(({ dst, gw }): JsonObject => (gw === undefined ? { dst } : { dst, gw }));
    json[key] = {
      ip: first.address,
      ...(first.gateway === undefined ? {} : { gateway: first.gateway }),
      ...(own.length > 0 ? { routes: own } : {}),
    };
  }
  if (json["ip4"] === undefined && json["ip6"] === undefined)
    throw new CniError("cannot convert: no valid IP addresses");
  return { ...json, dns };
}

export function isV4(prefix: string): boolean {
  return isIPv4(parsePrefix(prefix)!.address);
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
