import type { Process } from "../../sim/host/index.ts";
import { getnameinfo } from "../netdb/getnameinfo.ts";
import { serviceByPort } from "../netdb/services.ts";

/** Names of addresses and ports, looked up once each. */
export class Names {
  readonly #process: Process;
  readonly #numeric: boolean;
  /** Only the first part of what is in our own domain (-N). */
  readonly #short: boolean;
  readonly #hosts = new Map<string, string>();
  readonly #ports = new Map<string, string>();
  readonly #missing = new Set<string>();

  constructor(process: Process, options: { numeric: boolean; short: boolean }) {
    this.#process = process;
    this.#numeric = options.numeric;
    this.#short = options.short;
  }

  host(address: string): string {
    if (this.#numeric) return address;
    const known = this.#hosts.get(address);
    if (known === undefined) this.#missing.add(address);
    return known ?? address;
  }

  port(port: number, protocol: "tcp" | "udp"): string {
    if (this.#numeric) return String(port);
    const key = `${port}/${protocol}`;
    let name = this.#ports.get(key);
    if (name === undefined)
      this.#ports.set(key, (name = serviceByPort(this.#process.host, port, protocol)?.name ?? String(port)));
    return name;
  }

  /** Looks up the addresses that were asked for and not known. True if there were any. */
  async lookUp(): Promise<boolean> {
    const missing = [...this.#missing];
    this.#missing.clear();
    for (const address of missing) {
      const name = (await getnameinfo(this.#process, address)) ?? address;
      this.#hosts.set(address, this.#short && name !== address ? name.split(".")[0]! : name);
    }
    return missing.length > 0;
  }
}
