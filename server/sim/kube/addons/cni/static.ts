import { parsePrefix } from "../../../net/index.ts";
import { loadArguments } from "./arguments.ts";
import { CniError, CODE } from "./cni-error.ts";
import { GoFields } from "./go-fields.ts";
import { aboutPlugin } from "./plugins-version.ts";
import type { CniAddress, CniResult, CniRoute } from "./result.ts";
import type { Plugin, PluginCall } from "./skel.ts";

/** Gives the addresses that stand in its configuration (plugins/ipam/static). */
export const staticIpam: Plugin = {
  name: "static",
  summary: "CNI plugin: addresses from the configuration",
  about: (version) => aboutPlugin("static", version),
  add: resultOf,
  del() {},
  check() {},
};

/** What the runtime or CNI_ARGS ask for goes before what the configuration says. */
function resultOf({ config, args }: PluginCall): CniResult {
  const fields = new GoFields(config, "Net");
  if (!fields.has("ipam")) throw new CniError("IPAM config missing 'ipam' key", CODE.internal);
  const ipam = fields.struct("ipam");
  const asked = fields.struct("runtimeConfig").texts("ips");
  const given = fields.struct("args").struct("cni").texts("ips");
  const variables = loadArguments(args, ["IP", "GATEWAY"]);
  const fromArgs = (variables["IP"] ?? "").split(",").filter((word) => word !== "");
  const plain = asked.length > 0 ? asked : given.length > 0 ? given : fromArgs;
  const gateway = variables["GATEWAY"];
  const ips =
    plain.length > 0
      ? plain.map((text): CniAddress => ({
          address: prefix(text),
          ...(gateway && plain === fromArgs ? { gateway } : {}),
        }))
      : ipam.structs("addresses", "[]main.Address").map((one): CniAddress => {
          const via = one.text("gateway");
          return { address: prefix(one.text("address")), ...(via === "" ? {} : { gateway: via }) };
        });
  const routes = ipam.structs("routes", "[]*types.Route").map((one): CniRoute => {
    const gw = one.text("gw");
    return { dst: prefix(one.text("dst")), ...(gw === "" ? {} : { gw }) };
  });
  return { interfaces: [], ips, routes, dns: ipam.struct("dns").raw };
}

function prefix(text: string): string {
  if (!text.includes("/") || !parsePrefix(text))
    throw new CniError(`the 'address' field is expected to be in CIDR notation, got: '${text}'`);
  return text;
}
