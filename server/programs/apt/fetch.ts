import { SECOND, type Bytes } from "../../sim/kernel/index.ts";
import { Errno, type Process } from "../../sim/host/index.ts";
import { ConnectFailed, connectTcp, type TcpSocket } from "../../sim/net/index.ts";
import { ResponseStream } from "../http/response-stream.ts";
import { getaddrinfo } from "../netdb/getaddrinfo.ts";
import { errorWords } from "../netdb/libc.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";

/** A file that came, or what the method http says of it. `transient`: another try may do better. */
export type Fetched = { readonly body: Bytes } | { readonly error: string; readonly transient: boolean };

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
    const match = /^http:\/\/([^/:]+)(?::(\d+))?(\/.*)$/.exec(url);
    if (!match)
      return {
        error: url.startsWith("https:")
          ? "drydock: apt: archives over https are not simulated"
          : `The method driver /usr/lib/apt/methods/${url.split(":")[0]!} could not be found.`,
        transient: false,
      };
    const [, host = "", port = "80", path = "/"] = match;
    const opened = await this.#connect(host, Number(port));
    if ("error" in opened) return { ...opened, transient: true };
    try {
      const { socket, stream } = opened;
      await socket.write(
        this.#process,
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: Debian APT-HTTP/1.3 (2.6.1)\r\n\r\n`,
      );
      const head = await stream.head();
      if (typeof head === "string") {
        this.close();
        return { error: "Connection failed", transient: true };
      }
      let body: Bytes = "";
      for await (const piece of stream.body("GET", head)) body += piece;
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

  close(): void {
    this.#open?.socket.drop();
    this.#open = undefined;
  }

  async #connect(host: string, port: number) {
    if (this.#open?.host === `${host}:${port}`) return this.#open;
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
      const read = async (): Promise<Bytes> => {
        const got = await within(this.#process, READ_TIMEOUT, () => socket.read(this.#process, 65_536));
        if (got === TIMED_OUT) throw new Errno("ETIMEDOUT");
        return got;
      };
      this.#open = { host: `${host}:${port}`, socket, stream: new ResponseStream(read) };
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
