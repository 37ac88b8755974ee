import { SECOND } from "../sim/kernel/index.ts";
import type { Process, Program } from "../sim/host/index.ts";
import { addressText, askNeighbour, findLink, namespaceOf, parseIPv4 } from "../sim/net/index.ts";
import { getaddrinfo } from "./netdb/getaddrinfo.ts";
import { gaiWords } from "./netdb/libc.ts";
import { parseOptions, type Flags, type Options } from "./options.ts";

const FLAGS = {
  first: { short: "f" },
  quiet: { short: "q" },
  broadcast: { short: "b" },
  duplicate: { short: "D" },
  unsolicited: { short: "U", simulated: false },
  answers: { short: "A", simulated: false },
  version: { short: "V" },
  count: { short: "c", arg: "count" },
  deadline: { short: "w", arg: "timeout" },
  interval: { short: "i", arg: "interval" },
  device: { short: "I", arg: "device" },
  source: { short: "s", arg: "source", simulated: false },
  help: { short: "h" },
} as const satisfies Flags;

const USAGE = `
Usage:
  arping [options] <destination>

Options:
  -f            quit on first reply
  -q            be quiet
  -b            keep on broadcasting, do not unicast
  -D            duplicate address detection mode
  -U            unsolicited ARP mode, update your neighbours
  -A            ARP answer mode, update your neighbours
  -V            print version and exit
  -c <count>    how many packets to send
  -w <timeout>  how long to wait for a reply
  -i <interval> set interval between packets (default: 1 second)
  -I <device>   which ethernet device to use
  -s <source>   source IP address
  <destination> DNS name or IP address

For more details see arping(8).
`;

/** iputils' arping. */
export const arping: Program = {
  name: "arping",
  summary: "send ARP REQUEST to a neighbour host",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    if ("notSimulated" in given) {
      await process.error(`drydock: arping: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(`arping: ${given.problem}\n${USAGE}`);
      return 2;
    }
    if (given.has("version")) {
      await process.print("arping from iputils 20240117\n");
      return 0;
    }
    const [target] = given.operands;
    if (target === undefined || given.has("help")) {
      await process.error(USAGE);
      return 2;
    }
    return ask(process, given, target);
  },
};

async function ask(process: Process, given: Options<keyof typeof FLAGS>, target: string): Promise<number> {
  const fail = async (words: string): Promise<number> => {
    await process.error(`arping: ${words}\n`);
    return 2;
  };
  const ns = namespaceOf(process);
  const device = given.value("device");
  if (device === undefined) return fail("Suitable device could not be determined. Please, use option -I.");
  const link = findLink(ns, device);
  if (!link) return fail(`Device ${device} not available.`);
  if (!link.up) return fail(`Interface "${device}" is down`);
  if (link.kind === "loopback") return fail(`Interface "${device}" is not ARPable`);
  const found = await getaddrinfo(process, target, 4);
  const [address] = found.addresses;
  if (address === undefined) return fail(`${target}: ${gaiWords(process.host, found.failure!)}`);
  const to = parseIPv4(address)!;
  const source = (ns.addresses.get(link.index) ?? []).find(({ family }) => family === 4)?.local ?? "0.0.0.0";
  const shown = async (text: string): Promise<void> => {
    if (!given.has("quiet")) await process.print(text);
  };
  await shown(`ARPING ${addressText(to)} from ${given.has("duplicate") ? "0.0.0.0" : source} ${device}\n`);
  const count = Number(given.value("count") ?? Infinity);
  const until = process.now + Number(given.value("deadline") ?? Infinity) * SECOND;
  const interval = Number(given.value("interval") ?? 1) * SECOND;
  const stop = new AbortController();
  process.on("SIGINT", () => {
    stop.abort();
    process.interrupt();
  });
  let [sent, broadcasts, received] = [0, 0, 0];
  while (sent < count && process.now < until) {
    if (sent > 0)
      await process.sleep(interval).catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
      });
    if (stop.signal.aborted) break;
    if (received === 0 || given.has("broadcast")) broadcasts++;
    sent++;
    const mac = askNeighbour(ns, link, to);
    if (mac === undefined) continue;
    received++;
    await shown(`Unicast reply from ${address} [${mac.toUpperCase()}]  ${(0.6 + process.kernel.random.below("arping", 100) / 1000).toFixed(3)}ms\n`); // prettier-ignore
    if (given.has("first") || given.has("duplicate")) break;
  }
  // An answer to the last question is waited for.
  if (received === 0 && !stop.signal.aborted) await process.sleep(SECOND);
  process.on("SIGINT", undefined);
  await shown(`Sent ${sent} probes (${broadcasts} broadcast(s))\nReceived ${received} response(s)\n`);
  if (given.has("duplicate")) return received > 0 ? 1 : 0;
  return received > 0 ? 0 : 1;
}
