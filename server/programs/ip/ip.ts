import { attempt, Errno, type Process, type Program } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import type { Namespace } from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { address } from "./address/address.ts";
import { IpCall, type IpOptions } from "./call.ts";
import { Exit, notSimulated } from "./exit.ts";
import { link } from "./link/link.ts";
import { maddress } from "./multicast.ts";
import { netconf } from "./netconf.ts";
import { monitor } from "./monitor.ts";
import { neighbour } from "./neighbour.ts";
import { switchNamespace } from "./netns/names.ts";
import { netns } from "./netns/netns.ts";
import { nexthop } from "./nexthop.ts";
import { readOptions, type Given } from "./options.ts";
import { route } from "./route/route.ts";
import { rule } from "./rule/rule.ts";
import { tunnel } from "./tunnel.ts";
import { tuntap } from "./tuntap.ts";
import { OBJECT_USAGES } from "./usage/objects.ts";
import { IP_USAGE } from "./usage/top.ts";
import { matches } from "./words.ts";

export const ip: Program = {
  name: "ip",
  summary: "show / manipulate routing, network devices, interfaces and tunnels",
  run: (process, args) => runIproute(process, args, { program: "ip", usage: IP_USAGE, objects: OBJECTS, unknown: 1 }),
};

/** What an object of `ip` or `bridge` does with the words behind it; returns the exit status. */
export type IpObject = (call: IpCall, words: readonly string[]) => number | Promise<number>;

export interface Iproute {
  readonly program: string;
  readonly usage: string;
  /** In the order in which abbreviations are tried; without one, the object is not simulated. */
  readonly objects: readonly (readonly [name: string, run: IpObject | undefined])[];
  /** Exit status for an object that does not exist. */
  readonly unknown: number;
}

/** In the order of ip/ip.c, which decides what `ip a` or `ip n` means. */
const OBJECTS: Iproute["objects"] = [
  ["address", address], ["addrlabel", undefined], ["maddress", maddress], ["route", route], ["rule", rule],
  ["neighbor", neighbour], ["neighbour", neighbour], ["ntable", undefined], ["ntbl", undefined], ["link", link],
  ["l2tp", undefined], ["fou", undefined], ["ila", undefined], ["macsec", undefined], ["tunnel", tunnel],
  ["tunl", tunnel], ["tuntap", tuntap], ["tap", tuntap], ["token", undefined], ["tcpmetrics", undefined],
  ["tcp_metrics", undefined], ["monitor", monitor], ["xfrm", undefined], ["mroute", undefined], ["mrule", undefined],
  ["netns", netns], ["netconf", netconf], ["vrf", vrf], ["sr", undefined], ["nexthop", nexthop],
  ["mptcp", undefined], ["ioam", undefined], ["help", () => { throw new Exit(255, IP_USAGE); }], ["stats", undefined],
]; // prettier-ignore

/** `ip vrf`: there are none, as links of that kind are not simulated. */
function vrf(call: IpCall, [verb, ...rest]: readonly string[]): number {
  if (verb !== undefined && matches(verb, "help")) throw new Exit(255, OBJECT_USAGES["vrf"]);
  if (verb !== undefined && !matches(verb, "show") && !matches(verb, "list")) throw notSimulated("ip", `vrf ${verb}`);
  if (rest.length > 0) throw notSimulated("ip", `vrf show ${rest[0]!}`);
  call.printer.text(`${"Name".padEnd(16)}  ${"Table".padStart(5)}\n${"-".repeat(23)}\nNo VRF has been configured\n`);
  return 0;
}

/** Runs a program of iproute2: its own options, then an object with its words. */
export async function runIproute(process: Process, args: readonly string[], spec: Iproute): Promise<number> {
  let call: IpCall | undefined;
  try {
    const given = readOptions(args, process, spec);
    if (given.version) {
      const version = versionOf(process, "iproute2") || "6.1.0";
      const library = `libbpf ${versionOf(process, "libbpf") || "1.3.0"}`;
      const text = spec.program === "ip" ? `iproute2-${version}, ${library}` : version;
      await process.print(`${spec.program} utility, ${text}\n`);
      return 0;
    }
    const ns = given.netns === undefined ? undefined : switchNamespace(process, given.netns);
    if (given.batch !== undefined) return await runBatch(process, given, ns, spec);
    call = new IpCall(process, ns, given.options);
    const status = await runObject(call, given.rest, spec);
    await call.flush();
    return status;
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    await call?.flush();
    await process.error(error.says);
    return error.status;
  }
}

async function runObject(call: IpCall, words: readonly string[], spec: Iproute): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined) throw new Exit(255, spec.usage);
  const found = spec.objects.find(([object]) => matches(name, object));
  if (!found) throw new Exit(spec.unknown, `Object "${name}" is unknown, try "${spec.program} help".\n`);
  const [object, run] = found;
  const usage = Object.hasOwn(OBJECT_USAGES, object) ? OBJECT_USAGES[object] : undefined;
  if (!run && rest[0] !== undefined && usage !== undefined && spec.program === "ip" && matches(rest[0], "help"))
    throw new Exit(object === "stats" ? 0 : 255, usage);
  if (!run) throw notSimulated(spec.program, object);
  return run(call, rest);
}

/** `-batch FILE`: a command on each line, until one fails (lib/utils.c: do_batch). */
async function runBatch(process: Process, given: Given, ns: Namespace | undefined, spec: Iproute): Promise<number> {
  const file = given.batch!;
  const text = file === "-" ? await readInput(process) : attempt(() => decode(process.host.files.read(file, process)));
  if (text instanceof Errno) throw new Exit(1, `Cannot open file "${file}" for reading: ${text.message}\n`);
  let status = 0;
  for (const [at, line] of text.replaceAll("\\\n", " ").split("\n").entries()) {
    const words = line.replace(/#.*/, "").trim().split(/\s+/);
    if (words[0] === "") continue;
    const call = new IpCall(process, ns, given.options);
    try {
      const one = await runObject(
        call,
        words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2")),
        spec,
      );
      await call.flush();
      if (one === 0) continue;
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      await call.flush();
      await process.error(error.says);
      // What the parser refuses ends the whole run, as exit(3) does.
      if (error.atOnce) return error.status;
    }
    await process.error(`Command failed ${file}:${at + 1}\n`);
    status = 1;
    if (!given.force) return status;
  }
  return status;
}

async function readInput(process: Process): Promise<string> {
  let text = "";
  for (;;) {
    const bytes = await process.read(0);
    if (bytes === "") return text;
    text += bytes;
  }
}

export type { IpOptions };
