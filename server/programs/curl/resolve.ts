import type { Process } from "../../sim/host/index.ts";
import { getaddrinfo, numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import type { CurlArguments } from "./options.ts";
import type { Verbose } from "./verbose.ts";
import type { CurlVersion } from "./version.ts";

/** Where to connect instead: `--resolve` and `--connect-to`. */
export class Overrides {
  readonly #resolve = new Map<string, readonly string[]>();
  readonly #connectTo: readonly (readonly string[])[];

  /** Those that go out of the cache again after a while: `+HOST:PORT:ADDRESS`. */
  readonly #temporary = new Set<string>();
  /** The first `--resolve` that makes no sense. */
  readonly malformed: string | undefined;

  constructor(args: CurlArguments) {
    for (const text of args.values("resolve")) {
      const [, sign, host, port, list] = /^([+-]?)(\[[^\]]*\]|[^:]*):(\d+)(?::(.*))?$/.exec(text) ?? [];
      const addresses = list?.split(",").map((address) => address.replace(/^\[(.*)\]$/, "$1"));
      const complete = addresses?.every((address) => numericAddress(address) !== undefined) ?? false;
      if (host === undefined || (sign !== "-" && !complete)) {
        this.malformed ??= text;
        continue;
      }
      const key = `${host.toLowerCase()}:${port!}`;
      if (sign === "+") this.#temporary.add(key);
      if (sign === "-") this.#resolve.delete(key);
      else this.#resolve.set(key, addresses!);
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
    for (const [key, addresses] of this.#resolve) {
      const fleeting = this.#temporary.has(key) ? " (non-permanent)" : "";
      await verbose.info(`Added ${key}:${addresses.join(",")} to DNS cache${fleeting}`);
      if (key.startsWith("*:")) await verbose.info(`RESOLVE ${key} is wildcard, enabling wildcard checks`);
    }
  }

  addresses(host: string, port: number): readonly string[] | undefined {
    return this.#resolve.get(`${host.toLowerCase()}:${port}`) ?? this.#resolve.get(`*:${port}`);
  }

  /** The first `--connect-to` that fits; empty parts stand for what is there already. */
  target(
    host: string,
    port: number,
  ): { host: string; port: number; namesHost: boolean; namesPort: boolean } | undefined {
    for (const [fromHost, fromPort, toHost, toPort] of this.#connectTo) {
      if (fromHost !== "" && fromHost!.toLowerCase() !== host.toLowerCase()) continue;
      if (fromPort !== "" && Number(fromPort) !== port) continue;
      const [namesHost, namesPort] = [Boolean(toHost), Boolean(toPort)];
      return { host: toHost || host, port: toPort ? Number(toPort) : port, namesHost, namesPort };
    }
    return undefined;
  }
}

/** Addresses to try, or undefined if the name has none. */
export async function addressesFor(
  process: Process,
  version: CurlVersion,
  host: string,
  family: Family | undefined,
): Promise<readonly string[] | undefined> {
  // Names under localhost never leave the machine (Curl_resolv).
  if (/(?:^|\.)localhost\.?$/i.test(host) && numericAddress(host) === undefined)
    return family === 4
      ? ["127.0.0.1"]
      : family === 6
        ? ["::1"]
        : version.isAtLeast("8.0")
          ? ["::1", "127.0.0.1"]
          : ["127.0.0.1", "::1"];
  const found = await getaddrinfo(process, host, family);
  return found.failure === undefined ? found.addresses : undefined;
}
