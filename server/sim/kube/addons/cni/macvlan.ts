import { bringUp, createLink, findLink, listRoutes, parseMac, type Namespace } from "../../../net/index.ts";
import { quote } from "../../api/index.ts";
import { loadArguments } from "./arguments.ts";
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

const MODES = ["bridge", "private", "vepa", "passthru"] as const;

type Mode = (typeof MODES)[number];

interface MacvlanConfig {
  readonly lower: Lower;
  readonly mode: string;
  readonly mac: string;
  /** Without one the link gets no address at all. */
  readonly ipam: string;
}

/** A second card on one of the machine's, in the container (plugins/main/macvlan). The machine itself does not reach it. */
export const macvlan: Plugin = {
  name: "macvlan",
  summary: "CNI plugin: a macvlan in the container",
  about: (version) => aboutPlugin("macvlan", version),
  add,
  del: (call) => forget(call, ipamOf(call)),
  async check(call) {
    const { mode, ipam } = load(call);
    if (ipam !== "") await delegateCheck(call, ipam, call.stdin);
    const words = { missing: "required prevResult missing", notFound: "c" };
    const link = checkInside(call, "macvlan", words);
    const expected = modeOf(mode);
    if (link.kind === "macvlan" && link.mode !== expected)
      throw new CniError(`container macvlan mode ${link.mode} does not match expected value: ${expected}`);
  },
};

function ipamOf({ config }: PluginCall): string {
  return new GoFields(config, "NetConf").struct("ipam").text("type");
}

function load(call: PluginCall): MacvlanConfig {
  const fields = new GoFields(call.config, "NetConf");
  const lower = lowerLink(call, fields, (ns) => fields.text("master") || defaultRouteLink(ns));
  const { MAC = "" } = loadArguments(call.args, ["MAC"]);
  const mac = fields.struct("runtimeConfig").text("mac") || MAC || fields.text("mac");
  return { lower, mode: fields.text("mode"), mac, ipam: ipamOf(call) };
}

function defaultRouteLink(ns: Namespace): string {
  const rows = [...listRoutes(ns, 4), ...listRoutes(ns, 6)];
  const index = rows.find(({ to }) => to === "0.0.0.0/0" || to === "::/0")?.hops[0]?.link;
  const link = index === undefined ? undefined : ns.links.get(index);
  if (!link) throw new CniError("no default route interface found");
  return link.name;
}

function modeOf(text: string): Mode {
  const mode = text === "" ? "bridge" : MODES.find((one) => one === text);
  if (mode === undefined) throw new CniError(`unknown macvlan mode: ${quote(text)}`);
  return mode;
}

async function add(call: PluginCall): Promise<CniResult> {
  const { lower, mode, mac, ipam } = load(call);
  const container = openNamespace(call.process, call.netns);
  const address = mac === "" ? undefined : parseMac(mac);
  const kind = modeOf(mode);
  if (mac !== "" && address === undefined)
    throw new CniError(`invalid args ${mac} for MAC addr: address ${mac}: invalid MAC address`);
  if (findLink(container, call.ifName))
    throw new CniError(`failed to rename macvlan to ${quote(call.ifName)}: file exists`);
  const made = createLink(
    container,
    {
      kind: "macvlan",
      name: call.ifName,
      mode: kind,
      dev: lower.link.index,
      ...(lower.mtu === 0 ? {} : { mtu: lower.mtu }),
      ...(address === undefined ? {} : { address }),
    },
    lower.ns,
  );
  const link = granted(made, "failed to create macvlan");
  const inside = reported(container, call);
  const dns = new GoFields(call.config, "NetConf").struct("dns").raw;
  if (ipam !== "") return { ...(await addressed(call, ipam, inside)), dns };
  granted(bringUp(container, link.index), `failed to set ${quote(call.ifName)} UP`);
  return { interfaces: [inside], ips: [], routes: [], dns };
}
