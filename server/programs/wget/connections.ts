import { SECOND, type Bytes } from "../../sim/kernel/index.ts";
import { commonName, parseCertificatesPem } from "../../sim/kube/pki/index.ts";
import { ConnectFailed, connectTcp, isAddress, shakeHands, type TcpSocket } from "../../sim/net/index.ts";
import { keepsOpen, ResponseStream, type ResponseHead } from "../http/response-stream.ts";
import { isFor, readAuthorities, trustError } from "../http/trust.ts";
import { getaddrinfo, numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import { errorWords, gaiWords } from "../netdb/libc.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";
import { EXIT, Failed, type Run } from "./run.ts";
import { parse, type Target } from "./url.ts";

export interface Connection {
  readonly socket: TcpSocket;
  readonly stream: ResponseStream;
}

/** Connections to servers and proxies: names looked up, TLS, and the last one kept for the next request. */
export class Connections {
  readonly #run: Run;
  /** How long a server may be silent, ns. */
  readonly #timeout: number;
  #open: (Connection & { readonly key: string }) | undefined;
  /** Addresses that were looked up (host.c's cache). */
  readonly #known = new Map<string, readonly string[]>();

  constructor(run: Run) {
    this.#run = run;
    const seconds = Number(run.given.value("timeout") ?? run.given.value("readTimeout") ?? 900);
    this.#timeout = seconds > 0 ? seconds * SECOND : Infinity;
  }

  async to(target: Target): Promise<Connection> {
    const proxy = this.proxyFor(target);
    const peer = proxy ?? target;
    const key = `${peer.host}:${peer.port}`;
    const open = this.#open;
    if (open?.key === key && !open.socket.readable) {
      await this.#run.log(`Reusing existing connection to ${key}.\n`);
      return open;
    }
    this.drop();
    const process = this.#run.process;
    const addresses = await this.#resolve(peer.host);
    const numeric = numericAddress(peer.host) !== undefined;
    const wait =
      Number(this.#run.given.value("connectTimeout") ?? this.#run.given.value("timeout") ?? 0) * SECOND || Infinity;
    for (const address of addresses) {
      const place = address.includes(":") ? `[${address}]` : address;
      await this.#run.log(
        `Connecting to ${numeric ? place : `${peer.host} (${peer.host})|${place}|`}:${peer.port}... `,
      );
      let words: string;
      try {
        const socket = await within(process, wait, () => connectTcp(process, { to: address, port: peer.port }));
        if (socket !== TIMED_OUT) {
          await this.#run.log("connected.\n");
          process.fds.add(socket, 3);
          if (target.secure) await this.#secure(target, socket);
          const stream = new ResponseStream(() => this.#read(socket));
          this.#open = { key, socket, stream };
          return this.#open;
        }
        words = "Connection timed out";
      } catch (error) {
        if (!(error instanceof ConnectFailed)) throw error;
        words = errorWords(process.host, error.code);
      }
      await this.#run.log(`failed: ${words}.\n`);
      if (address === addresses.at(-1))
        throw new Failed(EXIT.network, words.endsWith("timed out") || this.#run.given.has("retryRefused"));
    }
    throw new Failed(EXIT.network);
  }

  async #resolve(host: string): Promise<readonly string[]> {
    const numeric = numericAddress(host);
    if (numeric !== undefined) return [numeric];
    const known = this.#run.given.has("noDnsCache") ? undefined : this.#known.get(host);
    if (known) return known;
    await this.#run.log(`Resolving ${host} (${host})... `);
    const family: Family | undefined = this.#run.given.has("four") ? 4 : this.#run.given.has("six") ? 6 : undefined;
    const found = await getaddrinfo(this.#run.process, host, family);
    if (found.failure === undefined) {
      const shown = found.addresses.slice(0, 3).join(", ");
      await this.#run.log(`${shown}${found.addresses.length > 3 ? ", ..." : ""}\n`);
      this.#known.set(host, found.addresses);
      return found.addresses;
    }
    await this.#run.log(`failed: ${gaiWords(this.#run.process.host, found.failure)}.\n`);
    await this.#run.log(`wget: unable to resolve host address ‘${host}’\n`, true);
    throw new Failed(EXIT.network);
  }

  /** Starts TLS; whom not to trust is told in GnuTLS-free OpenSSL words (src/openssl.c). */
  async #secure(target: Target, socket: TcpSocket): Promise<void> {
    const process = this.#run.process;
    const hello = { version: "TLSv1.3" as const, ...(isAddress(target.host) ? {} : { serverName: target.host }) };
    const shaken = await shakeHands(process, socket.connection, hello, this.#timeout);
    if (shaken.outcome !== "established") {
      if (shaken.outcome === "not tls")
        await this.#run.log("OpenSSL: error:0A00010B:SSL routines::wrong version number\n");
      await this.#run.log("Unable to establish SSL connection.\n", true);
      throw new Failed(EXIT.ssl);
    }
    if (this.#run.given.has("noCheck")) return;
    const chain = shaken.session.serverChain.flatMap((pem) => {
      const parsed = parseCertificatesPem(pem);
      return "error" in parsed ? [] : parsed;
    });
    const path = this.#run.given.value("caCertificate") ?? "/etc/ssl/certs/ca-certificates.crt";
    const roots = readAuthorities(process.host, this.#run.path(path)) ?? [];
    const [leaf] = chain;
    const problem = trustError(chain, roots, process.kernel.now);
    if (problem) {
      const issuer = leaf === undefined ? "" : `CN=${commonName(leaf.issuer)}`;
      const why = { 18: "Self-signed certificate encountered.", 19: "Self-signed certificate encountered.", 10: "Issued certificate has expired.", 9: "Issued certificate not yet valid." }[problem.code] ?? "Unable to locally verify the issuer's authority."; // prettier-ignore
      await this.#run.log(
        `ERROR: cannot verify ${target.host}'s certificate, issued by ‘${issuer}’:\n  ${why}\n`,
        true,
      );
    }
    const wrong = leaf !== undefined && !isFor(leaf, target.host);
    if (wrong)
      await this.#run.log(
        `ERROR: no certificate subject alternative name matches\n\trequested host name ‘${target.host}’.\n`,
        true,
      );
    if (!problem && !wrong) return;
    await this.#run.log(`To connect to ${target.host} insecurely, use \`--no-check-certificate'.\n`, true);
    throw new Failed(EXIT.ssl);
  }

  /** The proxy that the environment names for this URL (url.c getproxy); a TLS connection through one is not simulated. */
  proxyFor(target: Target): Target | undefined {
    if (this.#run.given.has("noProxy") || target.secure) return undefined;
    const { env } = this.#run.process;
    const text = env["http_proxy"];
    if (text === undefined || text === "") return undefined;
    const not = (env["no_proxy"] ?? "").split(",").map((name) => name.trim()).filter((name) => name !== ""); // prettier-ignore
    if (not.some((name) => target.host === name || target.host.endsWith(name.replace(/^\.?/, ".")))) return undefined;
    const proxy = parse(text);
    return typeof proxy === "string" ? undefined : proxy;
  }

  async #read(socket: TcpSocket): Promise<Bytes> {
    const bytes = await within(this.#run.process, this.#timeout, async () => socket.read(this.#run.process, 16_384));
    if (bytes !== TIMED_OUT) return bytes;
    await this.#run.log("Read error (Connection timed out) in headers.\n");
    throw new Failed(EXIT.network, true);
  }

  async drain(stream: ResponseStream, method: string, head: ResponseHead): Promise<void> {
    for await (const _ of stream.body(method, head)) void _;
    if (!keepsOpen(head)) this.drop();
  }

  drop(): void {
    const { fds } = this.#run.process;
    for (const [fd, file] of fds.entries()) if (file === this.#open?.socket) fds.close(fd);
    this.#open = undefined;
  }
}
