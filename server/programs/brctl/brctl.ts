import type { Process, Program } from "../../sim/host/index.ts";
import {
  bridgePorts,
  createLink,
  deleteLink,
  findLink,
  listFdb,
  listLinks,
  namespaceOf,
  setMaster,
  setPort,
  type BridgeLink,
  type Namespace,
} from "../../sim/net/index.ts";
import { SECOND } from "../../sim/kernel/index.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { applySetting, SETTINGS } from "./settings.ts";
import { BRCTL_USAGE } from "./usage.ts";

/** Ethernet bridge administration of old (bridge-utils 1.7.1). */
export const brctl: Program = {
  name: "brctl",
  summary: "ethernet bridge administration",
  async run(process, args) {
    const [name, ...rest] = args;
    if (name === undefined || name === "-h" || name === "--help") {
      await process.print(BRCTL_USAGE);
      return name === undefined ? 1 : 0;
    }
    if (name === "-V" || name === "--version") {
      await process.print("bridge-utils, 1.7.1\n");
      return 0;
    }
    const command = COMMANDS.find((one) => one.name === name);
    if (!command) {
      await process.print(`never heard of command [${name}]\n${BRCTL_USAGE}`);
      return 1;
    }
    if (rest.length < command.needs) {
      await process.print(`Incorrect number of arguments for command\nUsage: brctl ${name} ${command.usage}\n`);
      return 1;
    }
    const result = command.run(namespaceOf(process), rest, process);
    if (result.text !== undefined) await process.print(result.text);
    if (result.error !== undefined) await process.error(`${result.error}\n`);
    return result.error === undefined ? 0 : (result.status ?? 1);
  },
};

interface Result {
  readonly text?: string;
  readonly error?: string;
  readonly status?: number;
}

interface Command {
  readonly name: string;
  readonly needs: number;
  readonly usage: string;
  run(ns: Namespace, args: readonly string[], process: Process): Result;
}

const COMMANDS: readonly Command[] = [
  { name: "addbr", needs: 1, usage: "<bridge>\t\tadd bridge", run: addBridge },
  { name: "delbr", needs: 1, usage: "<bridge>\t\tdelete bridge", run: deleteBridge },
  { name: "addif", needs: 2, usage: "<bridge> <device>\tadd interface to bridge", run: addPorts },
  { name: "delif", needs: 2, usage: "<bridge> <device>\tdelete interface from bridge", run: deletePorts },
  { name: "hairpin", needs: 3, usage: "<bridge> <port> {on|off}\tturn hairpin on/off", run: hairpin },
  { name: "setageing", needs: 2, usage: "<bridge> <time>\t\tset ageing time", run: setAgeing },
  { name: "show", needs: 0, usage: "[ <bridge> ]\t\tshow a list of bridges", run: show },
  { name: "showmacs", needs: 1, usage: "<bridge>\t\tshow a list of mac addrs", run: showMacs },
  { name: "stp", needs: 2, usage: "<bridge> {on|off}\tturn stp on/off", run: setTree },
  ...SETTINGS.map((setting): Command => ({
    ...setting,
    run: (_ns, args, process) => {
      const error = applySetting(process, setting, args);
      return error === undefined ? {} : { error };
    },
  })),
  {
    name: "showstp",
    needs: 1,
    usage: "<bridge>\t\tshow bridge stp info",
    run: () => ({ error: "drydock: brctl: 'showstp' is not simulated", status: 64 }),
  },
];

function bridgeNamed(ns: Namespace, name: string): BridgeLink | undefined {
  const link = findLink(ns, name);
  return link?.kind === "bridge" && !link.openvswitch ? link : undefined;
}

function addBridge(ns: Namespace, [whole]: readonly string[], process: Process): Result {
  // What is too long for a name is cut off (strncpy to IFNAMSIZ).
  const name = whole!.slice(0, 15);
  if (!mayAdminNetwork(process)) return { error: "add bridge failed: Operation not permitted" };
  if (findLink(ns, name)) return { error: `device ${name} already exists; can't create bridge with the same name` };
  const made = createLink(ns, { kind: "bridge", name: name });
  return made.ok ? {} : { error: "add bridge failed: Invalid argument" };
}

function deleteBridge(ns: Namespace, [name]: readonly string[], process: Process): Result {
  const bridge = findLink(ns, name!);
  if (!bridge) return { error: `bridge ${name!} doesn't exist; can't delete it` };
  if (!mayAdminNetwork(process)) return { error: `can't delete bridge ${name!}: Operation not permitted` };
  if (bridge.kind !== "bridge") return { error: `can't delete bridge ${name!}: Operation not permitted` };
  if (bridge.up) return { error: `bridge ${name!} is still up; can't delete it` };
  deleteLink(ns, bridge.index);
  return {};
}

function addPorts(ns: Namespace, [name, ...devices]: readonly string[], process: Process): Result {
  for (const device of devices) {
    const link = findLink(ns, device);
    if (!link) return { error: `interface ${device} does not exist!` };
    if (!findLink(ns, name!)) return { error: `bridge ${name!} does not exist!` };
    const bridge = bridgeNamed(ns, name!);
    if (!bridge) return { error: `can't add ${device} to bridge ${name!}: Operation not supported` };
    if (link.kind === "bridge") {
      const why = "is a bridge device itself; can't add a bridge device to a bridge device.";
      return { error: `device ${device} ${why}` };
    }
    if (!mayAdminNetwork(process)) return { error: `can't add ${device} to bridge ${name!}: Operation not permitted` };
    if (link.master !== undefined)
      return { error: `device ${device} is already a member of a bridge; can't add it to bridge ${name!}.` };
    const added = setMaster(ns, link.index, bridge.index);
    if (!added.ok) return { error: `can't add ${device} to bridge ${name!}: Invalid argument` };
  }
  return {};
}

function deletePorts(ns: Namespace, [name, ...devices]: readonly string[], process: Process): Result {
  for (const device of devices) {
    const link = findLink(ns, device);
    if (!link) return { error: `interface ${device} does not exist!` };
    if (!findLink(ns, name!)) return { error: `bridge ${name!} does not exist!` };
    const bridge = bridgeNamed(ns, name!);
    if (!bridge) return { error: `can't delete ${device} from ${name!}: Operation not supported` };
    if (!mayAdminNetwork(process)) return { error: `can't delete ${device} from ${name!}: Operation not permitted` };
    if (link.master !== bridge.index) return { error: `device ${device} is not a port of ${name!}` };
    setMaster(ns, link.index, undefined);
  }
  return {};
}

function hairpin(ns: Namespace, [name, device, word]: readonly string[]): Result {
  const on = ["on", "yes", "1"].includes(word!);
  if (!on && !["off", "no", "0"].includes(word!)) return { error: `expect on/off for argument` };
  const link = findLink(ns, device!);
  if (!link) return { error: `interface ${device!} does not exist!` };
  if (!findLink(ns, name!)) return { error: `bridge ${name!} does not exist!` };
  if (!setPort(ns, link.index, { hairpin: on }).ok)
    return { error: `can't set ${device!} to hairpin on bridge ${name!}: No such device` };
  return {};
}

/** Bridges have no spanning tree here, so that it can be turned off. */
function setTree(ns: Namespace, [name, word]: readonly string[]): Result {
  const on = ["on", "yes", "1"].includes(word!);
  if (!on && !["off", "no", "0"].includes(word!)) return { error: "expect on/off for argument" };
  if (!bridgeNamed(ns, name!)) return { error: `set stp status failed: ${noBridge(ns, name!)}` };
  return on ? { error: "drydock: brctl: 'stp on' is not simulated", status: 64 } : {};
}

/** Why a name is no bridge's. */
function noBridge(ns: Namespace, name: string): string {
  return findLink(ns, name) ? "Operation not supported" : "No such device";
}

function setAgeing(ns: Namespace, [name, word]: readonly string[]): Result {
  const bridge = bridgeNamed(ns, name!);
  if (!/^\d+(\.\d+)?$/.test(word!)) return { error: "bad ageing time value" };
  if (!bridge) return { error: `set ageing time failed: ${noBridge(ns, name!)}` };
  ns.links.set(bridge.index, { ...bridge, ageing: Number(word) });
  return {};
}

function idOf(bridge: BridgeLink): string {
  return `${(bridge.priority ?? 32768).toString(16).padStart(4, "0")}.${bridge.address.replaceAll(":", "")}`;
}

function show(ns: Namespace, names: readonly string[]): Result {
  let text = "bridge name\tbridge id\t\tSTP enabled\tinterfaces\n";
  const bridges =
    names.length > 0
      ? names.map((name) => bridgeNamed(ns, name) ?? name)
      : listLinks(ns).filter((link): link is BridgeLink => link.kind === "bridge" && !link.openvswitch);
  // scandir(3) of /sys/class/net sorts by name.
  const sorted = names.length > 0 ? bridges : (bridges as BridgeLink[]).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const bridge of sorted) {
    if (typeof bridge === "string") {
      const other = findLink(ns, bridge);
      return { error: other ? `device ${bridge} is not a bridge!` : `bridge ${bridge} does not exist!` };
    }
    const ports = bridgePorts(ns, bridge.index)
      .map((port) => port.name)
      .sort(backwards(ns));
    text += `${bridge.name}\t\t${idOf(bridge)}\tno\t\t${ports.join("\n\t\t\t\t\t\t\t")}\n`;
  }
  return { text };
}

/** Ports come in the order of their links. */
function backwards(ns: Namespace): (a: string, b: string) => number {
  return (a, b) => findLink(ns, a)!.index - findLink(ns, b)!.index;
}

function showMacs(ns: Namespace, [name]: readonly string[]): Result {
  const bridge = bridgeNamed(ns, name!);
  if (!bridge) return { error: `read of forward table failed: ${noBridge(ns, name!)}` };
  const ports = bridgePorts(ns, bridge.index);
  const rows = [
    ...listFdb(ns)
      .filter((row) => row.table === bridge.index && row.state === "learned")
      .map((row) => ({
        mac: row.mac,
        port: ns.links.get(row.link)!.port!.number,
        local: false,
        age: (ns.kernel.now - row.updated) / SECOND,
      })),
    ...ports.map((port) => ({ mac: port.address, port: port.port!.number, local: true, age: 0 })),
  ].sort((a, b) => (a.mac < b.mac ? -1 : 1));
  const lines = rows.map(
    (row) =>
      `${String(row.port).padStart(3)}\t${row.mac}\t${row.local ? "yes" : "no"}\t\t${row.age.toFixed(2).padStart(7)}`,
  );
  return { text: ["port no\tmac addr\t\tis local?\tageing timer", ...lines].map((line) => `${line}\n`).join("") };
}
