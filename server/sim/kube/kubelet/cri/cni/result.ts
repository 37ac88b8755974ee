import { isObject, parseJson, readJson, type JsonObject } from "../../../api/index.ts";

/** The result of a plugin's ADD from its standard output, with its version (libcni invoke/exec.go fixupResultVersion). */
export function readResult(stdout: string, version: string): { readonly ok: JsonObject } | { readonly error: string } {
  const parsed = readJson(stdout);
  if (!parsed.ok) return { error: `failed to unmarshal raw result: ${parsed.error}` };
  if (parsed.value !== null && !isObject(parsed.value))
    return {
      error: `failed to unmarshal raw result: json: cannot unmarshal ${jsonType(parsed.value)} into Go value of type map[string]interface {}`,
    };
  const result = parsed.value ?? {};
  const { cniVersion } = result;
  if (cniVersion !== undefined && typeof cniVersion !== "string") return { error: "cniVersion is not a string" };
  return { ok: cniVersion ? result : { ...result, cniVersion: version } };
}

/** Why a plugin that exited unhappily did so (libcni invoke/raw_exec.go pluginErr). `status`: `exit status 3`, `signal: killed`. */
export function pluginError(stdout: string, stderr: string, status: string): string {
  if (stdout === "")
    return stderr === ""
      ? `netplugin failed with no error message: ${status}`
      : `netplugin failed: ${JSON.stringify(stderr)}`;
  const parsed = parseJson(stdout);
  if (!parsed.ok)
    return `netplugin failed but error parsing its diagnostic message ${JSON.stringify(stdout)}: ${parsed.error}`;
  const error = isObject(parsed.value) ? parsed.value : {};
  const details = typeof error["details"] === "string" && error["details"] !== "" ? `; ${error["details"]}` : "";
  return `${typeof error["msg"] === "string" ? error["msg"] : ""}${details}`;
}

/**
 * The addresses that a network's result gives an interface, IPv4 first (go-cni result.go and containerd's selectPodIPs).
 * Addresses that name no interface belong to it.
 */
export function addressesOf(result: JsonObject, interfaceName: string): string[] {
  const interfaces = Array.isArray(result["interfaces"]) ? result["interfaces"] : [];
  const found: string[] = [];
  for (const ip of Array.isArray(result["ips"]) ? result["ips"] : []) {
    if (!isObject(ip) || typeof ip["address"] !== "string") continue;
    const index = ip["interface"];
    const named = typeof index === "number" ? interfaces[index] : undefined;
    const name = isObject(named) ? named["name"] : interfaceName;
    if (name === interfaceName) found.push(ip["address"].split("/")[0]!);
  }
  return [...found.filter((ip) => !ip.includes(":")), ...found.filter((ip) => ip.includes(":"))];
}

function jsonType(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
}
