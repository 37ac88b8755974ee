import { findLink, getLink, parseMac, setAddress, setLink, setMtu, writeSysctl } from "../../../net/index.ts";
import { loadArguments } from "./arguments.ts";
import { CniError, Unsimulated } from "./cni-error.ts";
import { GoFields, jsonType } from "./go-fields.ts";
import { granted } from "./netlink-error.ts";
import { openNamespace } from "./network-namespace.ts";
import { aboutPlugin } from "./plugins-version.ts";
import { readResult, type CniResult } from "./result.ts";
import type { Plugin, PluginCall } from "./skel.ts";

/** Changes sysctls and the interface of a container that others have made (plugins/meta/tuning). What it was is not put back. */
export const tuning: Plugin = {
  name: "tuning",
  summary: "CNI plugin: settings of a container's network",
  about: (version) => aboutPlugin("tuning", version),
  add,
  del() {},
  check(call) {
    if (call.config["prevResult"] === undefined) throw new CniError("Required prevResult missing");
  },
};

function add(call: PluginCall): CniResult {
  const fields = new GoFields(call.config, "TuningConf");
  if (call.config["prevResult"] === undefined) throw new CniError("Required prevResult missing");
  if (fields.has("txQLen")) throw new Unsimulated("tuning", "txQLen");
  const result = readResult(call.config["prevResult"], call.version);
  const container = openNamespace(call.process, call.netns);
  for (const [key, value] of Object.entries(fields.struct("sysctl").raw)) {
    const path = key.replaceAll(".", "/").replaceAll("IFNAME", call.ifName);
    if (!path.startsWith("net/")) throw new CniError(`invalid net sysctl key: ${JSON.stringify(key)}`);
    if (typeof value !== "string")
      throw new CniError(
        `json: cannot unmarshal ${jsonType(value)} into Go struct field TuningConf.sysctl of type string`,
      );
    const written = writeSysctl(container, path, value);
    if (!written.ok) throw new CniError(`open /proc/sys/${path}: no such file or directory`);
  }
  const link = findLink(container, call.ifName);
  if (!link) throw new CniError(`failed to get ${JSON.stringify(call.ifName)}: Link not found`);
  const mac =
    fields.struct("runtimeConfig").text("mac") ||
    fields.struct("args").struct("cni").text("mac") ||
    loadArguments(call.args, ["MAC"])["MAC"] ||
    fields.text("mac");
  if (mac) {
    const address = parseMac(mac);
    if (address === undefined)
      throw new CniError(`invalid args ${mac} for MAC addr: address ${mac}: invalid MAC address`);
    granted(setAddress(container, link.index, address), `failed to set mac address ${mac}`);
  }
  if (fields.flag("promisc"))
    granted(setLink(container, link.index, { promisc: true }), "failed to set promiscuous mode on");
  if (fields.flag("allmulti"))
    granted(setLink(container, link.index, { allmulticast: true }), "failed to set all-multicast mode on");
  const mtu = fields.integer("mtu");
  if (mtu !== 0) granted(setMtu(container, link.index, mtu), `failed to set MTU ${mtu}`);
  const now = getLink(container, link.index).address;
  return {
    ...result,
    interfaces: result.interfaces.map((one) =>
      mac && one.name === call.ifName && one.sandbox === call.netns ? { ...one, mac: now } : one,
    ),
  };
}
