import type { Process } from "../../sim/host/index.ts";
import { driveLookup, lookup, namesInHostsFile, parseResolvConf } from "../../sim/net/index.ts";

/** Names of IPv4 addresses for lists that are not numeric: /etc/hosts, then DNS, each address asked for once (getnameinfo). */
export class ReverseNames {
  readonly #process: Process;
  readonly #known = new Map<string, string | undefined>();

  constructor(process: Process) {
    this.#process = process;
  }

  /** The name of an address; undefined if it has none. */
  async name(address: string): Promise<string | undefined> {
    if (this.#known.has(address)) return this.#known.get(address);
    const name = await this.#ask(address);
    this.#known.set(address, name);
    return name;
  }

  /** What was found so far. */
  known(address: string): string | undefined {
    return this.#known.get(address);
  }

  async #ask(address: string): Promise<string | undefined> {
    const { host } = this.#process;
    const [listed] = namesInHostsFile(host.readText("/etc/hosts") ?? "", address);
    if (listed !== undefined) return listed;
    if (address.includes(":")) return undefined;
    const question = `${address.split(".").reverse().join(".")}.in-addr.arpa.`;
    const configuration = parseResolvConf(host.readText("/etc/resolv.conf") ?? "");
    const id = (): number => this.#process.kernel.random.below(`dns/${this.#process.machine.name}`, 0x10000);
    const { records } = await driveLookup(this.#process, lookup(question, ["PTR"], configuration, id));
    const record = records.find((one) => one.type === "PTR");
    return record && "target" in record ? record.target.replace(/\.$/, "") : undefined;
  }
}
