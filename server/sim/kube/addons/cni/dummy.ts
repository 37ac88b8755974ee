import { createLink } from "../../../net/index.ts";
import { CniError } from "./cni-error.ts";
import { addressed, checkInside, forget, reported } from "./container-link.ts";
import { delegateCheck } from "./delegate.ts";
import { GoFields } from "./go-fields.ts";
import { granted } from "./netlink-error.ts";
import { openNamespace } from "./network-namespace.ts";
import { aboutPlugin } from "./plugins-version.ts";
import type { Plugin, PluginCall } from "./skel.ts";

/** A link in the container that leads nowhere and only has an address (plugins/main/dummy). */
export const dummy: Plugin = {
  name: "dummy",
  summary: "CNI plugin: a dummy link in the container",
  about: (version) => aboutPlugin("dummy", version),
  async add(call) {
    const ipam = neededIpam(call);
    const container = openNamespace(call.process, call.netns);
    granted(createLink(container, { kind: "dummy", name: call.ifName }), "failed to create dummy");
    return addressed(call, ipam, reported(container, call));
  },
  del: (call) => forget(call, ipamOf(call)),
  async check(call) {
    await delegateCheck(call, neededIpam(call), call.stdin);
    const link = checkInside(call, "dummy", { missing: "dummy: Required prevResult missing", notFound: "C" });
    if (!link.up) throw new CniError(`Interface ${link.name} is down`);
  },
};

function ipamOf({ config }: PluginCall): string {
  return new GoFields(config, "NetConf").struct("ipam").text("type");
}

function neededIpam(call: PluginCall): string {
  const ipam = ipamOf(call);
  if (ipam === "") throw new CniError("dummy interface requires an IPAM configuration");
  return ipam;
}
