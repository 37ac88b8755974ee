import { Errno, type Process } from "../../sim/host/index.ts";
import { SECOND, type Bytes, type Duration } from "../../sim/kernel/index.ts";
import { dialError } from "../../sim/kube/access/dial-error.ts";
import { clientHello, trustError } from "../../sim/kube/access/tls.ts";
import {
  ConnectFailed,
  connectTcp,
  resolveName,
  shakeHands,
  type Headers,
  type TcpSocket,
} from "../../sim/net/index.ts";
import { ResponseStream, type BodyEnd, type ResponseHead } from "./response-stream.ts";
import type { WebUrl } from "./go-url.ts";

/** net/http's DefaultTransport: how long it tries to connect, and to agree on TLS. */
const DIAL_TIMEOUT: Duration = 30 * SECOND;
const TLS_TIMEOUT: Duration = 10 * SECOND;
const PIECE = 65_536;

export interface GoRequest {
  readonly method: string;
  readonly url: WebUrl;
  /** Beside Host and Content-Length. */
  readonly headers: Headers;
  readonly body?: Bytes;
  /** PEM text of the authorities that are trusted. */
  readonly roots?: string;
  /** How long it may take to connect, if not as long as usual. */
  readonly patience?: Duration;
}

/** A response whose body still comes. `close` lets go of the connection. */
export interface GoResponse {
  readonly head: ResponseHead;
  readonly body: AsyncGenerator<Bytes, BodyEnd>;
  readonly socket: TcpSocket;
  /** What has come behind the head, if nobody reads the body. */
  rest(): Bytes;
  close(): void;
}

/** Sends a request over a connection of its own, as Go's net/http; errors in its words, without `Get "URL": `. */
export async function goRequest(
  process: Process,
  request: GoRequest,
): Promise<GoResponse | { readonly error: string }> {
  const { method, url } = request;
  const opened = await open(process, request);
  if ("error" in opened) return opened;
  const { socket, remote } = opened;
  const own = socket.connection.row;
  const read = async (): Promise<Bytes> => socket.read(process, PIECE);
  const stream = new ResponseStream(read);
  try {
    await socket.write(process, message(request));
    let head = await stream.head();
    while (typeof head !== "string" && head.status >= 100 && head.status < 200 && head.status !== 101)
      head = await stream.head();
    if (typeof head !== "string")
      return { head, body: stream.body(method, head), socket, rest: () => stream.rest, close: () => socket.drop() };
    socket.drop();
    if (head === "empty") return { error: "EOF" };
    return { error: `net/http: HTTP/1.x transport connection broken: ${malformed(stream.rest)}` };
  } catch (error) {
    socket.drop();
    if (!(error instanceof Errno) || error.code !== "ECONNRESET") throw error;
    const local = own ? `${joined(own.address, own.port)}->` : "";
    return { error: `read tcp ${local}${joined(remote, url.port)}: read: connection reset by peer` };
  }
}

/** What net/textproto and ReadResponse say of a first line that is none. */
function malformed(rest: Bytes): string {
  const line = rest.split(/\r?\n/)[0]!;
  const [protocol = "", status] = line.split(/ +(.*)/s);
  if (status === undefined) return `malformed HTTP response ${JSON.stringify(line)}`;
  const [code = ""] = status.split(" ");
  if (!/^\d{3}$/.test(code)) return `malformed HTTP status code ${JSON.stringify(code)}`;
  return `malformed HTTP version ${JSON.stringify(protocol)}`;
}

type Opened = { readonly socket: TcpSocket; readonly remote: string } | { readonly error: string };

async function open(process: Process, { url, roots = "", patience }: GoRequest): Promise<Opened> {
  const { host, port, secure } = url;
  const found = await resolveName(process, host);
  const [remote] = found.addresses;
  if (remote === undefined) return { error: lookupError(process, host, found.failure === "try again") };
  let socket: TcpSocket;
  try {
    const timeout = Math.min(patience ?? DIAL_TIMEOUT, DIAL_TIMEOUT);
    socket = (await connectTcp(process, { to: remote, port, timeout })).retain();
  } catch (error) {
    if (!(error instanceof ConnectFailed)) throw error;
    return { error: dialError(remote, port, error.code === "ETIMEDOUT" ? undefined : error.code) };
  }
  try {
    const distrust = secure ? await startSecurely(process, socket, host, roots) : undefined;
    if (distrust === undefined) return { socket, remote };
    socket.drop();
    return { error: distrust };
  } catch (error) {
    socket.drop();
    throw error;
  }
}

/** Why there is no secure connection; nothing if there is one. */
async function startSecurely(
  process: Process,
  { connection }: TcpSocket,
  host: string,
  certificateAuthority: string,
): Promise<string | undefined> {
  const config = { server: "", userAgent: "", certificateAuthority };
  const handshake = await shakeHands(process, connection, clientHello(config, host), TLS_TIMEOUT);
  if (handshake.outcome === "no answer") return "net/http: TLS handshake timeout";
  if (handshake.outcome === "alert") return `remote error: tls: ${handshake.alert.replaceAll("_", " ")}`;
  if (handshake.outcome === "not tls") return "http: server gave HTTP response to HTTPS client";
  if (handshake.outcome !== "established") return "EOF";
  return trustError(config, host, handshake.session.serverChain, process.kernel.now);
}

function message({ method, url, headers, body = "" }: GoRequest): Bytes {
  const hasBody = body !== "" || ["POST", "PUT", "PATCH"].includes(method);
  const fields = [
    ["Host", url.authority] as const,
    ...headers,
    ...(hasBody ? [["Content-Length", String(body.length)] as const] : []),
  ];
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${method} ${url.target} HTTP/1.1\r\n${lines}\r\n${body}`;
}

function lookupError(process: Process, host: string, again: boolean): string {
  const server = /^nameserver\s+(\S+)/m.exec(process.host.readText("/etc/resolv.conf") ?? "")?.[1] ?? "127.0.0.1";
  return `dial tcp: lookup ${host} on ${server}:53: ${again ? "server misbehaving" : "no such host"}`;
}

function joined(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
