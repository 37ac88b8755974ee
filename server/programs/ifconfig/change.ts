import { strerror, type Process } from "../../sim/host/index.ts";
import {
  addAddress,
  addressesOf,
  addressText,
  bringDown,
  bringUp,
  defaultBroadcast,
  findLink,
  getLink,
  mask,
  namespaceOf,
  parseIPv4,
  parsePrefix,
  removeAddress,
  renameLink,
  setAddress,
  setLink,
  setMtu,
  type AddressRow,
  type LinkSettings,
  type Namespace,
  type Result,
} from "../../sim/net/index.ts";
import { Exit, notSimulated } from "../ip/exit.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { resolveHost } from "../route/resolve.ts";
import { IFCONFIG_MISTAKE } from "./usage.ts";

/** Options that Linux has and this simulation has not. */
const UNSIMULATED = ["pointopoint", "-pointopoint", "dstaddr", "tunnel", "outfill", "keepalive", "mem_start", "io_addr", "irq", "media", "dynamic", "-dynamic", "trailers", "-trailers"]; // prettier-ignore

const WITH_VALUE = ["add", "del", "hw", "mtu", "name", "netmask", "txqueuelen"];

/** `ifconfig NAME …`: each word has its effect at once, one after another (net-tools ifconfig.c: main). */
export async function changeInterface(process: Process, name: string, words: readonly string[]): Promise<number> {
  const change = new Change(process, name);
  for (let at = 0; at < words.length;) at += 1 + (await change.apply(words[at]!, words.slice(at + 1)));
  await change.end();
  return change.status;
}

/** One run on one interface, or on an alias of it. */
class Change {
  readonly #process: Process;
  readonly #ns: Namespace;
  readonly #name: string;
  readonly #index: number | undefined;
  /** What is said of the mask behind an address, which is set last. */
  #late = "";
  status = 0;

  constructor(process: Process, name: string) {
    this.#process = process;
    this.#ns = namespaceOf(process);
    this.#name = name;
    this.#index = findLink(this.#ns, name.split(":")[0]!)?.index;
  }

  async end(): Promise<void> {
    if (this.#late !== "") await this.#process.error(this.#late);
  }

  /** The interface is not there, and the next word is tried all the same; `flags`: they are set, too. */
  async #missing(call: string, flags: boolean): Promise<void> {
    const rest = flags ? `${this.#name}: ERROR while getting interface flags: No such device\n` : "";
    await this.#process.error(`${call}: No such device\n${rest}`);
    this.status = this.status === 255 || flags ? 255 : 1;
  }

  /** Does what a word says; returns how many of the words behind it were its own. */
  async apply(word: string, following: readonly string[]): Promise<number> {
    const [value] = following;
    if (value === undefined && WITH_VALUE.includes(word)) throw new Exit(3, IFCONFIG_MISTAKE);
    switch (word) {
      case "up":
      case "down":
        this.#flag(word === "up");
        return 0;
      case "arp":
      case "-arp":
        return this.#set({ arp: word === "arp" });
      case "promisc":
      case "-promisc":
        return this.#set({ promisc: word === "promisc" });
      case "allmulti":
      case "-allmulti":
        return this.#set({ allmulticast: word === "allmulti" });
      case "multicast":
      case "-multicast":
        return this.#set({ multicast: word === "multicast" });
      case "inet":
      case "inet6":
        return 0;
      case "mtu":
        this.#talk(
          "SIOCSIFMTU",
          setMtu(this.#ns, this.#link("SIOCSIFMTU"), Number(/^\d+$/.test(value ?? "") ? value : 0)),
        );
        return 1;
      case "txqueuelen":
        if (this.#index === undefined) await this.#missing("SIOCSIFTXQLEN", false);
        else this.#set({ txqlen: Number(/^\d+/.exec(value!) ?? 0) });
        return 1;
      case "name":
        this.#talk("SIOCSIFNAME", renameLink(this.#ns, this.#link("SIOCSIFNAME"), value ?? ""));
        return 1;
      case "hw":
        if (value !== "ether" || following[1] === undefined) throw new Exit(3, IFCONFIG_MISTAKE);
        if (!/^[\da-f]{1,2}(:[\da-f]{1,2})*:?$/i.test(following[1]))
          throw new Exit(1, `${following[1]}: invalid ether address.\n`);
        this.#talk("SIOCSIFHWADDR", setAddress(this.#ns, this.#link("SIOCSIFHWADDR"), following[1] ?? ""));
        return 2;
      case "netmask":
        await this.#netmask(value);
        return 1;
      case "broadcast":
        await this.#broadcast(value);
        return 1;
      case "-broadcast":
        return 0;
      case "add":
      case "del":
        this.#address6(word, value);
        return 1;
      default:
        if (UNSIMULATED.includes(word)) throw notSimulated("ifconfig", word);
        await this.#address(word);
        return 0;
    }
  }

  /** The link's index; ends the program with what the call of the kernel fails with. */
  #link(call: string): number {
    if (this.#index === undefined) throw this.#noDevice(call);
    if (!mayAdminNetwork(this.#process)) throw new Exit(255, `${call}: Operation not permitted\n`);
    return this.#index;
  }

  #noDevice(call: string): Exit {
    if (call !== "SIOCSIFFLAGS") return new Exit(1, `${call}: No such device\n`);
    return new Exit(255, `${this.#name}: ERROR while getting interface flags: No such device\n`);
  }

  #talk(call: string, result: Result<unknown>): void {
    if (result.ok) return;
    if (result.unsimulated !== undefined) throw notSimulated("ifconfig", result.unsimulated);
    throw new Exit(1, `${call}: ${strerror(result.errno)}\n`);
  }

  #set(settings: LinkSettings): 0 {
    this.#talk("SIOCSIFFLAGS", setLink(this.#ns, this.#link("SIOCSIFFLAGS"), settings));
    return 0;
  }

  /** An alias that goes down loses its address. */
  #flag(up: boolean): void {
    const index = this.#link("SIOCSIFFLAGS");
    const own = this.#own();
    if (this.#name.includes(":")) {
      if (!own) throw new Exit(255, "SIOCSIFFLAGS: Cannot assign requested address\n");
      if (!up) removeAddress(this.#ns, getLink(this.#ns, index), own);
      return;
    }
    if (up) this.#talk("SIOCSIFFLAGS", bringUp(this.#ns, index));
    else bringDown(this.#ns, index);
  }

  /** The IPv4 address that has this name as its label. */
  #own(): AddressRow | undefined {
    return this.#index === undefined
      ? undefined
      : addressesOf(this.#ns, this.#index).find((row) => row.family === 4 && row.label === this.#name);
  }

  /** SIOCSIFADDR: the address takes the place of the one that was there, with the mask of its class, and the link goes up. */
  async #address(word: string): Promise<void> {
    const slash = word.indexOf("/");
    const name = slash < 0 ? word : word.slice(0, slash);
    const mask = slash < 0 ? "" : word.slice(slash + 1);
    if (!/^\d*$/.test(mask) && !word.includes(":")) throw new Exit(3, IFCONFIG_MISTAKE);
    const local = await resolveHost(this.#process, name);
    if (typeof local !== "string")
      throw new Exit(1, `${name}: ${local.why}\nifconfig: \`--help' gives usage information.\n`);
    if (this.#index === undefined) {
      if (slash >= 0) this.#late = "SIOCSIFNETMASK: No such device\n";
      return this.#missing("SIOCSIFADDR", true);
    }
    const index = this.#link("SIOCSIFADDR");
    const length = slash < 0 ? classLength(local) : shifted(Number(mask));
    const old = this.#own();
    if (old) removeAddress(this.#ns, getLink(this.#ns, index), old);
    if (local !== "0.0.0.0") this.#give(index, local, length);
    this.#talk("SIOCSIFFLAGS", bringUp(this.#ns, index));
  }

  #give(index: number, local: string, length: number, broadcast?: string): void {
    const link = getLink(this.#ns, index);
    const last = link.kind === "loopback" || length >= 31 ? undefined : (broadcast ?? defaultBroadcast(local, length));
    this.#talk(
      "SIOCSIFADDR",
      addAddress(this.#ns, link, {
        local,
        length,
        label: this.#name,
        ...(last === undefined ? {} : { broadcast: last }),
      }),
    );
  }

  async #netmask(word: string | undefined): Promise<void> {
    const text = await this.#resolve(word ?? "");
    if (this.#index === undefined) return this.#missing("SIOCSIFNETMASK", false);
    const index = this.#link("SIOCSIFNETMASK");
    const own = this.#own();
    if (!own) throw new Exit(1, "SIOCSIFNETMASK: Cannot assign requested address\n");
    const bits = parseIPv4(text)!;
    const length = Math.clz32(~bits);
    if (mask(length) !== bits) throw new Exit(1, "SIOCSIFNETMASK: Invalid argument\n");
    removeAddress(this.#ns, getLink(this.#ns, index), own);
    // A broadcast address that followed from the old mask follows from the new one.
    const kept =
      own.broadcast !== undefined && own.broadcast !== defaultBroadcast(own.local, own.length)
        ? own.broadcast
        : undefined;
    this.#give(index, own.local, length, kept);
  }

  async #broadcast(word: string | undefined): Promise<void> {
    const text = await this.#resolve(word ?? "");
    if (this.#index === undefined) return this.#missing("SIOCSIFBRDADDR", true);
    const index = this.#link("SIOCSIFBRDADDR");
    const own = this.#own();
    if (!own) throw new Exit(1, "SIOCSIFBRDADDR: Cannot assign requested address\n");
    removeAddress(this.#ns, getLink(this.#ns, index), own);
    this.#give(index, own.local, own.length, text);
  }

  async #resolve(word: string): Promise<string> {
    const found = await resolveHost(this.#process, word);
    if (typeof found === "string") return found;
    throw new Exit(1, `${word}: ${found.why}\n`);
  }

  /** `add 2001:db8::1/64` and `del`. */
  #address6(what: "add" | "del", word: string | undefined): void {
    if (this.#index === undefined) throw new Exit(1, "SIOGIFINDEX: No such device\n");
    const index = this.#link("SIOCSIFADDR");
    const prefix = word === undefined ? undefined : parsePrefix(word);
    if (!prefix) throw new Exit(1, `${word ?? ""}: Resolver Error 0 (no error)\n`);
    const link = getLink(this.#ns, index);
    const spec = { local: addressText(prefix.address), length: prefix.length };
    if (what === "add") this.#talk("SIOCSIFADDR", addAddress(this.#ns, link, spec));
    else this.#talk("SIOCDIFADDR", removeAddress(this.#ns, link, spec));
  }
}

/** The mask is shifted by what its length lacks of 32, modulo 32 (INET_getnetmask). */
function shifted(length: number): number {
  return length === 0 ? 0 : ((length - 1) % 32) + 1;
}

/** inet_abc_len: the prefix length of an address' class. */
function classLength(text: string): number {
  const first = Number(text.split(".")[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}
