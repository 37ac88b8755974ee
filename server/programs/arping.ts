import { SECOND } from "../sim/kernel/index.ts";
import { capable, type Process, type Program } from "../sim/host/index.ts";
import {
  addressText,
  announceAddress,
  askNeighbour,
  findLink,
  getRoute,
  isLocal,
  namespaceOf,
  parseIPv4,
  type LinkRow,
} from "../sim/net/index.ts";
import { versionOf } from "./gnu/versions.ts";
import { getaddrinfo } from "./netdb/getaddrinfo.ts";
import { errorWords, gaiWords } from "./netdb/libc.ts";
import { parseOptions, type Flags, type Options } from "./options.ts";

const FLAGS = {
  first: { short: "f" },
  quiet: { short: "q" },
  broadcast: { short: "b" },
  duplicate: { short: "D" },
  unsolicited: { short: "U" },
  answers: { short: "A" },
  version: { short: "V" },
  count: { short: "c", arg: "count" },
  deadline: { short: "w", arg: "timeout" },
  interval: { short: "i", arg: "interval" },
  device: { short: "I", arg: "device" },
  source: { short: "s", arg: "source" },
  help: { short: "h" },
} as const satisfies Flags;

function usage(process: Process): string {
  // Words of the list that changed with 20240117.
  const old = versionOf(process, "iputils") !== "" && versionOf(process, "iputils") < "2024";
  const [address, name] = old ? ["ip", "dns"] : ["IP", "DNS"];
  return `
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
  -s <source>   source ${address} address
  <destination> ${name} name or ${address} address

For more details see arping(8).
`;
}

const ONES = "ff:ff:ff:ff:ff:ff";

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
      await process.error(`arping: ${given.problem}\n${usage(process)}`);
      return 2;
    }
    if (given.has("version")) {
      const version = versionOf(process, "iputils") || "20240117";
      await process.print(
        `arping from iputils ${version}\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n`,
      );
      return 0;
    }
    for (const flag of ["count", "deadline", "interval"] as const) {
      const text = given.value(flag);
      if (text === undefined || /^[+-]?\d+$/.test(text)) continue;
      await process.error(`arping: invalid argument: '${text}'\n`);
      return 1;
    }
    const [target] = given.operands;
    if (target === undefined || given.operands.length > 1 || given.has("help")) {
      await process.error(usage(process));
      return 2;
    }
    return new Arping(process, given).run(target);
  },
};

class Arping {
  readonly #process: Process;
  readonly #given: Options<keyof typeof FLAGS>;

  constructor(process: Process, given: Options<keyof typeof FLAGS>) {
    this.#process = process;
    this.#given = given;
  }

  async run(target: string): Promise<number> {
    const process = this.#process;
    const given = this.#given;
    if (!capable(process, "NET_RAW")) return this.#fail("socket: Operation not permitted");
    const ns = namespaceOf(process);
    const name = given.value("device");
    const link = name === undefined ? undefined : findLink(ns, name);
    if (name !== undefined && !link) return this.#fail(`Device ${name} not available.`);
    if (link && !link.up) return this.#plain(`Interface "${link.name}" is down`);
    if (link?.kind === "loopback") return this.#plain(`Interface "${link.name}" is not ARPable`);
    const found = await getaddrinfo(process, target, 4);
    const [address] = found.addresses;
    if (address === undefined) return this.#fail(`${target}: ${gaiWords(process.host, found.failure!)}`);
    const device = link ?? this.#device(address);
    if (!device) return this.#fail("Suitable device could not be determined. Please, use option -I.");
    const source = this.#source(device, address);
    if (source === undefined) return this.#fail(`bind: ${errorWords(process.host, "EADDRNOTAVAIL")}`);
    return this.#probe(device, address, source);
  }

  /** The link that the route to the destination leaves by, if it is no gateway's. */
  #device(address: string): LinkRow | undefined {
    const route = getRoute(namespaceOf(this.#process), { destination: parseIPv4(address)! });
    return typeof route === "string" || route.link.kind === "loopback" ? undefined : route.link;
  }

  /** What is told as the sender: our address, the one that is announced, or none. Undefined: it is not ours. */
  #source(link: LinkRow, target: string): string | undefined {
    const given = this.#given;
    const ns = namespaceOf(this.#process);
    const chosen = given.value("source");
    if (chosen !== undefined) {
      const value = parseIPv4(chosen);
      return value !== undefined && isLocal(ns, value) ? chosen : undefined;
    }
    if (given.has("duplicate")) return "0.0.0.0";
    if (given.has("unsolicited") || given.has("answers")) return isLocal(ns, parseIPv4(target)!) ? target : undefined;
    return (ns.addresses.get(link.index) ?? []).find(({ family }) => family === 4)?.local ?? "0.0.0.0";
  }

  async #probe(link: LinkRow, address: string, source: string): Promise<number> {
    const process = this.#process;
    const given = this.#given;
    const ns = namespaceOf(process);
    await this.#shown(`ARPING ${address} from ${source} ${link.name}\n`);
    const count = Number(given.value("count") ?? Infinity);
    const until = process.now + Number(given.value("deadline") ?? Infinity) * SECOND;
    const interval = Number(given.value("interval") ?? 1) * SECOND;
    const announcing = given.has("unsolicited") || given.has("answers");
    const stop = new AbortController();
    process.on("SIGINT", () => {
      stop.abort();
      process.interrupt();
    });
    let [sent, broadcasts, received] = [0, 0, 0];
    let known: string | undefined;
    while (sent < count && process.now < until) {
      if (sent > 0) await this.#wait(interval, stop);
      if (stop.signal.aborted) break;
      if (known === undefined || given.has("broadcast")) broadcasts++;
      sent++;
      if (announcing) {
        announceAddress(ns, link, source, given.has("answers") ? { announces: true } : { unknown: ONES });
        continue;
      }
      const mac = askNeighbour(ns, link, parseIPv4(address)!, {
        unknown: known ?? ONES,
        sender: parseIPv4(source)!,
        ...(known === undefined || given.has("broadcast") ? {} : { unicast: known }),
      });
      if (mac === undefined) continue;
      known = mac;
      received++;
      const time = 0.6 + process.kernel.random.below("arping", 100) / 1000;
      await this.#shown(
        `Unicast reply from ${addressText(parseIPv4(address)!)} [${mac.toUpperCase()}]  ${time.toFixed(3)}ms\n`,
      );
      if (given.has("first") || given.has("duplicate")) break;
    }
    // An answer to the last question is waited for.
    if (received === 0 && !announcing && !stop.signal.aborted) await this.#wait(SECOND, stop);
    process.on("SIGINT", undefined);
    await this.#shown(`Sent ${sent} probes (${broadcasts} broadcast(s))\nReceived ${received} response(s)\n`);
    if (given.has("duplicate")) return received > 0 ? 1 : 0;
    return received > 0 || announcing ? 0 : 1;
  }

  async #wait(span: number, stop: AbortController): Promise<void> {
    await this.#process.sleep(span).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  }

  async #shown(text: string): Promise<void> {
    if (!this.#given.has("quiet")) await this.#process.print(text);
  }

  async #fail(words: string): Promise<number> {
    return this.#plain(`arping: ${words}`);
  }

  async #plain(words: string): Promise<number> {
    await this.#process.error(`${words}\n`);
    return 2;
  }
}
