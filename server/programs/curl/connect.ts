import { MILLISECOND, type Duration, type Time } from "../../sim/kernel/index.ts";
import { Errno, type ErrnoCode, type Process } from "../../sim/host/index.ts";
import { ConnectFailed, connectTcp, findLink, namespaceOf, type TcpSocket } from "../../sim/net/index.ts";
import { errorWords } from "../netdb/libc.ts";
import { familyOf, numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";
import { CurlFailure } from "./failure.ts";
import type { CurlArguments } from "./options.ts";
import type { Proxy } from "./proxy.ts";
import { addressesFor, type Overrides } from "./resolve.ts";
import type { CurlUrl } from "./url.ts";
import type { Verbose } from "./verbose.ts";
import type { CurlVersion } from "./version.ts";

/** After so long another address family is tried as well (happy eyeballs). */
const HEAD_START: Duration = 200 * MILLISECOND;

/** What connecting needs to know of its transfer. */
export interface Dialing {
  readonly process: Process;
  readonly args: CurlArguments;
  readonly version: CurlVersion;
  readonly verbose: Verbose;
  readonly overrides: Overrides;
  readonly started: Time;
  /** When the whole transfer is over. */
  readonly deadline: Time;
  /** To connect to in place of the URL's host. */
  readonly proxy: Proxy | undefined;
  /** Tells when names were resolved. */
  resolved(): void;
}

/** Resolves the host and connects to the first of its addresses that answers. */
export async function dial(
  dialing: Dialing,
  url: CurlUrl,
): Promise<{ readonly socket: TcpSocket; readonly shownHost: string }> {
  const { args, overrides, verbose, version, started, proxy } = dialing;
  const target = proxy ? undefined : overrides.target(url.host, url.port);
  const { host, port } = proxy ?? target ?? url;
  if (target?.namesHost) await verbose.info(`Connecting to hostname: ${host}`);
  if (target?.namesPort) await verbose.info(`Connecting to port: ${port}`);
  // 7.88 printed a name that it had not set yet.
  const shownHost = target?.namesHost && !version.isAtLeast("8.0") ? "(nil)" : host;
  const connectTimeout = args.number("connect-timeout", Infinity) * 1_000_000 || Infinity;
  const deadline = Math.min(dialing.deadline, started + connectTimeout);
  const addresses = await resolve(dialing, host, port, deadline);
  dialing.resolved();
  const socket = await new Attempt(dialing, host, port, deadline).run(interleaved(addresses));
  return { socket, shownHost };
}

async function resolve(
  { process, args, version, verbose, overrides, started, proxy }: Dialing,
  host: string,
  port: number,
  deadline: Time,
): Promise<readonly string[]> {
  // prettier-ignore
  const given = overrides.addresses(host, port);
  if (given) {
    await verbose.info(`Hostname ${host} was found in DNS cache`);
    return given;
  }
  const family: Family | undefined = args.has("ipv4") ? 4 : args.has("ipv6") ? 6 : undefined;
  // Both families are asked for and IPv4 is dropped later: who has nothing else fails to connect (Curl_getaddrinfo).
  const asked = family === 6 && !version.isAtLeast("8.9") ? undefined : family;
  const all = await within(process, deadline - process.kernel.now, () => addressesFor(process, version, host, asked));
  const found = Array.isArray(all) && asked !== family ? all.filter((address) => familyOf(address) === family) : all;
  if (Array.isArray(found) && found.length === 0) throw new CurlFailure(7, "Couldn't connect to server");
  if (found === TIMED_OUT) {
    const words = `Resolving timed out after ${milliseconds(process, started)} milliseconds`;
    await verbose.info(words);
    throw new CurlFailure(28, words);
  }
  if (found === undefined) {
    const words = `Could not resolve ${proxy ? "proxy" : "host"}: ${host}`;
    await verbose.info(words);
    throw new CurlFailure(proxy ? 5 : 6, words);
  }
  if (version.isAtLeast("8.5") && numericAddress(host) === undefined) {
    const list = (wanted: Family): string =>
      found.filter((address) => familyOf(address) === wanted).join(", ") || "(none)";
    await verbose.info(`Host ${host}:${port} was resolved.`);
    await verbose.info(`IPv6: ${list(6)}`);
    await verbose.info(`IPv4: ${list(4)}`);
  }
  return found;
}

/** One address of each family in turn, beginning with the family of the first. */
function interleaved(addresses: readonly string[]): string[] {
  const [first] = addresses;
  if (first === undefined) return [];
  const own = addresses.filter((address) => familyOf(address) === familyOf(first));
  const other = addresses.filter((address) => familyOf(address) !== familyOf(first));
  return own
    .flatMap((address, at) => (other[at] === undefined ? [address] : [address, other[at]]))
    .concat(other.slice(own.length));
}

class Attempt {
  readonly #dialing: Dialing;
  readonly #host: string;
  readonly #port: number;
  readonly #deadline: Time;
  #localPort: number | undefined;
  /** `--interface`: a link, or an address. */
  #source: string | undefined;

  constructor(dialing: Dialing, host: string, port: number, deadline: Time) {
    this.#dialing = dialing;
    this.#host = host;
    this.#port = port;
    this.#deadline = deadline;
  }

  async run(addresses: readonly string[]): Promise<TcpSocket> {
    const { process, verbose, version, started, deadline } = this.#dialing;
    let code: ErrnoCode | undefined;
    await this.#resolveSource();
    for (const [at, address] of addresses.entries()) {
      const left = this.#deadline - process.kernel.now;
      const span = at === addresses.length - 1 ? left : Math.min(left, this.#patience(addresses, at, left));
      const bracketed = address.includes(":") ? `[${address}]` : address;
      await verbose.info(`  Trying ${bracketed}:${this.#port}...`);
      try {
        const socket = await within(process, span, () => connectTcp(process, this.#spec(address)));
        if (socket !== TIMED_OUT) return socket;
        code = undefined;
        if (process.kernel.now < deadline)
          await verbose.info(
            `ipv${familyOf(address)} connect timeout after ${Math.ceil(span / MILLISECOND)}ms, move on!`,
          );
      } catch (error) {
        if (!(error instanceof ConnectFailed)) throw error;
        code = error.code;
        await this.#told(address, error);
      }
      if (process.kernel.now >= this.#deadline) break;
    }
    if (code === undefined && process.kernel.now >= deadline) {
      const words = `Connection timed out after ${milliseconds(process, started)} milliseconds`;
      await verbose.info(words);
      throw new CurlFailure(28, words);
    }
    const timedOut = code === undefined || code === "ETIMEDOUT";
    const could = version.isAtLeast("8.10") ? "Could not" : "Couldn't";
    const why = code === undefined ? "Timeout was reached" : `${could} connect to server`;
    const words = `Failed to connect to ${this.#host} port ${this.#port} after ${milliseconds(process, started)} ms: ${why}`;
    await verbose.info(words);
    throw new CurlFailure(timedOut ? 28 : 7, words);
  }

  async #resolveSource(): Promise<void> {
    const { process, args, version } = this.#dialing;
    const [low, high] = (args.value("local-port") ?? "").split("-").map(Number);
    this.#localPort = low || undefined;
    const [, kind, source] = /^(?:(if|host|ifhost)!)?(.*)$/s.exec(args.value("interface") ?? "")!;
    this.#source = source || undefined;
    if (source && kind !== "if" && !findLink(namespaceOf(process), source) && numericAddress(source) === undefined)
      this.#source = (await addressesFor(process, version, source, 4))?.[0] ?? source;
    const { connections } = namespaceOf(process);
    const taken = new Set(
      [...connections.values()].filter(({ protocol }) => protocol === "tcp").map(({ port }) => port),
    );
    while (this.#localPort !== undefined && this.#localPort < (high ?? 0) && taken.has(this.#localPort))
      this.#localPort++;
  }

  /** How long one address may take while there are others. */
  #patience(addresses: readonly string[], at: number, left: Duration): Duration {
    if (familyOf(addresses[at]!) !== familyOf(addresses[at + 1]!)) return HEAD_START;
    return Math.min(left, 300_000_000) / 2;
  }

  #spec(address: string): Parameters<typeof connectTcp>[1] {
    const { process } = this.#dialing;
    const source = this.#source;
    const base = { to: address, port: this.#port };
    const low = this.#localPort;
    const port = low ? { port: low } : {};
    if (source === undefined) return low ? { ...base, from: port } : base;
    if (findLink(namespaceOf(process), source)) return { ...base, device: source };
    if (numericAddress(source) === undefined) throw new CurlFailure(45, `Couldn't bind to '${source}'`);
    return { ...base, from: { address: source, ...port } };
  }

  async #told(address: string, error: ConnectFailed): Promise<void> {
    const { process, verbose, version } = this.#dialing;
    const words = errorWords(process.host, error.code);
    if (error.code === "EADDRNOTAVAIL") throw new CurlFailure(45, `bind failed with errno 99: ${words}`);
    if (!error.trace) return verbose.info(`Immediate connect fail for ${address}: ${words}`);
    const { src, sport } = error.trace.packet;
    const from = version.isAtLeast("8.5") ? ` from ${src} port ${sport}` : "";
    await verbose.info(`connect to ${address} port ${this.#port}${from} failed: ${words}`);
  }
}

export function milliseconds(process: Process, since: Time): number {
  return Math.floor((process.kernel.now - since) / MILLISECOND);
}

/** True for what a connection's other end can do to it. */
export function isReset(error: unknown): boolean {
  return error instanceof Errno && error.code === "ECONNRESET";
}
