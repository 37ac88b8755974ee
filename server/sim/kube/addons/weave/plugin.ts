import type { Process } from "../../../host/index.ts";
import {
  addAddress,
  addRoute,
  addressesOf,
  announceAddress,
  bringUp,
  connect,
  createLink,
  defaultBroadcast,
  deleteLink,
  findLink,
  getLink,
  httpExchange,
  namespaceOf,
  setMaster,
  setPort,
} from "../../../net/index.ts";
import { dialError } from "../../access/dial-error.ts";
import { CniError } from "../cni/cni-error.ts";
import { delegateAdd, delegateDel } from "../cni/delegate.ts";
import { GoFields } from "../cni/go-fields.ts";
import { granted } from "../cni/netlink-error.ts";
import { NamespaceGone, openNamespace } from "../cni/network-namespace.ts";
import type { CniResult } from "../cni/result.ts";
import type { Plugin, PluginCall } from "../cni/skel.ts";

const CONTROL = "127.0.0.1";
const PORT = 6784;

interface WeaveConfig {
  readonly bridge: string;
  readonly mtu: number;
  readonly hairpin: boolean;
  readonly ipam: string;
}

function load({ config }: PluginCall): WeaveConfig {
  const fields = new GoFields(config, "NetConf");
  return {
    bridge: fields.text("bridge", "weave"),
    mtu: fields.integer("mtu"),
    hairpin: fields.flag("hairpinMode", true),
    ipam: fields.struct("ipam").text("type"),
  };
}

/** Weave's CNI plugin (plugin/net/cni.go): a cable to the bridge `weave`. Its addresses come from the weaver on this machine. */
export const weaveNetPlugin: Plugin = {
  name: "weave-net",
  summary: "CNI plugin: a cable to Weave's bridge",
  about: () => "CNI plugin weave-net 2.8.1",
  async add(call) {
    const { process, ns } = call;
    const { bridge: name, mtu, hairpin, ipam } = load(call);
    const given = ipam === "" ? await allocated(call) : await delegateAdd(call, ipam, call.stdin);
    const [ip] = given.ips;
    if (!ip) throw new CniError("IPAM plugin failed to allocate IP address");
    const bridge = findLink(ns, name);
    if (!bridge) throw new CniError(`bridge "${name}" not present; did you launch weave?`);
    const gateway = ip.gateway ?? addressesOf(ns, bridge.index).find(({ family }) => family === 4)?.local;
    if (gateway === undefined) throw new CniError(`Bridge "${name}" has no IP addresses`);
    const container = openNamespace(process, call.netns);
    const id = call.containerId.slice(0, 7);
    const size = { mtu: mtu || bridge.mtu };
    const made = createLink(container, {
      kind: "veth",
      name: call.ifName,
      ...size,
      peer: { name: `vethwepl${id}`, namespace: ns.id, ...size },
    });
    if (!made.ok) throw new CniError(`could not create veth pair vethwepl${id}-vethwepg${id}: file exists`);
    const outer = findLink(ns, `vethwepl${id}`)!.index;
    granted(setMaster(ns, outer, bridge.index), `unable to set master of vethwepl${id}`);
    if (hairpin) setPort(ns, outer, { hairpin: true });
    granted(bringUp(container, made.value.index), "error setting up interface");
    granted(bringUp(ns, outer), "unable to bring veth up");
    const [local, length] = ip.address.split("/") as [string, string];
    granted(
      addAddress(container, findLink(container, call.ifName)!, {
        local,
        length: Number(length),
        broadcast: defaultBroadcast(local, Number(length)),
      }),
      `failed to add IP address to "${call.ifName}"`,
    );
    announceAddress(container, getLink(container, made.value.index), local);
    granted(
      addRoute(container, { to: "0.0.0.0/0", hops: [{ link: made.value.index, via: gateway }] }),
      `failed to add route '{0.0.0.0 00000000} via ${gateway} dev ${call.ifName}'`,
    );
    return { interfaces: [], ips: [{ address: ip.address, gateway }], routes: [], dns: given.dns };
  },
  async del(call) {
    const { ipam } = load(call);
    if (call.netns !== "") {
      try {
        const container = openNamespace(call.process, call.netns);
        const link = findLink(container, call.ifName);
        if (link) deleteLink(container, link.index);
      } catch (error) {
        if (!(error instanceof NamespaceGone)) throw error;
      }
    }
    if (ipam === "") ask(call.process, "DELETE", call.containerId, "unable to release IP address");
    else await delegateDel(call, ipam, call.stdin);
  },
  check() {},
};

/** The same addresses for another plugin's cable. */
export const weaveIpamPlugin: Plugin = {
  name: "weave-ipam",
  summary: "CNI plugin: addresses of a Weave network",
  about: () => "CNI plugin weave-ipam 2.8.1",
  add: allocated,
  del(call) {
    ask(call.process, "DELETE", call.containerId, "unable to release IP address");
  },
  check() {},
};

async function allocated(call: PluginCall): Promise<CniResult> {
  const address = ask(call.process, "POST", call.containerId, "unable to allocate IP address");
  return { interfaces: [], ips: [{ address }], routes: [], dns: {} };
}

/** Asks the weaver for an address, or gives one back; what a refusal is told as. */
function ask(process: Process, method: "POST" | "DELETE", id: string, context: string): string {
  const url = `http://${CONTROL}:${PORT}/ip/${id}`;
  const words = (why: string): CniError =>
    new CniError(`${context}: ${method === "POST" ? "Post" : "Delete"} "${url}": ${why}`);
  const attempt = connect(namespaceOf(process), { to: CONTROL, port: PORT, pid: process.pid, tracing: false });
  if (attempt.outcome !== "connected" || !attempt.connection) {
    attempt.connection?.close();
    throw words(dialError(CONTROL, PORT, attempt.errno));
  }
  const result = httpExchange(attempt.connection, {
    method,
    target: `/ip/${id}`,
    version: "HTTP/1.1",
    headers: [["Host", `${CONTROL}:${PORT}`]],
    body: "",
  });
  attempt.connection.close();
  if (result.outcome !== "response") throw words("EOF");
  const { status, body, reason } = result.response;
  if (status >= 300) throw new CniError(`${context}: ${status} ${reason}: ${body.trim()}`);
  return body.trim();
}
