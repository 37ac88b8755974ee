import type { Process } from "../../sim/host/index.ts";
import { getaddrinfo, numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import type { CurlArguments } from "./options.ts";
import type { Verbose } from "./verbose.ts";

/** Where to connect instead: `--resolve` and `--connect-to`. */
export class Overrides {
  readonly #resolve = new Map<string, readonly string[]>();
  readonly #connectTo: readonly (readonly string[])[];

  constructor(args: CurlArguments) {
    for (const text of args.values("resolve")) {
      const [, sign, host, port, addresses] = /^([+-]?)(\[[^\]]*\]|[^:]*):(\d+)(?::(.*))?$/.exec(text) ?? [];
      if (host === undefined) continue;
      const key = `${host.toLowerCase()}:${port!}`;
      if (sign === "-") this.#resolve.delete(key);
      else
        this.#resolve.set(
          key,
          (addresses ?? "").split(",").map((address) => address.replace(/^\[(.*)\]$/, "$1")),
        );
    }
    this.#connectTo = args
      .values("connect-to")
      .map((text) =>
        [...text.matchAll(/(\[[^\]]*\]|[^:]*)(?::|$)/g)]
          .slice(0, 4)
          .map(([, part]) => part!.replace(/^\[(.*)\]$/, "$1")),
      );
  }

  async tell(verbose: Verbose): Promise<void> {
    for (const [key, addresses] of this.#resolve)
      await verbose.info(`Added ${key}:${addresses.join(",")} to DNS cache`);
  }

  addresses(host: string, port: number): readonly string[] | undefined {
    return this.#resolve.get(`${host.toLowerCase()}:${port}`) ?? this.#resolve.get(`*:${port}`);
  }

  /** The first `--connect-to` that fits; empty parts stand for what is there already. */
  target(host: string, port: number): { host: string; port: number } | undefined {
    for (const [fromHost, fromPort, toHost, toPort] of this.#connectTo) {
      if (fromHost !== "" && fromHost!.toLowerCase() !== host.toLowerCase()) continue;
      if (fromPort !== "" && Number(fromPort) !== port) continue;
      return { host: toHost || host, port: toPort ? Number(toPort) : port };
    }
    return undefined;
  }
}

/** Addresses to try, or undefined if the name has none. */
export async function addressesFor(
  process: Process,
  host: string,
  family: Family | undefined,
): Promise<readonly string[] | undefined> {
  // Names under localhost never leave the machine (Curl_resolv).
  if (/(?:^|\.)localhost\.?$/i.test(host) && numericAddress(host) === undefined)
    return family === 4 ? ["127.0.0.1"] : family === 6 ? ["::1"] : ["::1", "127.0.0.1"];
  const found = await getaddrinfo(process, host, family);
  return found.failure === undefined ? found.addresses : undefined;
}
