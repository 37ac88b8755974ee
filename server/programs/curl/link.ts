import { type Bytes, type Time } from "../../sim/kernel/index.ts";
import { Errno } from "../../sim/host/index.ts";
import { UnixSocket, type TcpSocket } from "../../sim/net/index.ts";
import { ResponseStream } from "../http/response-stream.ts";
import { errorWords } from "../netdb/libc.ts";
import { dial, milliseconds } from "./connect.ts";
import { CurlFailure } from "./failure.ts";
import type { Link } from "./pool.ts";
import { proxyFor, type Proxy } from "./proxy.ts";
import { secure } from "./tls.ts";
import type { TransferOptions } from "./transfer.ts";
import { NotSimulated, type CurlUrl } from "./url.ts";
import type { CurlVersion } from "./version.ts";

/** What opening a connection needs to know of its transfer. */
export interface Linking extends TransferOptions {
  readonly started: Time;
  readonly requestStarted: Time;
  readonly deadline: Time;
  /** Does work for as long as the transfer may take. */
  timed<T>(work: () => Promise<T>): Promise<T>;
}

/** A connection for a URL: an idle one, or a new one through a unix socket, a proxy or to the host itself. */
export async function openLink(linking: Linking, url: CurlUrl): Promise<{ link: Link; reused: boolean }> {
  const { process, args, version, verbose, pool } = linking;
  const path = args.value("unix-socket") ?? abstractName(args.value("abstract-unix-socket"));
  const proxy = path === undefined ? await proxyFor(process, args, verbose, url) : undefined;
  const key = `${url.scheme}://${url.host}:${url.port}`;
  const open = pool.take(key);
  if (open) {
    if (!version.isAtLeast("8.7")) {
      await verbose.info(`Found bundle for host: 0x55${process.kernel.random.hex("curl/bundle", 9)}0 [serially]`);
      await verbose.info("Can not multiplex, even if we wanted to");
    }
    const which = version.isAtLeast("8.0") ? "" : ` #${open.number}`;
    await verbose.info(
      `Re-using existing ${version.isAtLeast("8.12") ? `${url.scheme}: ` : ""}connection${which} with host ${open.shownHost}`,
    );
    return { link: open, reused: true };
  }
  const number = pool.next();
  try {
    const link =
      path === undefined
        ? await overTcp(linking, url, { key, number, proxy })
        : await overUnix(linking, url, { key, number, path });
    return { link, reused: false };
  } catch (error) {
    if (error instanceof CurlFailure) {
      await verbose.info(closingWords(version, number));
      await error.closed(verbose, version);
    }
    throw error;
  }
}

async function overUnix(
  { process, version, verbose, requestStarted, facts, timed }: Linking,
  url: CurlUrl,
  { key, number, path }: { key: string; number: number; path: string },
): Promise<Link> {
  await verbose.info(`  Trying ${path}:0...`);
  facts.resolved = true;
  let socket: UnixSocket;
  try {
    socket = UnixSocket.connect(process, path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await verbose.info(`Immediate connect fail for ${path}: ${errorWords(process.host, error.code)}`);
    const could = version.isAtLeast("8.10") ? "Could not" : "Couldn't";
    const words = `Failed to connect to ${url.host} port ${url.port} after ${milliseconds(process, requestStarted)} ms: ${could} connect to server`;
    await verbose.info(words);
    throw new CurlFailure(7, words);
  }
  process.fds.add(socket, 3);
  facts.connects++;
  const stream = new ResponseStream(() => timed(async (): Promise<Bytes> => socket.read(process, 16_384)));
  const shownNumber = version.isAtLeast("8.0") ? "" : ` (#${number})`;
  await verbose.info(
    `Connected to ${url.host} (${path}) port ${version.isAtLeast("8.0") ? 0 : url.port}${shownNumber}`,
  );
  if (url.scheme === "https") throw new CurlFailure(35, `OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to ${url.host}:${url.port} `); // prettier-ignore
  return { key, number, socket, stream, secured: undefined, proxied: false, shownHost: url.host };
}

async function overTcp(
  linking: Linking,
  url: CurlUrl,
  { key, number, proxy }: { key: string; number: number; proxy: Proxy | undefined },
): Promise<Link> {
  const { process, args, version, verbose, overrides, facts, started, requestStarted, deadline, timed } = linking;
  const since = (): number => process.kernel.now - started;
  const dialing = {
    process,
    args,
    version,
    verbose,
    overrides,
    started: requestStarted,
    deadline,
    proxy,
    resolved: () => {
      facts.resolved = true;
      facts.times.namelookup = since();
    },
  };
  const { socket, shownHost } = await dial(dialing, url);
  process.fds.add(socket, 3);
  facts.connects++;
  facts.times.connect = since();
  const { remote, local } = socket.connection;
  [facts.remote, facts.local] = [remote, local];
  const stream = new ResponseStream(() => timed(async (): Promise<Bytes> => socket.read(process, 16_384)));
  const link: Link = { key, number, socket, stream, secured: undefined, proxied: proxy !== undefined && url.scheme === "http", shownHost }; // prettier-ignore
  await verbose.info(
    `Connected to ${shownHost} (${remote.address}) port ${remote.port}${version.isAtLeast("8.0") ? "" : ` (#${number})`}`,
  );
  // A server of TLS would take it for a broken hello.
  if (args.has("haproxy-protocol") && url.scheme === "https") throw new NotSimulated("'--haproxy-protocol' with https");
  if (args.has("haproxy-protocol")) await socket.write(process, proxyLine(socket));
  if (url.scheme !== "https") return link;
  if (proxy) await tunnel(linking, url, socket, stream);
  const secured = await secure(
    { process, args, version, verbose, facts, started: requestStarted, deadline },
    socket,
    url,
  );
  facts.verifyResult = secured.verifyResult;
  facts.times.appconnect = since();
  return { ...link, secured };
}

/** Asks a proxy to carry bytes to the host (lib/http_proxy.c). */
async function tunnel(
  { process, args, version, verbose }: Linking,
  url: CurlUrl,
  socket: TcpSocket,
  stream: ResponseStream,
): Promise<void> {
  const target = `${url.host}:${url.port}`;
  if (!version.isAtLeast("8.0")) await verbose.info("allocate connect buffer");
  await verbose.info(`${version.isAtLeast("8.2") ? "CONNECT tunnel: HTTP/1.1 negotiated\n* allocate connect buffer\n* " : ""}Establish HTTP proxy tunnel to ${target}`); // prettier-ignore
  const agent = args.value("user-agent") ?? `curl/${version.text}`;
  const head = `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nUser-Agent: ${agent}\r\nProxy-Connection: Keep-Alive\r\n\r\n`;
  await verbose.sent(head);
  await socket.write(process, head);
  const answer = await stream.head();
  if (typeof answer === "string") {
    await verbose.info("Proxy CONNECT aborted");
    throw new CurlFailure(56, "Proxy CONNECT aborted");
  }
  for (const line of [...answer.lines, ""]) await verbose.received(line);
  if (answer.status >= 200 && answer.status < 300) {
    await verbose.info(`CONNECT tunnel established, response ${answer.status}`);
    return;
  }
  const words = `CONNECT tunnel failed, response ${answer.status}`;
  await verbose.info(words);
  throw new CurlFailure(56, words);
}

/** `PROXY TCP4 10.0.0.1 10.0.0.2 40000 80` */
function proxyLine({ connection: { local, remote } }: TcpSocket): Bytes {
  const family = local.address.includes(":") ? "TCP6" : "TCP4";
  return `PROXY ${family} ${local.address} ${remote.address} ${local.port} ${remote.port}\r\n`;
}

function abstractName(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `@${name}`;
}

export function closingWords(version: CurlVersion, number: number): string {
  if (version.isAtLeast("8.7")) return `closing connection #${number}`;
  return version.isAtLeast("8.1") ? "Closing connection" : `Closing connection ${number}`;
}
