import { createLink, findLink } from "../../../net/index.ts";
import { quote } from "../../api/index.ts";
import { CniError } from "./cni-error.ts";
import { addressed, checkInside, forget, reported } from "./container-link.ts";
import { delegateCheck } from "./delegate.ts";
import { GoFields } from "./go-fields.ts";
import { lowerLink, type Lower } from "./lower-link.ts";
import { granted } from "./netlink-error.ts";
import { openNamespace } from "./network-namespace.ts";
import { aboutPlugin } from "./plugins-version.ts";
import type { CniResult } from "./result.ts";
import type { Plugin, PluginCall } from "./skel.ts";

const HIGHEST = 4094;

interface VlanConfig {
  readonly lower: Lower;
  readonly id: number;
  readonly ipam: string;
}

/** A link of the container whose frames leave a card of the machine with a tag (plugins/main/vlan). */
export const vlan: Plugin = {
  name: "vlan",
  summary: "CNI plugin: a VLAN of a card in the container",
  about: (version) => aboutPlugin("vlan", version),
  add,
  // It reads its configuration whole, even to forget: a card that is gone is an error.
  del: (call) => forget(call, load(call).ipam),
  async check(call) {
    const { id, lower, ipam } = load(call);
    await delegateCheck(call, ipam, call.stdin);
    const link = checkInside(call, "vlan", { missing: "vlan: Required prevResult missing", notFound: "vlan: C" });
    if (link.kind === "vlan" && link.id !== id)
      throw new CniError(`Error: Tuning link ${link.name} configured promisc is ${id}, current value is ${link.id}`);
    if (lower.mtu !== 0 && lower.mtu !== link.mtu)
      throw new CniError(`Error: Tuning configured MTU of ${link.name} is ${lower.mtu}, current value is ${link.mtu}`);
  },
};

function load(call: PluginCall): VlanConfig {
  const fields = new GoFields(call.config, "NetConf");
  const master = fields.text("master");
  if (master === "")
    throw new CniError('"master" field is required. It specifies the host interface name to create the VLAN for');
  const id = fields.integer("vlanId");
  if (id < 0 || id > HIGHEST) throw new CniError(`invalid VLAN ID ${id} (must be between 0 and 4095 inclusive)`);
  return { lower: lowerLink(call, fields, () => master), id, ipam: fields.struct("ipam").text("type") };
}

async function add(call: PluginCall): Promise<CniResult> {
  const { lower, id, ipam } = load(call);
  const container = openNamespace(call.process, call.netns);
  if (findLink(container, call.ifName))
    throw new CniError(`failed to rename vlan to ${quote(call.ifName)}: file exists`);
  const mtu = lower.mtu === 0 ? {} : { mtu: lower.mtu };
  const spec = { kind: "vlan", name: call.ifName, id, dev: lower.link.index, ...mtu } as const;
  granted(createLink(container, spec, lower.ns), "failed to create vlan");
  const dns = new GoFields(call.config, "NetConf").struct("dns").raw;
  return { ...(await addressed(call, ipam, reported(container, call))), dns };
}
