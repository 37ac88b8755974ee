import { SECOND } from "../../sim/kernel/index.ts";
import type { Process, Program } from "../../sim/host/index.ts";
import { getRoute, namespaceOf, parseAddress } from "../../sim/net/index.ts";
import { getaddrinfo } from "../netdb/getaddrinfo.ts";
import { getnameinfo } from "../netdb/getnameinfo.ts";
import { gaiWords } from "../netdb/libc.ts";
import { parseOptions, type Flags, type Options } from "../options.ts";
import { probe, type ProbeAnswer } from "./trace.ts";

const FLAGS = {
  four: { short: "4" },
  six: { short: "6" },
  both: { short: "b" },
  length: { short: "l", arg: "length" },
  most: { short: "m", arg: "hops" },
  numeric: { short: "n" },
  port: { short: "p", arg: "port" },
  version: { short: "V" },
  help: { short: "h" },
} as const satisfies Flags;

const USAGE = `
Usage
  tracepath [options] <destination>

Options:
  -4             use IPv4
  -6             use IPv6
  -b             print both name and IP
  -l <length>    use packet <length>
  -m <hops>      use maximum <hops>
  -n             no reverse DNS name resolution
  -p <port>      use destination <port>
  -V             print version and exit
  <destination>  DNS name or IP address

For more details see tracepath(8).
`;

/** iputils' tracepath. */
export const tracepath: Program = {
  name: "tracepath",
  summary: "trace path to a network host discovering MTU along this path",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    if ("problem" in given) {
      await process.error(`tracepath: ${given.problem}\n${USAGE}`);
      return 255;
    }
    if ("notSimulated" in given) return 64;
    if (given.has("version")) {
      await process.print("tracepath from iputils 20240117\n");
      return 0;
    }
    const [host] = given.operands;
    if (host === undefined || given.has("help")) {
      await process.error(USAGE);
      return 255;
    }
    const found = await getaddrinfo(process, host, given.has("six") ? 6 : given.has("four") ? 4 : undefined);
    const [to] = found.addresses;
    if (to !== undefined) return new Path(process, given, to).walk();
    await process.error(`tracepath: ${host}: ${gaiWords(process.host, found.failure!)}\n`);
    return 1;
  },
};

/** Columns of a host's name. */
const NAME = 52;
const TRIES = 3;

class Path {
  readonly #process: Process;
  readonly #given: Options<keyof typeof FLAGS>;
  readonly #to: string;
  #mtu: number;
  #port: number;

  constructor(process: Process, given: Options<keyof typeof FLAGS>, to: string) {
    this.#process = process;
    this.#given = given;
    this.#to = to;
    this.#mtu = Number(given.value("length") ?? (to.includes(":") ? 128_000 : 65_535));
    this.#port = Number(given.value("port") ?? 44_444);
  }

  async walk(): Promise<number> {
    const process = this.#process;
    const route = getRoute(namespaceOf(process), { destination: parseAddress(this.#to)! });
    if (typeof route === "string") {
      await process.print(` 1:  send failed\n     Resume: pmtu ${this.#mtu} \n`);
      return 0;
    }
    const largest = route.row.mtu ?? route.link.mtu;
    if (this.#mtu > largest) {
      this.#mtu = largest;
      await process.print(` 1?: ${"[LOCALHOST]".padEnd(32)} pmtu ${largest}\n`);
    }
    const most = Number(this.#given.value("most") ?? 30);
    for (let ttl = 1; ttl <= most; ttl++) {
      const last = await this.#hop(ttl);
      if (last) {
        const back = last.note === "" ? ` hops ${ttl} back ${backOf(last)} ` : " ";
        await process.print(`     Resume: pmtu ${this.#mtu}${back}\n`);
        return 0;
      }
    }
    await process.print(`     Too many hops: pmtu ${this.#mtu}\n     Resume: pmtu ${this.#mtu} \n`);
    return 0;
  }

  /** One hop; the answer that ends the path. */
  async #hop(ttl: number): Promise<ProbeAnswer | undefined> {
    const process = this.#process;
    const number = `${String(ttl).padStart(2)}: `;
    // The first hop answers twice: once to the packet that went out behind the one that was too large.
    let shown = ttl === 1 ? 0 : 1;
    for (let at = 0; at < TRIES; at++) {
      const answer = probe(process, { to: this.#to, method: "udp", ttl, size: this.#mtu, seq: 0, port: this.#port++, whole: true }); // prettier-ignore
      if (!answer) {
        await process.sleep(SECOND);
        continue;
      }
      await process.sleep(Math.round(answer.latency));
      const time = `${(answer.latency / 1000).toFixed(3).padStart(7)}ms `;
      const line = `${number} ${(await this.#name(answer.from)).padEnd(NAME)}${time}`;
      if (answer.mtu !== undefined) {
        this.#mtu = answer.mtu;
        await process.print(`${line}pmtu ${answer.mtu}\n`);
        at--;
        continue;
      }
      const back = backOf(answer);
      const words = answer.final
        ? answer.note === ""
          ? "reached"
          : answer.note.slice(1).replace("X", "A")
        : back === ttl
          ? ""
          : `asymm ${String(back).padStart(2)} `;
      await process.print(`${line}${words}\n`);
      if (shown++ === 0) {
        at--;
        continue;
      }
      return answer.final ? answer : undefined;
    }
    await process.print(`${number} no reply\n`);
    return undefined;
  }

  async #name(address: string): Promise<string> {
    if (this.#given.has("numeric")) return address;
    const name = await getnameinfo(this.#process, address);
    return name === undefined ? address : this.#given.has("both") ? `${name} (${address})` : name;
  }
}

/** Hops back, from what is left of a usual TTL. */
function backOf({ ttl }: ProbeAnswer): number {
  return (ttl <= 64 ? 65 : ttl <= 128 ? 129 : 256) - ttl;
}
