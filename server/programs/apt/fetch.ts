import { SECOND, type Bytes } from "../../sim/kernel/index.ts";
import { Errno, type Process } from "../../sim/host/index.ts";
import { parseCertificatesPem } from "../../sim/kube/pki/index.ts";
import { ConnectFailed, connectTcp, startTls, type TcpSocket } from "../../sim/net/index.ts";
import { ResponseStream } from "../http/response-stream.ts";
import { isFor, readAuthorities, trustError } from "../http/trust.ts";
import { getaddrinfo } from "../netdb/getaddrinfo.ts";
import { errorWords } from "../netdb/libc.ts";
import { aptVersion } from "./apt-version.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";

/** A file that came, and from where in the end, or what the method http says of it. `transient`: another try may do better. */
export type Fetched =
  | { readonly body: Bytes; readonly url: string }
  | { readonly error: string; readonly transient: boolean; readonly url: string };

const AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";
const REDIRECTIONS = 10;

const CONNECT_TIMEOUT = 30 * SECOND;
const READ_TIMEOUT = 30 * SECOND;
/** Bytes a second, for archives of which only the list of files comes. */
const RATE = 40_000_000;
const ERRNO: Readonly<Record<string, number>> = {
  ECONNREFUSED: 111,
  EHOSTUNREACH: 113,
  ENETUNREACH: 101,
  ETIMEDOUT: 110,
};

/** apt's method for http: one connection to a server, kept open (methods/http.cc, connect.cc). */
export class Fetcher {
  readonly #process: Process;
  #open: { readonly host: string; readonly socket: TcpSocket; readonly stream: ResponseStream } | undefined;

  constructor(process: Process) {
    this.#process = process;
  }

  /** `size`: what the file weighs in life, which takes its time. */
  async get(url: string, size = 0): Promise<Fetched> {
    let at = url;
    for (let hops = 0; hops <= REDIRECTIONS; hops++) {
      const got = await this.#once(at, size);
      if (!("to" in got)) return { ...got, url: at };
      at = new URL(got.to, at).href;
    }
    return { error: "Redirection loop encountered", transient: false, url: at };
  }

  async #once(
    url: string,
    size: number,
  ): Promise<{ body: Bytes } | { error: string; transient: boolean } | { to: string }> {
    const match = /^(https?):\/\/([^/:]+)(?::(\d+))?(\/.*)$/.exec(url);
    if (!match)
      return {
        error: `The method driver /usr/lib/apt/methods/${url.split(":")[0]!} could not be found.`,
        transient: false,
      };
    const [, scheme = "", host = "", given, path = "/"] = match;
    const secure = scheme === "https";
    const port = given ?? (secure ? "443" : "80");
    const opened = await this.#connect(host, Number(port), secure);
    if ("error" in opened) return { ...opened, transient: true };
    try {
      const { socket, stream } = opened;
      const version = aptVersion(this.#process.host);
      await socket.write(
        this.#process,
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: Debian APT-HTTP/1.3 (${version})\r\n\r\n`,
      );
      const head = await stream.head();
      if (typeof head === "string") {
        this.close();
        return { error: "Connection failed", transient: true };
      }
      let body: Bytes = "";
      for await (const piece of stream.body("GET", head)) body += piece;
      const to = head.fields.find(([name]) => name.toLowerCase() === "location")?.[1];
      if ([301, 302, 303, 307, 308].includes(head.status) && to !== undefined) return { to };
      if (size > body.length) await this.#process.sleep(Math.round(((size - body.length) / RATE) * SECOND));
      if (head.status === 200) return { body };
      return {
        error: `${head.status}  ${head.reason} [IP: ${socket.connection.row?.peerAddress ?? host} ${port}]`,
        transient: false,
      };
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.close();
      return { error: "Connection failed", transient: true };
    }
  }

  /** Starts TLS; says why the other end is not who it should be (methods/connect.cc UnwrapTLS). */
  async #secure(socket: TcpSocket, host: string): Promise<string | undefined> {
    const process = this.#process;
    const shaken = startTls(socket.connection, { version: "TLSv1.3", serverName: host });
    await process.sleep(Math.round(shaken.latency));
    if (shaken.outcome !== "established") return "Could not handshake: An unexpected TLS packet was received.";
    const chain = shaken.session.serverChain.flatMap((pem) => {
      const parsed = parseCertificatesPem(pem);
      return "error" in parsed ? [] : parsed;
    });
    const problem = trustError(chain, readAuthorities(process.host, AUTHORITIES) ?? [], process.kernel.now);
    if (problem) {
      const why = DISTRUST[problem.code] ?? "The certificate issuer is unknown.";
      return `Certificate verification failed: The certificate is NOT trusted. ${why}  Could not handshake: Error in the certificate verification.`;
    }
    if (chain[0] && !isFor(chain[0], host))
      return "Certificate verification failed: The certificate is NOT trusted. The name in the certificate does not match the expected.  Could not handshake: Error in the certificate verification.";
    return undefined;
  }

  close(): void {
    this.#open?.socket.drop();
    this.#open = undefined;
  }

  async #connect(host: string, port: number, secure: boolean) {
    const key = `${host}:${port}`;
    if (this.#open?.host === key) return this.#open;
    this.close();
    const found = await getaddrinfo(this.#process, host);
    if (found.failure === "EAI_AGAIN") return { error: `Temporary failure resolving '${host}'` };
    const [address] = found.addresses;
    if (address === undefined) return { error: `Could not resolve '${host}'` };
    const where = `Could not connect to ${host}:${port} (${address})`;
    try {
      const socket = await within(this.#process, CONNECT_TIMEOUT, () =>
        connectTcp(this.#process, { to: address, port }),
      );
      if (socket === TIMED_OUT) return { error: `${where}, connection timed out` };
      const distrust = secure ? await this.#secure(socket, host) : undefined;
      if (distrust !== undefined) {
        socket.drop();
        return { error: `${distrust} [IP: ${address} ${port}]` };
      }
      const read = async (): Promise<Bytes> => {
        const got = await within(this.#process, READ_TIMEOUT, () => socket.read(this.#process, 65_536));
        if (got === TIMED_OUT) throw new Errno("ETIMEDOUT");
        return got;
      };
      this.#open = { host: key, socket, stream: new ResponseStream(read) };
      return this.#open;
    } catch (error) {
      if (!(error instanceof ConnectFailed)) throw error;
      if (error.code === "ETIMEDOUT") return { error: `${where}, connection timed out` };
      return {
        error: `${where}. - connect (${ERRNO[error.code] ?? 0}: ${errorWords(this.#process.host, error.code)})`,
      };
    }
  }
}

/** Why a certificate is not trusted, by OpenSSL's number, in GnuTLS' words. */
const DISTRUST: Readonly<Record<number, string>> = {
  9: "The certificate chain uses not yet valid certificate.",
  10: "The certificate chain uses expired certificate.",
};

/** Three more tries, each after twice as long (Acquire::Retries). */
export const RETRIES = 3;

/** `12.3 MB`, as apt counts (strutl.cc SizeToStr). */
export function sizeText(bytes: number): string {
  let [size, unit] = [bytes, 0];
  const units = ["", "k", "M", "G", "T"];
  for (; unit < units.length; unit++, size /= 1000) {
    if (size < 100 && unit !== 0) return `${size.toFixed(1)} ${units[unit]!}B`;
    if (size < 10_000) return `${size.toFixed(0)} ${units[unit]!}B`;
  }
  return `${size.toFixed(0)} ${units.at(-1)!}B`;
}
