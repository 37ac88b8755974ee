import { mask, parseIPv4, parsePrefix } from "../../../../net/index.ts";
import { isObject, quote, type JsonObject, type JsonValue } from "../../../api/index.ts";

/**
 * A delegate's configuration as `%#v` prints the map that it is in Go: containerd's journal has it of every Pod. `pointer` is
 * where the number of `mtu` lies.
 */
export function goMap(config: JsonObject, pointer: string): string {
  const entries = Object.keys(config)
    .sort()
    .map((key) => `${quote(key)}:${goValue(key, config[key]!, pointer)}`);
  return `map[string]interface {}{${entries.join(", ")}}`;
}

function goValue(key: string, value: JsonValue, pointer: string): string {
  if (key === "mtu" && typeof value === "number") return `(*uint)(${pointer})`;
  if (key === "ranges" && Array.isArray(value))
    return `[][]map[string]interface {}{${value.map((set) => `[]map[string]interface {}{${(set as JsonObject[]).map((range) => goMap(range, pointer)).join(", ")}}`).join(", ")}}`;
  if (key === "routes" && Array.isArray(value))
    return `[]types.Route{${value.map((route) => goRoute(route as JsonObject)).join(", ")}}`;
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map((one) => goValue("", one, pointer)).join(", ")}}`;
  return isObject(value) ? goMap(value, pointer) : String(value);
}

function goRoute({ dst, gw }: JsonObject): string {
  const { address, length } = parsePrefix(dst as string)!;
  const octets = typeof address === "number" ? bytes(address) : [];
  const via = typeof gw === "string" ? `net.IP{${bytes(parseIPv4(gw) ?? 0).join(", ")}}` : "net.IP(nil)";
  return `types.Route{Dst:net.IPNet{IP:net.IP{${octets.join(", ")}}, Mask:net.IPMask{${bytes(mask(length)).join(", ")}}}, GW:${via}, MTU:0, AdvMSS:0, Priority:0, Table:(*int)(nil), Scope:(*int)(nil)}`;
}

function bytes(value: number): string[] {
  return [24, 16, 8, 0].map((shift) => `0x${((value >>> shift) & 0xff).toString(16)}`);
}
