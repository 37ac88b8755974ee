import type { Process } from "../../sim/host/index.ts";
import { decode, SECOND } from "../../sim/kernel/index.ts";
import { dialError } from "../../sim/kube/access/dial-error.ts";
import { clientHello, trustError } from "../../sim/kube/access/tls.ts";
import {
  ConnectFailed,
  connectTcp,
  header,
  httpExchange,
  resolveName,
  startTls,
  type TcpSocket,
} from "../../sim/net/index.ts";

export type Fetched = { readonly status: number; readonly text: string } | { readonly error: string };

const DIAL_TIMEOUT = 30 * SECOND;
const MOST_REDIRECTS = 10;
const ROOTS = "/etc/ssl/certs/ca-certificates.crt";

/** Gets an URL as Go's default HTTP client does, through the network of the process; errors in Go's words. */
export async function fetchUrl(process: Process, start: string): Promise<Fetched> {
  let url = new URL(start);
  for (let followed = 0; followed <= MOST_REDIRECTS; followed++) {
    const answer = await fetchOnce(process, url);
    if ("error" in answer || answer.location === undefined) return answer;
    url = new URL(answer.location, url);
  }
  return { error: `stopped after ${MOST_REDIRECTS} redirects` };
}

type Answer =
  | { readonly status: number; readonly text: string; readonly location: string | undefined }
  | { readonly error: string };

async function fetchOnce(process: Process, url: URL): Promise<Answer> {
  const secure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const found = await resolveName(process, host);
  const [address] = found.addresses;
  if (address === undefined) return { error: lookupError(process, host, found.failure === "try again") };
  let socket: TcpSocket;
  try {
    socket = (await connectTcp(process, { to: address, port, timeout: DIAL_TIMEOUT })).retain();
  } catch (error) {
    if (!(error instanceof ConnectFailed)) throw error;
    return { error: dialError(address, port, error.code === "ETIMEDOUT" ? undefined : error.code) };
  }
  try {
    const distrust = secure ? await startSecurely(process, socket, host) : undefined;
    if (distrust !== undefined) return { error: distrust };
    const headers = [["Host", url.host], ["User-Agent", "Go-http-client/1.1"], ["Accept-Encoding", "gzip"]] as const; // prettier-ignore
    const request = { method: "GET", target: `${url.pathname}${url.search}`, version: "HTTP/1.1", headers, body: "" } as const; // prettier-ignore
    const result = httpExchange(socket.connection, request);
    await process.sleep(Math.round(result.latency));
    if (result.outcome === "reset") return { error: "read: connection reset by peer" };
    if (result.outcome !== "response") return { error: "EOF" };
    const { status, body } = result.response;
    const moved = [301, 302, 303, 307, 308].includes(status);
    return { status, text: decode(body), location: moved ? header(result.response, "Location") : undefined };
  } finally {
    socket.drop();
  }
}

/** Why there is no secure connection; nothing if there is one. */
async function startSecurely(process: Process, { connection }: TcpSocket, host: string): Promise<string | undefined> {
  const config = {
    server: "",
    userAgent: "Go-http-client/1.1",
    certificateAuthority: process.host.readText(ROOTS) ?? "",
  };
  const handshake = startTls(connection, clientHello(config, host));
  await process.sleep(Math.round(handshake.latency));
  if (handshake.outcome === "alert") return `remote error: tls: ${handshake.alert.replaceAll("_", " ")}`;
  if (handshake.outcome === "not tls") return "http: server gave HTTP response to HTTPS client";
  if (handshake.outcome === "no answer") return "net/http: TLS handshake timeout";
  if (handshake.outcome !== "established") return "EOF";
  return trustError(config, host, handshake.session.serverChain, process.kernel.now);
}

function lookupError(process: Process, host: string, again: boolean): string {
  const server = /^nameserver\s+(\S+)/m.exec(process.host.readText("/etc/resolv.conf") ?? "")?.[1] ?? "127.0.0.1";
  return `dial tcp: lookup ${host} on ${server}:53: ${again ? "server misbehaving" : "no such host"}`;
}
