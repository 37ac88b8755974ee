import { attempt, capable, Errno, open, readAll, strerror, type OpenFile, type Process, type Program } from "../../sim/host/index.ts"; // prettier-ignore
import { findLink, listLinks, namespaceOf, type LinkRow, type Namespace } from "../../sim/net/index.ts";
import { parseOptions, type Options } from "../options.ts";
import { versionOf } from "../gnu/versions.ts";
import { Capture, type Captured } from "./capture.ts";
import { compileFilter, type CompiledFilter } from "./filter/compile.ts";
import { Frame, type LinkType } from "./filter/frame.ts";
import { FilterError, parseFilter } from "./filter/syntax.ts";
import { listInterfaces, shownInterfaces } from "./interfaces.ts";
import { TCPDUMP_FLAGS, USAGE } from "./options.ts";
import { Printer } from "./printer.ts";
import { fileHeader, packetRecord, readSavefile } from "./savefile.ts";

type Given = Options<keyof typeof TCPDUMP_FLAGS>;

const LONGEST = 262_144;

const DESCRIPTIONS: Readonly<Record<LinkType, string>> = {
  EN10MB: "EN10MB (Ethernet)",
  RAW: "RAW (Raw IP)",
  LINUX_SLL2: "LINUX_SLL2 (Linux cooked v2)",
};

/** tcpdump 4.99 over libpcap 1.10. */
export const tcpdump: Program = {
  name: "tcpdump",
  summary: "dump traffic on a network",
  async run(process, args) {
    const given = parseOptions(TCPDUMP_FLAGS, args, { stopAtOperand: false });
    if ("notSimulated" in given) {
      await process.error(`drydock: tcpdump: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(`tcpdump: ${given.problem}\n${versions(process)}${USAGE}`);
      return 1;
    }
    return new Tcpdump(process, given).run();
  },
};

function versions(process: Process): string {
  const own = versionOf(process, "tcpdump") || "4.99.4";
  const library = versionOf(process, "libpcap") || "1.10.4";
  const openssl = versionOf(process, "libssl") || "OpenSSL 3.0.13 30 Jan 2024";
  return `tcpdump version ${own}\nlibpcap version ${library} (with TPACKET_V3)\n${openssl}\n`;
}

class Tcpdump {
  readonly #process: Process;
  readonly #given: Given;
  readonly #ns: Namespace;

  constructor(process: Process, given: Given) {
    this.#process = process;
    this.#given = given;
    this.#ns = namespaceOf(process);
  }

  async run(): Promise<number> {
    const process = this.#process;
    const given = this.#given;
    if (given.has("help") || given.has("version")) {
      await process.print(versions(process) + (given.has("help") ? USAGE : ""));
      return 0;
    }
    const problem = this.#checkNumbers();
    if (problem !== undefined) return this.#fail(problem);
    if (given.has("list")) {
      await process.print(listInterfaces(this.#ns));
      return 0;
    }
    try {
      return given.has("read") ? await this.#replay() : await this.#live();
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      return this.#fail(error.message);
    }
  }

  async #fail(words: string): Promise<number> {
    await this.#process.error(`tcpdump: ${words}\n`);
    return 1;
  }

  #checkNumbers(): string | undefined {
    const given = this.#given;
    for (const { flag, value } of given.given) {
      if (flag === "count" && !(Number.parseInt(value!, 10) > 0 && /^\d+$/.test(value!)))
        return `invalid packet count ${value}`;
      if (flag === "snap" && !(/^\d+$/.test(value!) && Number(value) <= LONGEST))
        return `invalid snaplen ${value} (must be >= 0 and <= 262144)`;
      if (flag === "buffer" && !(Number(value) > 0)) return `invalid packet buffer size ${value}`;
      if (flag === "direction" && !["in", "out", "inout"].includes(value!))
        return `unknown capture direction \`${value}'`;
    }
    return undefined;
  }

  get #snapLength(): number {
    return Number(this.#given.value("snap") ?? 0) || LONGEST;
  }

  /** The expression of the arguments or of a file. */
  async #filter(): Promise<CompiledFilter | undefined> {
    const name = this.#given.value("file");
    let text = this.#given.operands.join(" ");
    if (name !== undefined) {
      const content = attempt(() => this.#process.host.files.read(name, this.#process));
      if (content instanceof Errno) throw new FilterError(`can't open ${name}: ${strerror(content.code)}`);
      text = content.replaceAll(/#.*$/gm, " ");
    }
    const parsed = parseFilter(text);
    return parsed && compileFilter(this.#process, parsed);
  }

  // From the network

  async #live(): Promise<number> {
    const given = this.#given;
    const name = given.value("interface") ?? shownInterfaces(this.#ns)[0] ?? "any";
    if (/^\d+$/.test(name) && !findLink(this.#ns, name)) {
      const chosen = shownInterfaces(this.#ns)[Number(name) - 1];
      if (chosen === undefined) return this.#fail("Invalid adapter index");
      return this.#capture(chosen);
    }
    return this.#capture(name);
  }

  async #capture(name: string): Promise<number> {
    const process = this.#process;
    const given = this.#given;
    const link = name === "any" ? undefined : findLink(this.#ns, name);
    if (name !== "any" && !link) return this.#fail(`${name}: No such device exists\n(No such device exists)`);
    if (!capable(process, "NET_RAW"))
      return this.#fail(
        `${name}: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)`,
      );
    if (link && !link.up) return this.#fail(`${name}: That device is not up`);
    const linkType: LinkType = link ? (link.kind === "ipip" ? "RAW" : "EN10MB") : "LINUX_SLL2";
    if (given.has("linkTypes")) return this.#listLinkTypes(name, link);
    const wanted = given.value("linkType");
    if (wanted !== undefined && wanted !== linkType) return this.#wrongLinkType(wanted, name);
    if (!link) await process.error("tcpdump: data link type LINUX_SLL2\n");
    const out = this.#output(linkType);
    const filter = await this.#filter();
    const file = out instanceof Errno ? out : out?.();
    if (file instanceof Errno) return this.#fail(`${given.value("write")}: ${strerror(file.code)}`);
    return this.#listen(name, link, filter, file);
  }

  async #wrongLinkType(wanted: string, name: string): Promise<number> {
    if (!["EN10MB", "LINUX_SLL2", "LINUX_SLL", "DOCSIS"].includes(wanted))
      return this.#fail(`invalid data link type ${wanted}`);
    await this.#process.error(`drydock: tcpdump: '-y ${wanted}' on ${name} is not simulated\n`);
    return 64;
  }

  async #listLinkTypes(name: string, link: LinkRow | undefined): Promise<number> {
    const list =
      link?.kind === "ipip"
        ? ["RAW (Raw IP)"]
        : link
          ? link.kind === "loopback"
            ? ["EN10MB (Ethernet)"]
            : ["EN10MB (Ethernet)", "DOCSIS (DOCSIS) (printing not supported)"]
          : ["LINUX_SLL (Linux cooked v1)", "LINUX_SLL2 (Linux cooked v2)"];
    await this.#process.print(
      `Data link types for ${name} (use option -y to set):\n${list.map((type) => `  ${type}\n`).join("")}`,
    );
    return 0;
  }

  /** What opens the file of -w, once the filter is known to be good; the file then belongs to who the program becomes. */
  #output(linkType: LinkType): (() => OpenFile | Errno) | undefined {
    const name = this.#given.value("write");
    if (name === undefined) return undefined;
    return () => {
      const file = this.#create(name);
      if (!(file instanceof Errno)) file.writeNow(fileHeader(linkType, this.#snapLength));
      return file;
    };
  }

  #create(name: string): OpenFile | Errno {
    const process = this.#process;
    if (name === "-") return process.fds.find(1) ?? new Errno("EBADF");
    return attempt(() => {
      const file = open(process.host, name, { write: true, truncate: true, mode: 0o644 }, process);
      process.fds.add(file, 3);
      const user = process.uid === 0 ? process.host.users.byName("tcpdump") : undefined;
      if (user) process.host.files.chown(name, user.uid, user.gid, process);
      return file;
    });
  }

  async #listen(
    name: string,
    link: LinkRow | undefined,
    filter: CompiledFilter | undefined,
    file: OpenFile | undefined,
  ): Promise<number> {
    const process = this.#process;
    const given = this.#given;
    const direction = given.value("direction");
    const capture = new Capture(process, this.#ns, {
      link: link?.index,
      raw: link?.kind === "ipip",
      promiscuous: !given.has("normal"),
      filter,
      direction: direction === "in" || direction === "out" ? direction : undefined,
      snapLength: this.#snapLength,
      buffer: Number(given.value("buffer") ?? 2048) * 1024,
      immediate: given.has("immediate") || (!file && (given.has("lines") || process.isTty(1))),
    });
    let interrupted = false;
    const stop = (): void => {
      interrupted = true;
      capture.stop();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"] as const) process.on(signal, stop);
    await process.error(this.#listening(name, capture.linkType, file !== undefined));
    const count = await this.#consume(capture, file);
    capture.close();
    if (!interrupted) await capture.reaction();
    if (!file) {
      // Perhaps in the middle of a line.
      if (interrupted) await this.#print("\n");
    }
    const received = capture.received(process.kernel.now);
    await process.error(counters(count, received, capture.dropped));
    return 0;
  }

  #listening(name: string, linkType: LinkType, toFile: boolean): string {
    const what = `listening on ${name}, link-type ${DESCRIPTIONS[linkType]}, snapshot length ${this.#snapLength} bytes\n`;
    if (toFile || this.#given.has("verbose")) return `tcpdump: ${what}`;
    return `tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n${what}`;
  }

  async #consume(capture: Capture, file: OpenFile | undefined): Promise<number> {
    const printer = new Printer(this.#process, this.#given);
    const most = Number(this.#given.value("count") ?? Infinity);
    let count = 0;
    for await (const captured of capture.packets()) {
      count++;
      await this.#handle(captured, printer, file);
      if (count >= most) break;
    }
    return count;
  }

  async #handle({ frame, time, link }: Captured, printer: Printer, file: OpenFile | undefined): Promise<void> {
    if (file) await file.write(this.#process, packetRecord({ time, bytes: frame.bytes, length: frame.length }));
    if ((!file || this.#given.has("print")) && !this.#given.has("onlyCount"))
      await this.#print(await printer.line(frame, time, link));
  }

  async #print(text: string): Promise<void> {
    await this.#process.print(text);
  }

  // From a file

  async #replay(): Promise<number> {
    const process = this.#process;
    const given = this.#given;
    const name = given.value("read")!;
    const content = await this.#content(name);
    if (content instanceof Errno) return this.#fail(`${name}: ${strerror(content.code)}`);
    const saved = readSavefile(content);
    if (!saved) return this.#fail(content.length < 4 ? `truncated dump file; tried to read 4 file header bytes, only got ${content.length}` : "unknown file format"); // prettier-ignore
    await process.error(
      `reading from file ${name}, link-type ${DESCRIPTIONS[saved.linkType]}, snapshot length ${saved.snapLength}\n`,
    );
    const out = this.#output(saved.linkType);
    const filter = await this.#filter();
    const file = out?.();
    if (file instanceof Errno) return this.#fail(`${given.value("write")}: ${strerror(file.code)}`);
    if (saved.linkType === "LINUX_SLL2" && !file) await process.error("Warning: interface names might be incorrect\n");
    const printer = new Printer(process, given);
    const most = Number(given.value("count") ?? Infinity);
    let count = 0;
    for (const packet of saved.packets) {
      const frame = new Frame(packet.bytes, saved.linkType, packet.length);
      if (filter && !filter.test(frame)) continue;
      count++;
      const link = this.#linkName(frame);
      await this.#handle({ frame, time: packet.time, link }, printer, file);
      if (count >= most) break;
    }
    if (saved.truncated) return this.#fail("pcap_loop: truncated dump file");
    if (given.has("onlyCount")) await this.#print(`${count} packet${count === 1 ? "" : "s"}\n`);
    return 0;
  }

  async #content(name: string): Promise<string | Errno> {
    const process = this.#process;
    if (name !== "-") return attempt(() => process.host.files.read(name, process));
    const file = process.fds.find(0);
    if (!file) return new Errno("EBADF");
    const limit = process.kernel.limits.fileSize;
    return (await readAll(process, file, limit)) ?? new Errno("EFBIG");
  }

  /** The name that a link's number has here. */
  #linkName(frame: Frame): string {
    if (frame.linkType !== "LINUX_SLL2") return "";
    const index = frame.u32(4);
    return listLinks(this.#ns).find((link) => link.index === index)?.name ?? `ifindex ${index}`;
  }
}

function counters(captured: number, received: number, dropped: number): string {
  const packets = (count: number): string => `${count} packet${count === 1 ? "" : "s"}`;
  return `${packets(captured)} captured\n${packets(received)} received by filter\n${packets(dropped)} dropped by kernel\n`;
}
