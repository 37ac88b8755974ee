import type { Process } from "../../sim/host/index.ts";
import type { Time } from "../../sim/kernel/index.ts";
import type { Options } from "../options.ts";
import { asciiDump, hexAsciiDump, hexDump } from "./decode/dump.ts";
import { frameText } from "./decode/ether.ts";
import type { Printing } from "./decode/printing.ts";
import type { Frame } from "./filter/frame.ts";
import { Names } from "./names.ts";
import type { TCPDUMP_FLAGS } from "./options.ts";
import { Stamp } from "./stamp.ts";

/** Prints captured packets, in turn. */
export class Printer {
  readonly #given: Options<keyof typeof TCPDUMP_FLAGS>;
  readonly #stamp: Stamp;
  readonly #names: Names;
  readonly #conversations = new Map<string, { seq: number; ack: number }>();
  #number = 0;

  constructor(process: Process, given: Options<keyof typeof TCPDUMP_FLAGS>) {
    this.#given = given;
    this.#stamp = new Stamp(given.count("time"));
    this.#names = new Names(process, { numeric: given.has("numeric"), short: given.has("noDomain") });
  }

  async line(frame: Frame, time: Time, link: string): Promise<string> {
    // Once to learn which names are missing, and again with them.
    frameText(frame, this.#printing(new Map(this.#conversations)), link);
    if (await this.#names.lookUp()) frameText(frame, this.#printing(new Map(this.#conversations)), link);
    const number = this.#given.has("number") ? `${String(++this.#number).padStart(5)}  ` : "";
    const stamp = this.#stamp.text(time);
    const text = frameText(frame, this.#printing(this.#conversations), link);
    return `${number}${stamp}${text}${this.#dump(frame)}\n`;
  }

  #printing(conversations: Map<string, { seq: number; ack: number }>): Printing {
    const given = this.#given;
    return {
      ether: given.has("ether"),
      verbose: given.count("verbose"),
      quiet: given.has("quiet"),
      absolute: given.has("absolute"),
      numeric: given.has("numeric"),
      unchecked: given.has("unchecked"),
      host: (address) => this.#names.host(address),
      port: (port, protocol) => this.#names.port(port, protocol),
      conversations,
    };
  }

  #dump(frame: Frame): string {
    const given = this.#given;
    const link = (count: number): string => (count > 1 ? frame.bytes : frame.bytes.slice(frame.network));
    if (given.has("hexAscii")) return hexAsciiDump(link(given.count("hexAscii")));
    if (given.has("hex")) return hexDump(link(given.count("hex")));
    return given.has("ascii") ? asciiDump(link(given.count("ascii"))) : "";
  }
}
